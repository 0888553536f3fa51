"""Plain data → parts of a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.decision.parts import ParameterValue, Reason, Release
from escalation_rules.texts import Text
from escalation_rules.values import Money

_INSTANTS = {"due", "at"}
_TEXTS = {"text", "say", "question"}


def from_plain(kind: type, data: Mapping[str, Any]) -> Any:
    """A part of the given kind; `ValueError`, `TypeError` or `KeyError` if the data is none."""
    names = {field.name for field in attrs.fields(kind)}
    if unknown := sorted(set(data) - names):
        raise ValueError(f"a {kind.__name__.lower()} has no {unknown[0]!r}")
    return kind(**{name: _value(name, value) for name, value in data.items()})


def _value(name: str, value: Any) -> Any:
    if name in _TEXTS:
        return Text.of(value) if isinstance(value, Mapping) else Text((("en", value),)) if value else Text()
    if name in _INSTANTS:
        return instant(value)
    if name == "because":
        return tuple(from_plain(Reason, each) for each in value)
    if name == "needs":
        return tuple(from_plain(Release, each) for each in value)
    if name == "until":
        return tuple(value)
    if name == "params":
        return {key: _parameter(each) for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _parameter(value: Any) -> ParameterValue:
    if isinstance(value, Mapping):
        return Money(Decimal(value["amount"]), value["currency"])
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def instant(value: str | None) -> datetime | None:
    """An instant from ISO 8601; None of null."""
    return datetime.fromisoformat(value) if value is not None else None


def required_instant(value: str) -> datetime:
    """An instant from ISO 8601."""
    return datetime.fromisoformat(value)
