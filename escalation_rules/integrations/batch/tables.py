"""Reads cases from the rows of a Parquet file (pyarrow) or a database query (SQLAlchemy)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from escalation_rules import CaseError, Diagnostic, Position, RequestError
from escalation_rules.integrations.batch.found import Found
from escalation_rules.integrations.batch.rows import case_of_row

_ROWS = 1000
"""The number of rows read at a time."""


def parquet(path: Path) -> Iterator[Found]:
    """Yield the cases of a Parquet file row by row. Messages count rows from 1."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise _not_installed("Parquet files need pyarrow", "arrow") from None
    try:
        with ParquetFile(path) as file:
            rows = (row for batch in file.iter_batches(_ROWS) for row in batch.to_pylist())
            for number, row in enumerate(rows, 1):
                yield _found(row, Position(str(path), number, 1))
    except ArrowException as error:
        place = Position(str(path), 1, 1)
        message = f"the case cannot be read: {error}"
        yield Found(place, problems=(Diagnostic("unreadable", message, place),))


def query(url: str, text: str) -> Iterator[Found]:
    """Yield the cases of a query row by row. Messages count rows from 1. Raises `RequestError` if the
    database reports an error."""
    try:
        import sqlalchemy
    except ImportError:
        raise _not_installed("a database needs sqlalchemy", "sql") from None
    try:
        engine = sqlalchemy.create_engine(url)
        name = engine.url.render_as_string(hide_password=True)
        with engine.connect().execution_options(stream_results=True, yield_per=_ROWS) as connection:
            for number, row in enumerate(connection.execute(sqlalchemy.text(text)).mappings(), 1):
                yield _found(dict(row), Position(name, number, 1))
    except (sqlalchemy.exc.SQLAlchemyError, ImportError) as error:  # ImportError: the driver of the database
        message = f"the database cannot be read: {str(error).splitlines()[0]}"
        raise RequestError([Diagnostic("unreadable", message, path="--from-sql")]) from None


def _found(row: Mapping[str, Any], place: Position) -> Found:
    try:
        return Found(place, data=case_of_row(row))
    except CaseError as error:
        return Found(
            place,
            problems=tuple(attrs.evolve(diagnostic, position=place) for diagnostic in error.diagnostics),
        )


def _not_installed(what: str, extra: str) -> RequestError:
    expected = f"pip install 'escalation-rules[{extra}]'"
    return RequestError([Diagnostic("not-installed", f"{what}, which is not installed", expected=expected)])
