"""What is worked out once of a case, and used again as long as what it looks at stays the same."""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar

import attrs

T = TypeVar("T")

LIST = "list:"
ACTS = "acts:"
"""What stands before the name of a list, or of an action, among the names that a condition looks at."""


@attrs.frozen
class Reach:
    """What a condition looks at: facts, lists and acts by name, and the records in scope by their place.

    What rules conclude of records is named in full (`claims.proven`); `concluded` says that it reads what they conclude.
    """

    names: tuple[str, ...] = ()
    depths: frozenset[int] = frozenset()
    concluded: bool = False

    @property
    def outermost(self) -> int:
        """The place of the outermost record in scope that it looks at; one far beyond all if it looks at none."""
        return min(self.depths, default=sys.maxsize)


class _Note(NamedTuple):
    stamp: tuple[object, ...]
    at: datetime
    until: datetime | None
    value: Any


class Memory:
    """Notes about one case, for one policy. Situations are made one after the other; each says what changed since the last.

    A thing that did not change keeps its version. `views` and `acts` belong to whoever makes situations.
    """

    def __init__(self) -> None:
        self.views: dict[str, Any] = {}
        self.acts: tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]] = ((), {})
        self._notes: dict[Hashable, _Note] = {}
        self._versions: dict[str, tuple[object, int]] = {}
        self._count = 0

    def version(self, name: str, thing: object, *, by_identity: bool) -> int:
        """The version of a thing: that of the last situation if it is the same."""
        last = self._versions.get(name)
        if last is not None and (last[0] is thing or (not by_identity and last[0] == thing)):
            return last[1]
        self._count += 1
        self._versions[name] = thing, self._count
        return self._count

    def recall(
        self,
        key: Hashable,
        stamp: tuple[object, ...],
        at: datetime,
        work: Callable[[], tuple[T, datetime | None]],
    ) -> T:
        """What was noted under a key with the same stamp, if it still holds at `at`; else it is worked out, and noted.

        `work` also returns until when its answer holds (None: as long as the stamp stays the same).
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


def united(reaches: Iterable[Reach]) -> Reach:
    """What several conditions look at together."""
    found = list(reaches)
    return Reach(
        tuple(sorted({name for each in found for name in each.names})),
        frozenset(depth for each in found for depth in each.depths),
        any(each.concluded for each in found),
    )
