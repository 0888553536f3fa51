"""The instants at which tests come out otherwise by the passing of time alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from escalation_rules.conditions import Records, Situation
from escalation_rules.model import Pause, PolicyModel


def rule_flips(model: PolicyModel, situation: Situation) -> Iterator[datetime]:
    """Every instant at which some test of a rule, or some fact, may change; a superset of those that matter."""
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


def pause_flips(pauses: Iterable[Pause], situation: Situation) -> Iterator[datetime]:
    """Every instant at which a clock may stop or run on because of what its action or its rule says."""
    for condition, listed in pauses:
        for records in _scopes(listed, situation):
            yield from condition.flips(situation, records)


def _scopes(for_each: str | None, situation: Situation) -> list[Records]:
    if for_each is None:
        return [()]
    return [(record,) for record in situation.lists.get(for_each) or ()]
