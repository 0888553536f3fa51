"""A later layer lets more roles do an action: acts of theirs count, and `check` allows them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from escalation_rules import Policy

BELOW = """
format: 1
languages: [en]
vocabulary:
  phases: [calm]
  roles: [customer, agent, boss]
  principles: [fair]
  facts: {case.opened_at: {type: instant}}
  actions: {pay: {phase: calm, owner: agent, by: [agent]}}
ruleset: below-it
principle: fair
rules:
  - id: pay-them
    when: {case.opened_at: given}
    then: [{recommend: pay}]
"""
ABOVE = """
format: 1
vocabulary:
  roles: [trainee]
  extend: {pay: {by: [trainee, agent]}}
"""
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CASE = {
    "facts": {"case.opened_at": "2026-03-01T00:00:00Z"},
    "acts": [{"action": "pay", "by": "trainee", "at": "2026-03-01T10:00:00Z"}],
}


def test_what_a_role_of_a_later_layer_does_counts(tmp_path: Path) -> None:
    for name, text in (
        ("below", BELOW),
        ("above", ABOVE),
        ("role", "format: 1\nvocabulary: {roles: [trainee]}\n"),
    ):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    without = Policy.load(tmp_path / "below.yaml", tmp_path / "role.yaml")
    assert [step.action for step in without.decide(CASE, at=NOW).plan] == ["pay"]
    policy = Policy.load(tmp_path / "below.yaml", tmp_path / "above.yaml")
    assert policy.vocabulary.actions["pay"].by == ("agent", "trainee")
    assert policy.decide(CASE, at=NOW).plan == ()
