"""Converts the parser's positions to lines and columns as editors count them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from escalation_rules.errors import Position
from escalation_rules.source.characters import LINE_END


class Places:
    """Converts the parser's marks. The parser also ends lines at U+0085, U+2028 and U+2029, unlike editors."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.unusual = any(character in text for character in "\x85\u2028\u2029")
        self.starts: list[int] = []

    def of(self, mark: Any) -> Position:
        """The position of a mark. At the end of a text without a final newline, libyaml's marks are on an extra line."""
        if self.unusual or mark.index >= len(self.text):
            return self.of_index(mark.index)
        return Position(self.file, mark.line + 1, mark.column + 1)

    def of_index(self, index: int) -> Position:
        """The position of the character at an index."""
        if not self.starts:
            self.starts = [0, *(match.end() for match in LINE_END.finditer(self.text))]
        line = bisect_right(self.starts, index)
        return Position(self.file, line, index - self.starts[line - 1] + 1)
