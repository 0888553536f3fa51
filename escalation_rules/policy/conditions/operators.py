"""The operators of a test on one value: each owns its YAML form, JSON Schema, three-valued test and doc line.

Adding an operator is adding one class to `OPERATORS` here or in `timing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import attrs

from escalation_rules.policy.conditions.condition import Need, Records, Situation, Truth, either, opposite
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import (
    Literal,
    Operand,
    Other,
    read_literal,
    read_name,
    read_operand,
    written,
    written_in,
)
from escalation_rules.policy.conditions.operator import EVERY_KIND, ORDERED, Forms, Operator, Schema
from escalation_rules.policy.conditions.words import folded, holds_word
from escalation_rules.source import Node, Scalar, Sequence
from escalation_rules.values import Level, Party, Value, ValueType


def equal(left: Value, right: Value) -> Truth:
    """Equality of two values of one type; a party equals a role if it has it."""
    if isinstance(left, Party) and isinstance(right, Party):
        return None if left.role is None else left.role == right.role
    return left == right


@attrs.frozen
class OneOperand(Operator):
    """An operator with one operand."""

    operand: Operand

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        operand = read_literal(context, node, of)
        return None if operand is None else cls(operand)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.literal

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return self.operand.undecided(situation, records)

    def to_data(self) -> object:
        return self.operand.to_data()

    @property
    def by_value(self) -> bool:
        return isinstance(self.operand, Literal)

    def names(self) -> Iterator[Name]:
        if isinstance(self.operand, Other):
            yield self.operand.name

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        other = self.operand.get(situation, records)
        return None if other is None else self.compare(value, other)

    def compare(self, value: Value, other: Value) -> Truth:
        """The test, with the operand known."""
        raise NotImplementedError


@attrs.frozen
class Equals(OneOperand):
    """Equality; also written as a bare value."""

    key = "equals"
    kinds = EVERY_KIND
    doc = "is this value (also written without an operator: `open: true`); a party: has this role"
    example = "{equals: good}"
    meant_by = ("equal", "equal_to", "eq", "is", "=", "==")

    def compare(self, value: Value, other: Value) -> Truth:
        return equal(value, other)

    def implies(self, other: Operator) -> bool:
        return self == other or _all_pass((self.operand,), other)


@attrs.frozen
class IsNot(OneOperand):
    """Inequality."""

    key = "is_not"
    kinds = EVERY_KIND
    doc = "is known and is not this value"
    example = "{is_not: bad}"
    meant_by = (
        "not", "not_equal", "not_equals", "not_equal_to", "unequal", "ne", "neq", "other_than", "!=", "<>", "≠"
    )  # fmt: skip

    def compare(self, value: Value, other: Value) -> Truth:
        return opposite(equal(value, other))

    def implies(self, other: Operator) -> bool:
        return _all_excluded((self.operand,), other)


@attrs.frozen
class SeveralOperands(Operator):
    """An operator over a list of literals."""

    operands: tuple[Operand, ...]

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        if not isinstance(node, Sequence) or not node.items:
            context.error("wrong-form", node, f"`{cls.key}` needs a list of values", "a list such as [a, b]")
            return None
        operands = [read_literal(context, item, of) for item in node.items]
        known = tuple(each for each in operands if each is not None)
        return cls(known) if len(known) == len(operands) else None

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"type": "array", "items": forms.literal, "minItems": 1}

    def to_data(self) -> object:
        return [each.to_data() for each in self.operands]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return next(filter(None, (each.undecided(situation, records) for each in self.operands)), ())

    @property
    def by_value(self) -> bool:
        return all(isinstance(each, Literal) for each in self.operands)

    def among(self, value: Value, situation: Situation, records: Records) -> Truth:
        """Whether the value equals one of the operands."""
        truth: Truth = False
        for each in self.operands:
            other = each.get(situation, records)
            same = None if other is None else equal(value, other)
            if same:
                return True
            truth = None if same is None else truth
        return truth


@attrs.frozen
class In(SeveralOperands):
    """Membership."""

    key = "in"
    kinds = EVERY_KIND
    doc = "is one of these values"
    example = "{in: [seller, carrier]}"
    meant_by = ("one_of", "any_of", "any", "is_in", "among", "either")

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return self.among(value, situation, records)

    def implies(self, other: Operator) -> bool:
        return self == other or _all_pass(self.operands, other)


@attrs.frozen
class NotIn(SeveralOperands):
    """Absence from a list."""

    key = "not_in"
    kinds = EVERY_KIND
    doc = "is known and is none of these values"
    example = "{not_in: [seller, carrier]}"
    meant_by = ("none_of", "none", "is_not_in", "nin", "neither")

    def holds(self, value: Value, situation: Situation, records: Records) -> Truth:
        return opposite(self.among(value, situation, records))

    def implies(self, other: Operator) -> bool:
        return _all_excluded(self.operands, other)


def _all_pass(operands: tuple[Operand, ...], other: Operator) -> bool:
    """Whether each of the values written passes a comparison with others that are written."""
    values = [each for operand in operands for each in written(operand)]
    if not values or any(not written(operand) for operand in operands):
        return False
    return all(_passes(value, other, currency) for currency, value in values)


def _passes(value: Value, other: Operator, currency: str | None) -> bool:
    match other:
        case OneOperand():
            bound = written_in(other.operand, currency)
            return bound is not None and other.compare(value, bound) is True
        case SeveralOperands():
            found = [written_in(each, currency) for each in other.operands]
            if isinstance(other, NotIn):
                return all(each is not None and equal(value, each) is False for each in found)
            return any(each is not None and equal(value, each) is True for each in found)
    return False


def _all_excluded(operands: tuple[Operand, ...], other: Operator) -> bool:
    """Whether `other` excludes no more than these values."""
    if isinstance(other, IsNot):
        return other.operand in operands
    return isinstance(other, NotIn) and all(each in operands for each in other.operands)


@attrs.frozen
class _Ordering(OneOperand):
    """A comparison by order; levels compare by rank. `upward` if what passes is high, `strict` without the value itself."""

    levels: tuple[str, ...] = ()
    kinds = ORDERED
    upward: ClassVar[bool]
    strict: ClassVar[bool]

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        operand = read_operand(context, node, of)
        return None if operand is None else cls(operand, of.names if isinstance(of, Level) else ())

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return {"anyOf": [forms.literal, forms.dotted]}

    def rank(self, value: Value) -> Any:
        """What is compared."""
        return self.levels.index(str(value)) if self.levels else value

    def implies(self, other: Operator) -> bool:
        if self == other or not isinstance(other, _Ordering) or other.upward is not self.upward:
            return self == other
        mine = written(self.operand)
        return bool(mine) and all(self._within(value, other, currency) for currency, value in mine)

    def _within(self, value: Value, other: _Ordering, currency: str | None) -> bool:
        bound = written_in(other.operand, currency)
        if bound is None:
            return False
        return other.compare(value, bound) is True or (self.strict and value == bound)


@attrs.frozen
class AtLeast(_Ordering):
    """Not below."""

    key = "at_least"
    doc = "is this or more; a level: this or higher"
    example = "{at_least: upset}"
    meant_by = (
        "min", "minimum", "gte", "ge", "from", "not_below", "not_less_than", "no_less_than", "greater_or_equal",
        "greater_than_or_equal", "or_more", ">=", "≥", "+", "以上"
    )  # fmt: skip
    upward = True
    strict = False

    def compare(self, value: Value, other: Value) -> Truth:
        return bool(self.rank(value) >= self.rank(other))


@attrs.frozen
class AtMost(_Ordering):
    """Not above."""

    key = "at_most"
    doc = "is this or less"
    example = "{at_most: 3}"
    meant_by = (
        "max", "maximum", "lte", "le", "up_to", "not_above", "not_more_than", "no_more_than", "less_or_equal",
        "less_than_or_equal", "or_less", "<=", "≤", "以下"
    )  # fmt: skip
    upward = False
    strict = False

    def compare(self, value: Value, other: Value) -> Truth:
        return bool(self.rank(value) <= self.rank(other))


@attrs.frozen
class Above(_Ordering):
    """Strictly more."""

    key = "above"
    doc = "is more than this"
    example = "{above: {TWD: 800, CNY: 180}}"
    meant_by = (
        "more", "more_than", "greater", "greater_than", "gt", "over", "larger_than", "higher_than", "exceeds", ">"
    )  # fmt: skip
    upward = True
    strict = True

    def compare(self, value: Value, other: Value) -> Truth:
        return bool(self.rank(value) > self.rank(other))


@attrs.frozen
class Below(_Ordering):
    """Strictly less."""

    key = "below"
    doc = "is less than this"
    example = "{below: 17 hours}"
    meant_by = ("less", "less_than", "fewer_than", "smaller_than", "lower_than", "lt", "under", "<")
    upward = False
    strict = True

    def compare(self, value: Value, other: Value) -> Truth:
        return bool(self.rank(value) < self.rank(other))


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

    def names(self) -> Iterator[Name]:
        yield from self.low.names()
        yield from self.high.names()

    @property
    def by_value(self) -> bool:
        return self.low.by_value and self.high.by_value

    def split(self) -> tuple[Operator, ...]:
        return (self.low, self.high)


@attrs.frozen
class Contains(Operator):
    """Words in a text."""

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
        items = node.items if isinstance(node, Sequence) else (node,)
        for item in items:
            word = context.literal(item, of)
            if word == "":
                context.error("empty", item, "the word is empty, and every text contains it", "a word")
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


@attrs.frozen
class SameAs(OneOperand):
    """Equality with another fact or field."""

    key = "same_as"
    kinds = EVERY_KIND
    doc = "is the same as that other fact or field; parties: the same person (a role is whoever has it)"
    example = "{same_as: promise.by}"
    meant_by: ClassVar[tuple[str, ...]] = ("same", "identical_to")

    @classmethod
    def read(cls, context: Context, node: Node, of: ValueType) -> Self | None:
        operand = read_name(context, node, of)
        return None if operand is None else cls(operand)

    @classmethod
    def schema(cls, forms: Forms) -> Schema:
        return forms.name

    def compare(self, value: Value, other: Value) -> Truth:
        if isinstance(value, Party) and isinstance(other, Party):
            return same_person(value, other)
        return value == other

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if needs := self.operand.undecided(situation, records):
            return needs
        other = self.operand.get(situation, records)
        unknown = isinstance(other, Party) and other.role is None
        return (Need("parties.role", other.name),) if isinstance(other, Party) and unknown else ()


def same_person(one: Party, other: Party) -> Truth:
    """Whether two parties are the same; a role, where it stands for a person, is whoever has it."""
    if one.name == other.name:
        return True
    if one.name != one.role and other.name != other.role:
        return False  # two persons, each by an id of their own
    return None if one.role is None or other.role is None else one.role == other.role


@attrs.frozen
class NotSameAs(SameAs):
    """Difference from another fact or field."""

    key = "not_same_as"
    doc = "is known and differs from that other fact or field"
    example = "{not_same_as: promise.by}"
    meant_by = ("not_same", "different", "different_from", "differs_from")

    def compare(self, value: Value, other: Value) -> Truth:
        return opposite(SameAs.compare(self, value, other))


def read_flag(context: Context, node: Node, key: str) -> bool | None:
    """The operand of an operator that takes true or false."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    context.error("wrong-value", node, f"`{key}` must be true or false", "true or false")
    return None


COMPARISONS: tuple[type[Operator], ...] = (
    Equals, IsNot, In, NotIn, AtLeast, AtMost, Above, Below, Between, Contains, SameAs, NotSameAs
)  # fmt: skip
