"""YAML → working calendars."""

from __future__ import annotations

import re
from datetime import date

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.conditions import Context
from escalation_rules.conditions.context import describe, spoken
from escalation_rules.conditions.meant import Guess
from escalation_rules.reading.common import items, mapping, required
from escalation_rules.source import Node, Scalar

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = ("timezone", "hours", "holidays", "closed", "open", "replaces")
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")

Span = tuple[int, int]


def read_calendar(context: Context, key: Scalar, node: Node) -> WorkingCalendar | None:
    """A calendar from its declaration."""
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
    closed, opened = _dates(context, parts.get("closed")), _dates(context, parts.get("open"))
    if context.problems.count > before or zone is None:
        return None
    try:
        return WorkingCalendar(key.text, zone, hours, holidays, closed, opened)
    except ValueError as problem:
        place = next((parts.get(name) for words, name in _BLAMED.items() if words in str(problem)), None)
        context.error("bad-calendar", place or key, *spoken(problem))
        return None


_BLAMED = {
    "time zone": "timezone",
    "public holidays": "holidays",
    "working hours": "hours",
    "both closed": "open",
}
"""Which key a complaint of the calendar is about, by words in it."""


def _hours(context: Context, node: Node | None) -> tuple[tuple[Span, ...], ...]:
    week: list[tuple[Span, ...]] = [()] * 7
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


def _days(context: Context, key: Scalar) -> range:
    first, dash, last = key.text.partition("-")
    for day in (first, last) if dash else (first,):
        if day not in DAYS:
            meant = "-".join(each.strip().lower()[:3] for each in key.text.split("-"))
            known = all(each in DAYS for each in meant.split("-"))
            context.unknown("wrong-value", key, "weekday", day, DAYS, meant=Guess(meant) if known else None)
            return range(0)
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    if end < start:
        context.error("wrong-value", key, f"{key.text} runs backwards", "e.g. mon-fri")
    return range(start, end + 1)


def _spans(context: Context, node: Node) -> tuple[Span, ...]:
    found: list[Span] = []
    for item in items(context, node, "spans of time"):
        span = _span(context, item)
        if span is not None and found and span[0] < found[-1][1]:
            context.error("wrong-value", item, f"{describe(item)} begins before the span ahead of it ends",
                          "spans of a day in order, none upon another")  # fmt: skip
        elif span is not None:
            found.append(span)
    return tuple(found)


def _span(context: Context, node: Node) -> Span | None:
    match = _SPAN.fullmatch(node.text) if isinstance(node, Scalar) else None
    if match is None:
        context.error(
            "wrong-value", node, f"{describe(node)} is no span of time", "e.g. 09:00-12:00, up to 24:00"
        )
        return None
    start, end = (int(hours) * 60 + int(minutes) for hours, minutes in
                  ((match[1], match[2]), (match[3] or match[5], match[4] or match[6])))  # fmt: skip
    if end <= start:
        context.error(
            "wrong-value",
            node,
            f"{describe(node)} runs backwards",
            "a night shift as two days: up to 24:00, from 00:00",
        )
        return None
    return start, end


def _dates(context: Context, node: Node | None) -> tuple[date, ...]:
    found: list[date] = []
    for item in items(context, node, "dates"):
        try:
            found.append(date.fromisoformat(item.text if isinstance(item, Scalar) else ""))
        except ValueError:
            context.error("wrong-value", item, f"{describe(item)} is no date", "e.g. 2026-02-14")
    return tuple(sorted(found))
