"""Finds everything that leaves a condition undecided, not only what must be found out first."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation
from escalation_rules.policy.conditions.counting import Sum
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.forms import OneOperand, SeveralOperands
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not
from escalation_rules.policy.conditions.operands import PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.selection import RecordCondition, Selection


def open_needs(condition: Condition, situation: Situation, records: Records) -> Iterator[Need]:
    """What must be found out, for each undecided part of a condition; may contain duplicates."""
    if condition.evaluate(situation, records) is not None:
        return
    if isinstance(condition, (AllOf, AnyOf, NoneOf, Not)):
        for part in condition.conditions:
            yield from open_needs(part, situation, records)
        return
    yield from condition.undecided(situation, records)
    if isinstance(condition, RecordCondition):
        for record, _ in condition.selection.members(situation, records) or ():
            for part in condition.on_records():
                yield from open_needs(part, situation, (*records, record))
        for value in condition.compared() if isinstance(condition, Sum) else ():
            yield from _of_value(value, situation, records)
    elif isinstance(condition, FactTest) and condition.name.get(situation, records) is not None:
        for value in condition.operator.values():
            yield from _of_value(value, situation, records)


def _of_value(value: StatedValue, situation: Situation, records: Records) -> Iterator[Need]:
    if value.get(situation, records) is not None:
        return
    for each in value.sources():
        if isinstance(each, Condition):
            yield from open_needs(each, situation, records)
        elif isinstance(each, Selection) and each.where is not None:
            for record, _ in each.members(situation, records) or ():
                yield from open_needs(each.where, situation, (*records, record))


def limits_money(condition: Condition) -> bool:
    """Whether it contains a test against amounts of money by currency."""
    return any(_compares(each) for part in condition.walk() for each in _operators(part))


def amounts_of(condition: Condition) -> frozenset[tuple[str, object]]:
    """The written amounts that it compares with, each with its currency."""
    operators = (each for part in condition.walk() for each in _operators(part))
    return frozenset(amount for each in operators for limit in _limits(each) for amount in limit.amounts)


def _operators(condition: Condition) -> tuple[Operator, ...]:
    if isinstance(condition, FactTest):
        return condition.operator.split()
    tests: tuple[Operator, ...] = getattr(condition, "tests", ())
    return tuple(part for each in tests for part in each.split())


def _compares(operator: Operator) -> bool:
    return any(_limits(operator)) or any(each.written_in_money for each in operator.values())


def _limits(operator: Operator) -> Iterator[PerCurrency]:
    """The written amounts that it compares with."""
    if isinstance(operator, SeveralOperands):
        operands = operator.operands
    else:
        operands = (operator.operand,) if isinstance(operator, OneOperand) else ()
    return (each for each in operands if isinstance(each, PerCurrency))
