"""The latest or earliest record as a value: of a parameter, and in a comparison."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import Money
from tests.core.policies import Make, decide, iso, missing, plan

QUOTES: list[dict[str, Any]] = [
    {"id": "q1", "amount": 300, "at": iso(-1), "open": True},
    {"id": "q2", "amount": 100, "at": iso(-3), "open": True},
    {"id": "q3", "amount": 200, "at": iso(-2), "open": False},
]


def money(make: Make, form: str, charges: Any = QUOTES, parameter: str = "whole", more: str = "") -> Any:
    decision = decide(make(f"- {{id: pay, then: [{{recommend: pay, {parameter}: {form}}}]}}\n{more}"),
                      {"currency": "TWD", "charges": charges})  # fmt: skip
    return decision.plan[0].params.get(parameter), decision


@pytest.mark.parametrize(
    ("form", "amount"),
    [
        ("{latest: charges.amount}", 300),
        ("{earliest: charges.amount}", 100),
        ("{latest: charges.amount, where: {open: false}}", 200),
        ("{share: 50%, of: {latest: charges.amount}}", 150),
    ],
)
def test_the_order_is_that_of_the_list(make: Make, form: str, amount: int) -> None:
    assert money(make, form)[0] == Money(Decimal(amount), "TWD")


def test_of_equal_instants_the_last_in_the_case_is_the_latest(make: Make) -> None:
    same = [{**each, "at": iso(-1)} for each in QUOTES]
    assert money(make, "{latest: charges.amount}", same)[0] == Money(Decimal(200), "TWD")
    assert money(make, "{earliest: charges.amount}", same)[0] == Money(Decimal(300), "TWD")


@pytest.mark.parametrize(
    ("charges", "asked"),
    [
        ([], ("charges", ())),
        ([*QUOTES, {"id": "q4", "amount": 5}], ("charges.open", ("q4",))),
        ([*QUOTES, {"id": "q4", "amount": 5, "open": True}], ("charges.at", ("q4",))),
        ([{"id": "q4", "at": iso(0), "open": True}, *QUOTES], ("charges.amount", ("q4",))),
        ([{"id": "q4", "amount": 5, "open": True}], None),
    ],
    ids=["no record", "membership", "instant", "field", "one needs no instant"],
)
def test_what_is_unknown_is_asked_for(make: Make, charges: Any, asked: Any) -> None:
    value, decision = money(make, "{latest: charges.amount, where: {open: true}}", charges)
    assert [(name, about) for name, about, _ in missing(decision)] == ([asked] if asked else [])
    assert (value is None) is (asked is not None)


def test_what_two_rules_name_counts_once(make: Make) -> None:
    more = "- {id: again, then: [{recommend: pay, total: {latest: charges.amount}}]}"
    assert money(make, "{latest: charges.amount}", parameter="total", more=more)[0] == Money(
        Decimal(300), "TWD"
    )
    other = "- {id: again, then: [{recommend: pay, total: {earliest: charges.amount}}]}"
    assert money(make, "{latest: charges.amount}", parameter="total", more=other)[0] == Money(
        Decimal(400), "TWD"
    )


def test_the_record_itself_is_a_reference(make: Make) -> None:
    parties = [
        {"id": "p1", "upset": True, "recorded_at": iso(-1)},
        {"id": "p2", "upset": True, "recorded_at": iso(-2)},
        {"id": "p3", "upset": False, "recorded_at": iso(0)},
    ]
    policy = make("- {id: pay, then: [{recommend: pay, to: {latest: parties, where: {upset: true}}}]}")
    assert decide(policy, {"parties": parties}).plan[0].params["to"] == "p1"


def test_a_comparison(make: Make) -> None:
    policy = make("- {id: a, when: {x.amount: {above: {latest: charges.amount}}}, then: [{recommend: ask}]}")
    for amount, steps in ((300, []), (301, [("ask", None, ["a"])])):
        assert (
            plan(decide(policy, {"currency": "TWD", "facts": {"x.amount": amount}, "charges": QUOTES}))
            == steps
        )


def test_a_concluded_field_is_traced_to_what_its_rule_waits_for(make: Make) -> None:
    more = "format: 1\nvocabulary: {actions: {tell: {phase: settle, owner: clerk, params: {sure: {type: flag}}}}}\n"
    policy = make(
        "- {id: f, for_each: claims, when: {open: true}, then: [{conclude: proven}]}\n"
        "- {id: s, then: [{recommend: tell, sure: {latest: claims.proven}}]}",
        more=[more],
    )
    assert decide(policy, {"claims": [{"id": "c", "open": True}]}).plan[0].params == {"sure": True}
    asked = missing(decide(policy, {"claims": [{"id": "c"}]}))
    assert [(name, about) for name, about, _ in asked] == [("claims.open", ("c",))]
