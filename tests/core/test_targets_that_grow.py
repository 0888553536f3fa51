"""A total that grows after it was met (SEMANTICS 73), and a follow-up that names no record (SEMANTICS 14)."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Money, Policy

POLICY = """
format: 1
languages: [en]
vocabulary:
  phases: [settle]
  roles: [clerk, guard]
  calendar: office
  calendars: {office: {timezone: UTC, hours: {mon-fri: ["09:00-17:00"]}}}
  facts:
    loss.reported_at: {type: instant}
  records:
    payments: {each: payment, absent: none, fields: {amount: {type: amount}}}
  actions:
    refund: {phase: settle, owner: clerk, by: [clerk], about: case, params: {amount: {type: amount, reached: true}}}
    credit: {phase: settle, owner: clerk, by: [clerk], about: payments}
    suspect: {phase: settle, owner: guard, by: [guard], about: payments}
    clear: {phase: settle, owner: guard, by: [guard], about: payments}
ruleset: refunds
label: Refunds
rules:
  - id: refund
    because: It was not theirs.
    when: {some: payments}
    then: [{recommend: refund, amount: {share: 50%, of: {sum: payments.amount}}, within: 1 working day of loss.reported_at}]
  - id: not-while-suspected
    because: Somebody looks into it.
    for_each: payments
    when: {done: {action: suspect, not_followed_by: clear}}
    then: [{forbid: credit}]
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("policy") / "refunds.yaml"
    Path(path).write_text(POLICY, encoding="utf-8")
    return Policy.load(path)


def june(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def entry(day: int, hour: int = 10, **more: Any) -> dict[str, Any]:
    return {"at": june(day, hour).isoformat(), **more}


def refunded(day: int, amount: int) -> dict[str, Any]:
    return entry(day, acts=[{"action": "refund", "by": "clerk", "params": {"amount": amount}}])


REPORTED = entry(1, facts={"loss.reported_at": june(1).isoformat()}, payments=[{"id": "p1", "amount": 200}])
LATER = entry(10, payments=[{"id": "p2", "amount": 100}])


def test_what_comes_later_is_due_from_when_it_was_known(policy: Policy) -> None:
    case = {"currency": "GBP", "history": [REPORTED, refunded(2, 100), LATER]}
    (step,) = policy.decide(case, at=june(10, 12)).plan
    assert step.params["amount"] == Money(Decimal(50), "GBP")
    assert step.due == june(11, 17)
    assert not step.overdue
    assert policy.audit({**case, "history": [*case["history"], refunded(11, 50)]}, at=june(15)).breaches == ()


def test_what_was_late_before_stays_late(policy: Policy) -> None:
    case = {"currency": "GBP", "history": [REPORTED, refunded(2, 60), LATER]}
    (step,) = policy.decide(case, at=june(10, 12)).plan
    assert step.params["amount"] == Money(Decimal(90), "GBP")
    assert step.due == june(2, 17)
    assert step.overdue


@pytest.mark.parametrize(("about", "allowed"), [("p2", True), ("p1", False), (None, False)])
def test_an_undoing_that_names_no_record_undoes_nothing(
    policy: Policy, about: str | None, allowed: bool
) -> None:
    clear = {
        "action": "clear",
        "by": "guard",
        "at": june(3).isoformat(),
        **({"about": about} if about else {}),
    }
    case = {
        "payments": [{"id": "p1"}, {"id": "p2"}],
        "acts": [{"action": "suspect", "by": "guard", "about": "p2", "at": june(2).isoformat()}, clear],
    }
    verdict = policy.check(case, "credit", about="p2", by="clerk", at=june(4))
    assert verdict.allowed is allowed
    assert [reason.rule for reason in verdict.because] == ([] if allowed else ["not-while-suspected"])


# --- what an audit says of a part -------------------------------------------------------------------------------------


def breaches(policy: Policy, *acts: dict[str, Any], end: int = 30) -> list[tuple[str, int, int | None]]:
    """The kind of each breach, the day on which it began, and the day on which it was made good."""
    audit = policy.audit({"currency": "GBP", "history": [REPORTED, *acts]}, at=june(end))
    return [(each.kind, each.at.day, each.done_at.day if each.done_at else None) for each in audit]


@pytest.mark.parametrize(
    ("acts", "expected"),
    [
        ([], [("omitted", 2, None)]),
        ([(2, 100)], []),
        ([(2, 40)], [("omitted", 2, None)]),  # a part in time, and never the rest
        ([(8, 40)], [("omitted", 2, None)]),  # a part too late, and never the rest: one breach
        ([(8, 40), (9, 60)], [("late", 2, 9)]),  # done when the rest is
        ([(2, 40), (9, 60)], [("late", 2, 9)]),
        ([(8, 100), (9, 60)], [("late", 2, 8)]),  # more than was owed
    ],
)
def test_a_part_does_not_end_what_is_owed(
    policy: Policy, acts: list[tuple[int, int]], expected: list[tuple[str, int, int | None]]
) -> None:
    assert breaches(policy, *(refunded(*each) for each in acts)) == expected


def test_before_the_rest_is_paid_it_is_not_done(policy: Policy) -> None:
    acts = refunded(8, 40), refunded(20, 60)
    assert breaches(policy, *acts, end=15) == [("omitted", 2, None)]
    assert breaches(policy, *acts, end=25) == [("late", 2, 20)]
