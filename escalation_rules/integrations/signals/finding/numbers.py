"""Reads Chinese numerals, as used for money, days and times."""

from __future__ import annotations

DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERAL = "[零〇一二两三四五六七八九十百千万]{1,12}"


def chinese_number(text: str) -> int | None:
    """The integer written in Chinese numerals (`三百五十`); None if invalid."""
    total = part = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character == "万":
            total, part, digit = (total + part + digit) * _UNITS[character], 0, 0
        elif character in _UNITS:
            part += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            return None
    return total + part + digit if text else None
