"""Entries of a history → what they add up to. Each entry is folded once; snapshots share what stayed the same."""

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
"""What is known of one record."""


@attrs.frozen(slots=False)
class Snapshot:
    """What is known at one instant. A list that is None is unknown; one that is not there was never mentioned."""

    facts: Mapping[str, Known]
    records: Mapping[str, Mapping[str, Fields] | None]
    acts: tuple[Act, ...]

    @once
    def values(self) -> Mapping[str, Value]:
        """The values of the facts."""
        return {name: each.value for name, each in self.facts.items()}

    @classmethod
    def of_facts(
        cls, values: Mapping[str, Value], acts: tuple[Act, ...], facts: Callable[[], Mapping[str, Known]]
    ) -> Snapshot:
        """One without records, of which `facts` tells since when the values are known; that is seldom asked for."""
        made = object.__new__(cls)
        made.__dict__.update(values=values, records={}, acts=acts, _facts=facts)
        return made

    if not TYPE_CHECKING:  # a misspelt name stays an error

        def __getattr__(self, name: str) -> Any:
            """The facts, which nobody has asked for yet."""
            if name != "facts" or "_facts" not in self.__dict__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            found = self.__dict__[name] = self.__dict__["_facts"]()
            return found


class Folding:
    """Takes in the entries of a history in order, and tells what they add up to so far.

    What a snapshot holds is never changed afterwards: a list is copied when it changes for the first time since. A record that
    did not change is the same object in one snapshot as in the next. Acts need no folding.

    The roles of parties that are named by id are those of the snapshot: they change with the records of `parties`.
    """

    def __init__(self) -> None:
        self._facts: dict[str, Known] = {}
        self._said: dict[str, dict[str, Fields]] = {}
        self._lists: dict[str, dict[str, Fields] | None] = {}
        self._shown: set[str] = set()
        self._roles: dict[str, str | None] = {}
        self._roles_changed = False

    def learn(self, entry: Entry) -> None:
        """Take in the next entry."""
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
        """What is known after the entries so far, with what was done."""
        if self._roles_changed:
            self._resolve_again()
        self._shown.update(self._lists)
        return Snapshot(self._resolved(self._facts), dict(self._lists), acts)

    def _resolve_again(self) -> None:
        """Fill in the roles that changed."""
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
        """The same, with the role of every party that is named by the id of its record."""
        if not any(is_by_id(each.value) for each in known.values()):
            return known
        return {name: each._replace(value=self._named(each.value)) for name, each in known.items()}

    def _named(self, value: Value) -> Value:
        if not is_by_id(value):
            return value
        return Party(value.name, self._roles.get(value.name))


def is_by_id(value: object) -> TypeGuard[Party]:
    """Whether a value is a party that is named by the id of its record, which may say its role."""
    return isinstance(value, Party) and value.role is None


def facts_of(entry: Entry) -> Mapping[str, Known]:
    """What the first entry says of facts, and when it was learned."""
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
    """A record with what an entry says of it; it was recorded with the first entry that names it."""
    merged = dict(old or {})
    if old is None and entry.at is not None:
        merged["recorded_at"] = Known(entry.at, entry.at, entry.order, entry.at)
    recorded = fresh.get("recorded_at")
    at = recorded if entry.at is None and isinstance(recorded, datetime) else entry.at
    _learn(merged, fresh, attrs.evolve(entry, at=at) if at != entry.at else entry, prefix)
    return merged
