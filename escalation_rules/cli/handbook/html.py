"""Writes a handbook as one HTML file: searchable, printable, and without external requests. All texts are escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files

from escalation_rules.cli.handbook.diagram import svg_of
from escalation_rules.cli.handbook.model import Book, Chapter, Code, Entry, Paragraph, Place, Row, Section
from escalation_rules.cli.handbook.places import Places

_IN_A_ROW = 4
_FEW, _SHORT = 5, 60
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def _own(name: str) -> str:
    """A file in this package's folder."""
    return files("escalation_rules.cli.handbook").joinpath(name).read_text(encoding="utf-8")


def html_of(book: Book, places: Places) -> str:
    """The whole file."""
    return "".join(_parts(book, places))


def _parts(book: Book, places: Places) -> Iterator[str]:
    frame = book.frame
    yield (
        f'<!doctype html>\n<html lang="{book.language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(book.title)}</title>\n<style>\n{_own('page.css')}</style>\n</head>\n<body>\n"
        f'<header><b><a href="#top">{escape(book.title)}</a></b><input id="search" type="search" '
        f'placeholder="{escape(frame.search)}" aria-label="{escape(frame.search)}"></header>\n<div class="frame">\n'
    )
    yield f'<nav aria-label="{escape(frame.contents)}">'
    for chapter in book.chapters:
        yield from _contents(chapter)
    yield f'</nav>\n<main id="top">\n<h1>{escape(book.title)}</h1>\n<p class="version">{escape(book.version)}</p>\n'
    yield f'<p id="nothing">{escape(frame.nothing)}</p>\n'
    for chapter in book.chapters:
        yield from _chapter(chapter, book, places)
    yield f"</main>\n</div>\n<script>\n{_own('page.js')}</script>\n</body>\n</html>\n"


def _contents(chapter: Chapter) -> Iterator[str]:
    title = f'<a href="#{_id(chapter.anchor)}">{escape(chapter.title)}</a>'
    if not chapter.sections:
        yield f"<p><b>{title}</b></p>"
        return
    yield f"<details open><summary>{title}</summary><ul>"
    yield from (
        f'<li><a href="#{_id(section.anchor)}">{escape(section.title)}</a></li>'
        for section in chapter.sections
    )
    yield "</ul></details>"


def _chapter(chapter: Chapter, book: Book, places: Places) -> Iterator[str]:
    yield f'<section><h2 id="{_id(chapter.anchor)}">{escape(chapter.title)}</h2>\n'
    if chapter.intro:
        yield f'<p class="soft">{escape(chapter.intro)}</p>\n'
    for diagram in chapter.diagrams:
        is_chain = len(diagram.graph.arrows) == len(diagram.graph.nodes) - 1 and all(
            arrow == (one.name, other.name)
            for arrow, one, other in zip(
                diagram.graph.arrows, diagram.graph.nodes, diagram.graph.nodes[1:], strict=False
            )
        )
        drawing = svg_of(diagram.graph, diagram.title, wrap=_IN_A_ROW if is_chain else None)
        yield f'<h3>{escape(diagram.title)}</h3>\n<p class="soft">{escape(diagram.intro)}</p>\n'
        yield f'<div class="drawing">{drawing}</div>\n'
        yield from (f'<p class="soft">{escape(note)}</p>\n' for note in diagram.notes)
    for section in chapter.sections:
        yield from _section(section, book, places)
    yield "</section>\n"


def _section(section: Section, book: Book, places: Places) -> Iterator[str]:
    yield f'<section><h3 id="{_id(section.anchor)}">{escape(section.title)}</h3>\n'
    for entry in section.entries:
        yield from _entry(entry, section, book, places)
    yield "</section>\n"


def _entry(entry: Entry, section: Section, book: Book, places: Places) -> Iterator[str]:
    yield f'<article id="{_id(entry.anchor)}">'
    if entry.title != section.title:
        name = f"<code>{escape(entry.name)}</code>" if entry.name and entry.name != entry.title else ""
        yield f"<h4>{escape(entry.title)}{name}</h4>"
    yield "<dl>"
    for row in entry.rows:
        said = "".join(f"<p>{_said(part, book, places)}</p>" if not isinstance(part, Code) else _code(part)
                       for part in row.said)  # fmt: skip
        many = ' class="many"' if _is_list(row) else ""
        yield f"<dt>{escape(row.label)}</dt><dd{many}>{said}</dd>"
    yield "</dl></article>\n"


def _is_list(row: Row) -> bool:
    """Whether it has many short items, which are shown in columns."""
    return len(row.said) > _FEW and all(isinstance(part, str) and len(part) <= _SHORT for part in row.said)


def _said(said: Paragraph, book: Book, places: Places) -> str:
    if isinstance(said, Place):
        name = places.name(said.position)
        text = f"{escape(said.text)} " if said.text != name else ""
        return f'{text}<a href="{escape(places.of(said.position))}">{escape(name)}</a>'
    text = said.text if isinstance(said, Code) else said
    return re.sub(
        r"(?<![&\w-])[a-z0-9]+(?:-[a-z0-9]+)+",
        lambda match: f'<a href="#rule-{match[0]}">{match[0]}</a>' if match[0] in book.rules else match[0],
        escape(text),
    )


def _code(code: Code) -> str:
    return f"<pre>{escape(code.text)}</pre>"


def _id(anchor: str) -> str:
    return escape(re.sub(r"\s", "_", anchor))
