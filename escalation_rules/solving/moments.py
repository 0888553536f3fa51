"""Which conditions of a rule can have come true at an instant: what its steps' times depend on, besides its truth."""

from __future__ import annotations

from escalation_rules.policy.conditions import ActFilter, Condition, Selection, required_tests
from escalation_rules.policy.conditions.acts import NotDone
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.strata import conditions_of
from escalation_rules.solving.written import parts_of


def dated_parts(model: PolicyModel, rule: Rule) -> list[Condition]:
    """The parts of a rule's conditions that may hold only since an instant. Two rules that hold in the same cases, and have
    the same such parts, hold since the same instants."""
    found = [part for condition in conditions_of(rule, model.rulesets) for part in required_tests(condition)]
    return [condition for condition in found if not is_from_the_start(condition)]


def is_from_the_start(condition: Condition) -> bool:
    """Whether a condition that holds has held from the start, in a case that does not say when something was learned."""
    if any(concluded for _, concluded in condition.all_reads()):
        return False
    if isinstance(condition, NotDone):
        ages = condition.acts.newer_than, condition.acts.older_than, condition.not_followed_by
        return ages == (None, None, None) and not list(condition.names())
    return not condition.timed and not any(
        isinstance(part, (ActFilter, Selection)) for part in parts_of(condition)
    )
