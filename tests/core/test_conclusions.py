"""SEMANTICS B and C, Conclusions and Strata: three-valued, sorted by what is concluded and read, never given by the case."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from escalation_rules import CaseError, PolicyError
from tests.core.policies import Make, concluded, decide, fired, missing, plan

CHAIN = [
    "{id: first, when: {x.a: true}, then: [{conclude: v.a}]}",
    "{id: second, when: {v.a: true, x.b: true}, then: [{conclude: v.b}]}",
    "{id: third, when: {any: [{v.b: true}, {not: {v.a: true}}]}, then: [{conclude: v.c}]}",
    "{id: last, when: {v.c: true}, then: [{recommend: call}]}",
]


def rules(*items: str) -> str:
    return "".join(f"- {each}\n" for each in items)


@pytest.mark.parametrize("order", list(permutations(range(4)))[::5])
def test_the_order_of_rules_in_a_file_never_matters(make: Make, order: tuple[int, ...]) -> None:
    policy = make(rules(*(CHAIN[number] for number in order)))
    both = decide(policy, x__a=True, x__b=True)
    assert concluded(both) == {"v.a": True, "v.b": True, "v.c": True}
    assert plan(both) == [("call", None, ["last"])]
    assert concluded(decide(policy, x__a=False)) == {"v.c": True}
    assert plan(decide(policy, x__a=True, x__b=False)) == []
    unknown = decide(policy)
    assert concluded(unknown) == {}
    assert missing(unknown) == [("x.a", (), ["last"])]
    assert missing(decide(policy, x__a=True)) == [("x.b", (), ["last"])]


def test_a_flag_is_true_if_one_rule_concludes_it_false_if_none_can_else_unknown(make: Make) -> None:
    policy = make(
        rules(
            "{id: one, when: {x.a: true}, then: [{conclude: v.a}]}",
            "{id: two, when: {x.b: true}, then: [{conclude: v.a}]}",
            "{id: not-so, when: {v.a: false}, then: [{recommend: call}]}",
            "{id: so, when: {v.a: true}, then: [{recommend: ask}]}",
        )
    )
    assert fired(decide(policy, x__a=True)) == ["so"]
    assert fired(decide(policy, x__a=False, x__b=False)) == ["not-so"]
    open_one = decide(policy, x__a=False)
    assert fired(open_one) == []
    assert missing(open_one) == [("x.b", (), ["not-so", "so"])]
    assert missing(decide(policy)) == [("x.a", (), ["not-so", "so"]), ("x.b", (), ["not-so", "so"])]


def test_a_flag_that_no_rule_concludes_is_false(make: Make) -> None:
    policy = make(rules("{id: it, when: {v.a: false}, then: [{recommend: call}]}"))
    assert fired(decide(policy)) == ["it"]


def test_a_flag_concluded_in_two_strata_is_read_after_both(make: Make) -> None:
    policy = make(
        rules(
            "{id: early, when: {x.a: true}, then: [{conclude: v.a}]}",
            "{id: middle, when: {x.b: true}, then: [{conclude: v.b}]}",
            "{id: late, when: {v.b: true}, then: [{conclude: v.a}]}",
            "{id: reads, when: {v.a: true}, then: [{recommend: call}]}",
        )
    )
    assert fired(decide(policy, x__a=False, x__b=True)) == ["reads"]
    assert missing(decide(policy, x__a=False)) == [("x.b", (), ["reads"])]


def test_a_circle_of_conclusions_is_a_load_error_that_names_its_path(make: Make) -> None:
    with pytest.raises(PolicyError) as caught:
        make(
            rules(
                "{id: one, when: {v.b: true}, then: [{conclude: v.a}]}",
                "{id: two, when: {v.c: true}, then: [{conclude: v.b}]}",
                "{id: three, unless: {v.a: true}, then: [{conclude: v.c}]}",
            )
        )
    (found,) = caught.value.diagnostics
    assert found.code == "cycle"
    assert {"one", "two", "three"} <= set(found.message.replace("→", " ").split())


def test_conclusions_are_never_given_by_the_case(make: Make) -> None:
    policy = make(rules(CHAIN[0]))
    with pytest.raises(CaseError) as caught:
        decide(policy, {"facts": {"v": {"a": True}}, "claims": [{"id": "c1", "finding": "upheld"}]})
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [
        ("concluded", "claims[0].finding"),
        ("concluded", "facts.v.a"),
    ]


CHOICE = rules(
    "{id: kind, then: [{conclude: v.kind, "
    "first_that_applies: [{one: {x.a: true}}, {two: {x.b: true}}], otherwise: three}]}",
    "{id: is-one, when: {v.kind: one}, then: [{recommend: call}]}",
    "{id: is-two, when: {v.kind: two}, then: [{recommend: call}]}",
    "{id: is-three, when: {v.kind: three}, then: [{recommend: call}]}",
)


@pytest.mark.parametrize(
    ("facts", "kind", "asked"),
    [
        ({"x__a": True}, "one", []),
        ({"x__a": False, "x__b": True}, "two", []),
        ({"x__a": False, "x__b": False}, "three", []),
        ({"x__b": True}, None, ["x.a"]),
        ({"x__a": False}, None, ["x.b"]),
        ({}, None, ["x.a"]),
        ({"x__b": False}, None, ["x.a"]),
    ],
)
def test_the_first_alternative_that_applies_waits_for_the_earlier_ones(
    make: Make, facts: dict[str, Any], kind: str | None, asked: list[str]
) -> None:
    decision = decide(make(CHOICE), **facts)
    assert concluded(decision) == ({"v.kind": kind} if kind else {})
    assert fired(decision) == ([f"is-{kind}"] if kind else [])
    assert [each.fact for each in decision.missing] == asked


def test_an_undecided_alternative_that_would_say_the_same_does_not_matter(make: Make) -> None:
    policy = make(
        rules(
            "{id: kind, then: [{conclude: v.kind, "
            "first_that_applies: [{one: {x.a: true}}, {one: {x.b: true}}], otherwise: two}]}"
        )
    )
    assert concluded(decide(policy, x__b=True)) == {"v.kind": "one"}


def test_a_choice_is_concluded_in_one_place_only(make: Make) -> None:
    with pytest.raises(PolicyError, match="already concluded by kind"):
        make(
            CHOICE
            + rules(
                "{id: other, then: [{conclude: v.kind, first_that_applies: [{one: {x.c: true}}], otherwise: two}]}"
            )
        )


PER_RECORD = """
- id: finds
  for_each: claims
  then:
    - conclude: finding
      first_that_applies:
        - upheld: {some: exhibits, where: {strong: true}}
        - refuted: {open: false}
      otherwise: open_still
- id: proves
  for_each: claims
  when: {claim.finding: upheld}
  then:
    - conclude: proven
- id: all-proven
  when: {every: claims, has: {proven: true}}
  then:
    - conclude: v.a
- id: does
  when: {v.a: true}
  then:
    - recommend: call
"""


def test_rules_conclude_per_record_and_later_rules_quantify_over_that(make: Make) -> None:
    policy = make(PER_RECORD)
    case = {
        "claims": [{"id": "c1"}, {"id": "c2", "open": False}, {"id": "c3", "open": True}, {"id": "c4"}],
        "exhibits": [{"id": "e1", "claim": "c1", "strong": True}],
    }
    decision = decide(policy, case)
    assert concluded(decision) == {
        "claims.finding/c1": "upheld",
        "claims.finding/c2": "refuted",
        "claims.finding/c3": "open_still",
        "claims.proven/c1": True,
    }
    assert [(each.about, each.value) for each in decision.findings][3] == ("c4", None), "undecided"
    assert plan(decision) == []
    sure = decide(policy, {"claims": [{"id": "c1"}], "exhibits": case["exhibits"]})
    assert concluded(sure)["v.a"] is True
    assert plan(sure) == [("call", None, ["does"])]


def test_what_is_missing_is_traced_through_conclusions_of_records(make: Make) -> None:
    policy = make(PER_RECORD)
    exhibits = [{"id": "e1", "claim": "c1", "strong": True}, {"id": "e2", "claim": "c2"}]
    decision = decide(policy, {"claims": [{"id": "c1"}, {"id": "c2"}], "exhibits": exhibits})
    assert missing(decision) == [("exhibits.strong", ("e2",), ["does"])]
    assert missing(decide(policy)) == [("claims", (), ["does"])]


def test_a_rule_for_each_record_may_conclude_of_the_case(make: Make) -> None:
    policy = make("""
- id: it
  for_each: claims
  when: {open: true}
  then:
    - conclude: v.a
- id: not-so
  when: {v.a: false}
  then:
    - recommend: call
""")
    assert missing(decide(policy)) == [("claims", (), ["not-so"])]
    assert fired(decide(policy, {"claims": []})) == ["not-so"]
    assert missing(decide(policy, {"claims": [{"id": "c1", "open": False}, {"id": "c2"}]})) == [
        ("claims.open", ("c2",), ["not-so"])
    ]
    assert concluded(decide(policy, {"claims": [{"id": "c1", "open": True}, {"id": "c2"}]})) == {"v.a": True}


def test_a_declared_failure_is_a_conclusion_like_any_other(make: Make) -> None:
    policy = make(rules("{id: it, when: {x.a: true}, then: [{conclude: v.failed}]}"))
    assert concluded(decide(policy, x__a=True)) == {"v.failed": True}
    assert concluded(decide(policy, x__a=False)) == {}


# --- applies_while ----------------------------------------------------------------------------------------------------

GATED = """
- id: whole
  when: {x.b: true}
  then:
    - recommend: call
- id: each
  for_each: claims
  when: {open: true}
  then:
    - recommend: apologise
- id: kind
  then:
    - conclude: v.kind
      first_that_applies:
        - one: {x.b: true}
      otherwise: two
"""
CLAIMS = {"claims": [{"id": "c1", "open": True}, {"id": "c2"}]}


def test_a_ruleset_applies_only_while_its_condition_holds(make: Make) -> None:
    policy = make(GATED, gate="{x.a: true}")
    assert plan(decide(policy, CLAIMS, x__a=True, x__b=True)) == [
        ("call", None, ["whole"]),
        ("apologise", "c1", ["each"]),
    ]
    closed = decide(policy, CLAIMS, x__a=False, x__b=True)
    assert plan(closed) == []
    assert missing(closed) == []
    assert concluded(closed) == {"v.kind": "one"}, "a choice has its own conditions"


def test_an_undecided_gate_is_asked_for_first(make: Make) -> None:
    policy = make(GATED, gate="{x.a: true}")
    assert missing(decide(policy, CLAIMS, x__b=True)) == [("x.a", (), ["each", "whole"])]
    assert missing(decide(policy, {}, x__b=False)) == [("x.a", (), ["each"])], "the list comes after the gate"
    assert missing(decide(policy, {}, x__a=True, x__b=False)) == [("claims", (), ["each"])]


def test_a_gate_may_read_conclusions(make: Make) -> None:
    policy = make(
        GATED,
        gate="{v.a: true}",
        more=[
            """
        format: 1
        ruleset: before
        principle: fairness
        rules:
          - id: opens
            when: {x.a: true}
            then:
              - conclude: v.a
        """
        ],
    )
    assert fired(decide(policy, CLAIMS, x__a=True, x__b=True)) == ["each", "whole"]
    assert fired(decide(policy, CLAIMS, x__a=False, x__b=True)) == []
    assert missing(decide(policy, CLAIMS, x__b=True)) == [("x.a", (), ["each", "whole"])]
