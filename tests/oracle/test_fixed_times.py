"""Times that holds move, and times that they do not: random policies seldom have both, so here every policy and history does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 5
"""Histories for each policy; each is decided at three instants."""

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss", "agency"],
    "outside": ["agency"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}}},
    "facts": {
        "case.opened_at": {"type": "instant"},
        "x.a": {"type": "flag", "presume": False},
        "x.b": {"type": "flag", "presume": False},
        "x.c": {"type": "flag", "presume": False},
    },
}


def policy(dice: Dice) -> Plain:
    """A step with a time, a hold or two of it, and perhaps a pause."""
    actions: Plain = {
        "pay": {"phase": "settle", "owner": "clerk"},
        "approve": {
            "phase": "ask",
            "owner": "boss",
            "by": pick(dice, [["boss"], ["boss"], ["agency"], ["agency", "customer"], ["agency", "boss"]]),
        },
        "check": {"phase": "ask", "owner": "clerk"},
    }
    if chance(dice, 30):
        actions["pay"]["paused_while"] = {"x.c": True}
    length = pick(
        dice,
        [
            "30 hours",
            "2 days",
            "6 working hours",
            "2 working days",
            "2 days, moved to a working day",
            "2 calendar days",
            "3 calendar days, moved to a working day",
        ],
    )
    within = f"{length.partition(',')[0]} of case.opened_at{''.join(length.partition(',')[1:])}"
    step: Plain = {"recommend": "pay", "within": within, "fixed": chance(dice, 75)}
    if chance(dice, 30):
        step["paused_while"] = {"x.c": True}
    until = pick(dice, [{"done": "approve"}, {"x.a": True}, {"any": [{"done": "approve"}, {"x.a": True}]}])
    hold: Plain = {"hold": "pay", "until": until}
    if chance(dice, 30):
        hold["waits_for"] = pick(dice, ["us", "customer"])
    rules: Plain = [{"id": "owed", "then": [step]}, {"id": "waits", "then": [hold]}]
    if chance(dice, 40):
        rules[0] |= {"when": {"x.c": False}} if chance(dice, 30) else {}
        rules[1] |= {"when": {"x.b": True}}
    if chance(dice, 40):
        rules.append(
            {"id": "never", "when": {"x.b": True}, "then": [{"forbid": pick(dice, ["pay", "approve"])}]}
        )
    if chance(dice, 40):
        chain = {"hold": "approve", "until": pick(dice, [{"done": "check"}, {"x.a": True}])}
        rules.append(
            {"id": "first", **({"when": {"x.b": True}} if chance(dice, 50) else {}), "then": [chain]}
        )
    if chance(dice, 40):
        other = {"recommend": "pay", "within": "3 days of case.opened_at", "fixed": chance(dice, 50)}
        rules.append({"id": "also", "when": {"x.c": False}, "then": [other]})
    return {"vocabulary": {**WORDS, "actions": actions}, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """A history of some days, in which holds and pauses begin and end."""
    at, entries = BEGIN, [{"at": BEGIN.isoformat(), "facts": {"case.opened_at": BEGIN.isoformat()}}]
    for _ in range(dice.number(2, 6)):
        at += timedelta(hours=dice.number(1, 30))
        entry: Plain = {"at": at.isoformat()}
        if chance(dice, 70):
            entry["facts"] = {pick(dice, ["x.a", "x.b", "x.c"]): chance(dice, 60)}
        else:
            entry["acts"] = [
                {
                    "action": pick(dice, ["approve", "approve", "pay", "check"]),
                    "by": pick(dice, ["boss", "clerk", "agency"]),
                }
            ]
        entries.append(entry)
    return {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(10, 60), dice.number(50, 120), 170)]


@pytest.mark.parametrize("seed", range(40))
def test_times_run_as_the_oracle_has_them(seed: int) -> None:
    assert disagreement(f"fixed times {seed}", policy, history, PAIRS, moments) is None
