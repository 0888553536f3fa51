"""A page of text: headings, numbered items, labelled rows. Styled only on a terminal."""

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
"""The extra indentation of a faint paragraph, which shows its relation also without styles."""

HEADING, TITLE, ALARM, FAINT = "bold", "bold", "bold red", "dim"


@attrs.frozen
class Row:
    """A label and paragraphs, each a sequence of (text, style)."""

    label: str
    paragraphs: Sequence[Sequence[tuple[str, str]]]

    @classmethod
    def plain(cls, label: str, *paragraphs: str) -> Row:
        return cls(label, tuple(((paragraph, ""),) for paragraph in paragraphs))


class Page:
    """A text with at most 80 cells a line, styled if it is for a terminal.

    `labels` are the possible labels of rows; the texts of rows are aligned in one column.
    """

    def __init__(self, labels: Iterable[str], *, is_terminal: bool) -> None:
        self._written = StringIO()
        self._console = Console(
            file=self._written, highlight=False, markup=False, emoji=False, force_terminal=is_terminal,
            color_system="auto" if is_terminal else None, force_jupyter=False,
        )  # fmt: skip
        self._width = min(WIDTH, max(NARROWEST, self._console.width)) if is_terminal else WIDTH

        self._column = INDENT + max(width(label) for label in labels) + 1

    def text(self) -> str:
        return self._written.getvalue()

    def line(self, text: str, style: str = "") -> None:
        """A paragraph at the margin."""
        self._paragraph([(text, style)], 0, "")

    def heading(self, text: str) -> None:
        """A section heading, after an empty line."""
        self.space()
        self.line(text, HEADING)

    def space(self) -> None:
        self._console.print()

    def item(self, text: str, number: int | None = None, style: str = TITLE) -> None:
        """The first line of an item."""
        lead = f"{number:>2}. " if number is not None else " " * INDENT
        self._paragraph([(text, style)], INDENT, lead)

    def numbered(self, parts: Sequence[tuple[str, str]], number: int) -> None:
        """An item on one line, in styled parts."""
        self._paragraph(parts, INDENT, f"{number:>2}. ")

    def bullet(self, text: str, style: str = "") -> None:
        self._paragraph([(text, style)], INDENT, "  - ")

    def rows(self, rows: Sequence[Row]) -> None:
        """The rows of an item, with their texts aligned in one column."""
        for row in rows:
            lead = " " * INDENT + row.label
            for paragraph in row.paragraphs:
                faint = all(style == FAINT for _, style in paragraph)
                self._paragraph(paragraph, self._column + (NOTE if faint else 0), lead)
                lead = ""

    def _paragraph(self, parts: Sequence[tuple[str, str]], column: int, lead: str) -> None:
        """Text starting at `column`; `lead` comes before its first line."""
        text = Styled.assemble(*((clean(part), style) for part, style in parts))
        for line in text.divide(breaks(text.plain, self._width - column)):
            line.rstrip()
            padding = " " * (column - width(lead))
            self._console.print(Styled(lead + padding) + line, soft_wrap=True)
            lead = ""
