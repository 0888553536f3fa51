"""An act by somebody whose role is not known: held back, and no breach (SEMANTICS F, unknown prohibitions)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from escalation_rules import Policy

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
POLICY = """format: 1
vocabulary:
  phases: [now]
  roles: [boss, clerk]
  facts:
    x.a: {type: flag}
  records:
    parties:
      each: party
      absent: none
      fields:
        role: {type: party}
  actions:
    call_boss: {phase: now, by: [boss]}
    gift: {phase: now}
ruleset: small
rules:
  - id: no-gift-by-the-boss
    when: {x.a: true}
    then:
      - forbid: gift
        by: boss
"""
CASE = {"facts": {"x.a": True}, "parties": [{"id": "p1"}]}


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "policy.yaml").write_text(POLICY, encoding="utf-8")
    return Policy.load(tmp_path)


@pytest.mark.parametrize("action", ["gift", "call_boss"])
def test_check_holds_and_asks_for_the_role(policy: Policy, action: str) -> None:
    verdict = policy.check(CASE, action, by="p1", at=AT)
    assert verdict.verdict == "held"
    assert [(each.name, each.about) for each in verdict.needs] == [("parties.role", "p1")]
    assert all(each.undecided for each in verdict.because)


@pytest.mark.parametrize(
    ("role", "gift", "call"), [("boss", "forbidden", "allowed"), ("clerk", "allowed", "forbidden")]
)
def test_check_knows_the_role_of_a_party(policy: Policy, role: str, gift: str, call: str) -> None:
    case = {**CASE, "parties": [{"id": "p1", "role": role}]}
    assert policy.check(case, "gift", by="p1", at=AT).verdict == gift
    assert policy.check(case, "call_boss", by="p1", at=AT).verdict == call


@pytest.mark.parametrize("action", ["gift", "call_boss"])
def test_audit_calls_it_unverified(policy: Policy, action: str) -> None:
    entries = [{"at": AT, **CASE}, {"at": AT + timedelta(hours=1), "acts": [{"action": action, "by": "p1"}]}]
    audit = policy.audit({"history": entries}, at=AT + timedelta(days=1))
    assert list(audit) == []
    assert [(each.kind, each.action, each.by) for each in audit.unverified] == [("unverified", action, "p1")]


STEP = """
- {id: wanted, then: [{recommend: call_boss}]}
"""
AMY = {"action": "call_boss", "by": "p1", "at": "2026-03-01T10:00:00Z"}


def test_an_act_that_may_have_been_the_step_asks_who_did_it(tmp_path: Path) -> None:
    """Otherwise the step stays open for ever, and nobody is told why."""
    (tmp_path / "policy.yaml").write_text(
        POLICY + STEP.replace("\n-", "\n  -").lstrip("\n"), encoding="utf-8"
    )
    policy = Policy.load(tmp_path)
    decision = policy.decide({**CASE, "acts": [AMY]}, at=AT)
    assert [each.action for each in decision.plan] == ["call_boss"]
    assert [(each.fact, each.about, each.needed_by) for each in decision.missing] == [
        ("parties.role", ("p1",), ("wanted",))
    ]
    for role, planned in (("boss", []), ("clerk", ["call_boss"])):
        known = policy.decide({**CASE, "parties": [{"id": "p1", "role": role}], "acts": [AMY]}, at=AT)
        assert ([each.action for each in known.plan], known.missing) == (planned, ())


def test_an_act_that_somebody_may_be_barred_from_asks_who_that_is(tmp_path: Path) -> None:
    text = POLICY.replace("x.a: {type: flag}", "x.a: {type: flag}\n    x.who: {type: party}").replace(
        "call_boss: {phase: now, by: [boss]}", "call_boss: {phase: now, not_by: x.who}"
    )
    (tmp_path / "policy.yaml").write_text(text + STEP.replace("\n-", "\n  -").lstrip("\n"), encoding="utf-8")
    case = {"parties": [{"id": "p1", "role": "boss"}], "acts": [AMY]}
    decision = Policy.load(tmp_path).decide(case, at=AT)
    assert [each.action for each in decision.plan] == ["call_boss"]
    assert "x.who" in [each.fact for each in decision.missing]
