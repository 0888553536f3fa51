"""Uses the solver to find out whether a test can decide with a given truth, in cases that are large enough for the
condition."""

from __future__ import annotations

from escalation_rules.policy.conditions import Truth
from escalation_rules.policy.model import PolicyModel
from escalation_rules.solving.kleene_terms import Term, conj, of_formula
from escalation_rules.solving.search import Frame, Search
from escalation_rules.solving.sizes import Bounds, Sizes
from escalation_rules.solving.symbols import Scope
from escalation_rules.solving.witness import PARAMETERS
from escalation_rules.tools.coverage.feasible import deciding
from escalation_rules.tools.coverage.parts import Root


class Solved:
    """Queries the solver about the tests of a policy."""

    def __init__(self, model: PolicyModel, bounds: Bounds | None = None) -> None:
        self._search = Search([model], bounds or Bounds())
        self._sizes = Sizes(model)

    def impossible(self, root: Root, number: int, truth: Truth) -> bool:
        """Whether it is proven that the test never decides with this truth."""

        def query(frame: Frame) -> tuple[Term, ...]:
            encoder = frame.encoders[0]
            scope = _scope(frame, root)
            parts = [encoder.truth(test.condition, scope if test.counted else ()) for test in root.tests]
            there = [slot.present for slot in scope if slot.list != PARAMETERS]
            return (conj(*there, of_formula(deciding(root.shape, parts, number, truth)).yes),)

        size = self._sizes.of(test.condition for test in root.tests)
        return self._search.impossible(query, size) is True


def _scope(frame: Frame, root: Root) -> Scope:
    """The records in scope. A nested condition on the same list uses a different record than the outer one."""
    found: list[str] = []
    slots = []
    for name in root.scope:
        slots.append(
            frame.symbols.parameters()
            if name == PARAMETERS
            else frame.symbols.records(name)[found.count(name)]
        )
        found.append(name)
    return tuple(slots)
