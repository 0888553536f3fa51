"""An unknown name among very many is answered at once: a suggestion is a courtesy, and never a burden."""

from __future__ import annotations

from datetime import UTC, datetime
from difflib import SequenceMatcher
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, RequestError
from escalation_rules.errors import nearest

AT = datetime(2026, 3, 2, tzinfo=UTC)
MANY = 10_000


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Counts how often two names are looked at closely."""
    count = [0]
    ratio = SequenceMatcher.real_quick_ratio

    def counted(self: Any) -> float:
        count[0] += 1
        return ratio(self)

    monkeypatch.setattr(SequenceMatcher, "real_quick_ratio", counted)
    return count


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def test_a_record_that_does_not_exist_among_many(policy: Policy, compared: list[int]) -> None:
    charges = [{"id": f"charge-{number:05}", "amount": 5} for number in range(MANY)]
    case = policy.case({"currency": "TWD", "charges": charges})
    with pytest.raises(RequestError) as raised:
        policy.check(case, "waive_charge", about="charge-1000x", at=AT)
    assert [each.code for each in raised.value.diagnostics] == ["unknown-record"]
    assert compared[0] <= 600


def test_many_wrong_references_to_many_records(policy: Policy, compared: list[int]) -> None:
    claims = [{"id": f"claim-{number:04}"} for number in range(1000)]
    evidence = [{"id": f"exhibit-{number:04}", "claim": f"clam-{number:04}"} for number in range(1000)]
    with pytest.raises(CaseError) as raised:
        policy.case({"claims": claims, "evidence": evidence})
    assert {each.code for each in raised.value.diagnostics} >= {"unknown-record"}
    assert compared[0] <= 60_000


def test_of_few_names_the_nearest_is_still_found() -> None:
    assert nearest("waive_chrage", ["waive_charge", "pay_loss"]) == "waive_charge"


def test_of_many_names_one_that_begins_alike_is_still_found() -> None:
    names = [f"fact_{number:05}" for number in range(MANY)] + ["customer_need"]
    assert nearest("customer_ned", names) == "customer_need"
