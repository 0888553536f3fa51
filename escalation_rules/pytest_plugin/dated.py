"""Turns a plain case into a history, in which a fact or field may have several values, one after the other.

As in an audit, whatever has no date counts as known from the earliest instant in the case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from escalation_rules.pytest_plugin.messages import Wrong
from escalation_rules.values import Instant, ValueProblem

Case = dict[str, Any]
Container = dict[str, Any] | list[Any]
Moved = Callable[[Container, str | int, Container, str | int], None]
"""Called for each value that is moved: its container and key, before and after."""

_TOP = ("id", "currency")
_LEARNED = "learned_at"


def moment_of(at: object) -> datetime | None:
    """The instant, or None if it is invalid; the library reports the problem later."""
    try:
        return Instant().parse(at)
    except ValueProblem:
        return None


def holder_of(case: Case, fact: str) -> tuple[dict[str, Any], str]:
    """Where the facts of a plain case have a fact, nested or dotted: the mapping, and the key in it."""
    known = case.setdefault("facts", {})
    group, _, field = fact.partition(".")
    return (known[group], field) if isinstance(known.get(group), dict) else (known, fact)


def become_history(case: Case, at: str, moved: Moved) -> None:
    """Turn a plain case into a history, in place. `at` is the instant of a change that is about to be added."""
    if any(moment_of(act.get("at")) is None for act in case.get("acts", ())):
        raise Wrong("an act has no time, so what comes before and after it is not known")
    content = {key: value for key, value in case.items() if key not in _TOP}
    instants = [(moment, text) for text in (at, *_texts(content)) if (moment := moment_of(text)) is not None]
    begin = min(instants, key=lambda pair: pair[0])[1] if instants else at
    acts, learned = content.pop("acts", []), content.pop(_LEARNED, {})
    first: Case = {"at": begin, **content}
    for key in content:
        moved(case, key, first, key)
    entries = [*_dated(first, learned, moved), *_acts(acts, moved)]
    if learned:
        first[_LEARNED] = learned
    for key in (*content, "acts", _LEARNED):
        case.pop(key, None)
    entries.sort(key=lambda entry: _ordered(entry["at"]))
    case["history"] = [first, *entries]


def _ordered(at: object) -> datetime:
    moment = moment_of(at)
    assert moment is not None  # noqa: S101 - entries are made of what has an instant
    return moment


def _texts(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, (str, datetime)):
        yield value


def _dated(first: Case, learned: dict[str, Any], moved: Moved) -> Iterator[Case]:
    """An entry for each fact or field with a date, which is taken out of the first entry and of `learned`."""
    for name, at in list(learned.items()):
        if moment_of(at) is None:
            continue
        listed, _, field = name.partition(".")
        if isinstance(first.get(listed), list):
            found = [
                _taken(record, field, moved) for record in first[listed] if "id" in record and field in record
            ]
            entry: Case = {"at": at, listed: found}
        else:
            holder, key = holder_of(first, name)
            if key not in holder:
                continue
            entry = {"at": at, "facts": {name: holder.pop(key)}}
            moved(holder, key, entry["facts"], name)
        del learned[name]
        yield entry


def _taken(record: dict[str, Any], field: str, moved: Moved) -> dict[str, Any]:
    part = {"id": record["id"], field: record.pop(field)}
    moved(record, field, part, field)
    return part


def _acts(acts: list[Any], moved: Moved) -> Iterator[Case]:
    for number, act in enumerate(acts):
        listed = [act]
        moved(acts, number, listed, 0)
        yield {"at": act["at"], "acts": listed}
