"""A record that belongs to the one of a rule through another record: no-shows of orders of a firm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 5

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk"],
    "principles": ["fairness"],
    "records": {
        "firms": {"each": "firm", "absent": "none", "fields": {"known": {"type": "flag", "presume": True}}},
        "orders": {"each": "order", "absent": "none", "fields": {
            "firm_of": {"type": "reference", "to": "firms"}, "other_of": {"type": "reference", "to": "firms"}}},
        "misses": {"each": "miss", "absent": "none", "ordered_by": "at", "fields": {
            "at": {"type": "instant"}, "order_of": {"type": "reference", "to": "orders"}}},
    },
    "actions": {
        "warn": {"phase": "ask", "owner": "clerk", "about": "firms"},
        "order": {"phase": "settle", "owner": "clerk", "about": "firms"},
        "look": {"phase": "settle", "owner": "clerk"},
    },
}  # fmt: skip


def policy(dice: Dice) -> Plain:
    """What was missed by a firm counts for this firm, not for the others."""
    same = pick(dice, ["same_as", "same_as", "same_as", "not_same_as"])
    its: Plain = {"order_of.firm_of": {same: "firm.id"}}
    when: Plain = pick(dice, [
        {"count": "misses", "where": its, "at_least": dice.number(1, 2)},
        {"some": "misses", "where": its},
        {"none": "misses", "where": its},
        {"latest": "misses", "has": its},
        {"some": "orders", "of": "case", "where": {pick(dice, ["firm_of", "other_of"]): {same: "firm.id"}}},
    ])  # fmt: skip
    twice: Plain = {"count": "misses", "where": its, "at_least": 2}
    rules: Plain = [
        {"id": "missed", "for_each": "firms", "when": when, "then": [{"recommend": "warn"}]},
        {"id": "blocked", "for_each": "firms", "when": twice, "then": [{"forbid": "order"}]},
        {"id": "ordered", "for_each": "firms", "then": [{"recommend": "order"}]},
    ]  # fmt: skip
    if chance(dice, 40):
        inner = {"firm_of": {same: "order.other_of"}}
        rules.append({"id": "both", "for_each": "orders", "when": {"some": "orders", "of": "case", "where": inner},
                      "then": [{"recommend": "look", "about": "case"}]})  # fmt: skip
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Orders and misses, some without the firm or the order to which they belong."""
    entries: list[Plain] = [
        {"at": BEGIN.isoformat(), "firms": [{"id": "a"}, {"id": "b"}], "orders": [{"id": "o"}, {"id": "p"}]}
    ]
    for number in range(dice.number(2, 7)):
        at = (BEGIN + timedelta(hours=number)).isoformat()
        if chance(dice, 45):
            order: Plain = {"id": pick(dice, ["o", "p"])}
            order |= {"firm_of": pick(dice, ["a", "b"])} if chance(dice, 80) else {}
            order |= {"other_of": pick(dice, ["a", "b"])} if chance(dice, 50) else {}
            entries.append({"at": at, "orders": [order]})
        else:
            miss: Plain = {"id": pick(dice, ["m", "n", "k"]), "at": at}
            miss |= {"order_of": pick(dice, ["o", "p"])} if chance(dice, 85) else {}
            entries.append({"at": at, "misses": [miss]})
    return {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(2, 9),)]


@pytest.mark.parametrize("seed", range(30))
def test_records_that_belong_through_another_are_found_as_the_oracle_finds_them(seed: int) -> None:
    assert disagreement(f"two references {seed}", policy, history, PAIRS, moments) is None
