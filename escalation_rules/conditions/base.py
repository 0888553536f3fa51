"""What every condition can do, and the situation that it is tested on.

A test is true, false or unknown: `True`, `False` or `None` (Kleene's logic; excluded middle is never assumed).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from escalation_rules.calendar import Duration, WorkingCalendar
from escalation_rules.errors import Position
from escalation_rules.values import Party, Value
from escalation_rules.vocabulary import NOWHERE

if TYPE_CHECKING:
    from escalation_rules.conditions.names import Name

Truth = bool | None


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction: false if one is false, else unknown if one is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction: true if one is true, else unknown if one is unknown, else false."""
    result: Truth = False
    for truth in truths:
        if truth:
            return True
        if truth is None:
            result = None
    return result


def opposite(truth: Truth) -> Truth:
    """Kleene's negation: unknown stays unknown."""
    return None if truth is None else not truth


@attrs.frozen
class Act:
    """Something done: the action, the party who did it (in the role held then), when (UTC), its outcome, the id of the
    record it was about.

    `order` is its place among all entries and acts of a history; None in a plain case, which says no order.
    """

    action: str
    by: Party
    at: datetime
    outcome: str
    about: str | None = None
    params: Mapping[str, Value] = attrs.Factory(dict)
    order: int | None = None


class RecordView:
    """One record as the rules see it: what is known (stale values gone, presumptions in, conclusions added)."""

    __slots__ = ("given", "id", "list", "values")

    def __init__(
        self, list_name: str, record_id: str, values: dict[str, Value], given: frozenset[str]
    ) -> None:
        self.list = list_name
        self.id = record_id
        self.values = values
        self.given = given


def role_of(party: RecordView) -> str | None:
    """The role of a record in `parties`, which declares it as a party, a choice or a text; None while unknown."""
    role = party.values.get("role")
    return role.role if isinstance(role, Party) else role if isinstance(role, str) else None


class Situation:
    """The case at one instant. Conclusions are added stratum by stratum; nothing else changes."""

    __slots__ = (
        "acts",
        "at",
        "by_id",
        "calendar",
        "calendars",
        "currency",
        "facts",
        "given",
        "lists",
        "presence_flips",
    )

    def __init__(
        self,
        at: datetime,
        *,
        currency: str | None = None,
        facts: dict[str, Value],
        given: frozenset[str],
        lists: Mapping[str, tuple[RecordView, ...] | None],
        acts: tuple[Act, ...] = (),
        calendars: Mapping[str, WorkingCalendar],
        calendar: str | None = None,
        presence_flips: tuple[datetime, ...] = (),
    ) -> None:
        self.at = at
        self.currency = currency
        self.facts = facts
        self.given = given
        self.lists = lists
        self.acts = acts
        self.calendars = calendars
        self.calendar = calendar
        self.presence_flips = presence_flips
        self.by_id = {name: {each.id: each for each in records or ()} for name, records in lists.items()}

    def shifted(self, moment: datetime, by: Duration) -> datetime | None:
        """`moment` moved by a length of (working) time; None past the end of the calendar."""
        try:
            return by.after(moment, self.calendars, self.calendar or "")
        except (OverflowError, ValueError):
            return None


Records = tuple[RecordView, ...]
"""The records in scope, outermost first: the one of `for_each`, then those of `where` and `has`."""


@attrs.frozen
class Need:
    """Something that is not known: a fact, a record list, or a field (`charges.amount`) of the record `about`."""

    name: str
    about: str | None = None
    concluded: bool = False


@attrs.frozen
class Condition(ABC):
    """A test on a situation. Equal conditions test the same thing: `position` does not count."""

    position: Position = attrs.field(default=NOWHERE, eq=False, repr=False, kw_only=True)

    @abstractmethod
    def evaluate(self, situation: Situation, records: Records) -> Truth:
        """True, false, or None while what is known does not decide it."""

    @abstractmethod
    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What has to be found out first, in written order; () unless `evaluate` is None."""

    @abstractmethod
    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """Instants at which the test may change although no fact does. A superset is allowed, an omission is not."""

    @abstractmethod
    def parts(self) -> Sequence[Condition]:
        """The conditions directly inside this one."""

    def names(self) -> Iterator[Name]:
        """The facts and fields whose values are tested here, in the scope of the condition itself."""
        return iter(())

    def reads(self) -> Iterator[tuple[str, bool]]:
        """Each name read here (not in parts): a fact, `list`, `list.field`; and whether it is a conclusion."""
        for name in self.names():
            yield name.full, name.fact.concluded

    @abstractmethod
    def to_data(self) -> dict[str, object]:
        """The condition in its YAML form, as plain data."""

    def all_reads(self) -> Iterator[tuple[str, bool]]:
        """Each name read here and in all parts."""
        yield from self.reads()
        for part in self.parts():
            yield from part.all_reads()

    def walk(self) -> Iterator[Condition]:
        """This condition and all inside it, in written order."""
        yield self
        for part in self.parts():
            yield from part.walk()
