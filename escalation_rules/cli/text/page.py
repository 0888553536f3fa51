"""A page of text for people: headings, numbered items, rows with a label. Plain unless a terminal reads it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

import attrs
from rich.console import Console
from rich.text import Text as Styled

from escalation_rules.cli.text.streams import clean
from escalation_rules.cli.text.width import width
from escalation_rules.cli.text.wrapping import breaks

WIDTH = 80
NARROWEST = 40
INDENT = 4
NOTE = 2
"""How much deeper a faint paragraph stands, so that a plain text too shows what it belongs to."""

HEADING, TITLE, ALARM, FAINT = "bold", "bold", "bold red", "dim"


@attrs.frozen
class Row:
    """A label and paragraphs, each a sequence of (text, style)."""

    label: str
    paragraphs: Sequence[Sequence[tuple[str, str]]]

    @classmethod
    def plain(cls, label: str, *paragraphs: str) -> Row:
        """A row without styles."""
        return cls(label, [[(each, "")] for each in paragraphs])


class Page:
    """A text of at most 80 cells a line, with styles if it is for a terminal.

    `labels` are those that rows may have: their texts stand in one column.
    """

    def __init__(self, labels: Iterable[str], *, is_terminal: bool) -> None:
        self._written = StringIO()
        self._console = Console(
            file=self._written, highlight=False, markup=False, emoji=False, force_terminal=is_terminal,
            color_system="auto" if is_terminal else None, force_jupyter=False,
        )  # fmt: skip
        self._width = min(WIDTH, max(NARROWEST, self._console.width)) if is_terminal else WIDTH

        self._column = INDENT + max(width(each) for each in labels) + 1

    def text(self) -> str:
        """What was written."""
        return self._written.getvalue()

    def line(self, text: str, style: str = "") -> None:
        """A paragraph from the margin."""
        self._paragraph([(text, style)], 0, "")

    def heading(self, text: str) -> None:
        """The head of a section, after an empty line."""
        self.space()
        self.line(text, HEADING)

    def space(self) -> None:
        """An empty line."""
        self._console.print()

    def item(self, text: str, number: int | None = None, style: str = TITLE) -> None:
        """The first line of an item."""
        lead = f"{number:>2}. " if number is not None else " " * INDENT
        self._paragraph([(text, style)], INDENT, lead)

    def numbered(self, parts: Sequence[tuple[str, str]], number: int) -> None:
        """An item of one line, in parts with styles."""
        self._paragraph(parts, INDENT, f"{number:>2}. ")

    def bullet(self, text: str, style: str = "") -> None:
        """An item of one line."""
        self._paragraph([(text, style)], INDENT, "  - ")

    def rows(self, rows: Sequence[Row]) -> None:
        """Rows of an item; their texts stand in one column."""
        for row in rows:
            lead = " " * INDENT + row.label
            for paragraph in row.paragraphs:
                faint = all(style == FAINT for _, style in paragraph)
                self._paragraph(paragraph, self._column + (NOTE if faint else 0), lead)
                lead = ""

    def _paragraph(self, parts: Sequence[tuple[str, str]], column: int, lead: str) -> None:
        """Text from `column` on; `lead` stands before its first line."""
        text = Styled.assemble(*((clean(part), style) for part, style in parts))
        for line in text.divide(breaks(text.plain, self._width - column)):
            line.rstrip()
            padding = " " * (column - width(lead))
            self._console.print(Styled(lead + padding) + line, soft_wrap=True)
            lead = ""
