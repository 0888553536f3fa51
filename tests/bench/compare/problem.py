"""What is put to every engine: rules over flat facts, in a form that each translates into its own.

A rule is a formula of `all` and `any` over literals. A literal holds where its fact is known and passes a test; negations
are pushed down to the literals, so an engine that knows only true and false answers like one that knows unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal as Word

import attrs

Value = bool | int | str
Facts = Mapping[str, Value]
Kind = Word["flag", "number", "word"]
Operator = Word["is", "in", "at_least", "below", "known", "unknown"]


@attrs.frozen
class Fact:
    """A fact under an identifier that every engine takes, and its name in the policy. A word is one of `values`."""

    key: str
    name: str
    kind: Kind
    values: tuple[str, ...] = ()


@attrs.frozen
class Literal:
    """A test of one fact. `known` and `unknown` have no operand, `in` has a tuple."""

    fact: Fact
    operator: Operator
    operand: Value | tuple[str, ...] = True


@attrs.frozen
class All:
    """Every part holds; without parts: always."""

    parts: tuple[Formula, ...]


@attrs.frozen
class Any:
    """At least one part holds; without parts: never."""

    parts: tuple[Formula, ...]


Formula = Literal | All | Any


@attrs.frozen
class Rule:
    """`when`: the rule is known to hold. `unless`: the rule is known not to hold. In between it is undecided."""

    id: str
    when: Formula
    unless: Formula


@attrs.frozen
class Problem:
    """The rules, and the facts that a case may give.

    `ours` is the number of rules in our policy, which may have more. `shown`: every rule that holds is visible in our
    decision.
    """

    name: str
    facts: tuple[Fact, ...]
    rules: tuple[Rule, ...]
    ours: int
    shown: bool = True


def literals(formula: Formula) -> Iterator[Literal]:
    """The literals of a formula."""
    if isinstance(formula, Literal):
        yield formula
    else:
        for each in formula.parts:
            yield from literals(each)


def holds(formula: Formula, facts: Facts) -> bool:
    """Whether a formula holds; the reference that all engines are compared with."""
    match formula:
        case All(parts):
            return all(holds(each, facts) for each in parts)
        case Any(parts):
            return any(holds(each, facts) for each in parts)
        case Literal(fact, operator, operand):
            return passes(operator, operand, facts.get(fact.key))


def passes(operator: Operator, operand: object, value: Value | None) -> bool:
    """Whether a literal holds for a value, None being unknown."""
    if value is None or operator in ("known", "unknown"):
        return (value is None) is (operator == "unknown")
    match operator, operand, value:
        case "in", tuple(), _:
            return value in operand
        case "at_least", int(), int():
            return value >= operand
        case "below", int(), int():
            return value < operand
    return value == operand


def negated(literal: Literal) -> Formula:
    """What holds where a literal is known not to hold."""
    fact, operand = literal.fact, literal.operand
    match literal.operator:
        case "known":
            return Literal(fact, "unknown")
        case "unknown":
            return Literal(fact, "known")
        case "at_least":
            return Literal(fact, "below", operand)
        case "below":
            return Literal(fact, "at_least", operand)
    if fact.kind == "flag":
        return Literal(fact, "is", not operand)
    excluded = operand if isinstance(operand, tuple) else (operand,)
    return Literal(fact, "in", tuple(each for each in fact.values if each not in excluded))


def opposite(formula: Formula) -> Formula:
    """What holds where a formula is known not to hold."""
    match formula:
        case All(parts):
            return Any(tuple(opposite(each) for each in parts))
        case Any(parts):
            return All(tuple(opposite(each) for each in parts))
        case Literal():
            return negated(formula)


def fired(problem: Problem, case: Facts) -> list[str]:
    """The rules that hold, in the order of the problem."""
    return [rule.id for rule in problem.rules if holds(rule.when, case)]


def pending(problem: Problem, case: Facts) -> list[str]:
    """The rules that are undecided."""
    return [rule.id for rule in problem.rules if not holds(rule.when, case) and not holds(rule.unless, case)]


def signature(problem: Problem, codes: Mapping[str, Sequence[int]], case: Facts) -> tuple[object, ...]:
    """What of a case the rules can tell apart: for each fact its value, or between which of its thresholds it lies."""
    found: list[object] = []
    for fact in problem.facts:
        value = case.get(fact.key)
        if fact.kind == "number" and isinstance(value, int):
            value = sum(value >= each for each in codes.get(fact.key, ()))
        found.append(value)
    return tuple(found)


def thresholds(problem: Problem) -> dict[str, list[int]]:
    """By the key of a number, all with which it is compared, ascending."""
    found: dict[str, set[int]] = {}
    for rule in problem.rules:
        for each in literals(rule.when):
            if isinstance(each.operand, int) and each.operator in ("at_least", "below"):
                found.setdefault(each.fact.key, set()).add(each.operand)
    return {key: sorted(each) for key, each in found.items()}
