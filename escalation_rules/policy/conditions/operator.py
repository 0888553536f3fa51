"""What every operator of a test on one value is: its YAML form, JSON Schema, three-valued test and doc line in one class."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar, Self

import attrs

from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth, latest
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.names import Name
from escalation_rules.source import Node
from escalation_rules.values import Kind, Value, ValueType

EVERY_KIND: frozenset[Kind] = frozenset(
    ("flag", "count", "amount", "choice", "level", "text", "instant", "duration", "party", "reference")
)
ORDERED: frozenset[Kind] = frozenset(("count", "amount", "level", "instant", "duration"))
Schema = dict[str, object]


@attrs.frozen
class Forms:
    """The JSON Schemas that an operand may be made of, for the type tested and the place where the test stands.

    A literal; the name of another fact or field of that type (`dotted`: one with a dot, as it must be where a bare word
    is a literal); a length of time (`elapsed`: one that is no working time); hours of the day.
    """

    literal: Schema
    name: Schema
    dotted: Schema
    duration: Schema
    elapsed: Schema
    hours: Schema


@attrs.frozen
class Operator(ABC):
    """One test on a known value. `key` is its word in YAML, `kinds` the types it applies to, `doc` its doc line.

    `meant_by` are words that other tools have for it, so that messages can name it.
    """

    key: ClassVar[str]
    kinds: ClassVar[frozenset[Kind]]
    doc: ClassVar[str]
    example: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()

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
