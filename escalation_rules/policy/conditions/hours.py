"""Hours of the day (working time, or a daily span), days of the week and dates of the year, and how to read them from YAML."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import product

import attrs

from escalation_rules.calendar import (
    MONTHS,
    DatesOfYear,
    DayOfYear,
    Spans,
    WorkingCalendar,
    days_meant,
    hours_of_days,
    read_dates,
    read_days,
    read_span,
)
from escalation_rules.policy.conditions.context import Context, describe
from escalation_rules.policy.conditions.unknown_names import part
from escalation_rules.source import Node, Scalar

WORKING_TIME = "working time"
_WORD = re.compile("[a-z]+")
_SHORTEST, _BOTH = 3, 2
"""The letters that tell months apart; dates come in pairs."""
_MONTH = f"(?:{'|'.join(month[:_SHORTEST].lower() for month in MONTHS)})[a-z]*"
_DATE_SAID = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?(?: of)? (?P<month>{_MONTH})|(?P<before>{_MONTH}) (?P<after>\d{{1,2}})"
)
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})[-/月](\d{1,2})(?!\d)")
"""Month and day, as in dates with a year: 11-01."""
_DAY = 24 * 60
"""The minutes of a day."""
EXPECTED = (
    "`working time`, hours such as 23:00-07:00, days such as sat-sun, or dates such as 1 November to 31 March"
)


@attrs.frozen
class Hours:
    """Hours of the day, days of the week, or dates of the year: `span` (None: working time) in the calendar `named` (None: the
    default one).

    `calendar` has these hours, days or dates as its own.
    """

    calendar: WorkingCalendar | DatesOfYear
    span: str | None
    named: str | None

    def hold(self, moment: datetime) -> bool:
        """Whether the instant is within the hours."""
        try:
            return self.calendar.is_open(moment)
        except OverflowError:  # the minimum or maximum date
            return False

    def is_apart_from(self, other: Hours) -> bool:
        """Whether no instant is in both; False also if this depends on the calendars."""
        if self.span is None or other.span is None or self.calendar.zone != other.calendar.zone:
            return False
        one, two = self.calendar, other.calendar
        if isinstance(one, DatesOfYear) and isinstance(two, DatesOfYear):
            days = (DayOfYear(*pair) for pair in product(range(1, 13), range(1, 32)))
            return not any(one.has(day) and two.has(day) for day in days if day.exists)
        if isinstance(one, DatesOfYear) or isinstance(two, DatesOfYear):
            return False
        return _minutes(one).isdisjoint(_minutes(two))

    def __str__(self) -> str:
        place = "" if self.named is None else f" in {self.named}"
        return f"{self.span or WORKING_TIME}{place}"


def _minutes(calendar: WorkingCalendar) -> set[int]:
    """The minutes of a week, from Monday on, that are open."""
    return {
        (day * _DAY + minute) % (7 * _DAY)
        for day, spans in enumerate(calendar.hours)
        for span in spans
        for minute in range(*span)
    }


def read_hours(context: Context, node: Node) -> Hours | None:
    """Read `working time`, `23:00-07:00`, `sat-sun` or `1 November to 31 March`, optionally with `in CALENDAR`; None after
    reporting a problem."""
    said = context.scalar(node, "a time of day", EXPECTED)
    if said is None or not isinstance(node, Scalar):
        return None
    words, place, named = " ".join(said.split()).partition(" in ")
    span, dates, days = read_span(words), read_dates(words), read_days(words)
    if dates is not None and (wrong := next((date for date in dates if not date.exists), None)):
        last = max(day for day in range(29, 32) if DayOfYear(wrong.month, day).exists)
        message = f"there is no {wrong}"
        context.error("wrong-value", node, message, f"a date up to {DayOfYear(wrong.month, last)}")
        return None
    if span is None and dates is None and days is None and words != WORKING_TIME:
        meant = _meant(words)
        context.error(
            "wrong-value", node, f"{describe(node)} is not a time of day", None if meant else EXPECTED, meant
        )
        return None
    calendar = context.calendar(
        part(node, said.index(" in ") + len(" in ")) if place else node, named or None
    )
    if calendar is None:
        return None
    if dates is not None:
        found = DatesOfYear(calendar.zone, *dates)
        return Hours(found, str(found), named or None)
    hours: tuple[Spans, ...]
    if span is not None:
        hours = ((span,),) * 7
    elif days is not None:
        hours = hours_of_days(days)
    else:
        return Hours(calendar, None, named or None)
    return Hours(WorkingCalendar(calendar.name, calendar.zone, hours), words, named or None)


def _meant(words: str) -> str | None:
    """Convert text such as `23:00 to 07:00` to the YAML form; None if it has no such form."""
    if words.lower().replace("-", " ").removesuffix("s") in {
        "business hour",
        "office hour",
        "working hour",
        "work time",
    }:
        return WORKING_TIME
    plain = words.removeprefix("between ").removeprefix("from ")
    for word in (" and ", " to ", " until ", " - ", "–", " – "):
        plain = plain.replace(word, "-")
    return plain if read_span(plain) else days_meant(words) or _dates_meant(words)


def _dates_meant(words: str) -> str | None:
    """Convert dates written in another way (`Nov 1 - Mar 31`, `11-01 to 03-31`, `July and August`) to the YAML form; None if
    there are none."""
    found = list(_DATE_SAID.finditer(words.lower()))
    months = [number for number, month in enumerate(MONTHS, 1) for word in _WORD.findall(words.lower())
              if len(word) >= _SHORTEST and month.lower().startswith(word[:_SHORTEST])]  # fmt: skip
    if 1 <= len(found) == len(re.findall(r"\d+", words)) <= _BOTH:
        named = [(int(date["day"] or date["after"]), date["month"] or date["before"]) for date in found]
        days = [
            DayOfYear(
                next(
                    (
                        number
                        for number, month in enumerate(MONTHS, 1)
                        if month.lower().startswith(name[:_SHORTEST])
                    ),
                    0,
                ),
                day,
            )
            for day, name in named
        ]
    elif ":" not in words and len(numbers := _NUMBERS.findall(words)) == _BOTH:
        days = [DayOfYear(int(month), int(day)) for month, day in numbers]
    elif 1 <= len(months) <= _BOTH and not re.search(r"\d", words):
        last = max(day for day in range(29, 32) if DayOfYear(months[-1], day).exists)
        days = [DayOfYear(months[0], 1), DayOfYear(months[-1], last)]
    else:
        return None
    if len(days) > _BOTH or not all(1 <= day.month <= len(MONTHS) and day.exists for day in days):
        return None
    return " to ".join(map(str, days))
