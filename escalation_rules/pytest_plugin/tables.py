"""Reads data tables as rows by column name, in three languages. Empty cells are omitted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import tzinfo
from functools import cache
from typing import Any

import attrs

from escalation_rules.errors import listing
from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.messages import Wrong
from escalation_rules.pytest_plugin.phrases import unquoted
from escalation_rules.suggestions import nearest
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import catalogue, find

RawTable = Sequence[Sequence[str]]


class Row(dict[str, str]):
    """The cells of a row by column name; `number` is its index in the table, from 0."""

    number = 0


_NAMES = ("id", "action")


@attrs.frozen
class Column:
    """A column, with its name in each language."""

    name: str

    def in_language(self, language: str) -> str:
        """The name in a language."""
        return find(f"column.{self.name}", language) or self.name


@cache
def _column_ids() -> Mapping[str, str]:
    """The names of columns in all languages, with the id of each."""
    return {
        word: name.removeprefix("column.")
        for language in LANGUAGES
        for name, word in catalogue(language).phrases.items()
        if name.startswith("column.")
    }


def column_named(word: str) -> str:
    """The id of the column with this name in any language; other words are unchanged."""
    return _column_ids().get(word.strip(), word.strip())


def rows_of(
    table: RawTable | None,
    columns: Collection[str] | None = None,
    default: Sequence[str] = (),
    labelled: Mapping[str, str] | None = None,
) -> list[Row]:
    """The table's rows as mappings; empty cells are omitted.

    `columns` are the allowed ones (None: any). `default` are the columns of a table without a header, i.e.
    whose first row contains no column name. `labelled` are the policy's labels of columns, which take
    precedence.
    """
    if not table:
        raise Wrong("this step needs a table below it")
    known = {**_column_ids(), **(labelled or {})}
    header = [known.get(cell.strip(), cell.strip()) for cell in table[0]]
    start = 1
    if default and len(header) <= len(default) and not set(header) & set(default):
        header, start = list(default[: len(header)]), 0
    _check_header(header, columns)
    if len(table) == start:
        raise Wrong("the table has no row below its header")
    rows = []
    for number, cells in enumerate(table[start:], start):
        if not any(cell.strip() for cell in cells):
            raise Wrong("a row of the table is empty")
        row = Row((name, cell.strip()) for name, cell in zip(header, cells, strict=True) if cell.strip())
        row.number = number
        rows.append(row)
    return rows


def _check_header(header: list[str], columns: Collection[str] | None) -> None:
    if "" in header:
        raise Wrong("a column of the table has no name")
    if twice := next((name for name in header if header.count(name) > 1), None):
        raise Wrong("the column {name} occurs twice", name=repr(twice))
    strange = next((name for name in header if columns is not None and name not in columns), None)
    if strange is not None and columns is not None:
        raise no_column(strange, columns)


def no_column(name: str, columns: Collection[str]) -> Wrong:
    """The error for a column that a table cannot have."""
    near, names = nearest(name, columns), listing(columns, 20)
    if near is None:
        return Wrong("no column {name} here; expected {names}", name=repr(name), names=names)
    return Wrong(
        "no column {name} here; expected {names}; did you mean {near}?",
        name=repr(name),
        names=names,
        near=repr(near),
    )


def records_of(rows: Sequence[Row], zone: tzinfo | None = None) -> list[dict[str, Any]]:
    """Rows as records of a case; dotted columns are nested (`params.amount`)."""
    records = []
    for row in rows:
        record: dict[str, Any] = {}
        for column, cell in row.items():
            *outer, field = column.split(".")
            place = record
            for part in outer:
                place = place.setdefault(part, {})
            place[field] = unquoted(cell) if field in _NAMES else value_of(cell, zone)
        records.append(record)
    return records
