"""Until when something is to be done, in words."""

from __future__ import annotations

from escalation_rules.calendar import Deadline
from escalation_rules.words.catalogue import say
from escalation_rules.words.labels.formats import Formats, Span


def deadline_said(deadline: Deadline, anchor: str | None, language: str, formats: Formats) -> str:
    """`within 2 days of “opened”`; `anchor` is what it counts from, in words, if that is told."""
    if deadline.length is None:
        return say("deadline.day_of", language, anchor=anchor) if anchor else say("deadline.day", language)
    span = formats.span(Span.of(deadline.length))
    time = (
        say("deadline.of", language, span=span, anchor=anchor)
        if anchor
        else say("deadline.alone", language, span=span)
    )
    return say("deadline.moved", language, time=time) if deadline.moved else time
