"""Changes a case given as plain data. In a history, changes become entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from escalation_rules.pytest_plugin.messages import Wrong
from escalation_rules.values import Instant, ValueProblem

Case = dict[str, Any]
Note = Callable[[dict[str, Any] | list[Any], str | int, int], None]
"""Called for each value that a change adds to the case: its container, its key there, and the number of the change."""

_ACT_FIELDS = ("id", "action", "by", "as", "at", "outcome", "about", "params", "retract")


def _unnoted(_container: object, _key: object, _number: int) -> None:
    """Do nothing."""


def learn(
    case: Case,
    facts: Mapping[str, Any],
    learned_at: Mapping[str, str] | None = None,
    at: str | None = None,
    note: Note = _unnoted,
) -> None:
    """Set facts (dotted names), replacing their previous values.

    `learned_at` maps facts to the times when they were learned, if known. `at` is the instant at which all
    became known; in a history, it is that of their entry (default: that of the last entry).
    """
    for name in facts:
        if "." not in name:
            raise Wrong("{name} is not a fact: facts have a dot, such as customer.need", name=repr(name))
    if "history" in case:
        told, since = dict(facts), dict(learned_at or {})
        _add_entry(case, {"facts": told, **({"learned_at": since} if since else {})}, at)
        for number, name in enumerate(told):
            note(told, name, number)
        return
    learned_at = {**(dict.fromkeys(facts, at) if at else {}), **(learned_at or {})}
    if learned_at:
        case.setdefault("learned_at", {}).update(learned_at)
    known = case.setdefault("facts", {})
    for number, (name, value) in enumerate(facts.items()):
        group, _, field = name.partition(".")
        holder, key = (known[group], field) if isinstance(known.get(group), dict) else (known, name)
        holder[key] = value
        note(holder, key, number)


def forget(case: Case, fact: str, note: Note = _unnoted) -> None:
    """Make a fact unknown."""
    learn(case, {fact: None}, note=note)


def learn_records(
    case: Case,
    name: str,
    records: Iterable[Mapping[str, Any]],
    at: str | None = None,
    note: Note = _unnoted,
) -> None:
    """Add records to a list; those with an existing id are merged. `at`: when they became known."""
    new = [dict(record) for record in records]
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
    told = {record.get("id") for record in records}
    if any(old.get("id") not in told for old in case.get(name) or ()):
        raise Wrong(
            "in a case, a field becomes known for all records of a list at once; use a history, or leave out the instant"
        )
    fields = {field for record in records for field in record if field != "id"}
    case.setdefault("learned_at", {}).update({f"{name}.{field}": at for field in sorted(fields)})


def _note_all(entry: Case, name: str, records: list[dict[str, Any]], note: Note) -> None:
    note(entry, name, 0)
    for number, record in enumerate(records):
        note(records, number, number)
        for field in record:
            note(record, field, number)


def no_records(case: Case, name: str, note: Note = _unnoted) -> None:
    """Set a list to empty."""
    entry = _add_entry(case, {name: []}) if "history" in case else case
    entry[name] = []
    note(entry, name, 0)


def add_acts(case: Case, acts: Iterable[Mapping[str, Any]], note: Note = _unnoted) -> None:
    """Add acts. Keys that are not fields of acts become parameters of the action."""
    for number, act in enumerate(acts):
        told = {key: value for key, value in act.items() if key in _ACT_FIELDS}
        if params := {key: value for key, value in act.items() if key not in _ACT_FIELDS}:
            told["params"] = {**told.get("params", {}), **params}
        if "history" in case:
            listed = _add_entry(case, {"acts": [told]}, told.get("at"))["acts"]
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
    moment = _moment(at)
    later = (number for number, each in enumerate(entries) if _is_later(_moment(each.get("at")), moment))
    place = next(later, len(entries))
    entries.insert(place, {"at": at, **entry})
    return entries[place]  # type: ignore[no-any-return]


def _moment(at: object) -> datetime | None:
    """The instant, or None if it is invalid; the library reports the problem later."""
    try:
        return Instant().parse(at)
    except ValueProblem:
        return None


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other
