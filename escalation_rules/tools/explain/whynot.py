"""Finds the smallest set of tests that prevents a rule from holding, and the truths they would need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

import attrs

from escalation_rules.policy.conditions import Condition, Truth

Path = tuple[int, ...]
Vector = Mapping[int, Truth]
"""The truth of each test by its number. A literal is twice that number, plus one if the test must be false."""


@attrs.frozen(eq=False)
class Formula:
    """A rule as paths of literals: `gate` and `when` must hold, `unless` must not be known to hold."""

    atoms: tuple[Condition, ...]
    gate: tuple[Path, ...]
    when: tuple[Path, ...]
    unless: tuple[Path, ...]

    def holds(self, vector: Vector) -> Truth:
        """The truth of the rule for these truths of its tests."""
        gate, when = _any(self.gate, vector), _any(self.when, vector)
        if gate is False or when is False or _any(self.unless, vector) is True:
            return False
        return None if gate is None or when is None else True


def fewest_changes(formula: Formula, vector: Vector) -> dict[int, bool] | None:
    """The smallest set of tests whose change makes the rule hold, with the truths they need.

    None if nothing can (the rule contradicts itself). Of equally small sets, the first as written. The set is
    minimal: with fewer of its changes the rule would not hold.
    """
    best: dict[int, bool] | None = None
    for gate, when in product(formula.gate, formula.when):
        wanted = _assignment((*gate, *when))
        if wanted is None:
            continue
        for assignment in _breaking(formula.unless, wanted, vector):
            changes = {atom: truth for atom, truth in assignment.items() if vector[atom] is not truth}
            if best is None or _order(changes) < _order(best):
                best = changes
    return best


def _order(changes: Mapping[int, bool]) -> tuple[int, list[int]]:
    return len(changes), sorted(changes)


def _assignment(path: Path) -> dict[int, bool] | None:
    found: dict[int, bool] = {}
    for literal in path:
        if found.setdefault(literal // 2, literal % 2 == 0) is not (literal % 2 == 0):
            return None
    return found


def _breaking(paths: Sequence[Path], wanted: Mapping[int, bool], vector: Vector) -> Iterator[dict[int, bool]]:
    """Ways to extend `wanted` so that no path of the exception is known to hold."""
    standing = next((path for path in paths if all(_is(literal, wanted, vector) for literal in path)), None)
    if standing is None:
        yield dict(wanted)
        return
    for literal in standing:
        atom, truth = literal // 2, literal % 2 == 0
        if atom not in wanted:
            yield from _breaking(paths, {**wanted, atom: not truth}, vector)


def _is(literal: int, wanted: Mapping[int, bool], vector: Vector) -> bool:
    truth = wanted.get(literal // 2, vector[literal // 2])
    return truth is (literal % 2 == 0)


def _any(paths: Sequence[Path], vector: Vector) -> Truth:
    result: Truth = False
    for path in paths:
        truths = [_literal(literal, vector) for literal in path]
        if all(truth is True for truth in truths):
            return True
        if all(truth is not False for truth in truths):
            result = None
    return result


def _literal(literal: int, vector: Vector) -> Truth:
    truth = vector[literal // 2]
    return None if truth is None else truth is (literal % 2 == 0)
