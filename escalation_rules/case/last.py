"""Caches the last decision about a case."""

from __future__ import annotations

import weakref
from typing import Any


class LastAnswer:
    """The last answer about a case and who was asked. Both are weak references; not pickled or copied."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: tuple[weakref.ref[Any], weakref.ref[Any]] | None = None

    def of(self, asker: object) -> Any:
        """The last answer if `asker` gave it, else None."""
        kept = self._kept
        return kept[1]() if kept is not None and kept[0]() is asker else None

    def keep(self, asker: object, answer: object) -> None:
        """Replace the cached answer."""
        self._kept = (weakref.ref(asker), weakref.ref(answer))

    def __reduce__(self) -> tuple[Any, ...]:
        return LastAnswer, ()
