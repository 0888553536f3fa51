"""Finds the nearest existing name to an unknown one, for "did you mean …?"."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

_LONGEST_NAME = 100
_MOST_NAMES = 500
_MOST_COMPARED = 32


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most similar to `name`, or None if none is near.

    For dotted names, the last part must be similar too: `customer.shoes` is not near `customer.orders`. Only
    a few short candidates are compared, so that long or numerous ones cost little.
    """
    name = name.partition("：")[0]  # with a full-width colon, YAML reads the whole line as one key
    if len(name) > _LONGEST_NAME:
        return None  # hostile input: the comparison takes at least quadratic time
    from difflib import get_close_matches

    matches = get_close_matches(name, _worth_comparing(name, sorted(candidates)), n=3, cutoff=0.6)
    _, dot, tail = name.rpartition(".")
    return next(
        (match for match in matches if not dot or get_close_matches(tail, [match.rpartition(".")[2]])), None
    )


def _worth_comparing(name: str, names: Sequence[str]) -> Sequence[str]:
    """Select from sorted names those worth comparing: if there are many, those with the same beginning and of
    these the ones that share most letters."""
    if len(names) > _MOST_NAMES:
        start = max(0, bisect_left(names, name) - _MOST_NAMES // 2)
        names = names[start : start + _MOST_NAMES]
    names = [candidate for candidate in names if len(candidate) <= _LONGEST_NAME]
    if len(names) <= _MOST_COMPARED:
        return names
    letters = Counter(name)
    return heapq.nlargest(
        _MOST_COMPARED,
        names,
        key=lambda candidate: (letters & Counter(candidate)).total() / (len(name) + len(candidate)),
    )
