"""Two orders of the same steps, for cases that are never the same: each plan goes its own way."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy

RULES = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent]
  principles: [fair]
  facts: {case.kind: {type: choice, values: [loud, quiet]}}
  actions:
    visit: {phase: calm, owner: agent}
    write: {phase: calm, owner: agent}
ruleset: flows
principle: fair
rules:
  - id: both
    then: [{recommend: visit}, {recommend: write}]
  - id: loud
    when: {case.kind: loud}
    then: [{hold: visit, until: {done: write}}]
  - id: quiet
    when: {case.kind: quiet}
    then: [{hold: write, until: {done: visit}}]
"""
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "first", "second"), [("loud", "write", "visit"), ("quiet", "visit", "write")]
)
def test_each_flow_has_its_order(tmp_path: Path, kind: str, first: str, second: str) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    policy = Policy.load(tmp_path)
    case: dict[str, Any] = {"facts": {"case.kind": kind}}
    before = policy.decide(case, at=NOW)
    assert ([each.action for each in before.plan], [each.action for each in before.held]) == (
        [first],
        [second],
    )
    case["acts"] = [{"action": first, "by": "agent", "at": "2026-03-01T00:00:00Z"}]
    assert [each.action for each in policy.decide(case, at=NOW).plan] == [second]


APPROVED = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent, boss, owner]
  principles: [fair]
  facts: {case.kind: {type: choice, values: [loud, quiet]}}
  actions:
    visit: {phase: calm, owner: agent}
    approve: {phase: calm, owner: agent}
ruleset: flows
principle: fair
rules:
  - id: go
    then: [{recommend: visit}]
  - id: not-alone
    then: [{hold: visit, until: {done: {action: approve, by: BY}}}]
"""


@pytest.mark.parametrize(
    ("by", "owner"), [("boss", "boss"), ("[boss, agent]", "agent"), ("[owner, boss]", "owner")]
)
def test_a_step_that_ends_a_hold_belongs_to_whoever_must_do_it(tmp_path: Path, by: str, owner: str) -> None:
    (tmp_path / "rules.yaml").write_text(APPROVED.replace("BY", by), encoding="utf-8")
    policy = Policy.load(tmp_path)
    (step,) = policy.decide({}, at=NOW).plan
    assert (step.action, step.owner) == ("approve", owner)
    case = {"acts": [{"action": "approve", "by": owner, "at": "2026-03-01T00:00:00Z"}]}
    assert [each.action for each in policy.decide(case, at=NOW).plan] == ["visit"]


IN_ORDER = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent]
  principles: [fair]
  actions:
    listen: {phase: calm, owner: agent}
    decide: {phase: calm, owner: agent}
    pay: {phase: calm, owner: agent}
ruleset: flows
principle: fair
rules:
  - id: wanted
    then: [{recommend: pay}, {recommend: decide}, {recommend: listen}]
  - id: ordered
    then:
      - in_order: [listen, decide, pay]
"""


def test_steps_in_order_wait_for_the_one_before(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(IN_ORDER, encoding="utf-8")
    policy = Policy.load(tmp_path)
    acts: list[dict[str, str]] = []
    for action in ("listen", "decide", "pay"):
        decision = policy.decide({"acts": acts}, at=NOW)
        assert [each.action for each in decision.plan] == [action]
        acts.append({"action": action, "by": "agent", "at": "2026-03-01T00:00:00Z"})
    assert policy.decide({"acts": acts}, at=NOW).plan == ()
    assert "ordered" in [reason.rule for each in policy.decide({}, at=NOW).held for reason in each.because]


def test_a_step_done_out_of_order_does_not_let_the_next_one_pass(tmp_path: Path) -> None:
    """Deciding without having listened is a breach; paying after it would be another one."""
    (tmp_path / "rules.yaml").write_text(IN_ORDER, encoding="utf-8")
    policy = Policy.load(tmp_path)
    decided = {"acts": [{"action": "decide", "by": "agent", "at": "2026-03-01T00:00:00Z"}]}
    decision = policy.decide(decided, at=NOW)
    assert [each.action for each in decision.plan] == ["listen"]
    assert policy.check(decided, "pay", at=NOW).verdict == "held"


def test_a_hold_that_in_order_stands_for_may_be_written_as_well(tmp_path: Path) -> None:
    both = IN_ORDER.replace("- in_order:", "- hold: decide\n        until: {done: listen}\n      - in_order:")
    for text in (IN_ORDER, both):
        (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
        (ordered,) = [each for each in Policy.load(tmp_path).model.rules if each.id == "ordered"]
        assert len(ordered.prohibits) == 2


AMOUNTS = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent, boss]
  principles: [fair]
  facts: {case.loss: {type: amount}}
  actions:
    pay: {phase: calm, owner: agent, params: {amount: {type: amount}}}
    approve: {phase: calm, owner: agent, params: {amount: {type: amount}, note: {type: text}}}
ruleset: flows
principle: fair
rules:
  - id: go
    when: {case.loss: given}
    then: [{recommend: pay, amount: case.loss}]
  - id: not-alone
    then: [{hold: pay, where: {amount: {above: {TWD: 500}}}, until: {done: {action: approve, by: boss}}}]
"""


def test_a_step_that_ends_a_hold_carries_what_is_to_be_approved(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(AMOUNTS, encoding="utf-8")
    (step,) = Policy.load(tmp_path).decide({"currency": "TWD", "facts": {"case.loss": 800}}, at=NOW).plan
    assert (step.action, step.owner, str(step.params["amount"])) == ("approve", "boss", "800 TWD")
    assert "note" not in step.params


CONSENT = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent]
  principles: [fair]
  outside: [customer]
  facts: {case.wish: {type: flag}}
  actions:
    agree: {phase: calm, owner: customer, by: [customer]}
    withdraw: {by: [customer]}
    move: {phase: calm, owner: agent}
    carry: {phase: calm, owner: agent}
  groups: {moving: {actions: [move, carry]}}
ruleset: consent
principle: fair
rules:
  - id: move
    when: {case.wish: true}
    then: [{recommend: move}, {recommend: carry}]
  - id: ask
    then: [{hold: moving, until: {done: {action: agree, not_followed_by: withdraw}}}]
  - id: once
    when: {done: move}
    then: [{forbid: move}]
"""


def test_a_whole_group_waits_for_a_yes_that_is_not_taken_back(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(CONSENT, encoding="utf-8")
    policy = Policy.load(tmp_path, engine="plain")

    def verdicts(*acts: str) -> list[str]:
        done = [{"action": name, "by": "agent" if name == "move" else "customer", "at": f"2026-03-01T0{hour}:00:00+00:00"}
                for hour, name in enumerate(acts)]  # fmt: skip
        case = {"facts": {"case.wish": True}, "acts": done}
        return [policy.check(case, action, at=NOW).verdict for action in ("move", "carry")]

    assert verdicts() == ["held", "held"]
    assert verdicts("agree") == ["allowed", "allowed"]
    assert verdicts("agree", "withdraw") == ["held", "held"]
    assert verdicts("agree", "withdraw", "agree") == ["allowed", "allowed"]
    assert verdicts("agree", "move") == ["forbidden", "allowed"]
