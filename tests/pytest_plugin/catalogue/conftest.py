"""A policy that replays: it decides what the case itself holds under `decision`. So steps are tested without rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from escalation_rules import Decision
from escalation_rules.model import PolicyModel
from escalation_rules.vocabulary import Vocabulary

PARTS = ("plan", "done", "forbidden", "held", "missing", "findings", "conclusions")


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


@pytest.fixture
def policy() -> ReplayPolicy:
    return ReplayPolicy()
