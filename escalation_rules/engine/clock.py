"""Computes due times of steps.

A clock does not run before its reason is known, nor while the step is held, forbidden or paused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from escalation_rules.calendar import united
from escalation_rules.engine.known import KnownTimes
from escalation_rules.engine.past import Cause, Past, Standing, State, Watched, cause_of
from escalation_rules.engine.prohibitions import Prohibition, Prohibitions
from escalation_rules.engine.recommendations import Recommendation, Span, Start
from escalation_rules.engine.steps import Draft, Due
from escalation_rules.policy.conditions import Situation, latest


class Clock:
    """The clocks of one decision. `until` is the last instant at which something may have been learned."""

    def __init__(
        self, past: Past, until: datetime, situation: Situation, prohibitions: Prohibitions, known: KnownTimes
    ) -> None:
        self._past = past
        self._until = until
        self._situation = situation
        self._now = State(situation, prohibitions, None)
        self._times = known
        self._precedence = past.clocks.rule_index.precedence

    def dues(self, step: Draft) -> list[Due]:
        """The due time of each reason with a time limit, earliest first; those without a due time come last."""
        found = [
            self._due(step, recommendation, start)
            for recommendation in self._in_time(step)
            for start in recommendation.starts
        ]
        if not found:
            return found
        at = self._situation.at
        return sorted(found, key=lambda due: (due.at is None, due.at or at, due.recommendation.rule.id))

    def open_since(self, step: Draft, due: Due) -> datetime | None:
        """Since when a step has been open with this due time: its time had begun, its reason was known, and nothing stood
        in its way any more. A held step with a fixed time is open. None: from the start."""
        at, start = self._situation.at, due.start
        moments = [moment for moment in self._known(due.recommendation, start) if moment <= at]
        if not start.length.before:
            holds = self._past.clocks.holds
            spans = (*start.stopped, *_spans(
                (moment, frozenset(cause for cause in causes if not (start.fixed and holds(cause))))
                for moment, causes in self._standing(step, due.recommendation, start)
            ))  # fmt: skip
            moments += [start.moment, *(end for _, end in spans if end is not None and end <= at)]
        return latest(moments)

    def taken_over(self, step: Draft) -> list[Recommendation]:
        """The reasons whose time limits do not count, because an escalating rule states its own."""
        counting = self._in_time(step)
        return [
            recommendation
            for recommendation in step.recommendations
            if recommendation.starts and recommendation not in counting
        ]

    def inherited(self, step: Draft, hold: Prohibition, alike: Iterable[Prohibition]) -> tuple[Start, ...]:
        """The times of a held step before this hold, inherited by the act that releases it. All `alike` holds
        wait for the same act. A hold that waits for us does not stop the clock of what we have to do."""
        waiting = frozenset(map(cause_of, alike))
        return tuple(
            self._before(step, recommendation, start, cause_of(hold), waiting)
            for recommendation in self._in_time(step)
            for start in recommendation.starts
        )

    def _in_time(self, step: Draft) -> list[Recommendation]:
        """The reasons for a step whose time limits count. An escalating rule also replaces the escalated
        rule's time limit."""
        running = [recommendation for recommendation in step.recommendations if recommendation.starts]
        if not running:
            return running
        gone = self._precedence.taken_over(
            recommendation.rule.id for recommendation in running if not recommendation.released_for
        )
        return [
            recommendation
            for recommendation in running
            if recommendation.released_for or recommendation.rule.id not in gone
        ]

    def _before(
        self, step: Draft, held: Recommendation, start: Start, hold: Cause, waiting: frozenset[Cause]
    ) -> Start:
        """One time of a held step, for the act that releases it: other causes stop this clock, and it cannot
        be known before the hold."""
        if start.length.before:
            return attrs.evolve(start, known=(*start.known, self._known_at(held)))
        standing = self._standing(step, held, start)
        began = self._situation.at
        for moment, causes in reversed(standing):
            if hold not in causes:
                break
            began = moment
        ours = self._past.clocks.waits_for_us
        others = [
            (
                moment,
                causes
                if moment < began
                else frozenset(cause for cause in causes - waiting if not ours(cause)),
            )
            for moment, causes in self._counted(standing, start)
        ]
        known = (*start.known, self._known_at(held), *(() if start.fixed else (began,)))
        stopped = (*start.stopped, *_spans(others))
        return Start(start.moment, start.length, known, stopped, began, fixed=start.fixed)

    def _due(self, step: Draft, recommendation: Recommendation, start: Start) -> Due:
        """The end of a time limit, counted from its start; if it had passed before the reason was known,
        counted from then."""
        if start.length.before:
            return Due(recommendation, self._due_before(recommendation, start), False, start, start.moment)
        stopped = united(
            (*start.stopped, *_spans(self._counted(self._standing(step, recommendation, start), start)))
        )
        closed = [(begin, end) for begin, end in stopped if end is not None]
        still = next((begin for begin, end in stopped if end is None), None)
        begin = start.moment
        due = self._situation.deadline_after(begin, start.length, closed)
        if due is not None and due <= self._situation.at:
            for known in sorted(self._known(recommendation, start)):
                if known <= self._situation.at and due is not None and due <= known:
                    begin, due = known, self._situation.deadline_after(known, start.length, closed)
        paused = still is not None and (due is None or due >= still)
        return Due(recommendation, None if paused else due, paused, start, begin, bool(stopped))

    def _due_before(self, recommendation: Recommendation, start: Start) -> datetime | None:
        """The end of a time limit before an instant. If it had passed before the reason was known, the instant itself;
        None if that had passed as well. Nothing stops this clock: the instant does not wait."""
        due = self._situation.deadline_after(start.moment, start.length)
        known = max(
            (known for known in self._known(recommendation, start) if known <= self._situation.at),
            default=None,
        )
        if due is None or known is None or known < due:
            return due
        return start.moment if known < start.moment else None

    def _counted(self, standing: list[Standing], start: Start) -> list[Standing]:
        """What stops a time: if it is fixed, pauses alone."""
        if not start.fixed:
            return standing
        prohibits = self._past.clocks.prohibits
        return [
            (moment, frozenset(cause for cause in causes if not prohibits(cause)))
            for moment, causes in standing
        ]

    def flips(self, step: Draft) -> Iterator[datetime]:
        """The instants at which reasons for a step become known that are recorded as learned later; their
        clocks may then start anew."""
        if self._past.case.is_history and not self._past.foretells:
            return  # nothing is recorded as learned later
        yield from self._past.learning
        for recommendation in step.recommendations:
            for start in recommendation.starts:
                yield from self._known(recommendation, start)

    def _known(self, recommendation: Recommendation, start: Start) -> Iterator[datetime]:
        """The instants from which the clock of a reason may run instead of from its start."""
        yield from (known for known in (*start.known, self._known_at(recommendation)) if known is not None)

    def _known_at(self, recommendation: Recommendation) -> datetime | None:
        """Since when the reason could be known. The act that releases a hold has this in its times."""
        if recommendation.released_for:
            return None
        aim = recommendation.effect.aim.via
        via = aim.since(self._situation, recommendation.records) if aim is not None else None
        return latest(
            (via, self._times.of_rule(recommendation.rule, recommendation.records, self._situation))
        )

    def _standing(self, step: Draft, recommendation: Recommendation, start: Start) -> list[Standing]:
        """What has stopped the clock of a step from its start until now."""
        action, about = step.key.action, step.key.about
        stops = self._past.clocks.stops(action)
        if stops is None:
            return []
        what = Watched(action, about, step.doer)
        if stops.by_params:
            what = attrs.evolve(what, params=tuple(sorted(step.values.items())), open=step.open)
        if recommendation.effect.paused_while is not None:
            pause = (
                recommendation.rule.id,
                recommendation.rule.effects.index(recommendation.effect),
                recommendation.record_id,
            )
            what = attrs.evolve(
                what, pause=pause, effect=recommendation.effect, listed=recommendation.rule.for_each
            )
        begin, at = start.since or start.moment, self._situation.at
        earlier = self._past.standing(what, begin, at, self._until)
        return [*earlier, (at, self._past.causes(what, self._now))]


def _spans(standing: Iterable[Standing]) -> Iterator[Span]:
    """The spans during which something stopped a clock; the last has no end if it is still stopped."""
    begin: datetime | None = None
    for moment, causes in standing:
        if causes and begin is None:
            begin = moment
        elif not causes and begin is not None:
            yield begin, moment
            begin = None
    if begin is not None:
        yield begin, None
