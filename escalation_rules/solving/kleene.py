"""Formulas of Kleene's logic: connectives over leaves, and how conditions and rules become them.

What a leaf is differs: a table of truths for the search that `lint` uses, a term for the solver that `compare` and `analyse`
use. What the connectives mean, and when a rule holds, is said here, once.
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
    """A connective. `known` is true where its part is, and false where its part is false or unknown."""

    kind: Literal["all", "any", "not", "known"]
    parts: tuple[L | Node[L], ...]


def formula(condition: Condition, leaf: Callable[[Condition], L | Node[L]]) -> L | Node[L]:
    """A condition as a formula; `leaf` says what a test that is no connective becomes. A contrary is one of its test."""
    match condition:
        case AllOf():
            return Node("all", tuple(formula(each, leaf) for each in condition.conditions))
        case AnyOf():
            return Node("any", tuple(formula(each, leaf) for each in condition.conditions))
        case NoneOf() | Not():
            return _none([formula(each, leaf) for each in condition.conditions])
        case NotDone():
            return _none([leaf(condition.turned_into(Done))])
        case NoRecord():
            return _none([leaf(Some(condition.selection))])
    return leaf(condition)


def _none(parts: Sequence[L | Node[L]]) -> Node[L]:
    return Node("not", (Node("any", tuple(parts)),))


def conditions_of(rule: Rule, ruleset: Ruleset) -> tuple[Condition, Condition, Condition]:
    """The condition of the rule's ruleset, its own and its exception; what is left out is true, or for the last false."""
    return ruleset.applies_while or AllOf(()), rule.when or AllOf(()), rule.unless or AnyOf(())


def holding(formulas: Sequence[L | Node[L]]) -> Node[L]:
    """That a rule holds, of `conditions_of` it: its exception must not be known to hold."""
    gate, when, unless = formulas
    exception: Node[L] = Node("known", (unless,))
    return Node("all", (gate, when, Node("not", (exception,))))


def comes_out(part: L | Node[L], truth: bool | None) -> Node[L]:
    """That a formula comes to a truth, which itself is never unknown."""
    holds: Node[L] = Node("known", (part,))
    fails: Node[L] = Node("known", (Node("not", (part,)),))
    if truth is None:
        return Node("all", (Node("not", (holds,)), Node("not", (fails,))))
    return holds if truth else fails


def differ(one: L | Node[L], other: L | Node[L]) -> Node[L]:
    """That two formulas do not come to the same, which itself is never unknown."""
    pairs = [(comes_out(one, truth), comes_out(other, truth)) for truth in (True, False)]
    ways = ((mine, its) for pair in pairs for mine, its in (pair, pair[::-1]))
    return Node("any", tuple(Node("all", (mine, Node("not", (its,)))) for mine, its in ways))
