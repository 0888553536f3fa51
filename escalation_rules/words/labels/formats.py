"""Formats of numbers, money and times. The plain ones here need no data; `babel_formats` has localised ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol, Self

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.calendar.lengths import SECONDS
from escalation_rules.values import plain_instant, plain_number
from escalation_rules.words.catalogue import form

_SECONDS = {unit: SECONDS[unit] for unit in ("day", "hour", "minute", "second")}


@attrs.frozen
class Span:
    """An amount of a unit of time. Unlike a `Duration`, it may be 0, or exceed the calendar."""

    amount: int
    unit: str

    @classmethod
    def of(cls, length: Duration | timedelta) -> Self:
        """A duration in the largest unit without a remainder; a `Duration` as it was written."""
        if isinstance(length, Duration):
            return cls(length.amount, length.unit)
        seconds = round(length.total_seconds())
        fitting = [unit for unit, size in _SECONDS.items() if seconds % size == 0]
        if fitting[0] == "day" and seconds <= _SECONDS["day"]:
            fitting = ["hour" if seconds else "minute"]  # people do not read 24 hours as "1 day"
        return cls(seconds // _SECONDS[fitting[0]], fitting[0])

    @classmethod
    def split(cls, length: timedelta) -> Iterator[Self]:
        """A duration in days, hours, minutes and seconds, without zero parts; at least one second."""
        rest = max(1, length // timedelta(seconds=1))
        for unit, size in _SECONDS.items():
            amount, rest = divmod(rest, size)
            if amount:
                yield cls(amount, unit)


class Formats(Protocol):
    """The formats of values in one language."""

    def amount(self, amount: Decimal, currency: str | None) -> str:
        """Format money."""

    def number(self, number: int) -> str:
        """Format a number."""

    def instant(self, moment: datetime) -> str:
        """Format a date with its time."""

    def deadline(self, moment: datetime) -> str:
        """Format the date and time by which something is due."""

    def span(self, span: Span) -> str:
        """Format a duration of elapsed or working time."""


FormatsOf = Callable[[str], Formats]
"""Returns the formats of a language."""


@attrs.frozen
class PlainFormats:
    """Formats without language data: ISO instants, amounts with their currency code."""

    language: str

    def amount(self, amount: Decimal, currency: str | None) -> str:
        """`800 TWD`."""
        return f"{plain_number(amount)} {currency or ''}".strip()

    def number(self, number: int) -> str:
        """`3`."""
        return str(number)

    def instant(self, moment: datetime) -> str:
        """`2026-03-01T10:00:00Z`."""
        return plain_instant(moment)

    def deadline(self, moment: datetime) -> str:
        """`2026-03-01T10:00:00Z`."""
        return plain_instant(moment)

    def span(self, span: Span) -> str:
        """`2 working days`, `2 個工作天`."""
        category = "one" if span.amount == 1 else "other"
        return form(f"unit.{span.unit}", category, self.language, count=str(span.amount))
