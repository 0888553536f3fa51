"""Determines whether two conditions certainly exclude each other. A quick check that may miss cases.

Only tests on facts of the case are considered, since tests on fields may be about different records.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.during import During, DuringTest
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.implying import implies
from escalation_rules.policy.conditions.logic import AllOf, NoneOf, Not
from escalation_rules.policy.conditions.names import FieldName, root_of


def exclude(one: Condition, other: Condition) -> bool:
    """Whether no case can satisfy both; False also if this cannot be determined."""
    mine, its = list(_tests(one)), list(_tests(other))
    return any(_apart(first, second) for first in mine for second in its)


def _tests(condition: Condition) -> Iterator[Condition]:
    """The tests on the case that must hold for the condition."""
    if isinstance(condition, AllOf):
        for test in condition.conditions:
            yield from _tests(test)
    elif all(not isinstance(root_of(name), FieldName) for test in condition.walk() for name in test.names()):
        yield condition


def _apart(one: Condition, other: Condition) -> bool:
    for first, second in ((one, other), (other, one)):
        if isinstance(second, (Not, NoneOf)) and any(
            implies(first, condition) for condition in second.conditions
        ):
            return True
    if isinstance(one, DuringTest) and isinstance(other, DuringTest):
        return one.hours.is_apart_from(other.hours)
    if not isinstance(one, FactTest) or not isinstance(other, FactTest) or one.name.full != other.name.full:
        return False
    if isinstance(one.operator, During) and isinstance(other.operator, During):
        return one.operator.hours.is_apart_from(other.operator.hours)
    mine, its = one.operator.listed(), other.operator.listed()
    if mine is None or its is None or not (mine.wanted or its.wanted):
        return False
    if mine.wanted and its.wanted:
        return not mine.values & its.values
    wanted, refused = (mine, its) if mine.wanted else (its, mine)
    return wanted.values <= refused.values
