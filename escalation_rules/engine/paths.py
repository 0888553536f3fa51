"""Converts conditions to paths of literals for the network (disjunctive normal form that preserves Kleene's logic)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from escalation_rules.policy.conditions import AllOf, AnyOf, Condition, NoneOf, Not

MAX_PATHS = 8
MAX_PATH = 60

Path = tuple[int, ...]


class Atoms:
    """The atomic tests of a block, without duplicates. A literal is twice an atom's number, plus one if it
    must be false."""

    def __init__(self) -> None:
        self._numbers: dict[Condition, int] = {}

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The atoms in order of their numbers."""
        return tuple(self._numbers)

    def literal(self, condition: Condition, wanted: bool) -> int:
        """The literal for: the condition is true (or false)."""
        return 2 * self._numbers.setdefault(condition, len(self._numbers)) + (0 if wanted else 1)

    def paths(self, condition: Condition) -> tuple[Path, ...]:
        """The paths of a condition. Contradictory paths are kept, since Kleene's logic has no law of the
        excluded middle."""
        return tuple(sorted(self._paths(condition, True)))

    def _paths(self, condition: Condition, wanted: bool) -> set[Path]:
        match condition:
            case Not():
                return self._paths(condition.conditions[0], not wanted)
            case AllOf():
                together, parts = wanted, [(test, wanted) for test in condition.conditions]
            case AnyOf():
                together, parts = not wanted, [(test, wanted) for test in condition.conditions]
            case NoneOf():
                together, parts = wanted, [(test, not wanted) for test in condition.conditions]
            case _:
                return {(self.literal(condition, wanted),)}
        if together:
            return self._conjunction(condition, wanted, parts)
        return self._disjunction(condition, wanted, parts)

    def _disjunction(
        self, whole: Condition, wanted: bool, parts: Sequence[tuple[Condition, bool]]
    ) -> set[Path]:
        found: set[Path] = set()
        for condition, sign in parts:
            found |= self._paths(condition, sign)
        return found if len(found) <= MAX_PATHS else {(self.literal(whole, wanted),)}

    def _conjunction(
        self, whole: Condition, wanted: bool, parts: Sequence[tuple[Condition, bool]]
    ) -> set[Path]:
        factors = [self._paths(condition, sign) for condition, sign in parts]
        # If the number of paths grows too large, sub-conditions become atoms, largest first.
        for index in sorted(range(len(factors)), key=lambda number: -len(factors[number])):
            if _size(factors) <= MAX_PATHS:
                break
            factors[index] = {(self.literal(*parts[index]),)}
        found = {
            tuple(sorted({literal for path in chosen for literal in path})) for chosen in product(*factors)
        }
        if any(len(path) > MAX_PATH for path in found):
            return {(self.literal(whole, wanted),)}
        return found


def _size(factors: Sequence[set[Path]]) -> int:
    size = 1
    for factor in factors:
        size *= len(factor)
    return size
