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


@attrs.frozen
class Reach:
    """What a condition reads: facts, lists and acts by name, and the records in scope by position.

    Conclusions about records have full names (`claims.proven`); `concluded` is true if it reads any.
    """

    names: tuple[str, ...] = ()
    depths: frozenset[int] = frozenset()
    concluded: bool = False

    @property
    def outermost(self) -> int:
        """The position of the outermost record in scope that it reads; a large number if it reads none."""
        return min(self.depths, default=sys.maxsize)


class _Note(NamedTuple):
    stamp: tuple[object, ...]
    at: datetime
    until: datetime | None
    value: Any


class Memory:
    """The cache of one case for one policy. Situations are created in order; each sets the versions of what
    changed.

    Unchanged things keep their version. `views` and `acts` belong to the builder of situations.
    """

    def __init__(self) -> None:
        self.views: dict[str, Any] = {}
        self.acts: tuple[tuple[Any, ...], dict[str, tuple[Any, ...]]] = ((), {})
        self._notes: dict[Hashable, _Note] = {}
        self._versions: dict[str, tuple[object, int]] = {}
        self._count = 0

    def version(self, name: str, thing: object, *, by_identity: bool) -> int:
        """The version of a thing, unchanged if it is the same as in the last situation."""
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


def united(reaches: Iterable[Reach]) -> Reach:
    """The union of what several conditions read."""
    found = list(reaches)
    return Reach(
        tuple(sorted({name for each in found for name in each.names})),
        frozenset(depth for each in found for depth in each.depths),
        any(each.concluded for each in found),
    )
