"""The values among which tests on one fact can tell any difference, a finite choice of each type.

A test is constant between the values that it names. So it is enough to try those, their neighbours and the ends, each
value of a choice or level, each role, and texts that hold any choice of the words looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from escalation_rules.policy.conditions import Situation
from escalation_rules.policy.conditions.operands import Literal, Operand, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import Between, Contains, OneOperand, SeveralOperands
from escalation_rules.policy.conditions.timing import (
    ComingWithin,
    ElapsedBetween,
    NewerThan,
    OlderThan,
    Passed,
)
from escalation_rules.values import MAX_AMOUNT, MAX_COUNT, Enumerated, Party, PartyType, Value, ValueType

AT = datetime(2000, 1, 1, tzinfo=UTC)
"""The instant against which the time tests are tried; which one makes no difference."""
MOST_WORDS = 6
_MOMENT = timedelta(microseconds=1)
_GRAIN = Decimal("0.000000001")
_LONGEST = timedelta(days=10**6)


def situation(currency: str | None) -> Situation:
    """A case of which nothing is known but its currency."""
    return Situation(AT, currency=currency, facts={}, stated=({}, dict), lists={}, calendars={})


def literals(operator: Operator) -> list[Operand] | None:
    """The literal operands of an operator; None if it compares with another fact, or does not compare values."""
    found: list[Operand]
    if isinstance(operator, Between):
        found = [operator.low.operand, operator.high.operand]
    elif isinstance(operator, SeveralOperands):
        found = list(operator.operands)
    elif isinstance(operator, OneOperand):
        found = [operator.operand]
    elif isinstance(operator, Contains):
        return []
    else:
        return None
    return found if all(isinstance(each, (Literal, PerCurrency)) for each in found) else None


def currencies(operators: Iterable[Operator]) -> set[str]:
    """The currencies in which operators name amounts."""
    operands = (each for operator in operators for each in literals(operator) or ())
    return {name for each in operands if isinstance(each, PerCurrency) for name, _ in each.amounts}


def offsets(operator: Operator) -> list[timedelta] | None:
    """How far from now the instants lie at which a time test changes; None if that depends on the calendar."""
    match operator:
        case Passed():
            return [timedelta()]
        case ComingWithin():
            return [timedelta(), operator.ahead]
        case ElapsedBetween():
            parts = [offsets(operator.start), offsets(operator.end)]
            return None if None in parts else [each for part in parts for each in part or ()]
        case OlderThan() | NewerThan():
            return None if not operator.duration.is_elapsed else [-operator.duration.as_timedelta()]
    return None


def is_relative(operator: Operator) -> bool:
    """Whether it compares an instant with now, by a length of time that is the same everywhere."""
    return offsets(operator) is not None


def values(of: ValueType, operators: Sequence[Operator], currency: str | None) -> list[Value] | None:
    """Values of the type between which the operators tell every difference; None if there are too many."""
    here = situation(currency)
    operands = (each.get(here, ()) for operator in operators for each in literals(operator) or ())
    named = [each for each in operands if each is not None]
    match of.kind:
        case "flag":
            return [True, False]
        case "choice" | "level":
            return list(of.names) if isinstance(of, Enumerated) else None
        case "party":
            roles = of.roles if isinstance(of, PartyType) else ()
            return [*(Party(role, role) for role in roles), Party("somebody", None)]
        case "count":
            return _ends(named, 1, 0, MAX_COUNT)
        case "amount":
            return _ends(named, _GRAIN, Decimal(0), MAX_AMOUNT)
        case "duration":
            return _ends(named, _MOMENT, timedelta(), _LONGEST)
        case "instant":
            return _instants(named, operators)
        case "text" | "reference":
            return _texts(named, operators)
    return None


def totals(zero: Value, operators: Sequence[Operator], currency: str | None) -> list[Value]:
    """As `values`, for sums and counts of records, which have no upper end."""
    here = situation(currency)
    operands = (each.get(here, ()) for operator in operators for each in literals(operator) or ())
    named = [each for each in operands if each is not None]
    if isinstance(zero, Decimal):
        return _ends(named, _GRAIN, zero, MAX_AMOUNT * 10**9)
    return (
        _ends(named, _MOMENT, zero, _LONGEST * 10**3)
        if isinstance(zero, timedelta)
        else _ends(named, 1, 0, MAX_COUNT)
    )


def _ends(named: Iterable[Any], grain: Any, low: Any, high: Any) -> list[Value]:
    near = {value for each in named for value in (each - grain, each, each + grain)}
    return sorted({low, high, *(each for each in near if low <= each <= high)})


def _instants(named: Sequence[Any], operators: Sequence[Operator]) -> list[Value] | None:
    relative = [AT + each for operator in operators for each in offsets(operator) or ()]
    if named and relative:
        return None  # now may be anywhere among the dates that the policy names
    near = {each + step for each in (*named, *relative) for step in (-_MOMENT, timedelta(), _MOMENT)}
    ends = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    return sorted({*near, *ends})


def _texts(named: Sequence[Any], operators: Sequence[Operator]) -> list[Value] | None:
    words = sorted(
        {word for operator in operators if isinstance(operator, Contains) for word in operator.words}
    )
    if len(words) > MOST_WORDS:
        return None
    # Between the words stands a sign that none of them holds, so that a text holds no more words than were put in it.
    sign = next(each for each in _signs() if not any(each in word for word in (*words, *map(str, named))))
    mixed = [
        sign + sign.join(some) + sign
        for count in range(len(words) + 1)
        for some in combinations(words, count)
    ]
    return [*map(str, named), *mixed]


def _signs() -> Iterator[str]:
    return (chr(number) for number in range(1, 0x10000))
