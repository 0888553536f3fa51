"""Working time: which hours are worked, and where so many of them end.

A `WorkingCalendar` has weekly hours in one time zone, less the public holidays of a country and the days that
a policy closes, plus make-up working days. A `Duration` is an amount of elapsed or of working time.

All is a function of the arguments and of two data packages, `holidays` and `tzdata` (see `versions`): no
clock, no environment, no system time zones. The same question has the same answer on every machine.

A local time, such as an opening at 02:30, means **the first instant at which the zone's clock shows that time
or a later one**: where clocks go forward over it, the instant of the jump; where they go back and show it
twice, the first time. So spans never overlap or swap, a date lasts from its midnight to the next, and working
time is always real, elapsed time.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from difflib import get_close_matches
from importlib.metadata import version
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final, Literal, Self, get_args
from zoneinfo import ZoneInfo

import attrs

Spans = tuple[tuple[int, int], ...]
"""What is worked on a day, in minutes from its local midnight: `((540, 720), (780, 1440))`; 1440 is 24:00."""

Unit = Literal["second", "minute", "hour", "day", "week", "working_minute", "working_hour", "working_day"]

MAX_DAYS: Final = 3660
"""The longest duration: so many days of 24 hours, so many working days, or so many times 24 working hours."""

_EPOCH: Final = datetime(1, 1, 1, tzinfo=UTC)
_LAST: Final = date(MAXYEAR, 12, 31).toordinal()
_MINUTE: Final = 60_000_000  # instants are reckoned in microseconds from _EPOCH
_DAY: Final = 1440 * _MINUTE
_HORIZON: Final = 100  # years that a search may cover
_EMPTY: Final = 5  # successive years without working time after which a search gives up
_KEPT: Final = 128  # years kept per calendar; more than a search covers
_LENGTH: Final[dict[str, timedelta]] = {
    unit: timedelta(**{f"{unit.removeprefix('working_')}s": 1}) for unit in get_args(Unit)
}  # of a working day: only for its limit


def versions() -> dict[str, str]:
    """The versions of the packages that answers depend on: `holidays`, and `tzdata` for the time zones."""
    return {package: version(package) for package in ("holidays", "tzdata")}


def _hint(word: str, names: Iterable[str] | Mapping[str, str]) -> str:
    """`; did you mean 'x'?`, or nothing. A mapping says what to propose for each of its names."""
    known = {name.lower(): names[name] if isinstance(names, Mapping) else name for name in names}
    near = get_close_matches(word[:80].lower(), known, n=1)
    return f"; did you mean {known[near[0]]!r}?" if near else ""


def _load_zone(key: str) -> ZoneInfo:
    """The zone from the package tzdata; `ZoneInfo(key)` would prefer the files of the machine."""
    root = files("tzdata")
    names = root.joinpath("zones").read_text(encoding="ascii").split()
    if key not in names:
        raise ValueError(f"unknown time zone {key!r}{_hint(key, names)}")
    with root.joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=key)


def _load_country(code: str) -> Any:
    """The class of the package holidays for a code such as "TW" or "DE-BY", whose region is checked."""
    import holidays  # a tenth of a second, not to be spent by those who need no country
    from holidays.registry import COUNTRIES

    country, dash, region = code.partition("-")
    names = {name: codes[0] for _, *codes in COUNTRIES.values() for name in codes if len(name) <= 3}
    if country not in names:
        names.update((title, codes[0]) for title, *codes in COUNTRIES.values())
        raise ValueError(f"no public holidays known for country {country!r}{_hint(country, names)}")
    entity = getattr(holidays, country)
    if dash and region not in entity.subdivisions:
        regions = {name: name for name in entity.subdivisions} | entity.subdivisions_aliases
        raise ValueError(f"no public holidays known for {region!r} in {country}{_hint(region, regions)}")
    return entity


def _check_name(name: str) -> None:
    if name.split() != [name]:
        raise ValueError(f"the name of a calendar is one word, not {name!r}")


def _check_hours(hours: tuple[Spans, ...]) -> None:
    if len(hours) != 7:
        raise ValueError(f"hours are given for 7 weekdays, Monday first, not for {len(hours)}")
    for weekday, spans in enumerate(hours, start=1):
        minutes = [0, *(minute for span in spans for minute in span), 1440]
        if any(end <= start for start, end in spans) or minutes != sorted(minutes):
            raise ValueError(f"hours of weekday {weekday}: {spans} must ascend, in minutes from 0 to 1440")
    if not any(hours):
        raise ValueError("no weekday has working hours, so working time would never pass")


def _check_dates(closed: tuple[date, ...], opened: tuple[date, ...]) -> None:
    if times := [day for day in closed + opened if isinstance(day, datetime)]:
        raise ValueError(f"{times[0]} is not a date")
    if both := sorted(set(closed) & set(opened)):
        raise ValueError(f"{both[0]} is declared both closed and open")


def _aware(at: datetime) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at.isoformat()} has no time zone")
    return at


def _micros(length: timedelta | None) -> int:
    return 0 if length is None else length.days * _DAY + length.seconds * 1_000_000 + length.microseconds


def _instant(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)


def _first(zone: ZoneInfo, wall: int) -> int:
    """The first instant at which the zone's clock shows `wall` (local microseconds from year 1) or later."""
    # At the end of the last date of all, the offset is still that of its last minute.
    local = _instant(min(wall, _LAST * _DAY - _MINUTE)).replace(tzinfo=zone)
    before, after = _micros(local.utcoffset()), _micros(local.replace(fold=1).utcoffset())
    if before >= after:  # an ordinary time, or, if greater, one that is shown twice
        return wall - before
    low, high = wall - after, wall - before  # a time that is skipped: the jump lies between
    while high - low > 1:
        middle = (low + high) // 2
        if middle + _micros(_instant(middle).astimezone(zone).utcoffset()) >= wall:
            high = middle
        else:
            low = middle
    return high


@attrs.frozen
class _Year:
    """The local year of a calendar as instants, in microseconds; all tuples ascend."""

    days: tuple[int, ...]  # where each local date starts, and, last, where the year ends
    starts: tuple[int, ...]  # of the spans worked
    ends: tuple[int, ...]
    sums: tuple[int, ...]  # working time of the year up to the end of each span
    worked: tuple[int, ...]  # which days of the year, from 0, have working time
    closings: tuple[int, ...]  # when these close

    @classmethod
    def build(cls, zone: ZoneInfo, first: int, hours: list[Spans]) -> _Year:
        """From the ordinal of its first date and the hours of all its dates; a jump may swallow spans."""
        midnights = [(first - 1 + index) * _DAY for index in range(len(hours) + 1)]
        by_day = []
        for midnight, spans in zip(midnights, hours, strict=False):
            local = [(midnight + start * _MINUTE, midnight + end * _MINUTE) for start, end in spans]
            instants = [(_first(zone, start), _first(zone, end)) for start, end in local]
            by_day.append([(start, end) for start, end in instants if start < end])
        flat = [span for spans in by_day for span in spans]
        return cls(
            days=tuple(_first(zone, midnight) for midnight in midnights),
            starts=tuple(start for start, _ in flat),
            ends=tuple(end for _, end in flat),
            sums=tuple(accumulate(end - start for start, end in flat)),
            worked=tuple(index for index, spans in enumerate(by_day) if spans),
            closings=tuple(spans[-1][1] for spans in by_day if spans),
        )

    def worked_until(self, at: int) -> int:
        index = bisect_right(self.starts, at) - 1
        return self.sums[index] - max(0, self.ends[index] - at) if index >= 0 else 0


@attrs.frozen
class WorkingCalendar:
    """The working hours of one place. Safe to share between threads.

    - `name`: one word, by which durations refer to it.
    - `zone`: an IANA key, such as "Asia/Taipei".
    - `hours`: of the seven weekdays, Monday first, ascending without overlap; `()` is a closed day. A night
      shift is split at midnight.
    - `holidays`: a country that the package `holidays` knows (ISO 3166), or a subdivision: "TW", "DE-BY". Its
      public holidays, with their substitutes, are closed; its make-up working days are open.
    - `closed`, `open`: dates that the policy closes or opens, whatever the country says.

    A day opened out of turn has the hours of its weekday, or, if this has none, those of Monday (or the first
    weekday that has some). A *working day* is a local date with working time.

    Errors: ValueError if the zone, country or subdivision is unknown, if the hours are not as above or all
    empty, or if a date is both closed and open.

    The methods take aware datetimes in any zone (a naive one is a ValueError) and answer in UTC, to the
    microsecond. They raise OverflowError past datetime's years 1 to 9999, and ValueError where working time
    runs out: five calendar years without any, or a hundred years searched.
    """

    name: str
    zone: str
    hours: tuple[Spans, ...]
    holidays: str | None = None
    closed: tuple[date, ...] = ()
    open: tuple[date, ...] = ()
    _tz: ZoneInfo = attrs.field(init=False, eq=False, repr=False)
    _country: Any = attrs.field(init=False, eq=False, repr=False)
    _years: dict[int, _Year] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        _check_name(self.name)
        _check_hours(self.hours)
        _check_dates(self.closed, self.open)
        object.__setattr__(self, "_tz", _load_zone(self.zone))
        object.__setattr__(self, "_country", None if self.holidays is None else _load_country(self.holidays))

    def __reduce__(self) -> tuple[Any, ...]:  # a zone that was read from a file cannot be pickled
        return WorkingCalendar, (self.name, self.zone, self.hours, self.holidays, self.closed, self.open)

    def add_working_days(self, start: datetime, days: int) -> datetime:
        """Closing time of the `days`-th (1 to `MAX_DAYS`) working day after the local date of `start`."""
        if not 1 <= days <= MAX_DAYS:
            raise ValueError(f"{days} working days: must be 1 to {MAX_DAYS}")
        at, left = _micros(_aware(start) - _EPOCH), days
        for year in self._years_from(at):
            today = bisect_right(year.days, at) - 1
            index = bisect_right(year.worked, today) + left - 1
            if index < len(year.closings):
                return _instant(year.closings[index])
            left = index - len(year.closings) + 1
        raise AssertionError  # the loop ends by raising

    def add_working_time(self, start: datetime, amount: timedelta) -> datetime:
        """Earliest instant by which `amount` (over 0, to `MAX_DAYS` x 24 hours) was worked from `start`."""
        if not timedelta(0) < amount <= timedelta(days=MAX_DAYS):
            raise ValueError(f"working time of {amount}: must be over 0 and at most {MAX_DAYS * 24} hours")
        at, left = _micros(_aware(start) - _EPOCH), _micros(amount)
        for year in self._years_from(at):
            target = year.worked_until(at) + left
            index = bisect_left(year.sums, target)
            if index < len(year.sums):
                return _instant(year.ends[index] - (year.sums[index] - target))
            left = target - (year.sums[-1] if year.sums else 0)
        raise AssertionError  # the loop ends by raising

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is working time: from an opening on, until just before the closing time."""
        instant = _micros(_aware(at) - _EPOCH)
        year = self._year(self._local_year(instant))
        index = bisect_right(year.starts, instant) - 1
        return index >= 0 and instant < year.ends[index]

    def working_time_between(self, a: datetime, b: datetime) -> timedelta:
        """The working time from `a` to `b`; ValueError if `b` is earlier, or over a hundred years later."""
        start, end = (_micros(_aware(at) - _EPOCH) for at in (a, b))
        first, last = self._local_year(start), self._local_year(end)
        if end < start or last - first > _HORIZON:
            raise ValueError(f"from {a.isoformat()} to {b.isoformat()}: must be 0 to {_HORIZON} years")
        whole = sum(self._year(number).worked_until(end) for number in range(first, last + 1))
        return timedelta(microseconds=whole - self._year(first).worked_until(start))

    def _years_from(self, at: int) -> Iterator[_Year]:
        """The year of the instant and those after it, for as long as a search may last; then raises."""
        first = self._local_year(at)
        empty = 0
        for number in range(first, first + _HORIZON + 1):
            if number > MAXYEAR:
                raise OverflowError(f"in calendar {self.name!r} this ends after the year {MAXYEAR}")
            year = self._year(number)
            yield year
            empty = 0 if year.sums else empty + 1
            if empty == _EMPTY:
                raise ValueError(f"calendar {self.name!r} has no working time, {_EMPTY} years to {number}")
        raise ValueError(f"calendar {self.name!r} has too little working time, {_HORIZON} years from {first}")

    def _local_year(self, at: int) -> int:
        """The local year of an instant, or the nearest that datetime has."""
        number = _instant(at).year
        days = self._year(number).days
        shift = -1 if at < days[0] else 1 if at >= days[-1] else 0
        return min(max(number + shift, MINYEAR), MAXYEAR)

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            if len(self._years) >= _KEPT:
                self._years.clear()
            year = _Year.build(self._tz, date(number, 1, 1).toordinal(), self._hours_of_dates(number))
            self._years[number] = year
        return year

    def _hours_of_dates(self, number: int) -> list[Spans]:
        off: set[date] = set()
        made_up: set[date] = set()
        if self._country is not None:
            table = self._country(
                years=number,
                expand=False,
                observed=True,
                subdiv=(self.holidays or "").partition("-")[2] or None,
                language=self._country.default_language,  # or the environment would choose one
                categories="public",
            )
            made_up = {day for day in table.weekend_workdays if table.is_working_day(day)}
            off = set(table) - made_up
        off = off.difference(self.open).union(self.closed)
        made_up = made_up.union(self.open)
        spare = next(filter(None, self.hours))
        first = date(number, 1, 1)
        days = (first + timedelta(days=index) for index in range((date(number, 12, 31) - first).days + 1))
        usual = ((day, self.hours[day.weekday()]) for day in days)
        return [() if day in off else spans or (spare if day in made_up else ()) for day, spans in usual]


_SPOKEN: Final[dict[str, Unit]] = {
    unit.replace("_", " ") + plural: unit for unit in get_args(Unit) for plural in ("", "s")
}
_OTHERS: Final = {  # what people write instead
    name.replace("working ", other): name for name in _SPOKEN for other in ("working ", "business ", "work")
}
_DURATION: Final = re.compile(r"(?:([0-9]{1,9}) )?(.*?)(?: in (.*))?")


@attrs.frozen
class Duration:
    """An amount of elapsed time (a day is 24 hours, a week 7 of them) or of working time by a calendar.

    - `amount`: a whole number from 1, and no more than makes `MAX_DAYS`.
    - `unit`: a `Unit`. A working day is one of the calendar, however long; a working hour, 60 minutes worked.
    - `calendar`: which one counts working time, None for the default; None for elapsed time.

    Errors: ValueError if these do not fit.
    """

    amount: int
    unit: Unit
    calendar: str | None = None

    def __attrs_post_init__(self) -> None:
        most = timedelta(days=MAX_DAYS) // _LENGTH[self.unit]
        if not 1 <= self.amount <= most:
            raise ValueError(f"{self}: the amount must be 1 to {most}")
        if self.calendar is not None:
            _check_name(self.calendar)
            if not self.is_working:
                raise ValueError(f"{self}: only working time has a calendar")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "30 minutes", "1 working day", "3 working days in taipei"; units may be singular or plural.

        Errors: ValueError, which says what was expected, and the nearest unit.
        """
        match = _DURATION.fullmatch(" ".join(str(text).split()))
        amount, unit, calendar = match.groups() if match else (None, "", None)
        if amount is None or unit not in _SPOKEN:
            hint = "" if unit in _SPOKEN else _hint(unit.lstrip("0123456789.,-+ "), _OTHERS)
            raise ValueError(
                f"{str(text)[:80]!r} is no duration: expected a whole number and a unit "
                f"({', '.join(_LENGTH).replace('_', ' ')}), such as '2 working days in taipei'{hint}"
            )
        return cls(int(amount), _SPOKEN[unit], calendar)

    @classmethod
    def of(cls, length: timedelta) -> Self:
        """So much elapsed time, in the largest unit that leaves no rest; at least a second, and whole seconds.

        Errors: ValueError if it is neither.
        """
        units: tuple[Unit, ...] = ("week", "day", "hour", "minute", "second")
        unit = next((each for each in units if not length % _LENGTH[each]), None)
        if unit is None:
            raise ValueError(f"{length} is no whole number of seconds")
        return cls(length // _LENGTH[unit], unit)

    def __str__(self) -> str:
        """The canonical text, which `parse` reads back: "2 working days in taipei"."""
        plural = "" if self.amount == 1 else "s"
        place = "" if self.calendar is None else f" in {self.calendar}"
        return f"{self.amount} {self.unit.replace('_', ' ')}{plural}{place}"

    @property
    def is_working(self) -> bool:
        """Whether this is working time, so that a calendar is needed."""
        return self.unit.startswith("working_")

    def as_timedelta(self) -> timedelta:
        """The elapsed time; ValueError for working time, whose length depends on its start."""
        if self.is_working:
            raise ValueError(f"{str(self)!r} has no length of its own: it depends on the start")
        return self.amount * _LENGTH[self.unit]

    def after(self, start: datetime, calendars: Mapping[str, WorkingCalendar], default: str = "") -> datetime:
        """The instant, in UTC, at which the duration from `start` (aware, any zone) on is over.

        Working time is counted by the calendar that the duration names, or else by `calendars[default]`.
        Errors: ValueError for a naive start, and for a calendar that is missing or runs out of working time;
        OverflowError past the range of datetime.
        """
        if not self.is_working:
            return _aware(start).astimezone(UTC) + self.as_timedelta()
        name = default if self.calendar is None else self.calendar
        if name not in calendars:
            hint = _hint(name, calendars.keys())
            raise ValueError(f"{str(self)!r} needs the calendar {name!r}, which is missing{hint}")
        if self.unit == "working_day":
            return calendars[name].add_working_days(start, self.amount)
        return calendars[name].add_working_time(start, self.amount * _LENGTH[self.unit])
