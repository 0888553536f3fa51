"""Schemas of `forbid` and `hold`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_rules.policy.conditions import STEP
from escalation_rules.policy.reading.effect_keys import PROHIBIT_KEYS
from escalation_rules.policy.reading.effects import WAITS
from escalation_rules.policy.vocabulary import Fact, RecordList
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    Kit,
    Schema,
    actions,
    closed,
    deeds,
    described,
    exactly,
    given,
    one_of,
    roles,
    several,
)
from escalation_rules.tools.schema.scopes import View, inner_view
from escalation_rules.values import ValueType

Params = tuple[tuple[str, ValueType], ...]
"""The parameters of an action, with their types."""

_DOCS = {
    "forbid": "The action, or every action of the group, must not be done.",
    "hold": "The action, or every action of the group, must not be done yet.",
    "until": "The condition that ends the hold.",
    "waits_for": "Whom the hold waits for. `us`: the releasing act takes over the time of the step; `customer`: it is stopped.",
    "except": "Actions of the group that are excluded.",
    "by": "Only acts by one of these roles.",
    "except_by": "Acts by everybody but these roles, also by roles of later layers.",
    "about": "What it is about: the whole case, or the record that a field of the for_each record refers to.",
    "where": "Only acts whose parameters satisfy this.",
    "when_unknown": "`allow`: while it is not known whether the rule holds, the action may be done.",
}


class Bans:
    """The definitions used by `forbid` and `hold`."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.vocabulary = kit.vocabulary
        self.conditions = conditions

    def body(self, head: str, view: View, about: Schema) -> Schema:
        """The schema of the effect; `about` is the schema of its record."""
        parts: dict[str, Schema] = {
            "except": several(actions(self.kit)),
            "by": several(roles(self.kit)),
            "except_by": several(roles(self.kit)),
            "about": about,
            "where": {},
            "when_unknown": {"const": "allow"},
        }
        known = exactly(PROHIBIT_KEYS, parts) | {head: deeds(self.kit)}
        required = [head]
        if head == "hold":
            known["until"] = self.conditions.at(view)
            known["waits_for"] = one_of(WAITS)
            required.append("until")
        shared = self.kit.define(
            f"deeds.{head}", lambda: {"allOf": [*self._exceptions(head), *self._wheres(head)]}
        )
        body = closed({key: described(part, _DOCS[key]) for key, part in known.items()}, required)
        return body | {"allOf": [shared]}

    def _exceptions(self, head: str) -> Iterator[Schema]:
        yield given(head, actions(self.kit), {"except": False})
        for name, group in self.vocabulary.groups.items():
            yield given(head, {"const": name}, {"except": several(one_of(group.actions))})

    def _wheres(self, head: str) -> Iterator[Schema]:
        """Conditional schemas of the conditions on parameters; for a group, on those that any of its actions has."""
        members: dict[str, Iterable[str]] = {name: [name] for name in self.vocabulary.actions}
        members |= {name: group.actions for name, group in self.vocabulary.groups.items()}
        alike: dict[tuple[Params, ...], list[str]] = {}
        for name, own in members.items():
            alike.setdefault(tuple(dict.fromkeys(map(self._params, own))), []).append(name)
        for number, (params, names) in enumerate(alike.items(), 1):
            if params:
                yield given(head, {"enum": names}, {"where": self._acts(number, params)})

    def _params(self, action: str) -> Params:
        return tuple(
            (parameter.name, parameter.type) for parameter in self.vocabulary.actions[action].params.values()
        )

    def _acts(self, number: int, alternatives: Iterable[Params]) -> Schema:
        stacks: list[tuple[RecordList, ...]] = []
        for params in alternatives:
            fields = {name: Fact(name, of) for name, of in params}
            stacks += inner_view(self.vocabulary, RecordList(STEP, "(act)", fields)).stacks
        return self.conditions.at(View(self.vocabulary, f"act.{number}", tuple(stacks)))
