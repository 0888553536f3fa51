"""A book: chapters with sections, sections with entries, entries with rows. How it looks is decided elsewhere."""

from __future__ import annotations

import attrs

from escalation_rules.errors import Position


@attrs.frozen
class Code:
    """Text that is shown as it is."""

    text: str


@attrs.frozen
class Place:
    """A line of a file, and what stands there."""

    text: str
    position: Position


Said = str | Code | Place
"""A paragraph of a row."""


@attrs.frozen
class Row:
    """A label, and what is said under it."""

    label: str
    said: tuple[Said, ...]


@attrs.frozen
class Entry:
    """One thing: a title, the name by which the rules call it, and rows."""

    anchor: str
    title: str
    name: str
    rows: tuple[Row, ...]


@attrs.frozen
class Section:
    """Entries below one heading."""

    anchor: str
    title: str
    entries: tuple[Entry, ...]
    intro: str = ""


@attrs.frozen
class Node:
    """A box of a diagram, with what it is called and the entry that it leads to."""

    name: str
    text: str
    to: str | None = None


@attrs.frozen
class Graph:
    """Boxes and arrows (by names) from one to another."""

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
    """The few words that the form needs."""

    contents: str
    search: str
    nothing: str
    back: str


@attrs.frozen
class Book:
    """A whole handbook in one language. Texts that name one of the `rules` lead to it."""

    language: str
    title: str
    version: str
    chapters: tuple[Chapter, ...]
    rules: frozenset[str]
    frame: Frame
