"""Deadlines whose clock stood still for a while: what was left of the time runs on afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from escalation_rules.calendar.durations import Calendars, Duration, calendar_of

Pause = tuple[datetime, datetime]
"""From when a clock stands still until when it runs on: the end is no part of it."""


def deadline(
    length: Duration, start: datetime, pauses: Sequence[Pause], calendars: Calendars, default: str = ""
) -> datetime:
    """`length.deadline_after(start)`, less the pauses, which are apart from one another and in order.

    Elapsed and working time in a pause is left out. Of working days those count whose closing time is in none. A clock
    that stops in the instant of its end has run out when it goes on. Errors: as `deadline_after`.
    """
    end = length.deadline_after(start, calendars, default)
    if length.unit == "working_day":
        return _closing(length, start, pauses, calendars, default) if pauses else end
    for stopped, resumed in pauses:
        begin = max(stopped, start)
        if begin > end:
            break
        if begin < resumed:
            end = _moved(length, end, begin, resumed, calendars, default)
    return end


def _moved(
    length: Duration, end: datetime, stopped: datetime, resumed: datetime, calendars: Calendars, default: str
) -> datetime:
    if not length.is_working:
        return end + (resumed - stopped)
    calendar = calendar_of(length, calendars, default)
    lost = calendar.working_time_between(stopped, resumed)
    return calendar.add_working_time(end, lost) if lost > timedelta(0) else end


def _closing(
    length: Duration, start: datetime, pauses: Sequence[Pause], calendars: Calendars, default: str
) -> datetime:
    left, day = length.amount, 0
    while True:
        day += 1
        end = attrs.evolve(length, amount=day).deadline_after(start, calendars, default)
        left -= not any(stopped <= end < resumed for stopped, resumed in pauses)
        if left == 0:
            return end


def united(spans: Iterable[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime | None]]:
    """Spans, of which some may have no end, as few as possible: apart from one another and in order."""
    found: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = found[-1][1] if found else start
        if found and (last is None or start <= last):
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found
