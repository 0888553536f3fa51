"""Places in a text: lines and columns as an editor counts them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from escalation_rules.errors import Position
from escalation_rules.source.characters import LINE_END


class Places:
    """The line and the column of the parser's marks. It ends lines at U+0085, U+2028 and U+2029 as well; no editor does."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.unusual = any(each in text for each in "\x85\u2028\u2029")
        self.starts: list[int] = []

    def of(self, mark: Any) -> Position:
        """The place of a mark. At the end of a text without a line end, libyaml's marks are in a line of their own."""
        if self.unusual or mark.index >= len(self.text):
            return self.of_index(mark.index)
        return Position(self.file, mark.line + 1, mark.column + 1)

    def of_index(self, index: int) -> Position:
        """The place of the character with that index."""
        if not self.starts:
            self.starts = [0, *(found.end() for found in LINE_END.finditer(self.text))]
        line = bisect_right(self.starts, index)
        return Position(self.file, line, index - self.starts[line - 1] + 1)
