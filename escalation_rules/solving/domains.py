"""Representative values of each type: a finite set that distinguishes all tests on a fact.

A test is constant between the values that it names. So it suffices to try these, their neighbours and the
extremes, all values of choices and levels, all roles, and texts with any combination of the tested words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any

from escalation_rules.policy.conditions import Situation
from escalation_rules.policy.conditions.operands import Operand, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.values import MAX_AMOUNT, MAX_COUNT, Enumerated, Party, PartyType, Value, ValueType

AT = datetime(2000, 1, 1, tzinfo=UTC)
"""The instant used for time tests; its choice makes no difference."""
MOST_WORDS = 6
_MOMENT = timedelta(microseconds=1)
_GRAIN = Decimal("0.000000001")
_LONGEST = timedelta(days=10**6)


def situation(currency: str | None) -> Situation:
    """An empty case with a currency."""
    return Situation(AT, currency=currency, facts={}, stated=({}, dict), lists={}, calendars={})


def literals(operator: Operator) -> tuple[Operand, ...]:
    """The literal operands of an operator."""
    found = operator.thresholds()
    return found.operands if found is not None else ()


def currencies(operators: Iterable[Operator]) -> set[str]:
    """The currencies in which operators name amounts."""
    operands = (operand for operator in operators for operand in literals(operator))
    return {name for operand in operands if isinstance(operand, PerCurrency) for name, _ in operand.amounts}


def values(of: ValueType, operators: Sequence[Operator], currency: str | None) -> list[Value] | None:
    """Values of the type that distinguish the operators; None if there are too many."""
    named = _named(operators, currency)
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
        case "references":
            return None


def totals(zero: Value, operators: Sequence[Operator], currency: str | None) -> list[Value]:
    """Like `values`, for sums and counts of records, which have no upper limit."""
    named = _named(operators, currency)
    if isinstance(zero, Decimal):
        return _ends(named, _GRAIN, zero, MAX_AMOUNT * 10**9)
    return (
        _ends(named, _MOMENT, zero, _LONGEST * 10**3)
        if isinstance(zero, timedelta)
        else _ends(named, 1, 0, MAX_COUNT)
    )


def _named(operators: Sequence[Operator], currency: str | None) -> list[Value]:
    here = situation(currency)
    operands = (operand.get(here, ()) for operator in operators for operand in literals(operator))
    return [operand for operand in operands if operand is not None]


def _ends(named: Iterable[Any], grain: Any, low: Any, high: Any) -> list[Value]:
    near = {
        value for named_value in named for value in (named_value - grain, named_value, named_value + grain)
    }
    return sorted({low, high, *(value for value in near if low <= value <= high)})


def _instants(named: Sequence[Any], operators: Sequence[Operator]) -> list[Value] | None:
    found = (operator.thresholds() for operator in operators)
    relative = [AT + offset for threshold in found if threshold is not None for offset in threshold.offsets]
    if named and relative:
        return None  # now may be anywhere among the dates in the policy
    near = {value + step for value in (*named, *relative) for step in (-_MOMENT, timedelta(), _MOMENT)}
    ends = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
    return sorted({*near, *ends})


def _texts(named: Sequence[Any], operators: Sequence[Operator]) -> list[Value] | None:
    found = [operator.thresholds() for operator in operators if not any(operator.names())]
    known = [threshold for threshold in found if threshold is not None]
    words = sorted({word for threshold in known for word in threshold.words})
    if len(words) > MOST_WORDS or len(known) < len(found):
        return None
    # The separator occurs in no word, so that no additional words arise where two words meet.
    sign = next(
        character
        for character in _signs()
        if not any(character in word for word in (*words, *map(str, named)))
    )
    mixed = [
        sign + sign.join(some) + sign
        for count in range(len(words) + 1)
        for some in combinations(words, count)
    ]
    return [*map(str, named), *mixed]


def _signs() -> Iterator[str]:
    return (chr(number) for number in range(1, 0x10000))
