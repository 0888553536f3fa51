"""Reads `not_by:` of actions: who is barred despite having the right role."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from escalation_rules.errors import article
from escalation_rules.policy.conditions import Context, FieldName
from escalation_rules.policy.reading.common import names_listed
from escalation_rules.policy.vocabulary import Action, Barred
from escalation_rules.source import Mapping as MappingNode
from escalation_rules.source import Scalar
from escalation_rules.values import PartyType


def with_barred(context: Context, nodes: Mapping[str, MappingNode]) -> dict[str, Action]:
    """All actions, each with those who are barred from it. `nodes` are the declarations."""
    actions = context.vocabulary.actions
    return {
        name: attrs.evolve(action, barred=tuple(_barred(context, action, nodes[name])))
        if name in nodes and nodes[name].get("not_by") is not None
        else action
        for name, action in actions.items()
    }


def _barred(context: Context, action: Action, node: MappingNode) -> Iterator[Barred]:
    vocabulary = context.vocabulary
    listed = vocabulary.records.get(action.about or "")
    inside = context.within(context.scope.inside(listed)) if listed is not None else context
    for item in names_listed(context, node.get("not_by"), "parties or actions"):
        other = vocabulary.actions.get(item.text)
        name = inside.scope.resolve(item.text)
        if other is not None and name is None:
            same = listed is not None and other.about == listed.name
            yield Barred(item.text, action=item.text, same_list=same)
        elif name is None:
            _unknown(inside, action, item)
        elif not isinstance(name.fact.type, PartyType):
            context.error("not-comparable", item, f"{name.text} is {article(name.fact.type.kind)}",
                          "a party, or an action that somebody did")  # fmt: skip
        elif isinstance(name, FieldName):
            yield Barred(item.text, list=name.list, field=name.field)
        elif name.text in vocabulary.facts:
            yield Barred(item.text, fact=name.text)
        else:
            context.error("does-not-fit", item, f"{name.text} is a field of another record",
                          "a fact, a field of the record that the action is about, or an action")  # fmt: skip


def _unknown(context: Context, action: Action, item: Scalar) -> None:
    """Report a name that is neither a party nor an action; roles belong to `by:`."""
    vocabulary = context.vocabulary
    if item.text in vocabulary.roles:
        context.error("does-not-fit", item, f"{item.text} is a role, but `not_by:` means one person",
                      f"`by:` with the roles that may do {action.name}, or the name of a party such as `case.owner`")  # fmt: skip
        return
    context.unseen(
        "unknown-name", item, "party or action", item.text, [*context.known(), *vocabulary.actions]
    )
