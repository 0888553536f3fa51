"""Who is kept from an act, or alone may do it (`not_by`, `by`), by a fact or a field that names somebody else later: the name
of that time counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation_rules.policy.conditions import barring
from tests.oracle.dice import Dice, chance, pick
from tests.oracle.run import disagreement

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 6
PEOPLE = ["ann", "bob", "cat", "clerk", "boss"]


def words(dice: Dice) -> Plain:
    handler: Plain = {"type": "party"} | ({"presume": "clerk"} if chance(dice, 25) else {})
    payer: Plain = {"type": "party"} | ({"presume": "boss"} if chance(dice, 25) else {})
    return {
        "phases": ["ask", "settle"],
        "roles": ["customer", "clerk", "boss"],
        "principles": ["fairness"],
        "facts": {"case.handler": handler, "x.a": {"type": "flag"}},
        "records": {
            "parties": {"each": "party", "absent": "none", "fields": {"role": {"type": "party"}}},
            "bills": {"each": "bill", "absent": "none", "fields": {"payer": payer}},
        },
        "actions": {
            "sign_off": {"phase": "ask", "owner": "boss", **doers(dice, "case.handler")},
            "approve": {"phase": "ask", "owner": "boss", "about": "bills", **doers(dice, "bill.payer")},
            "reply": {"phase": "settle", "owner": "clerk"},
            "refund": {"phase": "settle", "owner": "clerk", "about": "bills"},
        },
    }


def doers(dice: Dice, name: str) -> Plain:
    """That the party who is named may not do it or that nobody else may, but for a role."""
    way = dice.number(0, 9)
    if way < 4:
        return {"not_by": name}
    return {"by": name if way < 7 else [pick(dice, ["clerk", "boss"]), name]}


def policy(dice: Dice) -> Plain:
    """A reply and refunds that wait for somebody else, and tests on their acts."""
    head = pick(dice, ["done", "not_done"])
    rules: Plain = [
        {"id": "replies", "then": [{"recommend": "reply"}]},
        {"id": "waits", "then": [{"hold": "reply", "until": {"done": "sign_off"}}]},
        {"id": "refunds", "for_each": "bills", "then": [{"recommend": "refund"}]},
        {"id": "four", "for_each": "bills", "then": [{"hold": "refund", "until": {"done": "approve"}}]},
        {
            "id": "asks",
            "when": {head: {"action": "sign_off", **({"newer_than": "6 hours"} if chance(dice, 40) else {})}},
            "then": [{"recommend": "approve", "about": "case"} if chance(dice, 20) else {"forbid": "refund"}],
        },
    ]
    return {"vocabulary": words(dice), "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """Handovers, corrected payers, and what was signed off and approved, sometimes logged late."""
    parties = [
        {"id": name, **({"role": pick(dice, ["clerk", "boss"])} if chance(dice, 85) else {})}
        for name in ("ann", "bob", "cat")
    ]
    entries: list[Plain] = [
        {"at": BEGIN.isoformat(), "parties": parties, "bills": [{"id": "b"}, {"id": "c"}]}
    ]
    for number in range(dice.number(2, 8)):
        at = BEGIN + timedelta(hours=2 * number + 1)
        entry: Plain = {"at": at.isoformat()}
        way = pick(dice, ["handler", "payer", "gone", "sign_off", "sign_off", "approve", "approve"])
        if way == "handler":
            entry["facts"] = {"case.handler": pick(dice, [*PEOPLE, None])}
        elif way == "payer":
            entry["bills"] = [{"id": pick(dice, ["b", "c"]), "payer": pick(dice, [*PEOPLE, None])}]
        elif way == "gone":
            entry["bills"] = pick(dice, [None, [{"id": "c", "retract": True}], [{"id": "b"}]])
        else:
            done = at - timedelta(hours=pick(dice, [0, 0, 1, 5]))
            entry["acts"] = [{"action": way, "by": pick(dice, PEOPLE), "at": done.isoformat(),
                              **({"about": pick(dice, ["b", "c"])} if way == "approve" else {})}]  # fmt: skip
            if chance(dice, 30):
                entry["facts"] = {"case.handler": pick(dice, PEOPLE)}
        entries.append(entry)
    return {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(hours=hours) for hours in (dice.number(2, 17), 24)]


@pytest.mark.parametrize("seed", range(40))
def test_who_was_kept_from_an_act_is_judged_as_the_oracle_judges_it(seed: int) -> None:
    assert disagreement(f"handovers {seed}", policy, history, PAIRS, moments) is None


FAULTS: dict[str, Any] = {
    "whoever has the role is the one": lambda doer, party, _: (
        None if party is None else doer.is_same_as(party)
    ),
    "nobody is the one": lambda *_: False,
    "nobody is asked who it is": lambda doer, party, _: party is not None and doer.is_same_as(party),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_oracle_disagrees_about_the_only_one_who_may(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(barring, "_is_the_one", FAULTS[fault])
    found = (disagreement(f"handovers {seed}", policy, history, PAIRS, moments) for seed in range(60))
    assert any(each is not None for each in found)
