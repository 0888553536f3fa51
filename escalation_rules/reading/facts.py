"""YAML → facts, record lists and their types."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import attrs

from escalation_rules.conditions import Context
from escalation_rules.errors import Position
from escalation_rules.reading.common import flag, is_name, labelled, mapping, required, text, word
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.values import (
    Amount,
    Choice,
    Count,
    DurationType,
    Flag,
    Instant,
    Level,
    PartyType,
    Reference,
    References,
    TextType,
    ValueType,
)
from escalation_rules.vocabulary import Asked, Fact, Named, RecordList

SIMPLE: dict[str, ValueType] = {
    each.kind: each for each in (Flag(), Count(), Amount(), TextType(), Instant(), DurationType())
}
FACT_TYPES = (*SIMPLE, "choice", "level", "party", "reference")
PARAMETER_TYPES = (*FACT_TYPES, "record", "records")
FACT_KEYS = ("type", "label", "values", "to", "presume", "stale_after", "ask", "question", "comes_from", "concluded",
             "failure", "replaces")  # fmt: skip
RECORD_KEYS = ("each", "label", "absent", "ask", "question", "comes_from", "ordered_by", "fields", "replaces")
ASKED = ("agent", "customer", "system")
SOURCES = ("ticket", "conversation", "agent", "system")


def read_type(
    context: Context, node: Mapping, roles: Collection[str], lists: Collection[str], known: Collection[str] = FACT_TYPES
) -> tuple[ValueType, tuple[Named, ...]] | None:
    """The type that `type:`, `values:` and `to:` declare, and the labelled values of a choice or level."""
    kind_node = required(context, node, "type", "the declaration")
    kind = context.named(kind_node, "type", known) if kind_node is not None else None
    if kind is None:
        return None
    for key, kinds in (("values", ("choice", "level")), ("to", ("reference", "record", "records"))):
        place = node.key(key)
        if place is not None and kind not in kinds:
            context.error("does-not-fit", place, f"`{key}:` does not belong to a {kind}", f"a {' or '.join(kinds)}")
    if kind in SIMPLE:
        return SIMPLE[kind], ()
    if kind == "party":
        return PartyType(tuple(roles)), ()
    if kind in {"choice", "level"}:
        values_node = required(context, node, "values", f"the {kind}")
        values = labelled(context, values_node, "value")
        if values_node is not None and not values:
            context.error("empty", values_node, f"the {kind} has no values", "at least one value")
        names = tuple(each.name for each in values)
        return (Choice(names) if kind == "choice" else Level(names)), values
    target_node = required(context, node, "to", f"the {kind}")
    target = context.named(target_node, "record list", lists) if target_node is not None else None
    if target is None:
        return None
    return (References(target) if kind == "records" else Reference(target)), ()


def read_fact(context: Context, key: Scalar, node: Node, roles: Collection[str], lists: Collection[str]) -> Fact | None:
    """A fact, or a field of a record, from its declaration."""
    parts = mapping(context, node, f"the declaration of {key.text}")
    if parts is None:
        return None
    context.only_keys(parts, FACT_KEYS, "a fact")
    typed = read_type(context, parts, roles, lists)
    if typed is None:
        return None
    of, values = typed
    presume_node, stale_node = parts.get("presume"), parts.get("stale_after")
    fact = Fact(
        key.text,
        of,
        label=text(context, parts.get("label")),
        question=text(context, parts.get("question")),
        ask=cast(Asked, word(context, parts.get("ask"), "party that can be asked", ASKED, "agent")),
        comes_from=word(context, parts.get("comes_from"), "source", SOURCES, None),
        presume=context.literal(presume_node, of) if presume_node is not None else None,
        stale_after=context.plain_duration(stale_node) if stale_node is not None else None,
        concluded=flag(context, parts.get("concluded")),
        failure=flag(context, parts.get("failure")),
        values=values,
        position=key.position,
    )
    _check_fact(context, parts, fact)
    return fact


def _check_fact(context: Context, node: Mapping, fact: Fact) -> None:
    if fact.concluded and fact.type.kind not in {"flag", "choice", "level"}:
        context.error("does-not-fit", node, f"{fact.name} is {fact.type.article} {fact.type.kind} and cannot be concluded",
                      "a flag, a choice or a level")
    for key in ("presume", "stale_after", "ask", "question", "comes_from"):
        place = node.key(key)
        if fact.concluded and place is not None:
            context.error("does-not-fit", place, f"{fact.name} is concluded by rules; nobody is asked for it",
                          f"no `{key}:`")
    failure = node.key("failure")
    if fact.failure and not (fact.concluded and fact.type.kind == "flag") and failure is not None:
        context.error("does-not-fit", failure, f"{fact.name} is no concluded flag", "`concluded: true` and a flag")


def read_record_list(context: Context, key: Scalar, node: Node, roles: Collection[str], lists: Collection[str]) -> RecordList | None:
    """A record list from its declaration; `id` and `recorded_at` are added to its fields."""
    parts = mapping(context, node, f"the declaration of {key.text}")
    if parts is None:
        return None
    context.only_keys(parts, RECORD_KEYS, "a record list")
    each_node = required(context, parts, "each", f"the list {key.text}")
    fields = {"id": Fact("id", TextType(), position=key.position),
              "recorded_at": Fact("recorded_at", Instant(), position=key.position)}  # fmt: skip
    declared = mapping(context, required(context, parts, "fields", f"the list {key.text}"), "the fields of the records")
    fields |= read_fields(context, declared, roles, lists)
    each = context.scalar(each_node, "the singular") if each_node is not None else None
    if each is None or not isinstance(each_node, Scalar) or not is_name(context, each_node, "record"):
        return None
    return RecordList(
        key.text,
        each,
        fields,
        label=text(context, parts.get("label")),
        question=text(context, parts.get("question")),
        ask=cast(Asked, word(context, parts.get("ask"), "party that can be asked", ASKED, "agent")),
        comes_from=word(context, parts.get("comes_from"), "source", SOURCES, None),
        absent="none" if word(context, parts.get("absent"), "meaning", ("none", "unknown"), "unknown") == "none"
        else "unknown",
        ordered_by=_ordered_by(context, parts.get("ordered_by"), fields),
        position=key.position,
    )


def read_fields(context: Context, declared: Mapping | None, roles: Collection[str], lists: Collection[str]) -> dict[str, Fact]:
    """The declared fields of a record list."""
    fields: dict[str, Fact] = {}
    for name, declaration in declared.entries if declared else ():
        if is_name(context, name, "field"):
            fact = read_fact(context, name, declaration, roles, lists)
            if fact is not None:
                fields[name.text] = fact
    return fields


def _ordered_by(context: Context, node: Node | None, fields: dict[str, Fact]) -> str:
    if node is None:
        return "recorded_at"
    instants = [name for name, each in fields.items() if isinstance(each.type, Instant)]
    return context.named(node, "field of type instant", instants) or "recorded_at"


def check_singulars(context: Context, records: Collection[RecordList], facts: Collection[Fact]) -> None:
    """Report singulars that collide with each other, with a list, or with the first word of a fact."""
    seen: dict[str, str] = {}
    heads = {fact.name.partition(".")[0]: fact.name for fact in facts}
    names = {each.name for each in records}
    for each in records:
        clash = seen.get(each.each) or heads.get(each.each)
        if clash is None and each.each in names and each.each != each.name:
            clash = each.each
        if clash is None and each.name in heads:
            clash = heads[each.name]
        if clash is not None:
            context.error("duplicate", each.position, f"{each.each!r}, the singular of {each.name}, is also used by {clash}",
                          "another singular")
        seen[each.each] = each.name


def extended(fact: Fact, values: tuple[Named, ...]) -> Fact:
    """A choice with more values, as a later layer adds them."""
    every = (*fact.values, *values)
    return attrs.evolve(fact, type=Choice(tuple(each.name for each in every)), values=every)


def duplicate(context: Context, key: Scalar, first: Position) -> None:
    """Report a name that is declared twice."""
    context.error("duplicate", key, f"{key.text!r} is declared already, at {first}",
                  "another name, or `replaces: true` in a later layer")
