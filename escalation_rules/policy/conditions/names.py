"""Names in conditions: a fact, a field of a record in scope, or a field of a referenced record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime

import attrs

from escalation_rules.policy.conditions.condition import (
    STEP,
    Known,
    Need,
    Records,
    RecordView,
    Situation,
    latest,
)
from escalation_rules.policy.conditions.memory import LIST, Reach
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.values import Party, PartyType, Reference, Value

Source = tuple[str, str | None]
"""The location of a value: the full name of the fact or field, and the id of the record."""


@attrs.frozen
class Name(ABC):
    """A resolved name: `text` as written, `fact` its declaration."""

    text: str
    fact: Fact = attrs.field(eq=False)

    @property
    @abstractmethod
    def full(self) -> str:
        """The full name: `customer.need` or `charges.amount`."""

    @abstractmethod
    def get(self, situation: Situation, records: Records) -> Value | None:
        """The value, or its presumption if unknown and declared; otherwise None."""

    @abstractmethod
    def is_given(self, situation: Situation, records: Records) -> bool:
        """Whether it is known; presumptions do not count. Never unknown: a value that cannot be reached is not given."""

    def is_open(self, records: Records) -> bool:
        """Whether it is a parameter still to be filled in."""
        return False

    @abstractmethod
    def since(self, situation: Situation, records: Records) -> datetime | None:
        """Since when it has had its value; None for a presumption, or if unknown."""

    @abstractmethod
    def order(self, situation: Situation, records: Records) -> int:
        """The position in the history since which it has had its value; 0 for a presumption, and in a plain case."""

    @abstractmethod
    def source(self, situation: Situation, records: Records) -> Source | None:
        """The fact, or the field and its record; None if the record is unknown."""

    @abstractmethod
    def reach(self) -> Reach:
        """What is read to find its value."""

    @abstractmethod
    def need(self, situation: Situation, records: Records) -> Need:
        """What must be found out if it is unknown."""


@attrs.frozen
class FactName(Name):
    """A fact of the case."""

    @property
    def full(self) -> str:
        return self.text

    def get(self, situation: Situation, records: Records) -> Value | None:
        return situation.facts.get(self.text)

    def is_given(self, situation: Situation, records: Records) -> bool:
        return self.text in situation.facts if self.fact.concluded else self.text in situation.stated

    def order(self, situation: Situation, records: Records) -> int:
        return order_of(situation.known, self.text)

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return situation.concluded_since(self.text) if self.fact.concluded else situation.since(self.text)

    def reach(self) -> Reach:
        return Reach((self.text,), concluded=self.fact.concluded)

    def source(self, situation: Situation, records: Records) -> Source:
        return self.text, None

    def need(self, situation: Situation, records: Records) -> Need:
        return Need(self.text, None, self.fact.concluded)


@attrs.frozen
class FieldName(Name):
    """A field of the record at position `depth` of the scope."""

    list: str
    field: str
    depth: int

    @property
    def is_id(self) -> bool:
        """Whether it is the id of the record itself."""
        return self.field == "id"

    @property
    def full(self) -> str:
        return f"{self.list}.{self.field}"

    def get(self, situation: Situation, records: Records) -> Value | None:
        return records[self.depth].values.get(self.field)

    def is_open(self, records: Records) -> bool:
        return self.field in records[self.depth].open

    def is_given(self, situation: Situation, records: Records) -> bool:
        record = records[self.depth]
        return self.field in (record.values if self.fact.concluded else record.given)

    def since(self, situation: Situation, records: Records) -> datetime | None:
        return _of_record(self, self.field, records[self.depth], situation)

    def order(self, situation: Situation, records: Records) -> int:
        return order_of(records[self.depth].known, self.field)

    def reach(self) -> Reach:
        concluded = self.fact.concluded
        return Reach((self.full,) if concluded else (), frozenset((self.depth,)), concluded)

    def source(self, situation: Situation, records: Records) -> Source:
        return self.full, records[self.depth].id

    def need(self, situation: Situation, records: Records) -> Need:
        return Need(self.full, records[self.depth].id, self.fact.concluded)


@attrs.frozen
class ViaName(Name):
    """A field of a referenced record: the one in `target` that the field `via` of the record at `depth` refers to."""

    list: str
    via: str
    depth: int
    target: str
    field: str

    @property
    def full(self) -> str:
        return f"{self.target}.{self.field}"

    def referred(self, situation: Situation, records: Records) -> RecordView | None:
        """The referenced record; None if the reference or the record is unknown."""
        key = records[self.depth].values.get(self.via)
        if isinstance(key, Party):
            key = key.name
        return situation.by_id(self.target).get(key) if isinstance(key, str) else None

    def get(self, situation: Situation, records: Records) -> Value | None:
        record = self.referred(situation, records)
        return record.values.get(self.field) if record else None

    def is_given(self, situation: Situation, records: Records) -> bool:
        record = self.referred(situation, records)
        if record is None:
            return False
        return self.field in (record.values if self.fact.concluded else record.given)

    def since(self, situation: Situation, records: Records) -> datetime | None:
        record = self.referred(situation, records)
        if record is None:
            return None
        return latest((records[self.depth].since(self.via), _of_record(self, self.field, record, situation)))

    def order(self, situation: Situation, records: Records) -> int:
        record = self.referred(situation, records)
        reference = order_of(records[self.depth].known, self.via)
        return reference if record is None else max(reference, order_of(record.known, self.field))

    def reach(self) -> Reach:
        concluded = self.fact.concluded
        names = (f"{LIST}{self.target}", self.full) if concluded else (f"{LIST}{self.target}",)
        return Reach(names, frozenset((self.depth,)), concluded)

    def source(self, situation: Situation, records: Records) -> Source | None:
        record = self.referred(situation, records)
        return (self.full, record.id) if record is not None else None

    def need(self, situation: Situation, records: Records) -> Need:
        record = self.referred(situation, records)
        if record is not None:
            return Need(self.full, record.id, self.fact.concluded)
        holder = records[self.depth]
        if self.via in holder.values:
            return Need(self.target)
        return Need(f"{self.list}.{self.via}", holder.id)


def meaning_of(name: Name) -> tuple[object, ...]:
    """What a name means, however it is written: a field may be named with or without its record."""
    return type(name), name.full, getattr(name, "depth", None), getattr(name, "via", None)


def order_of(known: Mapping[str, Known], name: str) -> int:
    """The position in the history since which a fact or field has had its value."""
    found = known.get(name)
    return found.order if found is not None else 0


def _of_record(name: Name, field: str, record: RecordView, situation: Situation) -> datetime | None:
    return situation.concluded_since(name.full, record.id) if name.fact.concluded else record.since(field)


@attrs.frozen
class Scope:
    """The record lists in scope of a condition, outermost first.

    Parameters of a step can be named or, if `unnamed`, only be covered by an act.
    """

    vocabulary: Vocabulary = attrs.field(eq=False)
    lists: tuple[RecordList, ...] = ()
    unnamed: bool = False

    def inside(self, inner: RecordList) -> Scope:
        """The scope of a `where` or `has` over `inner`."""
        return Scope(self.vocabulary, (*self.lists, inner), self.unnamed)

    @property
    def step(self) -> int | None:
        """The position of the step, if its parameters are in scope."""
        return next((depth for depth, each in enumerate(self.lists) if each.name == STEP), None)

    @property
    def _innermost(self) -> int:
        """The position of the record that bare names refer to; -1 if there is none."""
        last = len(self.lists) - 1
        return last - 1 if self.unnamed and last == self.step else last

    def resolve(self, text: str) -> Name | None:
        """Resolve a name in this scope; None if there is none."""
        head, dot, tail = text.partition(".")
        if not dot:
            return self._field(self._innermost, text, text) if self._innermost >= 0 else None
        for depth in reversed(range(len(self.lists))):
            if self.lists[depth].each == head and (found := self._field(depth, tail, text)):
                return found
        if self._innermost >= 0 and (found := self._via(head, tail, text)):
            return found
        fact = self.vocabulary.facts.get(text)
        return FactName(text, fact) if fact else None

    def _field(self, depth: int, field: str, text: str) -> Name | None:
        fact = self.lists[depth].fields.get(field)
        return FieldName(text, fact, self.lists[depth].name, field, depth) if fact else None

    def _via(self, head: str, tail: str, text: str) -> Name | None:
        depth = self._innermost
        holder = self.lists[depth].fields.get(head)
        target = None
        if holder and isinstance(holder.type, Reference):
            target = self.vocabulary.records.get(holder.type.to)
        elif holder and isinstance(holder.type, PartyType):
            target = self.vocabulary.records.get("parties")
        fact = target.fields.get(tail) if target else None
        if target is None or fact is None:
            return None
        return ViaName(text, fact, self.lists[depth].name, head, depth, target.name, tail)

    def outer(self, field: str) -> str | None:
        """The name here of a field of an enclosing record, for a field that is written without its record."""
        if "." in field:
            return None
        enclosing = [each for each in self.lists[: max(self._innermost, 0)] if field in each.fields]
        return f"{enclosing[-1].each}.{field}" if enclosing else None

    def known(self) -> list[str]:
        """All names that are valid here, for suggestions."""
        names = list(self.vocabulary.facts)
        for depth, each in enumerate(self.lists):
            if each.name == STEP and self.unnamed:
                continue
            if each.name != STEP:
                names += [f"{each.each}.{field}" for field in each.fields]
            if depth == self._innermost:
                names += each.fields
        return names
