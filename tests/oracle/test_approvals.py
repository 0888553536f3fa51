"""Approvals that have to cover what is held: random policies seldom have them, so here every policy and case does."""

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
    "facts": {"x.amount": {"type": "amount"}, "x.a": {"type": "flag"},
              "x.method": {"type": "choice", "values": ["cash", "card"]}},
    "records": {
        "charges": {"each": "charge", "absent": "none", "fields": {"amount": {"type": "amount"}, "payer": {"type": "party"}}},
        "parties": {"each": "party", "absent": "none", "fields": {"role": {"type": "party"}}},
    },
}  # fmt: skip
PARAMS: Plain = {
    "total": {"type": "amount"},
    "method": WORDS["facts"]["x.method"],
    "times": {"type": "count"},
}


def policy(dice: Dice) -> Plain:
    """A payment, and a hold of it that an approval ends."""
    about = pick(dice, [None, "charges"])
    actions: Plain = {
        "pay": {"phase": "settle", "owner": "clerk", "params": PARAMS},
        "approve": {"phase": "ask", "owner": "boss", "params": {key: PARAMS[key] for key in several(dice, list(PARAMS), 2, 3)}},
    }  # fmt: skip
    if about:
        actions = {name: {**declared, "about": about} for name, declared in actions.items()}
    actions["tell"] = dict[str, Plain](phase="ask", owner="clerk")
    if about and chance(dice, 40):
        actions["approve"]["not_by"] = pick(dice, ["charge.payer", "pay", ["charge.payer", "approve"]])
    if chance(dice, 20):
        actions["approve"]["params"]["apart"] = {"type": "count", "apart": True}
    amount = "charge.amount" if about else "x.amount"
    step = {"recommend": "pay", "total": pick(dice, [amount, {"TWD": 500}])}
    if chance(dice, 50):
        step["method"] = "x.method"
    covers = several(dice, [each for each in PARAMS if each in actions["approve"]["params"]], 1, 2)
    test: Plain = {"action": "approve", "covers": covers}
    if chance(dice, 30):
        test |= pick(dice, [{"at_least": 2}, {"by": ["boss", "clerk"]}, {"newer_than": "2 days"}])
    end: Plain = {"done": test}
    if chance(dice, 40):
        end = pick(dice, [{"all": [end, {"x.a": True}]}, {"any": [end, {"x.a": True}]}])
    named = {"total": amount, **({"method": "x.method"} if chance(dice, 30) else {})}
    enough = {
        "action": "approve",
        "covers": {key: each for key, each in named.items() if key in actions["approve"]["params"]},
    }
    if chance(dice, 30) and enough["covers"]:
        end = {pick(dice, ["all", "any"]): [end, {"done": enough}]}
    hold: Plain = {"hold": "pay", "until": end}
    if chance(dice, 50):
        hold["where"] = {"total": {"above": {"TWD": 300}}}
    each = {"for_each": "charges"} if about else {}
    rules = [{"id": "owed", **each, "then": [step]}, {"id": "limit", **each, "then": [hold]}]
    if enough["covers"]:
        often = {"at_least": 2} if chance(dice, 20) else {}
        when: Plain = {pick(dice, ["done", "not_done"]): {**enough, **often}}
        seen: Plain = {"id": "seen", **each, "when": when, "then": [{"recommend": "tell"}]}
        rules.append(seen)
    return {"vocabulary": {**WORDS, "actions": actions}, "rulesets": [{"ruleset": "main", "rules": rules}]}


def case(dice: Dice, made: Plain) -> Plain:
    """A case with approvals and payments of various amounts."""
    facts: Plain = {}
    choices: Plain = {"x.amount": [100, 500, 900], "x.method": ["cash", "card"], "x.a": [True, False]}
    for name, values in choices.items():
        if chance(dice, 70):
            facts[name] = pick(dice, values)
    charges: Plain = [
        {"id": key, "amount": pick(dice, [100, 500, 900])} for key in several(dice, ["c", "d"], 1, 2)
    ]
    for each in charges:
        if chance(dice, 60):
            each["payer"] = pick(dice, ["amy", "bob", "boss"])
        if chance(dice, 15):
            del each["amount"]
    acts = [act(dice, made["vocabulary"]["actions"], charges) for _ in range(dice.number(0, 4))]
    parties = [
        {"id": "amy", "role": "boss"},
        {"id": "bob", "role": "boss"} if chance(dice, 80) else {"id": "bob"},
    ]
    return {"currency": "TWD", "facts": facts, "charges": charges, "parties": parties, "acts": acts}


def act(dice: Dice, actions: Plain, charges: Plain) -> Plain:
    """One approval, or a payment."""
    name = pick(dice, ["approve", "approve", "approve", "pay"])
    values: Plain = {"total": [100, 500, 900], "method": ["cash", "card"], "times": [1, 2], "apart": [1, 2]}
    params = {key: pick(dice, values[key]) for key in actions[name]["params"] if chance(dice, 75)}
    made: Plain = {"action": name, "by": pick(dice, ["amy", "bob", "boss", "clerk"]),
                   "at": (NOW - timedelta(hours=dice.number(1, 80))).isoformat()}  # fmt: skip
    if "about" in actions[name] and chance(dice, 85):
        made["about"] = pick(dice, [each["id"] for each in charges])
    return {**made, "params": params} if params else made


@pytest.mark.parametrize("seed", range(40))
def test_approvals_are_decided_as_the_oracle_decides_them(seed: int) -> None:
    dice = Seeded(f"approvals {seed}")
    made = policy(dice)
    loaded = load(made)
    for _ in range(PAIRS):
        whole = case(dice, made)
        assert not differences(made, loaded, whole, NOW), (
            made["vocabulary"]["actions"],
            made["rulesets"],
            whole,
        )
