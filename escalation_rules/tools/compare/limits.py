"""Prohibitions with a limit in money that has other currencies than before: without a limit, they are undecided."""

from __future__ import annotations

from collections.abc import Mapping

from escalation_rules.policy.conditions import currencies_of
from escalation_rules.policy.model import Prohibit
from escalation_rules.solving.kleene import conditions_of
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.policies import NEW, OLD, Policies


def limited_otherwise(policies: Policies, subject: Subject) -> Mapping[str, set[str]]:
    """The currencies in which rules of both policies have a limit in one of them only, each with these rules."""
    before, after = (_currencies(policies, whose, subject) for whose in (OLD, NEW))
    found: dict[str, set[str]] = {}
    for rule in sorted(before.keys() & after.keys()):
        for currency in sorted(before[rule] ^ after[rule]):
            found.setdefault(currency, set()).add(rule)
    return found


def _currencies(policies: Policies, whose: int, subject: Subject) -> dict[str, frozenset[str]]:
    """The rules of a policy, with the currencies of their limits."""
    model = policies.models[whose]
    found: dict[str, frozenset[str]] = {}
    for rule, effect in policies.effects_of(whose, subject):
        where = effect.where if isinstance(effect, Prohibit) else None
        conditions = (*conditions_of(rule, model.rulesets[rule.ruleset]), *filter(None, (where,)))
        named = frozenset[str]().union(*map(currencies_of, conditions))
        found[rule.id] = found.get(rule.id, frozenset()) | named
    return found
