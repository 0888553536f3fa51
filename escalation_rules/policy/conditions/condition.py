"""The base class of conditions, and the situation that they are tested on.

A test is true, false or unknown: `True`, `False` or `None` (Kleene's logic, without the law of the excluded
middle).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol, TypeVar

import attrs

from escalation_rules.calendar import Deadline, Duration, Pause, StartOf, WorkingCalendar, deadline
from escalation_rules.errors import Position
from escalation_rules.policy.conditions.memory import Memory, Names, Reach, Versions, united
from escalation_rules.policy.vocabulary import NOWHERE
from escalation_rules.values import Party, Value

if TYPE_CHECKING:
    from escalation_rules.policy.conditions.names import Name
    from escalation_rules.policy.conditions.operator import Operator

Truth = bool | None
T = TypeVar("T")


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """The latest of some instants, where None is earlier than all others."""
    return max((moment for moment in moments if moment is not None), default=None)


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """The earliest of some instants, where None is earlier than all others; None if there are none."""
    found = list(moments)
    return None if None in found else min((moment for moment in found if moment is not None), default=None)


def both(truths: Iterable[Truth]) -> Truth:
    """Kleene's conjunction: false if any is false, else unknown if any is unknown, else true."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def either(truths: Iterable[Truth]) -> Truth:
    """Kleene's disjunction: true if any is true, else unknown if any is unknown, else false."""
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


class Kept(NamedTuple):
    """Whom a fact or field named when an act was done (None: nobody), and when that was stated, if later (UTC)."""

    party: Party | None
    since: datetime | None = None


@attrs.frozen
class Act:
    """An act: the action, the doer (in the role held then), when (UTC), the outcome, and the id of its
    record.

    `order` is its position among all entries and acts of a history; None in a plain case, which has no order.
    `kept` says whom the facts and fields below the action's `not_by` named then.
    """

    action: str
    by: Party
    at: datetime
    outcome: str
    about: str | None = None
    params: Mapping[str, Value] = attrs.Factory(dict)
    order: int | None = None
    kept: Mapping[str, Kept] = attrs.Factory(dict)


class Known(NamedTuple):
    """A value, when it was last learned (UTC, if known), and since when it has been the same: the position in
    the history, and the instant if known."""

    value: Value
    learned: datetime | None
    order: int = 0
    since: datetime | None = None


NOTHING: Mapping[str, Known] = {}
"""The known facts of an empty case."""

Lapsed = Mapping[str, datetime]
"""The facts or fields that are stale, and since when."""

NEVER: Lapsed = {}
"""Nothing is stale."""


class Lasting(NamedTuple):
    """The truth of a test from one instant up to but excluding another."""

    truth: Truth
    begin: datetime
    end: datetime


class RecordView:
    """A record as rules see it: without stale values, with presumptions and conclusions.

    `given` are the names of its known values; `known` is what the case itself states. `tested` caches
    conditions, by identity, that depend on nothing else, and `flips` the instants at which they may change.
    `open` are fields still to be filled in: parameters of a step.
    """

    __slots__ = ("flips", "given", "id", "known", "lapsed", "list", "open", "tested", "values")

    def __init__(
        self,
        list_name: str,
        record_id: str,
        values: dict[str, Value],
        given: frozenset[str],
        known: Mapping[str, Known] = NOTHING,
        open_fields: frozenset[str] = frozenset(),
        before: RecordView | None = None,
        lapsed: Lapsed = NEVER,
    ) -> None:
        self.list = list_name
        self.id = record_id
        self.values = values
        self.given = given
        self.known = known
        self.open = open_fields
        self.lapsed = lapsed
        self.tested: dict[int, Lasting] = {} if before is None else before.tested
        self.flips: dict[int, tuple[datetime, ...]] = {} if before is None else before.flips

    @property
    def recorded(self) -> datetime | None:
        """Since when the record has existed, if known."""
        moment = self.values.get("recorded_at")
        return moment if isinstance(moment, datetime) else None

    def since(self, field: str) -> datetime | None:
        """Since when a field has had its value, or has not been known, because it became stale. None: from the start."""
        return self.known[field].since if field in self.known else self.lapsed.get(field)


STEP = "(parameters)"
"""The name of the list whose single record is the step or act that a prohibition refers to; its fields are
the parameters."""


def step_record(params: Mapping[str, Value], open_fields: frozenset[str] = frozenset()) -> RecordView:
    """The parameters of a step or an act as a record; `open_fields` are still to be filled in."""
    return RecordView(STEP, "", dict(params), frozenset(params), open_fields=open_fields)


def role_of(party: RecordView) -> str | None:
    """The role of a record in `parties`, where it is declared as a party, a choice or a text; None if unknown."""
    role = party.values.get("role")
    return role.role if isinstance(role, Party) else role if isinstance(role, str) else None


class ConclusionTimes(Protocol):
    """Determines since when conclusions have been drawn."""

    def since(self, name: str, about: str | None, situation: Situation) -> datetime | None:
        """Since when the conclusion `name` about the record `about` (None: the case) has had its value."""


class DueStep(NamedTuple):
    """When an open step is due, and since when it has been open with this due time, if known (UTC)."""

    due: datetime
    since: datetime | None = None


class DueTimes(Protocol):
    """The open steps of a case with a due time, according to the rules that decide about them."""

    def of(self, action: str) -> Mapping[str | None, DueStep]:
        """The open steps of an action that are due first, by record (None: the case)."""

    def flips(self, action: str) -> Sequence[datetime]:
        """The instants at which these due times may change without any change of facts."""


ABOUT = "acts about"

Stated = tuple[Mapping[str, Value], Callable[[], Mapping[str, Known]]]
"""The facts that a case states, and a function for the times when they were learned."""


def by_action(acts: Iterable[Act], before: Mapping[str, tuple[Act, ...]]) -> dict[str, tuple[Act, ...]]:
    """The acts of each action in order, after those in `before`."""
    found: dict[str, list[Act]] = {}
    for act in acts:
        found.setdefault(act.action, []).append(act)
    return {**before, **{name: (*before.get(name, ()), *more) for name, more in found.items()}}


_when = attrgetter("at")


class Situation:
    """The state of a case at one instant, built by `engine.situation`, to which conclusions are added stratum by stratum.

    `stated` are the facts that the case itself states (without stale ones), `known` the times when they were
    learned. Records and acts have the order of the case; `incomplete` are acts that lack a required parameter
    and count for nothing. The engine sets the rest after construction: `lapsed` (the stale facts),
    `replaced` (parties that others replaced), the acts by action (`sort_acts`), `conclusion_times`, and a
    `versions`, which show what is unchanged since earlier situations of the same memory. `due_times` are those of the open
    steps that tests read; None if no test does.
    """

    noting: ClassVar[bool] = False
    """Whether it records what is read."""

    __slots__ = (
        "_acts_of",
        "_by_action",
        "_by_id",
        "_know",
        "_known",
        "_worked_out",
        "acts",
        "at",
        "calendar",
        "calendars",
        "conclusion_times",
        "currency",
        "due_times",
        "facts",
        "incomplete",
        "lapsed",
        "lists",
        "presence_flips",
        "replaced",
        "stated",
        "versions",
    )

    def __init__(
        self,
        at: datetime,
        *,
        currency: str | None = None,
        facts: dict[str, Value],
        stated: Stated,
        lists: Mapping[str, tuple[RecordView, ...] | None],
        acts: tuple[Act, ...] = (),
        calendars: Mapping[str, WorkingCalendar],
        calendar: str | None = None,
        presence_flips: tuple[datetime, ...] = (),
    ) -> None:
        self.at = at
        self.currency = currency
        self.facts = facts
        self.stated, self._know = stated
        self._known: Mapping[str, Known] | None = None
        self.lapsed: Lapsed = NEVER
        self.lists = lists
        self.acts = acts
        self.incomplete: tuple[Act, ...] = ()
        self._acts_of: dict[tuple[str, ...], tuple[Act, ...]] = {}
        self._by_action: Mapping[str, tuple[Act, ...]] | None = None
        self.calendars = calendars
        self.calendar = calendar
        self.presence_flips = presence_flips
        self.conclusion_times: ConclusionTimes | None = None
        self.due_times: DueTimes | None = None
        self._by_id: dict[str, dict[str, RecordView]] = {}
        self.replaced: Mapping[str, RecordView] = {}
        self.versions: Versions | None = None
        self._worked_out: dict[Hashable, object] = {}

    @property
    def memory(self) -> Memory | None:
        """The cache of the case; None for a single decision."""
        return self.versions.memory if self.versions is not None else None

    @property
    def known(self) -> Mapping[str, Known]:
        """The stated facts with the times when they were learned, computed on first use."""
        known = self._known
        if known is None:
            known = self._known = self._know()
        return known

    def tested(self, name: str, operator: Operator) -> Truth:
        """The truth of a test that depends only on the value of one fact."""
        value = self.facts.get(name)
        return None if value is None else operator.holds(value, self, ())

    def is_listed_after(self, act: Act, other: Act) -> bool:
        """Whether an act of the same instant comes after another one in the case."""
        for candidate in islice(self.acts, bisect_left(self.acts, other.at, key=_when), None):
            if candidate is other:
                return True
            if candidate is act:
                return False
        return False

    def acts_of(self, actions: Iterable[str]) -> tuple[Act, ...]:
        """The acts of these actions, in the order of all acts."""
        if not self.acts:
            return ()
        names, by_action = tuple(actions), self.acts_by_action()
        if len(names) == 1:
            return by_action.get(names[0], ())
        if names not in self._acts_of:
            some = any(name in by_action for name in names)
            self._acts_of[names] = tuple(act for act in self.acts if act.action in names) if some else ()
        return self._acts_of[names]

    def acts_about(self, actions: Iterable[str], record: str) -> Sequence[Act]:
        """The acts of these actions that are about a record."""
        names = tuple(actions)
        acts = self.acts_of(names)

        def sort() -> dict[str | None, list[Act]]:
            found: dict[str | None, list[Act]] = {}
            for act in acts:
                found.setdefault(act.about, []).append(act)
            return found

        return self.recalled((ABOUT, names), None, sort).get(record, ()) if acts else ()

    def acts_by_action(self) -> Mapping[str, tuple[Act, ...]]:
        """The acts of each action that has any, in the order of all acts."""
        if self._by_action is None:
            self._by_action = by_action(self.acts, {})
        return self._by_action

    def sort_acts(self, by_action: Mapping[str, tuple[Act, ...]]) -> None:
        """Set the acts by action, already grouped by the caller."""
        self._by_action = by_action

    def by_id(self, listed: str) -> Mapping[str, RecordView]:
        """The records of a list by id; empty if there are none."""
        if listed not in self._by_id:
            self._by_id[listed] = {record.id: record for record in self.lists.get(listed) or ()}
        return self._by_id[listed]

    def as_known(self, party: Party) -> Party:
        """A party given by id, with the current role of its record, even if that was replaced; other parties
        are unchanged."""
        record = self.by_id("parties").get(party.name) or self.replaced.get(party.name)
        return party if record is None else Party(party.name, role_of(record))

    def referring(self, listed: str, field: str) -> Mapping[str | None, list[tuple[int, RecordView]]]:
        """The records of a list by the record that a field of theirs refers to (None: unknown), each with its
        index in the list."""

        def sort() -> dict[str | None, list[tuple[int, RecordView]]]:
            found: dict[str | None, list[tuple[int, RecordView]]] = {}
            for place, record in enumerate(self.lists.get(listed) or ()):
                target = record.values.get(field)
                name = (
                    target.name if isinstance(target, Party) else target if isinstance(target, str) else None
                )
                found.setdefault(name, []).append((place, record))
            return found

        return self.recalled((listed, field), None, sort)

    def recalled(self, key: Hashable, read: Names | None, work: Callable[[], T]) -> T:
        """The cached result of `work` for this situation. If it depends only on what it `read`, it is shared by all
        situations in which this is the same."""
        if key in self._worked_out:
            known: T = self._worked_out[key]  # type: ignore[assignment]
            return known
        versions = self.versions
        if versions is None or read is None:
            found = work()
        else:
            found = versions.memory.recall(key, versions.number(read), self.at, lambda: (work(), None))
        self._worked_out[key] = found
        return found

    def since(self, fact: str) -> datetime | None:
        """Since when a fact has had its value, or has not been known, because it became stale. None: from the start."""
        return self.known[fact].since if fact in self.known else self.lapsed.get(fact)

    def lapsed_at(self, name: str, about: str | None) -> datetime | None:
        """Since when a fact, or a field (`list.field`) of a record, is stale; None if it is not."""
        if about is None:
            return self.lapsed.get(name)
        listed, _, field = name.partition(".")
        record = self.by_id(listed).get(about)
        return record.lapsed.get(field) if record is not None else None

    def concluded_since(self, name: str, about: str | None = None) -> datetime | None:
        """Since when a conclusion about a record or the case has had its value."""
        times = self.conclusion_times
        return times.since(name, about, self) if times is not None else None

    def deadline_after(
        self, moment: datetime, by: Deadline | Duration, pauses: Sequence[Pause] = ()
    ) -> datetime | None:
        """The end of a deadline that starts at `moment`, extended by the pauses.

        None if it is beyond the end of the calendar.
        """
        try:
            return deadline(by, moment, pauses, self.calendars, self.calendar or "")
        except (OverflowError, ValueError):
            return None

    def interval_after(self, moment: datetime, by: Duration | StartOf) -> datetime | None:
        """The end of an interval of elapsed or working time from `moment`. None if it is beyond the end of the calendar."""
        try:
            return by.interval_after(moment, self.calendars, self.calendar or "")
        except (OverflowError, ValueError):
            return None

    def periods_between(self, start: datetime, end: datetime, length: Duration, *, begun: bool) -> int | None:
        """How many such periods lie between two instants. None if that is beyond the end of the calendar."""
        try:
            return length.periods_between(start, end, self.calendars, self.calendar or "", begun=begun)
        except (OverflowError, ValueError):
            return None


Records = tuple[RecordView, ...]
"""The records in scope, outermost first: that of `for_each`, then those of `where` and `has`."""


@attrs.frozen
class Need:
    """Something unknown: a fact, a record list, or a field (`charges.amount`) of the record `about`."""

    name: str
    about: str | None = None
    concluded: bool = False


@attrs.frozen
class Condition(ABC):
    """A test on a situation. Conditions that test the same are equal; `position` is ignored."""

    position: Position = attrs.field(default=NOWHERE, eq=False, repr=False, kw_only=True)

    @abstractmethod
    def evaluate(self, situation: Situation, records: Records) -> Truth:
        """True, false, or None if undecided."""

    @abstractmethod
    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out first, in written order; empty unless `evaluate` returns None."""

    @abstractmethod
    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants at which the test may change without any change of facts. A superset is allowed,
        omissions are not."""

    by_hour: ClassVar[bool] = False
    """Whether `flips` yields only the next instants, because there is no last one."""

    @property
    def timed(self) -> bool:
        """Whether it may ever flip; False only if it certainly does not in any case."""
        return True

    @abstractmethod
    def since(self, situation: Situation, records: Records) -> datetime | None:
        """Since when it has had its truth, according to what is known; None: from the start, or undecided."""

    @abstractmethod
    def parts(self) -> Sequence[Condition]:
        """The conditions directly inside this one."""

    def names(self) -> Iterator[Name]:
        """The facts and fields tested here, in the scope of the condition itself."""
        return iter(())

    def reads(self) -> Iterator[tuple[str, bool]]:
        """Each name read here (not in parts): a fact, `list` or `list.field`, and whether it is a conclusion."""
        for name in self.names():
            yield name.full, name.fact.concluded

    @abstractmethod
    def to_data(self) -> dict[str, object]:
        """The condition in its YAML form, as plain data."""

    @property
    def reach(self) -> Reach:
        """What it reads, including all parts."""
        return united((self.own_reach(), *(part.reach for part in self.parts())))

    def own_reach(self) -> Reach:
        """What it reads itself."""
        return united(name.reach() for name in self.names())

    def all_reads(self) -> Iterator[tuple[str, bool]]:
        """Each name read here and in all parts."""
        yield from self.reads()
        for part in self.parts():
            yield from part.all_reads()

    def walk(self) -> Iterator[Condition]:
        """This condition and all conditions inside it, in written order."""
        yield self
        for part in self.parts():
            yield from part.walk()
