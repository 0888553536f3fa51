"""Reads conclusions: a flag that becomes true, or a choice by an ordered list."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.errors import article
from escalation_rules.policy.conditions import Condition, Context, read_condition
from escalation_rules.policy.model import Conclude
from escalation_rules.policy.reading.common import Slots, check_not_empty, items, mapping, required, text
from escalation_rules.policy.reading.effect_keys import CONCLUDE_KEYS
from escalation_rules.policy.reading.tables import Table, as_alternatives, as_flag, read_table
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.source import Mapping, Node, one_or_more
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.texts import Text
from escalation_rules.values import Flag

REASONED_KEYS = ("value", "when", "because")
"""The keys of an alternative with its own reason."""


def read_conclude(context: Context, node: Mapping) -> Conclude | None:
    """Read the effect `conclude: …`."""
    context.only_keys(node, CONCLUDE_KEYS, "`conclude`")
    target = node.get("conclude")
    found = _conclusion(context, target) if target is not None else None
    if found is None or target is None:
        return None
    name, of_record, fact = found
    alternatives, otherwise = node.get("first_that_applies"), node.get("otherwise")
    if isinstance(fact.type, Flag):
        for key in ("first_that_applies", "otherwise"):
            if (place := node.key(key)) is not None:
                context.error(
                    "does-not-fit",
                    place,
                    f"{name} is a flag: it becomes true when the rule holds",
                    f"no `{key}:`",
                )
        return Conclude(name, of_record, position=node.position)
    if alternatives is None or otherwise is None:
        lacking = "first_that_applies" if alternatives is None else "otherwise"
        context.missing(
            node,
            lacking,
            f"missing `{lacking}:` for {name}, which is {article(fact.type.kind)}",
            "`first_that_applies:` and `otherwise:`",
        )
        return None
    value = context.literal(otherwise, fact.type)
    if isinstance(alternatives, SequenceNode) and not alternatives.items:
        context.error("empty", alternatives, "missing alternatives", "at least one, e.g. `- established: …`")
    read = tuple(_alternative(context, entry, fact) for entry in items(context, alternatives, "alternatives"))
    known = [alternative for alternative in read if alternative is not None]
    alternatives_ = tuple((name_, condition) for name_, condition, _ in known)
    reasons = reasons_of([reason for _, _, reason in known])
    return Conclude(name, of_record, alternatives_, str(value), reasons, position=node.position)


def reasons_of(found: Sequence[Text]) -> tuple[Text, ...]:
    """The reasons of alternatives; () if all are empty."""
    return tuple(found) if any(found) else ()


def read_table_conclusions(
    context: Context, node: Node, slots: Slots
) -> tuple[tuple[Conclude, ...], Condition | None]:
    """The conclusions of a rule with `table:`; for a flag, also its condition."""
    table_node = mapping(context, node, "a table", "`inputs:`, `outputs:`, `rows:` and `hit:` below `table:`")
    named = required(context, table_node, "outputs", "the table") if table_node is not None else None
    if table_node is None or named is None:
        return (), None
    check_not_empty(context, named, "a conclusion")
    heads = one_or_more(named)
    targets = [_conclusion(context, head) for head in heads]
    known = [target for target in targets if target is not None]
    if len(known) < len(targets) or not known:
        return (), None
    flags = [head for head, (_, _, fact) in zip(heads, known, strict=True) if isinstance(fact.type, Flag)]
    if flags and len(known) > 1:
        context.error(
            "does-not-fit",
            flags[0],
            "a flag can only be concluded by a table of its own",
            "one output, or choices",
        )
        return (), None
    table = read_table(context, table_node, len(known), slots)
    if table is None:
        return (), None
    if flags:
        name, of_record, fact = known[0]
        when = as_flag(table, lambda cell: context.literal(cell, fact.type))
        return (Conclude(name, of_record, position=node.position),), when
    found = [_column(context, table, at, target, node) for at, target in enumerate(known)]
    sound = tuple(conclusion for conclusion in found if conclusion is not None)
    return sound if len(sound) == len(found) else (), None


def _column(
    context: Context, table: Table, at: int, target: tuple[str, bool, Fact], node: Node
) -> Conclude | None:
    name, of_record, fact = target
    found = as_alternatives(table, at, lambda cell: context.literal(cell, fact.type))
    if found is None:
        return None
    values, otherwise = found
    if not values:
        context.error("empty", node, "every row applies to every case", "a row that tests something")
        return None
    alternatives = tuple((str(value), condition) for value, condition in values)
    reasons = reasons_of([row.because for row, _ in table.branches])
    return Conclude(name, of_record, alternatives, str(otherwise), reasons, position=node.position)


def _conclusion(context: Context, node: Node) -> tuple[str, bool, Fact] | None:
    text_ = context.scalar(node, "the name of a conclusion")
    if text_ is None:
        return None
    lists, facts = context.scope.lists, context.vocabulary.facts
    for_each = lists[0] if lists else None
    field = text_.removeprefix(f"{for_each.each}.") if for_each is not None else text_
    if for_each is not None and field in for_each.fields:
        fact, full = for_each.fields[field], f"{for_each.name}.{field}"
    elif text_ in facts:
        fact, full = facts[text_], text_
    else:
        known = [name for name, declared_fact in facts.items() if declared_fact.concluded]
        known += (
            [name for name, declared_field in for_each.fields.items() if declared_field.concluded]
            if for_each
            else []
        )
        context.undeclared("unknown-fact", node, "conclusion", text_, known)
        return None
    if not fact.concluded:
        context.error(
            "not-concluded",
            node,
            f"{full} is a fact that the case provides",
            "a fact that declares `concluded: true`",
        )
        return None
    return full, full not in facts, fact


def _reasoned(context: Context, node: Mapping, fact: Fact) -> tuple[str, Condition, Text] | None:
    """Read an alternative with its own reason: `value`, `when` and `because`."""
    context.only_keys(node, REASONED_KEYS, "an alternative")
    value, when = (required(context, node, key, "the alternative") for key in ("value", "when"))
    because = text(context, node.get("because"), Slots(context.sees, context.known))
    name = context.literal(value, fact.type) if value is not None else None
    condition = read_condition(context, when) if when is not None else None
    return (str(name), condition, because) if name is not None and condition is not None else None


def _alternative(context: Context, node: Node, fact: Fact) -> tuple[str, Condition, Text] | None:
    if isinstance(node, Mapping) and node.get("when") is not None:
        return _reasoned(context, node, fact)
    if isinstance(node, Mapping) and len(node.entries) > 1:
        context.error("several-heads", node.entries[1][0], "an alternative must be one value with its condition",
                      "a list item for each")  # fmt: skip
        return None
    if not isinstance(node, Mapping) or not node.entries:
        context.error(
            "wrong-form",
            node,
            "an alternative must be one value with its condition",
            "e.g. `- established: …`",
        )
        return None
    key, value = node.entries[0]
    name = context.literal(key, fact.type)
    condition = read_condition(context, value)
    return (str(name), condition, Text()) if name is not None and condition is not None else None
