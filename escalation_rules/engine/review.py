"""Computes `review_at`: the earliest later instant at which the decision would change if no fact did."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from escalation_rules.decision import Decision
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.flips import RuleTimes, pause_flips
from escalation_rules.engine.recommendations import aimed

HORIZON = timedelta(days=365)

Same = Callable[[Decision, Decision], bool]
"""Whether two decisions are the same for the caller."""


def flips(times: RuleTimes, assessment: Assessment) -> Iterator[datetime]:
    """All instants at which a test, step or fact may change; a superset of the relevant ones."""
    yield from times.flips(assessment.outcome, assessment.situation)
    for key in assessment.free:
        yield from pause_flips(assessment.rule_index.pauses.get(key.action, ()), assessment.situation)
    yield from _of_steps(assessment)


def _of_steps(assessment: Assessment) -> Iterator[datetime]:
    drafts = {**assessment.free, **{key: blocked.draft for key, blocked in assessment.blocked.items()}}
    for key, dues in (*assessment.dues.items(), *assessment.fixed_dues.items()):
        yield from (due.at for due in dues[:1] if due.at is not None)
        yield from assessment.clock.flips(drafts[key])
    yield from _returns(assessment)
    by_action = {action: [prohibition for prohibition in listed if prohibition.by_params_and_time]
                 for action, listed in assessment.prohibitions.by_action.items()}  # fmt: skip
    for key, draft in drafts.items():
        if timed := by_action.get(key.action):
            record = draft.as_record()
            for prohibition in timed:
                yield from prohibition.flips_for(record, assessment.situation)


def _returns(assessment: Assessment) -> Iterator[datetime]:
    """The instants at which done steps return, or at which the purpose of recommendations lapses; of rules
    that are true or undecided (whose questions then appear or disappear)."""
    for instance in assessment.outcome.live:
        for effect in instance.rule.recommends if instance.listed else ():
            known, about = aimed(effect.aim, assessment.situation, instance.records)
            if known and (effect.again is not None or effect.lapses_after is not None):
                recommendation = assessment.possible(instance, effect, about)
                yield from recommendation.lapses
                if recommendation.returns is not None:
                    yield recommendation.returns


def next_change(
    decision: Decision,
    first: Iterator[datetime],
    decide: Callable[[datetime], tuple[Decision, Iterator[datetime]]],
    last: datetime | None = None,
    same: Same = Decision.same_as,
) -> datetime | None:
    """The earliest instant after the decision, up to `last` (default: within a year), at which `decide` gives
    another decision; None if there is none.

    Each evaluated instant may add further ones (an act that has now happened, a fact that became stale).
    """
    start, end = decision.at, _later(decision.at) if last is None else last
    seen = {instant for instant in first if start < instant <= end}
    waiting = sorted(seen)
    heapq.heapify(waiting)
    while waiting:
        moment = heapq.heappop(waiting)
        other, more = decide(moment)
        if not same(decision, other):
            return moment
        for instant in more:
            if moment < instant <= end and instant not in seen:
                seen.add(instant)
                heapq.heappush(waiting, instant)
    return None


def _later(moment: datetime) -> datetime:
    try:
        return moment + HORIZON
    except OverflowError:
        return datetime.max.replace(tzinfo=moment.tzinfo)
