"""What the command line prints can be read back, although it names the engine (SEMANTICS N)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from escalation_rules import Decision, Policy


@pytest.mark.parametrize("language", [None, "en", "zh-TW"])
def test_a_printed_decision_can_be_read_back(language: str | None) -> None:
    policy = Policy.load()
    decision = policy.decide({"id": "T-1"}, at=datetime(2026, 3, 2, 10, tzinfo=UTC))
    printed = decision.to_dict(language)
    printed["policy"]["engine"] = policy.engine
    read = Decision.from_dict(printed)
    assert [step.id for step in read.plan] == [step.id for step in decision.plan]
    assert read.policy == decision.policy
    assert policy.verify(printed, {"id": "T-1"}).verified
