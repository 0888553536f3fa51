"""Converts parts of a decision to plain data for JSON."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from escalation_rules.texts import Text, known_language
from escalation_rules.values import Money, plain_instant

Plain = dict[str, Any]


class AsPlain:
    """Base class of the parts of a decision."""

    __slots__ = ()

    def to_dict(self, language: str | None = None) -> Plain:
        """The part as plain data for JSON: texts in `language`, or as mappings of all languages if None.

        Raises `RequestError` for an unknown language.
        """
        return to_plain(self, language)


def to_plain(part: Any, language: str | None) -> Plain:
    """Convert a part of a decision, or a value that contains parts, to plain data. Raises `RequestError` for
    an unknown language."""
    language = known_language(language)
    fields = part.__attrs_attrs__  # same as `attrs.fields`, without its checks
    return {field.name: _plain_value(getattr(part, field.name), language) for field in fields}


def _plain_value(value: Any, language: str | None) -> Any:
    if value is None or isinstance(value, (str, int)):
        return value
    if isinstance(value, Text):
        return value.to_dict() if language is None else value.in_language(language)
    if isinstance(value, (tuple, list)):
        return [_plain_value(part, language) for part in value]
    if isinstance(value, datetime):
        return plain_instant(value)
    if isinstance(value, Money):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {key: _plain_value(value[key], language) for key in sorted(value)}
    return to_plain(value, language) if hasattr(value, "__attrs_attrs__") else value
