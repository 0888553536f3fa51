"""Dates that come back every year, such as 1 November to 31 March."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, datetime
from itertools import pairwise
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import attrs

from escalation_rules.calendar.zones import DAY, first_showing, instant, load_zone, reckoned

MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DATE: Final = rf"(\d{{1,2}}) ({'|'.join((*MONTHS, *(month[:3] for month in MONTHS)))})"
_DATES: Final = re.compile(rf"{_DATE}(?: to {_DATE})?")
_LEAP: Final = 2024
_YEARS: Final = 9  # from one 29 February to the next, at most
_KEPT: Final = 64  # years cached


class DayOfYear(NamedTuple):
    """A date without a year."""

    month: int
    day: int

    @property
    def exists(self) -> bool:
        """Whether some year has this date."""
        return 1 <= self.day <= monthrange(_LEAP, self.month)[1]

    @property
    def month_name(self) -> str:
        """The English name of the month."""
        return MONTHS[self.month - 1]

    def __str__(self) -> str:
        return f"{self.day} {self.month_name}"


def read_dates(text: str) -> tuple[DayOfYear, DayOfYear] | None:
    """Parse `1 November to 31 March`, or one date; None if it has another form. The dates need not exist."""
    found = _DATES.fullmatch(text)
    if found is None:
        return None
    first = DayOfYear(_month(found[2]), int(found[1]))
    return first, first if found[3] is None else DayOfYear(_month(found[4]), int(found[3]))


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name))


@attrs.frozen
class DatesOfYear:
    """The dates of each year from `first` to `last`, both included, in a time zone; over the end of the year, if `last` is
    the earlier one.

    In a year without 29 February, dates up to it end with 28 February, and dates from it on begin with 1 March. Immutable
    and thread-safe. The methods take aware datetimes in any zone and return UTC. Raises `ValueError` if the zone is
    unknown.
    """

    zone: str
    first: DayOfYear
    last: DayOfYear
    _tz: ZoneInfo = attrs.field(init=False, eq=False, repr=False)
    _spans: dict[int, tuple[int, int]] = attrs.field(init=False, eq=False, repr=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_tz", load_zone(self.zone))

    def __reduce__(self) -> tuple[Any, ...]:  # a zone read from a file cannot be pickled
        return DatesOfYear, (self.zone, self.first, self.last)

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    @property
    def tzinfo(self) -> ZoneInfo:
        """The time zone."""
        return self._tz

    def has(self, day: DayOfYear) -> bool:
        """Whether a date is one of these."""
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    def is_open(self, at: datetime) -> bool:
        """Whether the instant is on one of these dates."""
        moment = reckoned(at)
        return any(start <= moment < end for start, end in self._around(at, 1))

    def next_change(self, at: datetime) -> datetime | None:
        """The first later instant at which `is_open` changes; None if there is none within nine years."""
        moment = reckoned(at)
        edges = (edge for edge in self._edges(at) if edge > moment)
        return next((instant(edge) for edge in edges), None)

    def last_change(self, at: datetime) -> datetime | None:
        """The last instant, up to this one, at which `is_open` changed; None if there is none within nine years."""
        moment = reckoned(at)
        edges = [edge for edge in self._edges(at) if edge <= moment]
        return instant(edges[-1]) if edges else None

    def _edges(self, at: datetime) -> list[int]:
        """The instants around `at` at which the dates begin or end, in order. Spans that touch are one."""
        spans = [span for span in self._around(at, _YEARS) if span[0] < span[1]]
        touching = {end for (_, end), (start, _) in pairwise(spans) if end == start}
        if len(touching) == len(spans) - 1:
            return []  # all year, every year
        return [edge for span in spans for edge in span if edge not in touching]

    def _around(self, at: datetime, years: int) -> Iterator[tuple[int, int]]:
        """The dates of the year of an instant and of those around it, as instants."""
        year = at.astimezone(self._tz).year
        for number in range(max(year - years, MINYEAR), min(year + years, MAXYEAR - 1) + 1):
            yield self._span(number)

    def _span(self, year: int) -> tuple[int, int]:
        found = self._spans.get(year)
        if found is None:
            if len(self._spans) >= _KEPT:
                self._spans.clear()
            begin = self._midnight(year, self.first)
            after = self._midnight(
                year + (self.last < self.first), DayOfYear(self.last.month, self.last.day + 1)
            )
            found = self._spans[year] = (begin, after)
        return found

    def _midnight(self, year: int, day: DayOfYear) -> int:
        """The beginning of a date; of the first of the next month, if the month has no such day."""
        first = date(year, day.month, 1).toordinal()
        ordinal = first + min(day.day, monthrange(year, day.month)[1] + 1) - 1
        return first_showing(self._tz, (ordinal - 1) * DAY)
