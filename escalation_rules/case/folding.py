"""Folds the entries of a history into snapshots, which share unchanged parts. Each entry is folded once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeGuard

import attrs

from escalation_rules.case.doers import role_named
from escalation_rules.case.rows import Entry, Row
from escalation_rules.once import once
from escalation_rules.policy.conditions import Act, Known
from escalation_rules.values import Party, Value

Fields = Mapping[str, Known]
"""The known fields of one record."""


@attrs.frozen(slots=False)
class Snapshot:
    """What is known at one instant. A list that is None is unknown; a missing list was never mentioned."""

    facts: Mapping[str, Known]
    records: Mapping[str, Mapping[str, Fields] | None]
    acts: tuple[Act, ...]

    @once
    def values(self) -> Mapping[str, Value]:
        """The values of the facts."""
        return {name: fact.value for name, fact in self.facts.items()}

    @classmethod
    def of_facts(
        cls, values: Mapping[str, Value], acts: tuple[Act, ...], facts: Callable[[], Mapping[str, Known]]
    ) -> Snapshot:
        """A snapshot without records. `facts` gives the times since which the values are known, computed on first use."""
        made = object.__new__(cls)
        made.__dict__.update(values=values, records={}, acts=acts, _facts=facts)
        return made

    if not TYPE_CHECKING:  # for type checkers, a misspelt attribute stays an error

        def __getattr__(self, name: str) -> Any:
            """Compute the facts on first access."""
            if name != "facts" or "_facts" not in self.__dict__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            found = self.__dict__[name] = self.__dict__["_facts"]()
            return found


class Folding:
    """Folds the entries of a history in order.

    Snapshots are never changed afterwards: a list is copied when it first changes after a snapshot. An
    unchanged record is the same object in consecutive snapshots. Acts need no folding.

    Parties given by id have the role of the snapshot, which depends on the records in `parties`.
    """

    def __init__(self) -> None:
        self._facts: dict[str, Known] = {}
        self._said: dict[str, dict[str, Fields]] = {}
        self._lists: dict[str, dict[str, Fields] | None] = {}
        self._shown: set[str] = set()
        self._roles: dict[str, str | None] = {}
        self._roles_changed = False

    def learn(self, entry: Entry) -> None:
        """Fold the next entry."""
        if entry.facts:
            self._facts = dict(self._facts)
            _learn(self._facts, entry.facts, entry, "")
        for name, rows in entry.records.items():
            if rows is None:
                self._said.pop(name, None)
                self._lists[name] = None
            else:
                self._take(name, rows, entry)
        if "parties" in entry.records:
            self._roles_changed = True

    def _take(self, name: str, rows: Iterable[Row], entry: Entry) -> None:
        said, old = self._said.setdefault(name, {}), self._lists.get(name)
        listed = {} if old is None else dict(old) if name in self._shown else old
        self._lists[name] = listed
        self._shown.discard(name)
        for row in rows:
            if row.retract:
                said.pop(row.id, None)
                listed.pop(row.id, None)
            else:
                said[row.id] = _merged(said.get(row.id), row.fields, entry, f"{name}.")
                listed[row.id] = self._resolved(said[row.id])

    def snapshot(self, acts: tuple[Act, ...]) -> Snapshot:
        """The state after the entries so far, with these acts."""
        if self._roles_changed:
            self._resolve_again()
        self._shown.update(self._lists)
        return Snapshot(self._resolved(self._facts), dict(self._lists), acts)

    def _resolve_again(self) -> None:
        """Update the roles that changed."""
        parties = self._said.get("parties") or {}
        roles = {key: role_named(fields["role"].value) for key, fields in parties.items() if "role" in fields}
        if roles != self._roles:
            self._roles = roles
            for name, said in self._said.items():
                old = self._lists[name] or {}
                self._lists[name] = {key: self._again(fields, old[key]) for key, fields in said.items()}
        self._roles_changed = False

    def _again(self, said: Fields, old: Fields) -> Fields:
        fresh = self._resolved(said)
        return old if fresh == old else fresh

    def _resolved(self, known: Fields) -> Fields:
        """The fields, with the current roles of parties given by id."""
        if not any(is_by_id(fact.value) for fact in known.values()):
            return known
        return {name: fact._replace(value=self._named(fact.value)) for name, fact in known.items()}

    def _named(self, value: Value) -> Value:
        if not is_by_id(value):
            return value
        return Party(value.name, self._roles.get(value.name))


def is_by_id(value: object) -> TypeGuard[Party]:
    """Whether a value is a party given by the id of a record that may have a role."""
    return isinstance(value, Party) and value.role is None


def facts_of(entry: Entry) -> Mapping[str, Known]:
    """The facts of the first entry, with the times when they were learned."""
    known: dict[str, Known] = {}
    _learn(known, entry.facts, entry, "")
    return known


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


def _merged(old: Fields | None, fresh: Mapping[str, Value | None], entry: Entry, prefix: str) -> Fields:
    """A record merged with the fields of an entry; its `recorded_at` is that of the first entry that names it."""
    merged = dict(old or {})
    if old is None and entry.at is not None:
        merged["recorded_at"] = Known(entry.at, entry.at, entry.order, entry.at)
    recorded = fresh.get("recorded_at")
    at = recorded if entry.at is None and isinstance(recorded, datetime) else entry.at
    _learn(merged, fresh, attrs.evolve(entry, at=at) if at != entry.at else entry, prefix)
    return merged
