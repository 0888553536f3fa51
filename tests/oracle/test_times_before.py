"""Times that end before an instant: random policies seldom have one that matters, so here every policy and history does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.compare import differences
from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.run import load

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 5
"""Histories for each policy; each is decided at three instants."""
LENGTHS = ("6 hours", "2 days", "1 month", "5 working hours", "1 working day", "3 working days in night",
           "2 calendar days", "1 calendar day in night")  # fmt: skip

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {
        "office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}},
        "night": {"timezone": "Asia/Taipei", "hours": {"mon-sun": ["22:00-06:00"]}},
    },
    "facts": {
        "case.opened_at": {"type": "instant"},
        "trip.starts_at": {"type": "instant"},
        "x.a": {"type": "flag", "presume": False},
        "x.b": {"type": "flag", "presume": False},
    },
    "records": {
        "stages": {"each": "stage", "absent": "none", "fields": {
            "starts_at": {"type": "instant"}, "booked": {"type": "flag"}}},
    },
}  # fmt: skip


def policy(dice: Dice) -> Plain:
    """A step that is due before an instant, and perhaps a hold of it, another time, a repetition, a pause."""
    actions: Plain = {
        "confirm": {"phase": "settle", "owner": "clerk"},
        "approve": {"phase": "ask", "owner": "boss"},
    }
    if chance(dice, 30):
        actions["confirm"]["anchor"] = "case.opened_at"
    if chance(dice, 30):
        actions["confirm"]["paused_while"] = {"x.b": True}
    step: Plain = {"recommend": "confirm"}
    rule: Plain = {"id": "confirmed", "then": [step]}
    where = pick(dice, ["fact", "each", "some", "latest"])
    name = "trip.starts_at" if where == "fact" else "stage.starts_at"
    step["within"] = f"{pick(dice, LENGTHS)} before {name}"
    booked: Plain = {"booked": True}
    if where == "each":
        rule |= {"for_each": "stages", "when": booked}
        if chance(dice, 50):
            actions["confirm"]["about"] = "stages"
            actions["confirm"].pop("anchor", None)
        else:
            step["about"] = "case"
    elif where in {"some", "latest"}:
        rule["when"] = (
            {"some": "stages", "where": booked} if where == "some" else {"latest": "stages", "has": booked}
        )
    elif chance(dice, 50):
        rule["when"] = {"x.a": True}
    if chance(dice, 50):
        step["again"] = pick(dice, ["every 12 hours", "every 1 working day"])
    if chance(dice, 25) and ("anchor" in actions["confirm"]):
        step["lapses_after"] = pick(dice, ["1 day", "4 days"])
    rules: Plain = [rule]
    if chance(dice, 50):
        until = pick(dice, [{"done": "approve"}, {"x.a": True}])
        rules.append({"id": "waits", "then": [{"hold": "confirm", "until": until}]})
    if chance(dice, 40):
        other = {
            "recommend": "confirm",
            "within": pick(dice, ["1 day of case.opened_at", "1 day before trip.starts_at"]),
        }
        if where == "each" and actions["confirm"].get("about"):
            other["recommend"] = "approve"
        rules.append({"id": "also", "when": {"x.b": True}, "then": [other]})
    return {"vocabulary": {**WORDS, "actions": actions}, "rulesets": [{"ruleset": "main", "rules": rules}]}


def instant(dice: Dice, at: datetime) -> str:
    return (at + timedelta(hours=dice.number(-10, 100))).isoformat()


def history(dice: Dice) -> Plain:
    """A history of some days, in which the instants become known, and move."""
    at, entries = BEGIN, [{"at": BEGIN.isoformat(), "facts": {"case.opened_at": BEGIN.isoformat()}}]
    for _ in range(dice.number(2, 6)):
        at += timedelta(hours=dice.number(1, 40))
        entry: Plain = {"at": at.isoformat()}
        kind = pick(dice, ["flag", "trip", "stage", "stage", "act", "act"])
        if kind == "flag":
            entry["facts"] = {pick(dice, ["x.a", "x.b"]): chance(dice, 60)}
        elif kind == "trip":
            entry["facts"] = {"trip.starts_at": instant(dice, at)}
        elif kind == "stage":
            entry["stages"] = [
                {"id": pick(dice, ["one", "two"]), "starts_at": instant(dice, at), "booked": chance(dice, 80)}
            ]
        else:
            name = pick(dice, ["approve", "confirm", "confirm"])
            entry["acts"] = [{"action": name, "by": "boss" if name == "approve" else "clerk"}]
        entries.append(entry)
    return {"history": entries}


@pytest.mark.parametrize("seed", range(40))
def test_times_end_as_the_oracle_has_them(seed: int) -> None:
    dice = Seeded(f"times before {seed}")
    made = policy(dice)
    loaded = load(made)
    stages = made["vocabulary"]["actions"]["confirm"].get("about")
    for _ in range(PAIRS):
        whole = history(dice)
        named = {each["id"] for entry in whole["history"] for each in entry.get("stages", [])}
        for entry in whole["history"]:
            for act in entry.get("acts", []):
                if stages and act["action"] == "confirm" and named:
                    act["about"] = pick(dice, sorted(named))
        if stages and not named:
            continue
        for hours in (dice.number(10, 60), dice.number(50, 120), 170):
            at = BEGIN + timedelta(hours=hours)
            assert not differences(made, loaded, whole, at), (made["rulesets"], whole, at)
