"""Finds cycles among names that refer to each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def find_cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """A cycle in a graph, as names from its smallest member back to it; empty if there is none."""
    for start in sorted(graph):
        stack: list[tuple[str, list[str]]] = [(start, [start])]
        seen: set[str] = set()
        while stack:
            name, path = stack.pop()
            for successor in sorted(graph.get(name, []), reverse=True):
                if successor == start:
                    return [*path, start]
                if successor not in seen:
                    seen.add(successor)
                    stack.append((successor, [*path, successor]))
    return []
