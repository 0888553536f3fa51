"""Parameters that are worked out: what they come to, what is unknown stays unknown, and no currency is mistaken for another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import Decision
from escalation_rules.values import Money
from tests.core.policies import NOW, Make, decide, missing


def amount(decision: Decision) -> Decimal:
    """What the first step of the plan pays."""
    money = decision.plan[0].params["whole"]
    assert isinstance(money, Money)
    return money.amount


def paying(make: Make, amount: str, parameter: str = "whole", more: str = "") -> Any:
    return make(f"""\
- id: pay
  then:
    - recommend: pay
      {parameter}: {amount}
{more}""")


CASE = {
    "currency": "TWD",
    "facts": {"x.amount": 1000, "x.limit": 300, "x.count": 3},
    "charges": [
        {"id": "c1", "amount": 10.5, "open": True, "pieces": 2},
        {"id": "c2", "amount": 20, "open": False, "pieces": 1},
    ],
}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{times: {TWD: 100, CNY: 20}, of: {count: charges, where: {open: true}}}", "100"),
        ("{times: {TWD: 100}, of: x.count}", "300"),
        ("{times: x.limit, of: {sum: charges.pieces}}", "900"),
        ("{times: 1.5, of: x.amount}", "1500"),
        ("{times: 0, of: x.amount}", "0"),
        ("{times: 2, of: {times: {TWD: 0.1}, of: x.count}}", "0.6"),
        ("{share: 10%, of: x.amount}", "100"),
        ("{share: 33.3 %, of: {sum: charges.amount}}", "10.1565"),
        ("{from: x.amount, less: x.limit}", "700"),
        ("{from: x.limit, less: x.amount}", "0"),
        ("{least_of: [x.amount, x.limit, {TWD: 500}]}", "300"),
        ("{greatest_of: [x.amount, x.limit, {TWD: 5000}]}", "5000"),
        ("{total_of: [x.amount, {TWD: 0.05}, {sum: charges.amount}]}", "1030.55"),
        ("{round: {sum: charges.amount}, to: {TWD: 1}}", "31"),
        ("{round: {sum: charges.amount}, to: {TWD: 1}, how: half_even}", "30"),
        ("{round: {sum: charges.amount}, to: {TWD: 1}, how: down}", "30"),
        ("{round: {sum: charges.amount}, to: {TWD: 50}, how: up}", "50"),
        ("{round: {share: 33.3333%, of: x.limit}, to: {TWD: 0.05, CNY: 0.01}}", "100"),
        ("{share: 0.000000001%, of: {TWD: 0.5}}", "0"),
    ],
)
def test_what_it_comes_to(make: Make, form: str, expected: str) -> None:
    decision = decide(paying(make, form), CASE)
    assert str(decision.plan[0].params["whole"]) == f"{expected} TWD"
    assert amount(decision) == Decimal(expected)
    assert decision.plan[0].incomplete == ()


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{times: 2, of: {count: charges}}", 4),
        ("{from: x.count, less: 5}", 0),
        ("{greatest_of: [x.count, {sum: charges.pieces}, 2]}", 3),
    ],
)
def test_whole_numbers_stay_whole(make: Make, form: str, expected: int) -> None:
    value = decide(paying(make, form, "times"), CASE).plan[0].params["times"]
    assert value == expected
    assert type(value) is int


def test_lengths_of_time_are_added(make: Make) -> None:
    form = "{least_of: [{total_of: [x.length, 2 hours]}, 1 day]}"
    case = {"facts": {"x.length": "30 minutes"}}
    assert decide(paying(make, form, "rest"), case).plan[0].params["rest"] == "PT2H30M"


@pytest.mark.parametrize(
    ("form", "asked"),
    [
        ("{least_of: [x.amount, x.limit]}", "x.limit"),
        ("{from: x.limit, less: x.amount}", "x.limit"),
        ("{times: {TWD: 100}, of: {sum: charges.pieces}}", "charges.pieces"),
        ("{share: 10%, of: {sum: charges.amount, where: {open: true}}}", "charges.open"),
        ("{round: x.limit, to: {TWD: 1}}", "x.limit"),
    ],
)
def test_what_rests_on_something_unknown_is_unknown_and_asked_for(make: Make, form: str, asked: str) -> None:
    case = {"currency": "TWD", "facts": {"x.amount": 0}, "charges": [{"id": "c1", "amount": 5}]}
    decision = decide(paying(make, form), case)
    assert decision.plan[0].incomplete == ("whole",)
    assert asked in [fact for fact, _, _ in missing(decision)]


@pytest.mark.parametrize("form", [
    "{times: {TWD: 100}, of: {count: charges}}",
    "{round: x.amount, to: {TWD: 1, CNY: 0.01}}",
    "{greatest_of: [x.amount, {TWD: 5, CNY: 1}]}",
])  # fmt: skip
@pytest.mark.parametrize("currency", ["JPY", None])
def test_a_currency_without_an_amount_leaves_it_unknown(make: Make, form: str, currency: str | None) -> None:
    limit = """\
- id: limit
  then:
    - hold: pay
      where: {whole: {above: {TWD: 1000000}}}
      until: {done: ask}
"""
    case = {name: each for name, each in {**CASE, "currency": currency}.items() if each is not None}
    decision = decide(paying(make, form), case)
    assert decision.plan[0].incomplete == ("whole",)
    assert [fact for fact, _, _ in missing(decision)] == ["currency"]
    verdict = paying(make, form, more=limit).check(case, "pay", at=NOW, params={"whole": 5})
    assert not verdict.allowed


def test_too_much_is_not_known(make: Make) -> None:
    step = decide(paying(make, "{times: 1000000000, of: {times: 1000000, of: x.amount}}"), CASE).plan[0]
    assert step.incomplete == ("whole",)


def test_a_limit_is_tested_on_what_it_comes_to(make: Make) -> None:
    limit = """\
- id: limit
  then:
    - forbid: pay
      where: {whole: {above: {TWD: 99}}}
"""
    form = "{share: 10%, of: x.amount}"
    assert decide(paying(make, form, more=limit), CASE).plan == ()
    assert decide(paying(make, form, more=limit), CASE, x__amount=990).plan[0].action == "pay"


FIRST = """\
- id: pay
  then:
    - recommend: pay
      whole:
        first_that_applies:
          - {value: x.limit, when: {x.a: true}}
          - {value: {TWD: 300}, when: {x.b: true}}
        otherwise: {share: 50%, of: x.amount}
"""


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"x.a": True}, 300),
        ({"x.a": False, "x.b": True}, 300),
        ({"x.b": True}, 300),  # whichever it is
        ({"x.a": False, "x.b": False}, 500),
        ({"x.a": False}, None),
        ({}, None),
    ],
)
def test_the_first_that_applies(make: Make, facts: dict[str, bool], expected: int | None) -> None:
    case = {"currency": "TWD", "facts": {"x.amount": 1000, "x.limit": 300, **facts}}
    decision = decide(make(FIRST), case)
    if expected is None:
        assert decision.plan[0].incomplete == ("whole",)
        assert missing(decision)[0][0] == ("x.b" if "x.a" in facts else "x.a")
    else:
        assert amount(decision) == expected


def test_what_changes_by_time_is_looked_at_again(make: Make) -> None:
    policy = make("""\
- id: pay
  then:
    - recommend: pay
      whole:
        first_that_applies:
          - {value: {TWD: 1}, when: {x.when: {newer_than: 2 days}}}
        otherwise: {TWD: 2}
""")
    case = {"currency": "TWD", "facts": {"x.when": NOW.isoformat()}}
    decision = decide(policy, case)
    assert amount(decision) == 1
    assert decision.review_at is not None
    assert amount(policy.decide(case, at=decision.review_at)) == 2
