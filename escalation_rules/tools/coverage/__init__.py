"""Measures the coverage of a policy by its tests: rules, effects, tests of conditions, situations.

A test decides if another truth of this test alone would change the result of its condition (masking MC/DC,
with unknown as a third truth). A condition on the records of a list is measured separately: it decides which
records are selected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from escalation_rules.decision import PolicyRef
from escalation_rules.errors import Position
from escalation_rules.policy.model import PolicyModel
from escalation_rules.solving import solver_available
from escalation_rules.solving.written import one_line
from escalation_rules.tools.coverage.feasible import Feasible
from escalation_rules.tools.coverage.parts import Parts, Root
from escalation_rules.tools.coverage.result import (
    TRUTHS,
    Counted,
    Coverage,
    EffectSeen,
    RuleSeen,
    TestSeen,
    Uncovered,
)
from escalation_rules.tools.coverage.situations import uncovered
from escalation_rules.tools.coverage.tally import STANDINGS, Counts, Tally
from escalation_rules.tools.coverage.watching import Watch

__all__ = [
    "Counted", "Coverage", "EffectSeen", "Parts", "RuleSeen", "Tally", "TestSeen", "Uncovered", "Watch", "coverage_of"
]  # fmt: skip


def coverage_of(
    model: PolicyModel,
    tally: Tally,
    *,
    layers: Sequence[Path] = (),
    solver: bool = True,
    progress: Callable[[float], None] = lambda _: None,
) -> Coverage:
    """Evaluate a tally of a policy. With `layers`, only parts written in these folders and files are counted.

    `solver`: exclude what the solver proves impossible, if it is installed.
    """
    paths = [layer.resolve() for layer in layers]

    def counts(place: Position) -> bool:
        file = Path(place.file).resolve() if paths else Path(place.file)
        return not paths or any(path == file or path in file.parents for path in paths)

    parts = Parts.of(model)
    solved = solver and solver_available()
    feasible = Feasible(model, exactly=solved)
    roots = [
        root for root in parts.roots() if any(test.counted and counts(test.place) for test in root.tests)
    ]
    tests: list[TestSeen] = []
    for number, root in enumerate(roots, start=1):
        tests += _tests(root, tally, feasible)
        progress(number / len(roots))
    own = [rule for rule in parts.rules if counts(rule.rule.position)]
    rules = tuple(
        RuleSeen(rule.rule.id, rule.rule.position, _counts(tally.rules, rule.rule.id)) for rule in own
    )
    effects = tuple(EffectSeen(effect.rule.id, effect.place, _counts(tally.effects, effect.key), *effect.does)
                    for rule in own for effect in rule.effects)  # fmt: skip
    ref = PolicyRef(model.name, model.digest)
    return Coverage(ref, tally.asked, rules, effects, tuple(tests), uncovered(model), solved)


def _counts(counts: Counts, key: str) -> dict[str, int]:
    found = counts.get(key)
    return {standing: 0 if found is None else found[standing] for standing in STANDINGS}


def _tests(root: Root, tally: Tally, feasible: Feasible) -> Iterator[TestSeen]:
    for number, test in enumerate(root.tests):
        if test.counted:
            known = tally.tests.get((root.key, number), ())
            seen = tuple(truth for truth in TRUTHS if truth in known)
            cannot = tuple(
                truth
                for truth in TRUTHS
                if truth not in known and not feasible.can_decide(root, number, truth)
            )
            yield TestSeen(root.owner, test.part, one_line(test.condition), test.place, seen, cannot)
