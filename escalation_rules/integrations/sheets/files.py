"""Reads and writes sheets as CSV and Excel files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from escalation_rules.errors import Diagnostic, RequestError

SUFFIXES = (".csv", ".xlsx")
MAX_BYTES = 10_000_000


def read_sheet(file: Path) -> list[list[str]]:
    """The cells of a file as texts; of a workbook, those of its first sheet."""
    _check_suffix(file)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise _refused(
            "unreadable", f"{file} cannot be read: {error.strerror}", "a .csv or .xlsx file"
        ) from None
    if len(data) > MAX_BYTES:
        raise _refused("file-too-large", f"{file} is too large", f"at most {MAX_BYTES:,} bytes")
    if file.suffix.lower() == ".csv":
        try:
            return [*csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)]
        except UnicodeDecodeError:
            raise _refused(
                "not-utf-8", f"{file} is not UTF-8 text", "the file saved as `CSV UTF-8`"
            ) from None
        except csv.Error as error:
            raise _refused(
                "wrong-form", f"{file} is not CSV: {error}", "cells with commas in quotes"
            ) from None
    return _read_workbook(file, data)


def write_sheet(sheet: Sequence[Sequence[str]], file: Path) -> None:
    """Write the rows to a file, in the format given by its name."""
    _check_suffix(file)
    if file.suffix.lower() == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in sheet)
        data = text.getvalue().encode("utf-8-sig")  # with a BOM, without which Excel assumes another encoding
    else:
        data = _workbook(sheet)
    try:
        file.write_bytes(data)
    except OSError as error:
        raise _refused("unwritable", f"{file} cannot be written: {error.strerror}", "another file") from None


def _harmless(cell: str) -> str:
    """A cell escaped so that spreadsheets do not read it as a formula: `=> fee` looks like one."""
    return f" {cell}" if cell[:1] in "=+@" else cell


def _check_suffix(file: Path) -> None:
    if file.suffix.lower() not in SUFFIXES:
        raise _refused(
            "bad-argument", f"{file} is neither CSV nor Excel", "a name that ends in .csv or .xlsx"
        )


def _refused(code: str, message: str, expected: str) -> RequestError:
    return RequestError([Diagnostic(code, message, path="FILE", expected=expected)])


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ImportError:
        message = "Excel files need openpyxl, which is not installed"
        raise RequestError(
            [Diagnostic("not-installed", message, expected="pip install 'escalation-rules[tables]'")]
        ) from None
    return openpyxl


def _read_workbook(file: Path, data: bytes) -> list[list[str]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        rows = [[*row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever the zip and XML modules raise
        raise _refused(
            "wrong-form", f"{file} is not an Excel workbook: {type(error).__name__}", "a file saved as .xlsx"
        ) from None
    return [[_as_text(cell) for cell in row] for row in rows]


def _as_text(cell: object) -> str:
    """A cell of Excel as YAML text."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _workbook(sheet: Sequence[Sequence[str]]) -> bytes:
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    page = book.active
    page.title = "table"
    for at, row in enumerate(sheet, 1):
        for column, text in enumerate(row, 1):
            cell = page.cell(at, column)
            cell.value = text
            cell.data_type = "s"  # never a formula
            cell.font = openpyxl.styles.Font(bold=at <= 2)
    page.freeze_panes = "A3"
    for column in page.columns:
        longest = max(len(str(cell.value or "")) for cell in column)
        page.column_dimensions[column[0].column_letter].width = min(60, longest + 3)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
