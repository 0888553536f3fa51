"""Tests on the time of day: working time, or hours that are the same every day; of an instant, and of now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, Self

import attrs

from escalation_rules.calendar import WorkingCalendar, read_span
from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation, Truth
from escalation_rules.policy.conditions.context import Context, describe, part
from escalation_rules.policy.conditions.operator import Forms, Operator, Schema
from escalation_rules.source import Node, Scalar
from escalation_rules.values import Kind, Value, ValueType

WORKING_TIME = "working time"
EXPECTED = "`working time`, or hours such as 23:00-07:00"


@attrs.frozen
class Hours:
    """Hours of the day: `span` (working time if None) of the calendar called `named` (None: the default one).

    `calendar` has these hours as its own.
    """

    calendar: WorkingCalendar
    span: str | None
    named: str | None

    def hold(self, moment: datetime) -> bool:
        """Whether the instant lies in them."""
        try:
            return self.calendar.is_open(moment)
        except OverflowError:  # the first or last day of all
            return False

    def __str__(self) -> str:
        """The form in which they are written."""
        place = "" if self.named is None else f" in {self.named}"
        return f"{self.span or WORKING_TIME}{place}"


def read_hours(context: Context, node: Node) -> Hours | None:
    """`working time` or `23:00-07:00`, with `in CALENDAR` or by the default one; None if a problem was reported."""
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
    """`23:00 to 07:00` and the like, as it is written; None if it is none of them."""
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


@attrs.frozen
class During(Operator):
    """An instant at a time of day."""

    hours: Hours
    key = "during"
    kinds: ClassVar[frozenset[Kind]] = frozenset(("instant",))
    doc = "the instant lies in `working time`, or in these hours of a day, in the zone of the calendar (`in CALENDAR`: of that)"
    example = "{during: 23:00-07:00}"
    meant_by = ("time_of_day", "hours", "at_time")

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        hours = read_hours(context, node)
        return None if hours is None else cls(hours)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.hours

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return isinstance(value, datetime) and self.hours.hold(value)

    def to_data(self) -> object:
        return str(self.hours)


@attrs.frozen
class DuringTest(Condition):
    """Whether it is now such a time of day."""

    head: ClassVar[str] = "during"
    doc: ClassVar[str] = (
        "it is now `working time`, or one of these hours of a day, in the zone of the calendar"
    )
    example: ClassVar[str] = "{during: working time in shanghai}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "time_of_day", "business_hours", "office_hours", "working_hours", "working_time", "time", "hours", "now", "at_time"
    )  # fmt: skip
    hours: Hours

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return self.hours.hold(situation.at)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return ()

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        change = self.hours.calendar.next_change(situation.at)
        if change is not None:  # the one after it is found when that is looked at
            yield change

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return self.hours.calendar.last_change(situation.at)

    def parts(self) -> Sequence[Condition]:
        return ()

    def to_data(self) -> dict[str, object]:
        return {self.head: str(self.hours)}


DAYTIMES: tuple[type[Operator], ...] = (During,)


def read_during(context: Context, key: Scalar, node: Node) -> Condition | None:
    """The entry `during: …` of a condition."""
    hours = read_hours(context, node)
    return None if hours is None else DuringTest(hours, position=key.position)
