"""An approval is for what it says: `covers` ties the act that ends a hold to the parameters of what is held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import PolicyError
from escalation_rules.values import Money
from tests.core.policies import Make, act, at, decide, held, missing, plan, rules_of

WORDS = """
  approve:
    phase: inquire
    owner: boss
    by: [boss]
    params: {total: {type: amount}, method: {type: choice, values: [cash, card]}}
  consent: {phase: inquire, owner: customer, by: [customer], params: {method: {type: choice, values: [cash, card]}}}
  allow: {phase: inquire, owner: boss, params: {total: {type: amount, reached: true}}}
"""


def hold(
    covers: str = "total", done: str = "approve", where: str = "where: {total: {above: {TWD: 1000}}}, "
) -> str:
    return f"""
- id: owed
  then: [{{recommend: pay, total: x.amount}}]
- id: limit
  then: [{{hold: pay, {where}until: {{done: {{action: {done}, covers: {covers}}}}}}}]
"""


def policy(make: Make, rules: str) -> Any:
    more = "format: 1\nvocabulary:\n  actions:" + WORDS.replace("\n", "\n  ")
    return make(rules, more=[more])


def case(amount: int | None, *acts: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "TWD", "facts": {"x.amount": amount}, "acts": list(acts)}


def approval(amount: int | None, hours: float = -1) -> dict[str, Any]:
    return act("approve", hours, by="boss", params={} if amount is None else {"total": amount})


@pytest.mark.parametrize(
    ("approved", "wanted", "free"),
    [
        (2900, 2900, True),
        (3000, 2900, True),  # up to so much
        (2900, 29000, False),  # the amount was corrected afterwards
        (None, 2900, True),  # it does not say how much: it was given for what was asked
        (500, 900, True),  # below the limit nothing is held
    ],
)
def test_an_approval_covers_as_much_as_it_says(
    make: Make, approved: int | None, wanted: int, free: bool
) -> None:
    decision = decide(policy(make, hold()), case(wanted, approval(approved)))
    if free:
        assert plan(decision) == [("pay", None, ["owed"])]
        assert decision.held == ()
    else:
        assert [(each.action, each.params) for each in decision.plan] == [
            ("approve", {"total": decision.held[0].params["total"]})
        ], "the amount to approve is that of the held step"
        assert decision.held[0].params["total"] == Money(Decimal(wanted), "TWD")
        assert held(decision) == [("pay", None, True, ["limit", "owed"])]


def test_two_small_approvals_are_no_large_one(make: Make) -> None:
    decision = decide(policy(make, hold()), case(5000, approval(2500, -2), approval(2500)))
    assert held(decision) == [("pay", None, True, ["limit", "owed"])]


def test_check_asks_for_the_amount_that_is_meant(make: Make) -> None:
    made = policy(make, hold())
    approved = case(2900, approval(2900))
    allowed = made.check(approved, "pay", params={"total": 2900}, at=at())
    more = made.check(approved, "pay", params={"total": 290000}, at=at())
    unsaid = made.check(approved, "pay", at=at())
    assert (allowed.verdict, more.verdict, unsaid.verdict) == ("allowed", "held", "held")
    assert rules_of(more) == ["limit"]
    assert ("parameter", "total") in [(each.kind, each.name) for each in unsaid.needs]
    assert ("act", "approve") in [(each.kind, each.name) for each in more.needs]


def test_an_audit_names_the_payment_that_was_not_covered(make: Make) -> None:
    made = policy(make, hold())
    paid = act("pay", -0.5, by="boss", params={"total": 29000})
    audit = made.audit(case(2900, approval(2900), paid), at=at())
    assert [(each.kind, each.action, rules_of(each)) for each in audit.breaches if each.action == "pay"] == [
        ("premature", "pay", ["limit"])
    ]
    paid = act("pay", -0.5, by="boss", params={"total": 2900})
    assert made.audit(case(2900, approval(2900), paid), at=at()).breaches == ()


def test_other_parameters_have_to_be_the_same(make: Make) -> None:
    made = policy(make, hold("[total, method]", where=""))
    approved = case(900, act("approve", -1, by="boss", params={"total": 900, "method": "cash"}))
    cash = made.check(approved, "pay", params={"total": 900, "method": "cash"}, at=at())
    card = made.check(approved, "pay", params={"total": 900, "method": "card"}, at=at())
    assert (cash.verdict, card.verdict) == ("allowed", "held")


def test_what_the_step_does_not_say_is_asked_for(make: Make) -> None:
    made = policy(make, hold("[total, method]", where=""))
    approved = case(900, act("approve", -1, by="boss", params={"total": 900, "method": "cash"}))
    decision = decide(made, approved)
    assert held(decision) == [("pay", None, True, ["limit", "owed"])]
    assert ("pay.method", (), ["limit"]) in missing(decision)
    assert ("parameter", "method") in [(each.kind, each.name) for each in decision.held[0].needs]


def test_an_unknown_amount_is_asked_for_before_it_is_approved(make: Make) -> None:
    decision = decide(policy(make, hold(where="")), case(None, approval(2900)))
    assert held(decision) == [("pay", None, True, ["limit", "owed"])]
    assert "x.amount" in [each.fact for each in decision.missing]


def test_the_customer_consents_to_just_this(make: Make) -> None:
    made = policy(make, hold("method", "consent", where=""))
    yes = case(900, act("consent", -1, by="customer", params={"method": "card"}))
    assert made.check(yes, "pay", params={"method": "card"}, at=at()).verdict == "allowed"
    assert made.check(yes, "pay", params={"method": "cash"}, at=at()).verdict == "held"


@pytest.mark.parametrize(
    ("rules", "code", "words"),
    [
        ("- {id: a, when: {done: {action: approve, covers: total}}, then: [{recommend: call}]}",
         "does-not-fit", "`covers` compares an act with a step that is held"),
        (hold("totl"), "unknown-parameter", "unknown parameter 'totl'"),
        (hold("total", "allow"), "does-not-fit", "acts add up to the parameter total"),
        (hold("total", "consent"), "unknown-parameter", "unknown parameter 'total'"),
        ("- {id: a, then: [{hold: call, until: {not_done: {action: approve, covers: total}}}]}",
         "unknown-key", "covers"),
    ],
)  # fmt: skip
def test_what_cannot_be_covered_is_an_error(make: Make, rules: str, code: str, words: str) -> None:
    with pytest.raises(PolicyError) as caught:
        policy(make, rules)
    assert [(each.code, words in each.message) for each in caught.value.diagnostics] == [(code, True)]


def test_names_in_such_an_until_are_those_of_the_record(make: Make) -> None:
    """That an act covers a parameter does not change what other names below `until:` mean."""
    rules = """
- id: owed
  for_each: charges
  then: [{recommend: pay, about: case, total: charge.amount}]
- id: limit
  for_each: charges
  then:
    - hold: pay
      about: case
      until: {any: [{charge.open: false}, {done: {action: approve, covers: total}}, {some: claims, where: {open: true}}]}
"""
    made = policy(make, rules)
    charge = {"id": "c", "amount": 5, "open": True}
    whole = {"currency": "TWD", "charges": [charge], "claims": [{"id": "a", "open": False}]}
    assert held(decide(made, whole)) == [("pay", None, True, ["limit", "owed"])]
    assert decide(made, {**whole, "charges": [{**charge, "open": False}]}).held == ()
    assert decide(made, {**whole, "claims": [{"id": "a", "open": True}]}).held == ()
