"""The operators that compare an instant with `at` or with another instant, and when they flip."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Self

import attrs

from escalation_rules.calendar import Deadline, Duration, StartOf
from escalation_rules.calendar.periods import WITHIN
from escalation_rules.policy.conditions.condition import Records, Situation, Truth
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.forms import OtherInstant, read_flag
from escalation_rules.policy.conditions.operator import (
    Forms,
    Operator,
    Schema,
    Slot,
    Thresholds,
    contraries,
)
from escalation_rules.policy.conditions.reading_deadlines import read_time_limit
from escalation_rules.policy.conditions.relations import ABOVE, BELOW
from escalation_rules.source import Node, Sequence
from escalation_rules.values import Kind, Value, ValueType

INSTANTS: frozenset[Kind] = frozenset(("instant",))
_WORKING_MINUTES = {"working_minute": 1, "working_hour": 60}


def no_shorter(one: Duration | StartOf, other: Duration | StartOf) -> bool:
    """Whether `one` certainly never ends before `other`; False if this depends on the calendar."""
    if isinstance(one, StartOf) or isinstance(other, StartOf):
        alike = isinstance(one, StartOf) and isinstance(other, StartOf) and one.calendar == other.calendar
        return alike and other.unit in WITHIN[one.unit]
    if one.is_elapsed and other.is_elapsed:
        return one.as_timedelta() >= other.as_timedelta()
    if one.calendar != other.calendar:
        return False
    if one.unit == other.unit:
        return one.amount >= other.amount
    units = [_WORKING_MINUTES.get(length.unit) for length in (one, other)]
    return None not in units and one.amount * (units[0] or 0) >= other.amount * (units[1] or 0)


@attrs.frozen
class After(OtherInstant):
    """Later than another instant, optionally with an offset."""

    key = "after"
    kinds = INSTANTS
    doc = "is later than another instant, or than a length of time after it (or before it)"
    example = "{after: 30 minutes after promise.due_at}"
    meant_by = ("later_than", "later")
    relation = ABOVE


@attrs.frozen
class Before(OtherInstant):
    """Earlier than another instant, optionally with an offset."""

    key = "before"
    kinds = INSTANTS
    doc = "is earlier than another instant, or than a length of time before it (or after it)"
    example = "{before: 1 day before customer.needed_by}"
    meant_by = ("earlier_than", "earlier")
    relation = BELOW


@attrs.frozen
class Passed(Operator):
    """Whether an instant is past."""

    wanted: bool
    key = "passed"
    kinds = INSTANTS
    doc = "the instant has come (true) or not (false); also written `passed` and `not passed`"
    example = "passed"
    meant_by = ("past", "expired", "is_over")

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        wanted = read_flag(context, node, cls.key)
        return None if wanted is None else cls(wanted)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"type": "boolean"}

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return isinstance(value, datetime) and (situation.at >= value) is self.wanted

    def flips(self, value: Value, situation: Situation, records: Records) -> Iterator[datetime]:
        if isinstance(value, datetime):
            yield value

    def to_data(self) -> object:
        return self.wanted

    def opposite(self, of: ValueType) -> Operator:
        return Passed(not self.wanted)

    def thresholds(self) -> Thresholds:
        return Thresholds(offsets=(timedelta(),))

    def phrase(self, of: ValueType) -> str:
        return self.key if self.wanted else f"not_{self.key}"

    def slots(self) -> Mapping[str, Slot]:
        return {}


@attrs.frozen
class Since(Operator):
    """A test of the time since an instant."""

    kinds = INSTANTS
    by_length = True
    in_months = True

    @abstractmethod
    def end(self, start: datetime, situation: Situation) -> datetime | None:
        """When the time is over that begins at `start`. None if that is beyond the calendar."""

    def reached(self, value: Value, situation: Situation) -> bool:
        """Whether the time since `value` is over. Never true if its end is beyond the calendar."""
        end = self.end(value, situation) if isinstance(value, datetime) else None
        return end is not None and situation.at >= end

    def flips(self, value: Value, situation: Situation, records: Records) -> Iterator[datetime]:
        end = self.end(value, situation) if isinstance(value, datetime) else None
        if end is not None:
            yield end


@attrs.frozen
class Elapsed(Since):
    """A test of the elapsed or working time since an instant, or of the period that it lies in."""

    duration: Duration | StartOf
    key_of_period: ClassVar[str]

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        duration = context.age(node)
        return None if duration is None else cls(duration)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.age

    def to_data(self) -> object:
        return str(self.duration)

    def slots(self) -> Mapping[str, Slot]:
        return {"value": self.duration}

    def phrase(self, of: ValueType) -> str:
        return self.key if isinstance(self.duration, Duration) else self.key_of_period

    def end(self, start: datetime, situation: Situation) -> datetime | None:
        return situation.interval_after(start, self.duration)

    def thresholds(self) -> Thresholds | None:
        if isinstance(self.duration, StartOf) or not self.duration.is_elapsed:
            return None  # depends on the calendar
        return Thresholds(offsets=(-self.duration.as_timedelta(),))


@attrs.frozen
class OlderThan(Elapsed):
    """The time has passed since the instant."""

    key = "older_than"
    key_of_period = "older_than_start"
    doc = (
        "this much time has passed since the instant (holds from instant + time on); with `start of the month`, the instant "
        "lies in an earlier month"
    )
    example = "{older_than: 3 days}"
    meant_by = ("older", "over", "more_than", "longer_than", "more_than_ago", "ago", "since", "age")

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return self.reached(value, situation)

    def implies(self, other: Operator) -> bool:
        return isinstance(other, OlderThan) and no_shorter(self.duration, other.duration)


@attrs.frozen
class NewerThan(Elapsed):
    """The complement of `older_than`."""

    key = "newer_than"
    key_of_period = "newer_than_start"
    doc = (
        "less time than this has passed since the instant, or it is still to come; with `start of the month`, it does not lie "
        "in an earlier month"
    )
    example = "{newer_than: 24 hours}"
    meant_by = ("newer", "younger_than", "within", "in_last", "within_last", "last", "less_than", "recent")

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return not self.reached(value, situation)

    def implies(self, other: Operator) -> bool:
        return isinstance(other, NewerThan) and no_shorter(other.duration, self.duration)


def _length(age: Duration | StartOf) -> Duration | None:
    return age if isinstance(age, Duration) else None


@attrs.frozen
class OverdueAfter(Since):
    """A deadline that counts from the instant has passed."""

    deadline: Deadline
    key = "overdue_after"
    doc = (
        "a deadline `within` this time of the instant has passed (of working days: at closing time); pauses and holds of the "
        "step do not move it"
    )
    example = "{overdue_after: 2 working days}"
    meant_by = (
        "overdue",
        "overdue_since",
        "deadline_passed",
        "deadline_missed",
        "missed",
        "late_after",
        "past_due",
    )

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        deadline = read_time_limit(context, node)
        return None if deadline is None else cls(deadline)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.deadline

    def to_data(self) -> object:
        return str(self.deadline)

    def slots(self) -> Mapping[str, Slot]:
        return {"value": self.deadline}

    def phrase(self, of: ValueType) -> str:
        return self.key if self._alone is not None else "overdue_after_dated"

    def end(self, start: datetime, situation: Situation) -> datetime | None:
        return situation.deadline_after(start, self.deadline)

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return self.reached(value, situation)

    def implies(self, other: Operator) -> bool:
        if isinstance(other, OverdueAfter):
            other_length = other._alone
        else:
            elapsed = isinstance(other, OlderThan) and self.deadline.is_elapsed
            other_length = _length(other.duration) if elapsed and isinstance(other, OlderThan) else None
        if self._alone is None or other_length is None:
            return self == other
        return no_shorter(self._alone, other_length)

    def thresholds(self) -> Thresholds | None:
        if not self.deadline.is_elapsed:
            return None  # depends on the calendar
        return Thresholds(offsets=(-self.deadline.as_timedelta(),))

    @property
    def _alone(self) -> Duration | None:
        """Its length of time, if it is nothing else."""
        return None if self.deadline.moved else self.deadline.length


@attrs.frozen
class ElapsedBetween(Operator):
    """A time window after an instant."""

    start: OlderThan
    end: OlderThan
    key = "elapsed_between"
    kinds = INSTANTS
    doc = "the first length of time has passed since the instant, and the second has not"
    example = "{elapsed_between: [2 days, 5 days]}"

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            context.error(
                "wrong-form", node, "`elapsed_between` needs two lengths of time", "e.g. [2 days, 5 days]"
            )
            return None
        start, end = (context.duration(entry) for entry in node.items)
        return cls(OlderThan(start), OlderThan(end)) if start and end else None

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"type": "array", "items": forms.duration, "minItems": 2, "maxItems": 2}

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return self.start.reached(value, situation) and not self.end.reached(value, situation)

    def flips(self, value: Value, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.start.flips(value, situation, records)
        yield from self.end.flips(value, situation, records)

    def split(self) -> tuple[Operator, ...]:
        return (self.start, NewerThan(self.end.duration))

    def to_data(self) -> object:
        return [self.start.to_data(), self.end.to_data()]

    def thresholds(self) -> Thresholds | None:
        start, end = self.start.thresholds(), self.end.thresholds()
        return Thresholds(offsets=start.offsets + end.offsets) if start and end else None

    def slots(self) -> Mapping[str, Slot]:
        return {"low": self.start.duration, "high": self.end.duration}


@attrs.frozen
class ComingWithin(Operator):
    """An instant in the near future."""

    ahead: timedelta
    key = "coming_within"
    kinds = INSTANTS
    doc = "the instant is still to come, and at most this far away"
    example = "{coming_within: 24 hours}"
    meant_by = ("within", "in_next", "within_next", "next", "upcoming", "due_in", "due_within")
    by_length = True

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        ahead = context.plain_duration(node)
        return None if ahead is None else cls(ahead)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.elapsed

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return isinstance(value, datetime) and timedelta() < value - situation.at <= self.ahead

    def flips(self, value: Value, situation: Situation, records: Records) -> Iterator[datetime]:
        if isinstance(value, datetime):
            if value - datetime.min.replace(tzinfo=value.tzinfo) > self.ahead:
                yield value - self.ahead
            yield value

    def implies(self, other: Operator) -> bool:
        return isinstance(other, ComingWithin) and self.ahead <= other.ahead

    def to_data(self) -> object:
        return str(Duration.of(self.ahead))

    def thresholds(self) -> Thresholds:
        return Thresholds(offsets=(timedelta(), self.ahead))

    def slots(self) -> Mapping[str, Slot]:
        return {"value": self.ahead}


contraries(OlderThan, NewerThan)

TIMINGS: tuple[type[Operator], ...] = (
    After,
    Before,
    Passed,
    OlderThan,
    NewerThan,
    OverdueAfter,
    ElapsedBetween,
    ComingWithin,
)
