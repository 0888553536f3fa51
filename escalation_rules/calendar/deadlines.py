"""Computes deadlines whose clock was stopped for some time; the remaining time runs on afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import attrs

from escalation_rules.calendar.durations import Calendars, Deadline, Duration, calendar_of
from escalation_rules.calendar.working import WorkingCalendar
from escalation_rules.calendar.zones import aware

Pause = tuple[datetime, datetime]
"""The start and the (exclusive) end of a time in which the clock of a deadline is stopped: by `paused_while`, or because
the policy holds or forbids the step."""


def deadline(
    within: Deadline | Duration,
    start: datetime,
    pauses: Sequence[Pause],
    calendars: Calendars,
    default: str = "",
) -> datetime:
    """The end of a deadline that starts at `start`, extended by the pauses, which must be disjoint and in
    order. No pause moves a deadline that ends before an instant, here `start`.

    Elapsed and working time during a pause does not count. A working day counts if its closing time is not in
    a pause, a calendar day if its midnight is not; a calendar month is moved like a month, and then ends with its day, or
    with the first later one whose midnight is in no pause; an end that moves to a working day skips the others. A clock that
    is paused at the instant of its end ends when it resumes. Raises the same errors as `Duration.deadline_after`.
    """
    stated = within if isinstance(within, Deadline) else Deadline(within)
    if stated.at_instant:
        return aware(start).astimezone(UTC)
    if stated.length is None:
        calendar = calendar_of(stated, calendars, default)
        return _outside(_closings(calendar, start), pauses)
    if stated.before:
        return stated.length.deadline_before(start, calendars, default)
    end = _counted(stated.length, start, pauses, calendars, default)
    if not stated.moved:
        return end
    calendar = calendar_of(stated, calendars, default)
    moved = calendar.on_working_day(end)
    return moved if moved == end else _outside(_closings(calendar, end), pauses)


def _counted(
    length: Duration, start: datetime, pauses: Sequence[Pause], calendars: Calendars, default: str
) -> datetime:
    end = length.deadline_after(start, calendars, default)
    if not pauses:
        return end
    if length.counts_days:
        return _closing(length, start, pauses, calendars, default)
    if length.in_time != length:
        end = _counted(length.in_time, start, pauses, calendars, default)
        return _outside(_midnights(calendar_of(length, calendars, default), end), pauses)
    for stopped, resumed in pauses:
        begin = max(stopped, start)
        if begin > end:
            break
        if begin < resumed:
            end = max(resumed, _moved(length, end, begin, resumed, calendars, default))
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
        left -= not _in_one(end, pauses)
        if left == 0:
            return end


def _closings(calendar: WorkingCalendar, after: datetime) -> Iterator[datetime]:
    """The closing times after an instant."""
    while True:
        after = calendar.next_closing(after)
        yield after


def _midnights(calendar: WorkingCalendar, after: datetime) -> Iterator[datetime]:
    """The ends of the day of an instant and of the following days."""
    return (calendar.end_of_day(after, days) for days in count())


def _outside(moments: Iterator[datetime], pauses: Sequence[Pause]) -> datetime:
    """The first of the instants that is in no pause."""
    return next(moment for moment in moments if not _in_one(moment, pauses))


def _in_one(moment: datetime, pauses: Sequence[Pause]) -> bool:
    return any(stopped <= moment < resumed for stopped, resumed in pauses)


def united(spans: Iterable[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime | None]]:
    """Merge spans, some of which may have no end, into disjoint spans in order."""
    found: list[tuple[datetime, datetime | None]] = []
    for start, end in sorted(spans, key=lambda span: span[0]):
        last = found[-1][1] if found else start
        if found and (last is None or start <= last):
            found[-1] = (found[-1][0], None if last is None or end is None else max(last, end))
        else:
            found.append((start, end))
    return found
