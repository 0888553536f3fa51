"""Tests against values that are worked out: what they come to, what they ask for, since when they hold, when to look again."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules.policy.model import PolicyModel
from tests.core.policies import Make, at, decide, iso, missing, plan
from tests.core.test_read_back import check


def calling(make: Make, when: str, more: str = "") -> Any:
    return make(f"""\
- id: asked
  when: {when}
  then:
    - recommend: call
{more}""")


CASE = {
    "currency": "TWD",
    "facts": {"x.amount": 1000, "x.limit": 300, "x.count": 3, "x.length": "2 days", "x.a": True},
    "charges": [
        {"id": "c1", "amount": 400, "open": True, "pieces": 2},
        {"id": "c2", "amount": 600, "open": False, "pieces": 1},
    ],
}
HOLDS = [
    "{x.amount: {above: {times: 3, of: x.limit}}}",
    "{x.amount: {equals: {sum: charges.amount}}}",
    "{x.amount: {is_not: {sum: charges.amount, where: {open: true}}}}",
    "{x.limit: {below: {sum: charges.amount, where: {open: true}}}}",
    "{x.limit: {at_most: {share: 30%, of: x.amount}}}",
    "{x.count: {above: {count: charges}}}",
    "{x.count: {equals: {sum: charges.pieces}}}",
    "{x.length: {at_least: {least_of: [x.length, 3 days]}}}",
    "{x.amount: {between: [{total_of: [x.limit, {TWD: 1}]}, {times: {TWD: 500}, of: {count: charges}}]}}",
    "{x.limit: {equals: {first_that_applies: [{value: {TWD: 300}, when: {x.a: true}}], otherwise: {TWD: 1}}}}",
    "{some: charges, where: {amount: {below: {share: 50%, of: x.amount}}}}",
    "{sum: charges.amount, where: {open: true}, at_least: {share: 40%, of: {sum: charges.amount}}}",
    "{sum: charges.pieces, equals: {total_of: [x.count, 0]}}",
]
FAILS = [
    "{x.amount: {above: {times: 4, of: x.limit}}}",
    "{x.amount: {is_not: {sum: charges.amount}}}",
    "{x.length: {above: {from: 3 days, less: 1 day}}}",
    "{some: charges, where: {amount: {above: {share: 60%, of: x.amount}}}}",
    "{sum: charges.amount, where: {open: true}, above: {share: 40%, of: {sum: charges.amount}}}",
]


@pytest.mark.parametrize("when", [*HOLDS, *FAILS])
def test_a_value_is_compared_with_what_is_worked_out(make: Make, when: str) -> None:
    decision = decide(calling(make, when), CASE)
    assert plan(decision) == ([("call", None, ["asked"])] if when in HOLDS else [])
    assert missing(decision) == []


@pytest.mark.parametrize(
    ("when", "left_out", "asked"),
    [
        ("{x.amount: {above: {times: 3, of: x.limit}}}", "x.limit", "x.limit"),
        ("{x.amount: {above: {times: 3, of: x.limit}}}", "x.amount", "x.amount"),
        ("{x.amount: {above: {total_of: [x.limit, {TWD: 1}]}}}", "x.limit", "x.limit"),
        (
            "{x.amount: {above: {first_that_applies: [{value: x.limit, when: {x.a: true}}], otherwise: 0}}}",
            "x.a",
            "x.a",
        ),
    ],
)
def test_an_unknown_operand_leaves_the_test_undecided_and_is_asked_for(
    make: Make, when: str, left_out: str, asked: str
) -> None:
    facts = {name: each for name, each in CASE["facts"].items() if name != left_out}  # type: ignore[attr-defined]
    decision = decide(calling(make, when), {**CASE, "facts": facts})
    assert plan(decision) == []
    assert missing(decision) == [(asked, (), ["asked"])]


def test_an_amount_without_the_currency_of_the_case_asks_for_the_currency(make: Make) -> None:
    policy = calling(make, "{x.amount: {above: {times: {CNY: 20}, of: x.count}}}")
    assert missing(decide(policy, CASE)) == [("currency", (), ["asked"])]


def test_the_record_that_leaves_a_sum_open_is_asked_for(make: Make) -> None:
    charges = [{"id": "c1", "amount": 400, "open": True}, {"id": "c2", "amount": 600}]
    policy = calling(make, "{x.amount: {above: {sum: charges.amount, where: {open: true}}}}")
    assert missing(decide(policy, {**CASE, "charges": charges})) == [("charges.open", ("c2",), ["asked"])]


def test_a_step_counts_from_when_its_operand_was_learned(make: Make) -> None:
    policy = calling(
        make, "{x.amount: {above: {times: 3, of: x.limit}}}", "      within: 2 hours of case.opened_at\n"
    )
    told = [
        {"at": iso(-9), "facts": {"x.amount": 1000, "case.opened_at": iso(-9)}},
        {"at": iso(-1), "facts": {"x.limit": 300}},
    ]
    (step,) = decide(policy, {"currency": "TWD", "history": told}).plan
    assert step.due == at(1)


def test_time_that_changes_a_sum_is_an_instant_to_look_again(make: Make) -> None:
    charges = [{"id": "c1", "amount": 400, "at": iso(-1)}, {"id": "c2", "amount": 700, "at": iso(-50)}]
    policy = calling(make, "{x.amount: {below: {sum: charges.amount, where: {at: {older_than: 5 hours}}}}}")
    decision = decide(policy, {**CASE, "charges": charges})
    assert plan(decision) == []
    assert decision.review_at == at(4)
    assert plan(decide(policy, {**CASE, "charges": charges}, at(4))) == [("call", None, ["asked"])]


def test_a_conclusion_that_a_sum_reads_is_reached_before(make: Make) -> None:
    policy = make("""\
- id: a-first
  when: {x.amount: {above: {sum: claims.amount, where: {proven: true}}}}
  then: [{recommend: call}]
- id: z-proves
  for_each: claims
  when: {open: true}
  then: [{conclude: proven}]
""")
    claims = [{"id": "k", "open": True, "amount": 1000}, {"id": "l", "open": False, "amount": 1}]
    assert plan(decide(policy, {**CASE, "claims": claims})) == []
    cheap = [{**claims[0], "amount": 999}, claims[1]]
    assert plan(decide(policy, {**CASE, "claims": cheap})) == [("call", None, ["a-first"])]


def test_a_held_step_is_compared_with_what_is_worked_out(make: Make) -> None:
    policy = make("""\
- id: pays
  then: [{recommend: pay, whole: x.amount}]
- id: limit
  then:
    - hold: pay
      where: {whole: {above: {times: 2, of: x.limit}}}
      until: {x.a: false}
""")
    assert [each.action for each in decide(policy, CASE).held] == ["pay"]
    small = {**CASE, "facts": {**CASE["facts"], "x.amount": 600}}  # type: ignore[dict-item]
    assert decide(policy, small).held == ()


def test_conditions_with_such_operands_read_back(make: Make) -> None:
    rules = "".join(
        f"- {{id: r{number}, when: {each}, then: [{{recommend: call}}]}}\n"
        for number, each in enumerate(HOLDS)
    )
    model: PolicyModel = make(rules).model
    assert check(model) == len(HOLDS)


def test_a_sum_is_looked_at_again_when_what_it_is_compared_with_changes(make: Make) -> None:
    when = "{sum: claims.amount, above: {sum: charges.amount, where: {at: {newer_than: 1 day}}}}"
    case = {"currency": "TWD", "claims": [{"id": "k", "amount": 100}],
            "charges": [{"id": "c", "amount": 200, "at": iso(-20)}]}  # fmt: skip
    first, later = (decide(calling(make, when), case, at(hours)) for hours in (0, 4))
    assert (plan(first), first.review_at) == ([], at(4))
    assert plan(later) == [("call", None, ["asked"])]


def test_what_a_sum_is_compared_with_is_asked_for(make: Make) -> None:
    when = "{sum: claims.amount, above: {share: 10%, of: {sum: charges.amount}}}"
    case = {"currency": "TWD", "claims": [{"id": "k", "amount": 100}], "charges": [{"id": "c"}]}
    assert missing(decide(calling(make, when), case)) == [("charges.amount", ("c",), ["asked"])]
