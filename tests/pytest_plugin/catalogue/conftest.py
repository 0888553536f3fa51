"""A policy that replays: it decides what the case itself holds under `decision`. So steps are tested without rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from escalation_rules import Decision
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.vocabulary import Vocabulary

PARTS = ("plan", "done", "forbidden", "held", "missing", "findings", "conclusions")


class Replayed:
    def __init__(self, data: dict[str, Any]) -> None:
        self.to_dict = lambda: data


class ReplayPolicy:
    model = PolicyModel("replay", Vocabulary(), {}, ())

    def case(self, data: Mapping[str, Any], _: object) -> Mapping[str, Any]:
        return data

    def decide(self, case: Mapping[str, Any], at: datetime) -> Decision:
        frame = {
            "format": 1,
            "case": case.get("id"),
            "at": at.isoformat(),
            "policy": {"name": "replay", "digest": "0"},
        }
        nothing: dict[str, Any] = {
            "currency": None,
            "phase": None,
            "review_at": None,
            **{part: [] for part in PARTS},
        }
        return Decision.from_dict({**frame, **nothing, **case.get("decision", {})})

    def check(self, case: Mapping[str, Any], action: str, **asked: Any) -> Replayed:
        known = {
            "verdict": "allowed",
            "action": action,
            "because": [],
            "until": [],
            "needs": [],
            "instead": [],
        }
        return Replayed({**known, "asked": asked, **case.get("verdicts", {}).get(action, {})})

    def audit(self, case: Mapping[str, Any], at: datetime) -> Replayed:
        return Replayed({"breaches": [], "unverified": [], **case.get("audit", {})})


@pytest.fixture
def policy() -> ReplayPolicy:
    return ReplayPolicy()
