"""Generates small changes of a condition: tests dropped or negated, bounds moved to a neighbour, levels shifted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, overload

import attrs

from escalation_rules.calendar import Duration, StartOf
from escalation_rules.calendar.periods import UNITS as PERIODS
from escalation_rules.errors import Position
from escalation_rules.policy.conditions import Condition, FactTest, GivenTest, RecordCondition, StepTest
from escalation_rules.policy.conditions.acts import Done, NothingDoneFor
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.forms import Ordering, SeveralOperands
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import Between, Equals
from escalation_rules.policy.conditions.timing import OverdueAfter
from escalation_rules.values import Enumerated, ValueType


@attrs.frozen(eq=False)
class Changed:
    """A condition with one change: its kind, its position, and the old and new text.

    `condition` is None if the change removes everything.
    """

    kind: str
    place: Position
    before: Condition
    after: Condition | None
    condition: Condition | None


def with_part(thing: Any, part: str, value: object) -> Any:
    """A copy with one attribute replaced."""
    return attrs.evolve(thing, **{part: value})


def changes(condition: Condition) -> Iterator[Changed]:
    """All small changes of a condition and its parts."""
    if isinstance(condition, (AllOf, AnyOf, NoneOf, Not)):
        parts = condition.conditions
        for number, part in enumerate(parts):
            for changed in changes(part):
                kept = (
                    *parts[:number],
                    *(() if changed.condition is None else (changed.condition,)),
                    *parts[number + 1 :],
                )
                yield attrs.evolve(changed, condition=_with(condition, kept))
        return
    yield Changed("dropped", condition.position, condition, None, None)
    negated = _negated(condition)
    yield Changed("negated", condition.position, condition, negated, negated)
    for kind, moved in _moved(condition):
        yield Changed(kind, condition.position, condition, moved, moved)
    yield from _inside(condition)


def _with(condition: AllOf | AnyOf | NoneOf | Not, parts: tuple[Condition, ...]) -> Condition | None:
    if not parts:
        return None
    if len(parts) == 1 and isinstance(condition, (AllOf, AnyOf)):
        return parts[0]
    return attrs.evolve(condition, conditions=parts)


def _negated(condition: Condition) -> Condition:
    if isinstance(condition, GivenTest):
        return attrs.evolve(condition, wanted=not condition.wanted)
    return Not((condition,), position=condition.position)


def _inside(condition: Condition) -> Iterator[Changed]:
    """Changes of the conditions on records inside a test."""
    if not isinstance(condition, RecordCondition):
        return
    selection = condition.selection
    if selection.where is not None:
        for changed in changes(selection.where):
            inner = attrs.evolve(condition, selection=attrs.evolve(selection, where=changed.condition))
            yield attrs.evolve(changed, condition=inner)
    has = getattr(condition, "has", None)
    if isinstance(has, Condition):
        for changed in changes(has):
            if changed.condition is not None:
                yield attrs.evolve(changed, condition=with_part(condition, "has", changed.condition))


def _moved(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The same test with another bound."""
    match condition:
        case FactTest():
            for kind, operator in moved(condition.operator, condition.name.fact.type):
                yield kind, attrs.evolve(condition, operator=operator)
        case Count() | Sum():
            for number, test in enumerate(condition.tests):
                for kind, operator in moved(test, None):
                    tests = (*condition.tests[:number], operator, *condition.tests[number + 1 :])
                    yield kind, attrs.evolve(condition, tests=tests)
        case Done():
            yield from _of_acts(condition)
        case NothingDoneFor():
            for length in neighbours(condition.duration):
                yield "bound moved", attrs.evolve(condition, duration=length)
        case StepTest(length=stated) if stated is not None:
            for length in neighbours(stated):
                yield "bound moved", attrs.evolve(condition, length=length)


def _of_acts(condition: Done) -> Iterator[tuple[str, Condition]]:
    if condition.at_least > 1:
        yield "bound moved", attrs.evolve(condition, at_least=condition.at_least - 1)
    yield "bound moved", attrs.evolve(condition, at_least=condition.at_least + 1)
    acts = condition.acts
    for field in ("newer_than", "older_than"):
        length = getattr(acts, field)
        if length is not None:
            for other in neighbours(length):
                yield "bound moved", attrs.evolve(condition, acts=with_part(acts, field, other))
    for field in ("after", "before"):
        if getattr(acts, field) is not None:
            yield "bound dropped", attrs.evolve(condition, acts=with_part(acts, field, None))
    if acts.roles:
        by_anybody = {name: attrs.evolve(criteria, roles=()) for name, criteria in acts.actions.items()}
        yield "by dropped", attrs.evolve(condition, acts=attrs.evolve(acts, actions=by_anybody, roles=()))
    if condition.not_followed_by is not None:
        yield "bound dropped", attrs.evolve(condition, not_followed_by=None)
    if condition.covers is not None:
        yield "bound dropped", attrs.evolve(condition, covers=None)


# --- operators --------------------------------------------------------------------------------------------------------


def moved(operator: Operator, of: ValueType | None) -> Iterator[tuple[str, Operator]]:
    """The same operator with its bound moved to a neighbour; for a list of values, with one value less each."""
    match operator:
        case Ordering():
            yield from _ordered(operator, of)
        case Between():
            for field in ("low", "high"):
                for kind, other in moved(getattr(operator, field), of):
                    if type(other) is type(getattr(operator, field)):
                        yield kind, with_part(operator, field, other)
        case SeveralOperands() if len(operator.operands) > 1:
            for number in range(len(operator.operands)):
                left = (*operator.operands[:number], *operator.operands[number + 1 :])
                yield "value dropped", attrs.evolve(operator, operands=left)
        case Equals() if isinstance(operator.operand, Literal):
            yield from _equal(operator.operand, of)
        case OverdueAfter(deadline=deadline) if deadline.length is not None:
            for length in neighbours(deadline.length):
                yield "bound moved", attrs.evolve(operator, deadline=attrs.evolve(deadline, length=length))
        case _ if isinstance(getattr(operator, "duration", None), Duration | StartOf):
            for length in neighbours(operator.duration):  # type: ignore[attr-defined]
                yield "bound moved", with_part(operator, "duration", length)


def _equal(operand: Literal, of: ValueType | None) -> Iterator[tuple[str, Operator]]:
    if isinstance(of, Enumerated) and of.kind == "level":
        yield from (
            ("level shifted", Equals(Literal(name))) for name in _next_to(str(operand.value), of.names)
        )
    elif of is None:
        yield from (("bound moved", Equals(literal)) for literal in _literals(operand))


def _ordered(operator: Ordering, of: ValueType | None) -> Iterator[tuple[str, Operator]]:
    if operator.levels and isinstance(operator.operand, Literal):
        for name in _next_to(str(operator.operand.value), operator.levels):
            yield "level shifted", attrs.evolve(operator, operand=Literal(name))
    elif isinstance(operator.operand, Literal) and isinstance(operator.operand.value, int):
        yield from (
            ("bound moved", attrs.evolve(operator, operand=literal))
            for literal in _literals(operator.operand)
        )
    elif (
        isinstance(operator.operand, PerCurrency)
        or of is None
        or of.kind in {"amount", "duration", "instant"}
    ):
        yield "bound moved", operator.nearest(operator.operand, operator.levels)


def _literals(operand: Literal) -> Iterator[Literal]:
    value = operand.value
    if isinstance(value, int) and not isinstance(value, bool):
        yield from (Literal(neighbour) for neighbour in (value - 1, value + 1) if neighbour >= 0)
    elif isinstance(value, Decimal):
        yield Literal(value + Decimal("0.01"))
    elif isinstance(value, timedelta):
        yield Literal(value + timedelta(seconds=1))


def _next_to(name: str, names: tuple[str, ...]) -> Iterator[str]:
    place = names.index(name)
    yield from (names[neighbour] for neighbour in (place - 1, place + 1) if 0 <= neighbour < len(names))


@overload
def neighbours(length: Duration) -> Iterator[Duration]: ...


@overload
def neighbours(length: Duration | StartOf) -> Iterator[Duration | StartOf]: ...


def neighbours(length: Duration | StartOf) -> Iterator[Duration | StartOf]:
    """The neighbouring lengths: one unit less, and one more; of a period, the shorter and the longer one."""
    if isinstance(length, StartOf):
        place = PERIODS.index(length.unit)
        yield from (attrs.evolve(length, unit=PERIODS[other]) for other in (place - 1, place + 1)
                    if 0 <= other < len(PERIODS))  # fmt: skip
        return
    for amount in (length.amount - 1, length.amount + 1):
        if amount >= 1:
            yield attrs.evolve(length, amount=amount)
