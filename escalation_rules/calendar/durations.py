"""Durations and deadlines as written in policies, and where they end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol, Self

import attrs

from escalation_rules.calendar.lengths import BEFORE, BY, END_OF_DAY, MOVED, SECONDS, UNITS, Unit, read, write
from escalation_rules.calendar.working import MAX_DAYS, WorkingCalendar, check_name
from escalation_rules.calendar.zones import aware, hint

Calendars = Mapping[str, WorkingCalendar]

_MONTH: Final = "month"
_CALENDAR_DAY: Final = "calendar_day"
_CALENDAR_MONTH: Final = "calendar_month"
_BY_DATE: Final = {
    _CALENDAR_DAY: WorkingCalendar.end_of_day,
    _MONTH: WorkingCalendar.add_months,
    _CALENDAR_MONTH: WorkingCalendar.end_of_month_after,
}
"""How a calendar counts the units that its dates measure; a negative amount counts back."""
_LENGTH: Final[dict[str, timedelta]] = {
    unit: timedelta(days=31)
    if unit in (_MONTH, _CALENDAR_MONTH)
    else timedelta(seconds=SECONDS[unit.rpartition("_")[2]])
    for unit in UNITS
}  # of working days and of what dates measure: used only for limits, and to compare lengths without a start

_YEARS: Final = 100  # a search for working time is long, and so is limited to MAX_DAYS
_MOST: Final[dict[str, int]] = {
    unit: 12 * _YEARS
    if unit in (_MONTH, _CALENDAR_MONTH)
    else timedelta(days=MAX_DAYS if unit.startswith("working") else 366 * _YEARS) // _LENGTH[unit]
    for unit in UNITS
}


@attrs.frozen
class Duration:
    """An amount of elapsed time (a day has 24 hours, a week 7 days), of calendar days or months, or of working time in a
    calendar.

    A calendar day lasts to midnight on the calendar's clock, and the day of the start is not counted: this is how laws and
    contracts count days (articles 120 and 121 of Taiwan's Civil Code, article 3 of Regulation (EEC) 1182/71).
    A month ends on the same day of the month, at the same time on the calendar's clock, or on the last day if
    the month has no such day; a calendar month at the end of that day, as laws count months (article 121 of Taiwan's Civil
    Code, article 3 of the same regulation).

    - `amount`: an integer from 1; at most equivalent to `MAX_DAYS` for working time, to a hundred years otherwise.
    - `unit`: a `Unit`. A working day is one of the calendar, of any length; a working hour is 60 minutes
      worked.
    - `calendar`: the calendar for working time, calendar days or months, None for the default; always None for elapsed time.

    Raises `ValueError` for an invalid combination.
    """

    amount: int
    unit: Unit
    calendar: str | None = None

    def __attrs_post_init__(self) -> None:
        if not 1 <= self.amount <= _MOST[self.unit]:
            years = "ten" if self.is_working else "a hundred"
            raise ValueError(f"{self}: the amount must be 1 to {_MOST[self.unit]}, {years} years at most")
        if self.calendar is not None:
            check_name(self.calendar)
            if self.is_elapsed:
                raise ValueError(f"{self}: only working time, calendar days and months have a calendar")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse "30 minutes", "1 working day", "3 working days in taipei"; units may be singular or plural.

        Raises `ValueError` with what was expected and the nearest unit.
        """
        return cls(*read(text))

    @classmethod
    def of(cls, length: timedelta) -> Self:
        """An elapsed time in the largest unit without a remainder.

        Raises `ValueError` unless it is a whole number of seconds, at least one.
        """
        units: tuple[Unit, ...] = ("week", "day", "hour", "minute", "second")
        unit = next((candidate for candidate in units if not length % _LENGTH[candidate]), None)
        if unit is None:
            raise ValueError(f"{length} is not a whole number of seconds")
        return cls(length // _LENGTH[unit], unit)

    def __str__(self) -> str:
        """The canonical text, which `parse` accepts: "2 working days in taipei"."""
        return write(self.amount, self.unit, self.calendar)

    @property
    def is_working(self) -> bool:
        """Whether it is working time."""
        return self.unit.startswith("working_")

    @property
    def is_elapsed(self) -> bool:
        """Whether its length is independent of its start; otherwise a calendar is needed."""
        return not self.is_working and self.unit not in _BY_DATE

    @property
    def counts_days(self) -> bool:
        """Whether as a deadline it counts ends of days: working days or calendar days."""
        return self.unit in ("working_day", _CALENDAR_DAY)

    @property
    def in_time(self) -> Duration:
        """Of calendar months, the months that end at a time of day; of any other, itself."""
        return attrs.evolve(self, unit=_MONTH) if self.unit == _CALENDAR_MONTH else self

    @property
    def nominal(self) -> timedelta:
        """A length that compares durations without a start: a day of any kind has 24 hours, a month 31 days, and
        a working hour is an hour."""
        return self.amount * _LENGTH[self.unit]

    def as_timedelta(self) -> timedelta:
        """The elapsed time. Raises `ValueError` for any other, whose length depends on its start."""
        if not self.is_elapsed:
            raise ValueError(f"{str(self)!r} has no length of its own: it depends on the start")
        return self.amount * _LENGTH[self.unit]

    def deadline_after(self, start: datetime, calendars: Calendars, default: str = "") -> datetime:
        """The end of this duration as a deadline that starts at `start` (aware, any zone); in UTC.

        Working days end at closing time: "2 working days" at that of the second day after the start's; calendar days end
        at midnight. Working time uses the named calendar, or `calendars[default]`. Raises `ValueError` for a naive start,
        or for a calendar that is missing or runs out of working time, and `OverflowError` beyond the range of
        datetime.
        """
        if self.unit != "working_day":
            return self._counted(start, calendars, default)
        return calendar_of(self, calendars, default).add_working_days(start, self.amount)

    def deadline_before(self, end: datetime, calendars: Calendars, default: str = "") -> datetime:
        """The last instant that is this long before `end` (aware, any zone); in UTC.

        Days are counted back from the day of `end`: "2 working days" is the closing time of the second one before it,
        "2 calendar days" the midnight that ends it. Raises the same errors as `deadline_after`.
        """
        if self.is_elapsed:
            return aware(end).astimezone(UTC) - self.as_timedelta()
        calendar = calendar_of(self, calendars, default)
        if self.unit in _BY_DATE:
            return _BY_DATE[self.unit](calendar, end, -self.amount)
        if self.unit == "working_day":
            return calendar.closing_before(end, self.amount)
        return calendar.subtract_working_time(end, self.amount * _LENGTH[self.unit])

    def interval_after(self, start: datetime, calendars: Calendars, default: str = "") -> datetime:
        """The end of this duration as an interval; differs from `deadline_after` only for working days.

        These end at the time of day at which they started, or else at the next working time, so that
        something repeated every working day happens during working hours.
        """
        if self.unit != "working_day":
            return self._counted(start, calendars, default)
        return calendar_of(self, calendars, default).same_time_after(start, self.amount)

    def periods_between(
        self, start: datetime, end: datetime, calendars: Calendars, default: str = "", *, begun: bool = False
    ) -> int:
        """How many such periods fit one after another between two instants (aware, any zone); 0 if `end` is not later.

        `begun`: the last one counts even if it is not over. Working time counts only while somebody works; calendar days are
        the dates after that of the start, so that, if `begun`, their number is the difference of the dates. Raises `ValueError`
        for working days and calendar months, and the errors of `deadline_after`.
        """
        if end <= start:
            return 0
        if not self.can_be_counted:
            raise ValueError(f"{str(self)!r} cannot be counted between two instants")
        if self.unit == _MONTH:
            return self._months_between(start, end, calendar_of(self, calendars, default), begun=begun)
        if self.unit == _CALENDAR_DAY:
            zone = calendar_of(self, calendars, default).tzinfo
            dates = end.astimezone(zone).toordinal() - start.astimezone(zone).toordinal()
            return -(-dates // self.amount) if begun else max(dates - 1, 0) // self.amount
        length, passed = self.amount * _LENGTH[self.unit], end - start
        if self.is_working:
            passed = calendar_of(self, calendars, default).working_time_between(start, end)
        return -(-passed // length) if begun else passed // length

    @property
    def can_be_counted(self) -> bool:
        """Whether `periods_between` can count it."""
        return self.unit not in ("working_day", _CALENDAR_MONTH)

    def _months_between(
        self, start: datetime, end: datetime, calendar: WorkingCalendar, *, begun: bool
    ) -> int:
        first, last = (moment.astimezone(calendar.tzinfo) for moment in (start, end))
        most = ((last.year - first.year) * 12 + last.month - first.month) // self.amount
        full = most if calendar.add_months(start, most * self.amount) <= end else most - 1
        over = calendar.add_months(start, full * self.amount) < end
        return full + 1 if begun and over else full

    def _counted(self, start: datetime, calendars: Calendars, default: str) -> datetime:
        if self.is_elapsed:
            return aware(start).astimezone(UTC) + self.as_timedelta()
        calendar = calendar_of(self, calendars, default)
        if self.unit in _BY_DATE:
            return _BY_DATE[self.unit](calendar, start, self.amount)
        return calendar.add_working_time(start, self.amount * _LENGTH[self.unit])


@attrs.frozen
class Deadline:
    """The time until which something is to be done, as stated by `within:`.

    - `length`: the time available; None: the rest of the working day (of the next one, if it is over or not a
      working day), or with `before`, the instant itself.
    - `moved`: whether an end on a non-working day moves to the end of the next working day.
    - `calendar`: the calendar for working days if `length` does not name one, None for the default.
    - `before`: whether it ends this long before an instant, not after it.

    Raises `ValueError` for an invalid combination.
    """

    length: Duration | None = None
    moved: bool = False
    calendar: str | None = None
    before: bool = False

    def __attrs_post_init__(self) -> None:
        if self.before and (self.moved or (self.at_instant and self.calendar is not None)):
            raise ValueError(f"{self}: a time before an instant is a length alone")
        if self.moved and (self.length is None or self.length.is_working):
            raise ValueError(f"{self}: working time always ends on a working day")
        if self.calendar is not None and self.length is not None and not self.moved:
            raise ValueError(f"{self}: the calendar {self.calendar} is not used")

    @property
    def at_instant(self) -> bool:
        """Whether it ends at the instant itself (`by`)."""
        return self.length is None and self.before

    @property
    def is_elapsed(self) -> bool:
        """Whether it ends so much elapsed time after (or before) its start; otherwise a calendar is needed."""
        return self.at_instant if self.length is None else self.length.is_elapsed and not self.moved

    @property
    def nominal(self) -> timedelta:
        """The same as of its length; the rest of a working day counts as a day, and what ends before an instant is the
        longest."""
        if self.before:
            return timedelta.max
        return timedelta(days=1) if self.length is None else self.length.nominal

    def as_timedelta(self) -> timedelta:
        """The elapsed time. Raises `ValueError` for any other, whose length depends on its start."""
        if not self.is_elapsed:
            raise ValueError(f"{str(self)!r} has no length of its own: it depends on the start")
        return timedelta(0) if self.length is None else self.length.as_timedelta()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse "2 working days", "end of the working day in taipei", "15 days, moved to a working day", "2 days before" or
        "by" (the instant itself). Raises `ValueError`."""
        said = " ".join(str(text).split())
        if said == BY:
            return cls(before=True)
        if said.endswith(BEFORE):
            return cls(Duration.parse(said.removesuffix(BEFORE)), before=True)
        calendar: str | None
        for phrase in (END_OF_DAY, MOVED):
            head, there, tail = said.partition(phrase)
            calendar = tail.removeprefix(" in ") if tail.startswith(" in ") else None
            if there and (not tail or calendar):
                moved = phrase == MOVED
                if moved or not head:
                    return cls(Duration.parse(head) if moved else None, moved, calendar)
        return cls(Duration.parse(said))

    def __str__(self) -> str:
        """The canonical text, which `parse` accepts."""
        if self.at_instant:
            return BY
        place = "" if self.calendar is None else f" in {self.calendar}"
        return (
            f"{self.length or END_OF_DAY}{MOVED if self.moved else ''}{BEFORE if self.before else ''}{place}"
        )


class InCalendar(Protocol):
    """What may name a calendar, and depends on one."""

    @property
    def calendar(self) -> str | None:
        """Its name; None for the default."""


def calendar_of(stated: InCalendar, calendars: Calendars, default: str) -> WorkingCalendar:
    """The named calendar, or the default one. Raises `ValueError` if it is missing."""
    name = default if stated.calendar is None else stated.calendar
    if name not in calendars:
        raise ValueError(
            f"{str(stated)!r} needs the calendar {name!r}, which is missing{hint(name, calendars.keys())}"
        )
    return calendars[name]
