"""Tests on acts: `done`, `not_done` and `nothing_done_for`. Acts are always known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions.act_filter import ActFilter, Covered, Followed, ends_of, reached
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
from escalation_rules.policy.conditions.memory import Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.remembered import Remembered
from escalation_rules.policy.conditions.serving import serves


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
        "this was done (`by:` a role; `about:` `this` record, the `case`, `any`, or a field that refers to a record; with an "
        "`outcome:`; `after:` or `before:` an instant, or a time after or before it; `not_followed_by:`; `covers:` an amount)"
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
        return kind(**{field.name: getattr(self, field.name) for field in attrs.fields(Done) if field.init})

    def test(self, situation: Situation, records: Records) -> Truth:
        sure = most = 0
        for act in reversed(self.acts.candidates(situation, records)):
            truth = self.means(act, situation, records)
            sure += truth is True
            most += truth is not False
            if sure >= self.at_least:
                return True
        return None if most >= self.at_least else False

    def needs_only_time(self, situation: Situation, records: Records) -> bool:
        """Whether it would hold if enough time had passed: what was done is too recent, or may still be followed."""
        follow = self.not_followed_by
        if self.acts.older_than is None and (follow is None or follow.within is None):
            return False
        later = attrs.evolve(
            self,
            acts=attrs.evolve(self.acts, older_than=None),
            not_followed_by=follow and attrs.evolve(follow, within=None),
        )
        return later.test(situation, records) is True

    def found(self, situation: Situation, records: Records) -> Sequence[Act]:
        """The acts because of which the test holds, in order, from the one that reached the required number on."""
        candidates = self.acts.candidates(situation, records)
        meant = [act for act in candidates if self.means(act, situation, records)]
        return meant[self.at_least - 1 :]

    def means(self, act: Act, situation: Situation, records: Records) -> Truth:
        """Whether the act is one that is meant."""
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
                        self._follows(candidate, act, by, limit, situation)
                        for candidate in situation.acts_of(by.actions)
                    )
                ),
            )
        )

    def _follows(
        self, later: Act, act: Act, by: Followed, limit: datetime | None, situation: Situation
    ) -> Truth:
        if later is act or not serves(later, act.at, act.order) or (limit is not None and later.at > limit):
            return False
        if later.at == act.at and later.order is None and not situation.is_listed_after(later, act):
            return False
        meant = by.actions.get(later.action)
        if meant is None or later.outcome not in meant.outcomes:
            return False
        if act.about is not None and meant.about in (None, self.acts.actions[act.action].about):
            # Of an action about the same list, an act that names no record counts for none of them.
            fitting = (act.about,) if meant.about is not None else (act.about, None)
            if later.about not in fitting:
                return False
        return meant.doer(later, situation)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        for act in self.acts.candidates(situation, records):
            if self.means(act, situation, records) is None:
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
        for candidate in situation.acts_of(by.actions):
            if self._follows(candidate, act, by, limit, situation) is None:
                needs = by.actions[candidate.action].unknown_doer(candidate, situation)
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
            meant = [act for act in acts if self.means(act, situation, records)]
            moments = (self._open_since(act, situation, records) for act in meant)
            return sorted(moment for moment in moments if moment is not None)[self.at_least - 1]
        ended = (self._ended(act, situation, records) for act in situation.acts_of(self.acts.actions))
        return latest(ended) if truth is False else None

    def _open_since(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        limit = self.not_followed_by.limit(act, situation) if self.not_followed_by is not None else None
        covered = self.covers.names() if self.covers is not None else ()
        known = (name.since(situation, records) for name in covered)
        return latest((self.acts.since(act, situation, records), limit, *known))

    def _ended(self, act: Act, situation: Situation, records: Records) -> datetime | None:
        """Since when an act that does not match has not matched; None if it never did."""
        covered = self.covers.names() if self.covers is not None else ()
        moments = [name.since(situation, records) for name in covered]
        if (by := self.not_followed_by) is not None:
            limit = by.limit(act, situation)
            followers = (
                candidate.at
                for candidate in situation.acts_of(by.actions)
                if self._follows(candidate, act, by, limit, situation)
            )
            moments += islice(followers, 1)
        ended = (moment for moment in moments if moment is not None and act.at < moment <= situation.at)
        return latest((*self.acts.ended(act, situation, records), *ended))

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
        return all(reached(moment, self.duration, situation) for moment in self._decisive(moments))

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
            recent = not reached(act.at, self.duration, situation)
            needs = self.acts.unknown(act, situation, records) if recent else ()
            if needs:
                return needs
        return ()

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from self.acts.flips(situation, records)
        if self.acts.timed or not self.duration.is_elapsed:
            yield from ends_of(self.acts.candidates(situation, records), self.duration, situation)
            start = self.start.get(situation, records)
            moments = [start] if isinstance(start, datetime) else []
        else:
            sure, possible = self._moments(situation, records)
            moments = [*self._decisive(sure), *possible]  # the doer of the first recent one is asked for
        ends = (situation.interval_after(moment, self.duration) for moment in moments)
        yield from (end for end in ends if end is not None)

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        truth, start = self.evaluate(situation, records), self.start.get(situation, records)
        meant = self.acts.candidates(situation, records)
        acts = [act.at for act in meant if self.acts.matches(act, situation, records)]
        moments = [*acts, start] if isinstance(start, datetime) else acts
        if truth is None or not moments:
            return None
        ends = [situation.interval_after(moment, self.duration) for moment in self._decisive(moments)]
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
