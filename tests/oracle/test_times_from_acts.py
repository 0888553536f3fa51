"""Times that count from the acts which a rule's own `done` means: random policies seldom have them, so here every one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.compare import differences
from tests.oracle.dice import Dice, Seeded, chance, pick, several
from tests.oracle.run import load

Plain = Any
NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
PAIRS = 8
"""Cases for each policy."""

WORDS: Plain = {
    "phases": ["ask", "settle"],
    "roles": ["customer", "clerk", "boss"],
    "principles": ["fairness"],
    "facts": {"x.a": {"type": "flag"}},
    "records": {"claims": {"each": "claim", "absent": "none", "fields": {"open": {"type": "flag"}}}},
}
OUTCOMES: Plain = {"outcomes": ["done", "missed"], "counts": ["done"]}


def policy(dice: Dice) -> Plain:
    """A step, perhaps another call, that is due some time after a call, because of calls."""
    about = {"about": "claims"} if chance(dice, 50) else {}
    actions: Plain = {
        "call": {"phase": "ask", "owner": "clerk", "by": ["clerk", "boss"], **OUTCOMES, **about},
        "close": {"phase": "settle", "owner": "clerk", **(about if chance(dice, 80) else {})},
    }
    meant: Plain = {"action": "call"}
    choices: Plain = [
        {"at_least": dice.number(2, 3)}, {"by": ["boss"]}, {"outcome": ["missed"]}, {"outcome": ["missed", "done"]},
        {pick(dice, ["newer_than", "older_than"]): "30 hours"}, {"not_followed_by": "close"}, {"about": "any"},
    ]  # fmt: skip
    for each in several(dice, choices, 1, 2):
        meant |= each
    when: Plain = {"done": meant}
    if chance(dice, 40):
        other = {"done": pick(dice, ["call", {"action": "call", "at_least": 2}])}
        when = {pick(dice, ["all", "all", "any"]): [{"done": meant}, pick(dice, [{"x.a": True}, other])]}
    step = {"recommend": pick(dice, ["close", "close", "call"]), "within": "2 days of call"}
    if chance(dice, 15):
        step["again"] = "every 1 day"
    if "about" not in actions[step["recommend"]] and about:
        step["about"] = "case"
    rule = {"id": "it", **({"for_each": "claims"} if about else {}), "when": when, "then": [step]}
    return {"vocabulary": {**WORDS, "actions": actions}, "rulesets": [{"ruleset": "main", "rules": [rule]}]}


def case(dice: Dice, made: Plain) -> Plain:
    """A case with several calls, half of them as a history in which some are logged late."""
    actions = made["vocabulary"]["actions"]
    facts = {"x.a": True} if chance(dice, 60) else {}
    claims = [{"id": "c"}, {"id": "d"}]
    acts = [act(dice, actions) for _ in range(dice.number(1, 6))]
    if chance(dice, 50):
        return {"facts": facts, "claims": claims, "acts": acts}
    entries: Plain = [{"at": (NOW - timedelta(hours=70)).isoformat(), "facts": facts, "claims": claims}]
    late = timedelta(hours=dice.number(0, 20))
    for each in sorted(acts, key=lambda one: str(one["at"])):
        logged = min(datetime.fromisoformat(each["at"]) + late, NOW)
        entries.append({"at": logged.isoformat(), "acts": [each]})
    return {"history": entries}


def act(dice: Dice, actions: Plain) -> Plain:
    """A call, or rarely the step itself."""
    name = pick(dice, ["call"] * 6 + ["close"])
    made: Plain = {"action": name, "by": pick(dice, ["clerk", "boss", "customer"]),
                   "at": (NOW - timedelta(hours=dice.number(1, 60))).isoformat()}  # fmt: skip
    if name == "call" and chance(dice, 30):
        made["outcome"] = "missed"
    if "about" in actions[name] and chance(dice, 85):
        made["about"] = pick(dice, ["c", "d"])
    return made


@pytest.mark.parametrize("seed", range(60))
def test_times_count_from_acts_as_the_oracle_counts_them(seed: int) -> None:
    dice = Seeded(f"times from acts {seed}")
    made = policy(dice)
    loaded = load(made)
    for _ in range(PAIRS):
        whole = case(dice, made)
        assert not differences(made, loaded, whole, NOW), (made["rulesets"], whole)
