"""Tests on the time of day or of the year, of an instant or of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Self

import attrs

from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation, Truth
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.hours import Hours, read_hours
from escalation_rules.policy.conditions.operator import Forms, Operator, Schema, Slot
from escalation_rules.source import Node, Scalar
from escalation_rules.values import Kind, Value, ValueType


@attrs.frozen
class During(Operator):
    """Whether an instant is in some hours of the day."""

    hours: Hours
    key = "during"
    kinds: ClassVar[frozenset[Kind]] = frozenset(("instant",))
    doc = (
        "the instant lies in `working time`, in these hours of a day, on these days of a week (`sat-sun`), or on these dates "
        "of a year (`1 November to 31 March`, both included), in the zone of the calendar (`in CALENDAR`: of that)"
    )
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

    def slots(self) -> Mapping[str, Slot]:
        return {"value": self.hours}


@attrs.frozen
class DuringTest(Condition):
    """Whether now is in some hours of the day."""

    head: ClassVar[str] = "during"
    doc: ClassVar[str] = (
        "it is now `working time`, one of these hours of a day, one of these days of a week (`sat-sun`), or one of these dates "
        "of a year, in the zone of the calendar"
    )
    example: ClassVar[str] = "{during: 20 December to 6 January}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "time_of_day", "business_hours", "office_hours", "working_hours", "working_time", "time", "hours", "now", "at_time"
    )  # fmt: skip
    by_hour: ClassVar[bool] = True
    hours: Hours

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return self.hours.hold(situation.at)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return ()

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        change = self.hours.calendar.next_change(situation.at)
        if change is not None:  # the next change is found when this one is evaluated
            yield change

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return self.hours.calendar.last_change(situation.at)

    def parts(self) -> Sequence[Condition]:
        return ()

    def to_data(self) -> dict[str, object]:
        return {self.head: str(self.hours)}


DAYTIMES: tuple[type[Operator], ...] = (During,)


def read_during(context: Context, key: Scalar, node: Node) -> Condition | None:
    """Read the entry `during: …` of a condition."""
    hours = read_hours(context, node)
    return None if hours is None else DuringTest(hours, position=key.position)
