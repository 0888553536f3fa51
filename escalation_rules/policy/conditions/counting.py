"""Tests on the number of matching records, and on the sum of a field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions.computed import StatedValue, conditions_in
from escalation_rules.policy.conditions.condition import (
    Condition,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
    both,
    latest,
)
from escalation_rules.policy.conditions.memory import Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.selection import Comings, Finding, Members, RecordCondition, Selection
from escalation_rules.values import EXACT, Addable, Value

UNBOUNDED = 10**18


@attrs.frozen
class Count(Finding):
    """The number of matching records; unknown memberships make it an interval. With `window`: within any span
    of that length."""

    tests: tuple[Operator, ...]
    window: timedelta | None
    order: str
    head = "count"
    doc = "the number of records of the list (that fulfil `where`); with `within`, inside any span of that length"
    example = "{count: contacts, where: {made_by: customer}, within: 24 hours, at_least: 3}"
    meant_by = ("number", "number_of", "how_many", "count_of")

    def test(self, situation: Situation, records: Records) -> Truth:
        return self._truth(self.selection.members(situation, records), situation, records)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        members, comings = (
            self.selection.members(situation, records),
            self.selection.comings(situation, records),
        )
        return _since(members, comings, lambda meant: self._truth(meant, situation, records))

    def _truth(self, members: Members | None, situation: Situation, records: Records) -> Truth:
        sure, most = (0, UNBOUNDED) if members is None else self.bounds(members)
        return both(_over_interval(operator, sure, most, situation, records) for operator in self.tests)

    def names(self) -> Iterator[Name]:
        for operator in self.tests:
            yield from operator.names()

    def bounds(self, members: Members) -> tuple[int, int]:
        """The minimum and maximum of the count."""
        sure = [record for record, truth in members if truth]
        if self.window is None:
            return len(sure), len(members)
        undated = sum(1 for record, _ in members if record.values.get(self.order) is None)
        return self._densest(sure), self._densest([record for record, _ in members]) + undated

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        """Each record at which the required number was reached (with `window`, in the span that ends with it)."""
        dated = [(moment, record) for record in self.sure(situation, records)
                 if isinstance(moment := record.values.get(self.order), datetime)]  # fmt: skip
        dated.sort(key=lambda pair: pair[0])
        found = []
        for number, (moment, record) in enumerate(dated, start=1):
            early = sum(
                self.window is not None and moment - instant > self.window for instant, _ in dated[:number]
            )
            if all(operator.holds(number - early, situation, records) for operator in self.tests):
                found.append(record)
        return found

    def _densest(self, records: Sequence[RecordView]) -> int:
        moments = sorted(
            dated for record in records if isinstance(dated := record.values.get(self.order), datetime)
        )
        start = best = 0
        for end, moment in enumerate(moments):
            while self.window is not None and moment - moments[start] > self.window:
                start += 1
            best = max(best, end - start + 1)
        return best

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        if needs := self.selection.first_undecided(situation, records):
            return needs
        undated = (
            record
            for record, _ in self.selection.members(situation, records) or ()
            if record.values.get(self.order) is None
        )
        return tuple(Need(f"{self.selection.list}.{self.order}", record.id) for record in list(undated)[:1])

    def to_data(self) -> dict[str, object]:
        data = {
            **RecordCondition.to_data(self),
            **{operator.key: operator.to_data() for operator in self.tests},
        }
        return data | ({"within": str(Duration.of(self.window))} if self.window else {})


def _since(members: Members | None, comings: Comings, test: Callable[[Members], Truth]) -> datetime | None:
    """Since when a test of the members has had its truth: records that came or went are undone until it changes."""
    meant = list(members or [])
    now = test(meant) if members is not None else None
    dated = [(moment, record, comes) for moment, record, comes in comings if moment is not None]
    for moment in sorted({entry[0] for entry in dated}, reverse=True) if now is not None else ():
        went: Members = [(record, True) for at, record, comes in dated if at == moment and not comes]
        came = [record.id for at, record, comes in dated if at == moment and comes]
        meant = [pair for pair in meant if pair[0].id not in came] + went
        if test(meant) is not now:
            return moment
    return None


def _over_interval(test: Operator, low: int, high: int, situation: Situation, records: Records) -> Truth:
    if low == high:
        return test.holds(low, situation, records)
    # Each count test (bounds, equality, between) is constant between the numbers that it names.
    named = {point for part in numbers_in(test.to_data()) for point in (part - 1, part, part + 1)}
    points = {low, high, *(point for point in named if low <= point <= high)}
    truths = {test.holds(point, situation, records) for point in points}
    return truths.pop() if len(truths) == 1 else None


def numbers_in(data: object) -> Iterator[int]:
    """The whole numbers in the YAML form of a test."""
    if isinstance(data, int):
        yield data
    elif isinstance(data, list):
        for part in data:
            yield from numbers_in(part)


@attrs.frozen
class Sum(RecordCondition):
    """The sum of a field over matching records; unknown unless all parts are known."""

    field: str
    zero: Addable
    tests: tuple[Operator, ...]
    head = "sum"
    doc = "the sum of a field over the list (where …); unknown while a member or a value is"
    example = "{sum: losses.amount, where: {connected: true}, above: {TWD: 5000}}"
    meant_by = ("total", "total_of", "sum_of")

    def names(self) -> Iterator[Name]:
        for operator in self.tests:
            yield from operator.names()
        for value in self.compared():
            yield from value.names()

    def compared(self) -> Iterator[StatedValue]:
        """The values that are worked out, with which the sum is compared; in the scope of the test itself."""
        for operator in self.tests:
            yield from operator.values()

    def parts(self) -> Sequence[Condition]:
        return (*self.on_records(), *(part for value in self.compared() for part in conditions_in(value)))

    @property
    def timed(self) -> bool:
        return super().timed or any(value.timed for value in self.compared())

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from super().test_flips(situation, records)
        for value in self.compared():
            yield from value.flips(situation, records)

    def own_reach(self) -> Reach:
        return united((RecordCondition.own_reach(self), *(value.reach for value in self.compared())))

    def total(self, situation: Situation, records: Records) -> Value | None:
        """The sum; 0 without records."""
        return total(self.selection, self.field, self.zero, situation, records)

    def test(self, situation: Situation, records: Records) -> Truth:
        return self._truth(self.selection.members(situation, records), situation, records)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        comings = [(latest((moment, record.since(self.field))) if comes else moment, record, comes)
                   for moment, record, comes in self.selection.comings(situation, records)]  # fmt: skip
        members = self.selection.members(situation, records)
        return _since(members, comings, lambda meant: self._truth(meant, situation, records))

    def _truth(self, members: Members | None, situation: Situation, records: Records) -> Truth:
        value = summed(members, self.field, self.zero)
        return (
            None
            if value is None
            else both(operator.holds(value, situation, records) for operator in self.tests)
        )

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        needs = unknown_in_total(self.selection, self.field, situation, records)
        return needs or next(
            filter(None, (operator.undecided(situation, records) for operator in self.tests)), ()
        )

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield from RecordCondition.reads(self)
        yield f"{self.selection.list}.{self.field}", False
        for value in self.compared():
            yield from ((name, False) for name in value.reads())

    def to_data(self) -> dict[str, object]:
        tests = {operator.key: operator.to_data() for operator in self.tests}
        return {self.head: f"{self.selection.list}.{self.field}", **self.selection.to_data(), **tests}


def total(
    selection: Selection, field: str, zero: Addable, situation: Situation, records: Records
) -> Addable | None:
    """The sum of `field` over the selection, starting at `zero`; None if a membership or a value is unknown."""
    return summed(selection.members(situation, records), field, zero)


def summed(members: Members | None, field: str, zero: Addable) -> Addable | None:
    """The sum of `field` over some records, starting at `zero`; None if a membership or a value is unknown."""
    if members is None or any(truth is None for _, truth in members):
        return None
    return added_up((record.values.get(field) for record, _ in members), zero)


def added_up(values: Iterable[Value | None], zero: Addable) -> Addable | None:
    """The sum of values, starting at `zero`; None if one is unknown."""
    result = zero
    for value in values:
        if isinstance(result, timedelta) and isinstance(value, timedelta):
            result += value
        elif isinstance(value, (Decimal, int)) and not isinstance(result, timedelta):
            result = EXACT.add(Decimal(result), Decimal(value))
        else:
            return None
    return int(result) if isinstance(zero, int) and not isinstance(result, timedelta) else result


def without(total: Any, part: Any) -> Any:
    """What is left of a total without a part of it, exactly; both are of one type."""
    return EXACT.subtract(total, part) if isinstance(total, Decimal) else total - part


def unknown_in_total(
    selection: Selection, field: str, situation: Situation, records: Records
) -> tuple[Need, ...]:
    """What must be found out first to know the sum."""
    if needs := selection.first_undecided(situation, records):
        return needs
    members = selection.members(situation, records) or []
    unknown = [record.id for record, _ in members if record.values.get(field) is None]
    return tuple(Need(f"{selection.list}.{field}", record) for record in unknown[:1])
