"""A sum over records compared with a value that is worked out: a share of another sum, the total of acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 6

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "facts": {"x.most": {"type": "amount"}, "x.a": {"type": "flag", "presume": False}},
    "records": {
        "orders": {"each": "order", "absent": "none", "fields": {"limit": {"type": "amount"}}},
        "items": {"each": "item", "absent": "none", "ordered_by": "at", "fields": {
            "at": {"type": "instant"}, "order_of": {"type": "reference", "to": "orders"}, "price": {"type": "amount"}}},
        "payments": {"each": "payment", "absent": "none", "ordered_by": "at", "fields": {
            "at": {"type": "instant"}, "order_of": {"type": "reference", "to": "orders"}, "amount": {"type": "amount"}}},
    },
    "actions": {
        "deliver": {"phase": "settle", "owner": "clerk", "about": "orders"},
        "refund": {"phase": "settle", "owner": "clerk", "about": "orders",
                   "params": {"amount": {"type": "amount", "combine": "sum"}}},
        "look": {"phase": "ask", "owner": "boss"},
    },
}  # fmt: skip


def other(dice: Dice, record: str) -> Plain:
    """What the sum is compared with."""
    recent = {"where": {"at": {"newer_than": "6 hours"}}} if chance(dice, 25) else {}
    items: Plain = {"sum": "items.price", **recent}
    return pick(dice, [
        {"share": pick(dice, ["30%", "50%"]), "of": items},
        items,
        {"sum_done": "refund.amount", **({"newer_than": "6 hours"} if chance(dice, 25) else {})},
        {"from": items, "less": {"sum_done": "refund.amount"}},
        {"least_of": ["x.most", {"TWD": 60}]},
        {"times": 2, "of": f"{record}.limit"} if record else {"times": 2, "of": "x.most"},
    ])  # fmt: skip


def policy(dice: Dice) -> Plain:
    """An order is delivered when enough of it was paid."""
    words = ["above", "at_least", "below", "at_most", "equals"]
    paid: Plain = {"sum": "payments.amount", pick(dice, words): other(dice, "order")}
    rules: Plain = [{"id": "paid", "for_each": "orders", "when": paid, "then": [{"recommend": "deliver"}]}]
    if chance(dice, 50):
        until = {"sum": "payments.amount", pick(dice, words[:2]): other(dice, "order")}
        rules.append({"id": "waits", "for_each": "orders", "then": [{"hold": "deliver", "until": until}]})
    whole: Plain = {"sum": "payments.amount", pick(dice, words): other(dice, "")}
    rules.append(
        {
            "id": "whole",
            "when": {"not": whole} if chance(dice, 40) else whole,
            "then": [{"recommend": "look"}],
        }
    )
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Items, payments and refunds as they came; some amounts are not known."""
    entries: list[Plain] = [{"at": BEGIN.isoformat(), "orders": [{"id": "o", "limit": 30}, {"id": "p"}]}]
    for number in range(dice.number(2, 8)):
        at = (BEGIN + timedelta(hours=2 * number + 1)).isoformat()
        way = pick(dice, ["items", "payments", "payments", "refund", "fact"])
        if way == "refund":
            act: Plain = {"action": "refund", "by": "clerk", "about": pick(dice, ["o", "p"])}
            entries.append({"at": at, "acts": [{**act, "params": {"amount": pick(dice, [10, 20])}}]})
        elif way == "fact":
            entries.append({"at": at, "facts": {"x.most": pick(dice, [20, 30, 100])}})
        else:
            record: Plain = {"id": f"{way[0]}{dice.number(1, 3)}", "at": at}
            record |= {"order_of": pick(dice, ["o", "p"])} if chance(dice, 85) else {}
            record |= (
                {"price" if way == "items" else "amount": pick(dice, [10, 20, 30, 60])}
                if chance(dice, 90)
                else {}
            )
            entries.append({"at": at, way: [record]})
    return {"currency": "TWD", "history": entries} if chance(dice, 90) else {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(2, 17), 24)]


@pytest.mark.parametrize("seed", range(40))
def test_sums_are_compared_as_the_oracle_compares_them(seed: int) -> None:
    assert disagreement(f"sums compared {seed}", policy, history, PAIRS, moments) is None
