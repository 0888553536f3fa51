"""Changes to a case held as plain data; in a history they become entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from escalation_rules.values import Instant, ValueProblem

Case = dict[str, Any]

_ACT_FIELDS = ("action", "by", "at", "outcome", "about", "params")


def learn(
    case: Case, facts: Mapping[str, Any], learned_at: Mapping[str, str] | None = None, at: str | None = None
) -> None:
    """Set facts (dotted names), in place of what was known of them.

    `learned_at` says since when, where known; `at` is the instant at which all of them became known: in a history
    that of their entry (else that of the last one).
    """
    for name in facts:
        if "." not in name:
            raise ValueError(f"{name!r} is not a fact: facts have a dot, such as customer.need")
    if "history" in case:
        _add_entry(
            case, {"facts": dict(facts), **({"learned_at": dict(learned_at)} if learned_at else {})}, at
        )
        return
    learned_at = {**(dict.fromkeys(facts, at) if at else {}), **(learned_at or {})}
    if learned_at:
        case.setdefault("learned_at", {}).update(learned_at)
    known = case.setdefault("facts", {})
    for name, value in facts.items():
        group, _, field = name.partition(".")
        if isinstance(known.get(group), dict):
            known[group][field] = value
        else:
            known[name] = value


def forget(case: Case, fact: str) -> None:
    """Make a fact unknown."""
    if "history" in case:
        learn(case, {fact: None})
        return
    known = case.get("facts", {})
    group, _, field = fact.partition(".")
    known.pop(fact, None)
    if isinstance(known.get(group), dict):
        known[group].pop(field, None)


def learn_records(case: Case, name: str, records: Iterable[Mapping[str, Any]], at: str | None = None) -> None:
    """Add records to a list; those whose id is there already are merged into it. `at`: when they became known."""
    new = [dict(record) for record in records]
    if "history" in case:
        _add_entry(case, {name: new}, at)
        return
    if at is not None:
        raise ValueError(
            "only a history keeps when a field became known; in a case say it without the instant"
        )
    known = case.setdefault(name, [])
    for record in new:
        same = [old for old in known if "id" in record and old.get("id") == record["id"]]
        if same:
            same[0].update(record)
        else:
            known.append(record)


def no_records(case: Case, name: str) -> None:
    """Make a list known to be empty."""
    if "history" in case:
        _add_entry(case, {name: []})
    else:
        case[name] = []


def add_acts(case: Case, acts: Iterable[Mapping[str, Any]]) -> None:
    """Add acts. What is not a field of acts is a parameter of the action."""
    for act in acts:
        told = {key: value for key, value in act.items() if key in _ACT_FIELDS}
        if params := {key: value for key, value in act.items() if key not in _ACT_FIELDS}:
            told["params"] = {**told.get("params", {}), **params}
        if "history" in case:
            _add_entry(case, {"acts": [told]}, told.get("at"))
        else:
            case.setdefault("acts", []).append(told)


def _add_entry(case: Case, entry: Case, at: str | None = None) -> None:
    """Put an entry after those of its instant and before the later ones; without an instant, at that of the last."""
    entries = case["history"]
    if at is None:
        if not entries:
            raise ValueError("the history has no entry yet, so there is no instant at which to add one")
        entries.append({"at": entries[-1]["at"], **entry})
        return
    moment = _moment(at)
    later = (number for number, each in enumerate(entries) if _is_later(_moment(each.get("at")), moment))
    entries.insert(next(later, len(entries)), {"at": at, **entry})


def _moment(at: object) -> datetime | None:
    """The instant, or None for something that is none; the library says what is wrong with it."""
    try:
        return Instant().parse(at)
    except ValueProblem:
        return None


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other
