"""Determines the roles of doers: the role in the party's record when the act was done."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

import attrs

from escalation_rules.case.rows import Entry
from escalation_rules.policy.conditions import Act
from escalation_rules.values import Party, Value

_START = datetime.min.replace(tzinfo=UTC)

_Stated = tuple[datetime, int, str | None]
"""The time and sequence number at which a history states the role of a party; None if it withdraws the role."""


def with_doers(acts: Iterable[Act], entries: Iterable[Entry]) -> Iterator[Act]:
    """The acts, each with the role of its doer at that time.

    Of entries at the instant of the act, those before it count. An act before the first known role gets this
    first role. A role stated by the act itself is kept.
    """
    stated = _roles(entries)
    for act in acts:
        known = stated.get(act.by.name, ()) if act.by.role is None else ()
        yield attrs.evolve(act, by=Party(act.by.name, _role_at(known, act))) if known else act


def _role_at(stated: Sequence[_Stated], act: Act) -> str | None:
    place = bisect_right(stated, (act.at, act.order or 0), key=lambda each: each[:2])
    if place:
        return stated[place - 1][2]
    return next((role for _, _, role in stated if role is not None), None)


def _roles(entries: Iterable[Entry]) -> dict[str, list[_Stated]]:
    """The roles stated for each party, in order."""
    found: dict[str, list[_Stated]] = {}
    for entry in entries:
        place = entry.at or _START, entry.order
        if "parties" not in entry.records:
            continue
        rows = entry.records["parties"]
        for known in found.values() if rows is None else ():
            known.append((*place, None))
        for row in rows or ():
            if row.retract or "role" in row.fields:
                role = None if row.retract else role_named(row.fields["role"])
                if role is not None or row.id in found:  # a role that was never stated cannot be withdrawn
                    found.setdefault(row.id, []).append((*place, role))
    return found


def role_named(value: Value | None) -> str | None:
    """The role in the field `role` of a party, which may be declared as a text, a choice or a party."""
    return value.name if isinstance(value, Party) else value if isinstance(value, str) else None
