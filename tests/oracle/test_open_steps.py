"""Rules that look at open steps of other rules (`step_overdue`, `step_due`): holds, pauses, returns, chains and records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.run import disagreement, load, review_unlike

Plain = Any
BEGIN = datetime(2026, 3, 2, 1, tzinfo=UTC)
PAIRS = 2
TIMES = ["1 hour", "3 hours", "6 hours", "2 working hours", "1 working day"]
SHORT = ["30 minutes", "1 hour", "2 hours"]


def words() -> Plain:
    return {
        "phases": ["now", "then"],
        "roles": ["customer", "agent", "lead"],
        "principles": ["fairness"],
        "calendar": "office",
        "calendars": {"office": {"timezone": "Asia/Taipei", "hours": {"mon-fri": ["09:00-18:00"]}}},
        "facts": {
            "case.opened_at": {"type": "instant"},
            "x.a": {"type": "flag", "presume": False},
            "x.b": {"type": "flag", "presume": False},
            "x.c": {"type": "flag"},
            "x.late": {"type": "flag", "concluded": True},
        },
        "records": {
            "claims": {
                "each": "claim",
                "absent": "none",
                "fields": {"at": {"type": "instant"}, "a": {"type": "flag"}},
            },
            "helpers": {
                "each": "helper",
                "absent": "none",
                "fields": {"of_claim": {"type": "reference", "to": "claims"}},
            },
        },
        "actions": {
            "reply": {"phase": "now", "owner": "agent"},
            "inspect": {"phase": "now", "owner": "agent", "about": "claims"},
            "confirm": {"phase": "now", "owner": "customer", "by": "customer"},
            "tell_lead": {"phase": "then", "owner": "lead"},
            "tell_manager": {"phase": "then", "owner": "lead"},
            "look_again": {"phase": "then", "owner": "lead", "about": "claims"},
            "close": {"phase": "then", "owner": "agent"},
            "send": {"phase": "then", "owner": "lead", "about": "helpers"},
        },
        "groups": {"work": {"actions": ["reply", "inspect"]}},
    }


def recommended(dice: Dice, action: str, start: str) -> Plain:
    effect: Plain = {"recommend": action, "within": f"{pick(dice, TIMES)} of {start}"}
    if chance(dice, 25):
        effect["again"] = f"every {pick(dice, ['4 hours', '1 day'])}"
    if chance(dice, 15):
        effect["fixed"] = True
    if chance(dice, 20):
        effect["paused_while"] = {"x.b": True}
    return effect


def condition_on(dice: Dice, actions: list[str]) -> Plain:
    """A test on open steps of one of the actions."""
    action = pick(dice, actions)
    if chance(dice, 35):
        return {"step_due": {"action": action, "within": pick(dice, SHORT)}}
    if chance(dice, 40):
        return {"step_overdue": {"action": action, "for": pick(dice, SHORT)}}
    return {"step_overdue": action}


def policy(dice: Dice) -> Plain:
    """Steps with times, what stands in their way, and rules that look at them, and at one another's steps."""
    rules: Plain = [
        {
            "id": "replies",
            "when": {"case.opened_at": "given"},
            "then": [recommended(dice, "reply", "case.opened_at")],
        },
        {
            "id": "inspects",
            "for_each": "claims",
            "when": {"at": "given"},
            "then": [recommended(dice, "inspect", "claim.at")],
        },
    ]
    if chance(dice, 50):
        rules.append({"id": "sooner", "when": {"x.a": True},
                      "then": [{"recommend": "reply", "within": "1 hour of learning x.a"}]})  # fmt: skip
    if chance(dice, 50):
        hold: Plain = {"hold": pick(dice, ["reply", "inspect"]), "until": {"done": "confirm"}}
        rules.append({"id": "waits", "when": {pick(dice, ["x.b", "x.c"]): True}, "then": [hold]})
    if chance(dice, 30):
        rules.append({"id": "stops", "when": {"x.c": True}, "then": [{"forbid": "inspect"}]})
    first = condition_on(dice, ["reply", "inspect", "work"])
    head = next(iter(first))
    told: Plain = {"recommend": "tell_lead"} | (
        {"within": f"{pick(dice, SHORT)} of {head}"} if chance(dice, 70) else {}
    )
    rules.append({"id": "tells", "when": first, "then": [told]})
    if chance(dice, 60):
        each = condition_on(dice, ["inspect"])
        rules.append({"id": "looks", "for_each": "claims", "when": each if chance(dice, 70) else {"not": each},
                      "then": [{"recommend": "look_again", "within": "1 hour of claim.at"}]})  # fmt: skip
    if chance(dice, 60):
        effect: Plain = pick(
            dice, [{"forbid": "close"}, {"hold": "close", "until": {"done": "tell_manager"}}]
        )
        rules.append({"id": "keeps", "when": condition_on(dice, ["reply", "work"]), "then": [effect]})
        rules.append(
            {"id": "closes", "then": [{"recommend": "close", "within": "3 hours of case.opened_at"}]}
        )
    if chance(dice, 60):
        rules.append(
            {
                "id": "concludes",
                "when": condition_on(dice, ["reply", "inspect"]),
                "then": [{"conclude": "x.late"}],
            }
        )
        late: Plain = {"recommend": "tell_manager", "within": "1 hour of learning x.late"}
        rules.append({"id": "manager", "when": {"x.late": pick(dice, [True, True, False])}, "then": [late]})
    if chance(dice, 40):
        sooner: Plain = {"step_due": {"action": "inspect", "about": "of_claim", "within": "1 hour"}}
        of_helper = [{"recommend": "send", "within": f"{pick(dice, SHORT)} of step_due"}]
        rules.append({"id": "helps", "for_each": "helpers", "when": sooner, "then": of_helper})
    if chance(dice, 50):
        chained: Plain = {"recommend": "tell_manager", "within": "30 minutes of step_overdue"}
        rules.append({"id": "chain", "when": {"step_overdue": "tell_lead"}, "then": [chained]})
    return {"vocabulary": words(), "rulesets": [{"ruleset": "main", "rules": rules}]}


def history(dice: Dice) -> Plain:
    """What is learned and done, some of it late."""
    entries: list[Plain] = [{"at": BEGIN.isoformat(), "facts": {"case.opened_at": BEGIN.isoformat()}}]
    for number in range(dice.number(1, 7)):
        at = BEGIN + timedelta(hours=3 * number + 1)
        entry: Plain = {"at": at.isoformat()}
        way = pick(dice, ["flag", "flag", "claim", "act", "act", "act"])
        if way == "flag":
            entry["facts"] = {pick(dice, ["x.a", "x.b", "x.c"]): pick(dice, [True, True, False, None])}
        elif way == "claim":
            entry["claims"] = [
                {"id": pick(dice, ["p", "q"]), "at": (at - timedelta(hours=pick(dice, [0, 2]))).isoformat()}
            ]
        else:
            action = pick(dice, ["reply", "inspect", "confirm", "tell_lead", "tell_manager", "close"])
            done = at - timedelta(hours=pick(dice, [0, 0, 2]))
            entry["acts"] = [{"action": action, "at": done.isoformat(),
                              "by": "customer" if action == "confirm" else pick(dice, ["agent", "lead"]),
                              **({"about": pick(dice, ["p", "q"])} if action == "inspect" else {})}]  # fmt: skip
            if action == "inspect":
                entry["claims"] = [{"id": each} for each in ("p", "q")]
        if chance(dice, 20):
            claims = entry.setdefault("claims", [])
            claims += [] if any(each["id"] == "p" for each in claims) else [{"id": "p"}]
            entry["helpers"] = [{"id": "h", "of_claim": pick(dice, ["p", "p", None])}]
        entries.append(entry)
    if chance(dice, 20):  # a plain case
        facts = {"case.opened_at": BEGIN.isoformat(), "x.b": chance(dice, 50)}
        claims = [{"id": "p", "at": (BEGIN + timedelta(hours=1)).isoformat()}]
        return {"facts": facts, "claims": claims}
    return {"history": entries}


def moments(dice: Dice) -> list[datetime]:
    """When a history is decided."""
    return [BEGIN + timedelta(minutes=30 * dice.number(1, 40)) for _ in range(2)]


@pytest.mark.parametrize("seed", range(30))
def test_open_steps_are_seen_as_the_oracle_sees_them(seed: int) -> None:
    assert disagreement(f"open steps {seed}", policy, history, PAIRS, moments) is None


@pytest.mark.parametrize("seed", range(1, 6))
def test_review_is_when_the_decision_changes(seed: int) -> None:
    dice = Seeded(f"open steps again {seed}")
    made = policy(dice)
    loaded = load(made)
    case, at = history(dice), moments(dice)[0]
    assert not review_unlike(made, loaded, case, at, 12), (made["rulesets"], case, at)
