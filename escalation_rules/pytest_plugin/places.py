"""Tracks where each value of a case was set, in a file or by a step, for messages of the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from escalation_rules import Position

Container = dict[str, Any] | list[Any]
_NO_LISTS = ("history", "acts")


class Places:
    """The positions of values, by the mapping or list that contains each and its key, so that entries may be moved."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, object], tuple[Container, Position]] = {}

    def note(self, container: Container, key: str | int, position: Position) -> None:
        """Store the position of a value."""
        self._known[id(container), key] = container, position

    def move(self, old: Container, old_key: str | int, new: Container, new_key: str | int) -> None:
        """Keep the position of a value that is now elsewhere."""
        if (id(old), old_key) in self._known:
            self.note(new, new_key, self._known[id(old), old_key][1])

    def read(self, data: Container, positions: Mapping[str, Position]) -> None:
        """Store the positions of a document, given by path."""
        for path, container, key in _walk(data, ""):
            if path in positions:
                self.note(container, key, positions[path])

    def of(self, data: Container) -> dict[str, Position]:
        """The positions of the values in a case as it is now, by path."""
        return {
            path: self._known[id(container), key][1]
            for path, container, key in _walk(data, "")
            if (id(container), key) in self._known
        }


def _walk(data: object, path: str) -> Iterator[tuple[str, Container, str | int]]:
    if isinstance(data, dict):
        for key, value in data.items():
            here = f"{path}.{key}" if path else str(key)
            yield here, data, key
            yield from _walk(value, here)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield f"{path}[{index}]", data, index
            yield from _walk(value, f"{path}[{index}]")


def records_in(case: Mapping[str, Any]) -> dict[str, str]:
    """The ids of all records of a case or history, with their lists."""
    return {key: listed for listed, key in _records(case)}


def lists_with(case: Mapping[str, Any], record: str) -> list[str]:
    """The lists that contain a record with this id, sorted by name."""
    return sorted({listed for listed, key in _records(case) if key == record})


def _records(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    entries = case.get("history")
    for entry in (case, *(entries if isinstance(entries, list) else ())):
        for name, records in entry.items() if isinstance(entry, Mapping) else ():
            if name not in _NO_LISTS and isinstance(records, list):
                yield from (
                    (str(name), str(record["id"]))
                    for record in records
                    if isinstance(record, Mapping) and "id" in record
                )
