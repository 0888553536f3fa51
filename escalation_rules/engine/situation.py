"""What is known of a case → the situation that rules see at one instant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from escalation_rules.case.folding import Snapshot
from escalation_rules.policy.conditions import Known, RecordView, Situation
from escalation_rules.policy.vocabulary import Fact, Vocabulary
from escalation_rules.values import Value

_END = datetime.max.replace(tzinfo=UTC)


class SituationBuilder:
    """Makes situations; what depends only on the vocabulary is worked out once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._presumed = _presumptions(vocabulary.facts)
        self._stale = _staleness(vocabulary.facts)
        self._of_list = {
            name: (_presumptions(each.fields), _staleness(each.fields))
            for name, each in vocabulary.records.items()
        }
        self._replacing = {
            name: each.takes_place_of
            for name, each in vocabulary.records.items()
            if each.takes_place_of is not None
        }
        self._defaults: dict[str, tuple[RecordView, ...] | None] = {
            name: () if each.absent == "none" else None for name, each in vocabulary.records.items()
        }

    def situation(self, snapshot: Snapshot, currency: str | None, at: datetime) -> Situation:
        """The situation at `at` (UTC): what is stale is unknown, presumptions stand in for what is unknown."""
        flips: list[datetime] = [act.at for act in snapshot.acts if act.at > at]
        known, facts = _seen(snapshot.facts, snapshot.values, self._presumed, self._stale, at, flips)
        lists = dict(self._defaults)
        for name, rows in snapshot.records.items():
            lists[name] = None if rows is None else self._records(name, rows, snapshot.given[name], at, flips)
        acts = tuple(act for act in snapshot.acts if act.at <= at) if flips else snapshot.acts
        return Situation(
            at,
            currency=currency,
            facts=facts,
            known=known,
            lists=lists,
            acts=acts,
            calendars=self.vocabulary.calendars,
            calendar=self.vocabulary.calendar,
            presence_flips=tuple(flips),
        )

    def _records(
        self,
        name: str,
        rows: Mapping[str, Mapping[str, Known]],
        given: Mapping[str, tuple[Mapping[str, Value], frozenset[str]]],
        at: datetime,
        flips: list[datetime],
    ) -> tuple[RecordView, ...]:
        presumed, stale = self._of_list[name]
        found = []
        for key, row in rows.items():
            written, fields = given[key]
            known, values = _seen(row, written, presumed, stale, at, flips)
            if known is not row:
                values["id"] = key
                fields = frozenset(known) | {"id"}
            found.append(RecordView(name, key, values, fields, known))
        return tuple(found) if name not in self._replacing else _standing(found, self._replacing[name])


def _standing(records: Sequence[RecordView], field: str) -> tuple[RecordView, ...]:
    """The records in whose place, by this field, no other stands."""
    replaced = {record.values.get(field) for record in records}
    return tuple(record for record in records if record.id not in replaced)


def _presumptions(facts: Mapping[str, Fact]) -> dict[str, Value]:
    return {name: each.presume for name, each in facts.items() if each.presume is not None}


def _staleness(facts: Mapping[str, Fact]) -> dict[str, timedelta]:
    return {name: each.stale_after for name, each in facts.items() if each.stale_after is not None}


def _seen(
    known: Mapping[str, Known],
    written: Mapping[str, Value],
    presumed: Mapping[str, Value],
    stale: Mapping[str, timedelta],
    at: datetime,
    flips: list[datetime],
) -> tuple[Mapping[str, Known], dict[str, Value]]:
    """What is known (its values are `written`) and not stale, and all values with those that are presumed."""
    gone = set()
    for name, length in stale.items():
        learned = known[name].learned if name in known else None
        if learned is None:
            continue
        if at - learned >= length:
            gone.add(name)
        elif _END - learned >= length:
            flips.append(learned + length)
    if not gone:
        return known, {**presumed, **written}
    left = {name: each for name, each in known.items() if name not in gone}
    return left, {**presumed, **{name: each.value for name, each in left.items()}}
