"""Paths to values in a payload: `via.channel`, `custom_fields[id=36].value`, `^created_at`, `/ticket.id`.

A path starts at the current item, with `/` at the payload's root, with `^` at the item's parent. `*` selects
every item of a list or every value of a mapping, `[key=value]` the first item of a list with that value, `.`
alone the item itself, and `key()` alone the key under which a `*` found it (`^key()`: found its parent).
Payloads are untrusted: no payload raises an error here, and nothing is followed further than the path says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

MAX_ITEMS = 2_000
"""The maximum number of messages, people or events read from one payload."""

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\])?(?:\.|$)")


@attrs.frozen
class Item:
    """A mapping or value of a payload, with its parent item, the whole payload, and its key if a path
    selected every value of a mapping."""

    data: Any
    root: Any
    parent: Item | None = None
    key: str | None = None


@attrs.frozen
class Step:
    """One name of a path. With `key`, the item whose `key` is `value`, of the list at that name."""

    name: str
    key: str | None = None
    value: str = ""


@attrs.frozen
class Path:
    """A path as written, with its steps. Create it with `parse_path`."""

    text: str
    start: str
    steps: tuple[Step, ...]

    def values(self, item: Item) -> Iterator[Any]:
        """All values at the path, in order."""
        return (value for value, _ in self.keyed(item))

    def keyed(self, item: Item) -> Iterator[tuple[Any, str | None]]:
        """All values at the path, each with the last key that a `*` on the way matched."""
        if self.start == "/":
            return _walk(item.root, self.steps, None)
        holder = item if not self.start else item.parent
        if holder is None:
            return iter(())
        if self.steps == _KEY:
            return iter(() if holder.key is None else ((holder.key, None),))
        return _walk(holder.data, self.steps, None)

    def value(self, item: Item) -> Any:
        """The first value at the path, or None."""
        return next(self.values(item), None)


def parse_path(text: str) -> Path | None:
    """Parse a path. Returns None if the text is invalid."""
    start = text[0] if text[:1] in {"/", "^"} else ""
    rest = text[len(start) :]
    if "(" in rest:
        return Path(text, start, _KEY) if rest == _KEY[0].name and start != "/" else None
    if rest in {"", "."}:
        return Path(text, start, ()) if text else None
    steps: list[Step] = []
    place = 0
    while place < len(rest):
        found = _STEP.match(rest, place)
        if not found or rest.endswith("."):
            return None
        steps.append(Step(found["name"], found["key"], found["value"] or ""))
        place = found.end()
    return Path(text, start, tuple(steps))


_KEY = (Step("key()"),)


def _walk(value: Any, steps: tuple[Step, ...], key: str | None) -> Iterator[tuple[Any, str | None]]:
    if not steps:
        if value is not None:
            yield value, key
        return
    step, rest = steps[0], steps[1:]
    if step.name == "*":
        if isinstance(value, Mapping):
            for name, part in value.items():
                yield from _walk(part, rest, word(name))
        for part in _items(value):
            yield from _walk(part, rest, key)
        return
    below = _below(value, step.name)
    if step.key is not None:
        below = next((part for part in _items(below) if same(_below(part, step.key), step.value)), None)
    yield from _walk(below, rest, key)


def _below(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    if isinstance(value, list) and name.isdecimal() and len(name) < 6 and int(name) < len(value):
        return value[int(name)]
    return None


def _items(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else ()


def each_item(item: Item, path: Path) -> Iterator[Item]:
    """The items at a path; a list yields its items."""
    for value, key in path.keyed(item):
        for inner in value if isinstance(value, list) else (value,):
            if inner is not None:
                yield Item(inner, item.root, item, key)


def word(value: Any) -> str | None:
    """A scalar as written in a profile (`true`, `3`, `Email`); None for other values."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) or type(value).__name__ == "Decimal":
        return str(value) if len(str(value)) <= 400 else None
    return value if isinstance(value, str) else None


def same(value: Any, written: str) -> bool:
    """Whether a payload's value equals the one written in a profile. Numbers and flags may be given as texts."""
    return word(value) == written
