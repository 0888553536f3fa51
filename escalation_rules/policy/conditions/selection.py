"""Which records of a list are meant, and the bases of the tests over them."""

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
"""So many records are gone through faster than they are sorted by what they refer to."""

_START = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)

Members = list[tuple[RecordView, Truth]]
Comings = list[tuple[datetime | None, RecordView, bool]]
"""Records with the instant since which they are among those meant (None: from the start), or (False) no more are."""


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
    _alone: dict[bool, bool] = attrs.field(init=False, factory=dict, eq=False, repr=False)

    def members(self, situation: Situation, records: Records) -> Members | None:
        """Each record that may belong, with the truth of that; None if the list itself is unknown."""
        listed = situation.lists.get(self.list)
        if listed is None:
            return None
        alike = self.via is None and (self.where is None or self._looks_only_at_it(self.where, len(records)))
        if alike and len(listed) >= FEW:  # the same for whatever is in scope
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
        """The records of the list, less those that surely refer to another record, in order."""
        listed = situation.lists.get(self.list) or ()
        if self.via is None or len(listed) < FEW:
            return listed
        found = [*self._referring(situation, records), *self._unclear(situation)]
        return [record for _, record in sorted(found, key=lambda each: each[0])]

    def any_belongs(self, situation: Situation, records: Records) -> Truth:
        """Whether at least one record of the list, which is known, is meant."""
        if self.via is None or len(situation.lists.get(self.list) or ()) < FEW:
            found = self.candidates(situation, records)
            return either(self.belongs(record, situation, records) for record in found)
        sure = self._referring(situation, records)
        truth = either(self.belongs(record, situation, records) for _, record in sure)
        if truth is not False:
            return truth
        unclear = self._unclear(situation)  # of these none is surely meant: one that may be will do
        return None if any(self.belongs(each, situation, records) is None for _, each in unclear) else False

    def _referring(self, situation: Situation, records: Records) -> Iterator[tuple[int, RecordView]]:
        """The records that surely refer to the one in scope, with their places."""
        referring, meant = situation.referring(self.list, self.via or ""), records[self.depth]
        for name in {meant.id, role_of(meant)} - {None}:
            yield from referring.get(name, ())

    def _unclear(self, situation: Situation) -> Sequence[tuple[int, RecordView]]:
        """Those of which nobody knows what they refer to."""
        return situation.referring(self.list, self.via or "").get(None, ())

    def belongs(self, record: RecordView, situation: Situation, records: Records) -> Truth:
        """Whether one record of the list is meant."""
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
        """How it comes out for one record, and from when until when."""
        truth = where.evaluate(situation, (*records, record))
        if not where.timed:
            return Lasting(truth, _START, _END)
        later = (each for each in self._flips(where, record, situation, records) if each > situation.at)
        return Lasting(truth, situation.at, min(later, default=_END))

    def _looks_only_at_it(self, condition: Condition, place: int) -> bool:
        """Whether it looks at nothing but what the case says of the record, the one at this place of the scope, and at how
        much time has passed."""
        key = condition is self.where  # else it is what the records must have
        if key not in self._alone:
            reach = condition.reach
            own = not reach.names and not reach.concluded and reach.outermost >= place
            self._alone[key] = own and not any(each.by_hour for each in condition.walk())
        return self._alone[key]

    def _refers(self, record: RecordView, records: Records) -> Truth:
        if self.via is None:
            return True
        target, meant = record.values.get(self.via), records[self.depth]
        if isinstance(target, Party):
            return target.name == meant.id or target.name == role_of(meant)
        return None if target is None else target == meant.id

    def since(self, record: RecordView, situation: Situation, records: Records) -> datetime | None:
        """Since when one record of the list has been meant, or not; of one never meant: since it was recorded."""
        refers = self._refers(record, records)
        parts = [(refers, record.since(self.via) if self.via is not None else None)]
        if self.where is not None and refers is not False:
            inner = (*records, record)
            parts.append((self.where.evaluate(situation, inner), self.where.since(situation, inner)))
        settled = [moment for truth, moment in parts if truth is False]
        return latest((record.recorded, earliest(settled) if settled else latest(each for _, each in parts)))

    def comings(self, situation: Situation, records: Records) -> Comings:
        """When the records that are surely meant came, and when those that are surely not meant any more went."""
        found: Comings = []
        for record in situation.lists.get(self.list) or ():
            truth = self.belongs(record, situation, records)
            moment = self.since(record, situation, records) if truth is not None else None
            if truth or (truth is False and moment is not None and moment != record.recorded):
                found.append((moment, record, truth))
        return found

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
        return iter(()) if self.where is None else self.flips_of(self.where, situation, records)

    def flips_of(self, condition: Condition, situation: Situation, records: Records) -> Iterator[datetime]:
        """Instants at which a condition on one of the records may change, also on one that is not meant."""
        alone = self._looks_only_at_it(condition, len(records))
        for record in situation.lists.get(self.list) or ():
            if alone:
                yield from self._flips(condition, record, situation, records)
            else:
                yield from condition.flips(situation, (*records, record))

    def _flips(
        self, condition: Condition, record: RecordView, situation: Situation, records: Records
    ) -> tuple[datetime, ...]:
        """The same for one record, of a condition that looks at nothing else."""
        key = id(condition)
        if key not in record.flips:
            record.flips[key] = tuple(condition.flips(situation, (*records, record)))
        return record.flips[key]

    @property
    def reach(self) -> Reach:
        """What is looked at to know which records are meant."""
        depths = frozenset((self.depth,)) if self.via is not None else frozenset[int]()
        own = Reach((f"{LIST}{self.list}",), depths)
        return own if self.where is None else united((own, self.where.reach))

    @property
    def timed(self) -> bool:
        """Whether membership may ever change by time alone."""
        return self.where is not None and self.where.timed

    def to_data(self) -> dict[str, object]:
        """The modifiers in their YAML form."""
        data: dict[str, object] = {"where": self.where.to_data()} if self.where else {}
        of = "case" if self.whole else self.via
        return data | ({"of": of} if of else {})


@attrs.frozen
class RecordCondition(Remembered):
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
        yield from Condition.reads(self)

    def own_reach(self) -> Reach:
        return united((self.selection.reach, Condition.own_reach(self)))

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        return self.selection.flips(situation, records)

    @property
    def timed(self) -> bool:
        return any(each.timed for each in self.parts())

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
