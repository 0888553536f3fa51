"""Renders tests on records as sentences."""

from __future__ import annotations

from collections.abc import Callable

from escalation_rules.policy.conditions import Condition, RecordCondition, Selection
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.values import Count as CountType
from escalation_rules.words.labels import Labels, length_said
from escalation_rules.words.sentences.comparisons import Worth, comparison, slots_of

Nested = Callable[[Condition, int], str]
"""Renders a condition inside another one, given the number of records in scope."""

_NUMBER = Fact("number", CountType())


def record_sentence(
    labels: Labels, condition: RecordCondition, depth: int, nested: Nested, worth: Worth
) -> str:
    """The sentence for a test on a selection of records."""
    slots = selected(labels, condition.selection, depth, nested)
    if isinstance(condition, Count):
        slots["within"] = ""
        if condition.window is not None:
            span = length_said(condition.window, labels.language, labels.formats)
            slots["within"] = labels.say("name.window", value=span)
        slots["quantity"] = _quantity(labels, condition.tests, depth)
        key = "count_where" if "where" in slots else "count"
        return labels.say(f"record.{key}", **slots)
    if isinstance(condition, Sum):
        field = f"{condition.selection.list}.{condition.field}"
        slots["field"] = labels.quoted(labels.fact(field))
        declared = labels.vocabulary.declaration(field) or _NUMBER
        return _tested(labels, phrase_name(labels, "sum", slots), declared, condition.tests, depth, worth)
    has = getattr(condition, "has", None)
    if has is not None:
        slots["has"] = nested(has, depth + 1)
    key = f"{condition.head}_where" if "where" in slots else condition.head
    return labels.say(f"record.{key}", **slots)


def selected(labels: Labels, selection: Selection, depth: int, nested: Nested) -> dict[str, str]:
    """The list and the conditions on its records, as slots of a phrase."""
    slots = {"list": _list_name(labels, selection)}
    if selection.where is not None:
        slots["where"] = nested(selection.where, depth + 1)
    return slots


def _list_name(labels: Labels, selection: Selection) -> str:
    name = labels.quoted(labels.records(selection.list))
    if selection.via is None:
        return name
    listed = labels.vocabulary.records.get(selection.list)
    kinds = [
        field
        for field in (listed.fields.values() if listed else ())
        if field.type.kind in {"reference", "party"}
    ]
    key = "related" if len(kinds) == 1 else "related_by"
    via = labels.quoted(labels.fact(f"{selection.list}.{selection.via}"))
    return labels.say(f"name.{key}", list=name, via=via)


def phrase_name(labels: Labels, key: str, slots: dict[str, str]) -> str:
    """The name of a count or a sum of records."""
    return labels.say(f"name.{key}_where" if "where" in slots else f"name.{key}", **slots)


def _quantity(labels: Labels, tests: tuple[Operator, ...], depth: int) -> str:
    """The number: the combined tests of a count."""
    joint = labels.say("punctuation.and_quantity")
    return joint.join(
        labels.say(f"quantity.{operator.key}", **slots_of(labels, _NUMBER, operator, depth))
        for operator in tests
    )


def _tested(
    labels: Labels, name: str, fact: Fact, tests: tuple[Operator, ...], depth: int, worth: Worth
) -> str:
    joint = labels.say("punctuation.and_then")
    return joint.join(comparison(labels, name, fact, operator, depth, worth) for operator in tests)
