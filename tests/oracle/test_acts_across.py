"""Tests on acts about the record that a field refers to, and acts compared with a length of time after or before an instant:
random policies seldom have one that matters, so here every policy and case does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.compare import differences
from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.run import load

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 6, 7, tzinfo=UTC)
PAIRS = 6
"""Cases for each policy, each once as a plain case and once as a history."""
LENGTHS = (
    "6 hours",
    "2 days",
    "1 month",
    "1 calendar month",
    "5 working hours",
    "1 working day",
    "1 calendar day",
    "2 calendar days",
)

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "calendar": "office",
    "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon": ["09:00-18:00"], "wed-fri": ["09:00-18:00"]}}},
    "facts": {"x.a": {"type": "flag", "presume": False}, "x.when": {"type": "instant"}},
    "records": {
        "bills": {"each": "bill", "absent": "none", "fields": {"due_at": {"type": "instant"}}},
        "readings": {"each": "reading", "absent": "none", "fields": {
            "at": {"type": "instant"}, "bill_of": {"type": "reference", "to": "bills"}, "times": {"type": "count"}}},
    },
    "actions": {
        "collect": {"phase": "settle", "owner": "clerk", "about": "bills"},
        "rebill": {"phase": "ask", "owner": "clerk", "about": "bills", "by": ["clerk", "boss"]},
        "tell": {"phase": "ask", "owner": "boss", "about": "bills"},
        "look": {"phase": "ask", "owner": "boss"},
    },
}  # fmt: skip


def limit(dice: Dice, name: str) -> str:
    """An instant, or a time limit that counts from it or before it."""
    length, dated = pick(dice, LENGTHS), pick(dice, ["12 hours", "1 day", "1 day", "1 calendar day"])
    forms = [
        name,
        *4 * [f"{length} after {name}"],
        *3 * [f"{length} before {name}"],
        *2 * [f"{dated} after {name}, moved to a working day"],
        f"end of the working day of {name}",
    ]
    return pick(dice, forms)


def which(dice: Dice, name: str) -> Plain:
    """Which acts of billing again are meant."""
    made: Plain = {"action": "rebill", "about": pick(dice, ["bill_of", "bill_of", "reading.bill_of", "any"])}
    if chance(dice, 80):
        made[pick(dice, ["after", "before"])] = limit(dice, pick(dice, [name, name, "x.when"]))
    if chance(dice, 25):
        made |= pick(
            dice, [{"by": "boss"}, {"at_least": 2}, {"newer_than": "2 days"}, {"not_followed_by": "tell"}]
        )
    return made


def policy(dice: Dice) -> Plain:
    """A bill is not collected until it is billed again after a reading of it."""
    rules: Plain = [{"id": "owed", "for_each": "bills", "then": [{"recommend": "collect"}]}]
    about = {"about": pick(dice, ["bill_of", "bill_of", "case"])}
    end: Plain = {"done": which(dice, "reading.at")}
    if chance(dice, 30):
        end = pick(dice, [{"all": [end, {"x.a": True}]}, {"any": [end, {"x.a": True}]}])
    hold: Plain = {
        "hold": "collect",
        "until": end,
        **({"about": "bill_of"} if chance(dice, 80) else {"about": "case"}),
    }
    rules.append({"id": "billed", "for_each": "readings", "then": [hold]})
    step: Plain = {"recommend": "tell", **about}
    if chance(dice, 50):
        step["within"] = f"{pick(dice, LENGTHS)} of reading.at"
    when: Plain = {pick(dice, ["done", "not_done"]): which(dice, "reading.at")}
    if chance(dice, 30):
        when = {
            "nothing_done_for": {
                "for": "1 day",
                "since": "reading.at",
                "action": "rebill",
                "about": "bill_of",
            }
        }
    elif chance(dice, 30):
        when = {"times": {"above": {"count_done": "rebill", "about": pick(dice, ["bill_of", "any"])}}}
    rules.append({"id": "told", "for_each": "readings", "when": when, "then": [step]})
    if chance(dice, 60):
        dated = pick(dice, ["6 hours", "2 days", "2 calendar days"])
        times = [*LENGTHS, f"{dated}, moved to a working day", "end of the working day"]
        test = pick(
            dice,
            [
                {"after": limit(dice, "x.when")},
                {"before": limit(dice, "x.when")},
                {"overdue_after": pick(dice, times)},
            ],
        )
        rules.append(
            {
                "id": "late",
                "for_each": "readings",
                "when": {"at": test},
                "then": [
                    {"recommend": "tell", "about": "bill_of", "within": "1 hour of learning reading.at"}
                ],
            }
        )
    if chance(dice, 50):
        inside = {pick(dice, ["done", "not_done"]): which(dice, "at")}
        some = {pick(dice, ["some", "every", "none"]): "readings", "has": inside, "of": "case"}
        if "every" not in some:
            some["where"] = some.pop("has")
        rules.append({"id": "looked", "when": some, "then": [{"recommend": "look"}]})
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def told(dice: Dice) -> list[Plain]:
    """Entries of a history: readings, bills, acts and facts as they were learned."""
    found: list[Plain] = [{"at": BEGIN.isoformat(), "bills": [{"id": "b"}, {"id": "c"}]}]
    for number in range(dice.number(2, 6)):
        at = BEGIN + timedelta(hours=6 * number + pick(dice, [0, 0, 3]), minutes=pick(dice, [0, 0, 0, 30]))
        entry: Plain = {"at": at.isoformat()}
        way = pick(dice, ["reading", "reading", "act", "act", "fact"])
        if way == "reading":
            reading: Plain = {"id": pick(dice, ["r", "s"])}
            reading |= {"bill_of": pick(dice, ["b", "c"])} if chance(dice, 80) else {}
            reading |= {"at": instant(dice, at)} if chance(dice, 85) else {}
            reading |= {"times": dice.number(0, 2)} if chance(dice, 70) else {}
            entry["readings"] = [reading]
        elif way == "act":
            entry["acts"] = [act(dice, at)]
        else:
            entry["facts"] = pick(dice, [{"x.a": True}, {"x.a": False}, {"x.when": instant(dice, at)}])
        found.append(entry)
    return found


def act(dice: Dice, at: datetime) -> Plain:
    """Something done to a bill, or without saying to which."""
    done = at - timedelta(hours=pick(dice, [0, 0, 0, 3]))
    made: Plain = {"action": pick(dice, ["rebill", "rebill", "rebill", "tell", "collect"]),
                   "at": done.isoformat(), "by": pick(dice, ["clerk", "boss"])}  # fmt: skip
    return {**made, "about": pick(dice, ["b", "c"])} if chance(dice, 90) else made


def instant(dice: Dice, at: datetime) -> str:
    return (at + timedelta(hours=pick(dice, [-30, -24, -12, -6, -6, 0, 3]))).isoformat()


def plain(entries: list[Plain]) -> Plain:
    """The same as one case: what was told last."""
    found: Plain = {"facts": {}, "bills": entries[0]["bills"], "acts": []}
    readings: dict[str, Plain] = {}
    for each in entries[1:]:
        found["facts"] |= each.get("facts", {})
        found["acts"] += each.get("acts", [])
        for reading in each.get("readings", []):
            readings[reading["id"]] = {**readings.get(reading["id"], {}), **reading}
    return {**found, "readings": list(readings.values())}


@pytest.mark.parametrize("seed", range(60))
def test_acts_across_references_are_decided_as_the_oracle_decides_them(seed: int) -> None:
    dice = Seeded(f"across {seed}")
    made = policy(dice)
    loaded = load(made)
    for _ in range(PAIRS):
        entries = told(dice)
        at = pick(dice, [NOW, BEGIN + timedelta(hours=dice.number(1, 40))])
        for whole in (plain(entries), {"history": entries}):
            assert not differences(made, loaded, whole, at), (made["rulesets"], whole, at)
