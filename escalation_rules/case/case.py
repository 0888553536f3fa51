"""A complaint case: plain data read as typed facts, records and acts. A history is folded up to an instant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

import attrs

from escalation_rules.case.entries import Intake
from escalation_rules.case.folding import Folding, Snapshot, facts_of, is_by_id
from escalation_rules.case.last import LastAnswer
from escalation_rules.case.rows import Entry
from escalation_rules.errors import CaseError, Position, Problems, reading
from escalation_rules.once import once
from escalation_rules.policy.conditions import Act, Kept, Known
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import Party, Value

_LOOKED_AT = frozenset({type(None), Party})
"""Types of values that may differ from what is stated."""


@attrs.frozen(slots=False)
class Case:
    """A case, read and checked with a vocabulary. Create it with `policy.case(data)`; it can be reused.

    `id` and `currency` (ISO 4217) are None if not given. `entries` contain what was learned: for a plain case
    one entry without an instant, for a history all entries in order of time. `acts` contains all acts in
    order of time, each with the role that its doer had then. `vocabulary` is the digest of the vocabulary
    used for reading. `last_answer` caches the last decision.
    """

    id: str | None
    currency: str | None
    entries: tuple[Entry, ...]
    acts: tuple[Act, ...] = ()
    vocabulary: str = attrs.field(default="", eq=False, repr=False)
    last_answer: LastAnswer = attrs.field(factory=LastAnswer, eq=False, repr=False, init=False)

    @classmethod
    def from_mapping(
        cls, vocabulary: Vocabulary, data: Mapping[str, Any], positions: Mapping[str, Position] | None = None
    ) -> Case:
        """Read a case from plain data. `positions` maps paths of the data to places in a file, for messages.

        Raises `CaseError` with all problems: unknown keys, facts, actions or parties, values of the wrong
        type, conclusions (which only rules may set), naive instants, and duplicate ids; also if the data
        raises an exception or changes while it is read.
        """
        problems = Problems()
        intake = Intake(vocabulary, problems, {} if positions is None else positions)
        with reading("the case", CaseError):
            read = intake.read(data)
        if problems.errors or read is None:
            raise CaseError(problems.errors)
        return cls(*read, vocabulary.digest)

    @property
    def is_history(self) -> bool:
        """Whether the case was given as a history of entries."""
        entries = self.entries
        return (
            entries[0].at is not None if len(entries) == 1 else any(entry.at is not None for entry in entries)
        )

    def begun(self) -> tuple[datetime, ...]:
        """For a plain case, the earliest instant in it, if any; all its content counts as known since then.
        Empty for a history, which dates its content itself."""
        if self.is_history:
            return ()
        named = (value for entry in self.entries for value in (*_values(entry), *entry.learned_at.values()))
        instants = [value for value in named if isinstance(value, datetime)]
        return (min((*instants, *(act.at for act in self.acts))),) if instants or self.acts else ()

    def at(self, moment: datetime) -> Snapshot:
        """The state of the case at `moment` (aware): what was learned by then, and what was done by then,
        whenever it was logged. Future acts are included if an entry up to then contains them."""
        if not self.is_history:
            return self._whole
        count = bisect_right(self.entries, moment, key=lambda entry: entry.at or moment)
        unknown = self.entries[count].order if count < len(self.entries) else None
        acts = (
            _as_known(act, moment)
            for act in self.acts
            if act.at <= moment or unknown is None or (act.order is not None and act.order < unknown)
        )
        return attrs.evolve(self.folded[count], acts=tuple(acts))

    def in_hindsight(self, moment: datetime) -> Snapshot | None:
        """The state at `moment` (aware) with the instants up to then that later entries state for the first time: they tell
        what had happened by then. None if there are none, and for a plain case."""
        if not self.is_history:
            return None
        known, last = self.at(moment), self.folded[-1]
        facts = _happened(last.facts, known.facts, moment)
        records: dict[str, Mapping[str, Mapping[str, Known]]] = {}
        for name, listed in known.records.items():
            told = last.records.get(name) or {}
            late = {
                key: _happened(told[key], fields, moment)
                for key, fields in (listed or {}).items()
                if key in told
            }
            if listed and any(late.values()):
                records[name] = {key: {**fields, **late.get(key, {})} for key, fields in listed.items()}
        if not facts and not records:
            return None
        return attrs.evolve(known, facts={**known.facts, **facts}, records={**known.records, **records})

    def just_before(self, number: int) -> Snapshot:
        """What was known just before act `number`: earlier entries, the facts of its own entry, and earlier
        acts.

        Entries at the instant of the act that come after it in the file were not known yet.
        """
        act = self.acts[number]
        count = len(self.entries)
        if self.is_history and act.order is not None:
            place = act.at, act.order
            count = bisect_left(self.entries, place, key=lambda entry: (entry.at or act.at, entry.order))
        return attrs.evolve(self.folded[count], acts=self.acts[:number])

    @once
    def _whole(self) -> Snapshot:
        """The content of a plain case, which is the same at any moment."""
        if len(self.entries) == 1 and not self.entries[0].records:
            values = _stated(self.entries[0].facts)
            if values is not None:
                return Snapshot.of_facts(values, self.acts, partial(facts_of, self.entries[0]))
        return attrs.evolve(self.folded[-1], acts=self.acts)

    @once
    def folded(self) -> tuple[Snapshot, ...]:
        """The states after none, one, two … of the entries, without acts. Each entry is folded once."""
        folding = Folding()
        found = [folding.snapshot(())]
        for entry in self.entries:
            folding.learn(entry)
            found.append(folding.snapshot(()))
        return tuple(found)


def _stated(facts: Mapping[str, Value | None]) -> Mapping[str, Value] | None:
    """The stated facts; None if one of them is a party given by id, whose role depends on the records."""
    if _LOOKED_AT.isdisjoint(map(type, facts.values())):
        return cast(Mapping[str, Value], facts)
    values = {name: fact for name, fact in facts.items() if fact is not None}
    return None if any(map(is_by_id, values.values())) else values


def _values(entry: Entry) -> Iterator[Value | None]:
    """All values stated by an entry."""
    yield from entry.facts.values()
    for rows in entry.records.values():
        for row in rows or ():
            yield from row.fields.values()


def _as_known(act: Act, moment: datetime) -> Act:
    """The act without what is stated after `moment` of who was kept from it."""
    unsaid = {
        name: Kept(None, kept.since)
        for name, kept in act.kept.items()
        if kept.since is not None and kept.since > moment
    }
    return attrs.evolve(act, kept={**act.kept, **unsaid}) if unsaid else act


def _happened(told: Mapping[str, Known], known: Mapping[str, Known], moment: datetime) -> Mapping[str, Known]:
    """The instants up to `moment` that are told and were not known."""
    return {
        name: fact
        for name, fact in told.items()
        if name not in known and isinstance(fact.value, datetime) and fact.value <= moment
    }
