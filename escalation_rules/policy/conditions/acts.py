"""Tests on acts: `done`, `not_done` and `nothing_done_for`. Acts are always known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, Literal

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions.barring import barred_since, looked_at, may_have_done, unknown_doer
from escalation_rules.policy.conditions.condition import (
    Act,
    Condition,
    Need,
    Records,
    Situation,
    Truth,
    both,
    either,
    latest,
    opposite,
)
from escalation_rules.policy.conditions.memory import ACTS, Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.remembered import Remembered
from escalation_rules.policy.conditions.serving import serves
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.values import Value

About = Literal["this", "case", "any"]


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
    """What must follow an act: one of `actions`, by one of `roles` if any, within a time if any."""

    actions: Mapping[str, Meant] = attrs.field(hash=False)
    named: str
    roles: tuple[str, ...] = ()
    within: Duration | None = None

    def limit(self, act: Act, situation: Situation) -> datetime | None:
        """The latest time at which it must follow; None: no limit."""
        return situation.deadline_after(act.at, self.within) if self.within is not None else None

    def to_data(self) -> object:
        rest: dict[str, object] = {"by": list(self.roles)} if self.roles else {}
        rest |= {"within": str(self.within)} if self.within is not None else {}
        return {"action": self.named, **rest} if rest else self.named


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
        undecided = (
            name.need(situation, records)
            for parameter, name in self.wanted
            if self._covers(parameter, act.params.get(parameter), name.get(situation, records)) is None
        )
        return tuple(islice(undecided, 0 if self.of_step else 1))

    def names(self) -> Iterator[Name]:
        """The facts and fields that are read."""
        yield from (name for _, name in self.wanted if not self.of_step)

    def stated(self, situation: Situation, records: Records) -> dict[str, Value]:
        """The parameters that an act needs to cover the facts and fields, as far as these are known."""
        pairs = ((each, name.get(situation, records)) for each, name in self.wanted if not self.of_step)
        return {each: value for each, value in pairs if value is not None}

    def reach(self) -> Reach:
        """What is read, apart from the act."""
        return united(name.reach() for _, name in self.wanted)

    def to_data(self) -> object:
        return list(self.parameters) if self.of_step else {each: name.text for each, name in self.wanted}

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
    """

    actions: Mapping[str, Meant] = attrs.field(hash=False)
    named: tuple[str, ...]
    roles: tuple[str, ...] = ()
    about: About | None = None
    newer_than: Duration | None = None
    older_than: Duration | None = None
    after: Name | None = None
    before: Name | None = None

    def candidates(self, situation: Situation, records: Records) -> Sequence[Act]:
        """The acts of the actions in order, except those that are certainly about another record."""
        depths = {each.depth for each in self.actions.values()}
        depth = next(iter(depths)) if len(depths) == 1 else None
        if depth is None:
            return situation.acts_of(self.actions)
        return situation.acts_about(self.actions, records[depth].id)

    def matches(self, act: Act, situation: Situation, records: Records) -> Truth:
        """Whether the act matches; None while a role, or an instant that the act is compared with, is unknown."""
        meant = self.actions.get(act.action)
        if meant is None or act.outcome not in meant.outcomes:
            return False
        if meant.depth is not None and act.about != records[meant.depth].id:
            return False
        if self.about == "case" and act.about is not None:
            return False
        truth: Truth = True
        for each in self._uncertain(act, situation, records):
            if each is False:
                return False
            truth = None if each is None else truth
        return truth

    def _uncertain(self, act: Act, situation: Situation, records: Records) -> Iterator[Truth]:
        yield self.actions[act.action].doer(act, situation)
        if self.newer_than is not None:
            yield not _reached(act.at, self.newer_than, situation)
        if self.older_than is not None:
            yield _reached(act.at, self.older_than, situation)
        for name, later in ((self.after, True), (self.before, False)):
            if name is not None:
                moment = name.get(situation, records)
                yield (
                    None
                    if not isinstance(moment, datetime)
                    else serves(act, moment, name.order(situation, records)) is later
                )

    @property
    def scope(self) -> About:
        """What the acts must be about: this record, the case, or anything."""
        if any(each.depth is not None for each in self.actions.values()):
            return "this"
        return self.about or "any"

    def record_of(self, action: str, records: Records) -> str | None:
        """The id of the record that acts of `action` must be about, or None."""
        depth = self.actions[action].depth
        return records[depth].id if depth is not None else None

    def unknown(self, act: Act, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What makes it undecided whether the act matches: the instants that it is compared with, else its doer's role."""
        for name in (self.after, self.before):
            if name is not None and name.get(situation, records) is None:
                return (name.need(situation, records),)
        if self.matches(act, situation, records) is not None:
            return ()
        return self.actions[act.action].unknown_doer(act, situation)

    @property
    def ages(self) -> bool:
        """Whether time alone changes which acts match."""
        return self.newer_than is not None or self.older_than is not None

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """The future instants at which an act starts or stops matching."""
        for duration in (self.newer_than, self.older_than):
            if duration is not None:
                yield from _ends(self.candidates(situation, records), duration, situation)

    def since(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        """Since when an act has matched or not, considering its own time, its age, and when the compared
        instants were learned."""
        ends = (situation.interval_after(act.at, each) for each in (self.newer_than, self.older_than) if each)
        passed = (each for each in ends if each is not None and each <= situation.at)
        barred = self.actions[act.action].barred
        who = barred_since(barred, act.about, situation) if barred else None
        return latest((act.at, *passed, who, *(name.since(situation, records) for name in self.names())))

    def reach(self, followed: Followed | None = None) -> Reach:
        """What is read: these acts (and those that follow), what they are compared with, and their record."""
        actions = {**self.actions, **(followed.actions if followed is not None else {})}
        depths = frozenset(each.depth for each in actions.values() if each.depth is not None)
        return united(
            (
                Reach(tuple(f"{ACTS}{name}" for name in actions), depths),
                *(Reach(tuple(looked_at(each.barred))) for each in actions.values() if each.barred),
                *(each.reach() for each in self.names()),
            )
        )

    def names(self) -> Iterator[Name]:
        """The names that are read."""
        yield from (name for name in (self.after, self.before) if name is not None)

    def to_data(self) -> dict[str, object]:
        data: dict[str, object] = {"action": self.named[0] if len(self.named) == 1 else list(self.named)}
        data |= {"by": list(self.roles)} if self.roles else {}
        data |= {"about": self.about} if self.about is not None else {}
        for key, duration in (("newer_than", self.newer_than), ("older_than", self.older_than)):
            data |= {key: str(duration)} if duration is not None else {}
        for key, name in (("after", self.after), ("before", self.before)):
            data |= {key: name.text} if name is not None else {}
        return data


def _ends(acts: Sequence[Act], duration: Duration, situation: Situation) -> Iterator[datetime]:
    """The future instants at which `duration` has passed since each of the acts, which are in order of time."""
    for act in reversed(acts):
        end = situation.interval_after(act.at, duration)
        if end is not None and end >= situation.at:
            yield end
        elif end is not None and duration.is_elapsed:
            return  # and so have those before; working time since an earlier act may end later


def _reached(moment: datetime, duration: Duration, situation: Situation) -> bool:
    end = situation.interval_after(moment, duration)
    return end is not None and situation.at >= end


@attrs.frozen
class Done(Remembered):
    """At least `at_least` matching acts happened; with `not_followed_by`, at least one without such a
    following act.

    `covers` maps parameters of the act to facts or fields (in the end of a hold, also to the same parameters
    of the held step). The act must state the same value, or at least as much for an amount, a count or a
    duration.
    """

    head: ClassVar[str] = "done"
    doc: ClassVar[str] = (
        "this was done (`by:` a role, `about:` a record, with an `outcome:`, `after:` an instant; `not_followed_by:`; "
        "`covers:` an amount)"
    )
    example: ClassVar[str] = "{done: {action: convene_review, not_followed_by: record_promises}}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "did", "was_done", "has_done", "happened", "after_doing", "action", "act", "completed"
    )  # fmt: skip
    acts: ActFilter
    at_least: int = 1
    outcomes: tuple[str, ...] = ()
    not_followed_by: Followed | None = None
    covers: Covered | None = None

    @property
    def only_action(self) -> str | None:
        """The only action that must be done for this to hold; None if there are alternatives."""
        return next(iter(self.acts.actions)) if len(self.acts.actions) == 1 else None

    def turned_into(self, kind: type[Done]) -> Done:
        """The same test as `done` or `not_done`."""
        return kind(**{each.name: getattr(self, each.name) for each in attrs.fields(Done) if each.init})

    def test(self, situation: Situation, records: Records) -> Truth:
        sure = most = 0
        for act in reversed(self.acts.candidates(situation, records)):
            truth = self._meant(act, situation, records)
            sure += truth is True
            most += truth is not False
            if sure >= self.at_least:
                return True
        return None if most >= self.at_least else False

    def found(self, situation: Situation, records: Records) -> Sequence[Act]:
        """The acts because of which the test holds, in order, from the one that reached the required number on."""
        candidates = self.acts.candidates(situation, records)
        meant = [act for act in candidates if self._meant(act, situation, records)]
        return meant[self.at_least - 1 :]

    def _meant(self, act: Act, situation: Situation, records: Records) -> Truth:
        truth = self.acts.matches(act, situation, records)
        if truth is not False and self.covers is not None:
            truth = both((truth, self.covers.by(act, situation, records)))
        if truth is False or self.not_followed_by is None:
            return truth
        by, limit = self.not_followed_by, self.not_followed_by.limit(act, situation)
        if by.within is not None and (limit is None or situation.at < limit):
            return False  # it may still follow, so it is not missing yet
        return both(
            (
                truth,
                opposite(
                    either(
                        self._follows(each, act, by, limit, situation)
                        for each in situation.acts_of(by.actions)
                    )
                ),
            )
        )

    def _follows(
        self, later: Act, act: Act, by: Followed, limit: datetime | None, situation: Situation
    ) -> Truth:
        if later is act or not serves(later, act.at, act.order) or (limit is not None and later.at > limit):
            return False
        meant = by.actions.get(later.action)
        if meant is None or later.outcome not in meant.outcomes:
            return False
        same_list = meant.about in (None, self.acts.actions[act.action].about)
        if same_list and act.about is not None and later.about not in (None, act.about):
            return False
        return meant.doer(later, situation)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        for act in self.acts.candidates(situation, records):
            if self._meant(act, situation, records) is None:
                needs = (
                    self.acts.unknown(act, situation, records)
                    or (self.covers.unknown(act, situation, records) if self.covers is not None else ())
                    or self._unknown_follower(act, situation)
                )
                if needs:
                    return needs
        return ()

    def _unknown_follower(self, act: Act, situation: Situation) -> tuple[Need, ...]:
        by = self.not_followed_by
        if by is None:
            return ()
        limit = by.limit(act, situation)
        for each in situation.acts_of(by.actions):
            if self._follows(each, act, by, limit, situation) is None:
                needs = by.actions[each.action].unknown_doer(each, situation)
                if needs:
                    return needs
        return ()

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.acts.flips(situation, records)
        if self.not_followed_by is not None and self.not_followed_by.within is not None:
            for act in self.acts.candidates(situation, records):
                limit = self.not_followed_by.limit(act, situation)
                if limit is not None:
                    yield limit

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        truth = Done.test(self, situation, records)
        if truth:
            acts = self.acts.candidates(situation, records)
            meant = [act for act in acts if self._meant(act, situation, records)]
            moments = (self._open_since(act, situation, records) for act in meant)
            return sorted(each for each in moments if each is not None)[self.at_least - 1]
        ended = (self._ended(act, situation, records) for act in situation.acts_of(self.acts.actions))
        return latest(ended) if truth is False else None

    def _open_since(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        limit = self.not_followed_by.limit(act, situation) if self.not_followed_by is not None else None
        covered = self.covers.names() if self.covers is not None else ()
        known = (name.since(situation, records) for name in covered)
        return latest((self.acts.since(act, situation, records), limit, *known))

    def _ended(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        """Since when an act that does not match has not matched; None if it never did."""
        moments = [name.since(situation, records) for name in self.names()]
        if self.acts.newer_than is not None:
            moments.append(situation.interval_after(act.at, self.acts.newer_than))
        if (by := self.not_followed_by) is not None:
            limit = by.limit(act, situation)
            followers = (
                each.at
                for each in situation.acts_of(by.actions)
                if self._follows(each, act, by, limit, situation)
            )
            moments += islice(followers, 1)
        return latest(each for each in moments if each is not None and act.at < each <= situation.at)

    def parts(self) -> Sequence[Condition]:
        return ()

    def names(self) -> Iterator[Name]:
        yield from self.acts.names()
        if self.covers is not None:
            yield from self.covers.names()

    def own_reach(self) -> Reach:
        own = self.acts.reach(self.not_followed_by)
        return own if self.covers is None else united((own, self.covers.reach()))

    def to_data(self) -> dict[str, object]:
        data: dict[str, Any] = self.acts.to_data()
        data |= {"outcome": list(self.outcomes)} if self.outcomes else {}
        data |= {"at_least": self.at_least} if self.at_least != 1 else {}
        data |= {"not_followed_by": self.not_followed_by.to_data()} if self.not_followed_by else {}
        data |= {"covers": self.covers.to_data()} if self.covers is not None else {}
        return {self.head: data["action"] if len(data) == 1 else data}


@attrs.frozen
class NotDone(Done):
    """No (or not enough) matching acts happened."""

    head: ClassVar[str] = "not_done"
    doc: ClassVar[str] = "this was not done (same forms as `done`)"
    example: ClassVar[str] = "{not_done: {action: call_back, newer_than: 2 days}}"
    meant_by: ClassVar[tuple[str, ...]] = ("never_done", "not_yet_done", "was_not_done", "undone")

    @property
    def only_action(self) -> str | None:
        return None

    def test(self, situation: Situation, records: Records) -> Truth:
        return opposite(Done.test(self, situation, records))


@attrs.frozen
class NothingDoneFor(Remembered):
    """No matching act for some time, counted from the last one or from `since`, whichever is later."""

    head: ClassVar[str] = "nothing_done_for"
    doc: ClassVar[str] = "nothing (of this) was done for this long, counted from the last act or from `since`"
    example: ClassVar[str] = "{nothing_done_for: 14 days}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "no_action_for", "nothing_for", "nothing_done", "idle", "idle_for", "inactive_for", "silent_for",
        "silence"
    )  # fmt: skip
    acts: ActFilter
    duration: Duration
    start: Name

    def test(self, situation: Situation, records: Records) -> Truth:
        start = self.start.get(situation, records)
        sure, possible = self._moments(situation, records)
        if not self._passed_since(sure, situation):
            return False
        if start is None:
            return None
        return True if self._passed_since(possible, situation) else None

    def _moments(self, situation: Situation, records: Records) -> tuple[list[datetime], list[datetime]]:
        """The instants from which the time counts: certain ones, and possible ones."""
        start = self.start.get(situation, records)
        sure = [start] if isinstance(start, datetime) else []
        possible: list[datetime] = []
        for act in reversed(self.acts.candidates(situation, records)):
            truth = self.acts.matches(act, situation, records)
            if truth is not False:
                (sure if truth else possible).append(act.at)
            if truth and self.duration.is_elapsed:
                break  # if the time has passed since this one, it has passed since those before
        return sure, possible

    def _passed_since(self, moments: Sequence[datetime], situation: Situation) -> bool:
        """Whether the time has passed since all of the instants."""
        return all(_reached(moment, self.duration, situation) for moment in self._decisive(moments))

    def _decisive(self, moments: Sequence[datetime]) -> Sequence[datetime]:
        """The instants that decide whether the time has passed since all: the last one; in working time, an
        earlier one may end later."""
        return moments if not self.duration.is_elapsed or not moments else [max(moments)]

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        if self.start.get(situation, records) is None:
            return (self.start.need(situation, records),)
        for act in self.acts.candidates(situation, records):
            recent = not _reached(act.at, self.duration, situation)
            needs = self.acts.unknown(act, situation, records) if recent else ()
            if needs:
                return needs
        return ()

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.acts.flips(situation, records)
        if self.acts.ages or not self.duration.is_elapsed:
            yield from _ends(self.acts.candidates(situation, records), self.duration, situation)
            start = self.start.get(situation, records)
            moments = [start] if isinstance(start, datetime) else []
        else:
            sure, possible = self._moments(situation, records)
            moments = [*self._decisive(sure), *possible]  # the doer of the first recent one is asked for
        ends = (situation.interval_after(each, self.duration) for each in moments)
        yield from (each for each in ends if each is not None)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        truth, start = self.evaluate(situation, records), self.start.get(situation, records)
        meant = self.acts.candidates(situation, records)
        acts = [act.at for act in meant if self.acts.matches(act, situation, records)]
        moments = [*acts, start] if isinstance(start, datetime) else acts
        if truth is None or not moments:
            return None
        ends = [situation.interval_after(each, self.duration) for each in self._decisive(moments)]
        return latest((latest(ends) if truth else max(moments), self.start.since(situation, records)))

    def parts(self) -> Sequence[Condition]:
        return ()

    def names(self) -> Iterator[Name]:
        yield self.start
        yield from self.acts.names()

    def own_reach(self) -> Reach:
        return united((self.start.reach(), self.acts.reach()))

    def to_data(self) -> dict[str, object]:
        rest = {
            key: value for key, value in self.acts.to_data().items() if key != "action" or self.acts.named
        }
        if self.acts.named in {(), ("any",)}:
            rest.pop("action", None)
        return {self.head: {"for": str(self.duration), "since": self.start.text, **rest}}


ACT_CONDITIONS: tuple[type[Done] | type[NothingDoneFor], ...] = (Done, NotDone, NothingDoneFor)
