"""Writes a handbook as Markdown for GitHub and GitLab, with Mermaid diagrams."""

from __future__ import annotations

import re
from collections.abc import Iterator

from escalation_rules.cli.handbook.model import (
    Book,
    Chapter,
    Code,
    Diagram,
    Entry,
    Graph,
    Paragraph,
    Place,
    Section,
)
from escalation_rules.cli.handbook.places import Places

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&])")


def markdown_of(book: Book, places: Places) -> str:
    """The whole text."""
    return "\n".join(_lines(book, places)) + "\n"


def _lines(book: Book, places: Places) -> Iterator[str]:
    yield from (
        f"# {_plain(book.title)}",
        "",
        _plain(book.version),
        "",
        f"## {_plain(book.frame.contents)}",
        "",
    )
    for chapter in book.chapters:
        yield f"- [{_plain(chapter.title)}](#{chapter.anchor})"
        yield from (f"  - [{_plain(section.title)}](#{section.anchor})" for section in chapter.sections)
    for chapter in book.chapters:
        yield from _chapter(chapter, book, places)


def _chapter(chapter: Chapter, book: Book, places: Places) -> Iterator[str]:
    yield from ("", _anchor(chapter.anchor), f"## {_plain(chapter.title)}")
    if chapter.intro:
        yield from ("", _plain(chapter.intro))
    for diagram in chapter.diagrams:
        yield from _diagram(diagram)
    for section in chapter.sections:
        yield from _section(section, book, places)


def _section(section: Section, book: Book, places: Places) -> Iterator[str]:
    yield from ("", _anchor(section.anchor), f"### {_plain(section.title)}")
    for entry in section.entries:
        yield from _entry(entry, section, book, places)


def _entry(entry: Entry, section: Section, book: Book, places: Places) -> Iterator[str]:
    if entry.title != section.title:
        name = f" `{entry.name}`" if entry.name and entry.name != entry.title else ""
        yield from ("", _anchor(entry.anchor), f"#### {_plain(entry.title)}{name}")
    yield ""
    for row in entry.rows:
        if len(row.said) == 1 and not isinstance(row.said[0], Code):
            yield f"- **{_plain(row.label)}**: {_said(row.said[0], book, places)}"
            continue
        yield f"- **{_plain(row.label)}**:"
        for part in row.said:
            yield from _block(part) if isinstance(part, Code) else (f"  - {_said(part, book, places)}",)


def _said(said: Paragraph, book: Book, places: Places) -> str:
    if isinstance(said, Place):
        name = places.name(said.position)
        text = f"{_plain(said.text)} " if said.text != name else ""
        return f"{text}[{_plain(name)}]({places.of(said.position)})"
    text = said.text if isinstance(said, Code) else said
    return _linked(_plain(text), book)


def _block(code: Code) -> Iterator[str]:
    yield from ("", "  ```yaml", *(f"  {line}" for line in code.text.splitlines()), "  ```")


def _linked(text: str, book: Book) -> str:
    return re.sub(
        r"[a-z0-9]+(?:-[a-z0-9]+)+",
        lambda match: f"[{match[0]}](#rule-{match[0]})" if match[0] in book.rules else match[0],
        text,
    )


def _plain(text: str) -> str:
    """Text on one line, escaped for Markdown and HTML."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _anchor(name: str) -> str:
    return f'<a id="{re.sub("[^A-Za-z0-9_.-]", "_", name)}"></a>'


def _diagram(diagram: Diagram) -> Iterator[str]:
    yield from ("", f"### {_plain(diagram.title)}", "", _plain(diagram.intro), "")
    yield from _mermaid(diagram.graph)
    for note in diagram.notes:
        yield from ("", _plain(note))


def _mermaid(graph: Graph) -> Iterator[str]:
    numbers = {node.name: f"n{number}" for number, node in enumerate(graph.nodes)}
    yield from ("```mermaid", "flowchart LR")
    for node in graph.nodes:
        text = "<br>".join(_quoted(line) for line in node.text.splitlines())
        yield f'  {numbers[node.name]}["{text}"]'
    yield from (f"  {numbers[one]} --> {numbers[other]}" for one, other in graph.arrows)
    yield "```"


def _quoted(text: str) -> str:
    return "".join(f"#{ord(sign)};" if sign in '"#<>&;`' else sign for sign in text)
