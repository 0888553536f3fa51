"""What a comparison does not look for in cases, but names: deadlines that are targets."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.model import PolicyModel
from escalation_rules.tools.compare.policies import Policies
from escalation_rules.tools.compare.result import NotCompared


def not_asked(policies: Policies) -> Iterator[NotCompared]:
    """The differences between the policies that no question is about."""
    old, new = policies.models
    known = {rule.id for rule in old.rules} & {rule.id for rule in new.rules}
    for action, rule in sorted(set(_targets(old)) ^ set(_targets(new))):
        if rule in known:
            yield NotCompared("recommend", (action,), None, (rule,), "not-looked-for", part="times")


def _targets(model: PolicyModel) -> Iterator[tuple[str, str]]:
    """Steps that are not late when their time is over, with their rules."""
    return ((step.action, rule.id) for rule in model.rules for step in rule.recommends if step.target)
