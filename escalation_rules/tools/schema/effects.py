"""Schemas of the effects in `then`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from escalation_rules.policy.conditions import target_of
from escalation_rules.policy.reading.conclusions import REASONED_KEYS
from escalation_rules.policy.reading.effect_keys import CONCLUDE_KEYS, HEADS, IN_ORDER
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.tools.schema.bans import Bans
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    FAR_NAME,
    Kit,
    Schema,
    array,
    closed,
    described,
    exactly,
    given,
    has,
    name_among,
    one_of,
    spoken,
    text,
    when,
)
from escalation_rules.tools.schema.parts import actions as actions_of
from escalation_rules.tools.schema.scopes import View
from escalation_rules.tools.schema.steps import Steps
from escalation_rules.tools.schema.values import literal
from escalation_rules.values import Flag

_DOCS = {
    "recommend": "The action becomes a step of the plan.",
    "forbid": "The action, or every action of the group, must not be done.",
    "hold": "The action, or every action of the group, must not be done yet.",
    "conclude": "The conclusion becomes true; a choice or level takes the first value whose condition holds.",
    "in_order": "Actions in sequence: each is held until all before it are done.",
    "first_that_applies": "Values in order, each with its condition.",
    "otherwise": "The value if no condition holds.",
}


class Effects:
    """The definitions of effects, for the case and for each list in `for_each`."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.conditions = conditions
        self.steps = Steps(kit, conditions)
        self.bans = Bans(kit, conditions)

    def at(self, view: View) -> Schema:
        """An effect of a rule whose scope is the view."""
        return self.kit.define(f"effect.{view.key}", lambda: self._effect(view))

    def _effect(self, view: View) -> Schema:
        known = view.names.items() if view.for_each else ()
        facts = self.kit.vocabulary.facts
        fields = sorted(
            name for name, found in known if name not in facts and any(target_of(fact.type) for fact in found)
        )
        about = name_among(["case", *fields])
        bodies = {
            "recommend": self.steps.body(view, about),
            "forbid": self.bans.body("forbid", view, about),
            "hold": self.bans.body("hold", view, about),
            "conclude": self._conclude(view),
            IN_ORDER: self.kit.define(IN_ORDER, self._in_order),
        }
        return {
            "type": "object",
            "properties": {head: described({}, _DOCS[head]) for head in bodies},
            "anyOf": [has(head) for head in bodies],
            "allOf": [*(when(has(head), body) for head, body in bodies.items()), *self._aims(view)],
        }

    def _in_order(self) -> Schema:
        actions = {"type": "array", "items": actions_of(self.kit), "minItems": 2, "uniqueItems": True}
        return closed({IN_ORDER: actions}, [IN_ORDER])

    def _aims(self, view: View) -> list[Schema]:
        """Conditional schemas that require `about` for actions about another list than that of `for_each`."""
        if view.for_each is None:
            return []
        anywhere = self._about("anywhere", {None, "case"})
        near = {"anyOf": [anywhere, self._about(view.for_each.name, {view.for_each.name})]}
        others = {"allOf": [actions_of(self.kit), {"not": near}]}
        return [when({"anyOf": [has(head, others) for head in HEADS[:3]]}, {"required": ["about"]})]

    def _about(self, name: str, lists: Collection[str | None]) -> Schema:
        """The actions about one of these lists (None: about no record)."""
        actions = self.kit.vocabulary.actions.values()
        return self.kit.define(
            f"about.{name}", lambda: one_of([action.name for action in actions if action.about in lists])
        )

    def _conclude(self, view: View) -> Schema:
        known = self._conclusions(view)
        flags = {"not": one_of([name for name, fact in known.items() if not isinstance(fact.type, Flag)])}
        parts = [given("conclude", flags, {"first_that_applies": False, "otherwise": False})]
        parts += [when(has("conclude", {"const": name}), self._by_order(view, fact))
                  for name, fact in known.items() if not isinstance(fact.type, Flag)]  # fmt: skip
        keys = {key: described({}, _DOCS[key]) for key in CONCLUDE_KEYS}
        keys["conclude"] |= self.concluded(view)
        return closed(keys) | {"allOf": parts}

    def concluded(self, view: View) -> Schema:
        """The name of a conclusion."""
        facts = self._concluded_facts()
        of_case = self.kit.define("concluded", lambda: _labelled(facts))
        own = {name: fact for name, fact in self._conclusions(view).items() if name not in facts}
        return (
            self.kit.define(f"concluded.{view.key}", lambda: {"anyOf": [of_case, _labelled(own)]})
            if own
            else of_case
        )

    def _concluded_facts(self) -> dict[str, Fact]:
        return {name: fact for name, fact in self.kit.vocabulary.facts.items() if fact.concluded}

    def _conclusions(self, view: View) -> dict[str, Fact]:
        known = self._concluded_facts()
        if view.for_each is not None:
            fields = {name: fact for name, fact in view.for_each.fields.items() if fact.concluded}
            known |= fields | {f"{view.for_each.each}.{name}": fact for name, fact in fields.items()}
        return known

    def _by_order(self, view: View, fact: Fact) -> Schema:
        values = literal(fact.type, fact.values)
        condition = self.conditions.at(view)
        bare = closed(dict.fromkeys(values["enum"], condition), least=1) | {"maxProperties": 1}
        names = "|".join([*map(re.escape, sorted(view.names)), FAR_NAME])
        parts = {"value": values, "when": condition, "because": text(self.kit, view.key, names)}
        reasoned = closed(exactly(REASONED_KEYS, parts), ["value", "when"])
        alternative = {"if": has("when"), "then": reasoned, "else": bare}
        return {
            "properties": {
                "first_that_applies": array(alternative) | {"uniqueItems": True},
                "otherwise": values,
            },
            "required": ["first_that_applies", "otherwise"],
        }


def _labelled(facts: Mapping[str, Fact]) -> Schema:
    return one_of({name: spoken(fact.label) for name, fact in facts.items()})
