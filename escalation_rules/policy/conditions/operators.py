"""The comparison operators. Each defines everything that reading, lint, wording and the schema need.

To add an operator, add a class to `COMPARISONS` here, or to the list in `timing` or `during`, and its
phrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Self

import attrs

from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth, either, opposite
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.forms import OneOperand, Ordering, OtherName, SeveralOperands, equal
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import Literal, Operand, PerCurrency, written, written_in
from escalation_rules.policy.conditions.operator import (
    EVERY_KIND,
    Forms,
    Listed,
    Operator,
    Schema,
    Slot,
    Thresholds,
    contraries,
)
from escalation_rules.policy.conditions.relations import ABOVE, AT_LEAST, AT_MOST, BELOW, EQUAL, UNEQUAL
from escalation_rules.policy.conditions.words import folded, holds_word
from escalation_rules.source import Node, Sequence, one_or_more
from escalation_rules.values import ORDERED, Party, Value, ValueType


@attrs.frozen
class Equals(OneOperand):
    """Equality; also written as a bare value."""

    key = "equals"
    kinds = EVERY_KIND
    doc = "is this value (also written without an operator: `open: true`); a party: has this role"
    example = "{equals: good}"
    of_totals = True
    relation = EQUAL
    meant_by = ("equal", "equal_to", "eq", "is", "=", "==")

    def compare(self, value: Value, other: Value) -> Truth:
        return equal(value, other)

    def opposite(self, of: ValueType) -> Operator | None:
        if of.kind == "flag":
            return Equals(Literal(self.to_data() is not True))
        return IsNot(self.operand)

    def phrase(self, of: ValueType) -> str:
        return self.key if of.kind != "flag" else "true" if self.to_data() is True else "false"

    def implies(self, other: Operator) -> bool:
        return self == other or _all_pass((self.operand,), other)


@attrs.frozen
class IsNot(OneOperand):
    """Inequality."""

    key = "is_not"
    kinds = EVERY_KIND
    doc = "is known and is not this value"
    example = "{is_not: bad}"
    relation = UNEQUAL
    meant_by = (
        "not", "not_equal", "not_equals", "not_equal_to", "unequal", "ne", "neq", "other_than", "!=", "<>", "≠"
    )  # fmt: skip

    def compare(self, value: Value, other: Value) -> Truth:
        return opposite(equal(value, other))

    def implies(self, other: Operator) -> bool:
        return _all_excluded((self.operand,), other)


@attrs.frozen
class Membership(SeveralOperands):
    """Whether a value is one of the listed values (`wanted`) or none of them."""

    kinds = EVERY_KIND
    wanted: ClassVar[bool]

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        truth = self.among(value, situation, records)
        return truth if self.wanted else opposite(truth)

    def among(self, value: Value, situation: Situation, records: Records) -> Truth:
        """Whether the value equals one of the operands."""
        truth: Truth = False
        for operand in self.operands:
            other = operand.get(situation, records)
            same = None if other is None else equal(value, other)
            if same:
                return True
            truth = None if same is None else truth
        return truth

    def thresholds(self) -> Thresholds | None:
        values = tuple(operand for operand in self.operands if isinstance(operand, (Literal, PerCurrency)))
        return Thresholds(values) if len(values) == len(self.operands) else None

    def listed(self) -> Listed | None:
        values = frozenset(operand.value for operand in self.operands if isinstance(operand, Literal))
        return Listed(values, self.wanted) if self.by_value else None


@attrs.frozen
class In(Membership):
    """Whether a value is in a list."""

    key = "in"
    doc = "is one of these values"
    example = "{in: [seller, carrier]}"
    meant_by = ("one_of", "any_of", "any", "is_in", "among", "either")
    wanted = True

    def implies(self, other: Operator) -> bool:
        return self == other or _all_pass(self.operands, other)


@attrs.frozen
class NotIn(Membership):
    """Whether a value is not in a list."""

    key = "not_in"
    doc = "is known and is none of these values"
    example = "{not_in: [seller, carrier]}"
    meant_by = ("none_of", "none", "is_not_in", "nin", "neither")
    wanted = False

    def implies(self, other: Operator) -> bool:
        return _all_excluded(self.operands, other)

    @property
    def joint(self) -> str:
        return "nor"


def _all_pass(operands: tuple[Operand, ...], other: Operator) -> bool:
    """Whether each of the written values passes a comparison with other written values."""
    values = [pair for operand in operands for pair in written(operand)]
    if not values or any(not written(operand) for operand in operands):
        return False
    return all(_passes(value, other, currency) for currency, value in values)


def _passes(value: Value, other: Operator, currency: str | None) -> bool:
    match other:
        case OneOperand():
            bound = written_in(other.operand, currency)
            return bound is not None and other.compare(value, bound) is True
        case Membership():
            found = [written_in(operand, currency) for operand in other.operands]
            if not other.wanted:
                return all(operand is not None and equal(value, operand) is False for operand in found)
            return any(operand is not None and equal(value, operand) is True for operand in found)
    return False


def _all_excluded(operands: tuple[Operand, ...], other: Operator) -> bool:
    """Whether `other` excludes only values that are in the list."""
    if isinstance(other, IsNot):
        return other.operand in operands
    return isinstance(other, NotIn) and all(operand in operands for operand in other.operands)


@attrs.frozen
class AtLeast(Ordering):
    """Greater than or equal."""

    key = "at_least"
    doc = "is this or more; a level: this or higher"
    example = "{at_least: upset}"
    meant_by = (
        "min", "minimum", "gte", "ge", "from", "not_below", "not_less_than", "no_less_than", "greater_or_equal",
        "greater_than_or_equal", "or_more", ">=", "≥", "+", "以上"
    )  # fmt: skip
    relation = AT_LEAST


@attrs.frozen
class AtMost(Ordering):
    """Less than or equal."""

    key = "at_most"
    doc = "is this or less"
    example = "{at_most: 3}"
    meant_by = (
        "max", "maximum", "lte", "le", "up_to", "not_above", "not_more_than", "no_more_than", "less_or_equal",
        "less_than_or_equal", "or_less", "<=", "≤", "以下"
    )  # fmt: skip
    relation = AT_MOST


@attrs.frozen
class Above(Ordering):
    """Greater than."""

    key = "above"
    doc = "is more than this; as with the other comparisons, also than a value that is worked out"
    example = "{above: {share: 50%, of: future_order.value}}"
    meant_by = (
        "more", "more_than", "greater", "greater_than", "gt", "over", "larger_than", "higher_than", "exceeds", ">"
    )  # fmt: skip
    relation = ABOVE


@attrs.frozen
class Below(Ordering):
    """Less than."""

    key = "below"
    doc = "is less than this"
    example = "{below: {TWD: 800, CNY: 180}}"
    meant_by = ("less", "less_than", "fewer_than", "smaller_than", "lower_than", "lt", "under", "<")
    relation = BELOW


AtLeast.nearest, Above.nearest, AtMost.nearest, Below.nearest = Above, AtLeast, Below, AtMost


@attrs.frozen
class Between(Operator):
    """A closed range."""

    low: AtLeast
    high: AtMost
    key = "between"
    kinds = ORDERED
    doc = "lies from the first to the second value, both included"
    example = "{between: [1, 3]}"
    meant_by = ("range", "in_range", "from_to")
    of_totals = True

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        if not isinstance(node, Sequence) or len(node.items) != 2:
            context.error("wrong-form", node, "`between` needs a list of two values", "a list such as [1, 3]")
            return None
        low, high = AtLeast.read(context, node.items[0], of), AtMost.read(context, node.items[1], of)
        return cls(low, high) if low and high else None

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"type": "array", "items": AtLeast.schema(forms), "minItems": 2, "maxItems": 2}

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        low, high = self.low.holds(value, situation, records), self.high.holds(value, situation, records)
        return opposite(either((opposite(low), opposite(high))))

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.low.undecided(situation, records) or self.high.undecided(situation, records)

    def to_data(self) -> object:
        return [self.low.to_data(), self.high.to_data()]

    def slots(self) -> Mapping[str, Slot]:
        return {"low": self.low.operand, "high": self.high.operand}

    def thresholds(self) -> Thresholds | None:
        low, high = self.low.thresholds(), self.high.thresholds()
        return Thresholds(low.operands + high.operands) if low and high else None

    def names(self) -> Iterator[Name]:
        yield from self.low.names()
        yield from self.high.names()

    def values(self) -> Iterator[StatedValue]:
        yield from self.low.values()
        yield from self.high.values()

    @property
    def by_value(self) -> bool:
        return self.low.by_value and self.high.by_value

    def split(self) -> tuple[Operator, ...]:
        return (self.low, self.high)


@attrs.frozen
class Contains(Operator):
    """Whether a text contains words."""

    words: tuple[str, ...]
    folded: tuple[str, ...] = attrs.field(init=False, eq=False, repr=False)
    key = "contains"
    kinds = frozenset(("text",))
    doc = (
        "the text has this word, or one of these, in capital or small letters: a whole word, or in Chinese, Japanese, Korean, "
        "Thai and the like any part of the text (no patterns)"
    )
    example = "{contains: [regulator, media]}"
    meant_by = (
        "contain", "includes", "include", "has", "has_word", "mentions", "matches", "like", "regex", "words", "keywords"
    )  # fmt: skip

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        words: list[str] = []
        items = one_or_more(node)
        for entry in items:
            word = context.literal(entry, of)
            if word == "":
                context.error("empty", entry, "the word is empty, and every text contains it", "a word")
            elif isinstance(word, str):
                words.append(word)
        return cls(tuple(words)) if words and len(words) == len(items) else None

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        word = {"type": "string", "minLength": 1}
        return {"anyOf": [word, {"type": "array", "items": word, "minItems": 1}]}

    @folded.default
    def _fold(self) -> tuple[str, ...]:
        return tuple(folded(word) for word in self.words)

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        text = folded(str(value))
        return any(holds_word(text, word) for word in self.folded)

    def to_data(self) -> object:
        return list(self.words)

    def slots(self) -> Mapping[str, Slot]:
        return {"values": self.words}

    def thresholds(self) -> Thresholds:
        return Thresholds(words=self.words)


@attrs.frozen
class SameAs(OtherName):
    """Equality with another fact or field."""

    key = "same_as"
    kinds = EVERY_KIND
    doc = "is the same as that other fact or field; parties: the same person (a role is whoever has it)"
    example = "{same_as: promise.promised_by}"
    meant_by: ClassVar[tuple[str, ...]] = ("same", "identical_to")
    relation = EQUAL

    def compare(self, value: Value, other: Value) -> Truth:
        if isinstance(value, Party) and isinstance(other, Party):
            return value.is_same_as(other)
        return value == other

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if needs := self.operand.undecided(situation, records):
            return needs
        other = self.operand.get(situation, records)
        unknown = isinstance(other, Party) and other.role is None
        return (Need("parties.role", other.name),) if isinstance(other, Party) and unknown else ()


@attrs.frozen
class NotSameAs(SameAs):
    """Inequality with another fact or field."""

    key = "not_same_as"
    doc = "is known and differs from that other fact or field"
    example = "{not_same_as: promise.promised_by}"
    meant_by = ("not_same", "different", "different_from", "differs_from")
    relation = UNEQUAL

    def compare(self, value: Value, other: Value) -> Truth:
        return opposite(SameAs.compare(self, value, other))


contraries(Equals, IsNot)
contraries(In, NotIn)
contraries(AtLeast, Below)
contraries(AtMost, Above)
contraries(SameAs, NotSameAs)

COMPARISONS: tuple[type[Operator], ...] = (
    Equals, IsNot, In, NotIn, AtLeast, AtMost, Above, Below, Between, Contains, SameAs, NotSameAs
)  # fmt: skip
