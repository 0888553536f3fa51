"""Base classes of operators, by the form of their operand.

The forms are:

- a literal; a list of literals;
- a literal, a value that is worked out, or the name of another fact or field;
- only the name of another fact or field;
- a duration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self

import attrs

from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import (
    Literal,
    Operand,
    Other,
    PerCurrency,
    read_literal,
    read_literal_or_computed,
    read_name,
    read_operand,
    read_shifted,
    written,
    written_in,
)
from escalation_rules.policy.conditions.operator import (
    Forms,
    Listed,
    Operator,
    Schema,
    Slot,
    Thresholds,
)
from escalation_rules.policy.conditions.relations import EQUAL, UNEQUAL, Relation
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.source import Node, Scalar, Sequence
from escalation_rules.values import ORDERED, Level, Party, Value, ValueType


def equal(left: Value, right: Value) -> Truth:
    """Equality of two values of the same type. A party equals a role if it has that role."""
    if isinstance(left, Party) and isinstance(right, Party):
        return None if left.role is None else left.role == right.role
    return left == right


Reader = Callable[[Context, Node, ValueType], Operand | None]
"""Reads an operand for a type; returns None after reporting a problem."""


@attrs.frozen
class OneOperand(Operator):
    """An operator with one operand, a literal or a worked-out value.

    `relation` describes the comparison, if that is a complete description.
    """

    operand: Operand
    relation: ClassVar[Relation | None] = None
    reader: ClassVar[Reader] = staticmethod(read_literal_or_computed)

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        operand = cls.reader(context, node, of)
        return None if operand is None else cls(operand)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"anyOf": [forms.literal, *forms.computed]} if forms.computed else forms.literal

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.operand.undecided(situation, records)

    def to_data(self) -> object:
        return self.operand.to_data()

    def slots(self) -> Mapping[str, Slot]:
        return {"value": self.operand}

    @property
    def by_value(self) -> bool:
        return isinstance(self.operand, Literal)

    def names(self) -> Iterator[Name]:
        if isinstance(self.operand, (Other, Shifted)):
            yield self.operand.name

    def values(self) -> Iterator[StatedValue]:
        if isinstance(self.operand, StatedValue):
            yield self.operand

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        other = self.operand.get(situation, records)
        return None if other is None else self.compare(value, other)

    def compare(self, value: Value, other: Value) -> Truth:
        """The test with a known operand."""
        if self.relation is None:
            raise NotImplementedError(f"{type(self).__name__} has neither a relation nor a comparison")
        return bool(self.relation.between(value, other))

    @property
    def itself(self) -> bool | None:
        return None if self.relation is None else not self.relation.strict

    def thresholds(self) -> Thresholds | None:
        if self.relation is None or not isinstance(self.operand, (Literal, PerCurrency)):
            return None
        return Thresholds((self.operand,))

    def listed(self) -> Listed | None:
        if self.relation not in (EQUAL, UNEQUAL) or not isinstance(self.operand, Literal):
            return None
        return Listed(frozenset((self.operand.value,)), wanted=self.relation is EQUAL)


@attrs.frozen
class OtherName(OneOperand):
    """An operator whose operand is the name of another fact or field."""

    reader: ClassVar[Reader] = staticmethod(read_name)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.name


@attrs.frozen
class OtherInstant(OneOperand):
    """An operator whose operand is another instant, optionally with an offset."""

    relation: ClassVar[Relation]
    reader: ClassVar[Reader] = staticmethod(read_shifted)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"anyOf": [forms.name, forms.shifted]}

    @property
    def itself(self) -> bool | None:
        if isinstance(self.operand, Shifted):
            return self.operand.later is not self.relation.upward
        return super().itself


@attrs.frozen
class Ordering(OneOperand):
    """A comparison by order, with a literal, a worked-out value, or another fact or field. Levels compare by rank.

    `nearest` is the operator that differs only at the bound itself.
    """

    levels: tuple[str, ...] = ()
    kinds = ORDERED
    of_totals = True
    relation: ClassVar[Relation]
    nearest: ClassVar[type[Ordering]]

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        operand = read_operand(context, node, of)
        return None if operand is None else cls(operand, of.names if isinstance(of, Level) else ())

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"anyOf": [forms.literal, *forms.computed, forms.dotted]}

    def rank(self, value: Value) -> Any:
        """The value used in comparisons."""
        return self.levels.index(str(value)) if self.levels else value

    def compare(self, value: Value, other: Value) -> Truth:
        return bool(self.relation.between(self.rank(value), self.rank(other)))

    def implies(self, other: Operator) -> bool:
        if (
            self == other
            or not isinstance(other, Ordering)
            or other.relation.upward is not self.relation.upward
        ):
            return self == other
        mine = written(self.operand)
        return bool(mine) and all(self._within(value, other, currency) for currency, value in mine)

    def _within(self, value: Value, other: Ordering, currency: str | None) -> bool:
        bound = written_in(other.operand, currency)
        if bound is None:
            return False
        return other.compare(value, bound) is True or (self.relation.strict and value == bound)


@attrs.frozen
class SeveralOperands(Operator):
    """An operator with a list of literals."""

    operands: tuple[Operand, ...]

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        if not isinstance(node, Sequence) or not node.items:
            context.error("wrong-form", node, f"`{cls.key}` needs a list of values", "a list such as [a, b]")
            return None
        operands = [read_literal(context, entry, of) for entry in node.items]
        known = tuple(operand for operand in operands if operand is not None)
        return cls(known) if len(known) == len(operands) else None

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"type": "array", "items": forms.literal, "minItems": 1}

    def to_data(self) -> object:
        return [operand.to_data() for operand in self.operands]

    def slots(self) -> Mapping[str, Slot]:
        return {"values": self.operands}

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return next(filter(None, (operand.undecided(situation, records) for operand in self.operands)), ())

    @property
    def by_value(self) -> bool:
        return all(isinstance(operand, Literal) for operand in self.operands)


def read_flag(context: Context, node: Node, key: str) -> bool | None:
    """Read the operand of an operator that takes true or false."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    context.error("wrong-value", node, f"`{key}` must be true or false", "true or false")
    return None
