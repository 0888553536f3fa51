"""Makes a disagreement small: takes away whatever the two sides still disagree without."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Plain = Any
Path = tuple[str | int, ...]


def shrunk(data: Plain, fails: Callable[[Plain], bool]) -> Plain:
    """The data with as little left as possible, so that it still `fails`."""
    current = data
    progress = True
    while progress:
        progress = False
        for path in sorted(paths(current), key=lambda each: (len(each), str(each))):
            for smaller in without(current, path):
                if fails(smaller):
                    current, progress = smaller, True
                    break
    return current


def paths(data: Plain, start: Path = ()) -> Iterator[Path]:
    """Every place in plain data, the whole excepted."""
    items = (
        list(data.items())
        if isinstance(data, dict)
        else list(enumerate(data))
        if isinstance(data, list)
        else []
    )
    for key, each in items:
        yield (*start, key)
        yield from paths(each, (*start, key))


def without(data: Plain, path: Path) -> Iterator[Plain]:
    """The data without what is at the path, or with one of its inner parts in its place."""
    target = found(data, path)
    if target is None:
        return
    made = copy.deepcopy(data)
    del found(made, path[:-1])[path[-1]]
    yield made
    inner = target[0] if isinstance(target, list) and len(target) == 1 else None
    if path[-1] in {"any", "all"} and isinstance(inner, dict) and isinstance(found(data, path[:-1]), dict):
        made = copy.deepcopy(data)
        parent = found(made, path[:-1])
        del parent[path[-1]]
        if not set(parent) & set(inner):
            parent.update(inner)
            yield made


def found(data: Plain, path: Path) -> Plain:
    """What is at the path; None if nothing is."""
    for key in path:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            return None
    return data
