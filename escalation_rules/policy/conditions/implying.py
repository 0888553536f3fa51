"""Determines whether one condition certainly implies another. A quick check that may miss cases.

It compares the conditions part by part.
"""

from __future__ import annotations

import attrs

from escalation_rules.policy.conditions.act_filter import ActFilter
from escalation_rules.policy.conditions.acts import Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.logic import AllOf, AnyOf
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.open_steps import StepDue, StepOverdue
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.records import NoRecord, Some
from escalation_rules.policy.conditions.timing import no_shorter


def implies(one: Condition, other: Condition) -> bool:
    """Whether `other` holds in every case in which `one` does; False also if this cannot be determined.

    Each part of `other` must equal a part of `one` or be weaker: a shorter `older_than`, a lower `at_least`.
    """
    if one == other:
        return True
    if isinstance(other, AllOf):
        return all(implies(one, condition) for condition in other.conditions)
    if isinstance(one, AnyOf):
        return bool(one.conditions) and all(implies(condition, other) for condition in one.conditions)
    if isinstance(one, AllOf) and any(implies(condition, other) for condition in one.conditions):
        return True
    if isinstance(other, AnyOf):
        return any(implies(one, condition) for condition in other.conditions)
    return _test_implies(one, other)


def _test_implies(one: Condition, other: Condition) -> bool:
    match one, other:
        case FactTest(), FactTest():
            return _same(one.name, other.name) and operators_imply((one.operator,), (other.operator,))
        case Count(), Count():
            alike = attrs.evolve(one, tests=()) == attrs.evolve(other, tests=())
            return alike and operators_imply(one.tests, other.tests)
        case Sum(), Sum():
            alike = attrs.evolve(one, tests=()) == attrs.evolve(other, tests=())
            return alike and operators_imply(one.tests, other.tests)
        case Some(), Some():
            return _some_implies(one, other)
        case Done(), Done():
            return _done_implies(one, other)
        case NothingDoneFor(), NothingDoneFor():
            alike = attrs.evolve(one, duration=other.duration) == other
            return alike and no_shorter(one.duration, other.duration)
        case StepOverdue(), StepOverdue():
            alike = attrs.evolve(one, length=other.length) == other
            return alike and (
                other.length is None or (one.length is not None and no_shorter(one.length, other.length))
            )
        case StepDue(length=left), StepDue(length=more) if left is not None and more is not None:
            return attrs.evolve(one, length=more) == other and no_shorter(more, left)
        case StepOverdue(acts=mine), StepDue(acts=its):
            return mine == its
    return False


def operators_imply(mine: tuple[Operator, ...], its: tuple[Operator, ...]) -> bool:
    """Whether a value that passes all of `mine` passes all of `its`."""
    found = [part for operator in mine for part in operator.split()]
    return all(any(one.implies(part) for one in found) for operator in its for part in operator.split())


def _same(one: Name, other: Name) -> bool:
    """Whether two names refer to the same fact or field, independent of their spelling."""
    keys = [
        (type(name), name.full, getattr(name, "depth", None), getattr(name, "via", None))
        for name in (one, other)
    ]
    return keys[0] == keys[1]


def _some_implies(one: Some, other: Some) -> bool:
    if isinstance(one, NoRecord) or isinstance(other, NoRecord):
        return False
    mine, its = one.selection, other.selection
    if attrs.evolve(mine, where=None) != attrs.evolve(its, where=None):
        return False
    return its.where is None or (mine.where is not None and implies(mine.where, its.where))


def _done_implies(one: Done, other: Done) -> bool:
    if isinstance(one, NotDone) or isinstance(other, NotDone) or one.at_least < other.at_least:
        return False
    return attrs.evolve(
        one, at_least=other.at_least, acts=attrs.evolve(one.acts, older_than=None, newer_than=None)
    ) == attrs.evolve(other, acts=attrs.evolve(other.acts, older_than=None, newer_than=None)) and _no_wider(
        one.acts, other.acts
    )


def _no_wider(mine: ActFilter, its: ActFilter) -> bool:
    """Whether the age limits of `mine` are at least as strict as those of `its`."""
    old = its.older_than is None or (
        mine.older_than is not None and no_shorter(mine.older_than, its.older_than)
    )
    new = its.newer_than is None or (
        mine.newer_than is not None and no_shorter(its.newer_than, mine.newer_than)
    )
    return old and new
