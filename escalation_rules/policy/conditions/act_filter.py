"""Determines which acts a test matches: by action, outcome, doer, record, time and parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, get_args

import attrs

from escalation_rules.calendar import Duration, StartOf
from escalation_rules.policy.conditions.barring import barred_since, looked_at, may_have_done, unknown_doer
from escalation_rules.policy.conditions.condition import (
    Act,
    Need,
    Records,
    Situation,
    Truth,
    both,
    latest,
)
from escalation_rules.policy.conditions.memory import ACTS, Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.serving import serves
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.values import Value

Scope = Literal["this", "case", "any"]
SCOPES: tuple[Scope, ...] = get_args(Scope)


@attrs.frozen
class Meant:
    """Which acts of one action match: outcomes, roles (empty: anybody), who is barred, and the record.

    `about` is the list that the action is about (or `case`, or None). `depth` is the position in scope of the
    record that the acts must be about; None: any record. `outsiders` are the roles that are not ours.
    """

    outcomes: frozenset[str]
    roles: tuple[str, ...] = ()
    about: str | None = None
    depth: int | None = None
    barred: tuple[Barred, ...] = ()
    outsiders: frozenset[str] = frozenset()

    @property
    def is_ours(self) -> bool:
        """Whether the acts may be done by one of us."""
        return not self.roles or not self.outsiders.issuperset(self.roles)

    def doer(self, act: Act, situation: Situation) -> Truth:
        """Whether the act was done by one of the roles and by nobody who is barred; None if unknown."""
        return may_have_done(self.roles, self.barred, act, situation)

    def unknown_doer(self, act: Act, situation: Situation) -> tuple[Need, ...]:
        """What must be found out about the doer, or about who is barred."""
        return unknown_doer(self.roles, self.barred, act, situation)


@attrs.frozen
class Followed:
    """What must follow an act: one of `actions`, by one of `roles` if any, with one of the `outcomes` (empty: those that
    count), within a time if any. `named` lists the actions as written."""

    actions: Mapping[str, Meant] = attrs.field(hash=False)
    named: tuple[str, ...]
    roles: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    within: Duration | None = None

    def limit(self, act: Act, situation: Situation) -> datetime | None:
        """The latest time at which it must follow; None: no limit."""
        return situation.deadline_after(act.at, self.within) if self.within is not None else None

    def to_data(self) -> object:
        rest: dict[str, object] = {"by": list(self.roles)} if self.roles else {}
        rest |= {"outcome": list(self.outcomes)} if self.outcomes else {}
        rest |= {"within": str(self.within)} if self.within is not None else {}
        action = self.named[0] if len(self.named) == 1 else list(self.named)
        return {"action": action, **rest} if rest else action


@attrs.frozen
class Covered:
    """Parameters that an act must cover, each with the name of the value to compare with.

    Parameters in `at_least` cover the value if they are equal or higher. `of_step`: the values are parameters
    of a held step in scope.
    """

    wanted: tuple[tuple[str, Name], ...]
    at_least: frozenset[str]
    of_step: bool

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of the parameters, as ordered in the policy."""
        return tuple(parameter for parameter, _ in self.wanted)

    def by(self, act: Act, situation: Situation, records: Records) -> Truth:
        """Whether an act covers all values. An act without a parameter covers any value of it. None if a
        value is unknown for a parameter that the act states."""
        return both(
            self._covers(parameter, act.params.get(parameter), name.get(situation, records))
            for parameter, name in self.wanted
        )

    def unknown(self, act: Act, situation: Situation, records: Records) -> tuple[Need, ...]:
        """The first unknown value because of which it is undecided whether the act covers it. Missing
        parameters of a step are asked for elsewhere."""
        for parameter, name in () if self.of_step else self.wanted:
            if self._covers(parameter, act.params.get(parameter), name.get(situation, records)) is None:
                return (name.need(situation, records),)
        return ()

    def names(self) -> Iterator[Name]:
        """The facts and fields that are read."""
        yield from (name for _, name in self.wanted if not self.of_step)

    def stated(self, situation: Situation, records: Records) -> dict[str, Value]:
        """The parameters that an act needs to cover the facts and fields, as far as these are known."""
        pairs = (
            (parameter, name.get(situation, records)) for parameter, name in self.wanted if not self.of_step
        )
        return {parameter: value for parameter, value in pairs if value is not None}

    def reach(self) -> Reach:
        """What is read, apart from the act."""
        return united(name.reach() for _, name in self.wanted)

    def to_data(self) -> object:
        return (
            list(self.parameters)
            if self.of_step
            else {parameter: name.text for parameter, name in self.wanted}
        )

    def _covers(self, name: str, said: Any, wanted: Any) -> Truth:
        if said is None:
            return True
        if wanted is None:
            return None
        return bool(said >= wanted) if name in self.at_least else bool(said == wanted)


@attrs.frozen
class ActFilter:
    """Which acts match. `named` lists the actions as written; other fields are None or empty if not given.

    By default, only acts with a counting outcome match, done by those who may do the action. For an action
    about a list in scope, only acts about the nearest record of that list match; for other actions, all.
    `about` is one of `SCOPES`, or a field that refers to the record that the acts must be about: `reference`.
    """

    actions: Mapping[str, Meant] = attrs.field(hash=False)
    named: tuple[str, ...]
    roles: tuple[str, ...] = ()
    about: str | None = None
    reference: Name | None = None
    newer_than: Duration | StartOf | None = None
    older_than: Duration | StartOf | None = None
    after: Name | Shifted | None = None
    before: Name | Shifted | None = None

    def candidates(self, situation: Situation, records: Records) -> Sequence[Act]:
        """The acts of the actions in order, except those that are certainly about another record."""
        depths = {criteria.depth for criteria in self.actions.values()}
        depth = next(iter(depths)) if len(depths) == 1 else None
        record = records[depth].id if depth is not None else self._referred(situation, records)
        if record is None:
            return situation.acts_of(self.actions)
        return situation.acts_about(self.actions, record)

    def matches(self, act: Act, situation: Situation, records: Records) -> Truth:
        """Whether the act matches; None while a role, or an instant that the act is compared with, is unknown."""
        meant = self.actions.get(act.action)
        if meant is None or act.outcome not in meant.outcomes:
            return False
        if meant.depth is not None and act.about != records[meant.depth].id:
            return False
        if self.about == "case" and act.about is not None:
            return False
        if self.reference is not None and act.about is None:
            return False
        truth: Truth = True
        for doubt in self._uncertain(act, situation, records):
            if doubt is False:
                return False
            truth = None if doubt is None else truth
        return truth

    def _uncertain(self, act: Act, situation: Situation, records: Records) -> Iterator[Truth]:
        yield self.actions[act.action].doer(act, situation)
        if self.reference is not None:
            record = self._referred(situation, records)
            yield None if record is None else act.about == record
        if self.newer_than is not None:
            yield not reached(act.at, self.newer_than, situation)
        if self.older_than is not None:
            yield reached(act.at, self.older_than, situation)
        for limit, later in ((self.after, True), (self.before, False)):
            if limit is None:
                continue
            moment = limit.get(situation, records)
            if not isinstance(moment, datetime):
                yield None
            elif isinstance(limit, Shifted):
                # Nothing was learned or done at that instant, so there is no order to consider.
                yield (act.at >= moment) is later
            else:
                yield serves(act, moment, limit.order(situation, records)) is later

    @property
    def scope(self) -> Scope | None:
        """What the acts must be about: this record, the case, or anything; None: what `reference` refers to."""
        if self.reference is not None:
            return None
        if any(criteria.depth is not None for criteria in self.actions.values()):
            return "this"
        return "case" if self.about == "case" else "any"

    def record_of(self, action: str, situation: Situation, records: Records) -> str | None:
        """The id of the record that acts of `action` must be about; None if there is none, or it is unknown."""
        depth = self.actions[action].depth
        return records[depth].id if depth is not None else self._referred(situation, records)

    def _referred(self, situation: Situation, records: Records) -> str | None:
        record = self.reference.get(situation, records) if self.reference is not None else None
        return record if isinstance(record, str) else None

    def unknown(self, act: Act, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What makes it undecided whether the act matches: the instants that it is compared with, else its doer's role."""
        for name in self.names():
            if name.get(situation, records) is None:
                return (name.need(situation, records),)
        if self.matches(act, situation, records) is not None:
            return ()
        return self.actions[act.action].unknown_doer(act, situation)

    @property
    def timed(self) -> bool:
        """Whether time alone changes which acts match."""
        return self.newer_than is not None or self.older_than is not None

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """The future instants at which an act starts or stops matching."""
        for duration in (self.newer_than, self.older_than):
            if duration is not None:
                yield from ends_of(self.candidates(situation, records), duration, situation)

    def since(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        """Since when an act has matched or not, considering its own time, its age, and when the compared
        instants were learned."""
        ends = (
            situation.interval_after(act.at, length)
            for length in (self.newer_than, self.older_than)
            if length
        )
        passed = (end for end in ends if end is not None and end <= situation.at)
        barred = self.actions[act.action].barred
        who = barred_since(barred, act.about, situation, act) if barred else None
        return latest((act.at, *passed, who, *(name.since(situation, records) for name in self.names())))

    def ended(self, act: Act, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants up to now since which an act that does not match may not have matched."""
        moments = [name.since(situation, records) for name in self.names()]
        if self.newer_than is not None:
            moments.append(situation.interval_after(act.at, self.newer_than))
        yield from (moment for moment in moments if moment is not None and act.at < moment <= situation.at)

    def changes(self, situation: Situation, records: Records) -> Iterator[datetime | None]:
        """The instants up to now at which acts came to match, or may have stopped matching."""
        for act in situation.acts_of(self.actions):
            if self.matches(act, situation, records):
                yield self.since(act, situation, records)
            else:
                yield from self.ended(act, situation, records)

    def reach(self, followed: Followed | None = None) -> Reach:
        """What is read: these acts (and those that follow), what they are compared with, and their record."""
        actions = {**self.actions, **(followed.actions if followed is not None else {})}
        depths = frozenset(criteria.depth for criteria in actions.values() if criteria.depth is not None)
        return united(
            (
                Reach(tuple(f"{ACTS}{name}" for name in actions), depths),
                *(
                    Reach(tuple(looked_at(criteria.barred)))
                    for criteria in actions.values()
                    if criteria.barred
                ),
                *(name.reach() for name in self.names()),
            )
        )

    def names(self) -> Iterator[Name]:
        """The names that are read."""
        for limit in (self.after, self.before):
            if limit is not None:
                yield limit.name if isinstance(limit, Shifted) else limit
        if self.reference is not None:
            yield self.reference

    def to_data(self) -> dict[str, object]:
        data: dict[str, object] = {"action": self.named[0] if len(self.named) == 1 else list(self.named)}
        data |= {"by": list(self.roles)} if self.roles else {}
        data |= {"about": self.about} if self.about is not None else {}
        for key, duration in (("newer_than", self.newer_than), ("older_than", self.older_than)):
            data |= {key: str(duration)} if duration is not None else {}
        for key, limit in (("after", self.after), ("before", self.before)):
            if limit is not None:
                data[key] = limit.to_data() if isinstance(limit, Shifted) else limit.text
        return data


def ends_of(acts: Sequence[Act], duration: Duration | StartOf, situation: Situation) -> Iterator[datetime]:
    """The future instants at which `duration` has passed since each of the acts, which are in order of time."""
    for act in reversed(acts):
        end = situation.interval_after(act.at, duration)
        if end is not None and end >= situation.at:
            yield end
        elif end is not None and duration.is_elapsed:
            return  # and so have those before; working time since an earlier act may end later


def reached(moment: datetime, duration: Duration | StartOf, situation: Situation) -> bool:
    """Whether so much time has passed since an instant. Never true if its end is beyond the calendar."""
    end = situation.interval_after(moment, duration)
    return end is not None and situation.at >= end
