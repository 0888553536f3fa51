"""Times of day, and deadlines that depend on working days, looked up on the clock of the calendar's zone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from escalation_rules.calendar import WorkingCalendar
from tests.oracle.worlds import DAYS, Plain, World, calendar_named, earlier, later, minutes

Pause = tuple[datetime, datetime]
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
END_OF_DAY = "end of the working day"
MOVED = ", moved to a working day"
STATED = re.compile(rf"({END_OF_DAY}(?: in \w+)?|\d+ [^,]*?)(?: of ([^,]+))?({MOVED}(?: in \w+)?)?")


AHEAD = re.compile(r"(\d+ .+? before|by) (\S+)")
BEFORE, BY = " before", "by"
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 7 * 1440, "month": 31 * 1440}


def stated(within: str) -> tuple[str, str]:
    """How long, and from when (empty: not said): `15 days of case.opened_at, moved to a working day`."""
    if ahead := AHEAD.fullmatch(within):
        return ahead[1], ""
    found = STATED.fullmatch(within)
    assert found is not None, within
    return found[1] + (found[3] or ""), found[2] or ""


def end_named(within: str) -> str:
    """The instant before which the time ends: `2 days before trip.starts_at`; empty if there is none."""
    ahead = AHEAD.fullmatch(within)
    return ahead[2] if ahead else ""


def is_ahead(within: str) -> bool:
    """Whether the time ends before an instant or at it, with or without the name of the instant."""
    return within == BY or within.endswith(BEFORE) or AHEAD.fullmatch(within) is not None


def usual_length(within: str) -> float:
    """Roughly how many minutes it is, whatever it counts from; time before an instant is the longest."""
    if is_ahead(within):
        return float("inf")
    if within.startswith(END_OF_DAY):
        return MINUTES["day"]
    amount, *units = within.partition(MOVED)[0].partition(" in ")[0].split()
    return int(amount) * MINUTES[units[-1].removesuffix("s")]


def due_by(world: World, start: datetime, within: str, stopped: Sequence[Pause] = ()) -> datetime:
    """When the time is over that ends with a working day; of working days those count whose closing lies in no pause."""
    if within == BY:
        return start
    if within.endswith(BEFORE):
        return earlier(world, start, within.removesuffix(BEFORE))
    length, moved, place = within.partition(MOVED)
    calendar = calendar_named(world, (place if moved else length).partition(" in ")[2])
    if not length.startswith(END_OF_DAY):
        end = later(world, start, length)
        if is_worked(calendar, end - TICK):
            return end
        start = end
    end = closing_after(calendar, start)
    while any(begin <= end < resumed for begin, resumed in stopped):
        end = closing_after(calendar, end)
    return end


def closing_after(calendar: WorkingCalendar, start: datetime) -> datetime:
    """The first closing time later than that: one of those of the working days after some day before."""
    closings = (calendar.add_working_days(start - days * DAY, 1) for days in range(30))
    return min(each for each in closings if each > start)


def is_worked(calendar: WorkingCalendar, moment: datetime) -> bool:
    """Whether the instant lies in working time, or on a date on which work begins at some half hour."""
    if calendar.is_open(moment):
        return True
    zone = calendar.tzinfo
    midnight = datetime.combine(moment.astimezone(zone).date(), time(), zone)
    halves = (midnight + number * timedelta(minutes=30) for number in range(48))
    return any(calendar.is_open(each) and not calendar.is_open(each - TICK) for each in halves)


def at_hours(world: World, moment: datetime, said: str) -> bool:
    """Whether it is working time, or between two times on the clock, as `said`."""
    hours, _, name = said.partition(" in ")
    calendar = calendar_named(world, name)
    if hours == "working time":
        return calendar.is_open(moment)
    local = moment.astimezone(calendar.tzinfo)
    if (dates := dates_in(hours)) is not None:
        return in_dates(dates, (local.month, local.day))
    if (days := weekdays_in(hours)) is not None:
        return local.weekday() in days
    start, end, now = minutes(hours[:5]), minutes(hours[6:]), local.hour * 60 + local.minute
    return start <= now < end if start < end else now >= start or now < end


def dates_in(said: str) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The month and day at both ends of `1 November to 31 March`; None for hours."""
    words = said.split()
    if len(words) not in {2, 5} or ":" in said or said == "working time":
        return None
    ends = [(MONTHS.index(month[:3]) + 1, int(day)) for day, month in (words[:2], words[-2:])]
    return ends[0], ends[1]


def weekdays_in(said: str) -> set[int] | None:
    """The days of the week in `sat-mon`; None for hours."""
    ends = [DAYS.index(each) for each in said.split("-") if each in DAYS]
    if len(ends) != len(said.split("-")):
        return None
    days = [ends[0]]
    while days[-1] != ends[-1]:
        days.append((days[-1] + 1) % 7)
    return set(days)


def in_dates(dates: tuple[tuple[int, int], tuple[int, int]], day: tuple[int, int]) -> bool:
    """Whether a month and day lies between two, maybe over the end of the year."""
    first, last = dates
    return first <= day <= last if first <= last else not last < day < first


def turns(world: World, policy: Plain, first: date, last: date) -> Iterator[datetime]:
    """Every instant of some days at which one of the hours that a policy tests begins or ends."""
    for said in sorted(set(hours_in(policy))):
        for number in range(-1, (last - first).days + 2):
            yield from edges(world, said, first + number * DAY)


def edges(world: World, said: str, day: date) -> Iterator[datetime]:
    """When hours begin or end on a date, whether or not it is a day off."""
    hours, _, name = said.partition(" in ")
    calendar = calendar_named(world, name)
    declared = world.vocabulary["calendars"][calendar.name]
    if (dates := dates_in(hours)) is not None:
        before = day - DAY
        if in_dates(dates, (day.month, day.day)) is not in_dates(dates, (before.month, before.day)):
            yield datetime.combine(day, time(), calendar.tzinfo).astimezone(UTC)
        return
    if (days := weekdays_in(hours)) is not None:
        if (day.weekday() in days) is not ((day - DAY).weekday() in days):
            yield datetime.combine(day, time(), calendar.tzinfo).astimezone(UTC)
        return
    for span in [hours] if hours != "working time" else spans_of(declared, day):
        for clock in (span[:5], span[6:]):
            local = datetime.combine(day, time(), calendar.tzinfo) + timedelta(minutes=minutes(clock))
            yield local.astimezone(UTC)


def turned(world: World, said: str) -> datetime | None:
    """Since when it has been, or not been, such a time of day."""
    for number in range(-1, 368 if dates_in(said.partition(" in ")[0]) is None else 8 * 366 + 2):
        day = world.at.date() - number * DAY
        for edge in sorted(edges(world, said, day), reverse=True):
            if edge <= world.at and at_hours(world, edge, said) is not at_hours(world, edge - TICK, said):
                return edge
    return None


def spans_of(declared: Mapping[str, Plain], day: date) -> list[str]:
    """The hours of a date as the vocabulary writes them, whether or not it is a day off."""
    found: list[str] = list((declared.get("other_hours") or {}).get(day.isoformat()) or [])
    for days, spans in declared["hours"].items():
        first, _, last = days.partition("-")
        if DAYS.index(first) <= day.weekday() <= DAYS.index(last or first):
            found += spans
    return found


def hours_in(data: Plain) -> Iterator[str]:
    """What is tested by `during`, wherever in the policy, of now."""
    if isinstance(data, Mapping):
        if isinstance(data.get("during"), str):
            yield data["during"]
        for each in data.values():
            yield from hours_in(each)
    elif isinstance(data, list):
        for each in data:
            yield from hours_in(each)
