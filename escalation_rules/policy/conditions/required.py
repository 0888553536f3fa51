"""What a condition requires: the tests that must all hold for it to hold, and the acts among them (SEMANTICS 34)."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions.acts import Done
from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.logic import AllOf


def required_tests(condition: Condition) -> Iterator[Condition]:
    """The tests that must all hold for the condition to hold; `any` counts as one test, whatever is in it."""
    if isinstance(condition, AllOf):
        for test in condition.conditions:
            yield from required_tests(test)
    else:
        yield condition


def required_acts(condition: Condition) -> Iterator[Done]:
    """The tests on acts (`done`, `not_done`) among the required ones."""
    return (test for test in required_tests(condition) if isinstance(test, Done))
