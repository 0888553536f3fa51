"""Acts that were not followed by one of several others, or by one with a certain outcome."""

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
    "records": {"parcels": {"each": "parcel", "absent": "none", "fields": {"lost": {"type": "flag", "presume": True}}}},
    "actions": {
        "search": {"phase": "ask", "owner": "clerk", "about": "parcels"},
        "close": {"phase": "ask", "owner": "clerk", "about": "parcels",
                  "outcomes": ["found", "lost", "stopped"], "counts": ["found", "lost"]},
        "appeal": {"phase": "ask", "owner": "boss", "outcomes": ["won", "rejected"], "counts": ["won"]},
        "pay": {"phase": "settle", "owner": "clerk", "about": "parcels"},
    },
}  # fmt: skip


def follow_up(dice: Dice) -> Plain:
    """What must not have come after the search."""
    action = pick(dice, ["close", "appeal", ["close", "appeal"], ["close", "search"]])
    made: Plain = {"action": action}
    if chance(dice, 60):
        known = {"close": ["found", "lost", "stopped"], "appeal": ["won", "rejected"]}
        fitting = [
            each for name in ([action] if isinstance(action, str) else action) for each in known.get(name, [])
        ]
        made["outcome"] = pick(dice, [pick(dice, fitting), [pick(dice, fitting)], fitting[:2]])
    if chance(dice, 25):
        made["by"] = pick(dice, ["clerk", "boss"])
    if chance(dice, 25):
        made["within"] = pick(dice, ["6 hours", "1 day"])
    return made if len(made) > 1 or chance(dice, 50) else action


def policy(dice: Dice) -> Plain:
    """A lost parcel is paid when a search for it was not closed again."""
    test: Plain = {"action": "search", "not_followed_by": follow_up(dice)}
    test |= {"older_than": "6 hours"} if chance(dice, 40) else {}
    rules: Plain = [
        {"id": "owed", "for_each": "parcels", "then": [{"recommend": "pay", "within": "1 day of search"}]},
        {"id": "after-a-search", "for_each": "parcels", "then": [{"hold": "pay", "until": {"done": test}}]},
    ]
    rules[0]["when"] = (
        {"any": [{"done": "search"}, {"lost": True}]} if chance(dice, 50) else {"done": "search"}
    )
    if chance(dice, 50):
        head = pick(dice, ["done", "not_done"])
        when = {head: {"action": "search", "not_followed_by": follow_up(dice)}}
        rules.append({"id": "told", "for_each": "parcels", "when": when, "then": [{"recommend": "appeal"}]})
    return {"vocabulary": WORDS, "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Searches, and what came after them."""
    entries: list[Plain] = [{"at": BEGIN.isoformat(), "parcels": [{"id": "a"}, {"id": "b"}]}]
    for number in range(dice.number(2, 7)):
        at = BEGIN + timedelta(hours=3 * number + 1)
        name = pick(dice, ["search", "search", "close", "close", "appeal"])
        act: Plain = {"action": name, "by": pick(dice, ["clerk", "boss"])}
        if name != "appeal" and chance(dice, 85):
            act |= {"about": pick(dice, ["a", "b"])}
        if outcomes := WORDS["actions"][name].get("outcomes"):
            act |= {"outcome": pick(dice, outcomes)}
        entries.append({"at": at.isoformat(), "acts": [act]})
    return plain(dice, entries) if chance(dice, 30) else {"history": entries}


def plain(dice: Dice, entries: list[Plain]) -> Plain:
    """The same as a plain case, where several acts are at one instant."""
    acts = [
        {**each, "at": pick(dice, entries[:3])["at"]} for entry in entries for each in entry.get("acts", [])
    ]
    return {"parcels": entries[0]["parcels"], "acts": acts}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(3, 20), 40)]


@pytest.mark.parametrize("seed", range(40))
def test_what_follows_an_act_is_found_as_the_oracle_finds_it(seed: int) -> None:
    assert disagreement(f"followed {seed}", policy, history, PAIRS, moments) is None
