"""Where a value stands in a payload: `via.channel`, `custom_fields[id=36].value`, `^created_at`, `/ticket.id`.

A path starts at the item that is read; with `/` in front at the payload's root, with `^` at the item's parent. `*` takes
every item of a list or every value of a mapping, `[key=value]` the first item of a list whose key has that value, `.`
alone is the item itself, and `key()` alone the key under which a `*` found it (`^key()`: found its parent). A payload is data
of strangers: nothing here fails on it, and nothing in it is followed further than the path says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

MAX_ITEMS = 2_000
"""Messages, people or events that are read of one payload."""

_STEP = re.compile(r"(?P<name>[^.\[\]]+)(?:\[(?P<key>[^\[\]=]+)=(?P<value>[^\[\]]*)\])?(?:\.|$)")


@attrs.frozen
class Item:
    """One mapping or value of a payload, with the item that holds it, the whole payload, and the key under which it stood
    where a path took every value of a mapping."""

    data: Any
    root: Any
    parent: Item | None = None
    key: str | None = None


@attrs.frozen
class Step:
    """One name of a path; with `key`, the item of the list below it whose `key` is `value`."""

    name: str
    key: str | None = None
    value: str = ""


@attrs.frozen
class Path:
    """A path as it was written, and its steps. Make it with `parse_path`."""

    text: str
    start: str
    steps: tuple[Step, ...]

    def values(self, item: Item) -> Iterator[Any]:
        """Every value at the path, in order; none where the payload has none."""
        return (value for value, _ in self.keyed(item))

    def keyed(self, item: Item) -> Iterator[tuple[Any, str | None]]:
        """Every value at the path, each with the last key that a `*` on the way to it stands for."""
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
    """The path that `text` writes; None if it is not one."""
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
            for name, each in value.items():
                yield from _walk(each, rest, word(name))
        for each in _items(value):
            yield from _walk(each, rest, key)
        return
    below = _below(value, step.name)
    if step.key is not None:
        below = next((each for each in _items(below) if same(_below(each, step.key), step.value)), None)
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
    """The items that a path leads to; a list stands for its items."""
    for value, key in path.keyed(item):
        for inner in value if isinstance(value, list) else (value,):
            if inner is not None:
                yield Item(inner, item.root, item, key)


def word(value: Any) -> str | None:
    """A scalar as the text that a profile writes for it (`true`, `3`, `Email`); None for anything else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)) or type(value).__name__ == "Decimal":
        return str(value) if len(str(value)) <= 400 else None
    return value if isinstance(value, str) else None


def same(value: Any, written: str) -> bool:
    """Whether a value of a payload is the one that a profile writes: numbers and flags may come as texts."""
    return word(value) == written
