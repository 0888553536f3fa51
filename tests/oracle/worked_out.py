"""What a parameter or an operand is worked out from, by fractions: none of the library's arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from escalation_rules.calendar import Duration
from tests.oracle.worlds import Plain, Truth, World, amount, calendar_for, later

Value = Callable[[Mapping[str, Plain], Plain], Plain]
"""The value that a form stands for, for a parameter that is declared so."""
Applies = Callable[[Plain], Truth]
"""The truth of a condition."""

HEADS = (
    "times",
    "share",
    "from",
    "least_of",
    "greatest_of",
    "total_of",
    "round",
    "full",
    "started",
    "first_that_applies",
)
MOST = 5000
"""So many periods are not counted here."""
OF_RECORDS = ("sum", "count", "latest", "earliest")
OF_ACTS = ("sum_done", "count_done")
COUNT = {"type": "count"}
INSTANT = {"type": "instant"}


def is_computed(operand: Plain) -> bool:
    """Whether an operand of a test is worked out."""
    return is_worked_out(operand) or (
        isinstance(operand, Mapping) and any(head in operand for head in (*OF_RECORDS, *OF_ACTS))
    )


def acts_meant(stated: Plain) -> Mapping[str, Plain] | None:
    """The test on acts whose acts a total counts; None if it is no such total."""
    head = next((each for each in OF_ACTS if isinstance(stated, Mapping) and each in stated), None)
    if head is None:
        return None
    named = stated[head].partition(".")[0] if head == "sum_done" else stated[head]
    return {**{key: each for key, each in stated.items() if key != head}, "action": named}


def is_worked_out(stated: Plain) -> bool:
    """Whether something is worked out, or one of several values."""
    return isinstance(stated, Mapping) and any(head in stated for head in HEADS)


def worked_out(
    world: World, declared: Mapping[str, Plain], stated: Mapping[str, Plain], value: Value, applies: Applies
) -> Plain:
    """The value; None while unknown."""
    if "first_that_applies" in stated:
        return first_value(declared, stated, value, applies)
    parts = [value(of, part) for of, part in parts_of(declared, stated)]
    if "round" in stated:
        parts.append(amount(world, stated["to"]))
    if None in parts:
        return None
    if "since" in stated:
        return periods(world, stated.get("full") or stated["started"], *parts, begun="started" in stated)
    return as_value(declared, result(stated, [exact(each) for each in parts]))


def periods(world: World, spoken: str, start: datetime, end: datetime, *, begun: bool) -> int | None:
    """How many periods end between two instants, one after the other; `begun`: also the one after them, if it began."""
    length = Duration.parse(spoken if spoken[0].isdigit() else f"1 {spoken}")
    full = 0
    while (
        full < MOST
        and later(world, start, str(Duration(length.amount * (full + 1), length.unit, length.calendar)))
        <= end
    ):
        full += 1
    if not begun or full == MOST:
        return full if full < MOST else None
    if length.unit == "calendar_day":  # the next one begins with a date
        zone = calendar_for(world, length).tzinfo
        dates = (end.astimezone(zone).date() - start.astimezone(zone).date()).days
        return max(ceil(Fraction(dates, length.amount)), 0)
    begins = (
        later(world, start, str(Duration(length.amount * full, length.unit, length.calendar)))
        if full
        else start
    )
    if length.is_working:
        return full + (
            end > begins and calendar_for(world, length).working_time_between(begins, end) > timedelta()
        )
    return full + (end > begins)


def parts_of(
    declared: Mapping[str, Plain], stated: Mapping[str, Plain]
) -> list[tuple[Mapping[str, Plain], Plain]]:
    """What it is worked out from, in written order; each with what its type is."""
    if "times" in stated:
        factor = stated["times"]
        if is_number(factor):
            return [(declared, stated["of"])]
        return [(declared, factor), (COUNT, stated["of"])]
    if "share" in stated:
        return [(declared, stated["of"])]
    if "from" in stated:
        return [(declared, stated["from"]), (declared, stated["less"])]
    if "round" in stated:
        return [(declared, stated["round"])]
    if "since" in stated:
        return [(INSTANT, stated["since"]), (INSTANT, stated["until"])]
    return [(declared, each) for head in HEADS[3:6] for each in stated.get(head, [])]


def is_number(factor: Plain) -> bool:
    """Whether a factor is a bare number."""
    return isinstance(factor, (int, float, Decimal)) and not isinstance(factor, bool)


def result(stated: Mapping[str, Plain], parts: list[Any]) -> Any:
    """What known parts come to."""
    if "times" in stated:
        return (Fraction(str(stated["times"])) if is_number(stated["times"]) else parts[0]) * parts[-1]
    if "share" in stated:
        return Fraction(stated["share"].rstrip("% ")) / 100 * parts[0]
    if "from" in stated:
        return max(parts[0] - parts[1], parts[0] - parts[0])
    if "round" in stated:
        return rounded(parts[0] / parts[1], stated.get("how", "half_up")) * parts[1]
    if "total_of" in stated:
        whole = parts[0]
        for each in parts[1:]:
            whole += each
        return whole
    return min(parts) if "least_of" in stated else max(parts)


def rounded(number: Fraction, how: str) -> int:
    """A whole number."""
    if how == "half_up":
        return floor(number + Fraction(1, 2))
    if how == "half_even":
        return round(number)
    return ceil(number) if how == "up" else floor(number)


def exact(value: Plain) -> Any:
    """A number as a fraction; a length of time as it is."""
    return value if isinstance(value, timedelta) else Fraction(value)


def as_value(declared: Mapping[str, Plain], number: Any) -> Plain:
    """The result as a value: nine decimals, half to even; unknown where it is too much."""
    if isinstance(number, timedelta):
        return number if number <= timedelta(days=10**6) else None
    if number > 10**15:
        return None
    if declared["type"] == "count":
        return int(number)
    return Decimal(round(number * 10**9)).scaleb(-9)


def first_value(
    declared: Mapping[str, Plain], stated: Mapping[str, Plain], value: Value, applies: Applies
) -> Plain:
    """The value of the first alternative that applies, as soon as all that may be the first have it."""
    possible = []
    for each in stated["first_that_applies"]:
        truth = applies(each["when"])
        possible += [value(declared, each["value"])] if truth is not False else []
        if truth is True:
            break
    else:
        possible.append(value(declared, stated["otherwise"]))
    return possible[0] if all(each == possible[0] for each in possible) else None
