"""Reads who is barred from an action despite having the right role: `not_by:`, and a party below `by:`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from escalation_rules.errors import article
from escalation_rules.policy.conditions import Context, FieldName
from escalation_rules.policy.reading.common import names_listed
from escalation_rules.policy.vocabulary import Action, Barred
from escalation_rules.source import Mapping as MappingNode
from escalation_rules.source import Node, Scalar, one_or_more
from escalation_rules.values import PartyType


def with_barred(context: Context, nodes: Mapping[str, MappingNode]) -> dict[str, Action]:
    """All actions, each with those who are barred from it. `nodes` are the declarations."""
    actions = context.vocabulary.actions
    return {
        name: _completed(context, action, nodes[name]) if name in nodes else action
        for name, action in actions.items()
    }


def _completed(context: Context, action: Action, node: MappingNode) -> Action:
    named = parties_named(node.get("by"))
    if len(named) > 1:
        context.error("does-not-fit", named[1], "an action may be done by one party and by roles, not by several parties",
                      "one of the parties, or a role that all of them have")  # fmt: skip
    only = [
        attrs.evolve(barred_party, only=True, roles=action.by)
        for barred_party in _parties(context, action, named[:1], "by")
    ]
    barred = tuple(_barred(context, action, node)) if node.get("not_by") is not None else ()
    return attrs.evolve(action, by=() if named else action.by, barred=(*only, *barred))


def parties_named(node: Node | None) -> list[Scalar]:
    """The items of `by:` that are facts or fields, not roles: their names have a dot."""
    items = [] if node is None else one_or_more(node)
    return [entry for entry in items if isinstance(entry, Scalar) and "." in entry.text]


def _barred(context: Context, action: Action, node: MappingNode) -> Iterator[Barred]:
    yield from _parties(
        context, action, names_listed(context, node.get("not_by"), "parties or actions"), "not_by"
    )


def _parties(context: Context, action: Action, items: Iterable[Scalar], key: str) -> Iterator[Barred]:
    vocabulary = context.vocabulary
    listed = vocabulary.records.get(action.about or "")
    inside = context.within(context.scope.inside(listed)) if listed is not None else context
    for scalar in items:
        other = vocabulary.actions.get(scalar.text)
        name = inside.scope.resolve(scalar.text)
        if other is not None and name is None:
            same = listed is not None and other.about == listed.name
            yield Barred(scalar.text, action=scalar.text, same_list=same)
        elif name is None:
            _unknown(inside, action, scalar, key)
        elif not isinstance(name.fact.type, PartyType):
            context.error("not-comparable", scalar, f"{name.text} is {article(name.fact.type.kind)}",
                          "a party, or an action that somebody did" if key == "not_by" else "a party")  # fmt: skip
        elif isinstance(name, FieldName):
            yield Barred(scalar.text, list=name.list, field=name.field)
        elif name.text in vocabulary.facts:
            yield Barred(scalar.text, fact=name.text)
        else:
            context.error("does-not-fit", scalar, f"{name.text} is a field of another record",
                          "a fact, or a field of the record that the action is about")  # fmt: skip


def _unknown(context: Context, action: Action, item: Scalar, key: str) -> None:
    """Report a name that is neither a party nor an action; roles belong to `by:`."""
    vocabulary = context.vocabulary
    if item.text in vocabulary.roles:
        context.error("does-not-fit", item, f"{item.text} is a role, but `not_by:` means one person",
                      f"`by:` with the roles that may do {action.name}, or the name of a party such as `case.owner`")  # fmt: skip
        return
    actions = vocabulary.actions if key == "not_by" else ()
    what = "party or action" if key == "not_by" else "party"
    context.unseen("unknown-name", item, what, item.text, [*context.known(), *actions])
