"""Prohibitions with another limit in money than before, by currency: without a limit, they are undecided."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from escalation_rules.policy.conditions import amounts_of
from escalation_rules.policy.model import Prohibit
from escalation_rules.solving.kleene import conditions_of
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.policies import NEW, OLD, Policies

Limits = Mapping[str, frozenset[object]]
"""The limits of a rule in each currency."""


@attrs.frozen
class LimitChange:
    """A rule of both policies whose limit is there in one policy only in the currencies `only_one`, and has another amount
    in those of `moved`."""

    rule: str
    only_one: tuple[str, ...]
    moved: tuple[str, ...]


def limited_otherwise(policies: Policies, subject: Subject) -> tuple[LimitChange, ...]:
    """The rules about a subject whose limits differ."""
    before, after = (_limits(policies, whose, subject) for whose in (OLD, NEW))
    found = []
    for rule in sorted(before.keys() & after.keys()):
        old, new = before[rule], after[rule]
        moved = sorted(key for key in old.keys() & new.keys() if old[key] != new[key])
        only_one = sorted(old.keys() ^ new.keys())
        if only_one or moved:
            found.append(LimitChange(rule, tuple(only_one), tuple(moved)))
    return tuple(found)


def _limits(policies: Policies, whose: int, subject: Subject) -> dict[str, Limits]:
    """The rules of a policy with their limits."""
    model = policies.models[whose]
    found: dict[str, dict[str, frozenset[object]]] = {}
    for rule, effect in policies.effects_of(whose, subject):
        where = effect.where if isinstance(effect, Prohibit) else None
        limits = found.setdefault(rule.id, {})
        for condition in (*conditions_of(rule, model.rulesets[rule.ruleset]), *filter(None, (where,))):
            for currency, amount in amounts_of(condition):
                limits[currency] = limits.get(currency, frozenset()) | {amount}
    return {**found}
