"""Nodes: the values of a text with their positions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

import attrs

from escalation_rules.errors import Position

MAX_NUMBER = 40

ScalarValue = bool | int | Decimal | str | None


@attrs.frozen
class Scalar:
    """A value: `value` by the YAML 1.2 core schema, `text` as written, `quoted` if in quotes or a block.

    `cut`: a comment without a space after its `#` follows, as in `Room #12`, which may have been meant as
    text.
    """

    position: Position
    value: ScalarValue
    text: str
    quoted: bool = False
    cut: bool = attrs.field(default=False, eq=False)


@attrs.frozen
class Sequence:
    """A list; `flow` if written in brackets."""

    position: Position
    items: tuple[Node, ...]
    flow: bool = False


@attrs.frozen
class Mapping:
    """A mapping in written order, with distinct string keys; `flow` if written in braces."""

    position: Position
    entries: tuple[tuple[Scalar, Node], ...]
    flow: bool = False

    def get(self, key: str) -> Node | None:
        """The value for `key`, or None."""
        for name, value in self.entries:
            if name.text == key:
                return value
        return None

    def key(self, key: str) -> Scalar | None:
        """The node of the key itself, or None."""
        for name, _ in self.entries:
            if name.text == key:
                return name
        return None

    def keys(self) -> tuple[str, ...]:
        """The keys, in written order."""
        return tuple(name.text for name, _ in self.entries)


Node = Scalar | Sequence | Mapping


def to_plain(node: Node | None) -> Any:
    """The node as plain Python data: dict, list, str, int, Decimal, bool or None."""
    if isinstance(node, Mapping):
        return {key.text: to_plain(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [to_plain(entry) for entry in node.items]
    return node.value if node else None


def one_or_more(node: Node | None) -> tuple[Node, ...]:
    """The items of a list, or a single other node; empty for None."""
    if isinstance(node, Sequence):
        return node.items
    return () if node is None else (node,)


def values_in(node: Node | None) -> int:
    """The number of nodes, without keys."""
    waiting, found = [node], 0
    while waiting:
        entry = waiting.pop()
        found += 1
        if isinstance(entry, Mapping):
            waiting += [value for _, value in entry.entries]
        elif isinstance(entry, Sequence):
            waiting += entry.items
    return found


def positions(node: Node | None, path: str = "") -> Iterator[tuple[str, Position]]:
    """All paths below `node` (`charges[0].amount`) with their positions; for an entry of a mapping, that of its key."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            here = f"{path}.{key.text}" if path else key.text
            yield here, key.position
            yield from positions(value, here)
    elif isinstance(node, Sequence):
        for index, value in enumerate(node.items):
            yield f"{path}[{index}]", value.position
            yield from positions(value, f"{path}[{index}]")


def decimal_of(text: str) -> Decimal:
    """A number with a fraction or an exponent. Raises `ValueError` if it is unreasonably long."""
    try:
        number = Decimal(text) if len(text) <= MAX_NUMBER else None
    except InvalidOperation:  # the exponent is too large for a Decimal
        number = None
    if number is None or not number.is_finite():
        raise ValueError(text[:MAX_NUMBER])
    return number
