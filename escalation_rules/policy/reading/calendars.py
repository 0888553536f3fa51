"""Reads working calendars."""

from __future__ import annotations

from datetime import date

import attrs

from escalation_rules.calendar import DAYS, Spans, WorkingCalendar, clock, days_meant, read_days, read_span
from escalation_rules.policy.conditions import Context
from escalation_rules.policy.conditions.context import describe, spoken
from escalation_rules.policy.conditions.synonyms import Guess
from escalation_rules.policy.reading.common import items, mapping, required
from escalation_rules.source import Mapping, Node, Scalar, Sequence

KEYS = ("timezone", "hours", "holidays", "closed", "open", "other_hours", "replaces")
EXTENDED = ("closed", "open", "other_hours")
"""The keys of a calendar that a later layer may extend."""
MIDNIGHT = 24 * 60


def read_calendar(context: Context, key: Scalar, node: Node) -> WorkingCalendar | None:
    """Read the declaration of a calendar."""
    parts = mapping(context, node, f"the calendar {key.text}")
    if parts is None:
        return None
    context.only_keys(parts, KEYS, "a calendar")
    before = context.problems.count
    zone_node = required(context, parts, "timezone", f"the calendar {key.text}", key)
    zone = context.scalar(zone_node, "a time zone such as Asia/Taipei") if zone_node is not None else None
    hours = _hours(context, required(context, parts, "hours", f"the calendar {key.text}", key))
    holidays_node = parts.get("holidays")
    holidays = context.scalar(holidays_node, "a country such as TW") if holidays_node is not None else None
    dates = _exceptions(context, parts)
    if context.problems.count > before or zone is None:
        return None
    try:
        return WorkingCalendar(key.text, zone, hours, holidays, *dates)
    except ValueError as problem:
        _report(context, key, parts, problem)
        return None


def extended(context: Context, key: Scalar, calendar: WorkingCalendar, node: Node) -> WorkingCalendar:
    """The calendar with the dates that a layer closes, opens or gives other hours, replacing earlier
    exceptions for these dates."""
    parts = mapping(context, node, f"more dates of the calendar {key.text}")
    if parts is None:
        return calendar
    before = context.problems.count
    context.only_keys(parts, EXTENDED, "an addition to a calendar")
    closed, opened, others = _exceptions(context, parts)
    if context.problems.count > before:
        return calendar
    said = {*closed, *opened, *(day for day, _ in others)}
    try:
        return attrs.evolve(
            calendar,
            closed=tuple(sorted({*calendar.closed} - said)) + closed,
            open=tuple(sorted({*calendar.open} - said)) + opened,
            other_hours=(*(pair for pair in calendar.other_hours if pair[0] not in said), *others),
        )
    except ValueError as problem:
        _report(context, key, parts, problem)
        return calendar


Exceptions = tuple[tuple[date, ...], tuple[date, ...], tuple[tuple[date, Spans], ...]]


def _exceptions(context: Context, parts: Mapping) -> Exceptions:
    """The dates that are closed, open, or have other hours."""
    closed, opened = _dates(context, parts.get("closed")), _dates(context, parts.get("open"))
    return closed, opened, _other_hours(context, parts.get("other_hours"))


def _report(context: Context, key: Scalar, parts: Mapping, problem: ValueError) -> None:
    place = next((parts.get(name) for words, name in _BLAMED.items() if words in str(problem)), None)
    context.error("bad-calendar", place or key, *spoken(problem))


_BLAMED = {
    "time zone": "timezone",
    "public holidays": "holidays",
    "working hours": "hours",
    "both closed": "open",
    "has other hours": "other_hours",
    "hours of": "hours",
}
"""The keys that errors of the calendar are about, by words in the message."""


def _hours(context: Context, node: Node | None) -> tuple[Spans, ...]:
    week: list[Spans] = [()] * 7
    said: set[int] = set()
    parts = mapping(context, node, "the working hours")
    for key, value in parts.entries if parts else ():
        spans = _spans(context, value)
        for day in _days(context, key):
            if day in said:
                context.error("duplicate", key, f"the hours of {DAYS[day]} are given twice")
            said.add(day)
            week[day] = spans
    return tuple(week)


def _days(context: Context, key: Scalar) -> tuple[int, ...]:
    """The weekdays in a key; ranges may wrap around (`sun-thu`, `fri-mon`)."""
    days = read_days(key.text)
    if days is None:
        wrong = next((day for day in key.text.split("-") if day not in DAYS), key.text)
        meant = days_meant(key.text)
        context.unknown("wrong-value", key, "weekday", wrong, DAYS, meant=Guess(meant) if meant else None)
    return days or ()


def _spans(context: Context, node: Node) -> Spans:
    """The spans of a day in order. A span after one that crosses midnight is on the next morning."""
    found: list[tuple[int, int]] = []
    for entry in items(context, node, "spans of time"):
        span = read_span(entry.text) if isinstance(entry, Scalar) else None
        if span is None:
            context.error("wrong-value", entry, f"{describe(entry)} is not a span of time",
                          "e.g. 09:00-12:00, up to 24:00, or 22:00-06:00 for a night shift")  # fmt: skip
            continue
        if found and found[-1][1] > MIDNIGHT:
            span = (span[0] + MIDNIGHT, span[1] + MIDNIGHT)
        if found and span[0] < found[-1][1]:
            context.error("wrong-value", entry, f"{describe(entry)} begins before the previous span ends",
                          "spans in order, without overlap")  # fmt: skip
        elif found and span[1] > found[0][0] + MIDNIGHT:
            first = found[0][0]
            message = f"{describe(entry)} lasts until {clock(span[1])} of the next day, but these hours begin at {clock(first)}"
            expected = (
                f"a span that ends by {clock(first or MIDNIGHT)}; the time after that is part of the next day"
            )
            context.error("wrong-value", entry, message, expected)
        else:
            found.append(span)
    return tuple(found)


def _dates(context: Context, node: Node | None) -> tuple[date, ...]:
    found = [_date(context, entry) for entry in items(context, node, "dates")]
    return tuple(sorted(day for day in found if day is not None))


def _date(context: Context, node: Node) -> date | None:
    try:
        return date.fromisoformat(node.text if isinstance(node, Scalar) else "")
    except ValueError:
        context.error("wrong-value", node, f"{describe(node)} is not a date", "e.g. 2026-02-14")
        return None


def _other_hours(context: Context, node: Node | None) -> tuple[tuple[date, Spans], ...]:
    found: list[tuple[date, Spans]] = []
    parts = mapping(context, node, "dates with their hours")
    for key, value in parts.entries if parts else ():
        day, spans = _date(context, key), _spans(context, value)
        if isinstance(value, Sequence) and not value.items:
            context.error("empty", value, f"{key.text} has no hours", "the date below `closed:`")
        elif day is not None and spans:
            found.append((day, spans))
    return tuple(sorted(found))
