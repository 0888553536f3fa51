"""The interface of operators. Each operator describes itself, so that no other module needs a list of operators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Self

import attrs

from escalation_rules.calendar import Deadline, Duration, StartOf
from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth, latest
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.hours import Hours
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import Literal, Operand, PerCurrency
from escalation_rules.source import Node
from escalation_rules.values import VALUE_TYPES, Kind, References, Value, ValueType

EVERY_KIND: frozenset[Kind] = frozenset(
    value_type.kind for value_type in VALUE_TYPES if value_type is not References
)
Schema = dict[str, object]
Slot = Operand | tuple[Operand, ...] | tuple[str, ...] | Duration | StartOf | Deadline | timedelta | Hours
"""What fills a slot of a phrase: operands, words, a duration, hours of the day."""


@attrs.frozen
class Forms:
    """The JSON Schemas of operands, for the tested type and the place of the test.

    They are: a literal; a value that is worked out (`computed`); the name of another fact or field of that
    type (`dotted`: with a dot, where a bare word would be a literal); a duration (`elapsed`: not working
    time; `age`: or the start of a period), a time limit (`deadline`), or one before or after a name (`shifted`);
    hours of the day.
    """

    literal: Schema
    computed: tuple[Schema, ...]
    name: Schema
    dotted: Schema
    duration: Schema
    elapsed: Schema
    age: Schema
    deadline: Schema
    shifted: Schema
    hours: Schema


@attrs.frozen
class Listed:
    """A list of values, one of which the tested value must equal (or none, if not `wanted`)."""

    values: frozenset[Value]
    wanted: bool


@attrs.frozen
class Thresholds:
    """The values at which a test changes; between them it is constant.

    `operands` are values written in the policy, `offsets` durations from now, `words` words in a text.
    """

    operands: tuple[Literal | PerCurrency, ...] = ()
    offsets: tuple[timedelta, ...] = ()
    words: tuple[str, ...] = ()


@attrs.frozen
class Operator(ABC):
    """A test on a known value. `key` is its YAML keyword, `kinds` the types that it applies to, `doc` its
    line in the documentation.

    `meant_by` are equivalent words of other tools, for messages. `of_totals`: it may test a count or a sum.
    `by_length`: it compares the time between an instant and now with a duration, which may be `in_months`.
    """

    key: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    doc: ClassVar[str]
    example: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()
    of_totals: ClassVar[bool] = False
    by_length: ClassVar[bool] = False
    in_months: ClassVar[bool] = False
    contrary: ClassVar[type[Operator] | None] = None
    """The operator with the same operand that holds for exactly the known values for which this one does not."""

    @classmethod
    @abstractmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        """Read the operator with the operand in `node`, for values of type `of`; None after reporting a problem."""

    @classmethod
    @abstractmethod
    def schema(cls, forms: Forms) -> Schema:
        """The JSON Schema of the operand."""

    @abstractmethod
    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        """Whether `value` passes; None if the operand is unknown."""

    @abstractmethod
    def to_data(self) -> object:
        """The operand in its YAML form."""

    @property
    def by_value(self) -> bool:
        """Whether the result depends on the value alone: on no other fact, currency or instant."""
        return False

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out to know the operand."""
        return ()

    def flips(self, value: Value, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants at which the test of this value may change."""
        return iter(())

    @property
    def timed(self) -> bool:
        """Whether the test may ever change by time alone."""
        return type(self).flips is not Operator.flips

    def since(self, value: Value, situation: Situation, records: Records) -> datetime | None:
        """Since when the test of this value has had its truth, considering time and the operand."""
        flips = (flip for flip in self.flips(value, situation, records) if flip <= situation.at)
        return latest((*flips, *(name.since(situation, records) for name in self.names())))

    def names(self) -> Iterator[Name]:
        """The facts and fields used as operand."""
        return iter(())

    def values(self) -> Iterator[StatedValue]:
        """The worked-out values used as operand. What they read is not among `names`."""
        return iter(())

    def split(self) -> tuple[Operator, ...]:
        """Equivalent tests that must all hold, each a bound in one direction."""
        return (self,)

    def implies(self, other: Operator) -> bool:
        """Whether every value that passes this test passes `other`; False also if this cannot be determined."""
        return self == other

    def opposite(self, of: ValueType) -> Operator | None:
        """The test that holds for exactly the known values of type `of` for which this one does not, or None."""
        kind = vars(type(self)).get("contrary")  # not inherited: a subclass may test something else
        return None if kind is None else kind(*attrs.astuple(self, recurse=False))

    def thresholds(self) -> Thresholds | None:
        """Where the test changes; None if this cannot be listed. Lint then draws no conclusions from the test."""
        return None

    def listed(self) -> Listed | None:
        """The values that the test lists; None if it is not a simple list of values."""
        return None

    def phrase(self, of: ValueType) -> str:
        """The key of the phrase for testing a value of type `of`."""
        return self.key

    @abstractmethod
    def slots(self) -> Mapping[str, Slot]:
        """The contents of the phrase's slots."""

    @property
    def itself(self) -> bool | None:
        """The result of comparing a value with itself; None if this depends on the value."""
        return None

    @property
    def joint(self) -> str:
        """The word between the last two of several values in the phrase."""
        return "or"


def contraries(one: type[Operator], other: type[Operator]) -> None:
    """Declare two operators, with equal operands, as opposites of each other."""
    one.contrary, other.contrary = other, one
