"""Working time against known calendars, against laws, and against an oracle that walks minute by minute."""

import copy
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import get_args
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from escalation_rules.calendar import (
    MAX_DAYS,
    Deadline,
    Duration,
    Spans,
    Unit,
    WorkingCalendar,
    deadline,
    versions,
)

DAY: Spans = ((540, 1080),)  # 09:00-18:00
SPLIT: Spans = ((540, 720), (780, 1080))  # with a break from 12:00 to 13:00
WEEK: tuple[Spans, ...] = (DAY,) * 5 + ((), ())
ALWAYS: tuple[Spans, ...] = (((0, 1440),),) * 7
HOUR, MINUTE, MICROSECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(microseconds=1)
laws = settings(deadline=None, max_examples=100)
walks = settings(laws, max_examples=30, phases=[Phase.explicit, Phase.generate])  # too slow to shrink


def office(
    zone: str = "UTC",
    hours: tuple[Spans, ...] = WEEK,
    holidays: str | None = None,
    closed: tuple[date, ...] = (),
    opened: tuple[date, ...] = (),
) -> WorkingCalendar:
    return WorkingCalendar("office", zone, hours, holidays, closed, opened)


@cache
def the_zone(key: str) -> ZoneInfo:
    """From the package: the files of the machine may be of another version, and here did differ for Cuba."""
    with files("tzdata").joinpath("zoneinfo", *key.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=key)


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=the_zone(zone))


def dates(year: int, text: str) -> set[date]:
    """`"1/27-1/31 2/28"` as dates."""
    found = set()
    for part in text.split():
        start, _, end = part.partition("-")
        day, last = (date(year, *map(int, each.split("/"))) for each in (start, end or start))
        while day <= last:
            found.add(day)
            day += timedelta(days=1)
    return found


def worked(calendar: WorkingCalendar, year: int) -> set[date]:
    zone = the_zone(calendar.zone)
    noons = (datetime(year, 1, 1, 12, tzinfo=zone) + timedelta(days=n) for n in range(365 + (year % 4 == 0)))
    return {noon.date() for noon in noons if calendar.is_open(noon - HOUR)}


# --- Real calendars, from the announcements of DGPA (Taiwan) and the State Council (China) ---

ANNOUNCED = [
    # country, zone, year, days off, and days made up for on a weekend
    ("TW", 2024, "1/1 2/8-2/14 2/28 4/4-4/5 6/10 9/17 10/10", "2/17"),
    (
        "TW",
        2025,
        "1/1 1/25-2/2 2/28 4/3-4/6 5/30-6/1 9/27-9/29 10/4-10/6 10/10-10/12 10/24-10/26 12/25",
        "2/8",
    ),
    ("TW", 2026, "1/1 2/14-2/22 2/27-3/1 4/3-4/6 5/1 6/19 9/25-9/28 10/9-10/11 10/24-10/26 12/25", ""),
    (
        "CN",
        2024,
        "1/1 2/10-2/17 4/4-4/6 5/1-5/5 6/10 9/15-9/17 10/1-10/7",
        "2/4 2/18 4/7 4/28 5/11 9/14 9/29 10/12",
    ),
    ("CN", 2025, "1/1 1/28-2/4 4/4-4/6 5/1-5/5 5/31-6/2 10/1-10/8", "1/26 2/8 4/27 9/28 10/11"),
    (
        "CN",
        2026,
        "1/1-1/3 2/15-2/23 4/4-4/6 5/1-5/5 6/19-6/21 9/25-9/27 10/1-10/7",
        "1/4 2/14 2/28 5/9 9/20 10/10",
    ),
]


@pytest.mark.parametrize(("country", "year", "off", "made_up"), ANNOUNCED)
def test_announced_days(country: str, year: int, off: str, made_up: str) -> None:
    zone = {"TW": "Asia/Taipei", "CN": "Asia/Shanghai"}[country]
    weekdays = {day for day in dates(year, "1/1-12/31") if day.weekday() < 5}
    expected = (weekdays - dates(year, off)) | dates(year, made_up)
    assert worked(office(zone, holidays=country), year) == expected


def test_lunar_new_year_in_taiwan() -> None:
    calendar = office("Asia/Taipei", holidays="TW")
    friday = at("Asia/Taipei", "2026-02-13 15:00")
    assert calendar.add_working_days(friday, 1) == at("Asia/Taipei", "2026-02-23 18:00")
    assert calendar.add_working_time(friday, 4 * HOUR) == at("Asia/Taipei", "2026-02-23 10:00")


def test_national_day_in_china_with_made_up_weekends() -> None:
    calendar = office("Asia/Shanghai", holidays="CN")
    assert calendar.add_working_days(at("Asia/Shanghai", "2025-09-27 10:00"), 1) == at(
        "Asia/Shanghai", "2025-09-28 18:00"
    )
    before = at("Asia/Shanghai", "2025-09-30 17:30")
    ends = [
        calendar.add_working_days(before, n).astimezone(the_zone("Asia/Shanghai")).date()
        for n in (1, 2, 3, 4)
    ]
    assert ends == [date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11), date(2025, 10, 13)]


def test_made_up_day_that_next_years_announcement_names() -> None:
    china = office("Asia/Shanghai", holidays="CN")
    assert {date(2006, 12, 30), date(2006, 12, 31)} <= worked(china, 2006)


def test_day_off_for_next_years_holiday() -> None:
    for country, year in {"TW": 2027, "US": 2021}.items():  # before a 1 January on a Saturday
        assert date(year, 12, 31) not in worked(office(holidays=country), year)


def test_subdivision() -> None:
    epiphany = date(2026, 1, 6)
    assert epiphany in worked(office("Europe/Berlin", holidays="DE"), 2026)
    assert epiphany in worked(office("Europe/Berlin", holidays="DE-BE"), 2026)
    assert epiphany not in worked(office("Europe/Berlin", holidays="DE-BY"), 2026)


def test_policy_wins_over_country() -> None:
    new_year, made_up, plain = date(2025, 1, 1), date(2025, 2, 8), date(2025, 3, 5)
    calendar = office(
        "Asia/Taipei", holidays="TW", closed=(made_up, plain), opened=(new_year, date(2025, 3, 8))
    )
    usual = worked(office("Asia/Taipei", holidays="TW"), 2025)
    assert worked(calendar, 2025) == (usual - {made_up, plain}) | {new_year, date(2025, 3, 8)}


def test_hours_of_a_day_opened_out_of_turn() -> None:
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    early: Spans = ((480, 600),)
    calendar = office(hours=(DAY, DAY, DAY, DAY, DAY, early, ()), opened=(saturday, sunday))
    assert calendar.add_working_days(at("UTC", "2026-03-06 12:00"), 1) == at("UTC", "2026-03-07 10:00")
    assert calendar.add_working_days(at("UTC", "2026-03-07 12:00"), 1) == at("UTC", "2026-03-08 18:00")
    closed_on_monday = office(hours=((), early, DAY, DAY, DAY, (), ()), opened=(sunday,))
    assert closed_on_monday.add_working_days(at("UTC", "2026-03-07 12:00"), 1) == at(
        "UTC", "2026-03-08 10:00"
    )


def test_short_days_are_open_whatever_the_country_says() -> None:
    new_year, eve, short = date(2026, 1, 1), date(2026, 2, 13), date(2026, 3, 4)
    morning: Spans = ((540, 720),)
    calendar = WorkingCalendar(
        "x",
        "Asia/Taipei",
        WEEK,
        "TW",
        other_hours=((new_year, morning), (eve, morning), (short, ((600, 700), (720, 780)))),
    )
    assert worked(calendar, 2026) == worked(office("Asia/Taipei", holidays="TW"), 2026) | {new_year}
    assert calendar.add_working_days(at("Asia/Taipei", "2026-02-12 10:00"), 1) == at(
        "Asia/Taipei", "2026-02-13 12:00"
    )
    assert calendar.add_working_time(at("Asia/Taipei", "2026-03-04 09:00"), 130 * MINUTE) == at(
        "Asia/Taipei", "2026-03-04 12:30"
    )


@pytest.mark.parametrize(
    ("closed", "opened", "hours", "message"),
    [
        (True, False, ((540, 720),), "2026-03-04 has other hours, and is declared closed, too"),
        (False, True, ((540, 720),), "2026-03-04 has other hours, and is declared open, too"),
        (False, False, (), "2026-03-04 has no other hours: it is closed"),
        (False, False, ((600, 540),), "hours of 2026-03-04: ((600, 540),) must ascend"),
    ],
)
def test_impossible_short_days(closed: bool, opened: bool, hours: Spans, message: str) -> None:
    day = (date(2026, 3, 4),)
    with pytest.raises(ValueError, match=re.escape(message)):
        WorkingCalendar("x", "UTC", WEEK, None, day * closed, day * opened, ((day[0], hours),))


def test_a_shift_over_new_year_belongs_to_the_old_year() -> None:
    nights = office(hours=(((1320, 1800),),) * 5 + ((), ()), closed=(date(2027, 1, 1),))
    assert nights.is_open(at("UTC", "2027-01-01 05:59"))
    assert not nights.is_open(at("UTC", "2027-01-01 23:00"))
    assert nights.add_working_days(at("UTC", "2027-01-01 05:00"), 1) == at("UTC", "2027-01-05 06:00")
    assert nights.add_working_days(at("UTC", "2026-12-31 21:00"), 1) == at("UTC", "2027-01-05 06:00")
    assert nights.add_working_time(at("UTC", "2026-12-31 23:00"), 8 * HOUR) == at("UTC", "2027-01-04 23:00")
    assert (
        nights.working_time_between(at("UTC", "2026-12-31 23:00"), at("UTC", "2027-01-02 00:00")) == 7 * HOUR
    )


def test_a_shift_that_would_begin_before_the_last_one_ends_begins_then() -> None:
    late, early = ((1320, 1800),), ((240, 480),)  # 22:00-06:00, 04:00-08:00
    calendar = WorkingCalendar("x", "UTC", (late,) * 7, other_hours=((date(2026, 3, 4), early),))
    start = at("UTC", "2026-03-04 05:00")
    assert calendar.add_working_days(start - 2 * HOUR, 1) == at("UTC", "2026-03-04 08:00")
    assert calendar.working_time_between(start - 10 * HOUR, start + 5 * HOUR) == 10 * HOUR


# --- Working days and hours ---


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-04 10:00", 1, "2026-03-05 18:00"),
        ("2026-03-04 00:00", 1, "2026-03-05 18:00"),
        ("2026-03-04 23:59:59.999999", 1, "2026-03-05 18:00"),
        ("2026-03-05 00:00", 1, "2026-03-06 18:00"),
        ("2026-03-06 09:00", 1, "2026-03-09 18:00"),
        ("2026-03-07 09:00", 1, "2026-03-09 18:00"),
        ("2026-03-04 10:00", 5, "2026-03-11 18:00"),
        ("2026-12-31 23:00", 1, "2027-01-01 18:00"),
        ("2026-03-04 10:00", 261, "2027-03-04 18:00"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    assert office("Asia/Taipei").add_working_days(at("Asia/Taipei", start), days) == at("Asia/Taipei", end)


def test_working_days_count_from_the_local_date_of_the_calendar() -> None:
    utc = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)  # 00:30 on the 5th in Taipei
    end = office("Asia/Taipei").add_working_days(utc, 1)
    assert end == at("Asia/Taipei", "2026-03-06 18:00")
    assert end.tzinfo is UTC
    assert office("Asia/Taipei").add_working_days(utc.astimezone(the_zone("Pacific/Honolulu")), 1) == end


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        ("2026-03-04 10:00", HOUR, "2026-03-04 11:00"),
        ("2026-03-04 11:00", HOUR, "2026-03-04 12:00"),  # the earliest instant: not 13:00
        ("2026-03-04 11:30", HOUR, "2026-03-04 13:30"),
        ("2026-03-04 12:10", HOUR, "2026-03-04 14:00"),
        ("2026-03-04 05:00", HOUR, "2026-03-04 10:00"),
        ("2026-03-04 09:00", 8 * HOUR, "2026-03-04 18:00"),
        ("2026-03-04 09:00", 8 * HOUR + MICROSECOND, "2026-03-05 09:00:00.000001"),
        ("2026-03-06 17:59:59.999999", 2 * MICROSECOND, "2026-03-09 09:00:00.000001"),
        ("2026-03-04 09:00", 40 * HOUR, "2026-03-10 18:00"),
        ("2026-12-31 17:00", 2 * HOUR, "2027-01-01 10:00"),
        ("2026-03-04 09:00", 261 * 8 * HOUR, "2027-03-03 18:00"),
    ],
)
def test_working_time_with_a_split_shift(start: str, amount: timedelta, end: str) -> None:
    calendar = office("Asia/Taipei", (SPLIT,) * 5 + ((), ()))
    assert calendar.add_working_time(at("Asia/Taipei", start), amount) == at("Asia/Taipei", end)


def test_midnight_as_the_end_of_a_day() -> None:
    nights: tuple[Spans, ...] = (((0, 360), (1320, 1440)),) * 7  # 22:00-06:00
    calendar = office(hours=nights)
    assert calendar.add_working_days(at("UTC", "2026-03-04 10:00"), 1) == at("UTC", "2026-03-06 00:00")
    assert calendar.add_working_time(at("UTC", "2026-12-31 23:00"), 2 * HOUR) == at("UTC", "2027-01-01 01:00")
    assert calendar.is_open(at("UTC", "2026-12-31 23:59:59.999999"))
    assert calendar.is_open(at("UTC", "2027-01-01 00:00"))
    assert office(hours=ALWAYS).add_working_time(at("UTC", "2026-03-04 10:00"), 1000 * HOUR) == at(
        "UTC", "2026-04-15 02:00"
    )


def test_open_until_just_before_closing() -> None:
    calendar = office()
    assert [
        calendar.is_open(at("UTC", f"2026-03-04 {clock}"))
        for clock in ("08:59:59", "09:00", "17:59:59", "18:00")
    ] == [
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-03 10:00", 1, "2026-03-04 10:00"),
        ("2026-03-03 10:00:30.000001", 1, "2026-03-04 10:00:30.000001"),
        ("2026-03-03 20:00", 1, "2026-03-05 09:00"),
        ("2026-03-03 18:00", 1, "2026-03-05 09:00"),
        ("2026-03-03 08:00", 1, "2026-03-04 09:00"),
        ("2026-03-07 10:00", 1, "2026-03-09 10:00"),
        ("2026-03-07 20:00", 1, "2026-03-10 09:00"),
        ("2026-03-06 10:00", 1, "2026-03-09 10:00"),
        ("2026-03-06 20:00", 1, "2026-03-10 09:00"),
        ("2026-03-04 10:00", 5, "2026-03-11 10:00"),
        ("2026-12-31 17:00", 1, "2027-01-01 17:00"),
        ("2026-12-31 20:00", 1, "2027-01-04 09:00"),
    ],
)
def test_an_interval_of_working_days_keeps_the_time_of_day(start: str, days: int, end: str) -> None:
    assert office("Asia/Taipei").same_time_after(at("Asia/Taipei", start), days) == at("Asia/Taipei", end)


def test_an_interval_of_working_days_in_a_break_ends_after_it() -> None:
    split = office(hours=(SPLIT,) * 5 + ((), ()))
    assert split.same_time_after(at("UTC", "2026-03-07 12:30"), 1) == at("UTC", "2026-03-09 13:00")


def test_an_interval_keeps_the_time_on_the_clock_where_that_is_put_forward() -> None:
    berlin = office("Europe/Berlin", ALWAYS)
    sunday = at("Europe/Berlin", "2026-03-29 12:00")
    assert berlin.same_time_after(at("Europe/Berlin", "2026-03-28 12:00"), 1) == sunday
    assert berlin.same_time_after(at("Europe/Berlin", "2026-03-28 02:30"), 1) == at(
        "Europe/Berlin", "2026-03-29 03:00"
    )


# --- Clocks that change ---


@pytest.mark.parametrize(
    ("zone", "start", "hours", "end"),
    [
        # 23 and 25 real hours from midnight to midnight
        ("Europe/Berlin", "2026-03-29 00:00+01:00", 23, "2026-03-30 00:00+02:00"),
        ("Europe/Berlin", "2026-10-25 00:00+02:00", 25, "2026-10-26 00:00+01:00"),
        ("America/New_York", "2026-03-08 01:30-05:00", 1, "2026-03-08 03:30-04:00"),
        ("America/New_York", "2026-11-01 01:30-04:00", 1, "2026-11-01 01:30-05:00"),
        ("Australia/Lord_Howe", "2026-04-05 00:00+11:00", 24.5, "2026-04-06 00:00+10:30"),  # half an hour
        ("Australia/Lord_Howe", "2026-10-04 00:00+10:30", 23.5, "2026-10-05 00:00+11:00"),
        ("Pacific/Apia", "2011-12-29 12:00-10:00", 24, "2011-12-31 12:00+14:00"),  # no 30 December
    ],
)
def test_time_is_real_time(zone: str, start: str, hours: float, end: str) -> None:
    calendar = office(zone, ALWAYS)
    first, last = datetime.fromisoformat(start), datetime.fromisoformat(end)
    assert calendar.add_working_time(first, hours * HOUR) == last
    assert calendar.working_time_between(first, last) == hours * HOUR


@pytest.mark.parametrize(
    ("date_", "span", "opens", "closes"),
    [
        ("2026-03-29", (150, 300), "2026-03-29T01:00+00:00", "2026-03-29T03:00+00:00"),  # opens in the gap
        ("2026-03-29", (60, 150), "2026-03-29T00:00+00:00", "2026-03-29T01:00+00:00"),  # closes in it
        (
            "2026-10-25",
            (150, 300),
            "2026-10-25T00:30+00:00",
            "2026-10-25T04:00+00:00",
        ),  # opens the first time
        (
            "2026-10-25",
            (60, 150),
            "2026-10-24T23:00+00:00",
            "2026-10-25T00:30+00:00",
        ),  # closes the first time
        ("2026-10-25", (120, 180), "2026-10-25T00:00+00:00", "2026-10-25T02:00+00:00"),  # two hours for one
    ],
)
def test_hours_in_a_gap_or_a_fold(date_: str, span: tuple[int, int], opens: str, closes: str) -> None:
    calendar = office("Europe/Berlin", ((),) * 6 + ((span,),))
    before = at("Europe/Berlin", f"{date_} 00:00") - HOUR
    start, end = datetime.fromisoformat(opens), datetime.fromisoformat(closes)
    assert calendar.add_working_days(before, 1) == end
    assert calendar.working_time_between(before, end) == end - start
    assert (calendar.is_open(start - MICROSECOND), calendar.is_open(start)) == (False, True)


def test_hours_that_a_gap_swallows_make_no_working_day() -> None:
    calendar = office("Europe/Berlin", ((),) * 6 + (((120, 180),),))
    saturday = at("Europe/Berlin", "2026-03-28 12:00")
    assert calendar.add_working_days(saturday, 1) == at("Europe/Berlin", "2026-04-05 03:00")
    apia = office("Pacific/Apia", ALWAYS)
    assert apia.add_working_days(at("Pacific/Apia", "2011-12-29 12:00"), 1) == at(
        "Pacific/Apia", "2012-01-01 00:00"
    )


# --- Laws ---

CHANGES = [  # zones and days at which, or near which, their clocks change; some at midnight
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Sao_Paulo", date(2017, 10, 15)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/St_Johns", date(2010, 11, 7)),
    ("America/Havana", date(2025, 11, 2)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Asia/Taipei", date(2026, 1, 1)),
]


@st.composite
def spans(draw: st.DrawFn) -> Spans:
    clock = st.sampled_from(
        [0, 1, 30, 60, 90, 119, 120, 121, 150, 180, 210, 540, 720, 1080, 1380, 1410, 1439, 1440]
    )
    marks = sorted(draw(st.sets(clock | st.integers(0, 1440), max_size=6)))
    return tuple(zip(marks[::2], marks[1::2], strict=False))


@st.composite
def places(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar, and an instant within some days of a change of its clocks."""
    zone, day = draw(st.sampled_from(CHANGES))
    hours = draw(st.tuples(*[spans()] * 7).filter(any))
    near = st.integers(-6, 6).map(lambda n: day + timedelta(days=n))
    exceptions = draw(st.dictionaries(near, st.booleans(), max_size=4))
    closed = tuple(day for day, is_open in exceptions.items() if not is_open)
    opened = tuple(day for day, is_open in exceptions.items() if is_open)
    midnight = datetime.combine(day, time(), the_zone(zone)).astimezone(UTC)
    return office(zone, hours, None, closed, opened), midnight + draw(
        st.integers(-4 * 1440, 4 * 1440)
    ) * MINUTE


@st.composite
def nights(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar some of whose shifts go on after midnight, and an instant within some days of a change of its clocks."""
    calendar, start = draw(places())
    shifts = draw(st.lists(st.tuples(st.integers(1, 1439), st.integers(1, 1440)), min_size=7, max_size=7))
    hours: list[Spans] = [((begin, begin + length),) if length % 3 else () for begin, length in shifts]
    for day in range(7):
        following = hours[(day + 1) % 7]
        limit = 1440 + (following[0][0] if following else 1440)
        hours[day] = tuple((begin, min(end, limit)) for begin, end in hours[day])
    return attrs.evolve(calendar, hours=tuple(hours) if any(hours) else calendar.hours), start


class Walk:
    """The oracle: looks at the clock on the wall every minute, and never believes that it goes back."""

    def __init__(self, calendar: WorkingCalendar, start: datetime, days: int) -> None:
        zone = the_zone(calendar.zone)
        shown = datetime.min  # noqa: DTZ901 - a wall clock
        self.minutes: list[tuple[datetime, date, bool]] = []
        self.all_minutes: list[tuple[datetime, date, bool]] = []
        self.shown: list[datetime] = []
        for minute in range(-2 * 1440, days * 1440):
            moment = start + minute * MINUTE
            shown = max(shown, moment.astimezone(zone).replace(tzinfo=None, fold=0))
            self.all_minutes.append((moment, *self.works(calendar, shown)))
            if minute >= 0:
                self.minutes.append(self.all_minutes[-1])
                self.shown.append(shown)

    @classmethod
    def works(cls, calendar: WorkingCalendar, shown: datetime) -> tuple[date, bool]:
        """The day that the time belongs to, and whether it is working time."""
        today = shown.date()
        minute = shown.hour * 60 + shown.minute
        last = cls.hours_on(calendar, today - timedelta(days=1))
        if last and minute + 1440 < last[-1][1]:
            day, minute = today - timedelta(days=1), minute + 1440
        else:
            day = today
        return day, any(start <= minute < end for start, end in cls.hours_on(calendar, day))

    @staticmethod
    def hours_on(calendar: WorkingCalendar, day: date) -> Spans:
        hours = calendar.hours[day.weekday()]
        if day in calendar.closed:
            return ()
        if day in calendar.open and not hours:
            return next(hours for hours in calendar.hours if hours)
        return dict(calendar.other_hours).get(day, hours)

    def worked_on(self) -> set[date]:
        """The days on which a shift starts (as far as no jump of the clock swallows it)."""
        return {day for _, day, works in self.all_minutes if works}

    def days_worked(self) -> list[date]:
        """The working days after that of the start."""
        return sorted({day for _, day, works in self.minutes if works and day != self.minutes[0][1]})


@walks
@given(places() | nights(), st.integers(0, 8 * 1440))
def test_oracle_of_working_time(place: tuple[WorkingCalendar, datetime], length: int) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 8)
    assert [calendar.is_open(moment) for moment, _, _ in walk.minutes] == [
        works for _, _, works in walk.minutes
    ]
    total = sum(works for _, _, works in walk.minutes[:length]) * MINUTE
    assert calendar.working_time_between(start, start + length * MINUTE) == total
    if total:
        last = max(moment for moment, _, works in walk.minutes[:length] if works)
        assert calendar.add_working_time(start, total) == last + MINUTE
        assert calendar.add_working_time(start, total - MICROSECOND) == last + MINUTE - MICROSECOND


@walks
@given(places() | nights())
def test_oracle_of_working_days(place: tuple[WorkingCalendar, datetime]) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 8)
    closing: dict[date, datetime] = {}
    for moment, day, works in walk.minutes:
        if works and day != walk.minutes[0][1]:
            closing[day] = moment + MINUTE
    closing.pop(walk.minutes[-1][1], None)  # the walk may have ended before that day did
    for count, end in enumerate(closing.values(), start=1):
        assert calendar.add_working_days(start, count) == end


@walks
@given(places() | nights())
def test_oracle_of_working_days_before(place: tuple[WorkingCalendar, datetime]) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 8)
    end, here, _ = walk.minutes[-1]
    closing = {day: moment + MINUTE for moment, day, works in walk.minutes if works and day < here}
    for count, closed in enumerate(reversed(closing.values()), start=1):
        assert calendar.closing_before(end, count) == closed


@walks
@given(places() | nights(), st.integers(1, 8 * 1440))
def test_oracle_of_working_time_before(place: tuple[WorkingCalendar, datetime], length: int) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 8)
    end = start + length * MINUTE
    worked = [moment for moment, _, works in walk.minutes[:length] if works]
    if worked:
        assert calendar.subtract_working_time(end, len(worked) * MINUTE) == worked[0]
        if len(worked) > 1:
            assert calendar.subtract_working_time(end, len(worked) * MINUTE - MINUTE) == worked[1]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.integers(1, 1200))  # noqa: DTZ001
def test_months_before_end_on_the_same_day_or_the_last(moment: datetime, months: int) -> None:
    calendar, end = office("UTC"), moment.replace(tzinfo=UTC)
    found = Duration(months, "month").deadline_before(end, {"office": calendar}, "office")
    assert (end.year - found.year) * 12 + end.month - found.month == months
    assert found.timetz() == end.timetz()
    assert found.day == end.day or (found.day < end.day and (found + timedelta(days=1)).day == 1)


@walks
@given(places() | nights(), st.integers(1, 3))
def test_oracle_of_intervals(place: tuple[WorkingCalendar, datetime], count: int) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 12)
    wall = start.astimezone(the_zone(calendar.zone)).replace(tzinfo=None, fold=0)
    time_of_day = max(timedelta(), wall - datetime.combine(walk.minutes[0][1], time()))
    wanted = walk.days_worked()[count - 1 : count]
    ends = [
        moment
        for (moment, day, works), shown in zip(walk.minutes, walk.shown, strict=True)
        if works
        and wanted
        and day >= wanted[0]
        and shown >= datetime.combine(wanted[0], time()) + time_of_day
    ]
    if ends:
        assert calendar.same_time_after(start, count) == ends[0]


@walks
@given(places() | nights())
def test_oracle_of_changes_and_closings(place: tuple[WorkingCalendar, datetime]) -> None:
    calendar, start = place
    walk = Walk(calendar, start, 8)
    changes = [moment for (_, _, before), (moment, _, works) in pairwise(walk.minutes) if works is not before]
    if changes:
        assert calendar.next_change(start) == changes[0]
        assert calendar.last_change(walk.minutes[-1][0]) == changes[-1]
        assert calendar.last_change(changes[0]) == changes[0]
    ends: dict[date, datetime] = {}
    for moment, day, works in walk.minutes:
        if works:
            ends[day] = moment + MINUTE
    if len(ends) > 1:  # the last of them may go on after the walk
        assert calendar.next_closing(start) == next(iter(ends.values()))
    for moment, day, works in walk.minutes[1 : -2 * 1440 : 517]:
        moved = calendar.on_working_day(moment)
        before = walk.minutes[walk.minutes.index((moment, day, works)) - 1][1]
        assert (moved == moment) is (before in walk.worked_on())


micros = st.integers(0, 10 * 86_400_000_000).map(lambda n: n * MICROSECOND)
amounts = st.integers(1, 200 * 3_600_000_000).map(lambda n: n * MICROSECOND)


@laws
@given(places(), amounts, amounts, micros)
def test_laws_of_working_time(
    place: tuple[WorkingCalendar, datetime], amount: timedelta, more: timedelta, later: timedelta
) -> None:
    calendar, start = place
    end = calendar.add_working_time(start, amount)
    assert end >= start + amount
    assert calendar.is_open(end - MICROSECOND)  # in a span, or at its end
    assert calendar.working_time_between(start, end) == amount
    assert calendar.working_time_between(start, end - MICROSECOND) == amount - MICROSECOND  # the earliest
    assert calendar.add_working_time(end, more) == calendar.add_working_time(start, amount + more) > end
    assert calendar.add_working_time(start + later, amount) >= end


@laws
@given(places(), st.integers(1, 30), st.integers(1, 30), micros)
def test_laws_of_working_days(
    place: tuple[WorkingCalendar, datetime], days: int, more: int, later: timedelta
) -> None:
    calendar, start = place
    end = calendar.add_working_days(start, days)
    assert end > start
    assert calendar.is_open(end - MICROSECOND)  # a closing time: nothing more is worked on that date
    assert (
        calendar.add_working_days(end - MICROSECOND, more)
        == calendar.add_working_days(start, days + more)
        > end
    )
    assert calendar.add_working_days(start + later, days) >= end


@laws
@given(places() | nights(), st.integers(1, 30), micros)
def test_laws_of_intervals(place: tuple[WorkingCalendar, datetime], days: int, later: timedelta) -> None:
    calendar, start = place
    end = calendar.same_time_after(start, days)
    assert end > start
    assert calendar.is_open(end)
    assert end >= (calendar.add_working_days(start, days - 1) if days > 1 else start)
    if calendar.zone == "Asia/Taipei":  # where clocks do not go back
        worked = [
            calendar.on_working_day(each + MICROSECOND) == each + MICROSECOND
            for each in (start, start + later)
        ]
        assert calendar.same_time_after(start + later, days) >= end or not all(worked)


@laws
@given(places(), micros, micros)
def test_working_time_adds_up(
    place: tuple[WorkingCalendar, datetime], one: timedelta, two: timedelta
) -> None:
    calendar, start = place
    first, second = (calendar.working_time_between(start, start + one), one)
    rest = calendar.working_time_between(start + one, start + one + two)
    assert timedelta() <= first <= second
    assert first + rest == calendar.working_time_between(start, start + one + two)


@laws
@given(places(), amounts, st.integers(-14 * 60, 14 * 60))
def test_the_zone_of_the_argument_is_irrelevant(
    place: tuple[WorkingCalendar, datetime], amount: timedelta, offset: int
) -> None:
    calendar, start = place
    elsewhere = start.astimezone(timezone(offset * MINUTE))
    assert calendar.add_working_time(elsewhere, amount) == calendar.add_working_time(start, amount)
    assert calendar.add_working_days(elsewhere, 3) == calendar.add_working_days(start, 3)
    assert calendar.is_open(elsewhere) == calendar.is_open(start)


# --- Limits and errors ---


def test_naive_datetimes() -> None:
    naive, aware = datetime(2026, 3, 4), datetime(2026, 3, 4, tzinfo=UTC)  # noqa: DTZ001
    calendar = office()
    for call in (
        lambda: calendar.add_working_days(naive, 1),
        lambda: calendar.same_time_after(naive, 1),
        lambda: calendar.add_working_time(naive, HOUR),
        lambda: calendar.is_open(naive),
        lambda: calendar.working_time_between(aware, naive),
        lambda: Duration(1, "day").deadline_after(naive, {}),
        lambda: Duration(1, "working_day").deadline_after(naive, {"": calendar}),
    ):
        with pytest.raises(ValueError, match="2026-03-04T00:00:00 has no time zone"):
            call()


@pytest.mark.parametrize("days", [0, -1, MAX_DAYS + 1])
def test_days_out_of_bounds(days: int) -> None:
    with pytest.raises(ValueError, match=f"{days} working days: must be 1 to 3660"):
        office().add_working_days(datetime(2026, 3, 4, tzinfo=UTC), days)


@pytest.mark.parametrize("amount", [timedelta(), -HOUR, timedelta(days=MAX_DAYS) + MICROSECOND])
def test_working_time_out_of_bounds(amount: timedelta) -> None:
    with pytest.raises(ValueError, match="must be over 0 and at most 87840 hours"):
        office().add_working_time(datetime(2026, 3, 4, tzinfo=UTC), amount)


def test_working_time_between_out_of_bounds() -> None:
    start = datetime(2026, 3, 4, tzinfo=UTC)
    assert office().working_time_between(start, start) == timedelta()
    for end in (start - MICROSECOND, start.replace(year=2127)):
        with pytest.raises(ValueError, match="must be 0 to 100 years"):
            office().working_time_between(start, end)


def test_the_longest_durations() -> None:
    start = datetime(2026, 3, 4, tzinfo=UTC)
    weekly = office(hours=(DAY,) + ((),) * 6)
    assert weekly.add_working_days(start, MAX_DAYS) == at("UTC", "2026-03-02 18:00") + timedelta(
        weeks=MAX_DAYS
    )
    always = office(hours=ALWAYS)
    assert always.add_working_time(start, timedelta(days=MAX_DAYS)) == start + timedelta(days=MAX_DAYS)


def test_too_little_working_time_gives_up() -> None:
    minute_a_week = office(hours=(((0, 1),),) + ((),) * 6)
    with pytest.raises(ValueError, match="'office' has too little working time, 100 years from 2026"):
        minute_a_week.add_working_time(datetime(2026, 3, 4, tzinfo=UTC), 100 * HOUR)


def test_no_working_time_gives_up() -> None:
    mondays = tuple(date(2026, 1, 5) + timedelta(weeks=n) for n in range(52 * 8))
    calendar = office(hours=(DAY,) + ((),) * 6, closed=mondays)
    start = datetime(2026, 3, 4, tzinfo=UTC)
    calls: list[Callable[[], object]] = [
        lambda: calendar.add_working_days(start, 1),
        lambda: calendar.add_working_time(start, HOUR),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="'office' has no working time, 5 years to 2030"):
            call()
    assert not calendar.is_open(at("UTC", "2026-03-09 10:00"))


@pytest.mark.parametrize(
    "zone", ["UTC", "Asia/Taipei", "America/Los_Angeles", "Pacific/Kiritimati", "Etc/GMT+12"]
)
def test_both_ends_of_time(zone: str) -> None:
    calendar = office(zone, ALWAYS, "TW")
    first, last = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
    assert calendar.add_working_time(first + 40 * HOUR, HOUR) == first + 41 * HOUR
    assert calendar.add_working_days(first, 1) < first + 72 * HOUR
    assert calendar.is_open(last - 40 * HOUR)
    for overflows in (
        lambda: calendar.add_working_time(last, HOUR),
        lambda: calendar.add_working_days(last, 1),
        lambda: calendar.add_working_days(last - 48 * HOUR, 9),
        lambda: calendar.closing_before(first, 1),
        lambda: calendar.subtract_working_time(first, HOUR),
        lambda: calendar.add_months(first, -14),
        lambda: calendar.is_open(datetime.min.replace(tzinfo=timezone(HOUR))),
    ):
        with pytest.raises(OverflowError):
            overflows()
    assert calendar.is_open(first) == (zone in {"UTC", "Asia/Taipei"})  # Kiritimati was east of the date line
    assert calendar.is_open(last) == (zone in {"UTC", "America/Los_Angeles", "Etc/GMT+12"})


@pytest.mark.parametrize(
    ("zone", "country", "message"),
    [
        ("Asia/Taipeh", None, "unknown time zone 'Asia/Taipeh'; did you mean 'Asia/Taipei'?"),
        ("asia/taipei", None, "did you mean 'Asia/Taipei'?"),
        ("../zones", None, "unknown time zone '../zones'"),
        ("", None, "unknown time zone ''"),
        ("UTC", "tw", "no public holidays known for country 'tw'; did you mean 'TW'?"),
        ("UTC", "Taiwan", "did you mean 'TW'?"),
        ("UTC", "XNYS", "no public holidays known for country 'XNYS'"),
        ("UTC", "country_holidays", "no public holidays known for country 'country_holidays'"),
        ("UTC", "DE-Bayer", "no public holidays known for 'Bayer' in DE; did you mean 'BY'?"),
        ("UTC", "DE-", "no public holidays known for '' in DE"),
        ("UTC", "CN-SH", "no public holidays known for 'SH' in CN"),
    ],
)
def test_unknown_places(zone: str, country: str | None, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        office(zone, holidays=country)


@pytest.mark.parametrize(
    ("hours", "message"),
    [
        (((),) * 7, "no weekday has working hours"),
        ((DAY,) * 6, "7 weekdays, Monday first, not for 6"),
        ((((600, 540),), *WEEK[1:]), "hours of Monday: ((600, 540),) must ascend"),
        ((((540, 540),), *WEEK[1:]), "must ascend"),
        ((DAY, ((540, 720), (700, 800)), *WEEK[2:]), "hours of Tuesday"),
        ((((780, 800), (540, 720)), *WEEK[1:]), "must ascend"),
        ((((540, 1981),), *WEEK[1:]), "within 24 hours"),
        ((((1440, 1500),), *WEEK[1:]), "from a minute of the day"),
        ((((-1, 540),), *WEEK[1:]), "from a minute of the day"),
        (
            (((1320, 2000),), *WEEK[1:]),
            "hours of Monday last until 09:20 of the next day, but those of the next day begin at 09:00",
        ),
        (
            (*WEEK[:6], ((1320, 2000),)),
            "hours of Sunday last until 09:20 of the next day, but those of the next day begin at 09:00",
        ),
    ],
)
def test_impossible_hours(hours: tuple[Spans, ...], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        office(hours=hours)


def test_spans_may_touch() -> None:
    touching = office(hours=(((540, 720), (720, 1080)),) * 7)
    start = at("UTC", "2026-03-04 11:00")
    assert touching.add_working_time(start, HOUR) == at("UTC", "2026-03-04 12:00")
    assert touching.add_working_time(start, 2 * HOUR) == at("UTC", "2026-03-04 13:00")
    assert touching.is_open(at("UTC", "2026-03-04 12:00"))


def test_impossible_dates_and_names() -> None:
    day = date(2026, 3, 4)
    with pytest.raises(ValueError, match="2026-03-04 is declared both closed and open"):
        office(closed=(day,), opened=(day,))
    with pytest.raises(ValueError, match="2026-03-04 00:00:00 is not a date"):
        office(closed=(datetime(2026, 3, 4, tzinfo=UTC).replace(tzinfo=None),))
    for name in ("", " ", "two words"):
        with pytest.raises(ValueError, match="the name of a calendar is one word"):
            WorkingCalendar(name, "UTC", WEEK)


# --- As a value ---


def test_calendars_are_values() -> None:
    calendar = office("Asia/Taipei", holidays="TW")
    start = datetime(2026, 2, 13, tzinfo=UTC)
    end = calendar.add_working_days(start, 1)
    twins = [
        office("Asia/Taipei", holidays="TW"),
        copy.deepcopy(calendar),
        pickle.loads(pickle.dumps(calendar)),
    ]
    for twin in twins:
        assert twin == calendar
        assert hash(twin) == hash(calendar)
        assert repr(twin) == repr(calendar)
        assert twin.add_working_days(start, 1) == end
    assert attrs.evolve(calendar, holidays=None).add_working_days(start, 1) != end
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        calendar.zone = "UTC"  # type: ignore[misc]


def test_what_is_kept_is_bounded() -> None:
    calendar = office()
    for year in range(1900, 2035):
        calendar.is_open(datetime(year, 6, 1, tzinfo=UTC))
    assert 0 < len(calendar._years) < 128


def test_same_answers_in_any_environment() -> None:
    program = """
from datetime import *
from escalation_rules.calendar import WorkingCalendar
week = (((540, 1080),),) * 5 + ((), ())
start = datetime(2024, 1, 1, tzinfo=timezone.utc)
for zone, country in (
    ("Asia/Taipei", "TW"), ("Asia/Shanghai", "CN"), ("America/New_York", "US"), ("Asia/Tokyo", "JP"),
    ("Europe/Berlin", "DE-BY"), ("Asia/Bangkok", "TH"), ("Asia/Dubai", "AE"), ("America/Havana", None),
):
    calendar = WorkingCalendar("x", zone, week, country)
    print([calendar.add_working_days(start, n).isoformat() for n in range(1, 900)])
"""
    answers = set()
    for seed, language, zone, files_of_zones in (
        ("0", "C", "UTC", ""),
        ("1", "zh_TW.UTF-8", "Asia/Tokyo", "/usr/share/zoneinfo"),
        ("2", "th", "EST5EDT", "/nowhere"),
    ):
        environment = {"PYTHONHASHSEED": seed, "PYTHONTZPATH": files_of_zones, "TZ": zone}
        environment |= dict.fromkeys(("LANG", "LANGUAGE", "LC_ALL"), language)
        environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
        run = subprocess.run(
            [sys.executable, "-c", program], env=environment, capture_output=True, check=True
        )
        answers.add(run.stdout)
    assert len(answers) == 1


def test_versions_of_the_data() -> None:
    assert set(versions()) == {"holidays", "tzdata"}
    assert all(re.fullmatch(r"[0-9]+\.[0-9.]+", version) for version in versions().values())


# --- Durations ---


@pytest.mark.parametrize(
    ("text", "duration", "canonical"),
    [
        ("30 minutes", Duration(30, "minute"), None),
        ("1 minutes", Duration(1, "minute"), "1 minute"),
        ("2 week", Duration(2, "week"), "2 weeks"),
        ("  2\t working   hours ", Duration(2, "working_hour"), "2 working hours"),
        ("1 working day", Duration(1, "working_day"), None),
        ("3 working days in taipei", Duration(3, "working_day", "taipei"), None),
        ("90 working minutes in tai-pei", Duration(90, "working_minute", "tai-pei"), None),
        ("007 days", Duration(7, "day"), "7 days"),
    ],
)
def test_reading_durations(text: str, duration: Duration, canonical: str | None) -> None:
    assert Duration.parse(text) == duration
    assert str(duration) == (canonical or text)


@laws
@given(
    st.sampled_from(get_args(Unit)),
    st.integers(1, 522),
    st.none() | st.from_regex(r"\A[a-z][a-z0-9_-]{0,9}\Z"),
)
def test_durations_read_back(unit: Unit, amount: int, calendar: str | None) -> None:
    duration = Duration(amount, unit, calendar if unit.startswith(("working", "calendar", "month")) else None)
    assert Duration.parse(str(duration)) == duration


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-01-15 10:30", 1, "day", "2026-01-17 00:00"),  # the day of the start is not counted
        ("2026-01-15 00:00", 1, "day", "2026-01-17 00:00"),
        ("2026-01-15 23:59", 14, "day", "2026-01-30 00:00"),
        ("2026-03-28 12:00", 1, "day", "2026-03-30 00:00"),  # a day of 23 hours
        ("2026-10-24 12:00", 1, "day", "2026-10-26 00:00"),  # a day of 25 hours
        ("2026-01-15 10:30", -1, "day", "2026-01-15 00:00"),
        ("2026-01-15 10:30", -14, "day", "2026-01-02 00:00"),
        ("2026-01-15 10:30", 1, "month", "2026-02-16 00:00"),
        ("2026-01-15 00:00", 1, "month", "2026-02-16 00:00"),
        ("2026-01-31 23:59", 1, "month", "2026-03-01 00:00"),  # no 31 February
        ("2026-08-31 12:00", 6, "month", "2027-03-01 00:00"),
        ("2026-02-28 09:00", 1, "month", "2026-03-29 00:00"),  # before a day of 23 hours
        ("2026-03-15 10:30", -1, "month", "2026-02-16 00:00"),
        ("2026-03-31 10:30", -1, "month", "2026-03-01 00:00"),
    ],
)
def test_calendar_days_and_months_end_at_midnight(start: str, amount: int, unit: str, end: str) -> None:
    calendars = {"berlin": office("Europe/Berlin")}
    length = Duration.parse(f"{abs(amount)} calendar {unit}s")
    counted = (length.deadline_after, length.interval_after) if amount > 0 else (length.deadline_before,)
    for each in counted:
        assert each(at("Europe/Berlin", start), calendars, "berlin") == at("Europe/Berlin", end)


@pytest.mark.parametrize(
    ("pauses", "end"),
    [
        ([], "2026-02-16 00:00"),
        ([("2026-01-20 00:00", "2026-01-21 00:00")], "2026-02-17 00:00"),  # a day later
        ([("2026-01-20 00:00", "2026-01-20 06:00")], "2026-02-16 00:00"),  # 16:30 of the same day
        ([("2026-01-20 00:00", "2026-01-20 14:00")], "2026-02-17 00:00"),  # 00:30 of the next one
        ([("2026-02-15 22:00", "2026-02-16 09:00")], "2026-02-17 00:00"),  # its midnight is in the pause
        ([("2026-02-16 00:00", "2026-02-20 09:00")], "2026-02-21 00:00"),
        ([("2026-02-16 00:01", "2026-02-20 09:00")], "2026-02-16 00:00"),
    ],
)
def test_a_pause_moves_a_calendar_month_by_the_time_that_it_lasts(
    pauses: list[tuple[str, str]], end: str
) -> None:
    calendars, start = {"berlin": office("Europe/Berlin")}, at("Europe/Berlin", "2026-01-15 10:30")
    stopped = [(at("Europe/Berlin", begin), at("Europe/Berlin", resumed)) for begin, resumed in pauses]
    found = deadline(Deadline.parse("1 calendar month"), start, stopped, calendars, "berlin")
    assert found == at("Europe/Berlin", end)


@laws
@given(
    st.sampled_from(
        ["Europe/Berlin", "Asia/Taipei", "America/Santiago", "Pacific/Apia"]
    ),  # midnights may be left out
    st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1)),  # noqa: DTZ001
    st.integers(1, 60),
)
def test_calendar_days_are_those_on_the_clock(zone: str, moment: datetime, days: int) -> None:
    calendars, start = {"here": office(zone)}, moment.replace(tzinfo=UTC)
    length, first = Duration(days, "calendar_day"), start.astimezone(the_zone(zone)).date()
    end = length.deadline_after(start, calendars, "here")
    assert end.astimezone(the_zone(zone)).date() > first + timedelta(days=days)
    assert (end - timedelta(microseconds=1)).astimezone(the_zone(zone)).date() <= first + timedelta(days=days)
    back = length.deadline_before(start, calendars, "here")
    assert (back - timedelta(microseconds=1)).astimezone(the_zone(zone)).date() <= first - timedelta(
        days=days
    )
    assert back.astimezone(the_zone(zone)).date() > first - timedelta(days=days)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ("2026-01-15 10:30", 1, "2026-02-15 10:30"),
        ("2026-01-31 10:30", 1, "2026-02-28 10:30"),
        ("2028-01-31 10:30", 1, "2028-02-29 10:30"),
        ("2026-02-28 10:30", 1, "2026-03-28 10:30"),  # the day counts, not that it was the last
        ("2026-08-31 00:00", 18, "2028-02-29 00:00"),
        ("2026-12-31 23:59", 2, "2027-02-28 23:59"),
        ("2026-02-28 02:30", 1, "2026-03-28 02:30"),
        ("2026-01-29 02:30", 2, "2026-03-29 03:00"),  # a time that the clocks leave out: the first after it
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: str, months: int, end: str) -> None:
    calendars = {"berlin": office("Europe/Berlin")}
    for reached in (Duration(months, "month").deadline_after, Duration(months, "month").interval_after):
        assert reached(at("Europe/Berlin", start), calendars, "berlin") == at("Europe/Berlin", end)


def test_a_later_day_never_ends_a_month_earlier() -> None:
    calendars = {"office": office("Asia/Taipei")}
    starts = [datetime(2027, 1, 25, tzinfo=UTC) + timedelta(days=day) for day in range(40)]
    ends = [Duration(1, "month").deadline_after(each, calendars, "office") for each in starts]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a duration: expected a whole number and a unit (second, minute, hour, day, week, "),
        ("soon", "such as '2 working days'"),
        ("3 busness days", "did you mean '3 working days'?"),
        ("3 workdays", "did you mean '3 working days'?"),
        ("30 mins", "did you mean '30 minutes'?"),
        ("2 Weeks", "did you mean '2 weeks'?"),
        ("1.5 hours", "did you mean 'hours'?"),
        ("-3 days", "is not a duration"),
        ("\u0663 days", "is not a duration"),
        ("2days", "is not a duration"),
        ("9999999999 days", "is not a duration"),
        ("0 hours", "0 hours: the amount must be 1 to 87840"),
        ("36601 days", "36601 days: the amount must be 1 to 36600, a hundred years at most"),
        ("1201 months", "1201 months: the amount must be 1 to 1200, a hundred years at most"),
        ("3661 working days", "3661 working days: the amount must be 1 to 3660, ten years at most"),
        ("5229 weeks", "the amount must be 1 to 5228"),
        ("2 days in taipei", "2 days in taipei: only working time, calendar days and months have a calendar"),
        ("2 working days in tai pei", "one word, not 'tai pei'"),
        ("2 working days in", "is not a duration"),
        ("x" * 100_000, "is not a duration"),
    ],
)
def test_texts_that_are_no_durations(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)) as raised:
        Duration.parse(text)
    assert len(str(raised.value)) < 400


def test_elapsed_durations() -> None:
    start = at("Europe/Berlin", "2026-03-28 12:00")
    end = Duration.parse("1 day").deadline_after(start, {})
    assert end == at("Europe/Berlin", "2026-03-29 13:00")  # 24 real hours
    assert end.tzinfo is UTC
    lengths = [Duration(2, unit).as_timedelta() for unit in get_args(Unit)[:5]]
    assert lengths == [timedelta(seconds=2), 2 * MINUTE, 2 * HOUR, timedelta(days=2), timedelta(days=14)]
    assert not Duration(1, "day").is_working


def test_working_durations() -> None:
    taipei = office("Asia/Taipei", holidays="TW")
    calendars = {"": office(), "taipei": taipei}
    start = at("Asia/Taipei", "2026-02-13 15:00")  # 07:00 UTC

    def after(text: str, default: str = "") -> datetime:
        return Duration.parse(text).deadline_after(start, calendars, default)

    assert after("1 working day") == at("UTC", "2026-02-16 18:00")
    assert after("1 working day in taipei") == after("1 working day", "taipei")
    assert after("1 working day in taipei") == at("Asia/Taipei", "2026-02-23 18:00")
    assert after("4 working hours in taipei") == at("Asia/Taipei", "2026-02-23 10:00")
    assert after("90 working minutes") == at("UTC", "2026-02-13 10:30")
    assert Duration(1, "working_day").is_working
    with pytest.raises(ValueError, match="'2 working days' has no length of its own"):
        Duration(2, "working_day").as_timedelta()
    with pytest.raises(
        ValueError, match="needs the calendar 'taipeh', which is missing; did you mean 'taipei'"
    ):
        after("1 working day in taipeh")
    with pytest.raises(ValueError, match="'1 working day' needs the calendar '', which is missing"):
        Duration(1, "working_day").deadline_after(start, {"taipei": taipei})


def test_durations_past_the_end_of_time() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    for text in ("1 second", "1 working hour", "1 working day"):
        with pytest.raises(OverflowError):
            Duration.parse(text).deadline_after(last, {"": office(hours=ALWAYS)})
