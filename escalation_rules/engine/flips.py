"""The instants at which tests come out otherwise by the passing of time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.policy.conditions import All, Condition, Records, Situation
from escalation_rules.policy.model import Pause, PolicyModel


def rule_flips(model: PolicyModel, outcome: Outcome, situation: Situation) -> Iterator[datetime]:
    """Every instant at which some test of a rule, or some fact, may change; a superset of those that matter.

    A rule that does not hold matters only from the instant at which it may; not so one that concludes, because people
    may have to know since when its conclusion is false.
    """
    yield from situation.presence_flips
    for ruleset in model.rulesets.values():
        if ruleset.applies_while is not None:
            yield from ruleset.applies_while.flips(situation, ())
    for order in model.phase_orders:
        yield from order.when.flips(situation, ())
    for rule in model.rules:
        for instance in outcome.of(rule.id):
            if not instance.listed:
                continue
            if instance.truth is False and not rule.concludes:
                yield from _start(model, instance, situation)
            else:
                yield from _inside(instance, situation)


def _inside(instance: Instance, situation: Situation) -> Iterator[datetime]:
    rule = instance.rule
    conditions = [each for each in (rule.when, rule.unless) if each is not None]
    conditions += [each.until for each in rule.prohibits if each.until is not None]
    conditions += [condition for each in rule.concludes for _, condition in each.alternatives]
    values = [value for each in rule.recommends for _, value in each.params]
    for part in (*conditions, *values):
        yield from part.flips(situation, instance.records)


def _start(model: PolicyModel, instance: Instance, situation: Situation) -> Iterator[datetime]:
    """The first instant at which a rule that does not hold may hold by time alone, if there is one."""
    rule, records = instance.rule, instance.records
    gate = model.rulesets[rule.ruleset].applies_while
    waits = []
    if gate is not None and gate.evaluate(situation, ()) is False:
        waits.append(_opening(gate, situation, ()))
    if rule.when is not None and rule.when.evaluate(situation, records) is False:
        waits.append(_opening(rule.when, situation, records))
    if rule.unless is not None and rule.unless.evaluate(situation, records):
        waits.append(_next(rule.unless, situation, records))
    known = [each for each in waits if each is not None]
    if len(known) == len(waits):
        yield max(known)


def _opening(condition: Condition, situation: Situation, records: Records) -> datetime | None:
    """The first instant at which a condition that is false may be otherwise; None if time alone does not change it."""
    if not isinstance(condition, All):
        return _next(condition, situation, records)
    false = [each for each in condition.conditions if each.evaluate(situation, records) is False]
    waits = [_opening(each, situation, records) for each in false]
    known = [each for each in waits if each is not None]
    return max(known) if len(known) == len(waits) else None


def _next(condition: Condition, situation: Situation, records: Records) -> datetime | None:
    """The next instant at which time alone may change a condition."""
    return min((each for each in condition.flips(situation, records) if each > situation.at), default=None)


def pause_flips(pauses: Iterable[Pause], situation: Situation) -> Iterator[datetime]:
    """Every instant at which a clock may stop or run on because of what its action or its rule says."""
    for condition, listed in pauses:
        for records in _scopes(listed, situation):
            yield from condition.flips(situation, records)


def _scopes(for_each: str | None, situation: Situation) -> list[Records]:
    if for_each is None:
        return [()]
    return [(record,) for record in situation.lists.get(for_each) or ()]
