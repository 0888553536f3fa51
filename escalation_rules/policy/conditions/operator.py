"""What every operator of a test on one value says of itself, so that nothing else needs a list of operators."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar, Self

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth, latest
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.hours import Hours
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import Literal, Operand, PerCurrency
from escalation_rules.source import Node
from escalation_rules.values import VALUE_TYPES, Kind, References, Value, ValueType

EVERY_KIND: frozenset[Kind] = frozenset(each.kind for each in VALUE_TYPES if each is not References)
Schema = dict[str, object]
Slot = Operand | tuple[Operand, ...] | tuple[str, ...] | Duration | timedelta | Hours
"""What a phrase can be filled with: operands, words, a length of time, hours of the day."""


@attrs.frozen
class Forms:
    """The JSON Schemas that an operand may be made of, for the type tested and the place where the test stands.

    A literal; the name of another fact or field of that type (`dotted`: one with a dot, as it must be where a bare word
    is a literal); a length of time (`elapsed`: one that is no working time), or one before or after a name (`shifted`); hours of
    the day.
    """

    literal: Schema
    name: Schema
    dotted: Schema
    duration: Schema
    elapsed: Schema
    shifted: Schema
    hours: Schema


@attrs.frozen
class Listed:
    """Values of which one has to be equal to the value tested, or (not `wanted`) none."""

    values: frozenset[Value]
    wanted: bool


@attrs.frozen
class Thresholds:
    """Where a test changes; between these values it is constant.

    `operands` are values that the policy writes, `offsets` lengths of time from now, `words` what a text may hold.
    """

    operands: tuple[Literal | PerCurrency, ...] = ()
    offsets: tuple[timedelta, ...] = ()
    words: tuple[str, ...] = ()


@attrs.frozen
class Operator(ABC):
    """One test on a known value. `key` is its word in YAML, `kinds` the types it applies to, `doc` its doc line.

    `meant_by` are words that other tools have for it, so that messages can name it. `of_totals`: it may test a count or
    a sum. `by_length`: it compares the time between an instant and now with a length of time.
    """

    key: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    doc: ClassVar[str]
    example: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()
    of_totals: ClassVar[bool] = False
    by_length: ClassVar[bool] = False
    contrary: ClassVar[type[Operator] | None] = None
    """The operator with the same operand that holds of exactly the known values of which this one does not."""

    @classmethod
    @abstractmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        """The operator with the operand in `node`, for values of type `of`; None if a problem was reported."""

    @classmethod
    @abstractmethod
    def schema(cls, forms: Forms) -> Schema:
        """The JSON Schema of the operand, made of the forms that it may have."""

    @abstractmethod
    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        """Whether `value` passes; None while the operand is unknown."""

    @abstractmethod
    def to_data(self) -> object:
        """The operand in its YAML form."""

    @property
    def by_value(self) -> bool:
        """Whether the value alone decides: no other fact, no currency, no instant."""
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
        """Since when the passing of time, and the operand, have made the test of this value come out as it does."""
        flips = (each for each in self.flips(value, situation, records) if each <= situation.at)
        return latest((*flips, *(name.since(situation, records) for name in self.names())))

    def names(self) -> Iterator[Name]:
        """The facts and fields that the operand is taken from."""
        return iter(())

    def split(self) -> tuple[Operator, ...]:
        """The tests that together say the same, of which each goes in one direction."""
        return (self,)

    def implies(self, other: Operator) -> bool:
        """Whether every value that passes this one passes `other`; False also where that cannot be told."""
        return self == other

    def opposite(self, of: ValueType) -> Operator | None:
        """The test that holds of exactly the known values of type `of` of which this one does not, if there is one."""
        kind = vars(type(self)).get("contrary")  # not inherited: a subclass tests something else
        return None if kind is None else kind(*attrs.astuple(self, recurse=False))

    def thresholds(self) -> Thresholds | None:
        """Where the test changes; None if that cannot be listed. Lint concludes nothing from such a test."""
        return None

    def listed(self) -> Listed | None:
        """The values that the test lists; None if it does more than look into a list of values."""
        return None

    def phrase(self, of: ValueType) -> str:
        """The key of the phrase for the test of a value of type `of`."""
        return self.key

    @abstractmethod
    def slots(self) -> Mapping[str, Slot]:
        """What stands in the slots of the phrase."""

    @property
    def itself(self) -> bool | None:
        """The result where a value is compared with itself; None if this cannot be said."""
        return None

    @property
    def joint(self) -> str:
        """The word between the last two of several values in the phrase."""
        return "or"


def contraries(one: type[Operator], other: type[Operator]) -> None:
    """Each of two operators with the same operand holds of exactly the known values of which the other does not."""
    one.contrary, other.contrary = other, one
