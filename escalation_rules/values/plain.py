"""Converts values to plain data for JSON, and to the form used in policies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from escalation_rules.values.fact_types import Party, Value
from escalation_rules.values.money import Money
from escalation_rules.values.shown import plain_number


def plain_instant(moment: datetime) -> str:
    """An instant as ISO 8601 in UTC, ending in `Z`, with microseconds only if they are not zero."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def plain_amount(amount: Decimal) -> int | float | str:
    """An amount as written in a policy: an integer, else a float with the same digits, else (if too long) a text."""
    if amount == amount.to_integral_value():
        return int(amount)
    return float(amount) if Decimal(repr(float(amount))) == amount else str(amount)


def plain_duration(length: timedelta) -> str:
    """A duration as ISO 8601: `P2D`, `PT30M`, `P1DT2H`."""
    seconds, micro = length.seconds, length.microseconds
    clock = [(seconds // 3600, "H"), (seconds // 60 % 60, "M")]
    rest = f"{seconds % 60}" + (f".{micro:06d}".rstrip("0") if micro else "")
    parts = "".join(f"{number}{unit}" for number, unit in clock if number) + (
        f"{rest}S" if rest != "0" else ""
    )
    days = f"{length.days}D" if length.days else ""
    return f"P{days}T{parts}" if parts else f"P{days or 'T0S'}"


def to_plain(value: Value | Money) -> object:
    """A value as JSON data: money as a mapping, instants and durations as ISO 8601, sets sorted."""
    match value:
        case Money():
            return value.to_dict()
        case bool() | str() | int():
            return value
        case Decimal():
            return plain_number(value)
        case datetime():
            return plain_instant(value)
        case timedelta():
            return plain_duration(value)
        case Party():
            return value.name
        case frozenset():
            return sorted(value)
