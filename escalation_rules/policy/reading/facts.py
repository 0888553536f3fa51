"""Reads facts, record lists and their types, which are those of `values.fact_types`."""

from __future__ import annotations

from collections.abc import Collection

import attrs

from escalation_rules.errors import Position, article
from escalation_rules.policy.conditions import Context, read_literal
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.reading.common import flag, is_name, labelled, mapping, required, text, word
from escalation_rules.policy.vocabulary import Absent, Asked, Fact, Named, RecordList
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.values import (
    VALUE_TYPES,
    Choice,
    Instant,
    Level,
    PartyType,
    Reference,
    References,
    TextType,
    Value,
    ValueType,
)

SIMPLE: dict[str, ValueType] = {
    value_type.kind: value_type() for value_type in VALUE_TYPES if not attrs.fields(value_type)
}
FACT_TYPES = (*SIMPLE, "choice", "level", "party", "reference")
PARAMETER_TYPES = (*FACT_TYPES, "record", "records")
FACT_KEYS = ("type", "label", "values", "to", "presume", "confirm", "stale_after", "ask", "question", "comes_from",
             "concluded", "failure", "for_people", "replaces")  # fmt: skip
RECORD_KEYS = ("each", "label", "absent", "ask", "question", "comes_from", "ordered_by", "takes_place_of",
               "fields", "for_people", "replaces")  # fmt: skip
TYPES = {
    **dict.fromkeys(("string", "str", "varchar"), "text"),
    **dict.fromkeys(("number", "integer", "int"), "count"),
    **dict.fromkeys(("money", "currency", "price", "decimal", "float"), "amount"),
    **dict.fromkeys(("boolean", "bool", "checkbox", "yes_no"), "flag"),
    **dict.fromkeys(("enum", "select", "option"), "choice"),
    **dict.fromkeys(("date", "datetime", "time", "timestamp"), "instant"),
    **dict.fromkeys(("person", "user", "role"), "party"),
    **dict.fromkeys(("scale", "rating"), "level"),
    **dict.fromkeys(("timespan", "interval"), "duration"),
}
"""The names of types in other tools."""
ASKED: tuple[Asked, ...] = ("agent", "customer", "system")
ABSENT: tuple[Absent, ...] = ("none", "unknown")
SOURCES = ("ticket", "conversation", "agent", "system")


def read_type(
    context: Context,
    node: Mapping,
    roles: Collection[str],
    lists: Collection[str],
    known: Collection[str] = FACT_TYPES,
) -> tuple[ValueType, tuple[Named, ...]] | None:
    """Read the type declared by `type:`, `values:` and `to:`, and the labelled values of a choice or level."""
    kind_node = required(context, node, "type", "the declaration")
    kind = context.word(kind_node, "type", known, "unknown-type", TYPES) if kind_node is not None else None
    if kind is None:
        return None
    for key, kinds in (("values", ("choice", "level")), ("to", ("reference", "record", "records"))):
        place = node.key(key)
        if place is not None and kind not in kinds:
            context.error(
                "does-not-fit",
                place,
                f"`{key}:` is not allowed for {article(kind)}",
                f"a {' or '.join(kinds)}",
            )
    if kind in SIMPLE:
        return SIMPLE[kind], ()
    if kind == "party":
        return PartyType(tuple(roles)), ()
    if kind in {"choice", "level"}:
        return _read_values(context, node, kind)
    target_node = required(context, node, "to", "the declaration")
    target = context.named(target_node, "record list", lists) if target_node is not None else None
    if target is None:
        return None
    return (References(target) if kind == "records" else Reference(target)), ()


def _read_values(context: Context, node: Mapping, kind: str) -> tuple[ValueType, tuple[Named, ...]]:
    values_node = required(context, node, "values", f"the {kind}")
    values = labelled(context, values_node, "value")
    names = tuple(value.name for value in values)
    return (Choice(names) if kind == "choice" else Level(names)), values


def read_fact(
    context: Context, key: Scalar, node: Node, roles: Collection[str], lists: Collection[str]
) -> Fact | None:
    """Read the declaration of a fact or field; None if it is unusable."""
    kind = TYPES.get(node.text.lower(), node.text) if isinstance(node, Scalar) else ""
    wanted = f"`{{type: {kind if kind in FACT_TYPES else 'text'}}}`, or `type:` below it"
    parts = mapping(context, node, f"the declaration of {key.text}", wanted)
    if parts is None:
        return None
    context.only_keys(parts, FACT_KEYS, "a fact")
    before = context.problems.count
    typed = read_type(context, parts, roles, lists)
    concluded, failure = flag(context, parts.get("concluded")), flag(context, parts.get("failure"))
    sound = context.problems.count == before
    stale_node = parts.get("stale_after")
    fact = Fact(
        key.text,
        typed[0] if typed is not None else TextType(),
        label=text(context, parts.get("label")),
        question=text(context, parts.get("question")),
        ask=word(context, parts.get("ask"), "party to ask:", ASKED, "agent"),
        comes_from=word(context, parts.get("comes_from"), "source", SOURCES, None),
        presume=_presumed(context, parts.get("presume"), typed[0]) if typed is not None and sound else None,
        confirm=flag(context, parts.get("confirm")),
        stale_after=context.plain_duration(stale_node) if stale_node is not None else None,
        concluded=concluded,
        failure=failure,
        for_people=flag(context, parts.get("for_people")),
        values=typed[1] if typed is not None else (),
        position=key.position,
    )
    if not sound:
        return None
    _check_fact(context, parts, fact)
    return fact


def _presumed(context: Context, node: Node | None, of: ValueType) -> Value | None:
    """Read the presumed value of an unknown fact. A party is presumed by role; an amount can only be presumed to be 0."""
    operand = read_literal(context, node, of) if node is not None else None
    if isinstance(operand, PerCurrency) and node is not None:
        context.error("wrong-form", node, "a presumed value cannot depend on the currency", "0")
    return operand.value if isinstance(operand, Literal) else None


def _check_fact(context: Context, node: Mapping, fact: Fact) -> None:
    concluded = node.key("concluded")
    if fact.concluded and concluded is not None and not fact.type.finite:
        what = f"{fact.name} is {article(fact.type.kind)} and cannot be concluded"
        beside = "; what is worked out stands in each rule that needs it" if fact.type.adds_up else ""
        context.error("does-not-fit", concluded, what, f"a flag, a choice or a level{beside}")
        return
    for key in ("presume", "confirm", "stale_after", "ask", "question", "comes_from"):
        place = node.key(key)
        if fact.concluded and place is not None:
            context.error("does-not-fit", place, f"{fact.name} is concluded by rules, so nobody is asked for it",
                          f"no `{key}:`")  # fmt: skip
    _check_confirmed(context, node, fact)
    failure = node.key("failure")
    if fact.failure and not (fact.concluded and fact.type.kind == "flag") and failure is not None:
        context.error(
            "does-not-fit", failure, f"{fact.name} is not a concluded flag", "`concluded: true` and a flag"
        )


def _check_confirmed(context: Context, node: Mapping, fact: Fact) -> None:
    """Check `confirm:`: it needs a presumption about the case, and a type whose other values are known."""
    place = node.key("confirm")
    if not fact.confirm or fact.concluded or place is None:
        return
    if "." not in fact.name:
        context.error("does-not-fit", place, f"{fact.name} is a field, but only a fact of the case can be confirmed",
                      "no `confirm:`")  # fmt: skip
    elif not fact.type.finite:
        context.error("does-not-fit", place, f"{fact.name} is {article(fact.type.kind)} and cannot be confirmed",
                      "a flag, a choice or a level")  # fmt: skip
    elif node.key("presume") is None:
        context.error("does-not-fit", place, f"{fact.name} has no presumed value to confirm",
                      "`presume:` as well")  # fmt: skip


def read_record_list(
    context: Context, key: Scalar, node: Node, roles: Collection[str], lists: Collection[str]
) -> RecordList | None:
    """Read the declaration of a record list and add the fields `id` and `recorded_at`; None if it is unusable."""
    parts = mapping(context, node, f"the declaration of {key.text}")
    if parts is None:
        return None
    context.only_keys(parts, RECORD_KEYS, "a record list")
    each_node = required(context, parts, "each", f"the list {key.text}", key)
    singular = context.scalar(each_node, "the singular") if each_node is not None else None
    if isinstance(each_node, Scalar) and singular is not None and not is_name(context, each_node, "record"):
        singular = None
    fields_node = required(context, parts, "fields", f"the list {key.text}", key)
    declared = mapping(context, fields_node, "the fields of the records")
    fields = {"id": Fact("id", TextType(), position=key.position),
              "recorded_at": Fact("recorded_at", Instant(), position=key.position)}  # fmt: skip
    fields |= read_fields(context, declared, (key.text, singular or ""), roles, lists)
    found = RecordList(
        key.text,
        singular or "",
        fields,
        label=text(context, parts.get("label")),
        question=text(context, parts.get("question")),
        ask=word(context, parts.get("ask"), "party to ask:", ASKED, "agent"),
        comes_from=word(context, parts.get("comes_from"), "source", SOURCES, None),
        absent=word(context, parts.get("absent"), "meaning", ABSENT, "unknown"),
        ordered_by=_ordered_by(context, parts.get("ordered_by"), fields),
        takes_place_of=_takes_place_of(context, parts.get("takes_place_of"), fields, key.text),
        for_people=flag(context, parts.get("for_people")),
        position=key.position,
    )  # fmt: skip
    if singular is None or declared is None:
        context.problems.doubt(*([singular] if singular else []))
        return None
    return found


def read_fields(
    context: Context,
    declared: Mapping | None,
    owner: tuple[str, str],
    roles: Collection[str],
    lists: Collection[str],
) -> dict[str, Fact]:
    """The declared fields of a record list; `owner` is its name and its singular."""
    fields: dict[str, Fact] = {}
    for name, declaration in declared.entries if declared else ():
        fact = (
            read_fact(context, name, declaration, roles, lists) if is_name(context, name, "field") else None
        )
        if fact is not None:
            fields[name.text] = fact
        else:
            context.problems.doubt(name.text, *(f"{prefix}.{name.text}" for prefix in owner))
    return fields


def _ordered_by(context: Context, node: Node | None, fields: dict[str, Fact]) -> str:
    name = context.scalar(node, "the name of a field") if node is not None else None
    if name is None or node is None:
        return "recorded_at"
    instants = [field.name for field in fields.values() if isinstance(field.type, Instant)]
    if name in fields and name not in instants:
        context.error("not-comparable", node, f"{name} is {article(fields[name].type.kind)}", "an instant")
    elif name not in fields:
        context.undeclared("unknown-field", node, "field", name, instants)
    return name if name in instants else "recorded_at"


def _takes_place_of(context: Context, node: Node | None, fields: dict[str, Fact], listed: str) -> str | None:
    name = context.scalar(node, "the name of a field") if node is not None else None
    if name is None or node is None:
        return None
    leading = [field.name for field in fields.values() if field.type == Reference(listed)]
    if name in leading:
        return name
    if name in fields:
        what = f"{name} is {article(fields[name].type.kind)}"
        context.error("not-comparable", node, what, f"a reference to {listed}")
    else:
        context.undeclared("unknown-field", node, "field", name, leading)
    return None


def check_singulars(context: Context, records: Collection[RecordList], facts: Collection[Fact]) -> None:
    """Report lists and singulars that collide with each other or with the first word of a fact."""
    seen: dict[str, str] = {}
    heads = {fact.name.partition(".")[0]: f"the fact {fact.name}" for fact in facts}
    names = {record_list.name: f"the list {record_list.name}" for record_list in records}
    for record_list in records:
        others = {name: what for name, what in names.items() if name != record_list.name}
        if record_list.name in heads:
            context.error(
                "duplicate",
                record_list.position,
                f"{record_list.name!r} is also the first part of {heads[record_list.name]}",
                "another name",
            )
        elif (
            clash := seen.get(record_list.each) or heads.get(record_list.each) or others.get(record_list.each)
        ):
            context.error(
                "duplicate",
                record_list.position,
                f"{record_list.each!r}, the singular of {record_list.name}, is also used by {clash}",
                "another singular",
            )
        seen.setdefault(record_list.each, names[record_list.name])


def extended(fact: Fact, values: tuple[Named, ...]) -> Fact:
    """A choice with additional values from a later layer."""
    every = (*fact.values, *values)
    return attrs.evolve(fact, type=Choice(tuple(declared.name for declared in every)), values=every)


def duplicate(context: Context, key: Scalar, first: Position, later: bool) -> None:
    """Report a name that is declared twice; `later`: this is in the higher of two layers."""
    expected = "another name, or `replaces: true`" if later else "another name"
    context.error("duplicate", key, f"{key.text!r} is already declared at {first}", expected)
