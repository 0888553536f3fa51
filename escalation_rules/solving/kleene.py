"""Formulas of Kleene's logic: connectives over leaves, and their construction from conditions and rules.

Leaves are tables of truths for the search used by `lint`, and terms for the solver used by `compare` and
`analyse`. The semantics of connectives and rules are defined only here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, Literal, TypeVar

import attrs

from escalation_rules.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Done,
    NoneOf,
    NoRecord,
    Not,
    NotDone,
    Some,
)
from escalation_rules.policy.model import Rule, Ruleset

L = TypeVar("L")


@attrs.frozen(eq=False)
class Node(Generic[L]):
    """A connective. `known` is true if its part is true, and false if its part is false or unknown."""

    kind: Literal["all", "any", "not", "known"]
    parts: tuple[L | Node[L], ...]


def formula(condition: Condition, leaf: Callable[[Condition], L | Node[L]]) -> L | Node[L]:
    """A condition as a formula; `leaf` converts tests that are not connectives. A negated test is a `not` of the test."""
    match condition:
        case AllOf():
            return Node("all", tuple(formula(test, leaf) for test in condition.conditions))
        case AnyOf():
            return Node("any", tuple(formula(test, leaf) for test in condition.conditions))
        case NoneOf() | Not():
            return _none([formula(test, leaf) for test in condition.conditions])
        case NotDone():
            return _none([leaf(condition.turned_into(Done))])
        case NoRecord():
            return _none([leaf(Some(condition.selection))])
    return leaf(condition)


def _none(parts: Sequence[L | Node[L]]) -> Node[L]:
    return Node("not", (Node("any", tuple(parts)),))


def conditions_of(rule: Rule, ruleset: Ruleset) -> tuple[Condition, Condition, Condition]:
    """The conditions of the rule's ruleset, of the rule, and of its exception; defaults are true, true and false."""
    return ruleset.applies_while or AllOf(()), rule.when or AllOf(()), rule.unless or AnyOf(())


def holding(formulas: Sequence[L | Node[L]]) -> Node[L]:
    """That a rule with these `conditions_of` holds: its exception must not be known to hold."""
    gate, when, unless = formulas
    exception: Node[L] = Node("known", (unless,))
    return Node("all", (gate, when, Node("not", (exception,))))


def comes_out(part: L | Node[L], truth: bool | None) -> Node[L]:
    """That a formula has a truth. Two-valued."""
    holds: Node[L] = Node("known", (part,))
    fails: Node[L] = Node("known", (Node("not", (part,)),))
    if truth is None:
        return Node("all", (Node("not", (holds,)), Node("not", (fails,))))
    return holds if truth else fails


def differ(one: L | Node[L], other: L | Node[L]) -> Node[L]:
    """That two formulas have different truths. Two-valued."""
    pairs = [(comes_out(one, truth), comes_out(other, truth)) for truth in (True, False)]
    ways = ((mine, its) for pair in pairs for mine, its in (pair, pair[::-1]))
    return Node("any", tuple(Node("all", (mine, Node("not", (its,)))) for mine, its in ways))
