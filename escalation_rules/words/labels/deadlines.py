"""Renders durations and deadlines in words, with the calendar if one is named."""

from __future__ import annotations

from datetime import timedelta

from escalation_rules.calendar import Deadline, Duration, StartOf
from escalation_rules.words.catalogue import say
from escalation_rules.words.labels.formats import Formats, Span

_SECONDS_READ = 120
"""How many seconds people read as such."""


def length_said(length: Duration | timedelta, language: str, formats: Formats) -> str:
    """`2 days`, `2 working days (calendar depot)`."""
    calendar = length.calendar if isinstance(length, Duration) else None
    return in_calendar(calendar, formats.span(Span.of(length)), language)


def start_said(start: StartOf, language: str) -> str:
    """`this month`, `this month (calendar depot)`."""
    return in_calendar(start.calendar, say(f"start.{start.unit}", language), language)


def value_said(length: timedelta, language: str, formats: Formats) -> str:
    """The value of a fact: in one unit as people write it (`90 minutes`), or in several (`2 hours 1 second`)."""
    span = Span.of(length)
    if span.unit != "second" or span.amount <= _SECONDS_READ:
        return formats.span(span)
    return say("format.between_lengths", language).join(map(formats.span, Span.split(length)))


def deadline_said(deadline: Deadline, anchor: str | None, language: str, formats: Formats) -> str:
    """`within 2 days of “opened”`, `2 days before “departs”`, `by “departs”`; `anchor` describes the start, if given."""
    if deadline.at_instant:
        return say("deadline.by_of", language, anchor=anchor) if anchor else say("deadline.by", language)
    if deadline.length is None:
        day = say("deadline.day_of", language, anchor=anchor) if anchor else say("deadline.day", language)
        return in_calendar(deadline.calendar, day, language)
    span = length_said(deadline.length, language, formats)
    key = "deadline.before" if deadline.before else "deadline"
    time = (
        say(f"{key}.of", language, span=span, anchor=anchor)
        if anchor
        else say(f"{key}.alone", language, span=span)
    )
    return (
        in_calendar(deadline.calendar, say("deadline.moved", language, time=time), language)
        if deadline.moved
        else time
    )


def in_calendar(calendar: str | None, time: str, language: str) -> str:
    """A time, with its calendar if one is named."""
    return time if calendar is None else say("hours.place", language, value=time, name=calendar)
