"""A log of decisions: written line by line, read back, verified, and replayed; and what a trace says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES, Policy
from escalation_rules.integrations.batch import histories
from escalation_rules.tools.receipts import NotAReceipt, Receipt, attributes, receipt_line, receipts

AT = datetime(2026, 3, 3, 2, tzinfo=UTC)
CASE: dict[str, Any] = {
    "id": "T-1",
    "currency": "TWD",
    "facts": {"case.opened_at": "2026-03-02T15:40:00+08:00"},
    "charges": [
        {"id": "shipping", "kind": "delivery", "amount": Decimal("800.10"), "open": True, "disputed": True}
    ],
}


@pytest.mark.parametrize("language", [None, *LANGUAGES])
def test_a_line_is_read_back_and_verified(built_in: Policy, language: str | None) -> None:
    decision = built_in.decide(CASE, at=AT)
    line = receipt_line(decision, CASE, asked_by="bot", language=language)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    (receipt,) = receipts([line])
    assert isinstance(receipt, Receipt)
    assert (receipt.case, receipt.at, receipt.asked_by, receipt.digest) == ("T-1", AT, "bot", built_in.digest)
    assert receipt.given is not None
    assert receipt.given["charges"][0]["amount"] == Decimal("800.10")
    assert built_in.verify(receipt.decision, receipt.given).verified
    assert {**receipt.to_dict(), "given": None} == {**json.loads(line), "given": None}


def test_what_is_no_receipt_is_told_in_its_place(built_in: Policy) -> None:
    good = json.loads(receipt_line(built_in.decide(CASE, at=AT), CASE))
    bad = [
        "{",
        "[]",
        json.dumps({**good, "format": 2}),
        json.dumps({**good, "more": 1}),
        json.dumps({**good, "given": 5}),
        json.dumps({**good, "case": "other"}),
        json.dumps({**good, "at": "2026-03-03"}),
        json.dumps({**good, "decision": {}}),
    ]
    found = list(receipts(["\n", *bad, json.dumps(good)], "log.jsonl"))
    assert [isinstance(each, NotAReceipt) for each in found] == [True] * len(bad) + [False]
    for number, each in enumerate(found[:-1], 2):
        assert isinstance(each, NotAReceipt)
        assert {(one.position.file, one.position.line) for one in each.problems if one.position} == {
            ("log.jsonl", number)
        }


def test_a_log_feeds_a_replay(built_in: Policy, tmp_path: Path) -> None:
    earlier = {**CASE, "charges": []}
    lines = [
        receipt_line(built_in.decide(earlier, at=AT), earlier),
        receipt_line(built_in.decide({**CASE, "id": "T-2"}, at=AT), {**CASE, "id": "T-2"}),
        receipt_line(built_in.decide(CASE, at=AT), CASE),
        receipt_line(built_in.decide({**CASE, "id": "T-3"}, at=AT)),
        "broken\n",
    ]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(lines), encoding="utf-8")
    found = list(histories([path]))
    assert [each.place.line for each in found] == [2, 3, 4, 5]
    assert [each.data["id"] for each in found[:2] if each.data] == ["T-2", "T-1"]
    assert found[1].data is not None
    assert len(found[1].data["charges"]) == 1, "as it was given last"
    assert found[2].problems[0].message == "the receipt does not hold the case"
    assert found[3].problems[0].code == "json-syntax"


def test_attributes_are_what_a_trace_can_hold(built_in: Policy) -> None:
    decision = built_in.decide(CASE, at=AT)
    found = attributes(decision, asked_by="bot")
    assert found["escalation_rules.policy.digest"] == built_in.digest
    assert found["escalation_rules.case"] == "T-1"
    assert found["escalation_rules.next.action"] == decision.plan[0].action
    assert found["escalation_rules.steps"] == len(decision.plan) > 0
    for value in found.values():
        assert isinstance(value, (str, int)) or all(isinstance(each, str) for each in value)
    assert "escalation_rules.case" not in attributes(decision, with_case=False)
    assert "escalation_rules.asked_by" not in attributes(decision)
