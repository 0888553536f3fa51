"""Renders tests on one value as sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from escalation_rules.calendar import DatesOfYear, Deadline, Duration, StartOf, read_days
from escalation_rules.policy.conditions import (
    DuringTest,
    FactTest,
    FieldName,
    GivenTest,
    Hours,
    Name,
    Operand,
    StatedValue,
    ViaName,
)
from escalation_rules.policy.conditions.operands import Literal, Other, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.values import Money, ValueType
from escalation_rules.words.catalogue import find
from escalation_rules.words.labels import Labels, deadline_said, length_said, start_said
from escalation_rules.words.labels.deadlines import in_calendar

Worth = Callable[[Fact, StatedValue, int], str]
"""Renders a value that is worked out, of the type of a fact, given the number of records in scope."""


def fact_sentence(labels: Labels, condition: FactTest, depth: int, worth: Worth) -> str:
    """The sentence for an operator on a fact or field."""
    name = name_of(labels, condition.name, depth)
    return comparison(labels, name, condition.name.fact, condition.operator, depth, worth)


def given_sentence(labels: Labels, condition: GivenTest, depth: int) -> str:
    """The sentence for whether something is known."""
    key = "given" if condition.wanted else "not_given"
    name = name_of(labels, condition.name, depth)
    return (_phrase(labels, condition.name.fact.type, key) or "{name}").format(name=name)


def comparison(
    labels: Labels, name: str, fact: Fact, operator: Operator, depth: int, worth: Worth | None = None
) -> str:
    """The sentence for `operator` applied to `name`; `fact` declares the type and the labels of values."""
    phrase = _phrase(labels, fact.type, operator.phrase(fact.type))
    if not phrase:
        return f"{name} {operator.key} {operator.to_data()}"
    return phrase.format(name=name, **slots_of(labels, fact, operator, depth, worth, name))


def _phrase(labels: Labels, of: ValueType, key: str) -> str | None:
    """The phrase of an operator for a type of values, or else for all types."""
    found = (find(f"comparison.{name}", labels.language) for name in (f"{of.kind}.{key}", key))
    return next(filter(None, found), None)


def slots_of(
    labels: Labels, fact: Fact, operator: Operator, depth: int, worth: Worth | None = None, of: str = ""
) -> dict[str, str]:
    """The operands of an operator in words, by the slots of its phrase. `of` is what it is applied to, in words."""
    return {
        name: labels.listed(
            [_slot(labels, fact, operand, depth, worth, of) for operand in value], operator.joint
        )
        if isinstance(value, tuple)
        else _slot(labels, fact, value, depth, worth, of)
        for name, value in operator.slots().items()
    }


def _slot(
    labels: Labels,
    fact: Fact,
    value: Operand | str | Duration | StartOf | Deadline | timedelta | Hours,
    depth: int,
    worth: Worth | None,
    of: str,
) -> str:
    match value:
        case str():
            return labels.quoted(value)
        case Duration() | timedelta():
            return length_said(value, labels.language, labels.formats)
        case StartOf():
            return start_said(value, labels.language)
        case Deadline(length=Duration() as length, moved=False):
            return length_said(length, labels.language, labels.formats)
        case Deadline():
            return deadline_said(value, of, labels.language, labels.formats)
        case Hours():
            return hours_of(labels, value)
        case StatedValue() if worth is not None:
            return worth(fact, value, depth)
    return operand_of(labels, fact, value, depth)


def during_sentence(labels: Labels, condition: DuringTest, wanted: bool) -> str:
    """The sentence for whether it is now a time of day."""
    phrase = "hours.now" if wanted else "hours.not_now"
    return labels.say(phrase, value=hours_of(labels, condition.hours))


def hours_of(labels: Labels, hours: Hours) -> str:
    """Hours of the day, days of the week, or dates of the year, to follow "is" or 在."""
    dates = hours.calendar
    if isinstance(dates, DatesOfYear):
        first, last = (labels.say("hours.date", day=str(day.day), month=labels.say(f"hours.month_{day.month}"))
                       for day in (dates.first, dates.last))  # fmt: skip
        single = dates.first == dates.last
        value = (
            labels.say("hours.one_date", date=first)
            if single
            else labels.say("hours.dates", first=first, last=last)
        )
    elif hours.span is None:
        value = labels.say("hours.working")
    elif (days := read_days(hours.span)) is not None:
        names = [labels.say(f"hours.day_{day + 1}") for day in days]
        value = (
            labels.say("hours.one_day", day=names[0])
            if len(names) == 1
            else labels.say("hours.days", first=names[0], last=names[-1])
        )
    else:
        start, _, end = hours.span.partition("-")
        value = labels.say("hours.span", start=start, end=end)
    if hours.named is None:
        return value
    return labels.say("hours.place", value=value, name=hours.named)


def operand_of(labels: Labels, fact: Fact, operand: Operand, depth: int) -> str:
    """An operand in words."""
    match operand:
        case Literal():
            text = labels.value(fact, operand.value)
            return labels.quoted(text) if fact.type.quoted else text
        case Other():
            return name_of(labels, operand.name, depth)
        case Shifted():
            return shifted_said(labels, operand, depth)
        case PerCurrency():
            own = [amount for currency, amount in operand.amounts if currency == labels.currency]
            if own:
                return labels.formats.amount(own[0], labels.currency)
            amounts = [labels.value(fact, Money(amount, currency)) for currency, amount in operand.amounts]
            return labels.say("punctuation.per_currency").join(amounts)
        case StatedValue():
            return str(operand.to_data())


def shifted_said(labels: Labels, shifted: Shifted, depth: int) -> str:
    """`30 minutes after “due at”`, `the end of the working day of “due at”`."""
    name, by = name_of(labels, shifted.name, depth), shifted.by
    if by.length is None:
        return in_calendar(by.calendar, labels.say("name.day_of", name=name), labels.language)
    length = length_said(by.length, labels.language, labels.formats)
    time = labels.say("name.later" if shifted.later else "name.earlier", name=name, length=length)
    if not by.moved:
        return time
    return in_calendar(by.calendar, labels.say("name.moved", time=time), labels.language)


def name_of(labels: Labels, name: Name, depth: int) -> str:
    """The tested name in quotation marks: its label, with its record unless that is clear."""
    label = labels.quoted(labels.text(name.fact.label, "") or _parameter_label(labels, name))
    if isinstance(name, ViaName):
        return labels.say("name.via", name=label, via=name_of(labels, name.through, depth))
    if isinstance(name, FieldName) and name.depth < depth - 1:
        listed = labels.quoted(labels.records(name.list))
        if name.is_id:
            return labels.say("name.record", list=listed)
        return labels.say("name.outer", name=label, list=listed)
    return label


def _parameter_label(labels: Labels, name: Name) -> str:
    """The label of an act's parameter, which a `where` on acts names like a field, or of when a record was recorded; else
    the name as written."""
    if name.fact.name == "recorded_at":
        return labels.say("name.recorded")
    if isinstance(name, FieldName) and name.list not in labels.vocabulary.records:
        for action in labels.vocabulary.actions.values():
            if name.field in action.params and action.params[name.field].label:
                return labels.parameter(action.name, name.field)
    return name.text
