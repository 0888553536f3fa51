"""An approval is for what it says: `covers` ties the act that ends a hold to the parameters of what is held."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import PolicyError
from escalation_rules.values import Money
from escalation_rules.words.sentences import Wording
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


# --- what an act covers outside a hold --------------------------------------------------------------------------------


def wanting(covers: str, done: str = "approve") -> str:
    return f"""
- id: remind
  when: {{x.a: true, not_done: {{action: {done}, covers: {{{covers}}}}}}}
  then: [{{recommend: call}}]
"""


@pytest.mark.parametrize(
    ("approved", "planned"),
    [((), True), ((100,), True), ((100, 249), True), ((250,), False), ((None,), False), ((100, 300), False)],
)
def test_a_small_approval_is_none_for_a_large_amount(
    make: Make, approved: tuple[int | None, ...], planned: bool
) -> None:
    made = policy(make, wanting("total: x.amount"))
    acts = [approval(each, -9 + hours) for hours, each in enumerate(approved)]
    decision = made.decide(
        {"currency": "TWD", "facts": {"x.a": True, "x.amount": 250}, "acts": acts}, at=at()
    )
    assert [each.action for each in decision.plan] == (["call"] if planned else [])


def test_the_amount_that_is_not_known_is_asked_for(make: Make) -> None:
    made = policy(make, wanting("total: x.amount"))
    unknown = {"currency": "TWD", "facts": {"x.a": True}, "acts": [approval(100)]}
    assert missing(made.decide(unknown, at=at())) == [("x.amount", (), ["remind"])]
    for acts in ([], [approval(None)]):
        assert missing(made.decide({**unknown, "acts": acts}, at=at())) == [], (
            "nothing said, nothing compared"
        )


def test_each_record_is_compared_with_its_own_acts(make: Make) -> None:
    more = """format: 1
vocabulary:
  actions:
    grant: {phase: inquire, about: claims, owner: boss, by: [boss], params: {amount: {type: amount}}}
"""
    rules = """
- id: each
  for_each: claims
  when: {not_done: {action: grant, covers: {amount: claim.amount}}}
  then: [{recommend: grant, amount: claim.amount}]
"""
    made = make(rules, more=[more])
    claims = [{"id": "a", "amount": 10}, {"id": "b", "amount": 20}]
    acts = [act("grant", -1, by="boss", about=about, params={"amount": 15}) for about in ("a", "b")]
    decision = decide(made, {"currency": "TWD", "claims": claims, "acts": acts[:1]})
    assert plan(decision) == [("grant", "b", ["each"])]


def test_what_ends_a_hold_covers_a_fact(make: Make) -> None:
    """The act that is asked for says as much as it has to."""
    rules = hold("{total: x.limit}", where="")
    made = policy(make, rules)
    facts = {"x.amount": 50, "x.limit": 200}
    small = {"currency": "TWD", "facts": facts, "acts": [approval(100)]}
    decision = made.decide(small, at=at())
    assert [(each.action, each.params) for each in decision.plan] == [
        ("approve", {"total": Money(Decimal(200), "TWD")})
    ]
    assert plan(made.decide({**small, "acts": [approval(200)]}, at=at())) == [("pay", None, ["owed"])]


def test_an_approval_does_not_cover_what_was_raised_later(make: Make) -> None:
    """The reminder counts from the day on which the amount was raised, not from the approval."""
    rules = wanting("total: x.amount").replace(
        "recommend: call", "recommend: call, within: 1 hour of learning x.amount"
    )
    history = [
        {"at": at(-9).isoformat(), "facts": {"x.a": True, "x.amount": 100}},
        {"at": at(-8).isoformat(), "acts": [approval(100, -8)]},
        {"at": at(-2).isoformat(), "facts": {"x.amount": 900}},
    ]
    audit = policy(make, rules).audit({"currency": "TWD", "history": history}, at=at())
    assert [(each.action, each.at, each.known_from) for each in audit.breaches] == [("call", at(-1), at(-2))]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "“approve” has not been done, covering the total (“x.amount”)"),
        ("zh-TW", "尚未完成「approve」，且涵蓋total（「x.amount」）"),
    ],
)
def test_it_is_said_in_words(make: Make, language: str, words: str) -> None:
    made = policy(make, wanting("total: x.amount"))
    when = made.model.rule("remind").when
    assert words in Wording.of(made.model.vocabulary, language).sentence(when, None)


@pytest.mark.parametrize(
    ("rules", "code", "words"),
    [
        ("- {id: a, when: {done: {action: approve, covers: total}}, then: [{recommend: call}]}",
         "does-not-fit", "`covers: total` compares an act with a step that is held"),
        (hold("totl"), "unknown-parameter", "unknown parameter 'totl'"),
        (hold("total", "allow"), "does-not-fit", "acts add up to the parameter total"),
        (hold("total", "consent"), "unknown-parameter", "unknown parameter 'total'"),
        ("- {id: a, then: [{hold: call, until: {not_done: {action: approve, covers: total}}}]}",
         "does-not-fit", "`covers: total` compares an act with a step that is held"),
        (wanting("total: x.when"), "not-comparable", "x.when is an instant"),
        (wanting("total: x.amout"), "unknown-name", "x.amout"),
        (wanting("sum: x.amount"), "wrong-value", "unknown parameter 'sum'"),
        (wanting("total: 500"), "wrong-form", "500"),
        (wanting("total: x.amount", "allow"), "does-not-fit", "acts add up to the parameter total"),
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
