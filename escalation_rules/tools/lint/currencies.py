"""Checks for amounts without a value in a currency that other rules of the layer use: such a limit always holds."""

from __future__ import annotations

from escalation_rules.errors import listing
from escalation_rules.policy.conditions.operands import PerCurrency
from escalation_rules.policy.model import Rule
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of


def currencies_left_out(linted: Linted) -> Found:
    """Rules with an amount that lacks a currency of their layer."""
    layers = linted.model.layers
    named: dict[int, dict[str, Rule]] = {}
    for rule in linted.model.rules:
        for amounts in _amounts(rule):
            for currency in amounts:
                named.setdefault(layers.get(rule.position.file, 0), {}).setdefault(currency, rule)
    for rule in linted.model.rules:
        known = named.get(layers.get(rule.position.file, 0), {})
        lacking = sorted(
            {currency for amounts in _amounts(rule) for currency in known if currency not in amounts}
        )
        if lacking:
            other = known[lacking[0]]
            yield warning("currency-left-out", rule.position,
                          f"{rule.id} has an amount without {listing(lacking)}, in which {other.id} has one",
                          "an amount in each currency that the policy is used in")  # fmt: skip


def _amounts(rule: Rule) -> list[frozenset[str]]:
    """The currencies of each amount in the rule."""
    parts = parts_of((rule.when, rule.unless, rule.effects))
    return [
        frozenset(currency for currency, _ in part.amounts) for part in parts if isinstance(part, PerCurrency)
    ]


CHECKS = (CheckUp(("currency-left-out",), "an amount that lacks a currency", currencies_left_out),)
