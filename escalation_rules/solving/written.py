"""Conditions and values as they are written in a policy: their text on one line, and parts such as lengths of time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.calendar.lengths import read_iso
from escalation_rules.policy.conditions import Condition, Hours
from escalation_rules.policy.conditions.operands import PerCurrency


def parts_of(thing: object) -> Iterator[object]:
    """The thing itself and everything that it consists of. Positions, caches and declarations of names are left out."""
    yield thing
    for part in _inside(thing):
        yield from parts_of(part)


def _inside(thing: Any) -> Iterator[object]:
    if isinstance(thing, (Duration, Hours, PerCurrency)):
        return
    if isinstance(thing, Mapping):
        yield from thing.values()
    elif isinstance(thing, (tuple, list)):
        yield from thing
    elif attrs.has(type(thing)):
        yield from (getattr(thing, field.name) for field in attrs.fields(type(thing)) if field.eq)


def durations_in(thing: object) -> Iterator[Duration]:
    """The lengths of time in it."""
    return (part for part in parts_of(thing) if isinstance(part, Duration))


def currencies_in(thing: object) -> set[str]:
    """The currencies in which it names amounts."""
    found = (part for part in parts_of(thing) if isinstance(part, PerCurrency))
    return {currency for amount in found for currency, _ in amount.amounts}


def one_line(condition: Condition) -> str:
    """A condition as YAML on one line, with the words of the policy language."""
    text = json.dumps(_short(condition.to_data()), ensure_ascii=False, default=str).replace('"', "")
    return text[1:-1] if text.startswith("{") else text


PRESENCE = {True: "given", False: "not given"}


def _short(data: Any) -> Any:
    if isinstance(data, Mapping):
        if data.keys() == {"given"} and isinstance(data["given"], bool):
            return PRESENCE[data["given"]]
        if data.keys() == {"equals"}:
            return _short(data["equals"])
        return {key: _short(part) for key, part in data.items()}
    if isinstance(data, (list, tuple)):
        return [_short(part) for part in data]
    return length_said(data) if isinstance(data, str) else data


def length_said(text: str) -> str:
    """A length of time such as `PT30M` in the words of the policy language: `30 minutes`. Other texts are unchanged."""
    seconds = read_iso(text) if text.startswith("P") else None
    if seconds is None or seconds != int(seconds):
        return text
    return str(Duration.of(timedelta(seconds=int(seconds)))) if seconds else "0 minutes"
