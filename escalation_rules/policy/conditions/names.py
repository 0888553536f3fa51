"""Names in conditions: a fact, a field of a record in scope, or a field of a referenced record."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
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
from escalation_rules.policy.conditions.memory import LIST, Reach, united
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.values import Party, PartyType, Reference, Value, ValueType

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
        """Since when it has had its value, or none because it became stale; None: from the start."""

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
    """A field of a referenced record: the one in `target` that the value of `through` refers to."""

    through: Name
    target: str
    field: str

    @property
    def full(self) -> str:
        return f"{self.target}.{self.field}"

    def referred(self, situation: Situation, records: Records) -> RecordView | None:
        """The referenced record; None if the reference or the record is unknown."""
        key = self.through.get(situation, records)
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
        return latest(
            (self.through.since(situation, records), _of_record(self, self.field, record, situation))
        )

    def order(self, situation: Situation, records: Records) -> int:
        record = self.referred(situation, records)
        reference = self.through.order(situation, records)
        return reference if record is None else max(reference, order_of(record.known, self.field))

    def reach(self) -> Reach:
        concluded = self.fact.concluded
        names = (f"{LIST}{self.target}", self.full) if concluded else (f"{LIST}{self.target}",)
        return united((self.through.reach(), Reach(names, concluded=concluded)))

    def source(self, situation: Situation, records: Records) -> Source | None:
        record = self.referred(situation, records)
        return (self.full, record.id) if record is not None else None

    def need(self, situation: Situation, records: Records) -> Need:
        record = self.referred(situation, records)
        if record is not None:
            return Need(self.full, record.id, self.fact.concluded)
        if self.through.get(situation, records) is not None:
            return Need(self.target)
        return self.through.need(situation, records)


MOST_REFERENCES = 3
"""How many references a name may follow, one after another."""


def references_of(name: Name) -> Iterator[Name]:
    """The references that lead to a name, the last one first."""
    while isinstance(name, ViaName):
        name = name.through
        yield name


def looks_like_name(text: str) -> bool:
    """Whether a text has the form of a dotted name. Such a text is never taken for a value, as it may be misspelt."""
    words = text.split(".")
    return len(words) > 1 and all(word.isidentifier() for word in words)


def target_of(of: ValueType) -> str | None:
    """The record list that values of the type refer to; None if they refer to no record."""
    return "parties" if isinstance(of, PartyType) else of.to if isinstance(of, Reference) else None


def root_of(name: Name) -> Name:
    """The fact or field in scope with which a name begins."""
    for reference in references_of(name):
        name = reference
    return name


def meaning_of(name: Name) -> tuple[object, ...]:
    """What a name means, however it is written: a field may be named with or without its record."""
    through = meaning_of(name.through) if isinstance(name, ViaName) else None
    return type(name), name.full, getattr(name, "depth", None), through


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
        return next((depth for depth, record_list in enumerate(self.lists) if record_list.name == STEP), None)

    @property
    def _innermost(self) -> int:
        """The position of the record that bare names refer to; -1 if there is none."""
        last = len(self.lists) - 1
        return last - 1 if self.unnamed and last == self.step else last

    def resolve(self, text: str) -> Name | None:
        """Resolve a name in this scope; None if there is none."""
        words = text.split(".")
        for count in (2, 1):
            name = self._start(words[:count]) if len(words) >= count else None
            for word in words[count:]:
                name = self._follow(name, word) if name is not None else None
            if name is not None and len(words) - count <= MOST_REFERENCES:
                return name
        return None

    def _start(self, words: Sequence[str]) -> Name | None:
        """The field of the innermost record with one word, or the field of a named record or the fact with two."""
        text = ".".join(words)
        if len(words) == 1:
            return self._field(self._innermost, text, text) if self._innermost >= 0 else None
        head, tail = words
        for depth in reversed(range(len(self.lists))):
            if self.lists[depth].each == head and (found := self._field(depth, tail, text)):
                return found
        fact = self.vocabulary.facts.get(text)
        return FactName(text, fact) if fact else None

    def _field(self, depth: int, field: str, text: str) -> Name | None:
        fact = self.lists[depth].fields.get(field)
        return FieldName(text, fact, self.lists[depth].name, field, depth) if fact else None

    def _follow(self, name: Name, field: str) -> ViaName | None:
        """The field of the record that a reference refers to."""
        target = self.vocabulary.records.get(target_of(name.fact.type) or "")
        fact = target.fields.get(field) if target is not None else None
        if target is None or fact is None:
            return None
        return ViaName(f"{name.text}.{field}", fact, name, target.name, field)

    def astray(self, text: str) -> tuple[str, RecordList | Name, str] | None:
        """Where a dotted name goes wrong: its longest beginning that names something, the list of the record to which that
        leads (if it leads to none, what it names), and the next word. None if no beginning names anything, or if a name
        of two words does not begin with a reference."""
        words = text.split(".")
        for count in range(len(words) - 1, 0, -1):
            beginning = ".".join(words[:count])
            name = self.resolve(beginning)
            target = target_of(name.fact.type) if name is not None else None
            if name is not None and (count > 1 or target is not None):
                return beginning, self.vocabulary.records.get(target or "") or name, words[count]
        inside = next(
            (record_list for record_list in reversed(self.lists) if record_list.each == words[0]), None
        )
        return (words[0], inside, words[1]) if inside is not None and len(words) > 2 else None

    def outer(self, field: str) -> str | None:
        """The name here of a field of an enclosing record, for a field that is written without its record."""
        if "." in field:
            return None
        enclosing = [
            record_list
            for record_list in self.lists[: max(self._innermost, 0)]
            if field in record_list.fields
        ]
        return f"{enclosing[-1].each}.{field}" if enclosing else None

    def known(self) -> list[str]:
        """All names that are valid here, for suggestions."""
        names = list(self.vocabulary.facts)
        for depth, record_list in enumerate(self.lists):
            if record_list.name == STEP and self.unnamed:
                continue
            if record_list.name != STEP:
                names += [f"{record_list.each}.{field}" for field in record_list.fields]
            if depth == self._innermost:
                names += record_list.fields
        return names
