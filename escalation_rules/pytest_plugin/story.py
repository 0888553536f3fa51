"""Changes a case given as plain data. In a history, changes become entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from escalation_rules.pytest_plugin.dated import Case, Container, Moved, become_history, holder_of, moment_of
from escalation_rules.pytest_plugin.messages import Wrong

Note = Callable[[dict[str, Any] | list[Any], str | int, int], None]
"""Called for each value that a change adds to the case: its container, its key there, and the number of the change."""

ACT_FIELDS = ("id", "action", "by", "as", "at", "outcome", "about", "params", "retract")


_NO_LISTS = ("id", "currency", "facts", "acts", "learned_at", "history", "at")
"""Keys of a case and of an entry that are no lists of records."""


def _unnoted(_container: object, _key: object, _number: int) -> None:
    """Do nothing."""


def _unmoved(_old: Container, _old_key: str | int, _new: Container, _new_key: str | int) -> None:
    """Do nothing."""


def learn(
    case: Case,
    facts: Mapping[str, Any],
    learned_at: Mapping[str, str] | None = None,
    at: str | None = None,
    note: Note = _unnoted,
    moved: Moved = _unmoved,
) -> None:
    """Set facts (dotted names), replacing their previous values.

    `learned_at` maps facts to the times when they were learned, if known. `at` is the instant at which all
    became known; in a history, it is that of their entry (default: that of the last entry). A plain case becomes
    a history where a fact with a date would otherwise lose its earlier value.
    """
    for name in facts:
        if "." not in name:
            raise Wrong("{name} is not a fact: facts have a dot, such as customer.need", name=repr(name))
    since = learned_at or {}
    if "history" in case:
        told = dict(facts)
        _add_entry(case, {"facts": told, **({"learned_at": dict(since)} if since else {})}, at)
        for number, name in enumerate(told):
            note(told, name, number)
        return
    for number, name in sorted(enumerate(facts), key=lambda pair: pair[1] in since):
        _learn(case, name, facts[name], since.get(name, at), _of_row(note, number), moved)


def _of_row(note: Note, row: int) -> Note:
    def of_row(container: Container, key: str | int, _number: int) -> None:
        note(container, key, row)

    return of_row


def _learn(case: Case, name: str, value: object, at: str | None, note: Note, moved: Moved) -> None:
    """Set a fact of what was a plain case; those without a date come first."""
    if "history" not in case and at is not None and _is_lost(case, name, value):
        become_history(case, at, moved)
    if "history" in case:
        learn(case, {name: value}, at=at, note=note)
        return
    holder, key = holder_of(case, name)
    holder[key] = value
    note(holder, key, 0)
    if at is not None:
        case.setdefault("learned_at", {})[name] = at


def _is_lost(case: Case, fact: str, value: object) -> bool:
    """Whether a fact of a plain case has an earlier value or date, which a value with a date would replace."""
    holder, key = holder_of(case, fact)
    old = holder.get(key)
    return old is not None and (old != value or fact in case.get("learned_at", {}))


def forget(
    case: Case, fact: str, at: str | None = None, note: Note = _unnoted, moved: Moved = _unmoved
) -> None:
    """Make a fact unknown, optionally from an instant on."""
    learn(case, {fact: None}, at=at, note=note, moved=moved)


def learn_records(
    case: Case,
    name: str,
    records: Iterable[Mapping[str, Any]],
    at: str | None = None,
    note: Note = _unnoted,
    moved: Moved = _unmoved,
) -> None:
    """Add records to a list; those with an existing id are merged. `at`: when they became known.

    A plain case becomes a history where it could not say so.
    """
    if name in _NO_LISTS:
        raise Wrong("{name} is not a list of records", name=repr(name))
    new = [dict(record) for record in records]
    if "history" not in case and at is not None and _is_of_some(case, name, new):
        become_history(case, at, moved)
    if "history" in case:
        _note_all(_add_entry(case, {name: new}, at), name, new, note)
        return
    if at is not None:
        _learned_at(case, name, new, at)
    if name not in case:
        note(case, name, 0)
    known = case.setdefault(name, [])
    for number, record in enumerate(new):
        same = [old for old in known if "id" in record and old.get("id") == record["id"]]
        if same:
            same[0].update(record)
        else:
            note(known, len(known), number)
            known.append(record)
        for field in record:
            note(same[0] if same else record, field, number)


def _learned_at(case: Case, name: str, records: list[dict[str, Any]], at: str) -> None:
    """Set when fields became known. A plain case has one such time for a field of all records in a list."""
    fields = {field for record in records for field in record if field != "id"}
    case.setdefault("learned_at", {}).update({f"{name}.{field}": at for field in sorted(fields)})


def _is_of_some(case: Case, name: str, records: list[dict[str, Any]]) -> bool:
    """Whether there are new records, which have no time of their own in a plain case, or whether a time of these fields would
    be that of other records as well, or replace an earlier value or date."""
    new = {record.get("id"): record for record in records}
    dated, known = case.get("learned_at", {}), {old.get("id") for old in case.get(name) or ()}
    return not known.issuperset(new) or any(
        old.get("id") not in new
        or any(
            old.get(field) is not None and (old[field] != value or f"{name}.{field}" in dated)
            for field, value in new[old.get("id")].items()
            if field != "id"
        )
        for old in case.get(name) or ()
    )


def _note_all(entry: Case, name: str, records: list[dict[str, Any]], note: Note) -> None:
    note(entry, name, 0)
    for number, record in enumerate(records):
        note(records, number, number)
        for field in record:
            note(record, field, number)


def no_records(case: Case, name: str, note: Note = _unnoted) -> None:
    """Set a list to empty."""
    if name in _NO_LISTS and name != "acts":
        raise Wrong("{name} is not a list of records", name=repr(name))
    entry = _add_entry(case, {name: []}) if "history" in case else case
    entry[name] = []
    note(entry, name, 0)


def add_acts(case: Case, acts: Iterable[Mapping[str, Any]], note: Note = _unnoted) -> None:
    """Add acts, or withdraw them. Keys that are not fields of acts become parameters of the action."""
    for number, act in enumerate(acts):
        told = {key: value for key, value in act.items() if key in ACT_FIELDS}
        if params := {key: value for key, value in act.items() if key not in ACT_FIELDS}:
            told["params"] = {**told.get("params", {}), **params}
        if "history" in case:
            # A withdrawal has no time of its own.
            at = told.pop("at", None) if told.get("retract") else told.get("at")
            listed = _add_entry(case, {"acts": [told]}, at)["acts"]
        else:
            listed = case.setdefault("acts", [])
            listed.append(told)
        note(listed, len(listed) - 1, number)
        for holder in (told, told.get("params", {})):
            for key in holder:
                note(holder, key, number)


def _add_entry(case: Case, entry: Case, at: str | None = None) -> Case:
    """Insert an entry after those of its instant and before later ones; without an instant, at that of the last entry."""
    entries = case["history"]
    if at is None:
        if not entries:
            raise Wrong("the history has no entry yet, so there is no instant at which to add one")
        entries.append({"at": entries[-1]["at"], **entry})
        return entries[-1]  # type: ignore[no-any-return]
    moment = moment_of(at)
    later = (number for number, other in enumerate(entries) if _is_later(moment_of(other.get("at")), moment))
    place = next(later, len(entries))
    entries.insert(place, {"at": at, **entry})
    return entries[place]  # type: ignore[no-any-return]


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other
