"""Whether two conditions surely exclude each other: small, and quick to say that it cannot tell.

Only tests of facts of the case count, as tests of fields may be about different records.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.implying import implies
from escalation_rules.policy.conditions.logic import AllOf, NoneOf, Not
from escalation_rules.policy.conditions.names import FieldName, ViaName
from escalation_rules.policy.conditions.operands import Literal
from escalation_rules.policy.conditions.operators import Equals, In, IsNot, NotIn
from escalation_rules.values import Value

Values = frozenset[Value]


def exclude(one: Condition, other: Condition) -> bool:
    """Whether no case can fulfil both; False also where that cannot be told."""
    mine, its = list(_tests(one)), list(_tests(other))
    return any(_apart(first, second) for first in mine for second in its)


def _tests(condition: Condition) -> Iterator[Condition]:
    """The tests of the case that a condition needs."""
    if isinstance(condition, AllOf):
        for each in condition.conditions:
            yield from _tests(each)
    elif all(
        not isinstance(name, (FieldName, ViaName)) for each in condition.walk() for name in each.names()
    ):
        yield condition


def _apart(one: Condition, other: Condition) -> bool:
    for first, second in ((one, other), (other, one)):
        if isinstance(second, (Not, NoneOf)) and any(implies(first, each) for each in second.conditions):
            return True
    if not isinstance(one, FactTest) or not isinstance(other, FactTest) or one.name.full != other.name.full:
        return False
    mine, its = _allowed(one), _allowed(other)
    if mine is not None and its is not None:
        return not mine & its
    return any(
        wanted is not None and refused is not None and wanted <= refused
        for wanted, refused in ((mine, _refused(other)), (its, _refused(one)))
    )


def _allowed(test: FactTest) -> Values | None:
    """The values for which a test holds, if it lists them."""
    match test.operator:
        case Equals(operand=Literal(value=value)):
            return frozenset({value})
        case In(operands=operands) if all(isinstance(each, Literal) for each in operands):
            return frozenset(each.value for each in operands if isinstance(each, Literal))
    return None


def _refused(test: FactTest) -> Values | None:
    """The values for which a test does not hold, if it lists them."""
    match test.operator:
        case IsNot(operand=Literal(value=value)):
            return frozenset({value})
        case NotIn(operands=operands) if all(isinstance(each, Literal) for each in operands):
            return frozenset(each.value for each in operands if isinstance(each, Literal))
    return None
