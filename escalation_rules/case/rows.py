"""What was learned: the entries of a case, and their records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from escalation_rules.values import Value


@attrs.frozen
class Row:
    """One record in an entry: fields learned (None: withdrawn), or the withdrawal of the record."""

    id: str
    fields: Mapping[str, Value | None]
    retract: bool = False


@attrs.frozen
class Entry:
    """What was learned at one instant (`at` is None for a plain case, where only `learned_at` is known).

    `order` is its position among all entries and acts of a history; 0 in a plain case.
    """

    id: str | None = None
    at: datetime | None = None
    facts: Mapping[str, Value | None] = attrs.Factory(dict)
    records: Mapping[str, tuple[Row, ...] | None] = attrs.Factory(dict)
    learned_at: Mapping[str, datetime] = attrs.Factory(dict)
    order: int = 0

    def learned(self, name: str) -> datetime | None:
        """When the fact or field `name` was learned, if known."""
        return self.learned_at.get(name, self.at)


def circle_in(links: Mapping[str, str]) -> tuple[str, ...]:
    """The names of a cycle in the links, in order; empty if there is none. Each name links to at most one other."""
    seen: set[str] = set()
    for start in links:
        path: dict[str, None] = {}
        name: str | None = start
        while name is not None and name not in seen:
            seen.add(name)
            path[name] = None
            name = links.get(name)
        if name in path:
            names = list(path)
            return tuple(names[names.index(name or "") :])
    return ()
