"""What several rules name counts once; what they state or work out adds up."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from escalation_rules.values import Money
from tests.core.policies import NOW, Make, decide, rules_of

CASE = {
    "currency": "TWD",
    "facts": {"x.amount": 1000, "x.count": 3},
    "claims": [{"id": "a", "amount": 50, "open": True}],
    "charges": [
        {"id": "c1", "amount": 840, "open": True, "pieces": 2, "length": "2 hours", "first": "a"},
        {"id": "c2", "amount": 60, "open": True, "pieces": 1, "length": "1 hour", "first": "a"},
        {"id": "c3", "amount": 7, "open": False, "pieces": 5, "length": "5 hours"},
    ],
}
EACH = "{for_each: charges, when: {open: true}, then: [{recommend: pay, about: case, total: charge.amount}]}"
ALL = "{then: [{recommend: pay, total: {sum: charges.amount, where: {open: true}}}]}"
FACT = "{then: [{recommend: pay, total: x.amount}]}"
ALTERNATIVE = (
    "{then: [{recommend: pay, total: "
    "{first_that_applies: [{value: x.amount, when: {x.count: {above: 1}}}], otherwise: {TWD: 1}}}]}"
)


def rules(*bodies: str) -> str:
    """Rules a, b, … of these bodies."""
    return "".join(f"- {{id: {name}, {body[1:]}\n" for name, body in zip("abcd", bodies, strict=False))


def paid(make: Make, *bodies: str, parameter: str = "total") -> Any:
    step = decide(make(rules(*bodies)), CASE).plan[0]
    assert set(rules_of(step)) == set("abcd"[: len(bodies)]), "all rules are reasons of the step"
    value = step.params[parameter]
    return value.amount if isinstance(value, Money) else value


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ([EACH], 900),
        ([EACH, EACH], 900),  # the same records, by two rules
        ([EACH, ALL], 900),  # one by one and as a sum
        ([ALL, "{then: [{recommend: pay, total: {sum: charges.amount}}]}"], 907),  # c3 is named by one of them
        ([FACT, FACT], 1000),
        ([FACT, EACH], 1900),  # other things
        ([EACH, "{then: [{recommend: pay, total: {TWD: 100}}]}", "{then: [{recommend: pay, total: {TWD: 100}}]}"], 1100),
        ([FACT, "{then: [{recommend: pay, total: {share: 10%, of: x.amount}}]}"], 1100),  # worked out
        (["{then: [{recommend: pay, total: {times: {TWD: 5}, of: x.count}}]}"] * 2, 30),
        # One rule may name a thing several times: so much for each of two charges.
        (["{for_each: charges, when: {open: true}, then: [{recommend: pay, about: case, total: first.amount}]}"], 100),
        (["{for_each: charges, when: {open: true}, then: [{recommend: pay, about: case, total: first.amount}]}",
          "{for_each: claims, then: [{recommend: pay, about: case, total: claim.amount}]}"], 100),
        ([FACT, ALTERNATIVE], 1000),
    ],
)  # fmt: skip
def test_what_two_rules_name_is_paid_once(make: Make, bodies: list[str], expected: int) -> None:
    assert paid(make, *bodies) == Decimal(expected)


def test_counts_and_lengths_too(make: Make) -> None:
    pieces = "{for_each: charges, then: [{recommend: pay, about: case, times: charge.pieces}]}"
    assert (
        paid(make, pieces, "{then: [{recommend: pay, times: {sum: charges.pieces}}]}", parameter="times") == 8
    )
    lengths = "{for_each: charges, then: [{recommend: pay, about: case, rest: charge.length}]}"
    assert paid(make, lengths, lengths, parameter="rest") == "PT8H"


def test_what_was_paid_is_taken_from_what_is_owed_once(make: Make) -> None:
    policy = make(rules(EACH, ALL))
    case = {
        **CASE,
        "acts": [{"action": "pay", "by": "boss", "at": NOW - timedelta(hours=1), "params": {"total": 840}}],
    }
    [step] = policy.decide(case, at=NOW).plan
    assert step.params["total"] == Money(Decimal(60), "TWD")
    whole = {
        **CASE,
        "acts": [{"action": "pay", "by": "boss", "at": NOW - timedelta(hours=1), "params": {"total": 900}}],
    }
    assert policy.decide(whole, at=NOW).plan == ()
