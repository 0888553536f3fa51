"""Shows values as short plain texts, in messages and data."""

from __future__ import annotations

from decimal import Decimal


def plain_text(text: str) -> str:
    """The exact `str` value, also for an enumeration or another subclass that prints differently."""
    return str.__str__(text)


def plain_number(number: Decimal) -> str:
    """The shortest plain form of a finite decimal: no exponent, no trailing zeros, no `-0`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def show(raw: object, most: int = 60) -> str:
    """A raw value for a message, with at most `most` characters."""
    if isinstance(raw, bool) or raw is None:
        return {True: "true", False: "false", None: "null"}[raw]
    if isinstance(raw, (dict, list, tuple, set, frozenset)):
        return "a mapping" if isinstance(raw, dict) else "a list"
    if isinstance(raw, str):
        return repr(raw[:most]) + ("…" if len(raw) > most else "")
    if isinstance(raw, (float, Decimal)):
        return str(raw)[:most]
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**most else "a very long number"
    return f"a value of type {type(raw).__name__}"[:most]
