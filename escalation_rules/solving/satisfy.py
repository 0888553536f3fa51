"""Determines by search which truths a condition can have. Variables have finitely many states.

Exact for the formula, unless the search exceeds its budget: then every truth is assumed to be possible.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from escalation_rules.policy.conditions import Truth
from escalation_rules.solving.kleene import Node

Truths = frozenset[Truth]
BUDGET = 3000
"""The maximum number of partial assignments to try."""


@attrs.frozen(eq=False)
class Leaf:
    """A test on one variable: its truth in each of the variable's states."""

    variable: int
    truths: tuple[Truth, ...]


Formula = Leaf | Node[Leaf]
Assignment = dict[int, int]


def can_be(formula: Formula, wanted: Truth, states: Sequence[int]) -> bool:
    """Whether some assignment makes the formula `wanted`; `states` are the numbers of states of the variables."""
    return _Search(formula, wanted, states, _variables(formula)).found({}, 0)


def possible(formula: Formula, assignment: Assignment) -> Truths:
    """The truths that the formula may still have; with open variables, a superset."""
    if isinstance(formula, Leaf):
        state = assignment.get(formula.variable)
        return frozenset(formula.truths) if state is None else frozenset((formula.truths[state],))
    parts = [possible(each, assignment) for each in formula.parts]
    match formula.kind:
        case "not":
            return _negated(parts[0])
        case "known":
            return frozenset(truth is True for truth in parts[0])
        case "all":
            return _conjunction(parts)
        case "any":
            return _negated(_conjunction([_negated(each) for each in parts]))


def _negated(truths: Truths) -> Truths:
    return frozenset(None if truth is None else not truth for truth in truths)


def _conjunction(parts: Sequence[Truths]) -> Truths:
    found: set[Truth] = set()
    if any(False in each for each in parts):
        found.add(False)
    if all(True in each for each in parts):
        found.add(True)
    if all(each != {False} for each in parts) and any(None in each for each in parts):
        found.add(None)
    return frozenset(found)


def _variables(formula: Formula) -> list[int]:
    """The variables in order of first occurrence."""
    if isinstance(formula, Leaf):
        return [formula.variable]
    return list(dict.fromkeys(number for each in formula.parts for number in _variables(each)))


@attrs.define
class _Search:
    formula: Formula
    wanted: Truth
    states: Sequence[int]
    variables: Sequence[int]
    tried: int = 0

    def found(self, assignment: Assignment, depth: int) -> bool:
        self.tried += 1
        if self.tried > BUDGET:
            return True
        if self.wanted not in possible(self.formula, assignment):
            return False
        if depth == len(self.variables):
            return True
        variable = self.variables[depth]
        return any(
            self.found({**assignment, variable: state}, depth + 1) for state in range(self.states[variable])
        )
