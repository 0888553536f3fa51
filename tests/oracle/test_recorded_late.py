"""Records that say that they were recorded later than the entry that brought them, and steps that count from them."""

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
"""Histories for each policy; each is decided some hours after each of its entries."""

WORDS: Plain = {
    "phases": ["settle"],
    "roles": ["customer", "clerk"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}}},
    "records": {
        "parties": {"each": "party", "fields": {"size": {"type": "choice", "values": ["small", "large"]}}},
        "charges": {"each": "charge", "fields": {"at": {"type": "instant"}}},
        "claims": {"each": "claim", "fields": {
            "charge": {"type": "reference", "to": "charges"},
            "other": {"type": "reference", "to": "charges"},
            "firm": {"type": "reference", "to": "parties"},
            "open": {"type": "flag"}}},
    },
}  # fmt: skip


def policy(dice: Dice) -> Plain:
    """A step about what a claim refers to, or about the claim; it counts from the action's own anchor, or from a field."""
    about = pick(dice, ["charges", "charges", "claims"])
    each = about.removesuffix("s")
    own = pick(dice, ["recorded_at", "at"] if about == "charges" else ["recorded_at"])
    starts = [
        "",
        " of learning claim.firm.size",
        " of learning claim.open",
        " of claim.recorded_at",
        " of claim.charge.recorded_at",
    ]
    length = pick(dice, ["2 calendar days", "6 hours", "1 working day", "5 working hours"])
    step: Plain = {"recommend": "look_into", "within": length + pick(dice, starts)}
    if about == "charges":
        step["about"] = pick(dice, ["charge", "other"])
    rule: Plain = {"id": "looked-into", "for_each": "claims", "then": [step]}
    if chance(dice, 50):
        rule["when"] = {"claim.open": True}
    actions = {"look_into": {"phase": "settle", "owner": "clerk", "about": about, "anchor": f"{each}.{own}"}}
    return {"vocabulary": {**WORDS, "actions": actions}, "rulesets": [{"ruleset": "main", "rules": [rule]}]}


def record(dice: Dice, moment: datetime, id_: str, **fields: Plain) -> Plain:
    """A record that may say when it was recorded: hours before or after the entry."""
    made = {"id": id_, **{key: fields[key] for key in fields if chance(dice, 75)}}
    if chance(dice, 60):
        made["recorded_at"] = (moment + timedelta(hours=dice.number(-20, 60))).isoformat()
    return made


def history(dice: Dice) -> Plain:
    """A history of some days that brings charges, firms and claims, in any order."""
    at, entries = BEGIN, [{"at": BEGIN.isoformat(), "charges": [record(dice, BEGIN, "fee", at=BEGIN.isoformat())],
                           "parties": [], "claims": []}]  # fmt: skip
    for _ in range(dice.number(2, 5)):
        at += timedelta(hours=dice.number(1, 40))
        entry: Plain = {"at": at.isoformat()}
        match pick(dice, ["charge", "party", "claim", "claim", "act"]):
            case "charge":
                entry["charges"] = [record(dice, at, pick(dice, ["fee", "toll"]), at=at.isoformat())]
            case "party":
                entry["parties"] = [record(dice, at, "acme", size=pick(dice, ["small", "large"]))]
            case "claim":
                refers = {key: pick(dice, ["fee", "toll"]) for key in ("charge", "other")}
                name = pick(dice, ["first", "second"])
                entry["claims"] = [record(dice, at, name, **refers, firm="acme", open=chance(dice, 80))]
            case _:
                entry["acts"] = [{"action": "look_into", "by": "clerk"}]
        entries.append(entry)
    return {"history": entries}


@pytest.mark.parametrize("seed", range(30))
def test_the_oracle_counts_from_the_same_instant(seed: int) -> None:
    dice = Seeded(f"recorded late {seed}")
    made = policy(dice)
    loaded = load(made)
    listed = made["vocabulary"]["actions"]["look_into"]["about"]
    for _ in range(PAIRS):
        whole = history(dice)
        named = sorted({each["id"] for entry in whole["history"] for each in entry.get(listed, [])})
        given = {
            each["id"]
            for entry in whole["history"]
            for key in WORDS["records"]
            for each in entry.get(key, [])
        }
        for key, names in (("charges", ["fee", "toll"]), ("parties", ["acme"])):
            whole["history"][0][key] += [{"id": each} for each in names if each not in given]
        for entry in whole["history"]:
            entry["acts"] = [{**act, "about": pick(dice, named)} for act in entry.get("acts", []) if named]
        for entry in whole["history"][1:]:
            at = datetime.fromisoformat(entry["at"]) + timedelta(hours=dice.number(1, 30))
            assert not differences(made, loaded, whole, at), (made["rulesets"], whole, at)
