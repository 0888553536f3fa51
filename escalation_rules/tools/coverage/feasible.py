"""Which tests can never decide with some truth: whatever the case, it makes no difference there.

The solver tells it, which knows records, acts and what other rules conclude; where it is not installed a search of our own,
which looks at the values of facts only, and takes more for possible.
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
"""What stands for the truths that a test might have instead: all of nothing is true, any of nothing is false."""


class Feasible:
    """Tells whether a test of a policy can decide with some truth."""

    def __init__(self, model: PolicyModel, *, exactly: bool) -> None:
        self._solvers: dict[str, Solver] = {}
        self._exact: Callable[[Root, int, Truth], bool] | None = None
        if exactly:
            from escalation_rules.tools.coverage.solved import Solved

            self._exact = Solved(model).impossible

    def can_decide(self, root: Root, number: int, truth: Truth) -> bool:
        """Whether there may be a case in which the test has this truth, and with another one the outcome would be another."""
        if self._exact is not None:
            return not self._exact(root, number, truth)
        if root.key not in self._solvers:
            self._solvers[root.key] = Solver([each.condition for each in root.tests])

        def combine(parts: Sequence[Formula]) -> Formula:
            return deciding(root.shape, parts, number, truth)

        return self._solvers[root.key].can_be(True, combine)


def deciding(shape: Shape, parts: Sequence[L | Node[L]], number: int, truth: Truth) -> Node[L]:
    """That a test has this truth and decides, as a formula that is true or false."""
    test = parts[number]
    mine = _with(shape, parts, number, parts[number])
    constants: list[Node[L]] = [Node(kind, ()) for kind in _OTHERS[truth]]
    others = [_with(shape, parts, number, each) for each in constants]
    return Node("all", (comes_out(test, truth), Node("any", tuple(differ(mine, each) for each in others))))


def _with(shape: Shape, parts: Sequence[L | Node[L]], number: int, instead: L | Node[L]) -> L | Node[L]:
    if isinstance(shape, int):
        return instead if shape == number else parts[shape]
    return Node(shape.kind, tuple(_with(each, parts, number, instead) for each in shape.parts))
