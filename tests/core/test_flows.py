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
