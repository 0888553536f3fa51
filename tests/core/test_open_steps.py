"""Rules that look at the open steps of other rules: `step_overdue` and `step_due` (SEMANTICS 96)."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest

from escalation_rules import Decision, Policy, PolicyError
from escalation_rules.engine import durable_available
from escalation_rules.tools.compare import compare

POLICY = """\
format: 1
languages: [en]
name: desk
ruleset: desk
label: Desk
principle: speed
vocabulary:
  phases: [now: Now]
  roles: [agent: Agent, lead: Lead, manager: Manager]
  principles: [speed: Speed]
  facts:
    case.opened_at: {type: instant, label: opened, ask: system}
    case.waiting: {type: flag, presume: false, label: waiting}
  actions:
    reply: {phase: now, label: reply, owner: agent}
    remind: {phase: now, label: remind, owner: agent}
    tell_lead: {phase: now, label: tell the lead, owner: lead}
    tell_manager: {phase: now, label: tell the manager, owner: manager}
rules:
  - id: reply-in-time
    when: {case.opened_at: given}
    then:
      - recommend: reply
        within: 4 hours of case.opened_at
        paused_while: {case.waiting: true}
  - id: remind-before
    when: {all: [{step_due: {action: reply, within: 1 hour}}, {not: {step_overdue: reply}}]}
    then: [{recommend: remind, within: 30 minutes of step_due}]
  - id: late-reply
    when: {step_overdue: reply}
    then: [{recommend: tell_lead, within: 1 hour of step_overdue}]
  - id: late-lead
    when: {step_overdue: {action: tell_lead, for: 30 minutes}}
    then: [{recommend: tell_manager, within: 1 hour of step_overdue}]
"""
OPENED = datetime.fromisoformat("2026-03-02T09:00:00+08:00")
Engine = Literal["plain", "durable"]


def load(folder: Path, text: str = POLICY, engine: Engine = "plain") -> Policy:
    (folder / "desk.yaml").write_text(text, encoding="utf-8")
    return Policy.load(folder, engine=engine)


def steps(decision: Decision) -> list[tuple[str, str, bool]]:
    """The steps with the hours and minutes from the opening until they are due, and whether they are overdue."""
    return [(each.action, str(each.due and each.due - OPENED), each.overdue) for each in decision.plan]


@pytest.mark.parametrize("engine", ["plain", *(["durable"] if durable_available() else [])])
def test_a_late_step_brings_about_others_that_can_be_late(tmp_path: Path, engine: Engine) -> None:
    policy = load(tmp_path, engine=engine)
    case = policy.case({"facts": {"case.opened_at": OPENED.isoformat()}})
    reviews, at = [], OPENED
    while (decision := policy.decide(case, at=at)).review_at is not None:
        reviews.append((str(decision.review_at - OPENED), [each.action for each in decision.plan]))
        at = decision.review_at
    assert reviews == [
        ("3:00:00", ["reply"]),
        ("3:30:00", ["remind", "reply"]),  # due first
        ("4:00:00", ["remind", "reply"]),
        ("5:00:00", ["reply", "tell_lead"]),
        ("5:30:00", ["reply", "tell_lead"]),
        ("6:30:00", ["reply", "tell_lead", "tell_manager"]),
    ]
    assert steps(decision) == [
        ("reply", "4:00:00", True), ("tell_lead", "5:00:00", True), ("tell_manager", "6:30:00", True)
    ]  # fmt: skip


def test_the_end_of_the_step_ends_what_it_brought_about(tmp_path: Path) -> None:
    policy = load(tmp_path)
    at = (OPENED + timedelta(hours=4, minutes=20)).isoformat()
    done = {
        "facts": {"case.opened_at": OPENED.isoformat()},
        "acts": [{"action": "reply", "by": "agent", "at": at}],
    }
    assert steps(policy.decide(done, at=OPENED + timedelta(hours=5))) == []


def test_a_pause_moves_the_time_that_is_looked_at(tmp_path: Path) -> None:
    policy = load(tmp_path)
    history = {"history": [
        {"at": OPENED.isoformat(), "facts": {"case.opened_at": OPENED.isoformat()}},
        {"at": (OPENED + timedelta(hours=1)).isoformat(), "facts": {"case.waiting": True}},
        {"at": (OPENED + timedelta(hours=3)).isoformat(), "facts": {"case.waiting": False}},
    ]}  # fmt: skip
    assert [each[0] for each in steps(policy.decide(history, at=OPENED + timedelta(hours=5)))] == [
        "remind",
        "reply",
    ]
    assert steps(policy.decide(history, at=OPENED + timedelta(hours=6))) == [
        ("reply", "6:00:00", True), ("tell_lead", "7:00:00", False)
    ]  # fmt: skip


def test_remembered_answers_are_not_those_of_another_case(tmp_path: Path) -> None:
    """The same signature with other due times, again and again, as a fresh policy answers it."""
    policy = load(tmp_path)
    for minutes in range(0, 400, 7):
        case = {"facts": {"case.opened_at": (OPENED + timedelta(minutes=minutes)).isoformat()}}
        at = OPENED + timedelta(hours=7)
        assert policy.decide(case, at=at) == load(tmp_path).decide(case, at=at)


def test_an_audit_names_each_of_them(tmp_path: Path) -> None:
    policy = load(tmp_path)
    history = {"history": [{"at": OPENED.isoformat(), "facts": {"case.opened_at": OPENED.isoformat()}}]}
    found = policy.audit(history, at=OPENED + timedelta(days=1))
    assert [(each.action, str(each.at - OPENED)) for each in found] == [
        ("remind", "3:30:00"), ("reply", "4:00:00"), ("tell_lead", "5:00:00"), ("tell_manager", "6:30:00")
    ]  # fmt: skip


def test_nothing_is_proven_about_a_rule_that_looks_at_a_changed_step(tmp_path: Path) -> None:
    old, new = (tmp_path / "old", tmp_path / "new")
    for folder in (old, new):
        folder.mkdir()
    changed = POLICY.replace("within: 4 hours", "within: 6 hours")
    found = compare(load(old)._program, load(new, changed)._program)
    assert not found.proven
    told = {action for each in found.not_compared for action in each.actions}
    told |= {action for each in found.effects for action in each.actions}
    assert told >= {"remind", "tell_lead", "tell_manager"}


def test_a_step_cannot_depend_on_a_test_of_itself_through_a_conclusion(tmp_path: Path) -> None:
    more = POLICY.replace("when: {case.opened_at: given}", "when: {case.late: false}").replace(
        "    case.waiting:", "    case.late: {type: flag, concluded: true, label: late}\n    case.waiting:"
    )
    more += "  - id: concludes\n    when: {step_overdue: tell_lead}\n    then: [{conclude: case.late}]\n"
    with pytest.raises(PolicyError, match="reply → tell_lead → reply"):
        load(tmp_path, more)


def test_a_notice_is_not_late_before_the_step_was_known(tmp_path: Path) -> None:
    """The instant was learned when less than the hour was left: the notice has its time from then."""
    policy = load(tmp_path)
    late = OPENED + timedelta(hours=3, minutes=30)
    history = {"history": [{"at": late.isoformat(), "facts": {"case.opened_at": OPENED.isoformat()}}]}
    assert steps(policy.decide(history, at=late)) == [
        ("remind", "4:00:00", False),
        ("reply", "4:00:00", False),
    ]
    done = {"action": "remind", "by": "agent", "at": (late + timedelta(minutes=5)).isoformat()}
    entry = {"at": done["at"], "acts": [done]}
    assert not list(policy.audit({"history": [*history["history"], entry]}, at=late + timedelta(minutes=10)))


def test_the_step_of_a_record_that_is_referred_to(tmp_path: Path) -> None:
    text = POLICY.replace(
        "  actions:\n",
        "  records:\n"
        "    cars: {each: car, absent: none, label: cars, fields: {at: {type: instant, label: at, ask: system}}}\n"
        "    helpers: {each: helper, absent: none, label: helpers, fields: {car_of: {type: reference, to: cars, label: car, "
        "question: Which car?}}}\n"
        "  actions:\n"
        "    arrive: {phase: now, label: arrive, owner: agent, about: cars}\n"
        "    send: {phase: now, label: send, owner: lead, about: helpers}\n",
    )
    text += (
        "  - id: arrives\n    for_each: cars\n    when: {at: given}\n"
        "    then: [{recommend: arrive, within: 1 hour of car.at}]\n"
        "  - id: helps\n    for_each: helpers\n    when: {step_overdue: {action: arrive, about: car_of}}\n"
        "    then: [{recommend: send, within: 10 minutes of step_overdue}]\n"
    )
    case = {
        "cars": [
            {"id": "a", "at": OPENED.isoformat()},
            {"id": "b", "at": (OPENED + timedelta(hours=2)).isoformat()},
        ],
        "helpers": [{"id": "x", "car_of": "a"}, {"id": "y", "car_of": "b"}, {"id": "z"}],
    }
    found = load(tmp_path, text).decide(case, at=OPENED + timedelta(hours=1))
    assert [
        (each.about, str(each.due and each.due - OPENED)) for each in found.plan if each.action == "send"
    ] == [("x", "1:10:00")]
    assert [(each.fact, each.about) for each in found.missing] == [("helpers.car_of", ("z",))]


def test_a_long_chain_of_late_steps_is_decided_and_audited(tmp_path: Path) -> None:
    """Each part of the policy decides once in a situation: the work does not double with each step of the chain."""
    head, rules = POLICY.split("rules:\n")
    names = [f"tell_{number}" for number in range(30)]
    declared = "".join(f"    {name}: {{phase: now, label: {name}, owner: lead}}\n" for name in names)
    text = (
        head.replace("    remind:", f"{declared}    remind:")
        + "rules:\n"
        + rules.split("  - id: remind-before")[0]
    )
    for before, name in pairwise(["reply", *names]):
        text += f"  - id: {name.replace('_', '-')}\n    when: {{step_overdue: {before}}}\n"
        text += f"    then: [{{recommend: {name}, within: 1 hour of step_overdue}}]\n"
    policy = load(tmp_path, text)
    history = {"history": [{"at": OPENED.isoformat(), "facts": {"case.opened_at": OPENED.isoformat()}}]}
    decision = policy.decide(history, at=OPENED + timedelta(hours=14))
    assert [each.action for each in decision.plan if not each.overdue] == ["tell_10"]
    assert len(list(policy.audit(history, at=OPENED + timedelta(hours=34)))) == 31
