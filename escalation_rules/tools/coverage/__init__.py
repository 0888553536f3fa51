"""What the tests of a policy cover: rules and effects that fired, tests that were seen to decide, situations without a rule.

A test decides where another truth of it alone would change what its condition comes to (masking MC/DC, with unknown as a
third truth). A condition on the records of a list is looked at by itself: it decides which of them are meant.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import TypeVar

from escalation_rules.decision import PolicyRef
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import PolicyModel
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

T = TypeVar("T")


def coverage_of(
    model: PolicyModel,
    tally: Tally,
    *,
    solver: bool = True,
    progress: Callable[[float], None] = lambda _: None,
) -> Coverage:
    """What a tally of the policy comes to. `solver`: ask it, too, what cannot be (if it is installed)."""
    parts = Parts.of(model)
    solved = solver and find_spec("z3") is not None
    feasible = Feasible(model, exactly=solved)
    roots = list(parts.roots())
    tests: list[TestSeen] = []
    for number, root in enumerate(roots):
        tests += _tests(root, tally, feasible)
        progress((number + 1) / len(roots))
    rules = tuple(RuleSeen(each.id, each.position, _counts(tally.rules, each.id)) for each in model.rules)
    effects = tuple(EffectSeen(each.rule.id, each.place, _counts(tally.effects, each.key), *each.does)
                    for rule in parts.rules for each in rule.effects)  # fmt: skip
    ref = PolicyRef(model.name, model.digest)
    return Coverage(ref, tally.asked, rules, effects, tuple(tests), uncovered(model), solved)


def _counts(counts: Counts, key: str) -> dict[str, int]:
    found = counts.get(key)
    return {each: 0 if found is None else found[each] for each in STANDINGS}


def _tests(root: Root, tally: Tally, feasible: Feasible) -> Iterator[TestSeen]:
    for number, test in enumerate(root.tests):
        if test.counted:
            known = tally.tests.get((root.key, number), ())
            seen = tuple(each for each in TRUTHS if each in known)
            cannot = tuple(
                each for each in TRUTHS if each not in known and not feasible.can_decide(root, number, each)
            )
            yield TestSeen(root.owner, test.part, written(test.condition), test.place, seen, cannot)


def written(condition: Condition) -> str:
    """A test as YAML in one line."""
    text = json.dumps(condition.to_data(), ensure_ascii=False, default=str).replace('"', "")
    return text[1:-1] if text.startswith("{") else text
