"""Until when something is to be done, in words."""

from __future__ import annotations

from escalation_rules.calendar import Deadline
from escalation_rules.words.labels.formats import Formats, Span
from escalation_rules.words.labels.phrases import text

TIMES = {
    "of": text("within {span} of {anchor}", "自{anchor}起 {span}內", "自{anchor}起{span}内"),
    "alone": text("within {span}", "{span}內", "{span}内"),
    "day_of": text(
        "by the end of the working day of {anchor}", "{anchor}當個工作天結束前", "{anchor}当个工作日结束前"
    ),
    "day": text("by the end of the working day", "當個工作天結束前", "当个工作日结束前"),
    "moved": text(
        "{time} (if that ends on a day off, by the end of the next working day)",
        "{time}（末日非工作天則順延至次一工作天）",
        "{time}（末日非工作日则顺延至下一工作日）",
    ),
}


def deadline_said(deadline: Deadline, anchor: str | None, language: str, formats: Formats) -> str:
    """`within 2 days of “opened”`; `anchor` is what it counts from, in words, if that is told."""

    def say(name: str, **slots: str) -> str:
        return TIMES[name].in_language(language).format(**slots)

    if deadline.length is None:
        return say("day_of", anchor=anchor) if anchor else say("day")
    span = formats.span(Span.of(deadline.length))
    time = say("of", span=span, anchor=anchor) if anchor else say("alone", span=span)
    return say("moved", time=time) if deadline.moved else time
