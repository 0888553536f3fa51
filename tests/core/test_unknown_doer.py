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
