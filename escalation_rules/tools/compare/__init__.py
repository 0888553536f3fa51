"""Compares two policies: changed texts, and changed effects, each with the smallest case that shows it."""

from __future__ import annotations

from collections.abc import Callable

from escalation_rules.decision import PolicyRef
from escalation_rules.engine import Program
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.compare.changed import names_changed, rules_changed
from escalation_rules.tools.compare.result import (
    Comparison,
    EffectChange,
    Following,
    NameChange,
    NotCompared,
    RuleChange,
    Said,
)

__all__ = [
    "Comparison",
    "EffectChange",
    "Following",
    "NameChange",
    "NotCompared",
    "RuleChange",
    "Said",
    "Witness",
    "compare",
]


def compare(
    old: Program,
    new: Program,
    *,
    records: int = 3,
    acts: int = 3,
    in_cases: bool = True,
    proceed: Callable[[float], bool] = lambda _: True,
) -> Comparison:
    """Compare two policies, in cases with up to `records` records in each list and up to `acts` acts.

    Without `in_cases`, only the texts are compared, and no solver is needed. `proceed` is called with the part of the work
    that is done; if it says no, what is left is not compared.
    """
    rules = rules_changed(old.model, new.model)
    names = names_changed(old.model, new.model)
    effects: tuple[EffectChange, ...] = ()
    left: tuple[NotCompared, ...] = ()
    following: tuple[Following, ...] = ()
    compared = 0
    if in_cases:
        from escalation_rules.tools.compare.cases import compare_cases

        found = compare_cases(old, new, rules, names, records=records, acts=acts, proceed=proceed)
        effects, left, compared, following = found.effects, found.left, found.compared, found.following
    refs = [PolicyRef(program.model.name, program.model.digest) for program in (old, new)]
    models = (old.model, new.model)
    return Comparison(
        refs[0], refs[1], rules, names, effects, left, records, acts, compared, in_cases, models, following
    )
