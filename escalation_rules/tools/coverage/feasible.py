"""Finds out which tests can never decide with a given truth, in any case.

Uses the solver, which considers records, acts and other rules' conclusions. If it is not installed, a simpler
search over the values of facts is used, which takes more for possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, TypeVar

from escalation_rules.policy.conditions import Truth
from escalation_rules.policy.model import PolicyModel
from escalation_rules.solving.formulas import Solver
from escalation_rules.solving.kleene import Node, comes_out, differ
from escalation_rules.solving.satisfy import Formula
from escalation_rules.tools.coverage.parts import Root, Shape

L = TypeVar("L")
_OTHERS: Mapping[Truth, tuple[Literal["all", "any"], ...]] = {
    True: ("any",),
    False: ("all",),
    None: ("all", "any"),
}
"""Replacements for the other truths of a test: an empty `all` is true, an empty `any` is false."""


class Feasible:
    """Determines whether a test of a policy can decide with a given truth."""

    def __init__(self, model: PolicyModel, *, exactly: bool) -> None:
        self._solvers: dict[str, Solver] = {}
        self._exact: Callable[[Root, int, Truth], bool] | None = None
        if exactly:
            from escalation_rules.tools.coverage.solved import Solved

            self._exact = Solved(model).impossible

    def can_decide(self, root: Root, number: int, truth: Truth) -> bool:
        """Whether a case may exist in which the test has this truth, and another truth would change the outcome."""
        if self._exact is not None:
            return not self._exact(root, number, truth)
        if root.key not in self._solvers:
            self._solvers[root.key] = Solver([test.condition for test in root.tests])

        def combine(parts: Sequence[Formula]) -> Formula:
            return deciding(root.shape, parts, number, truth)

        return self._solvers[root.key].can_be(True, combine)


def deciding(shape: Shape, parts: Sequence[L | Node[L]], number: int, truth: Truth) -> Node[L]:
    """A two-valued formula for: the test has this truth and decides the outcome."""
    test = parts[number]
    mine = _with(shape, parts, number, parts[number])
    constants: list[Node[L]] = [Node(kind, ()) for kind in _OTHERS[truth]]
    others = [_with(shape, parts, number, node) for node in constants]
    return Node("all", (comes_out(test, truth), Node("any", tuple(differ(mine, its) for its in others))))


def _with(shape: Shape, parts: Sequence[L | Node[L]], number: int, instead: L | Node[L]) -> L | Node[L]:
    if isinstance(shape, int):
        return instead if shape == number else parts[shape]
    return Node(shape.kind, tuple(_with(part, parts, number, instead) for part in shape.parts))
