"""One complaint case: plain data → typed facts, records and acts; a history is folded up to an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.conditions import Act, Known
from escalation_rules.errors import CaseError, Position, Problems
from escalation_rules.intake import Entry, Intake, role_named
from escalation_rules.once import once
from escalation_rules.values import Party, Value
from escalation_rules.vocabulary import Vocabulary


@attrs.frozen
class Snapshot:
    """What is known at one instant. A list that is None is unknown; one that is not there was never mentioned."""

    facts: Mapping[str, Known]
    records: Mapping[str, Mapping[str, Mapping[str, Known]] | None]
    acts: tuple[Act, ...]


@attrs.frozen(slots=False)
class Case:
    """A case, read and checked against a vocabulary. Make it with `policy.case(data)`; pass it as often as you like.

    `id` and `currency` (ISO 4217) are None if not given. `entries` hold what was learned: one entry without an instant for
    a plain case, else the history in order of time. `acts` is all that was done, whatever entry brought it, in order of
    time, each by a doer in the role held then.
    """

    id: str | None
    currency: str | None
    entries: tuple[Entry, ...]
    acts: tuple[Act, ...] = ()

    @classmethod
    def from_mapping(
        cls, vocabulary: Vocabulary, data: Mapping[str, Any], positions: Mapping[str, Position] | None = None
    ) -> Case:
        """The case that plain data describes; `positions` places paths of the data in a file, for messages.

        Raises `CaseError` with every problem: unknown keys, facts, actions or parties, values that do not fit their
        type, conclusions (which only rules may set), naive instants, ids used twice.
        """
        problems = Problems()
        intake = Intake(vocabulary, problems, positions or {})
        read = intake.read(data)
        if problems.errors or read is None:
            raise CaseError(problems.errors)
        return cls(*read)

    @property
    def is_history(self) -> bool:
        """Whether the case was given as a history of entries."""
        return any(each.at is not None for each in self.entries)

    def at(self, moment: datetime) -> Snapshot:
        """The case as it stood at `moment` (aware): what was learned by then, the later upon the earlier, and what was done
        by then, whenever it was logged; also acts to come, if an entry up to then says so."""
        if len(self.entries) == 1 and self.entries[0].at is None:
            return self._only
        known = [each for each in self.entries if each.at is None or each.at <= moment]
        unknown = self.entries[len(known)].order if len(known) < len(self.entries) else None
        acts = (
            act
            for act in self.acts
            if act.at <= moment or unknown is None or (act.order is not None and act.order < unknown)
        )
        return fold(known, acts)

    @once
    def _only(self) -> Snapshot:
        return fold(self.entries, self.acts)


def fold(entries: Iterable[Entry], acts: Iterable[Act]) -> Snapshot:
    """The snapshot that entries, in order, add up to, with what was done.

    A version that goes from snapshot to snapshot has to keep, for each fact and field, what `Known` says of it; the records of
    each list in order of their first appearance; and which lists are unknown. The roles of parties that are named by id are
    those of the snapshot: they change with the records of `parties`. Acts need no folding: `Case.acts` is the same at every
    instant, but for those that have not been done yet.
    """
    facts: dict[str, Known] = {}
    records: dict[str, dict[str, dict[str, Known]] | None] = {}
    for entry in entries:
        _learn(facts, entry.facts, entry, "")
        for name, rows in entry.records.items():
            if rows is None:
                records[name] = None
                continue
            listed = dict(records.get(name) or {})
            for row in rows:
                if row.retract:
                    listed.pop(row.id, None)
                else:
                    listed[row.id] = _merged(listed.get(row.id), row.fields, entry, f"{name}.")
            records[name] = listed
    return _with_roles(facts, records, tuple(acts))


def _learn(known: dict[str, Known], fresh: Mapping[str, Value | None], entry: Entry, prefix: str) -> None:
    for name, value in fresh.items():
        if value is None:
            known.pop(name, None)
            continue
        old, learned = known.get(name), entry.learned(prefix + name)
        if old is not None and old.value == value:
            known[name] = old._replace(value=value, learned=learned)
        else:
            known[name] = Known(value, learned, entry.order, learned)


def _merged(
    old: Mapping[str, Known] | None, fresh: Mapping[str, Value | None], entry: Entry, prefix: str
) -> dict[str, Known]:
    """A record with what an entry says of it; it was recorded with the first entry that names it."""
    merged = dict(old or {})
    if old is None and entry.at is not None:
        merged["recorded_at"] = Known(entry.at, entry.at, entry.order, entry.at)
    recorded = fresh.get("recorded_at")
    at = recorded if entry.at is None and isinstance(recorded, datetime) else entry.at
    _learn(merged, fresh, attrs.evolve(entry, at=at) if at != entry.at else entry, prefix)
    return merged


def _with_roles(
    facts: Mapping[str, Known],
    records: Mapping[str, Mapping[str, Mapping[str, Known]] | None],
    acts: tuple[Act, ...],
) -> Snapshot:
    """Fill in the role of every party that is named by the id of its record."""
    parties = records.get("parties") or {}
    roles = {key: role_named(fields["role"].value) for key, fields in parties.items() if "role" in fields}

    def named(party: Party) -> Party:
        return party if party.role is not None else Party(party.name, roles.get(party.name))

    def resolved(known: Mapping[str, Known]) -> Mapping[str, Known]:
        if not any(isinstance(each.value, Party) for each in known.values()):
            return known
        return {
            name: each._replace(value=named(each.value)) if isinstance(each.value, Party) else each
            for name, each in known.items()
        }

    return Snapshot(
        resolved(facts),
        {
            name: None if rows is None else {key: resolved(fields) for key, fields in rows.items()}
            for name, rows in records.items()
        },
        acts,
    )
