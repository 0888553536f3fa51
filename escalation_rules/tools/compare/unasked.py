"""What a comparison does not look for in cases, but names: limits that lack a currency, and deadlines that are targets."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions import currencies_of
from escalation_rules.policy.model import PolicyModel
from escalation_rules.solving.kleene import conditions_of
from escalation_rules.solving.subjects import Head
from escalation_rules.tools.compare.policies import Policies
from escalation_rules.tools.compare.result import NotCompared


def not_asked(policies: Policies) -> Iterator[NotCompared]:
    """The differences between the policies that no question is about."""
    old, new = policies.models
    known = {rule.id for rule in old.rules} & {rule.id for rule in new.rules}
    changed = {each[:3] for each in set(_limits(old)) ^ set(_limits(new))}
    for head, actions, rule in sorted(changed):
        if rule in known:
            yield NotCompared(head, actions, None, (rule,), "currencies")
    for action, rule in sorted(set(_targets(old)) ^ set(_targets(new))):
        if rule in known:
            yield NotCompared("recommend", (action,), None, (rule,), "not-looked-for", part="times")


def _limits(model: PolicyModel) -> Iterator[tuple[Head, tuple[str, ...], str, tuple[str, ...]]]:
    """Prohibitions and holds with the currencies of their limits, each with its rule."""
    for rule in model.rules:
        for ban in rule.prohibits:
            conditions = [*conditions_of(rule, model.rulesets[rule.ruleset]), *filter(None, (ban.where,))]
            found = sorted(set().union(*(currencies_of(each) for each in conditions)))
            if found:
                yield ban.head, tuple(ban.actions), rule.id, tuple(found)


def _targets(model: PolicyModel) -> Iterator[tuple[str, str]]:
    """Steps that are not late when their time is over, with their rules."""
    return ((step.action, rule.id) for rule in model.rules for step in rule.recommends if step.target)
