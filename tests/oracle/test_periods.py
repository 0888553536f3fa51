"""Periods between two instants: in amounts, in targets that the acts have to reach, and in what a test compares with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 1, 30, 1, tzinfo=UTC)
PAIRS = 6
LENGTHS = ["days", "12 hours", "5 hours", "week", "month", "2 months", "calendar days", "3 calendar days", "working hours",
           "90 working minutes", "90 working minutes in night"]  # fmt: skip

WORDS: Plain = {
    "phases": ["settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {
        "office": {"timezone": "Europe/Berlin", "hours": {"mon-fri": ["09:00-12:00", "13:00-17:30"]}},
        "night": {"timezone": "Asia/Taipei", "hours": {"mon-sat": ["22:00-06:00"]}},
    },
    "facts": {"x.began": {"type": "instant"}, "x.over": {"type": "instant"}, "x.number": {"type": "count"}},
    "records": {
        "outages": {"each": "outage", "absent": "none", "ordered_by": "began", "fields": {
            "began": {"type": "instant"}, "over": {"type": "instant"}, "promised": {"type": "instant"}}},
    },
    "actions": {
        "pay": {"phase": "settle", "owner": "clerk", "about": "outages",
                "params": {"amount": {"type": "amount", "reached": True}}},
        "report": {"phase": "settle", "owner": "boss", "params": {"number": {"type": "count"}}},
    },
}  # fmt: skip


def periods(dice: Dice, record: str) -> Plain:
    """How many there are between two instants, of the record or of the case."""
    names = (
        [f"{record}.began", f"{record}.over", f"{record}.promised", "x.over"]
        if record
        else ["x.began", "x.over"]
    )
    return {
        pick(dice, ["full", "started"]): pick(dice, LENGTHS),
        "since": pick(dice, names),
        "until": pick(dice, names),
    }


def policy(dice: Dice) -> Plain:
    """An amount for each period of an outage, a number that is reported, and a test against one."""
    each: Plain = {"times": {"TWD": 10}, "of": periods(dice, "outage")}
    if chance(dice, 40):
        each = {"least_of": [each, {"TWD": 100}]}
    rules: Plain = [
        {
            "id": "pays",
            "for_each": "outages",
            "then": [{"recommend": "pay", "amount": each, "within": "2 days of outage.over"}],
        },
        {
            "id": "reports",
            "then": [{"recommend": "report", "number": {"from": periods(dice, ""), "less": 2}}],
        },
        {
            "id": "many",
            "when": {"x.number": {pick(dice, ["above", "at_most", "equals"]): periods(dice, "")}},
            "then": [{"forbid": "report"}],
        },
    ]
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Outages of which some instants become known later, or are corrected, and payments."""

    def moment() -> str:
        return (BEGIN + timedelta(minutes=dice.number(-2000, 9000) * pick(dice, [1, 1, 12]))).isoformat()

    entries: list[Plain] = [
        {"at": BEGIN.isoformat(), "outages": [{"id": "o", "began": moment()}, {"id": "p"}]}
    ]
    for number in range(dice.number(2, 7)):
        entry: Plain = {"at": (BEGIN + timedelta(hours=9 * number + 1)).isoformat()}
        way = pick(dice, ["outage", "outage", "pay", "fact"])
        if way == "pay":
            act: Plain = {"action": "pay", "by": "clerk", "about": pick(dice, ["o", "p"])}
            entry["acts"] = [{**act, "params": {"amount": pick(dice, [10, 20, 100])}}]
        elif way == "fact":
            entry["facts"] = {pick(dice, ["x.began", "x.over"]): moment(), "x.number": dice.number(0, 40)}
        else:
            field = pick(dice, ["began", "over", "over", "promised"])
            entry["outages"] = [{"id": pick(dice, ["o", "p"]), field: moment()}]
        entries.append(entry)
    return {"currency": "TWD", "history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(2, 60), 90)]


@pytest.mark.parametrize("seed", range(40))
def test_periods_are_counted_as_the_oracle_counts_them(seed: int) -> None:
    assert disagreement(f"periods {seed}", policy, history, PAIRS, moments) is None
