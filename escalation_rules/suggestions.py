"""The nearest name to one that does not exist: "did you mean …?"."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

_LONGEST_NAME = 100
_MOST_NAMES = 500
_MOST_COMPARED = 32


def nearest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that most resembles `name`, or None when none is near.

    Of dotted names the last part must resemble, too: `customer.shoes` is not near `customer.orders`. However many and
    long the candidates are, only a few short ones are compared with it.
    """
    name = name.partition("：")[0]  # a full-width colon makes a key of the whole line
    if len(name) > _LONGEST_NAME:
        return None  # hostile input: likeness is at least quadratic in the length
    from difflib import get_close_matches

    matches = get_close_matches(name, _worth_comparing(name, sorted(candidates)), n=3, cutoff=0.6)
    _, dot, tail = name.rpartition(".")
    return next(
        (each for each in matches if not dot or get_close_matches(tail, [each.rpartition(".")[2]])), None
    )


def _worth_comparing(name: str, names: Sequence[str]) -> Sequence[str]:
    """Of sorted names those that can be near: of very many those that begin alike, and of these those with the most letters
    in common."""
    if len(names) > _MOST_NAMES:
        start = max(0, bisect_left(names, name) - _MOST_NAMES // 2)
        names = names[start : start + _MOST_NAMES]
    names = [each for each in names if len(each) <= _LONGEST_NAME]
    if len(names) <= _MOST_COMPARED:
        return names
    letters = Counter(name)
    return heapq.nlargest(
        _MOST_COMPARED, names, key=lambda each: (letters & Counter(each)).total() / (len(name) + len(each))
    )
