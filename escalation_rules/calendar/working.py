"""Working calendars: opening hours, and where an amount of working time ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs

from escalation_rules.calendar.shifts import Spans, Year, clock
from escalation_rules.calendar.zones import (
    DAY,
    MINUTE,
    aware,
    first_showing,
    instant,
    load_country,
    load_zone,
    micros,
    reckoned,
)

MAX_DAYS: Final = 3660
"""The longest duration: this number of 24-hour days, of working days, or times 24 working hours."""

_MIDNIGHT: Final = 1440  # minutes
_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_HORIZON: Final = 100  # the maximum number of years a search covers
_EMPTY: Final = 5  # consecutive years without working time after which a search stops
_KEPT: Final = 128  # years cached per calendar; more than a search covers


def check_name(name: str) -> None:
    """Raise `ValueError` if a calendar cannot have this name."""
    if name.split() != [name]:
        raise ValueError(f"the name of a calendar is one word, not {name!r}")


def _check_spans(spans: Spans, whose: str) -> None:
    minutes = [minute for span in spans for minute in span]
    fits = not minutes or (0 <= minutes[0] < _MIDNIGHT and minutes[-1] <= minutes[0] + _MIDNIGHT)
    if not fits or any(end <= start for start, end in spans) or minutes != sorted(minutes):
        raise ValueError(f"hours of {whose}: {spans} must ascend from a minute of the day, within 24 hours")


def _check_days(days: int) -> None:
    if not 1 <= days <= MAX_DAYS:
        raise ValueError(f"{days} working days: must be 1 to {MAX_DAYS}")


def _check_time(amount: timedelta) -> None:
    if not timedelta(0) < amount <= timedelta(days=MAX_DAYS):
        raise ValueError(f"working time of {amount}: must be over 0 and at most {MAX_DAYS * 24} hours")


def _check_hours(hours: tuple[Spans, ...]) -> None:
    if len(hours) != 7:
        raise ValueError(f"hours are given for 7 weekdays, Monday first, not for {len(hours)}")
    for name, spans in zip(_WEEKDAYS, hours, strict=True):
        _check_spans(spans, name)
    for name, spans, following in zip(_WEEKDAYS, hours, hours[1:] + hours[:1], strict=True):
        if spans and following and spans[-1][1] - _MIDNIGHT > following[0][0]:
            raise ValueError(
                f"hours of {name} last until {clock(spans[-1][1])} of the next day, but those of the next day begin at "
                f"{clock(following[0][0])}"
            )
    if not any(hours):
        raise ValueError("no weekday has working hours, so working time would never pass")


def _check_dates(
    closed: tuple[date, ...], opened: tuple[date, ...], others: tuple[tuple[date, Spans], ...]
) -> None:
    other = [day for day, _ in others]
    if times := [day for day in (*closed, *opened, *other) if isinstance(day, datetime)]:
        raise ValueError(f"{times[0]} is not a date")
    if both := sorted(set(closed) & set(opened)):
        raise ValueError(f"{both[0]} is declared both closed and open")
    if both := sorted(({*closed} | {*opened}) & {*other}):
        way = "closed" if both[0] in closed else "open"
        raise ValueError(f"{both[0]} has other hours, and is declared {way}, too")
    for day, spans in others:
        if not spans:
            raise ValueError(f"{day} has no other hours: it is closed")
        _check_spans(spans, str(day))


def _is_nightly(spans: Spans) -> bool:
    """Whether the shift ends after midnight."""
    return bool(spans) and spans[-1][1] > _MIDNIGHT


@attrs.frozen
class WorkingCalendar:
    """The working hours of one place. Immutable and thread-safe.

    - `name`: one word, used by durations to refer to it.
    - `zone`: an IANA key, such as "Asia/Taipei".
    - `hours`: of the seven weekdays, Monday first, ascending without overlap; `()` is a closed day. A night
      shift ends after 24:00: it belongs to the day on which it starts, and is closed with that day.
    - `holidays`: a country known to the package `holidays` (ISO 3166), or a subdivision: "TW", "DE-BY". Its
      public holidays, with their substitutes, are closed; its make-up working days are open.
    - `closed`, `open`: dates that the policy closes or opens, overriding the country.
    - `other_hours`: dates with their own hours (e.g. short days), which are open, overriding the country.

    A day that is exceptionally open has the hours of its weekday or, if that has none, of Monday (or the
    first weekday with hours). A *working day* is a local date on which a shift starts. It lasts from midnight
    to midnight; if a shift continues after midnight, to its end, when the next day starts. A shift that would
    start before that of the previous day has ended (possible only with exceptional hours) starts when that
    one ends.

    Raises `ValueError` if the zone, country or subdivision is unknown, if the hours are invalid or all empty,
    or if a date is declared twice.

    The methods take aware datetimes in any zone (and raise `ValueError` for naive ones) and return UTC, to
    the microsecond. They raise `OverflowError` beyond datetime's years 1 to 9999, and `ValueError` if there
    is no working time for five calendar years, or after searching a hundred years.
    """

    name: str
    zone: str
    hours: tuple[Spans, ...]
    holidays: str | None = None
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()
    other_hours: tuple[tuple[date, Spans], ...] = ()
    _tz: ZoneInfo = attrs.field(init=False, eq=False, repr=False)
    _country: Any = attrs.field(init=False, eq=False, repr=False)
    _years: dict[int, Year] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        check_name(self.name)
        _check_hours(self.hours)
        _check_dates(self.closed, self.open, self.other_hours)
        object.__setattr__(self, "_tz", load_zone(self.zone))
        object.__setattr__(self, "_country", None if self.holidays is None else load_country(self.holidays))

    def __reduce__(self) -> tuple[Any, ...]:  # a zone read from a file cannot be pickled
        stated = (self.name, self.zone, self.hours, self.holidays, self.closed, self.open, self.other_hours)
        return WorkingCalendar, stated

    @property
    def tzinfo(self) -> ZoneInfo:
        """The time zone."""
        return self._tz

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """The closing time of the `days`-th (1 to `MAX_DAYS`) working day after the day of `start`, i.e. a deadline."""
        year, index = self._working_day(reckoned(start), days)
        return instant(year.closings[index])

    def closing_before(self, end: datetime, days: int) -> datetime:
        """The closing time of the `days`-th (1 to `MAX_DAYS`) working day before the day of `end`."""
        _check_days(days)
        at, left = reckoned(end), days
        for year in self._years_back_from(at):
            index = bisect_left(year.worked, year.day_of(at)) - left
            if index >= 0:
                return instant(year.closings[index])
            left = -index
        raise AssertionError  # the loop ends by raising

    def same_time_after(self, start: datetime, days: int) -> datetime:
        """The local time of `start` on the `days`-th working day after its day, or the next working time,
        i.e. an interval.

        A start on a later working day never ends earlier. A start on a day off keeps its time of day as well:
        Saturday 10:00 ends on Monday at 10:00, while Friday 20:00, after Monday's hours, ends on Tuesday.
        """
        at = reckoned(start)
        wall = at + micros(start.astimezone(self._tz).utcoffset())
        here = self._year(self._local_year(at))
        time = max(
            0, wall - here.midnight(here.day_of(at))
        )  # of a night shift, past midnight, more than a day
        year, index = self._working_day(at, days)
        day = year.worked[index]
        return instant(self._opening(max(self._showing(year.midnight(day) + time), year.days[day])))

    def add_months(self, start: datetime, months: int) -> datetime:
        """The same day of the month and local time, `months` later (earlier, if negative); the last day of a month that has
        no such day."""
        local = aware(start).astimezone(self._tz)
        year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
        if not MINYEAR <= year <= MAXYEAR:
            raise OverflowError("date value out of range")
        day = date(year, month + 1, min(local.day, monthrange(year, month + 1)[1]))
        clock = timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        return instant(self._showing((day.toordinal() - 1) * DAY + micros(clock)))

    def end_of_day(self, start: datetime, days: int) -> datetime:
        """The midnight that ends the day that is `days` after the day of `start` (before it, if negative)."""
        following = aware(start).astimezone(self._tz).date().toordinal() + days + 1
        if not date.min.toordinal() <= following <= date.max.toordinal():
            raise OverflowError("date value out of range")
        return instant(self._showing((following - 1) * DAY))

    def end_of_period(self, start: datetime, unit: str) -> datetime:
        """The midnight that ends the day, week (Monday to Sunday), month, quarter or year of `start`."""
        day = aware(start).astimezone(self._tz).date()
        last = {"month": day.month, "quarter": (day.month + 2) // 3 * 3, "year": 12}.get(unit)
        if last is None:
            return self.end_of_day(start, 6 - day.weekday() if unit == "week" else 0)
        end = day.replace(month=last, day=monthrange(day.year, last)[1])
        return self.end_of_day(start, end.toordinal() - day.toordinal())

    def end_of_month_after(self, start: datetime, months: int) -> datetime:
        """The midnight that ends the same day of the month, `months` later (earlier, if negative)."""
        return self.end_of_day(self.add_months(start, months), 0)

    def next_closing(self, start: datetime) -> datetime:
        """The end of the working day of `start`; of the next one, if that is over or not a working day."""
        at = reckoned(start)
        for year in self._years_from(at):
            index = bisect_right(year.closings, at)
            if index < len(year.closings):
                return instant(year.closings[index])
        raise AssertionError  # the loop ends by raising

    def on_working_day(self, end: datetime) -> datetime:
        """`end` or, if it ends (part of) a non-working day, the next closing time."""
        before = reckoned(end) - 1  # midnight belongs to the previous day
        year = self._year(self._local_year(before))
        day = year.day_of(before)
        worked = bisect_right(year.worked, day) - bisect_left(year.worked, day)
        return instant(before + 1) if worked else self.next_closing(end)

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant by which `amount` (over 0, up to `MAX_DAYS` x 24 hours) was worked from `start`."""
        _check_time(amount)
        at, left = reckoned(start), micros(amount)
        for year in self._years_from(at):
            target = year.worked_until(at) + left
            index = bisect_left(year.sums, target)
            if index < len(year.sums):
                return instant(year.ends[index] - (year.sums[index] - target))
            left = target - (year.sums[-1] if year.sums else 0)
        raise AssertionError  # the loop ends by raising

    def subtract_working_time(self, end: datetime, amount: timedelta) -> datetime:
        """The latest instant from which `amount` (over 0, up to `MAX_DAYS` x 24 hours) is worked until `end`."""
        _check_time(amount)
        at, left = reckoned(end), micros(amount)
        for year in self._years_back_from(at):
            target = year.worked_until(at) - left
            if target >= 0:
                index = bisect_right(year.sums, target)
                return instant(year.ends[index] - (year.sums[index] - target))
            left = -target
        raise AssertionError  # the loop ends by raising

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is working time: from an opening up to but excluding the closing time."""
        return self._is_open(reckoned(at))

    def next_change(self, at: datetime) -> datetime | None:
        """The first later instant at which `is_open` changes; None if there is none within a year."""
        moment = start = reckoned(at)
        try:
            if not self._is_open(moment):
                return instant(self._opening(moment))
            while self._is_open(moment) and moment - start <= 366 * DAY:
                year = self._year(self._local_year(moment))
                moment = year.ends[bisect_right(year.starts, moment) - 1]
            return None if self._is_open(moment) else instant(moment)
        except (OverflowError, ValueError):
            return None

    def last_change(self, at: datetime) -> datetime | None:
        """The last instant, up to this one, at which `is_open` changed; None if there is none within a year."""
        moment = start = reckoned(at)
        try:
            was = self._is_open(moment)
            while start - moment <= 366 * DAY:
                year = self._year(self._local_year(moment))
                edges = year.starts if was else year.ends
                place = bisect_right(edges, moment)
                moment = edges[place - 1] if place else year.days[0]
                if self._is_open(moment - 1) is not was:
                    return instant(moment)
                moment -= 1
        except (OverflowError, ValueError):
            pass
        return None

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """The working time from `a` to `b`. Raises `ValueError` if `b` is earlier, or over a hundred years later."""
        start, end = reckoned(a), reckoned(b)
        first, last = self._local_year(start), self._local_year(end)
        if end < start or last - first > _HORIZON:
            raise ValueError(f"from {a.isoformat()} to {b.isoformat()}: must be 0 to {_HORIZON} years")
        whole = sum(self._year(number).worked_until(end) for number in range(first, last + 1))
        return timedelta(microseconds=whole - self._year(first).worked_until(start))

    def _is_open(self, at: int) -> bool:
        year = self._year(self._local_year(at))
        index = bisect_right(year.starts, at) - 1
        return index >= 0 and at < year.ends[index]

    def _opening(self, at: int) -> int:
        """The instant, or the next one that is working time."""
        for year in self._years_from(at):
            index = bisect_right(year.ends, at)
            if index < len(year.ends):
                return max(at, year.starts[index])
        raise AssertionError  # the loop ends by raising

    def _working_day(self, at: int, days: int) -> tuple[Year, int]:
        """The `days`-th working day after the day of an instant: its year, and its index among the days worked."""
        _check_days(days)
        left = days
        for year in self._years_from(at):
            index = bisect_right(year.worked, year.day_of(at)) + left - 1
            if index < len(year.worked):
                return year, index
            left = index - len(year.worked) + 1
        raise AssertionError  # the loop ends by raising

    def _years_from(self, at: int) -> Iterator[Year]:
        """The year of the instant and later ones, up to the limits of a search; then raises."""
        return self._search(self._local_year(at), 1)

    def _years_back_from(self, at: int) -> Iterator[Year]:
        """The year of the instant and earlier ones, up to the limits of a search; then raises."""
        return self._search(self._local_year(at), -1)

    def _search(self, first: int, step: int) -> Iterator[Year]:
        empty = 0
        for number in range(first, first + step * (_HORIZON + 1), step):
            if not MINYEAR <= number <= MAXYEAR:
                raise OverflowError(
                    f"in calendar {self.name!r} this is outside the years {MINYEAR} to {MAXYEAR}"
                )
            year = self._year(number)
            yield year
            empty = 0 if year.sums else empty + 1
            if empty == _EMPTY:
                raise ValueError(f"calendar {self.name!r} has no working time, {_EMPTY} years to {number}")
        raise ValueError(f"calendar {self.name!r} has too little working time, {_HORIZON} years from {first}")

    def _local_year(self, at: int) -> int:
        """The local year of an instant, limited to the range of datetime."""
        number = instant(at).year
        days = self._year(number).days
        shift = -1 if at < days[0] else 1 if at >= days[-1] else 0
        return min(max(number + shift, MINYEAR), MAXYEAR)

    def _year(self, number: int) -> Year:
        year = self._years.get(number)
        if year is None:
            if len(self._years) >= _KEPT:
                self._years.clear()
            first, hours = date(number, 1, 1).toordinal(), self._hours_of_dates(number)
            year = Year.build(self._tz, first, hours, self._busy_until(number))
            self._years[number] = year
        return year

    def _busy_until(self, number: int) -> int:
        """The end of the last shift of the previous year, if it is after midnight; else 0."""
        shifts = (*self.hours, *(spans for _, spans in self.other_hours))
        if number == MINYEAR or not any(map(_is_nightly, shifts)):
            return 0
        last = self._hours_of_dates(number - 1)[-1]
        midnight = (date(number, 1, 1).toordinal() - 2) * DAY
        return self._showing(midnight + last[-1][1] * MINUTE) if _is_nightly(last) else 0

    def _showing(self, wall: int) -> int:
        return first_showing(self._tz, wall)

    def _hours_of_dates(self, number: int) -> list[Spans]:
        off: set[date] = set()
        made_up: set[date] = set()
        if self._country is not None:
            table = self._country(
                years=number,
                expand=False,
                observed=True,
                subdiv=(self.holidays or "").partition("-")[2] or None,
                language=self._country.default_language,  # otherwise the environment would select one
                categories="public",
            )
            made_up = {day for day in table.weekend_workdays if table.is_working_day(day)}
            off = set(table) - made_up
        off = off.difference(self.open).union(self.closed)
        made_up = made_up.union(self.open)
        spare = next(filter(None, self.hours))
        others = dict(self.other_hours)
        first = date(number, 1, 1)
        days = (first + timedelta(days=index) for index in range((date(number, 12, 31) - first).days + 1))
        usual = ((day, self.hours[day.weekday()]) for day in days)
        return [
            others.get(day) or (() if day in off else spans or (spare if day in made_up else ()))
            for day, spans in usual
        ]
