"""Conditions inside the values that other conditions compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_rules.policy.conditions.computed import StatedValue, conditions_in
from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.open_steps import StepTest


def with_nested(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Conditions, and those inside the values that they compare with."""
    for condition in conditions:
        yield condition
        for test in condition.walk():
            for value in _values(test):
                yield from with_nested(conditions_in(value))


def tested_steps(conditions: Iterable[Condition]) -> frozenset[str]:
    """The actions whose open steps are tested by conditions, or by those inside them."""
    return tested_in(with_nested(conditions))


def tested_in(conditions: Iterable[Condition]) -> frozenset[str]:
    """The actions whose open steps are tested by conditions, apart from those inside values."""
    return frozenset(
        action
        for condition in conditions
        for test in condition.walk()
        if isinstance(test, StepTest)
        for action in test.acts.actions
    )


def _values(condition: Condition) -> Iterator[StatedValue]:
    if isinstance(condition, FactTest):
        yield from condition.operator.values()
    elif isinstance(condition, (Count, Sum)):
        for test in condition.tests:
            yield from test.values()
