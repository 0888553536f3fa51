"""Determines by search which truths a condition can have. Variables have finitely many states.

Exact for the formula, unless the search exceeds its budget: then every truth is assumed to be possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import attrs

from escalation_rules.policy.conditions import Truth
from escalation_rules.solving.kleene import Node

Truths = frozenset[Truth]
_ONE: dict[Truth, Truths] = {truth: frozenset((truth,)) for truth in (True, False, None)}
_NEGATED: dict[Truths, Truths] = {
    frozenset(combination): frozenset(None if truth is None else not truth for truth in combination)
    for count in range(4)
    for combination in combinations((True, False, None), count)
}
BUDGET = 3000
"""The maximum number of partial assignments to try."""


@attrs.frozen(eq=False)
class Leaf:
    """A test on one variable: its truth in each of the variable's states."""

    variable: int
    truths: tuple[Truth, ...]
    possible: Truths = attrs.field(init=False)

    @possible.default
    def _possible(self) -> Truths:
        return frozenset(self.truths)


Formula = Leaf | Node[Leaf]
Assignment = dict[int, int]


def can_be(formula: Formula, wanted: Truth, states: Sequence[int]) -> bool:
    """Whether some assignment makes the formula `wanted`; `states` are the numbers of states of the variables."""
    return _Search(formula, wanted, states, _variables(formula)).found({}, 0)


def _both(one: Truths, other: Truths) -> Truths:
    """The truths that two parts may have together."""
    return frozenset(
        False if False in pair else None if None in pair else True for pair in product(one, other)
    )


_BOTH: dict[tuple[Truths, Truths], Truths] = {
    (one, other): _both(one, other) for one in _NEGATED for other in _NEGATED
}


def possible(formula: Formula, assignment: Assignment) -> Truths:
    """The truths that the formula may still have; with open variables, a superset."""
    if isinstance(formula, Leaf):
        state = assignment.get(formula.variable)
        return formula.possible if state is None else _ONE[formula.truths[state]]
    parts = [possible(part, assignment) for part in formula.parts]
    match formula.kind:
        case "not":
            return _NEGATED[parts[0]]
        case "known":
            return frozenset(truth is True for truth in parts[0])
        case "all":
            return _conjunction(parts)
        case "any":
            return _NEGATED[_conjunction([_NEGATED[part] for part in parts])]


def _conjunction(parts: Sequence[Truths]) -> Truths:
    found = _ONE[True]
    for part in parts:
        found = _BOTH[found, part]
    return found


def _variables(formula: Formula) -> list[int]:
    """The variables in order of first occurrence."""
    if isinstance(formula, Leaf):
        return [formula.variable]
    return list(dict.fromkeys(number for part in formula.parts for number in _variables(part)))


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
