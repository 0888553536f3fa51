"""The bounded caches of the engine: they are dictionaries, and `keep` adds to them."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TypeVar

MAX_KEPT = 4096
"""The maximum number of entries of one cache (signatures of a block, outcomes, decisions, parts of one kind).

A full cache is cleared.
"""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def keep(kept: dict[K, V], key: K, made: V, most: int | None = None) -> V:
    """Add an entry to a cache, and return it. No lock is needed: another thread makes an equal entry."""
    if len(kept) >= (MAX_KEPT if most is None else most):
        kept.clear()
    kept[key] = made
    return made
