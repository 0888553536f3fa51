"""Tests on the records of a list: `some`, `none`, `every`, `latest` and `earliest`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from escalation_rules.policy.conditions.condition import (
    Condition,
    Need,
    Records,
    RecordView,
    Situation,
    Truth,
    both,
    earliest,
    either,
    latest,
    opposite,
)
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.selection import Finding, Members, RecordCondition, Selection


@attrs.frozen
class Some(Finding):
    """At least one record matches."""

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

    def test(self, situation: Situation, records: Records) -> Truth:
        listed = situation.lists.get(self.selection.list)
        if not listed:
            return None if listed is None else False
        return self.selection.any_belongs(situation, records)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        truth = Some.test(self, situation, records)
        comings = self.selection.comings(situation, records) if truth is not None else []
        moments = [moment for moment, _, comes in comings if comes is truth]
        return earliest(moments) if truth else latest(moments)

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        return self.sure(situation, records)


@attrs.frozen
class NoRecord(Some):
    """No record matches."""

    head = "none"
    doc = "no record of the list (that fulfils `where`) exists"
    example = "{none: promises, where: {kept_at: given}}"
    meant_by = ("no", "without", "not_exists", "not_some", "no_record")

    def test(self, situation: Situation, records: Records) -> Truth:
        return opposite(Some.test(self, situation, records))


@attrs.frozen
class _Having(RecordCondition):
    """Base of the tests with `has`."""

    has: Condition

    def on_records(self) -> Sequence[Condition]:
        return (*RecordCondition.on_records(self), self.has)

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.selection.flips(situation, records)
        yield from self.selection.flips_of(self.has, situation, records)

    def to_data(self) -> dict[str, object]:
        return {**RecordCondition.to_data(self), "has": self.has.to_data()}


@attrs.frozen
class Every(_Having):
    """Each matching record satisfies `has`; true if there is none."""

    head = "every"
    doc = "each record of the list (that fulfils `where`) also fulfils `has`; true if there is none"
    example = "{every: promises, has: {kept_at: given}}"
    meant_by = ("each", "for_all", "all_records")

    def test(self, situation: Situation, records: Records) -> Truth:
        members = self.selection.members(situation, records)
        if members is None:
            return None
        return both(
            either((opposite(truth), self.has.evaluate(situation, (*records, record))))
            for record, truth in members
        )

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        kept: list[datetime | None] = []
        broken: list[datetime | None] = []
        for record in situation.lists.get(self.selection.list) or ():
            inner = (*records, record)
            member, has = (
                self.selection.belongs(record, situation, records),
                self.has.evaluate(situation, inner),
            )
            came, had = self.selection.since(record, situation, records), self.has.since(situation, inner)
            if member and has is False:
                broken.append(latest((came, had)))
            elif member is False or has:
                reasons = [moment for applies, moment in ((member is False, came), (has, had)) if applies]
                moment = earliest(reasons)
                kept += [moment] if record.recorded is None or moment != record.recorded else []
        return earliest(broken) if broken else latest(kept)

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


def winner(members: Members, order: str, *, last: bool) -> RecordView | None:
    """The last (or first) of some records by an instant. None while a membership is unknown or, with several records, an
    instant."""
    if not members or any(truth is None for _, truth in members):
        return None
    if len(members) == 1:
        return members[0][0]
    dated = [(moment, record) for record, _ in members
             if isinstance(moment := record.values.get(order), datetime)]  # fmt: skip
    if len(dated) < len(members):
        return None
    dated.sort(key=lambda pair: pair[0])  # stable: equal instants keep the order of the list
    return dated[-1 if last else 0][1]


def undated(members: Members, selection: Selection, order: str) -> Need:
    """The instant of the first of several records that has none."""
    lacking = next(record for record, _ in members if record.values.get(order) is None)
    return Need(f"{selection.list}.{order}", lacking.id)


@attrs.frozen
class Latest(_Having, Finding):
    """The last matching record, by the list's instant, satisfies `has`; false if there is none."""

    order: str
    head = "latest"
    doc = "the latest record of the list (that fulfils `where`) fulfils `has`; false if there is none"
    example = "{latest: contacts, has: {outcome: no_answer}}"
    meant_by: ClassVar[tuple[str, ...]] = ("last", "newest", "most_recent")
    last: ClassVar[bool] = True

    def test(self, situation: Situation, records: Records) -> Truth:
        members = self.selection.members(situation, records)
        if members is None:
            return None
        if not members:
            return False
        chosen = winner(members, self.order, last=self.last)
        return None if chosen is None else self.has.evaluate(situation, (*records, chosen))

    def found(self, situation: Situation, records: Records) -> Sequence[RecordView]:
        chosen = winner(self.selection.members(situation, records) or [], self.order, last=self.last)
        return () if chosen is None else (chosen,)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        members = self.selection.members(situation, records)
        if members is None:
            return None
        chosen = winner(members, self.order, last=self.last)
        if chosen is not None:
            came = self.selection.since(chosen, situation, records)
            return latest((came, self.has.since(situation, (*records, chosen))))
        gone = self.selection.comings(situation, records) if not members else []
        return latest(moment for moment, _, _ in gone)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        if needs := self.selection.first_undecided(situation, records):
            return needs
        members = self.selection.members(situation, records) or []
        chosen = winner(members, self.order, last=self.last)
        if chosen is not None:
            return self.has.undecided(situation, (*records, chosen))
        return (undated(members, self.selection, self.order),)

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield from RecordCondition.reads(self)
        yield f"{self.selection.list}.{self.order}", False


@attrs.frozen
class Earliest(Latest):
    """The first matching record, by the list's instant, satisfies `has`; false if there is none."""

    head = "earliest"
    doc = "the earliest record of the list (that fulfils `where`) fulfils `has`; false if there is none"
    example = "{earliest: contacts, has: {made_by: customer}}"
    meant_by = ("first", "oldest")
    last: ClassVar[bool] = False


RECORD_CONDITIONS: tuple[type[RecordCondition], ...] = (Some, NoRecord, Every, Count, Sum, Latest, Earliest)
