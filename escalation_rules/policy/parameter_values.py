"""Where the value of a parameter comes from: what is written, known or counted, and what is worked out from that.

A value that rests on something unknown is unknown, whatever the rest of it says.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any, Literal

import attrs

from escalation_rules.policy.conditions import (
    Condition,
    Need,
    Operand,
    Other,
    Reach,
    Records,
    RecordView,
    Selection,
    Situation,
    Source,
    total,
    united,
    unknown_in_total,
)
from escalation_rules.values import EXACT, MAX_AMOUNT, MAX_COUNT, MAX_FRACTION, Addable, Value, plain_number

Part = tuple[Source | None, Value]
"""A value, and where it stands in the case; None if it is stated by a rule or worked out."""


@attrs.frozen
class ParameterValue(ABC):
    """Base of what gives a parameter its value."""

    @abstractmethod
    def get(self, situation: Situation, records: Records) -> Value | None:
        """The value, or None while unknown."""

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        """What a known value is made of: values that the case itself names, and such as the rule states or works out."""
        value = self.get(situation, records)
        return [] if value is None else [(None, value)]

    @abstractmethod
    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out first to know it."""

    @abstractmethod
    def sources(self) -> Sequence[Selection | Condition]:
        """The records and conditions that it looks at, also through what it is made of."""

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """Instants at which it may change by itself: other records may be meant."""
        for each in self.sources():
            yield from each.flips(situation, records)

    @property
    def timed(self) -> bool:
        """Whether it may ever change by itself."""
        return any(each.timed for each in self.sources())

    @property
    def reach(self) -> Reach:
        """What its records and conditions look at."""
        return united([each.reach for each in self.sources()])


@attrs.frozen
class Given(ParameterValue):
    """A literal, an amount per currency, or the value of a fact or field."""

    operand: Operand

    def get(self, situation: Situation, records: Records) -> Value | None:
        return self.operand.get(situation, records)

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        value = self.get(situation, records)
        if value is None:
            return []
        return [
            (self.operand.name.source(situation, records) if isinstance(self.operand, Other) else None, value)
        ]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.operand.undecided(situation, records)

    def sources(self) -> Sequence[Selection | Condition]:
        return ()


@attrs.frozen
class Summed(ParameterValue):
    """The sum of a field over a selection of records."""

    selection: Selection
    field: str
    zero: Addable

    def get(self, situation: Situation, records: Records) -> Value | None:
        return total(self.selection, self.field, self.zero, situation, records)

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        name = f"{self.selection.list}.{self.field}"
        members = _sure(self.selection, situation, records) or ()
        found = [((name, each.id), each.values[self.field]) for each in members if self.field in each.values]
        return found or [(None, self.zero)]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return unknown_in_total(self.selection, self.field, situation, records)

    def sources(self) -> Sequence[Selection | Condition]:
        return (self.selection,)


@attrs.frozen
class Counted(ParameterValue):
    """How many records a selection has."""

    selection: Selection

    def get(self, situation: Situation, records: Records) -> Value | None:
        members = _sure(self.selection, situation, records)
        return None if members is None else len(members)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.selection.first_undecided(situation, records)

    def sources(self) -> Sequence[Selection | Condition]:
        return (self.selection,)


@attrs.frozen
class Chosen(ParameterValue):
    """One record of a selection (the first in the list that surely belongs), or `every` one as a set of ids."""

    selection: Selection
    every: bool

    def get(self, situation: Situation, records: Records) -> Value | None:
        if self.every:
            members = _sure(self.selection, situation, records)
            return None if members is None else frozenset(each.id for each in members)
        found = self.selection.members(situation, records) or []
        return next((record.id for record, truth in found if truth), None)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        # Where nobody in the list qualifies, the list itself is asked for.
        needs = self.selection.first_undecided(situation, records)
        return needs or (() if self.get(situation, records) is not None else (Need(self.selection.list),))

    def sources(self) -> Sequence[Selection | Condition]:
        return (self.selection,)


def _sure(selection: Selection, situation: Situation, records: Records) -> list[RecordView] | None:
    members = selection.members(situation, records)
    if members is None or any(truth is None for _, truth in members):
        return None
    return [record for record, _ in members]


# --- one of several values --------------------------------------------------------------------------------------------


@attrs.frozen
class FirstThatApplies(ParameterValue):
    """The first value whose condition holds, else `otherwise`: known as soon as all that is still possible says the same."""

    alternatives: tuple[tuple[ParameterValue, Condition], ...]
    otherwise: ParameterValue

    def get(self, situation: Situation, records: Records) -> Value | None:
        found = [value.get(situation, records) for value in self._possible(situation, records)]
        return found[0] if all(each == found[0] for each in found) else None

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        if self.get(situation, records) is None:
            return []
        return next(self._possible(situation, records)).parts_named(situation, records)

    def _possible(self, situation: Situation, records: Records) -> Iterator[ParameterValue]:
        for value, condition in self.alternatives:
            truth = condition.evaluate(situation, records)
            if truth is not False:
                yield value
            if truth:
                return
        yield self.otherwise

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.get(situation, records) is not None:
            return ()
        for value, condition in self.alternatives:
            truth = condition.evaluate(situation, records)
            if truth is None:
                return condition.undecided(situation, records)
            if truth:
                return value.undecided(situation, records)
        return self.otherwise.undecided(situation, records)

    def sources(self) -> Sequence[Selection | Condition]:
        values = [*(value for value, _ in self.alternatives), self.otherwise]
        return [
            *(each for _, each in self.alternatives),
            *(part for each in values for part in each.sources()),
        ]


# --- what is worked out -----------------------------------------------------------------------------------------------

Number = int | Decimal | timedelta


@attrs.frozen
class WorkedOut(ParameterValue):
    """Base of what is worked out from other values: unknown while one of them is, or where it comes to too much."""

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        """The values that it is worked out from."""
        raise NotImplementedError

    @abstractmethod
    def of(self, values: Sequence[Any]) -> Number:
        """The result, of values that are all known."""

    def get(self, situation: Situation, records: Records) -> Value | None:
        values = [each.get(situation, records) for each in self.parts]
        return None if None in values else kept(self.of(values))

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return next(filter(None, (each.undecided(situation, records) for each in self.parts)), ())

    def sources(self) -> Sequence[Selection | Condition]:
        return [source for each in self.parts for source in each.sources()]


@attrs.frozen
class Times(WorkedOut):
    """A number or an amount, times another value."""

    factor: ParameterValue
    value: ParameterValue

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.factor, self.value

    def of(self, values: Sequence[Any]) -> Number:
        factor, value = values
        if isinstance(factor, int) and isinstance(value, int):
            return factor * value
        return EXACT.multiply(Decimal(factor), Decimal(value))


@attrs.frozen
class Share(WorkedOut):
    """So many per cent of an amount."""

    percent: Decimal
    value: ParameterValue

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return (self.value,)

    def of(self, values: Sequence[Any]) -> Number:
        return EXACT.multiply(values[0], self.percent.scaleb(-2, EXACT))


@attrs.frozen
class Less(WorkedOut):
    """A value less another one, at least nothing."""

    value: ParameterValue
    less: ParameterValue

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.value, self.less

    def of(self, values: Sequence[Any]) -> Number:
        value, less = values
        if value <= less:
            return type(value)()  # type: ignore[no-any-return]  # the zero of its type
        return EXACT.subtract(value, less) if isinstance(value, Decimal) else value - less


How = Literal["least_of", "greatest_of", "total_of"]


@attrs.frozen
class Together(WorkedOut):
    """The least of some values, the greatest of them, or all of them together."""

    how: How
    values: tuple[ParameterValue, ...]

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.values

    def of(self, values: Sequence[Any]) -> Number:
        if self.how == "total_of":
            return reduce(_added, values)  # type: ignore[no-any-return]
        return min(values) if self.how == "least_of" else max(values)  # type: ignore[no-any-return]


def _added(one: Any, other: Any) -> Any:
    return EXACT.add(one, other) if isinstance(one, Decimal) else one + other


Rounding = Literal["half_up", "half_even", "up", "down"]
ROUNDINGS: dict[str, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}


@attrs.frozen
class Rounded(WorkedOut):
    """An amount as a multiple of the least amount that is paid in the currency of the case."""

    value: ParameterValue
    to: Given
    how: Rounding = "half_up"

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.value, self.to

    def of(self, values: Sequence[Any]) -> Number:
        value, least = values
        # Amounts have nine decimals at most and the least is such an amount, so that 100 digits are enough.
        many = EXACT.divide(value, least).to_integral_value(ROUNDINGS[self.how])
        return EXACT.multiply(many, least)


_LAST = Decimal(1).scaleb(-MAX_FRACTION)
_LONGEST = timedelta(days=10**6)


def kept(number: Number) -> Value | None:
    """A result as a value: an amount keeps nine decimals (half to even); None where it is more than a value may be."""
    if isinstance(number, Decimal):
        if number > MAX_AMOUNT:
            return None
        exact = number.quantize(_LAST, ROUND_HALF_EVEN, EXACT) if _is_long(number) else number
        return Decimal(plain_number(exact))
    if isinstance(number, timedelta):
        return number if number <= _LONGEST else None
    return number if number <= MAX_COUNT else None


def _is_long(number: Decimal) -> bool:
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and exponent < -MAX_FRACTION
