"""Schemas of `recommend`: the step and the parameters of each action."""

from __future__ import annotations

import re
from collections.abc import Mapping

from escalation_rules.policy.conditions import STEP_HEADS
from escalation_rules.policy.reading.due import LEARNING
from escalation_rules.policy.reading.effect_keys import RECOMMEND_KEYS
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    FAR_NAME,
    FLAG,
    Kit,
    Schema,
    deadline_pattern,
    described,
    duration,
    duration_pattern,
    exactly,
    has,
    labels,
    one_of,
    phrase,
    roles,
    says_to,
    spoken,
    text,
    when,
)
from escalation_rules.tools.schema.scopes import Depth, View
from escalation_rules.tools.schema.worked_out import ValueForms

_DOCS = {
    "recommend": "The action becomes a step of the plan.",
    "owner": "The role that does it, instead of the action's owner.",
    "within": "Until when: a length of time, `of` an instant or of an action, `before` an instant, or `by` an instant.",
    "fixed": "Holds and prohibitions do not move the time; only `paused_while` does.",
    "target": "The time is a target: an audit reports a breach only if the step is not done at all.",
    "paused_while": "While this is known to hold, the time is stopped.",
    "again": "How often it is repeated, such as `every 2 days`.",
    "lapses_after": "After this time, counted like `within`, the step no longer has a purpose and leaves the plan.",
    "about": "What it is about: the whole case, or the record that a field of the for_each record refers to.",
    "say_to": "Whom the wording is for: a role, or `colleague`.",
    "say": "The wording, instead of the action's. Slots: its parameters, {due}, {about}.",
}


class Steps:
    """The definitions used by `recommend`."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.vocabulary = kit.vocabulary
        self.conditions = conditions
        self.values = ValueForms(kit, conditions)

    def body(self, view: View, about: Schema) -> Schema:
        """The schema of `recommend`; `about` is the schema of its record."""
        actions = self.vocabulary.actions
        steps = {name: doc for name, doc in labels(self.vocabulary, "actions").items() if actions[name].phase}
        parts = {
            "recommend": self.kit.define("step", lambda: one_of(steps)),
            "owner": roles(self.kit),
            "within": self.kit.define("within", self._within),
            "fixed": FLAG,
            "target": FLAG,
            "again": self.kit.define("again", self._again),
            "lapses_after": duration(self.kit),
            "paused_while": self.conditions.at(view),
            "about": about,
            "say": {},
            "say_to": says_to(self.kit),
        }
        known = {key: described(part, _DOCS[key]) for key, part in exactly(RECOMMEND_KEYS, parts).items()}
        return {
            "properties": known,
            "allOf": [
                self.kit.define(f"params.{view.depth}", lambda: self._params(view.depth)),
                when(has("say_to"), has("say")),
            ],
        }

    def _again(self) -> Schema:
        return phrase(f"every {duration_pattern(self.vocabulary)}", "`every` and a length of time")

    def _within(self) -> Schema:
        learned = [*map(re.escape, self.conditions.tests.learned()), FAR_NAME]
        instants = [*map(re.escape, sorted(self.conditions.tests.anchors())), FAR_NAME]
        starts = sorted([*self.vocabulary.actions, *instants, *STEP_HEADS])
        start = "|".join([*starts, f"{LEARNING}({'|'.join(learned)})"])
        end = "|".join(instants)
        pattern = deadline_pattern(self.vocabulary, f"( of ({start}))?", f"({end})")
        return phrase(
            pattern,
            "a length of time such as 2 days, optionally `of` a declared instant or action; or `before` or `by` an instant",
        )

    def _params(self, depth: Depth) -> Schema:
        """Conditional schemas of each action's own parameters."""
        every = self.vocabulary.actions.values()
        plain = one_of([action.name for action in every if not action.params])
        own = [
            self._taken({"const": action.name}, f"say.{action.name}", action.params, depth)
            for action in every
            if action.params
        ]
        return {"allOf": [self._taken(plain, "say", {}, depth), *own]}

    def _taken(self, actions: Schema, key: str, params: Mapping[str, Parameter], depth: Depth) -> Schema:
        properties = {name: self._parameter(parameter, depth) for name, parameter in params.items()}
        say = text(self.kit, key, "|".join([*params, "due", "about"]))
        return when(has("recommend", actions), {
            "properties": {**properties, "say": described(say, _DOCS["say"])},
            "propertyNames": {"enum": [*RECOMMEND_KEYS, *params]},
        })  # fmt: skip

    def _parameter(self, parameter: Parameter, depth: Depth) -> Schema:
        return described(
            self.values.of(parameter, depth), spoken(parameter.label), f"({parameter.type.kind})"
        )
