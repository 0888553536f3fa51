"""Reads cases from files and folders: YAML, JSON, JSON lines and Parquet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from escalation_rules import Diagnostic, Position
from escalation_rules.errors import Problems
from escalation_rules.integrations.batch.found import Found
from escalation_rules.source import MAX_CHARACTERS, parse_json
from escalation_rules.tools.receipts import NotAReceipt, is_receipt, receipts

_KIND = '"decision"'
LINES = (".jsonl", ".ndjson")
TABLES = (".parquet",)
DOCUMENTS = (".yaml", ".yml", ".json")
_MOST = 4 * MAX_CHARACTERS + 1  # bytes


def histories(paths: Iterable[str | Path]) -> Iterator[Found]:
    """Yield the cases of files, and of all files in folders sorted by name, lazily. An unreadable one yields
    its problem.

    A YAML or JSON file is one case; each line of a `.jsonl` file and each row of a `.parquet` file is one.
    """
    for path in _files(paths):
        yield from _of_file(path)


def count(paths: Iterable[str | Path]) -> int | None:
    """The number of cases, without reading them; None if it is known only after reading."""
    total = 0
    for path in _files(paths):
        suffix = path.suffix.lower()
        if suffix in TABLES:
            return None
        try:
            total += _lines_in(path) if suffix in LINES else 1
        except OSError:
            total += 1  # it yields one problem
    return total


def _files(paths: Iterable[str | Path]) -> Iterator[Path]:
    for path in map(Path, paths):
        if not path.is_dir():
            yield path
            continue
        for file in sorted(path.rglob("*")):
            hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
            if file.suffix.lower() in (*DOCUMENTS, *LINES, *TABLES) and file.is_file() and not hidden:
                yield file


def _lines_in(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for line in iter(lambda: stream.readline(_MOST), b"") if line.strip())


def _of_file(path: Path) -> Iterator[Found]:
    suffix = path.suffix.lower()
    start = Position(str(path), 1, 1)
    try:
        if suffix in LINES:
            yield from _lines(path)
        elif suffix in TABLES:
            from escalation_rules.integrations.batch.tables import parquet

            yield from parquet(path)
        else:
            yield _document(path)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        yield Found(start, problems=(Diagnostic("unreadable", f"the case cannot be read: {reason}", start),))


def _document(path: Path) -> Found:
    with path.open("rb") as stream:
        data = stream.read(_MOST)
    text = _decoded(data, Position(str(path), 1, 1))
    if isinstance(text, Found):
        return text
    suffix = path.suffix.lower()
    is_json = suffix == ".json" or (suffix not in DOCUMENTS and text.lstrip().startswith("{"))
    return Found(Position(str(path), 1, 1), text, is_json)


def _lines(path: Path) -> Iterator[Found]:
    """The case on each line; for a log of decisions, the last `given` of each case."""
    found = _each_line(path)
    first = next(found, None)
    if first is None:
        return
    if not _is_log(first):
        yield first
        yield from found
        return
    last: dict[str, int] = {}
    for line in _each_line(path):
        last[_case_of(line)] = line.place.line
    for line in _each_line(path):
        if last[_case_of(line)] == line.place.line:
            yield _given(line)


def _is_log(found: Found) -> bool:
    return _KIND in found.text and is_receipt(parse_json(found.text, found.place.file, Problems()))


def _case_of(found: Found) -> str:
    """The key of the case that a line belongs to: its id. A line without an id, or an unreadable one, has a
    key of its own."""
    data = parse_json(found.text, found.place.file, Problems()) if found.text else None
    case = data.get("case") if isinstance(data, Mapping) else None
    return repr(case) if isinstance(case, str) else f"line {found.place.line}"


def _given(found: Found) -> Found:
    """The case in a line of a log."""
    if found.problems:
        return found
    (receipt,) = receipts([found.text], found.place.file)
    if isinstance(receipt, NotAReceipt):
        return Found(
            found.place,
            problems=tuple(attrs.evolve(problem, position=found.place) for problem in receipt.problems),
        )
    if receipt.given is None:
        said = Diagnostic("not-a-receipt", "the receipt does not hold the case", found.place,
                          expected="receipt_line(decision, given=case)")  # fmt: skip
        return Found(found.place, problems=(said,))
    return Found(found.place, data=receipt.given)


def _each_line(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(_MOST), b""), 1):
            place = Position(str(path), number, 1)
            text = _decoded(line, place)
            if isinstance(text, Found):
                yield text
            elif text.strip():
                yield Found(place, text.rstrip("\r\n"), is_json=True, is_line=True)


def _decoded(data: bytes, place: Position) -> str | Found:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Found(place, problems=(Diagnostic("not-utf-8", "the case is not UTF-8 text", place),))
