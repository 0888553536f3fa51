"""Caches results about a case that stay valid while the values they depend on are unchanged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import attrs

T = TypeVar("T")

LIST = "list:"
ACTS = "acts:"
DUES = "dues:"
"""The prefixes, among the names that a condition reads, of lists, of actions whose acts are read, and of actions whose
open steps are read."""


@attrs.frozen(eq=False)
class Names:
    """Names that something reads together. `Versions` has one number for all of them."""

    names: tuple[str, ...]


@attrs.frozen
class Reach:
    """What a condition reads: facts, lists and acts by name, and the records in scope by position.

    Conclusions about records have full names (`claims.proven`); `concluded` is true if it reads any.
    """

    names: tuple[str, ...] = ()
    depths: frozenset[int] = frozenset()
    concluded: bool = False
    read: Names = attrs.field(
        init=False,
        eq=False,
        repr=False,
        default=attrs.Factory(lambda self: Names(self.names), takes_self=True),
    )

    @property
    def outermost(self) -> int:
        """The position of the outermost record in scope that it reads; a large number if it reads none."""
        return min(self.depths, default=sys.maxsize)


class _Note(NamedTuple):
    stamp: object
    at: datetime
    until: datetime | None
    value: Any


class Memory:
    """The cache of one case for one policy. Situations are created in order; each has `Versions`, by which it tells what
    changed.

    `views`, `acts` and `stated` (the names that the last situation told) belong to the builder of situations.
    """

    def __init__(self) -> None:
        self.views: dict[str, Any] = {}
        self.acts: tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]] = ((), {})
        self.stated: frozenset[str] = frozenset()
        self.things: dict[str, object] = {}
        self.readers: dict[str, list[Names]] = {}
        self.numbers: dict[Names, int] = {}
        self._notes: dict[Hashable, _Note] = {}
        self._count = 0

    def next_number(self) -> int:
        """A number that was not given before."""
        self._count += 1
        return self._count

    def recall(
        self,
        key: Hashable,
        stamp: object,
        at: datetime,
        work: Callable[[], tuple[T, datetime | None]],
    ) -> T:
        """The cached result for a key with the same stamp, if still valid at `at`; otherwise computes and
        caches it.

        `work` also returns until when its result is valid (None: while the stamp is unchanged).
        """
        note = self._notes.get(key)
        if note is not None and note.stamp == stamp and (
            note.at == at or (note.at < at and (note.until is None or at < note.until))
        ):  # fmt: skip
            known: T = note.value
            return known
        value, until = work()
        self._notes[key] = _Note(stamp, at, until, value)
        return value


class Versions:
    """What one situation knows of its facts, lists, acts and conclusions, compared with the situation before it.

    Names that are read together have one number, which stays the same from one situation to the next while none of them
    changes. So asking whether anything has changed takes one step, however many names there are.
    """

    __slots__ = ("_numbers", "memory")

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self._numbers = memory.numbers = dict(memory.numbers)

    def tell(self, name: str, thing: object, *, by_identity: bool = False) -> None:
        """Set what a name stands for in this situation (None: nothing)."""
        memory = self.memory
        if self._numbers is memory.numbers:  # otherwise a later situation has been told its own
            last = memory.things.get(name)
            if last is thing or (not by_identity and last == thing):
                return
            memory.things[name] = thing
        for names in memory.readers.get(name, ()):
            self._numbers[names] = memory.next_number()

    def number(self, read: Names) -> int:
        """One number for the versions of these names."""
        found = self._numbers.get(read)
        if found is None:
            memory = self.memory
            found = self._numbers[read] = memory.next_number()
            if self._numbers is memory.numbers:
                for name in read.names:
                    memory.readers.setdefault(name, []).append(read)
        return found


def united(reaches: Iterable[Reach]) -> Reach:
    """The union of what several conditions read."""
    found = list(reaches)
    return Reach(
        tuple(sorted({name for reach in found for name in reach.names})),
        frozenset(depth for reach in found for depth in reach.depths),
        any(reach.concluded for reach in found),
    )
