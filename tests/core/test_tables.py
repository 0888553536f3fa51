"""Tables: they decide as `first_that_applies` would, and what is wrong between their rows is found with a witness."""

from __future__ import annotations

from decimal import Decimal

import pytest

from escalation_rules import Decision, PolicyError
from escalation_rules.values import Money
from tests.core.policies import Make, concluded, decide, missing

KIND = """\
- id: kind
  table:
    hit: first
    inputs: [x.colour, x.count]
    outputs: [v.kind]
    rows:
      - [red, any, one]
      - [[green, blue], {{at_least: 3}}, two]
    otherwise: three
- id: call
  when: {{v.kind: {kind}}}
  then:
    - recommend: call
"""


def amount(decision: Decision) -> Decimal:
    """What the first step of the plan pays."""
    money = decision.plan[0].params["whole"]
    assert isinstance(money, Money)
    return money.amount


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"x.colour": "red"}, "one"),
        ({"x.colour": "blue", "x.count": 3}, "two"),
        ({"x.colour": "blue", "x.count": 2}, "three"),
        ({"x.colour": "blue"}, None),
        ({"x.count": 5}, None),
    ],
)
def test_a_table_concludes_a_choice(make: Make, facts: dict[str, object], kind: str | None) -> None:
    decision = decide(make(KIND.format(kind=kind or "one")), {"facts": facts})
    assert concluded(decision).get("v.kind") == kind
    assert [each.action for each in decision.plan] == (["call"] if kind else [])
    assert [fact for fact, _, _ in missing(decision)] == (
        [] if kind else ["x.count" if "x.colour" in facts else "x.colour"]
    )


def test_several_results_of_each_record(make: Make) -> None:
    policy = make("""\
- id: kinds
  for_each: claims
  table:
    hit: unique
    inputs: [open, amount]
    outputs: [finding]
    rows:
      - [true, {at_least: {TWD: 100, CNY: 20}}, upheld]
      - [true, {below: {TWD: 100, CNY: 20}}, refuted]
      - [false, any, open_still]
""")
    claims = [
        {"id": "a", "open": True, "amount": 100},
        {"id": "b", "open": True, "amount": 99},
        {"id": "c", "open": False},
    ]
    decision = decide(policy, {"currency": "TWD", "claims": claims})
    assert concluded(decision) == {
        "claims.finding/a": "upheld", "claims.finding/b": "refuted", "claims.finding/c": "open_still",
    }  # fmt: skip
    in_yen = decide(policy, {"currency": "JPY", "claims": claims})
    assert concluded(in_yen) == {"claims.finding/c": "open_still"}


FLAG = """\
- id: flag
  table:
    hit: first
    inputs: [x.a, x.b]
    outputs: [v.a]
    rows:
      - [true, true, false]
      - [true, any, true]
      - [any, given, false]
    otherwise: {otherwise}
"""


@pytest.mark.parametrize("otherwise", ["true", "false"])
def test_a_table_concludes_a_flag(make: Make, otherwise: str) -> None:
    policy = make(FLAG.format(otherwise=otherwise))
    said = {
        (True, True): False, (True, False): True, (False, True): False, (False, False): False,
        (None, True): False, (True, None): None, (None, False): None, (False, None): otherwise == "true",
        (None, None): None,
    }  # fmt: skip
    for (a, b), flag in said.items():
        facts = {name: each for name, each in (("x.a", a), ("x.b", b)) if each is not None}
        decision = decide(policy, {"facts": facts})
        assert concluded(decision).get("v.a", False) is bool(flag), (a, b)


def test_a_row_that_is_never_reached_changes_nothing(make: Make) -> None:
    policy = make("""\
- id: flag
  table:
    hit: first
    inputs: [x.a]
    outputs: [v.a]
    rows:
      - [any, true]
      - [true, false]
""")
    assert concluded(decide(policy)) == {"v.a": True}


def test_a_table_gives_a_parameter(make: Make) -> None:
    policy = make("""\
- id: pay
  then:
    - recommend: pay
      whole:
        table:
          hit: first
          inputs: [x.mood, x.faith]
          rows:
            - [{at_least: heated}, good, {share: 50%, of: x.amount}]
            - [any, good, {TWD: 100}]
          otherwise: 0
""")
    case = {"currency": "TWD", "facts": {"x.amount": 1000}}
    assert amount(decide(policy, case, x__mood="furious")) == 500
    assert amount(decide(policy, case, x__mood="calm")) == 100
    assert amount(decide(policy, case, x__faith="bad")) == 0
    unknown = decide(policy, case)
    assert unknown.plan[0].incomplete == ("whole",)
    assert missing(unknown)[0][0] == "x.mood"


def refused(make: Make, table: str) -> list[str]:
    try:
        make(f"- id: kind\n  table:\n    outputs: [v.kind]\n{table}")
    except PolicyError as error:
        return [str(each) for each in error.diagnostics]
    return []


@pytest.mark.parametrize(
    ("inputs", "rows", "witness"),
    [
        ("x.a", ["[true, one]"], "x.a: false"),
        ("x.mood", ["[{at_most: heated}, one]"], "x.mood: furious"),
        ("x.count, x.a", ["[{below: 3}, any, one]", "[any, true, two]"], "x.count: 3, x.a: false"),
        ("x.amount", ["[{below: {TWD: 5}}, one]", "[{above: {TWD: 5}}, two]"], "x.amount: 5 TWD"),
        ("x.length", ["[{at_least: 2 hours}, one]"], "x.length: PT0S"),
        ("x.when", ["[{newer_than: 2 days}, one]"], "x.when: P2D ago"),
        ("x.when", ["[{older_than: 1 hour}, one]", "[passed, two]"], "x.when: PT1H0.000001S from now"),
        ("x.text", ["[abc, one]"], "x.text: (another text)"),
        ("x.a", ["[given, one]"], "x.a: not known"),
        ("x.who", ["[customer, one]", "[[clerk, boss], two]"], "x.who: partner"),
    ],
)
def test_a_gap_is_named(make: Make, inputs: str, rows: list[str], witness: str) -> None:
    lines = "".join(f"      - {each}\n" for each in rows)
    table = f"    hit: first\n    inputs: [{inputs}]\n    rows:\n{lines}"
    assert [f"no row applies to {witness}" in each for each in refused(make, table)] == [True]
    assert not refused(make, f"{table}    otherwise: three\n")


@pytest.mark.parametrize(
    ("inputs", "rows", "witness"),
    [
        ("x.a, x.b", ["[true, any, one]", "[any, false, two]"], "x.a: true, x.b: false"),
        ("x.count", ["[{at_most: 3}, one]", "[{at_least: 3}, two]"], "x.count: 3"),
        ("x.amount", ["[{at_most: {TWD: 3, CNY: 1}}, one]", "[{above: {TWD: 3, CNY: 0.9}}, two]"],
         "x.amount: 0.900000001 CNY"),
        ("x.when", ["[{older_than: 1 day}, one]", "[{newer_than: 25 hours}, two]"], "x.when: P1D"),
        ("x.when", ["[{older_than: 1 working day}, one]", "[{newer_than: 5 working days}, two]"], "x.when: P"),
    ],
)  # fmt: skip
def test_an_overlap_is_named(make: Make, inputs: str, rows: list[str], witness: str) -> None:
    lines = "".join(f"      - {each}\n" for each in rows)
    table = f"    inputs: [{inputs}]\n    rows:\n{lines}    otherwise: three\n"
    assert [f"both apply to {witness}" in each for each in refused(make, f"    hit: unique\n{table}")] == [
        True
    ]
    assert [
        f"give different results for {witness}" in each for each in refused(make, f"    hit: any\n{table}")
    ] == [True]
    assert not refused(make, f"    hit: first\n{table}")


def test_a_large_table_is_checked_quickly(make: Make) -> None:
    rows = [
        f"      - [{{between: [{n}, {n}]}}, {c}, {m}, {f}, {{at_least: {{TWD: {n}}}}}, one]\n"
        for n in range(12)
        for c in ("red", "green", "blue")
        for m in ("calm", "heated")
        for f in ("good", "bad")
    ]
    table = (
        "    hit: unique\n    inputs: [x.count, x.colour, x.mood, x.faith, x.amount]\n    rows:\n"
        + "".join(rows)
    )
    assert "no row applies to x.count: 0, x.colour: red, x.mood: furious" in refused(make, table)[0]
