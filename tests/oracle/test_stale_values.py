"""Values that become stale: presumed again or unknown, they keep a step back, and it counts from when they no longer do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.compare import differences
from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.run import load

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 4
"""Cases for each policy; each is decided before and after its values become stale."""

WORDS: Plain = {
    "phases": ["settle"],
    "roles": ["customer", "clerk"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}}},
    "facts": {
        "case.opened_at": {"type": "instant"},
        "case.paid": {"type": "flag"},
        "case.mood": {"type": "level", "values": ["calm", "upset"], "stale_after": "2 days"},
        "case.trust": {"type": "flag", "presume": True, "stale_after": "30 hours"},
        "case.met_at": {"type": "instant", "stale_after": "3 days"},
        "case.hot": {"type": "flag", "concluded": True},
    },
    "records": {
        "moods": {"each": "mood", "absent": "none", "fields": {
            "kin": {"type": "reference", "to": "moods"},
            "heat": {"type": "level", "values": ["calm", "upset"], "stale_after": "1 day"},
            "kind": {"type": "choice", "values": ["old", "new"], "presume": "old", "stale_after": "20 hours"}}},
    },
    "actions": {
        "reply": {"phase": "settle", "owner": "clerk"},
        "note": {"phase": "settle", "owner": "clerk", "about": "moods"},
    },
}  # fmt: skip
TESTS: list[Plain] = [
    {"case.mood": "upset"},
    {"case.mood": "not given"},
    {"case.trust": False},
    {"case.paid": True},
    {"case.hot": True},
    {"case.met_at": {"older_than": "1 day"}},
    {"case.met_at": "given"},
    {"some": "moods", "where": {"heat": "upset"}},
    {"none": "moods", "where": {"kind": "new"}},
    {"every": "moods", "has": {"heat": "calm"}},
    {"count": "moods", "where": {"kind": "new"}, "at_least": 1},
]
OF_RECORD: list[Plain] = [
    {"mood.heat": "upset"},
    {"mood.kind": "new"},
    {"mood.heat": "not given"},
    {"mood.kin.heat": "upset"},
    {"mood.kin.kind": "new"},
]


def condition(dice: Dice, tests: list[Plain]) -> Plain:
    """One test, or two of them together."""
    one, other = pick(dice, tests), pick(dice, tests)
    return pick(dice, [one, one, {"all": [one, other]}, {"any": [one, other]}, {"not": one}])


def rule(dice: Dice, name: str) -> Plain:
    """A step that something keeps back."""
    listed = chance(dice, 40)
    tests = TESTS + OF_RECORD * 2 if listed else TESTS
    starts = ["case.opened_at", "case.met_at", "learning case.mood", "learning case.trust"]
    length = pick(dice, ["3 hours", "1 working day", "2 days"])
    step = {"recommend": "note" if listed else "reply", "within": f"{length} of {pick(dice, starts)}"}
    made: Plain = {"id": name, "then": [step]}
    if listed:
        made["for_each"] = "moods"
    if chance(dice, 50):
        made["when"] = condition(dice, tests)
    if chance(dice, 80):
        made["unless"] = condition(dice, tests)
    return made


def policy(dice: Dice) -> Plain:
    """Two such rules, and one that concludes."""
    hot: Plain = {"id": "hot", "when": condition(dice, [each for each in TESTS if "case.hot" not in each]),
                  "then": [{"conclude": "case.hot"}]}  # fmt: skip
    rules = [hot, rule(dice, "one"), rule(dice, "two")]
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def stated(dice: Dice, at: datetime) -> Plain:
    """What an entry says of facts and records."""
    said: Plain = {"case.mood": pick(dice, ["calm", "upset"]), "case.trust": chance(dice, 50),
                   "case.paid": chance(dice, 50), "case.met_at": at.isoformat()}  # fmt: skip
    facts = {name: value for name, value in said.items() if chance(dice, 60)}
    row = {"id": pick(dice, ["m", "n"]), "kin": "m"}
    row |= {key: value for key, value in (("heat", pick(dice, ["calm", "upset"])), ("kind", pick(dice, ["old", "new"])))
            if chance(dice, 70)}  # fmt: skip
    return {"facts": facts, **({"moods": [row]} if chance(dice, 70) else {})}


def history(dice: Dice) -> Plain:
    """A case that says the same or something else some hours or days later."""
    at = BEGIN
    first = stated(dice, at)
    first["facts"]["case.opened_at"] = at.isoformat()
    first["moods"] = [{"id": "m"}, *[row for row in first.get("moods", []) if row["id"] != "m"]]
    entries = [{"at": at.isoformat(), **first}]
    for _ in range(dice.number(0, 3)):
        at += timedelta(hours=dice.number(2, 40))
        entries.append({"at": at.isoformat(), **stated(dice, at)})
    return {"history": entries}


@pytest.mark.parametrize("seed", range(24))
def test_the_oracle_counts_from_the_same_instant(seed: int) -> None:
    dice = Seeded(f"stale {seed}")
    made = policy(dice)
    loaded = load(made)
    for _ in range(PAIRS):
        whole = history(dice)
        last = datetime.fromisoformat(whole["history"][-1]["at"])
        for hours in (1, dice.number(19, 32), dice.number(47, 60), 75):
            at = last + timedelta(hours=hours)
            assert not differences(made, loaded, whole, at), (made["rulesets"], whole, at)
