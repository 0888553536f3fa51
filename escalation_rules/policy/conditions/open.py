"""Finds everything that leaves a condition undecided, not only what must be found out first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation
from escalation_rules.policy.conditions.counting import Sum
from escalation_rules.policy.conditions.facts import FactTest
from escalation_rules.policy.conditions.forms import OneOperand, SeveralOperands
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not
from escalation_rules.policy.conditions.operands import PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.selection import RecordCondition, Selection
from escalation_rules.values import Value


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
        if isinstance(condition, Sum) and (total := condition.total(situation, records)) is not None:
            yield from _of_tests(condition.tests, total, situation, records)
    elif isinstance(condition, FactTest) and (value := condition.name.get(situation, records)) is not None:
        yield from _of_tests((condition.operator,), value, situation, records)


def _of_tests(
    operators: Iterable[Operator], value: Value, situation: Situation, records: Records
) -> Iterator[Need]:
    for operator in operators:
        for part in operator.split():
            if part.holds(value, situation, records) is None:
                yield from part.undecided(situation, records)
        for stated in operator.values():
            yield from _of_value(stated, situation, records)


def _of_value(value: StatedValue, situation: Situation, records: Records) -> Iterator[Need]:
    if value.get(situation, records) is not None:
        return
    for source in value.sources():
        if isinstance(source, Condition):
            yield from open_needs(source, situation, records)
        elif isinstance(source, Selection) and source.where is not None:
            for record, _ in source.members(situation, records) or ():
                yield from open_needs(source.where, situation, (*records, record))


def limits_money(condition: Condition) -> bool:
    """Whether it contains a test against amounts of money by currency."""
    return any(_compares(operator) for part in condition.walk() for operator in _operators(part))


def amounts_of(condition: Condition) -> frozenset[tuple[str, object]]:
    """The written amounts that it compares with, each with its currency."""
    operators = (operator for part in condition.walk() for operator in _operators(part))
    return frozenset(
        amount for operator in operators for limit in _limits(operator) for amount in limit.amounts
    )


def _operators(condition: Condition) -> tuple[Operator, ...]:
    if isinstance(condition, FactTest):
        return condition.operator.split()
    tests: tuple[Operator, ...] = getattr(condition, "tests", ())
    return tuple(part for operator in tests for part in operator.split())


def _compares(operator: Operator) -> bool:
    return any(_limits(operator)) or any(value.written_in_money for value in operator.values())


def _limits(operator: Operator) -> Iterator[PerCurrency]:
    """The written amounts that it compares with."""
    if isinstance(operator, SeveralOperands):
        operands = operator.operands
    else:
        operands = (operator.operand,) if isinstance(operator, OneOperand) else ()
    return (operand for operand in operands if isinstance(operand, PerCurrency))
