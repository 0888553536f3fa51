"""Targets that grow after they were met: a total of a list, a share of one, a count; with part payments and late logging."""

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
    "phases": ["settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "facts": {"x.at": {"type": "instant"}, "x.most": {"type": "amount"}},
    "records": {
        "items": {"each": "item", "absent": "none", "ordered_by": "at", "fields": {
            "at": {"type": "instant"}, "price": {"type": "amount"}, "open": {"type": "flag", "presume": True}}},
    },
    "actions": {
        "refund": {"phase": "settle", "owner": "clerk", "by": ["clerk"], "about": "case",
                   "params": {"amount": {"type": "amount", "reached": True}}},
        "call": {"phase": "settle", "owner": "clerk", "about": "case",
                 "params": {"times": {"type": "count", "reached": True}}},
    },
}  # fmt: skip


def target(dice: Dice) -> Plain:
    """What has to be reached."""
    listed: Plain = {"sum": "items.price", **selection(dice)}
    return pick(dice, [listed, listed, {"share": "50%", "of": listed}, {"least_of": [listed, "x.most"]}])


def selection(dice: Dice) -> Plain:
    """Which items count."""
    return {"where": {"open": True}} if chance(dice, 40) else {}


def policy(dice: Dice) -> Plain:
    """The items are refunded in all, and each is called about."""
    within = pick(dice, [
        "4 hours of x.at", "4 hours of item.at", "4 hours of learning x.at", "1 day of item.recorded_at", "2 hours before x.at",
    ])  # fmt: skip
    again = {"again": "every 12 hours"} if chance(dice, 15) and "before" not in within else {}
    refund = {"recommend": "refund", "amount": target(dice), "within": within, **again}
    call = {"recommend": "call", "times": {"count": "items", **selection(dice)}, "within": "6 hours of x.at"}
    rules: Plain = [
        {"id": "refund", "when": {"some": "items", **selection(dice)}, "then": [refund]},
        {"id": "call", "when": {"some": "items"}, "then": [call]},
    ]
    if chance(dice, 25):
        more = {"recommend": "refund", "amount": "x.most", "within": "8 hours of x.at"}
        rules.append({"id": "more", "when": {"x.most": "given"}, "then": [more]})
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "growing", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Items come, are withdrawn or change; some is refunded, now and then logged late."""
    entries: Plain = [{"at": BEGIN.isoformat(), "facts": {"x.at": BEGIN.isoformat()}}]
    hour = 0
    for number in range(dice.number(2, 7)):
        hour += dice.number(0, 5)
        at = BEGIN + timedelta(hours=hour)
        entry: Plain = {"at": at.isoformat()}
        if chance(dice, 65):
            entry["items"] = [{"id": f"i{dice.number(0, 3)}", **stated(dice, at)}]
        if chance(dice, 15):
            entry["facts"] = {"x.most": pick(dice, [10, 30])}
        if chance(dice, 60):
            done = at - timedelta(hours=dice.number(0, 2)) if chance(dice, 30) else at
            who = {"by": pick(dice, ["clerk", "clerk", "boss"]), "at": done.isoformat()}
            entry["acts"] = [{"id": f"a{number}", **what(dice), **who}]
        entries.append(entry)
    return {"currency": "TWD", "history": entries}


def stated(dice: Dice, at: datetime) -> Plain:
    """What is learned of an item."""
    if chance(dice, 25):
        return {"open": chance(dice, 30)}
    return {"price": pick(dice, [10, 20, 50]), "at": (at - timedelta(hours=dice.number(0, 3))).isoformat()}


def what(dice: Dice) -> Plain:
    """What was done."""
    return pick(dice, [
        {"action": "refund", "params": {"amount": pick(dice, [10, 20, 30, 60])}},
        {"action": "refund", "params": {"amount": pick(dice, [10, 20, 30, 60])}},
        {"action": "call", "params": {"times": dice.number(1, 2)}},
        {"action": "refund"},
    ])  # fmt: skip


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=dice.number(0, 40), minutes=pick(dice, [0, 30])) for _ in range(2)]


@pytest.mark.parametrize("seed", range(40))
def test_a_target_that_grows_is_due_as_the_oracle_says(seed: int) -> None:
    assert disagreement(f"growing {seed}", policy, history, PAIRS, moments) is None
