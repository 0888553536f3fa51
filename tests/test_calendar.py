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
        ("3661 days", "3661 days: the amount must be 1 to 3660"),
        ("3661 working days", "3661 working days: the amount must be 1 to 3660"),
        ("523 weeks", "the amount must be 1 to 522"),
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
