"""A policy that replays: it decides what the case itself holds under `decision`. So steps are tested without rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from escalation_rules import Decision
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.vocabulary import Action, Fact, Named, Parameter, RecordList, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.values import TextType

PARTS = ("plan", "done", "forbidden", "held", "missing", "findings", "conclusions")


class Replayed:
    def __init__(self, data: dict[str, Any]) -> None:
        self.to_dict = lambda: data


def vocabulary() -> Vocabulary:
    """The names of the catalogue."""
    amount, note, items = (Parameter(name, TextType()) for name in ("amount", "note", "losses"))
    params = {each.name: each for each in (amount, note, items)}
    actions = [Action(name, params=params) for name in ACTIONS]
    facts = [
        Fact(name, TextType(), concluded=name in ("escalation.failed", "customer.tone")) for name in FACTS
    ]
    fields = {
        name: Fact(name, TextType(), concluded=name in ("broken", "finding"))
        for name in ("id", "amount", "at", "by", "broken", "finding")
    }
    lists = [RecordList(name, each, fields) for name, each in LISTS.items()]
    return Vocabulary(
        facts={each.name: each for each in facts},
        records={each.name: each for each in lists},
        actions={each.name: each for each in actions},
        phases={name: Named(name) for name in ("calm", "settle", "safety")},
        roles={name: Named(name) for name in ("care_line", "case_owner", "sales", "legal", "shop")},
        principles={name: Named(name) for name in ("settle", "isolate", "facts-empathy-law", "law")},
        sources=dict.fromkeys(("S0", "S1b", "S3", "S4"), Text()),
    )


ACTIONS = [
    "pay",
    "call_back",
    "waive_charge",
    "survey",
    "dun_customer",
    "offer_gift",
    "pay_loss",
    "read_report",
    "express_regret",
    "see_order_through",
    "answer_question",
    "x",
]
FACTS = [
    "customer.need",
    "customer.x",
    "customer.good_faith",
    "customer.wants_money",
    "cause.product_at_fault",
    "product.secured",
    "escalation.failed",
    "customer.tone",
]
LISTS = {"charges": "charge", "claims": "claim", "signals": "signal", "promises": "promise", "losses": "loss"}
RULES = "r-waive r-two r-call r-wait r-gift r-hold r-pay r-calm r-failed r-gone"


class ReplayPolicy:
    model = PolicyModel(
        "replay",
        vocabulary(),
        {},
        tuple(Rule(each, "replay", (), source="S0; S1b; S3; S4") for each in RULES.split()),
    )

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
