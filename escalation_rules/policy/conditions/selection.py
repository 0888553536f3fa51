"""Selects records of a list, and defines the base classes of tests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import ClassVar

import attrs

from escalation_rules.policy.conditions.condition import (
    Condition,
    Lasting,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
    both,
    earliest,
    either,
    latest,
    role_of,
)
from escalation_rules.policy.conditions.memory import LIST, Reach, united
from escalation_rules.policy.conditions.remembered import Remembered
from escalation_rules.values import Party

FEW = 8
"""Up to this number of records, a linear scan is faster than an index by reference."""

_START = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)

Members = list[tuple[RecordView, Truth]]
Comings = list[tuple[datetime | None, RecordView, bool]]
"""Records with the instant since which they match (None: from the start) or, with False, have stopped matching."""


@attrs.frozen
class Selection:
    """Selects the records of `list` that satisfy `where`; with `via`, only those whose field `via` refers to
    the record at position `depth` of the scope. `whole`: the rule says `of: case`, so all records of the list
    are considered."""

    list: str
    where: Condition | None = None
    via: str | None = None
    depth: int = 0
    whole: bool = False
    _alone: dict[bool, bool] = attrs.field(init=False, factory=dict, eq=False, repr=False)

    def members(self, situation: Situation, records: Records) -> Members | None:
        """Each record that may match, with its truth; None if the list is unknown."""
        listed = situation.lists.get(self.list)
        if listed is None:
            return None
        alike = self.via is None and (self.where is None or self._looks_only_at_it(self.where, len(records)))
        if alike and len(listed) >= FEW:  # independent of the scope
            key = ("members", self.list, id(self.where), len(records))
            return situation.recalled(key, None, lambda: self._members(situation, records))
        return self._members(situation, records)

    def _members(self, situation: Situation, records: Records) -> Members:
        found: Members = []
        for record in self.candidates(situation, records):
            truth = self.belongs(record, situation, records)
            if truth is not False:
                found.append((record, truth))
        return found

    def candidates(self, situation: Situation, records: Records) -> Iterable[RecordView]:
        """The records of the list in order, except those that certainly refer to another record."""
        listed = situation.lists.get(self.list) or ()
        if self.via is None or len(listed) < FEW:
            return listed
        found = [*self._referring(situation, records), *self._unclear(situation)]
        return [record for _, record in sorted(found, key=lambda pair: pair[0])]

    def any_belongs(self, situation: Situation, records: Records) -> Truth:
        """Whether at least one record of the list, which must be known, matches."""
        if self.via is None or len(situation.lists.get(self.list) or ()) < FEW:
            found = self.candidates(situation, records)
            return either(self.belongs(record, situation, records) for record in found)
        sure = self._referring(situation, records)
        truth = either(self.belongs(record, situation, records) for _, record in sure)
        if truth is not False:
            return truth
        unclear = self._unclear(situation)  # none of these certainly matches, so any that may match suffices
        return (
            None if any(self.belongs(record, situation, records) is None for _, record in unclear) else False
        )

    def _referring(self, situation: Situation, records: Records) -> Iterator[tuple[int, RecordView]]:
        """The records that certainly refer to the one in scope, with their indexes."""
        referring, meant = situation.referring(self.list, self.via or ""), records[self.depth]
        for name in {meant.id, role_of(meant)} - {None}:
            yield from referring.get(name, ())

    def _unclear(self, situation: Situation) -> Sequence[tuple[int, RecordView]]:
        """The records whose reference is unknown."""
        return situation.referring(self.list, self.via or "").get(None, ())

    def belongs(self, record: RecordView, situation: Situation, records: Records) -> Truth:
        """Whether one record of the list matches."""
        if self.via is None:
            return True if self.where is None else self._fulfils(self.where, record, situation, records)
        refers = self._refers(record, records)
        if refers is False or self.where is None:
            return refers
        return both((refers, self._fulfils(self.where, record, situation, records)))

    def _fulfils(self, where: Condition, record: RecordView, situation: Situation, records: Records) -> Truth:
        if not self._looks_only_at_it(where, len(records)):
            return where.evaluate(situation, (*records, record))
        tested, key, at = record.tested, id(where), situation.at
        known = tested.get(key)
        if known is None or not known.begin <= at < known.end:
            known = tested[key] = self._lasting(where, record, situation, records)
        return known.truth

    def _lasting(
        self, where: Condition, record: RecordView, situation: Situation, records: Records
    ) -> Lasting:
        """The truth for one record, and from when until when it is valid."""
        truth = where.evaluate(situation, (*records, record))
        if not where.timed:
            return Lasting(truth, _START, _END)
        later = (flip for flip in self._flips(where, record, situation, records) if flip > situation.at)
        return Lasting(truth, situation.at, min(later, default=_END))

    def _looks_only_at_it(self, condition: Condition, place: int) -> bool:
        """Whether the condition depends only on what the case states of the record at this position, and on time."""
        key = condition is self.where  # else it is the `has` of a test
        if key not in self._alone:
            reach = condition.reach
            own = not reach.names and not reach.concluded and reach.outermost >= place
            self._alone[key] = own and not any(test.by_hour for test in condition.walk())
        return self._alone[key]

    def _refers(self, record: RecordView, records: Records) -> Truth:
        if self.via is None:
            return True
        target, meant = record.values.get(self.via), records[self.depth]
        if isinstance(target, Party):
            return target.name == meant.id or target.name == role_of(meant)
        return None if target is None else target == meant.id

    def since(self, record: RecordView, situation: Situation, records: Records) -> datetime | None:
        """Since when a record has matched or not; for one that never matched, since it was recorded."""
        refers = self._refers(record, records)
        parts = [(refers, record.since(self.via) if self.via is not None else None)]
        if self.where is not None and refers is not False:
            inner = (*records, record)
            parts.append((self.where.evaluate(situation, inner), self.where.since(situation, inner)))
        settled = [moment for truth, moment in parts if truth is False]
        return latest(
            (record.recorded, earliest(settled) if settled else latest(moment for _, moment in parts))
        )

    def comings(self, situation: Situation, records: Records) -> Comings:
        """When the records that certainly match started to, and when those that certainly do not any more stopped."""
        found: Comings = []
        for record in situation.lists.get(self.list) or ():
            truth = self.belongs(record, situation, records)
            moment = self.since(record, situation, records) if truth is not None else None
            if truth or (truth is False and moment is not None and moment != record.recorded):
                found.append((moment, record, truth))
        return found

    def undecided(self, record: RecordView, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out to know whether the record matches."""
        if self._refers(record, records) is None:
            return (Need(f"{self.list}.{self.via}", record.id),)
        return self.where.undecided(situation, (*records, record)) if self.where else ()

    def first_undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out first about the list, or about which records match."""
        members = self.members(situation, records)
        if members is None:
            return (Need(self.list),)
        open_ones = (self.undecided(record, situation, records) for record, truth in members if truth is None)
        return next(filter(None, open_ones), ())

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants at which the selection may change."""
        return iter(()) if self.where is None else self.flips_of(self.where, situation, records)

    def flips_of(self, condition: Condition, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants at which a condition on any of the records may change, including records that do not match."""
        alone = self._looks_only_at_it(condition, len(records))
        for record in situation.lists.get(self.list) or ():
            if alone:
                yield from self._flips(condition, record, situation, records)
            else:
                yield from condition.flips(situation, (*records, record))

    def _flips(
        self, condition: Condition, record: RecordView, situation: Situation, records: Records
    ) -> tuple[datetime, ...]:
        """The same for one record and a condition that depends on nothing else."""
        key = id(condition)
        if key not in record.flips:
            record.flips[key] = tuple(condition.flips(situation, (*records, record)))
        return record.flips[key]

    @property
    def reach(self) -> Reach:
        """What is read to select the records."""
        depths = frozenset((self.depth,)) if self.via is not None else frozenset[int]()
        own = Reach((f"{LIST}{self.list}",), depths)
        return own if self.where is None else united((own, self.where.reach))

    @property
    def timed(self) -> bool:
        """Whether the selection may ever change by time alone."""
        return self.where is not None and self.where.timed

    def to_data(self) -> dict[str, object]:
        """The modifiers in their YAML form."""
        data: dict[str, object] = {"where": self.where.to_data()} if self.where else {}
        of = "case" if self.whole else self.via
        return data | ({"of": of} if of else {})


@attrs.frozen
class RecordCondition(Remembered):
    """Base of the tests on a selection of records."""

    head: ClassVar[str]
    doc: ClassVar[str]
    example: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()
    selection: Selection

    def on_records(self) -> Sequence[Condition]:
        """The conditions on single records of the list, in whose scope that record is the innermost."""
        return (self.selection.where,) if self.selection.where else ()

    def parts(self) -> Sequence[Condition]:
        return self.on_records()

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield self.selection.list, False
        if self.selection.via:
            yield f"{self.selection.list}.{self.selection.via}", False
        yield from Condition.reads(self)

    def own_reach(self) -> Reach:
        return united((self.selection.reach, Condition.own_reach(self)))

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        return self.selection.flips(situation, records)

    @property
    def timed(self) -> bool:
        return any(part.timed for part in self.parts())

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        return self.selection.first_undecided(situation, records)

    def to_data(self) -> dict[str, object]:
        return {self.head: self.selection.list, **self.selection.to_data()}


class Finding(RecordCondition):
    """Base of the tests that hold because of certain records, from whose instants deadlines can count."""

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        """The records because of which the test holds."""
        raise NotImplementedError

    def sure(self, situation: Situation, records: Records) -> list[RecordView]:
        """The records that certainly match."""
        return [record for record, truth in self.selection.members(situation, records) or () if truth]
