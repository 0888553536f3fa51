"""Renders the value of a parameter, or an operand that is worked out, as a clause."""

from __future__ import annotations

from decimal import Decimal

from escalation_rules.policy.conditions import StatedValue
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.parameter_values import (
    Aggregate,
    Chosen,
    Counted,
    DoneTotal,
    FirstThatApplies,
    Given,
    Less,
    OfLast,
    ParameterValue,
    Periods,
    Rounded,
    Share,
    Summed,
    Times,
    WorkedOut,
)
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.values import Amount, plain_number
from escalation_rules.words.labels import Labels, length_said
from escalation_rules.words.sentences.acts import acts_named
from escalation_rules.words.sentences.comparisons import name_of, operand_of
from escalation_rules.words.sentences.records import Nested, phrase_name, selected


def value_said(labels: Labels, fact: Fact, value: StatedValue, depth: int, nested: Nested) -> str:
    """The value of a parameter in words; `fact` declares its type and the labels of values."""

    def said(inner: ParameterValue) -> str:
        text = value_said(labels, fact, inner, depth, nested)
        return _say(labels, "inner", value=text) if _is_made_up(inner) else text

    semicolon = labels.say("punctuation.semicolon")
    match value:
        case Given():
            return operand_of(labels, fact, value.operand, depth)
        case Times():
            number = _bare_number(fact, value.factor)
            return _say(labels, "times", factor=number or said(value.factor), value=said(value.value))
        case Share():
            return _say(labels, "share", percent=plain_number(value.percent), value=said(value.value))
        case Less():
            return _say(labels, "less", value=said(value.value), less=said(value.less))
        case Aggregate():
            return _say(labels, value.how, values=semicolon.join([said(source) for source in value.values]))
        case Rounded():
            to = operand_of(labels, fact, value.to.operand, depth)
            return _say(labels, f"rounded_{value.how}", value=said(value.value), to=to)
        case FirstThatApplies():
            parts = [_say(labels, "in_case", value=said(source), condition=nested(condition, depth))
                     for source, condition in value.alternatives]  # fmt: skip
            parts.append(_say(labels, "otherwise", value=said(value.otherwise)))
            return semicolon.join(parts)
        case Periods():
            since, until = (name_of(labels, name, depth) for name in value.names())
            length = length_said(value.length, labels.language, labels.formats)
            return _say(labels, "started" if value.begun else "full", length=length, since=since, until=until)
        case Chosen() | Counted() | OfLast() | Summed():
            return _of_records(labels, value, depth, nested)
        case DoneTotal():
            return _of_acts(labels, value, depth)
    raise TypeError(f"a value of a new kind: {type(value).__name__}")


def worth_said(labels: Labels, fact: Fact, value: StatedValue, depth: int, nested: Nested) -> str:
    """A value as an operand in a sentence: in brackets if it is a list of values."""
    text = value_said(labels, fact, value, depth, nested)
    return _say(labels, "inner", value=text) if isinstance(value, (Aggregate, FirstThatApplies)) else text


_LAST = {
    (True, False): "latest",
    (True, True): "latest_where",
    (False, False): "earliest",
    (False, True): "earliest_where",
}


def _of_records(labels: Labels, value: Chosen | Counted | OfLast | Summed, depth: int, nested: Nested) -> str:
    slots = selected(labels, value.selection, depth, nested)
    if isinstance(value, Chosen):
        key = "each_of" if value.every else "one_of"
        return _say(labels, f"{key}_where" if "where" in slots else key, **slots)
    if isinstance(value, OfLast):
        record = _say(labels, _LAST[value.last, "where" in slots], **slots)
        if value.field is None:
            return record
        field = labels.quoted(labels.fact(f"{value.selection.list}.{value.field}"))
        return _say(labels, "field_of", field=field, record=record)
    if isinstance(value, Counted):
        return phrase_name(labels, "count", {**slots, "within": ""})
    field = labels.quoted(labels.fact(f"{value.selection.list}.{value.field}"))
    return phrase_name(labels, "sum", {**slots, "field": field})


def _of_acts(labels: Labels, value: DoneTotal, depth: int) -> str:
    slots = acts_named(labels, value.acts, value.outcomes, depth)
    if value.parameter is None:
        return _say(labels, "count_done", **slots)
    parameter = labels.quoted(labels.parameter(value.acts.named[0], value.parameter))
    return _say(labels, "sum_done", parameter=parameter, **slots)


def _bare_number(fact: Fact, factor: ParameterValue) -> str | None:
    """The multiplier as a bare number, if it is no amount although the parameter is."""
    number = (
        factor.operand.value if isinstance(factor, Given) and isinstance(factor.operand, Literal) else None
    )
    return plain_number(number) if isinstance(fact.type, Amount) and isinstance(number, Decimal) else None


def _is_made_up(value: ParameterValue) -> bool:
    """Whether a value inside another one needs brackets."""
    if isinstance(value, Given):
        return isinstance(value.operand, PerCurrency) and len(value.operand.amounts) > 1
    return isinstance(value, (WorkedOut, FirstThatApplies))


def _say(labels: Labels, phrase: str, **slots: str) -> str:
    return labels.say(f"value.{phrase}", **slots)
