"""The sources of parameter values: literals, facts, counts and sums, and values computed from them.

A value that depends on something unknown is unknown.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import reduce
from typing import Any, Literal

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions import (
    Act,
    ActFilter,
    Condition,
    Name,
    Need,
    Operand,
    Other,
    Records,
    RecordView,
    Selection,
    Situation,
    Source,
    StatedValue,
    Truth,
    ValueSource,
    latest,
    total,
    unknown_in_total,
)
from escalation_rules.policy.conditions.counting import added_up, without
from escalation_rules.policy.conditions.operands import PerCurrency
from escalation_rules.policy.conditions.records import undated, winner
from escalation_rules.policy.courses import Course, Member, course_of
from escalation_rules.values import EXACT, MAX_AMOUNT, MAX_COUNT, MAX_FRACTION, Addable, Value, plain_number

Part = tuple[Source | None, Value]
"""A value and its location in the case; the location is None if a rule states or computes the value."""


@attrs.frozen
class ParameterValue(StatedValue):
    """Base class of the sources of a parameter's value."""

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        """The parts of a known value: values that the case names, and values that the rule states or computes."""
        value = self.get(situation, records)
        return [] if value is None else [(None, value)]

    def names(self) -> Iterator[Name]:
        return iter(())

    def course(self, situation: Situation, records: Records) -> Course:
        """How the value came about, as far as that can be told now."""
        since, value = self.since(situation, records), self.get(situation, records)
        if since is None:
            return Course(lambda _: value)
        return Course(lambda moment: value if since <= moment else None, (since,))


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

    def sources(self) -> Sequence[ValueSource]:
        return ()

    def names(self) -> Iterator[Name]:
        if isinstance(self.operand, Other):
            yield self.operand.name

    def to_data(self) -> object:
        return self.operand.to_data()

    @property
    def written_in_money(self) -> bool:
        return isinstance(self.operand, PerCurrency)


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
        found = [
            ((name, member.id), member.values[self.field])
            for member in members
            if self.field in member.values
        ]
        return found or [(None, self.zero)]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return unknown_in_total(self.selection, self.field, situation, records)

    def sources(self) -> Sequence[ValueSource]:
        return (self.selection,)

    def reads(self) -> Iterator[str]:
        yield from super().reads()
        yield f"{self.selection.list}.{self.field}"

    def since(self, situation: Situation, records: Records) -> datetime | None:
        found = self.selection.comings(situation, records)
        learned = (record.since(self.field) for _, record, comes in found if comes)
        return latest((super().since(situation, records), *learned))

    def course(self, situation: Situation, records: Records) -> Course:
        found = [
            Member(came, comes, record.since(self.field), record.values.get(self.field))
            for came, record, comes in self.selection.comings(situation, records)
        ]
        return course_of(found, self.zero, is_sure=_sure(self.selection, situation, records) is not None)

    def to_data(self) -> object:
        return {"sum": f"{self.selection.list}.{self.field}", **self.selection.to_data()}


@attrs.frozen
class Counted(ParameterValue):
    """The number of records in a selection."""

    selection: Selection

    def get(self, situation: Situation, records: Records) -> Value | None:
        members = _sure(self.selection, situation, records)
        return None if members is None else len(members)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.selection.first_undecided(situation, records)

    def sources(self) -> Sequence[ValueSource]:
        return (self.selection,)

    def course(self, situation: Situation, records: Records) -> Course:
        comings = self.selection.comings(situation, records)
        found = [Member(came, comes, None, 1) for came, _, comes in comings]
        return course_of(found, 0, is_sure=_sure(self.selection, situation, records) is not None)

    def to_data(self) -> object:
        return {"count": self.selection.list, **self.selection.to_data()}


@attrs.frozen
class DoneTotal(ParameterValue):
    """The number of acts or, with a `parameter`, its sum over them. Unknown while it is unknown whether an act is meant, or
    what the parameter of one is."""

    acts: ActFilter
    outcomes: tuple[str, ...] = ()
    parameter: str | None = None
    zero: Addable = 0

    def get(self, situation: Situation, records: Records) -> Value | None:
        found = self._matched(situation, records)
        if any(truth is None for _, truth in found):
            return None
        if self.parameter is None:
            return len(found)
        return added_up((act.params.get(self.parameter) for act, _ in found), self.zero)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        found = self._matched(situation, records)
        for act, truth in found:
            needs = self.acts.unknown(act, situation, records) if truth is None else ()
            if needs:
                return needs
        for act, _ in found:
            if self.parameter is not None and self.parameter not in act.params:
                return (Need(f"{act.action}.{self.parameter}", act.about),)
        return ()

    def _matched(self, situation: Situation, records: Records) -> list[tuple[Act, Truth]]:
        """The acts that are meant, or may be."""
        candidates = self.acts.candidates(situation, records)
        found = [(candidate, self.acts.matches(candidate, situation, records)) for candidate in candidates]
        return [pair for pair in found if pair[1] is not False]

    def sources(self) -> Sequence[ValueSource]:
        return (self.acts,)

    def names(self) -> Iterator[Name]:
        yield from self.acts.names()

    def to_data(self) -> object:
        data = self.acts.to_data()
        named = data.pop("action")
        head = {"count_done": named} if self.parameter is None else {"sum_done": f"{named}.{self.parameter}"}
        outcomes = {"outcome": list(self.outcomes)} if self.outcomes else {}
        return {**head, **data, **outcomes}


@attrs.frozen
class Periods(ParameterValue):
    """How many full periods of a length lie between two instants or, if `begun`, how many began; 0 if the second is not later."""

    length: Duration
    start: Name
    end: Name
    begun: bool = False

    def get(self, situation: Situation, records: Records) -> Value | None:
        start, end = self.start.get(situation, records), self.end.get(situation, records)
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            return None
        number = situation.periods_between(start, end, self.length, begun=self.begun)
        return None if number is None else within_range(number)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        unknown = (name for name in self.names() if name.get(situation, records) is None)
        return next(((name.need(situation, records),) for name in unknown), ())

    def sources(self) -> Sequence[ValueSource]:
        return ()

    def names(self) -> Iterator[Name]:
        yield self.start
        yield self.end

    def to_data(self) -> object:
        head = "started" if self.begun else "full"
        return {head: str(self.length), "since": self.start.text, "until": self.end.text}


@attrs.frozen
class Chosen(ParameterValue):
    """One record of a selection (the first that certainly matches), or with `every` the set of all ids."""

    selection: Selection
    every: bool

    def get(self, situation: Situation, records: Records) -> Value | None:
        if self.every:
            members = _sure(self.selection, situation, records)
            return None if members is None else frozenset(member.id for member in members)
        found = self.selection.members(situation, records) or []
        return next((record.id for record, truth in found if truth), None)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        # If no record can match, ask for the list.
        needs = self.selection.first_undecided(situation, records)
        return needs or (() if self.get(situation, records) is not None else (Need(self.selection.list),))

    def sources(self) -> Sequence[ValueSource]:
        return (self.selection,)

    def to_data(self) -> object:
        said = {"which" if key == "where" else key: part for key, part in self.selection.to_data().items()}
        return {"each_of" if self.every else "one_of": self.selection.list, **said}


@attrs.frozen
class OfLast(ParameterValue):
    """A field of the last (or first) record of a selection by the instant `order`, or with `field` None that record itself.
    Unknown without such a record. `concluded`: the field is concluded by rules."""

    selection: Selection
    field: str | None
    order: str
    last: bool
    concluded: bool = False

    def get(self, situation: Situation, records: Records) -> Value | None:
        return self._value(self._winner(situation, records))

    def _value(self, record: RecordView | None) -> Value | None:
        return None if record is None else record.id if self.field is None else record.values.get(self.field)

    def parts_named(self, situation: Situation, records: Records) -> Sequence[Part]:
        record = self._winner(situation, records)
        value = self._value(record)
        if record is None or value is None:
            return []
        return [((f"{self.selection.list}.{self.field}", record.id) if self.field else None, value)]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if needs := self.selection.first_undecided(situation, records):
            return needs
        members = self.selection.members(situation, records) or []
        record = winner(members, self.order, last=self.last)
        if record is None:
            return (undated(members, self.selection, self.order) if members else Need(self.selection.list),)
        known = self.field is None or self.field in record.values
        return () if known else (Need(f"{self.selection.list}.{self.field}", record.id, self.concluded),)

    def _winner(self, situation: Situation, records: Records) -> RecordView | None:
        return winner(self.selection.members(situation, records) or [], self.order, last=self.last)

    def sources(self) -> Sequence[ValueSource]:
        return (self.selection,)

    def reads(self) -> Iterator[str]:
        yield from super().reads()
        yield from (f"{self.selection.list}.{name}" for name in (self.field, self.order) if name is not None)

    def since(self, situation: Situation, records: Records) -> datetime | None:
        record = self._winner(situation, records)
        if record is None:
            return None
        if self.concluded:
            learned = situation.concluded_since(f"{self.selection.list}.{self.field}", record.id)
        else:
            learned = record.since(self.field) if self.field is not None else None
        return latest((self.selection.since(record, situation, records), learned))

    def to_data(self) -> object:
        named = self.selection.list if self.field is None else f"{self.selection.list}.{self.field}"
        return {"latest" if self.last else "earliest": named, **self.selection.to_data()}


def _sure(selection: Selection, situation: Situation, records: Records) -> list[RecordView] | None:
    members = selection.members(situation, records)
    if members is None or any(truth is None for _, truth in members):
        return None
    return [record for record, _ in members]


# --- one of several values --------------------------------------------------------------------------------------------


@attrs.frozen
class FirstThatApplies(ParameterValue):
    """The first value whose condition holds, else `otherwise`. Known once all remaining possibilities agree."""

    alternatives: tuple[tuple[ParameterValue, Condition], ...]
    otherwise: ParameterValue

    def get(self, situation: Situation, records: Records) -> Value | None:
        found = [value.get(situation, records) for value in self._possible(situation, records)]
        return found[0] if all(value == found[0] for value in found) else None

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

    def sources(self) -> Sequence[ValueSource]:
        return [
            *(condition for _, condition in self.alternatives),
            *(part for value in self._values() for part in value.sources()),
        ]

    def names(self) -> Iterator[Name]:
        for value in self._values():
            yield from value.names()

    def reads(self) -> Iterator[str]:
        for value in self._values():
            yield from value.reads()

    def since(self, situation: Situation, records: Records) -> datetime | None:
        moments = [value.since(situation, records) for value in self._possible(situation, records)]
        for _, condition in self.alternatives:
            truth = condition.evaluate(situation, records)
            moments.append(condition.since(situation, records) if truth is not None else None)
            if truth:
                break
        return latest(moments)

    def to_data(self) -> object:
        listed = [
            {"value": value.to_data(), "when": condition.to_data()} for value, condition in self.alternatives
        ]
        return {"first_that_applies": listed, "otherwise": self.otherwise.to_data()}

    @property
    def written_in_money(self) -> bool:
        return any(value.written_in_money for value in self._values())

    def _values(self) -> list[ParameterValue]:
        return [*(value for value, _ in self.alternatives), self.otherwise]


# --- computed values --------------------------------------------------------------------------------------------------

Number = int | Decimal | timedelta


@attrs.frozen
class WorkedOut(ParameterValue):
    """Base of values computed from other values: unknown if one of them is, or if the result is too large."""

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        """The values that it is computed from."""
        raise NotImplementedError

    @abstractmethod
    def of(self, values: Sequence[Any]) -> Number:
        """Compute the result from known values."""

    def get(self, situation: Situation, records: Records) -> Value | None:
        values = [part.get(situation, records) for part in self.parts]
        return None if None in values else within_range(self.of(values))

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return next(filter(None, (part.undecided(situation, records) for part in self.parts)), ())

    def sources(self) -> Sequence[ValueSource]:
        return [source for part in self.parts for source in part.sources()]

    def names(self) -> Iterator[Name]:
        for part in self.parts:
            yield from part.names()

    def reads(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.reads()

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return latest(part.since(situation, records) for part in self.parts)

    def course(self, situation: Situation, records: Records) -> Course:
        parts = [part.course(situation, records) for part in self.parts]

        def at(moment: datetime) -> Value | None:
            values = [course.at(moment) for course in parts]
            return None if None in values else within_range(self.of(values))

        return Course(at, tuple(change for course in parts for change in course.changes))

    @property
    def written_in_money(self) -> bool:
        return any(part.written_in_money for part in self.parts)


@attrs.frozen
class Times(WorkedOut):
    """A number or an amount, multiplied by another value."""

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

    def to_data(self) -> object:
        return {"times": self.factor.to_data(), "of": self.value.to_data()}


@attrs.frozen
class Share(WorkedOut):
    """A percentage of an amount."""

    percent: Decimal
    value: ParameterValue

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return (self.value,)

    def of(self, values: Sequence[Any]) -> Number:
        return EXACT.multiply(values[0], self.percent.scaleb(-2, EXACT))

    def to_data(self) -> object:
        return {"share": f"{plain_number(self.percent)}%", "of": self.value.to_data()}


@attrs.frozen
class Less(WorkedOut):
    """A value minus another, at least zero."""

    value: ParameterValue
    less: ParameterValue

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.value, self.less

    def of(self, values: Sequence[Any]) -> Number:
        value, less = values
        if value <= less:
            return type(value)()  # type: ignore[no-any-return]  # the zero of its type
        return without(value, less)  # type: ignore[no-any-return]

    def to_data(self) -> object:
        return {"from": self.value.to_data(), "less": self.less.to_data()}


How = Literal["least_of", "greatest_of", "total_of"]
AGGREGATES: tuple[How, ...] = ("least_of", "greatest_of", "total_of")


@attrs.frozen
class Aggregate(WorkedOut):
    """The minimum, the maximum or the sum of some values."""

    how: How
    values: tuple[ParameterValue, ...]

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.values

    def of(self, values: Sequence[Any]) -> Number:
        if self.how == "total_of":
            return reduce(_added, values)  # type: ignore[no-any-return]
        return min(values) if self.how == "least_of" else max(values)  # type: ignore[no-any-return]

    def to_data(self) -> object:
        return {self.how: [value.to_data() for value in self.values]}


def _added(one: Any, other: Any) -> Any:
    return EXACT.add(one, other) if isinstance(one, Decimal) else one + other


Rounding = Literal["half_up", "half_even", "up", "down"]
ROUNDINGS: dict[Rounding, str] = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_CEILING,
    "down": ROUND_FLOOR,
}


@attrs.frozen
class Rounded(WorkedOut):
    """An amount rounded to a multiple of the smallest payable amount in the case's currency."""

    value: ParameterValue
    to: Given
    how: Rounding = "half_up"

    @property
    def parts(self) -> tuple[ParameterValue, ...]:
        return self.value, self.to

    def of(self, values: Sequence[Any]) -> Number:
        value, least = values
        # Amounts have at most nine decimals, as has the smallest amount, so 100 digits suffice.
        many = EXACT.divide(value, least).to_integral_value(ROUNDINGS[self.how])
        return EXACT.multiply(many, least)

    def to_data(self) -> object:
        how = {} if self.how == "half_up" else {"how": self.how}
        return {"round": self.value.to_data(), "to": self.to.to_data(), **how}


_LAST = Decimal(1).scaleb(-MAX_FRACTION)
_LONGEST = timedelta(days=10**6)


def within_range(number: Number) -> Value | None:
    """A result as a value: amounts are rounded to nine decimals (half to even). None if it exceeds the range of values."""
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
