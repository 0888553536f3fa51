"""Tests over the records of a list: some, none, every, count, sum, latest and earliest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.conditions.base import (
    Condition,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
    both,
    either,
    opposite,
    role_of,
)
from escalation_rules.conditions.operator import Operator
from escalation_rules.values import EXACT, Party, Value

Members = list[tuple[RecordView, Truth]]
Addable = Decimal | timedelta | int
UNBOUNDED = 10**18


@attrs.frozen
class Selection:
    """Which records are meant: those of `list` that fulfil `where`; with `via`, only those whose field `via` refers
    to the record at `depth` of the scope. `whole` if the rule says `of: case`: all of them, wherever it stands.
    """

    list: str
    where: Condition | None = None
    via: str | None = None
    depth: int = 0
    whole: bool = False

    def members(self, situation: Situation, records: Records) -> Members | None:
        """Each record that may belong, with the truth of that; None if the list itself is unknown."""
        listed = situation.lists.get(self.list)
        if listed is None:
            return None
        found: Members = []
        for record in listed:
            truth = self.belongs(record, situation, records)
            if truth is not False:
                found.append((record, truth))
        return found

    def belongs(self, record: RecordView, situation: Situation, records: Records) -> Truth:
        """Whether one record of the list is meant."""
        refers = self._refers(record, records)
        if refers is False or self.where is None:
            return refers
        return both((refers, self.where.evaluate(situation, (*records, record))))

    def _refers(self, record: RecordView, records: Records) -> Truth:
        if self.via is None:
            return True
        target, meant = record.values.get(self.via), records[self.depth]
        if isinstance(target, Party):
            return target.name == meant.id or target.name == role_of(meant)
        return None if target is None else target == meant.id

    def undecided(self, record: RecordView, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out to know whether the record belongs."""
        if self._refers(record, records) is None:
            return (Need(f"{self.list}.{self.via}", record.id),)
        return self.where.undecided(situation, (*records, record)) if self.where else ()

    def first_undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out first about the list or the membership of its records."""
        members = self.members(situation, records)
        if members is None:
            return (Need(self.list),)
        open_ones = (self.undecided(record, situation, records) for record, truth in members if truth is None)
        return next(filter(None, open_ones), ())

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """Instants at which membership may change."""
        for record in situation.lists.get(self.list) or ():
            if self.where is not None:
                yield from self.where.flips(situation, (*records, record))

    def to_data(self) -> dict[str, object]:
        """The modifiers in their YAML form."""
        data: dict[str, object] = {"where": self.where.to_data()} if self.where else {}
        of = "case" if self.whole else self.via
        return data | ({"of": of} if of else {})


@attrs.frozen
class RecordCondition(Condition):
    """Base of the tests over a selection of records."""

    head: ClassVar[str]
    doc: ClassVar[str]
    example: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()
    selection: Selection

    def parts(self) -> Sequence[Condition]:
        return (self.selection.where,) if self.selection.where else ()

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield self.selection.list, False
        if self.selection.via:
            yield f"{self.selection.list}.{self.selection.via}", False

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        return self.selection.flips(situation, records)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        return self.selection.first_undecided(situation, records)

    def to_data(self) -> dict[str, object]:
        return {self.head: self.selection.list, **self.selection.to_data()}


class Finding(RecordCondition):
    """Base of the tests that hold because of certain records: deadlines can count from an instant of these."""

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        """The records because of which the test holds."""
        raise NotImplementedError

    def sure(self, situation: Situation, records: Records) -> list[RecordView]:
        """The records that surely are meant."""
        return [record for record, truth in self.selection.members(situation, records) or () if truth]


@attrs.frozen
class Some(Finding):
    """At least one record is meant."""

    head = "some"
    doc = "at least one record of the list (that fulfils `where`) exists"
    example = "{some: damages, where: {evident: true}}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "exists",
        "exist",
        "there_is",
        "there_are",
        "has_some",
        "includes",
        "at_least_one",
    )

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        listed = situation.lists.get(self.selection.list)
        if listed is None:
            return None
        return either(self.selection.belongs(record, situation, records) for record in listed)

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        return self.sure(situation, records)


@attrs.frozen
class NoRecord(Some):
    """No record is meant."""

    head = "none"
    doc = "no record of the list (that fulfils `where`) exists"
    example = "{none: promises, where: {kept_at: given}}"
    meant_by = ("no", "without", "not_exists", "not_some", "no_record")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return opposite(Some.evaluate(self, situation, records))


@attrs.frozen
class _Having(RecordCondition):
    """A test of what records have."""

    has: Condition

    def parts(self) -> Sequence[Condition]:
        return (*RecordCondition.parts(self), self.has)

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.selection.flips(situation, records)
        for record in situation.lists.get(self.selection.list) or ():
            yield from self.has.flips(situation, (*records, record))

    def to_data(self) -> dict[str, object]:
        return {**RecordCondition.to_data(self), "has": self.has.to_data()}


@attrs.frozen
class Every(_Having):
    """Each record that is meant has it; true where there is none."""

    head = "every"
    doc = "each record of the list (that fulfils `where`) also fulfils `has`; true if there is none"
    example = "{every: promises, has: {kept_at: given}}"
    meant_by = ("each", "for_all", "all_records")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        members = self.selection.members(situation, records)
        if members is None:
            return None
        return both(
            either((opposite(truth), self.has.evaluate(situation, (*records, record))))
            for record, truth in members
        )

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        for record, truth in self.selection.members(situation, records) or ():
            inner = (*records, record)
            if self.has.evaluate(situation, inner) is not True:
                needs = self.selection.undecided(record, situation, records) if truth is None else ()
                if needs := needs or self.has.undecided(situation, inner):
                    return needs
        return self.selection.first_undecided(situation, records)


@attrs.frozen
class Latest(_Having, Finding):
    """The last record that is meant, by the list's instant, has it; false where there is none."""

    order: str
    head = "latest"
    doc = "the latest record of the list (that fulfils `where`) fulfils `has`; false if there is none"
    example = "{latest: contacts, has: {outcome: no_answer}}"
    meant_by: ClassVar[tuple[str, ...]] = ("last", "newest", "most_recent")
    last: ClassVar[bool] = True

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        members = self.selection.members(situation, records)
        if members is None:
            return None
        if not members:
            return False
        chosen = self._chosen(members)
        return None if chosen is None else self.has.evaluate(situation, (*records, chosen))

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        chosen = self._chosen(self.selection.members(situation, records) or [])
        return () if chosen is None else (chosen,)

    def _chosen(self, members: Members) -> RecordView | None:
        if not members or any(truth is None for _, truth in members):
            return None
        if len(members) == 1:
            return members[0][0]
        keyed = [(record.values.get(self.order), record.id, record) for record, _ in members]
        if any(moment is None for moment, _, _ in keyed):
            return None
        ordered = sorted(keyed, key=lambda item: (item[0], item[1]))
        return ordered[-1 if self.last else 0][2]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        if needs := self.selection.first_undecided(situation, records):
            return needs
        members = self.selection.members(situation, records) or []
        chosen = self._chosen(members)
        if chosen is not None:
            return self.has.undecided(situation, (*records, chosen))
        undated = next(record for record, _ in members if record.values.get(self.order) is None)
        return (Need(f"{self.selection.list}.{self.order}", undated.id),)

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield from RecordCondition.reads(self)
        yield f"{self.selection.list}.{self.order}", False


@attrs.frozen
class Earliest(Latest):
    """The first record that is meant, by the list's instant, has it; false where there is none."""

    head = "earliest"
    doc = "the earliest record of the list (that fulfils `where`) fulfils `has`; false if there is none"
    example = "{earliest: contacts, has: {by: customer}}"
    meant_by = ("first", "oldest")
    last: ClassVar[bool] = False


@attrs.frozen
class Count(Finding):
    """How many records are meant; unknown members make an interval. With `window`: within some span that long."""

    tests: tuple[Operator, ...]
    window: timedelta | None
    order: str
    head = "count"
    doc = "so many records of the list (that fulfil `where`); with `within`, inside some span of that length"
    example = "{count: contacts, where: {by: customer}, within: 24 hours, at_least: 3}"
    meant_by = ("number", "number_of", "how_many", "count_of")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        members = self.selection.members(situation, records)
        sure, most = (0, UNBOUNDED) if members is None else self.bounds(members)
        return both(_over_interval(each, sure, most, situation, records) for each in self.tests)

    def bounds(self, members: Members) -> tuple[int, int]:
        """The least and the most that the count can be."""
        sure = [record for record, truth in members if truth]
        if self.window is None:
            return len(sure), len(members)
        undated = sum(1 for record, _ in members if record.values.get(self.order) is None)
        return self._densest(sure), self._densest([record for record, _ in members]) + undated

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        """Each record with which there were as many (in the span that ends with it) as the tests ask for."""
        dated = [(moment, record.id, record) for record in self.sure(situation, records)
                 if isinstance(moment := record.values.get(self.order), datetime)]  # fmt: skip
        dated.sort(key=lambda each: each[:2])
        found = []
        for number, (moment, _, record) in enumerate(dated, start=1):
            early = sum(
                self.window is not None and moment - each > self.window for each, _, _ in dated[:number]
            )
            if all(each.holds(number - early, situation, records) for each in self.tests):
                found.append(record)
        return found

    def _densest(self, records: Sequence[RecordView]) -> int:
        moments = sorted(
            each for record in records if isinstance(each := record.values.get(self.order), datetime)
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
            r for r, _ in self.selection.members(situation, records) or () if r.values.get(self.order) is None
        )
        return tuple(Need(f"{self.selection.list}.{self.order}", record.id) for record in list(undated)[:1])

    def to_data(self) -> dict[str, object]:
        data = {**RecordCondition.to_data(self), **{each.key: each.to_data() for each in self.tests}}
        return data | ({"within": str(Duration.of(self.window))} if self.window else {})


def _over_interval(test: Operator, low: int, high: int, situation: Situation, records: Records) -> Truth:
    # Every count test (bounds, equality, between) is constant outside the numbers it names and their neighbours.
    named = {each for part in _numbers(test.to_data()) for each in (part - 1, part, part + 1)}
    points = {low, high, *(each for each in named if low <= each <= high)}
    truths = {test.holds(each, situation, records) for each in points}
    return truths.pop() if len(truths) == 1 else None


def _numbers(data: object) -> Iterator[int]:
    if isinstance(data, int):
        yield data
    elif isinstance(data, list):
        for each in data:
            yield from _numbers(each)


@attrs.frozen
class Sum(RecordCondition):
    """The sum of a field over the records that are meant; unknown unless all of it is known."""

    field: str
    zero: Addable
    tests: tuple[Operator, ...]
    head = "sum"
    doc = "the sum of a field over the list (where …); unknown while a member or a value is"
    example = "{sum: losses.amount, where: {connected: true}, above: {TWD: 5000}}"
    meant_by = ("total", "total_of", "sum_of")

    def total(self, situation: Situation, records: Records) -> Value | None:
        """The sum; 0 over no records."""
        return total(self.selection, self.field, self.zero, situation, records)

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        value = self.total(situation, records)
        return None if value is None else both(each.holds(value, situation, records) for each in self.tests)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        needs = unknown_in_total(self.selection, self.field, situation, records)
        return needs or next(filter(None, (each.undecided(situation, records) for each in self.tests)), ())

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield from RecordCondition.reads(self)
        yield f"{self.selection.list}.{self.field}", False

    def to_data(self) -> dict[str, object]:
        tests = {each.key: each.to_data() for each in self.tests}
        return {self.head: f"{self.selection.list}.{self.field}", **self.selection.to_data(), **tests}


def total(
    selection: Selection, field: str, zero: Addable, situation: Situation, records: Records
) -> Addable | None:
    """The sum of `field` over the selection, starting at `zero`; None while a member or a value is unknown."""
    members = selection.members(situation, records)
    if members is None or any(truth is None for _, truth in members):
        return None
    result = zero
    for record, _ in members:
        value = record.values.get(field)
        if isinstance(result, timedelta) and isinstance(value, timedelta):
            result += value
        elif isinstance(value, (Decimal, int)) and not isinstance(result, timedelta):
            result = EXACT.add(Decimal(result), Decimal(value))
        else:
            return None
    return int(result) if isinstance(zero, int) and not isinstance(result, timedelta) else result


def unknown_in_total(
    selection: Selection, field: str, situation: Situation, records: Records
) -> tuple[Need, ...]:
    """What must be found out first to know the sum."""
    if needs := selection.first_undecided(situation, records):
        return needs
    members = selection.members(situation, records) or []
    unknown = [record.id for record, _ in members if record.values.get(field) is None]
    return tuple(Need(f"{selection.list}.{field}", each) for each in unknown[:1])


RECORD_CONDITIONS: tuple[type[RecordCondition], ...] = (Some, NoRecord, Every, Count, Sum, Latest, Earliest)
