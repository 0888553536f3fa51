"""Wraps lines between words and between Chinese characters, but not before a comma or after an opening quote.

Widths are in columns; a Chinese character takes two.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.cli.text.width import is_wide
from escalation_rules.cli.text.width import width as width_of

_OPENING = frozenset("([{“‘「『（〔【《〈")
_CLOSING = frozenset(")]}”’」』）〕】》〉,.;:!?%，。、；：！？％…")


def breaks(text: str, width: int) -> list[int]:
    """The offsets at which lines after the first begin, so that none is wider than `width` (ignoring its
    trailing space)."""
    found: list[int] = []
    used = offset = 0
    for piece in _pieces(text):
        size = width_of(piece.rstrip())
        if used and used + size > width:
            found.append(offset)
            used = 0
        if size > width:
            used = _hard_breaks(piece, offset, width, found)
        else:
            used += width_of(piece)
        offset += len(piece)
    return found


def _hard_breaks(piece: str, offset: int, width: int, found: list[int]) -> int:
    """Break a piece that is wider than a line. Returns the width of its last part."""
    used = 0
    for index, character in enumerate(piece):
        size = width_of(character)
        if used + size > width:
            found.append(offset + index)
            used = 0
        used += size
    return used


def _pieces(text: str) -> Iterator[str]:
    """Split into unbreakable pieces: words, or Chinese characters with their punctuation, each with trailing spaces."""
    start = 0
    for index in range(1, len(text)):
        if _may_break(text[index - 1], text[index]):
            yield text[start:index]
            start = index
    if text:
        yield text[start:]


def _may_break(before: str, after: str) -> bool:
    if after.isspace() or after in _CLOSING or width_of(after) == 0:
        return False
    if before.isspace():
        return True
    return before not in _OPENING and (is_wide(before) or is_wide(after))
