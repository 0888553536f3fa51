"""Builds the situation that rules see at one instant from what is known of a case."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

import attrs

from escalation_rules.case.folding import Snapshot
from escalation_rules.policy.conditions import (
    ACTS,
    LIST,
    NEVER,
    Act,
    Known,
    Lapsed,
    Memory,
    RecordView,
    Situation,
    Stated,
    Versions,
    by_action,
)
from escalation_rules.policy.vocabulary import Fact, Vocabulary
from escalation_rules.values import Value

PARTIES = "parties"
_END = datetime.max.replace(tzinfo=UTC)


class SituationBuilder:
    """Builds situations; holds what depends only on the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._presumed = _presumptions(vocabulary.facts)
        self._stale = _staleness(vocabulary.facts)
        self._of_list = {
            name: (_presumptions(record_list.fields), _staleness(record_list.fields))
            for name, record_list in vocabulary.records.items()
        }
        self._replacing = {
            name: record_list.takes_place_of
            for name, record_list in vocabulary.records.items()
            if record_list.takes_place_of is not None
        }
        self._steady = frozenset(
            name
            for name, (_, stale) in self._of_list.items()
            if not stale and not any(field.concluded for field in vocabulary.records[name].fields.values())
        )
        self._required = {
            name: action.required for name, action in vocabulary.actions.items() if action.required
        }
        self._defaults: dict[str, tuple[RecordView, ...] | None] = {
            name: () if record_list.absent == "none" else None
            for name, record_list in vocabulary.records.items()
        }

    def situation(
        self, snapshot: Snapshot, currency: str | None, at: datetime, memory: Memory | None = None
    ) -> Situation:
        """The situation at `at` (UTC): stale facts are unknown, and presumptions replace unknown facts.

        With a memory of the case, unchanged parts of the last situation are reused.
        """
        happened = bisect_right(snapshot.acts, at, key=_when)
        flips: list[datetime] = [act.at for act in snapshot.acts[happened : happened + 1]]
        stated, lapsed = _stated(snapshot, self._stale, at, flips)
        lists = dict(self._defaults)
        for name, rows in snapshot.records.items():
            lists[name] = None if rows is None else self._records(name, rows, at, flips, memory)
        acts, incomplete = self._complete(snapshot.acts[:happened])
        situation = Situation(
            at,
            currency=currency,
            facts={**self._presumed, **stated[0]},
            stated=stated,
            lists=lists,
            acts=acts,
            calendars=self.vocabulary.calendars,
            calendar=self.vocabulary.calendar,
            presence_flips=tuple(flips),
        )
        situation.lapsed = lapsed
        situation.incomplete = incomplete
        if PARTIES in self._replacing:
            situation.replaced = _replaced(snapshot.records.get(PARTIES) or {}, lists[PARTIES] or ())
        if memory is not None:
            situation.versions = Versions(memory)
            self._tell_apart(situation, snapshot, situation.versions)
        return situation

    def _complete(self, acts: tuple[Act, ...]) -> tuple[tuple[Act, ...], tuple[Act, ...]]:
        """The acts that state all required parameters, and the others."""
        required = self._required
        if not required:
            return acts, ()
        lacking = tuple(
            act for act in acts
            if act.action in required and not all(name in act.params for name in required[act.action])
        )  # fmt: skip
        if not lacking:
            return acts, ()
        left = {id(act) for act in lacking}
        return tuple(act for act in acts if id(act) not in left), lacking

    def _records(
        self,
        name: str,
        rows: Mapping[str, Mapping[str, Known]],
        at: datetime,
        flips: list[datetime],
        memory: Memory | None,
    ) -> tuple[RecordView, ...]:
        presumed, stale = self._of_list[name]
        steady = memory is not None and name in self._steady
        before: _Views = memory.views.get(name, _NO_VIEWS) if memory is not None else _NO_VIEWS
        if steady and before.rows is rows:
            return before.all
        found = {}
        for key, row in rows.items():
            old = before.of.get(key)
            same = old is not None and old.known is row
            if old is not None and same and steady:
                found[key] = old
                continue
            known, lapsed = _fresh(row, stale, at, flips) if stale else (row, NEVER)
            values = {**presumed, **{field: fact.value for field, fact in known.items()}, "id": key}
            if (
                old is not None and same and known is row
            ):  # conclusions are written into it, so it is created anew
                found[key] = RecordView(name, key, values, old.given, known, before=old)
            else:
                found[key] = RecordView(name, key, values, frozenset(known) | {"id"}, known, lapsed=lapsed)
        records = tuple(found.values())
        if name in self._replacing:
            records = _standing(records, self._replacing[name])
        if memory is not None:
            memory.views[name] = _Views(rows, found, records)
        return records

    def _tell_apart(self, situation: Situation, snapshot: Snapshot, versions: Versions) -> None:
        """Tell the facts, lists and acts of the situation."""
        memory = versions.memory
        told = set(situation.known)
        for name, known in situation.known.items():
            versions.tell(name, known)
        for name, rows in snapshot.records.items():
            told.add(LIST + name)
            if self._of_list[name][1]:  # a field may become stale, so the remaining values are compared
                listed = situation.lists[name]
                left = None if listed is None else [record.known for record in listed]
                versions.tell(LIST + name, left)
            else:
                versions.tell(LIST + name, rows, by_identity=True)
        situation.sort_acts(_by_action(situation.acts, memory))
        for name, acts in situation.acts_by_action().items():
            told.add(ACTS + name)
            versions.tell(ACTS + name, acts)
        for name in memory.stated - told:
            versions.tell(name, None)
        memory.stated = frozenset(told)


_when = attrgetter("at")


def _by_action(acts: tuple[Act, ...], memory: Memory) -> Mapping[str, tuple[Act, ...]]:
    """The acts of each action. If they begin with the acts of the last situation, only new ones are sorted in."""
    last, known = memory.acts
    if last is not acts:
        begun = len(last) if acts[: len(last)] == last else 0
        memory.acts = acts, by_action(acts[begun:], known if begun else {})
    return memory.acts[1]


@attrs.frozen(eq=False)
class _Views:
    """The latest records of a list: the rows, the view of each, and those that are not replaced."""

    rows: Mapping[str, Mapping[str, Known]] | None
    of: Mapping[str, RecordView]
    all: tuple[RecordView, ...]


_NO_VIEWS = _Views(None, {}, ())


def _replaced(
    rows: Mapping[str, Mapping[str, Known]], standing: Sequence[RecordView]
) -> dict[str, RecordView]:
    """The parties that were replaced by others; acts and facts may still refer to them."""
    left = rows.keys() - {record.id for record in standing}
    return {
        key: RecordView(PARTIES, key, {field: fact.value for field, fact in row.items()}, frozenset(row), row)
        for key, row in rows.items()
        if key in left
    }


def _standing(records: Sequence[RecordView], field: str) -> tuple[RecordView, ...]:
    """The records that no other record replaces through this field."""
    replaced = {record.values.get(field) for record in records}
    return tuple(record for record in records if record.id not in replaced)


def _presumptions(facts: Mapping[str, Fact]) -> dict[str, Value]:
    return {name: fact.presume for name, fact in facts.items() if fact.presume is not None}


def _staleness(facts: Mapping[str, Fact]) -> dict[str, timedelta]:
    return {name: fact.stale_after for name, fact in facts.items() if fact.stale_after is not None}


def _stated(
    snapshot: Snapshot, stale: Mapping[str, timedelta], at: datetime, flips: list[datetime]
) -> tuple[Stated, Lapsed]:
    """The stated facts that are not stale with a function for their times, and those that are."""
    if stale and not snapshot.values.keys().isdisjoint(stale):
        left, lapsed = _fresh(snapshot.facts, stale, at, flips)
        if lapsed:
            return ({name: fact.value for name, fact in left.items()}, lambda: left), lapsed
    return (snapshot.values, lambda: snapshot.facts), NEVER


def _fresh(
    known: Mapping[str, Known], stale: Mapping[str, timedelta], at: datetime, flips: list[datetime]
) -> tuple[Mapping[str, Known], Lapsed]:
    """The known fields that are not stale, and those that are. The instants at which others become stale are added to
    `flips`."""
    lapsed = {}
    for name, length in stale.items():
        learned = known[name].learned if name in known else None
        if learned is None:
            continue
        if at - learned >= length:
            lapsed[name] = learned + length
        elif _END - learned >= length:
            flips.append(learned + length)
    return ({name: fact for name, fact in known.items() if name not in lapsed} if lapsed else known), lapsed
