"""How a value came about: what a total or a count was as of an earlier instant (SEMANTICS 73)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from escalation_rules.policy.conditions import latest
from escalation_rules.policy.conditions.counting import added_up, without
from escalation_rules.values import Addable, Value

_START = datetime.min.replace(tzinfo=UTC)
_END = datetime.max.replace(tzinfo=UTC)


class Course(NamedTuple):
    """`at` gives a value as of an earlier instant: None if it was unknown then, or if that cannot be told any more. `changes`
    are the instants at which it changed, in any order."""

    at: Callable[[datetime], Value | None]
    changes: tuple[datetime, ...] = ()


class Member(NamedTuple):
    """What a record adds to a total: since `moment` if it `comes`, else until then. `learned`: since when its value is known."""

    moment: datetime | None
    comes: bool
    learned: datetime | None
    value: Value | None

    @property
    def since(self) -> datetime:
        """The first instant at which it counts."""
        return (self.moment or _START) if self.comes else _START

    @property
    def until(self) -> datetime:
        """The instant from which it no longer counts."""
        return _END if self.comes else (self.moment or _START)

    @property
    def known(self) -> datetime:
        """The first instant at which it counts with its value."""
        return _END if self.value is None else max(self.since, self.learned or _START)

    @property
    def changed(self) -> datetime | None:
        """When it changed the total; None: from the start."""
        return latest((self.moment, self.learned if self.comes else None))


def course_of(members: Sequence[Member], zero: Addable, *, is_sure: bool) -> Course:
    """The course of the total of some records; it is never known unless it `is_sure` which records count.

    An instant is looked up, not added up again: there may be as many instants as records.
    """
    changes = tuple(member.changed for member in members if member.changed is not None)
    if not is_sure:
        return Course(lambda _: None, changes)
    counted = [member for member in members if member.known < member.until]
    gains = _Growing(((member.known, member.value) for member in counted), zero)
    losses = _Growing(((member.until, member.value) for member in counted), zero)
    obscured = sorted(member.since for member in members)
    cleared = sorted(min(member.known, member.until) for member in members)

    def at(moment: datetime) -> Value | None:
        is_known = bisect_right(obscured, moment) == bisect_right(cleared, moment)
        return without(gains.at(moment), losses.at(moment)) if is_known else None

    return Course(at, changes)


class _Growing:
    """A total to which values are added, each at its instant."""

    def __init__(self, values: Iterable[tuple[datetime, Value | None]], zero: Addable) -> None:
        ordered = sorted(values, key=lambda pair: pair[0])
        self._moments = [moment for moment, _ in ordered]
        self._totals: list[Any] = [zero]
        for _, value in ordered:
            self._totals.append(added_up((value,), self._totals[-1]))

    def at(self, moment: datetime) -> Any:
        """The total of the values up to an instant, inclusive."""
        return self._totals[bisect_right(self._moments, moment)]
