"""The line of a file that a problem is about, with a caret below its column."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from escalation_rules.cli.text.width import width
from escalation_rules.errors import Diagnostic

WIDEST = 150
"""The maximum width in columns of a source line; of a longer line, the part around the problem is shown."""
TAB = 4


def excerpt(diagnostic: Diagnostic) -> Iterator[str]:
    """The source line with its number, and a caret below the column; nothing if there is no such line."""
    place = diagnostic.position
    lines = _lines(place.file) if place is not None else ()
    if place is None or not 1 <= place.line <= len(lines):
        return
    line = lines[place.line - 1]
    before, after = _visible(line[: place.column - 1]), _visible(line[place.column - 1 :])
    room = max(WIDEST * 2 // 3, WIDEST - width(after))
    if width(before) > room:
        before = "…" + _last(before, room)
    margin = f"{place.line:6} | "
    yield (margin + before + _first(after, max(20, WIDEST - width(before)))).rstrip()
    yield " " * (len(margin) - 2) + "| " + " " * width(before) + "^"


@cache
def _lines(file: str) -> tuple[str, ...]:
    try:
        text = Path(file).read_bytes().decode("utf-8", "replace")
    except (OSError, ValueError):
        return ()
    return tuple(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _visible(text: str) -> str:
    """A part of a line with zero-width characters made visible, so that the caret is aligned."""
    return "".join(_sign(character) for character in text)


def _sign(sign: str) -> str:
    if sign == "\t":
        return " " * TAB
    return "\ufffd" if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp", "Cs"} else sign


def _first(text: str, columns: int) -> str:
    """The longest beginning of a text that fits."""
    taken = 0
    for index, sign in enumerate(text):
        taken += width(sign)
        if taken > columns:
            return text[:index] + "…"
    return text


def _last(text: str, columns: int) -> str:
    """The longest end of a text that fits."""
    while width(text) > columns:
        text = text[max(1, (width(text) - columns) // 2) :]
    return text
