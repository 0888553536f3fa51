"""Measures the width of text in terminal columns: two for a Chinese character, none for a combining accent."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """The width of a text on one line, in columns."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def is_wide(sign: str) -> bool:
    """Whether a character takes two columns."""
    return unicodedata.east_asian_width(sign) in {"W", "F"}


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if is_wide(sign) else 1
