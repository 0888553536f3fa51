"""SEMANTICS 96: a parameter that is `required`. An act that does not state it counts for nothing."""

from __future__ import annotations

import pytest

from escalation_rules import Policy, Release
from tests.core.policies import Make, Plain, act, at, decide, held, iso, plan

WORDS = [
    """\
format: 1
vocabulary:
  actions:
    approve: {phase: inquire, owner: boss, params: {amount: {type: amount, required: true}, note: {type: text}}}
    refund: {phase: settle, owner: clerk, params: {amount: {type: amount}}}
"""
]
RULES = """
- {id: refunds, then: [{recommend: refund, amount: x.amount}]}
- id: above-a-limit
  then:
    - hold: refund
      where: {amount: {above: {TWD: 1000}}}
      until: {done: {action: approve, covers: amount}}
"""


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES, more=WORDS)


def case(*acts: dict[str, Plain]) -> dict[str, Plain]:
    return {"currency": "TWD", "facts": {"x.amount": 80000}, "acts": list(acts)}


def approved(**params: Plain) -> dict[str, Plain]:
    return act("approve", -1, by="boss", params=params)


def test_an_approval_without_its_amount_counts_for_nothing(policy: Policy) -> None:
    decision = decide(policy, case(approved(note="fine")))
    assert [each[0] for each in plan(decision)] == ["approve"]
    assert [each[0] for each in held(decision)] == ["refund"]


def test_an_approval_with_its_amount_counts(policy: Policy) -> None:
    assert [each[0] for each in plan(decide(policy, case(approved(amount=80000))))] == ["refund"]
    assert [each[0] for each in held(decide(policy, case(approved(amount=5000))))] == ["refund"]


def test_it_is_no_reason_for_a_condition(make: Make) -> None:
    policy = make("""
- {id: once, when: {done: approve}, then: [{recommend: call}]}
- {id: never, when: {not_done: approve}, then: [{recommend: ask}]}
- {id: silent, when: {nothing_done_for: {for: 2 days, since: x.when}}, then: [{recommend: measure}]}
""", more=WORDS)  # fmt: skip
    unstated = {**case(approved()), "facts": {"x.when": iso(days=-3)}}
    assert [each[0] for each in plan(decide(policy, unstated))] == ["ask", "measure"]
    stated = {**unstated, "acts": [approved(amount=1)]}
    assert [each[0] for each in plan(decide(policy, stated))] == ["call"]


@pytest.mark.parametrize("params", [None, {}, {"note": "x"}])
def test_a_request_has_to_state_it(policy: Policy, params: dict[str, Plain] | None) -> None:
    verdict = policy.check(case(), "approve", by="boss", at=at(), params=params)
    assert verdict.verdict == "held"
    assert [
        (each.rule, each.effect, each.source, each.text.in_language("en")) for each in verdict.because
    ] == [("approve", "hold", "vocabulary", "State: amount.")]
    assert verdict.needs == (Release("parameter", "amount", None),)


def test_a_request_that_states_it_is_allowed(policy: Policy) -> None:
    assert policy.check(case(), "approve", by="boss", at=at(), params={"amount": 80000}).allowed


def test_the_audit_reports_an_act_that_does_not_state_it(policy: Policy) -> None:
    history = {"currency": "TWD", "history": [{"at": iso(-2), "facts": {"x.amount": 80000}},
                           {"at": iso(-1), "acts": [{"action": "approve", "by": "boss"}]}]}  # fmt: skip
    (breach,) = [each for each in policy.audit(history, at=at()) if each.action == "approve"]
    assert (breach.kind, [each.rule for each in breach.because]) == ("premature", ["approve"])


def test_an_explanation_tells_why_it_does_not_count(policy: Policy) -> None:
    (uncounted,) = policy.explain(case(approved()), "approve", at=at()).uncounted
    assert (uncounted.by, uncounted.why) == ("boss", "incomplete")
