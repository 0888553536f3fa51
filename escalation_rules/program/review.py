"""When to look again: the earliest later instant at which the decision would differ if no fact changed."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from escalation_rules.conditions import Condition, Records, Situation
from escalation_rules.decision import Decision
from escalation_rules.model import PolicyModel
from escalation_rules.program.decide import Deciding
from escalation_rules.program.wanted import aimed

HORIZON = timedelta(days=365)


def flips(model: PolicyModel, deciding: Deciding) -> Iterator[datetime]:
    """Every instant at which some test, step or fact may change; a superset of those that matter."""
    situation = deciding.situation
    yield from situation.presence_flips
    for ruleset in model.rulesets.values():
        if ruleset.applies_while is not None:
            yield from ruleset.applies_while.flips(situation, ())
    for order in model.phase_orders:
        yield from order.when.flips(situation, ())
    for rule in model.rules:
        conditions = [each for each in (rule.when, rule.unless) if each is not None]
        conditions += [each.until for each in rule.prohibits if each.until is not None]
        conditions += [condition for each in rule.concludes for _, condition in each.alternatives]
        values = [value for each in rule.recommends for _, value in each.params]
        for records in _scopes(rule.for_each, situation):
            for part in (*conditions, *values):
                yield from part.flips(situation, records)
    yield from _of_steps(deciding)


def _scopes(for_each: str | None, situation: Situation) -> list[Records]:
    if for_each is None:
        return [()]
    return [(record,) for record in situation.lists.get(for_each) or ()]


def _of_steps(deciding: Deciding) -> Iterator[datetime]:
    for step in deciding.plan:
        if step.due is not None:
            yield step.due
    yield from _returns(deciding)
    for key, draft in {
        **deciding.free,
        **{key: each.draft for key, each in deciding.blocked.items()},
    }.items():
        for ban in deciding.bans.by_action.get(key.action, ()):
            where: Condition | None = ban.effect.where
            if where is not None and ban.instance.listed:
                yield from where.flips(deciding.situation, (*ban.records, draft.as_record()))


def _returns(deciding: Deciding) -> Iterator[datetime]:
    """When steps come back that acts have retired: of rules that hold, and of those that may (they ask again then)."""
    for instance in deciding.outcome.live:
        for effect in instance.rule.recommends if instance.listed else ():
            known, about = aimed(effect.aim, instance.records)
            if effect.again is not None and known:
                wish = deciding.possible(instance, effect, about)
                if wish.returns is not None:
                    yield wish.returns


def next_change(
    decision: Decision,
    first: Iterator[datetime],
    decide: Callable[[datetime], tuple[Decision, Iterator[datetime]]],
    last: datetime | None = None,
) -> datetime | None:
    """The earliest instant after the decision, up to `last` (if not said: within a year), at which `decide` answers
    otherwise; None if there is none.

    After each instant tried, the instants that it reveals (an act that has now happened, a fact gone stale) are added.
    """
    start, end = decision.at, _later(decision.at) if last is None else last
    seen = {each for each in first if start < each <= end}
    waiting = sorted(seen)
    heapq.heapify(waiting)
    while waiting:
        moment = heapq.heappop(waiting)
        other, more = decide(moment)
        if not decision.same_as(other):
            return moment
        for each in more:
            if moment < each <= end and each not in seen:
                seen.add(each)
                heapq.heappush(waiting, each)
    return None


def _later(moment: datetime) -> datetime:
    try:
        return moment + HORIZON
    except OverflowError:
        return datetime.max.replace(tzinfo=moment.tzinfo)
