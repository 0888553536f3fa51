"""The structure of a handbook, independent of its format: chapters, sections, entries and rows."""

from __future__ import annotations

import attrs

from escalation_rules.errors import Position


@attrs.frozen
class Code:
    """Text that is shown verbatim."""

    text: str


@attrs.frozen
class Place:
    """A line of a file, and its content."""

    text: str
    position: Position


Paragraph = str | Code | Place
"""A paragraph of a row."""


@attrs.frozen
class Row:
    """A label with its paragraphs."""

    label: str
    said: tuple[Paragraph, ...]


@attrs.frozen
class Entry:
    """An entry: a title, its name in the rules, and rows."""

    anchor: str
    title: str
    name: str
    rows: tuple[Row, ...]


@attrs.frozen
class Section:
    """Entries below a heading."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]
    intro: str = ""


@attrs.frozen
class Node:
    """A box of a diagram, with its label and the entry it links to."""

    name: str
    text: str
    to: str | None = None


@attrs.frozen
class Graph:
    """Boxes, and arrows between them by name."""

    nodes: tuple[Node, ...]
    arrows: tuple[tuple[str, str], ...]


@attrs.frozen
class Diagram:
    """A graph with a title and an explanation."""

    title: str
    intro: str
    graph: Graph
    notes: tuple[str, ...] = ()


@attrs.frozen
class Chapter:
    """Sections, or diagrams, of one kind."""

    anchor: str
    title: str
    sections: tuple[Section, ...] = ()
    diagrams: tuple[Diagram, ...] = ()
    intro: str = ""


@attrs.frozen
class Frame:
    """The fixed texts that a format needs."""

    contents: str
    search: str
    nothing: str
    back: str


@attrs.frozen
class Book:
    """A handbook in one language. Mentions of the ids in `rules` become links."""

    language: str
    title: str
    version: str
    chapters: tuple[Chapter, ...]
    rules: frozenset[str]
    frame: Frame
