"""How many columns a text takes on a screen: two for a Chinese character, none for an accent that is put on a letter."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """The columns of a text that stands on one line."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def is_wide(sign: str) -> bool:
    """Whether a character takes two columns."""
    return unicodedata.east_asian_width(sign) in {"W", "F"}


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if is_wide(sign) else 1
