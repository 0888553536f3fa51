"""A situation that records what is read. A result is valid for all situations with equal values there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

import attrs

from escalation_rules.policy.conditions import Act, DueTimes, Known, Lapsed, RecordView, Situation, Truth
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.values import Value

V = TypeVar("V")

_NOTHING: frozenset[str] = frozenset()


@attrs.frozen(eq=False)
class Covered:
    """What a signature covers: tests of values by the name of the fact, and concluded facts."""

    tests: frozenset[tuple[str, Operator]]
    facts: frozenset[str]


@attrs.frozen(eq=False)
class Reads:
    """The values read besides the signature: facts (None: unknown), truths of value tests, presence of stated
    facts, and lists; and actions without any act."""

    values: tuple[tuple[str, Value | None], ...] = ()
    tests: tuple[tuple[str, Operator, Truth], ...] = ()
    given: tuple[tuple[str, bool], ...] = ()
    there: tuple[tuple[str, bool], ...] = ()
    lists: tuple[tuple[str, tuple[RecordView, ...] | None], ...] = ()
    undone: tuple[str, ...] = ()
    currency: tuple[str | None, ...] = ()

    def with_(self, other: Reads) -> Reads:
        """The union of both."""
        return Reads(*(
            tuple(dict.fromkeys((*getattr(self, field.name), *getattr(other, field.name))))
            for field in attrs.fields(Reads)
        ))  # fmt: skip

    def match(self, situation: Situation) -> bool:
        """Whether another situation with the same signature has the same values."""
        facts = situation.facts
        for name, value in self.values:
            there = facts.get(name)
            if there is not value and not _is_same(there, value):
                return False
        for name, operator, truth in self.tests:
            if situation.tested(name, operator) is not truth:
                return False
        for name, given in self.given:
            if (name in situation.stated) is not given:
                return False
        if self.undone and situation.acts and situation.acts_of(self.undone):
            return False
        if self.there or self.lists or self.currency:
            return self._rest_matches(situation)
        return True

    def _rest_matches(self, situation: Situation) -> bool:
        return (
            all((name in situation.facts) is there for name, there in self.there)
            and all(situation.lists.get(name) == listed for name, listed in self.lists)
            and (not self.currency or situation.currency == self.currency[0])
        )


def _is_same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are equal and also displayed alike: 1.0 and 1.00 are not."""
    if one is None or other is None:
        return one is other
    return one == other and (not isinstance(one, Decimal) or str(one) == str(other))


class TracedSituation(Situation):
    """A situation that records what is read.

    Once something is read that `Reads` cannot represent (the instant, acts, records), it is no longer
    `whole`.
    """

    noting = True
    __slots__ = (
        "_covered",
        "_facts",
        "_lists",
        "_source",
        "_stated",
        "_tests",
        "_undone",
        "_used_currency",
        "whole",
    )

    def __init__(self, source: Situation, covered: Covered) -> None:
        self._source = source
        self._covered = covered
        self._facts = _NotingDict(source.facts, self._gone, covered.facts)
        self._stated = _NotingDict(source.stated, self._gone, _NOTHING)
        self._lists = _NotingDict(source.lists, self._gone, _NOTHING)
        self.calendars = source.calendars
        self.calendar = source.calendar
        self.conclusion_times = source.conclusion_times
        self.versions = None
        self.begin()

    def begin(self) -> None:
        """Discard what was recorded so far."""
        for noting in (self._facts, self._stated, self._lists):
            noting.begin()
        self._tests: dict[tuple[str, Operator], Truth] = {}
        self._undone: dict[str, None] = {}
        self._used_currency = False
        self.whole = True
        self._acts_of = {}
        self._by_action = None
        self._by_id = {}
        self._worked_out = {}

    def _gone(self) -> None:
        self.whole = False

    def reads(self) -> Reads | None:
        """What was read; None if `Reads` cannot represent it."""
        lists = self._lists.read
        if not self.whole or any(lists.values()) or self._lists.asked or self._stated.read:
            return None
        currency = (self._source.currency,) if self._used_currency else ()
        return Reads(
            tuple(self._facts.read.items()),
            tuple((name, operator, truth) for (name, operator), truth in self._tests.items()),
            tuple(self._stated.asked.items()),
            tuple(self._facts.asked.items()),
            tuple(lists.items()),
            tuple(self._undone),
            currency,
        )

    def tested(self, name: str, operator: Operator) -> Truth:
        """The truth of a test of a fact. Neither the value nor what the signature covers is recorded."""
        truth = self._source.tested(name, operator)
        if (name, operator) not in self._covered.tests:
            self._tests[name, operator] = truth
        return truth

    def acts_of(self, actions: Iterable[str]) -> tuple[Act, ...]:
        names = tuple(actions)
        found = self._source.acts_of(names)
        if found:
            self.whole = False
        self._undone.update(dict.fromkeys(names))
        return found

    def acts_by_action(self) -> Mapping[str, tuple[Act, ...]]:
        self.whole = False
        return self._source.acts_by_action()

    # Attributes that record reads. They are never written.

    @property
    def at(self) -> datetime:  # type: ignore[override]
        """The instant, which differs between decisions."""
        self.whole = False
        return self._source.at

    @property
    def acts(self) -> tuple[Act, ...]:  # type: ignore[override]
        """All acts."""
        self.whole = False
        return self._source.acts

    @property
    def incomplete(self) -> tuple[Act, ...]:  # type: ignore[override]
        """The acts that count for nothing."""
        self.whole = False
        return self._source.incomplete

    @property
    def due_times(self) -> DueTimes | None:  # type: ignore[override]
        """The due times of open steps."""
        self.whole = False
        return self._source.due_times

    @property
    def presence_flips(self) -> tuple[datetime, ...]:  # type: ignore[override]
        """The instants at which something becomes stale or an act happens."""
        self.whole = False
        return self._source.presence_flips

    @property
    def replaced(self) -> Mapping[str, RecordView]:  # type: ignore[override]
        """The parties that were replaced by others."""
        self.whole = self.whole and not self._source.replaced
        return self._source.replaced

    @property
    def currency(self) -> str | None:  # type: ignore[override]
        """The currency of the case."""
        self._used_currency = True
        return self._source.currency

    @property
    def facts(self) -> dict[str, Value]:  # type: ignore[override]
        """The values of facts."""
        return self._facts

    @property
    def stated(self) -> Mapping[str, Value]:  # type: ignore[override]
        """What the case itself states."""
        return self._stated

    @property
    def known(self) -> Mapping[str, Known]:
        """Since when facts are known, which differs between almost all cases."""
        self.whole = False
        return self._source.known

    @property
    def lapsed(self) -> Lapsed:  # type: ignore[override]
        """Since when facts are stale, which differs between almost all cases."""
        self.whole = False
        return self._source.lapsed

    @property
    def lists(self) -> Mapping[str, tuple[RecordView, ...] | None]:  # type: ignore[override]
        """The records."""
        return self._lists


class _NotingDict(dict[str, V]):
    """A dict that records which values are read (`read`), and which keys are only tested for presence (`asked`)."""

    __slots__ = ("_covered", "_gone", "asked", "read")

    def __init__(self, source: Mapping[str, V], gone: Callable[[], None], covered: frozenset[str]) -> None:
        super().__init__(source)
        self._gone = gone
        self._covered = covered
        self.begin()

    def begin(self) -> None:
        """Discard what was recorded so far."""
        self.read: dict[str, V | None] = {}
        self.asked: dict[str, bool] = {}

    def get(self, name: str, default: Any = None) -> Any:
        found = super().get(name)
        if name not in self._covered:
            self.read[name] = found
        return default if found is None else found

    def __getitem__(self, name: str) -> V:
        found = super().__getitem__(name)
        if name not in self._covered:
            self.read[name] = found
        return found

    def __contains__(self, name: object) -> bool:
        there = super().__contains__(name)
        if name not in self._covered:
            self.asked[str(name)] = there
        return there

    # Iteration reads everything.

    def __iter__(self) -> Iterator[str]:
        self._gone()
        return super().__iter__()

    def keys(self) -> Any:
        self._gone()
        return super().keys()

    def items(self) -> Any:
        self._gone()
        return super().items()

    def values(self) -> Any:
        self._gone()
        return super().values()

    def __len__(self) -> int:
        self._gone()
        return super().__len__()

    def _unknown(self, *_: object) -> NoReturn:
        raise TypeError("a situation that is traced cannot be changed")

    __setitem__ = __delitem__ = update = pop = popitem = clear = setdefault = copy = _unknown  # type: ignore[assignment]
