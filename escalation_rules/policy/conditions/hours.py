"""Hours of the day (working time, or a daily span), and how to read them from YAML."""

from __future__ import annotations

from datetime import datetime

import attrs

from escalation_rules.calendar import WorkingCalendar, read_span
from escalation_rules.policy.conditions.context import Context, describe, part
from escalation_rules.source import Node, Scalar

WORKING_TIME = "working time"
_DAY = 24 * 60
"""The minutes of a day."""
EXPECTED = "`working time`, or hours such as 23:00-07:00"


@attrs.frozen
class Hours:
    """Hours of the day: `span` (None: working time) in the calendar `named` (None: the default one).

    `calendar` has these hours as its own.
    """

    calendar: WorkingCalendar
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
        mine, its = (
            {minute % _DAY for minute in range(*each.calendar.hours[0][0])} for each in (self, other)
        )
        return mine.isdisjoint(its)

    def __str__(self) -> str:
        place = "" if self.named is None else f" in {self.named}"
        return f"{self.span or WORKING_TIME}{place}"


def read_hours(context: Context, node: Node) -> Hours | None:
    """Read `working time` or `23:00-07:00`, optionally with `in CALENDAR`; None after reporting a problem."""
    said = context.scalar(node, "a time of day", EXPECTED)
    if said is None or not isinstance(node, Scalar):
        return None
    words, place, named = " ".join(said.split()).partition(" in ")
    span = read_span(words)
    if span is None and words != WORKING_TIME:
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
    if span is None:
        return Hours(calendar, None, named or None)
    return Hours(WorkingCalendar(calendar.name, calendar.zone, ((span,),) * 7), words, named or None)


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
    return plain if read_span(plain) else None
