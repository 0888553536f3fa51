"""Issue 4, why not: flip the tests that stand in the way and the rule holds; any proper subset of them does not."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from escalation_rules import Policy, RequestError
from escalation_rules.decision import AtomView, RuleView
from escalation_rules.policy.conditions import AllOf, AnyOf, Condition, NoneOf, Not
from escalation_rules.tools.explain.whynot import Formula, fewest_changes
from tests.core.policies import NOW, Make, Plain

Truth = bool | None


# --- random formulas --------------------------------------------------------------------------------------------------

LITERALS = st.integers(0, 11)
PATH = st.lists(LITERALS, min_size=0, max_size=4, unique=True).map(lambda path: tuple(sorted(path)))
PATHS = st.lists(PATH, min_size=1, max_size=4).map(tuple)


@st.composite
def formulas(draw: st.DrawFn) -> tuple[Formula, dict[int, Truth]]:
    gate = draw(st.one_of(st.just(((),)), PATHS))
    unless = draw(st.one_of(st.just(()), PATHS))
    vector = {number: draw(st.sampled_from([True, False, None])) for number in range(6)}
    return Formula((), gate, draw(PATHS), unless), vector


def path_truth(path: tuple[int, ...], vector: Mapping[int, Truth]) -> Truth:
    truths = [None if vector[each // 2] is None else vector[each // 2] is (each % 2 == 0) for each in path]
    return False if False in truths else None if None in truths else True


def holds(formula: Formula, vector: Mapping[int, Truth]) -> Truth:
    """The truth of a formula, told again: gate and when hold, and the exception is not known to."""

    def some(paths: Any) -> Truth:
        truths = [path_truth(path, vector) for path in paths]
        return True if True in truths else None if None in truths else False

    if some(formula.unless) is True:
        return False
    gate, when = some(formula.gate), some(formula.when)
    return False if False in (gate, when) else None if None in (gate, when) else True


@settings(max_examples=500, deadline=None)
@given(formulas())
def test_the_changes_named_make_it_hold_and_no_proper_subset_does(
    case: tuple[Formula, dict[int, Truth]],
) -> None:
    formula, vector = case
    assert formula.holds(vector) is holds(formula, vector)
    changes = fewest_changes(formula, vector)
    everything = [dict(zip(range(6), truths, strict=True)) for truths in _all(6)]
    if changes is None:
        assert not any(holds(formula, each) for each in everything), "nothing can make it hold"
        return
    assert all(vector[atom] is not truth for atom, truth in changes.items())
    assert holds(formula, {**vector, **changes}) is True
    for size in range(len(changes)):
        for some in combinations(changes.items(), size):
            assert holds(formula, {**vector, **dict(some)}) is not True


@settings(max_examples=100, deadline=None)
@given(formulas())
def test_no_smaller_set_of_changes_would_do(case: tuple[Formula, dict[int, Truth]]) -> None:
    formula, vector = case
    changes = fewest_changes(formula, vector)
    assume(changes is not None and len(changes) > 0)
    assert changes is not None
    for atoms in combinations(range(6), len(changes) - 1):
        for truths in _all(len(atoms)):
            assert holds(formula, {**vector, **dict(zip(atoms, truths, strict=True))}) is not True


def _all(size: int) -> list[tuple[bool, ...]]:
    return [tuple(bool(number >> bit & 1) for bit in range(size)) for number in range(2**size)]


# --- real explanations ------------------------------------------------------------------------------------------------

RULES = """
- {id: base, when: {any: [{x.a: true}, {x.b: true}], not: {x.c: true}}, then: [{conclude: v.a}]}
- {id: other, when: {x.d: true}, unless: {x.count: {above: 3}}, then: [{conclude: v.b}]}
- id: kind
  then:
    - conclude: v.kind
      first_that_applies: [{one: {x.b: true, v.a: true}}, {two: {v.b: true}}]
      otherwise: three
- id: top
  when: {any: [{v.a: true, v.kind: one}, {none: [{v.b: true}, {x.mood: {at_least: heated}}]}], x.count: {below: 9}}
  unless: {x.colour: {in: [red, blue]}, x.d: true}
  then:
    - recommend: call
- id: wide
  when:
    all:
      - any: [{x.a: true}, {x.b: true}, {v.a: true}]
      - any: [{x.c: true}, {v.b: true}, {x.d: true}]
      - any: [{x.mood: calm}, {x.colour: red}, {v.kind: two}]
  unless: {any: [{x.a: true, v.b: true}, {x.mood: furious}]}
  then:
    - recommend: ask
- id: contradicts
  when: {x.a: true, not: {x.a: true}}
  then:
    - recommend: secure
- id: per-claim
  for_each: claims
  when: {open: true, v.a: true, some: exhibits, where: {strong: true}}
  unless: {claim.amount: {above: 0}}
  then:
    - recommend: apologise
"""
GATE = "{any: [{x.a: true}, {x.mood: {at_least: heated}}]}"
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "x.a": st.booleans(),
        "x.b": st.booleans(),
        "x.c": st.booleans(),
        "x.d": st.booleans(),
        "x.count": st.integers(2, 10),
        "x.mood": st.sampled_from(["calm", "heated", "furious"]),
        "x.colour": st.sampled_from(["red", "green", "blue"]),
    },
)
CLAIMS = st.lists(
    st.fixed_dictionaries({}, optional={"open": st.booleans(), "amount": st.integers(0, 1)}), max_size=2
)
EXHIBITS = st.lists(
    st.fixed_dictionaries({}, optional={"claim": st.sampled_from(["c0", "c1"]), "strong": st.booleans()}),
    max_size=2,
)


def formula_truth(condition: Condition, given: Mapping[Condition, Truth]) -> Truth:
    """Kleene's truth of a condition whose tests have the given truths; a group may be a test of its own."""
    if condition in given:
        return given[condition]
    truths = [formula_truth(each, given) for each in condition.parts()]
    match condition:
        case Not():
            return None if truths[0] is None else not truths[0]
        case AllOf():
            return False if False in truths else None if None in truths else True
        case AnyOf() | NoneOf():
            some = True if True in truths else None if None in truths else False
            return some if isinstance(condition, AnyOf) else None if some is None else not some
    raise AssertionError(f"{condition} is a test that the explanation does not show")


def rule_truth(policy: Policy, view: RuleView, wanted: list[AtomView]) -> Truth:
    """The truth of the rule with some of its tests as they would have to be."""
    given: dict[Condition, Truth] = {}
    for atom in view.atoms:
        assert atom.condition is not None
        given[atom.condition] = atom.truth
    for atom in wanted:
        assert atom.condition is not None
        given[atom.condition] = atom.wanted
    rule = policy.model.rule(view.rule)
    assert rule is not None
    gate = policy.model.rulesets[rule.ruleset].applies_while
    parts = [formula_truth(each, given) for each in (gate, rule.when) if each is not None]
    if rule.unless is not None and formula_truth(rule.unless, given) is True:
        return False
    return False if False in parts else None if None in parts else True


@pytest.mark.parametrize("gate", ["", GATE])
def test_explanations_are_confirmed_on_the_rules_own_tests(make: Make, gate: str) -> None:
    policy = make(RULES, gate=gate)
    seen: set[tuple[str, str]] = set()

    @settings(max_examples=150, deadline=None)
    @given(FACTS, CLAIMS, EXHIBITS)
    def confirm(
        facts: dict[str, Plain], claims: list[dict[str, Plain]], exhibits: list[dict[str, Plain]]
    ) -> None:
        case = {
            "facts": facts,
            "claims": [{"id": f"c{number}", **each} for number, each in enumerate([*claims, {}, {}][:2])],
            "exhibits": [{"id": f"e{number}", **each} for number, each in enumerate(exhibits)],
        }
        decision = policy.decide(case, at=NOW)
        for rule in policy.model.rules:
            if any(each.alternatives for each in rule.concludes):
                continue
            for view in decision.explain(rule.id).rules:
                seen.add((rule.id, view.standing))
                truth = rule_truth(policy, view, [])
                assert truth is {"holds": True, "undecided": None, "does_not_hold": False}[view.standing]
                if view.standing == "holds":
                    assert view.in_the_way == ()
                elif view.in_the_way:
                    assert rule_truth(policy, view, list(view.in_the_way)) is True
                    for size in range(len(view.in_the_way)):
                        for some in combinations(view.in_the_way, size):
                            assert rule_truth(policy, view, list(some)) is not True
                else:
                    assert rule.id == "contradicts" or gate, "nothing can make it hold"

    confirm()
    assert {standing for _, standing in seen} == {"holds", "undecided", "does_not_hold"}


def explained(policy: Policy, about: str, **facts: Plain) -> Any:
    case = {"facts": {name.replace("__", "."): value for name, value in facts.items()}}
    return policy.explain(case, about, at=NOW)


def ways(view: RuleView) -> list[tuple[str, dict[str, Any], Truth, Truth]]:
    return [(each.part, each.test, each.truth, each.wanted) for each in view.in_the_way]


def test_a_gate_and_a_rule_that_test_the_same_name_it_once(make: Make) -> None:
    policy = make("- {id: it, when: {x.a: true, x.b: true}, then: [{recommend: call}]}\n", gate="{x.a: true}")
    (view,) = explained(policy, "it", x__b=True).rules
    assert [each.test for each in view.in_the_way] == [{"x.a": {"equals": True}}]


def test_a_rule_that_contradicts_its_gate_can_never_hold(make: Make) -> None:
    policy = make("- {id: it, when: {not: {x.a: true}}, then: [{recommend: call}]}\n", gate="{x.a: true}")
    for facts in ({}, {"x__a": True}, {"x__a": False}):
        (view,) = explained(policy, "it", **facts).rules
        assert view.in_the_way == ()


def test_why_a_rule_does_not_hold_names_what_each_test_saw_and_would_have_to_be(make: Make) -> None:
    policy = make(RULES)
    (view,) = explained(
        policy, "top", x__a=True, x__c=True, x__b=False, x__d=True, x__count=1, x__colour="green"
    ).rules
    assert view.standing == "does_not_hold"
    assert ways(view) == [
        ("when", {"v.a": {"equals": True}}, False, True),
        ("when", {"v.kind": {"equals": "one"}}, False, True),
    ]
    (atom,) = [each for each in view.atoms if each.test == {"x.count": {"below": 9}}]
    assert (atom.truth, [(each.name, each.value) for each in atom.seen]) == (True, [("x.count", 1)])


def test_an_exception_that_stands_in_the_way_would_have_to_be_false(make: Make) -> None:
    policy = make(
        "- {id: it, when: {x.a: true}, unless: {x.b: true, x.c: true}, then: [{recommend: call}]}\n"
    )
    (view,) = explained(policy, "it", x__a=True, x__b=True, x__c=True).rules
    assert ways(view) == [("unless", {"x.b": {"equals": True}}, True, False)]
    assert explained(policy, "it", x__a=True, x__b=True).rules[0].standing == "holds"


def test_why_an_action_is_not_planned_names_every_rule_that_could_recommend_it_the_shortest_first(
    make: Make,
) -> None:
    policy = make("""
- {id: far, when: {x.a: true, x.b: true}, then: [{recommend: call}]}
- {id: near, when: {x.c: true}, then: [{recommend: call}]}
- {id: blocked, when: {x.d: true}, then: [{recommend: gift}]}
- {id: bans, then: [{forbid: gift}]}
""")
    found = explained(policy, "call", x__c=False)
    assert [(each.rule, len(each.in_the_way)) for each in found.rules] == [("near", 1), ("far", 2)]
    banned = explained(policy, "gift", x__d=True)
    assert [(type(each.part).__name__, each.part.wanted) for each in banned.parts] == [("Forbidden", True)]
    assert {view.rule for view in banned.parts[0].rules} == {"bans", "blocked"}


def test_an_explanation_of_what_does_not_exist_is_an_error(make: Make) -> None:
    policy = make("- {id: near, when: {x.c: true}, then: [{recommend: call}]}\n")
    for name, close in (("naer", "near"), ("cal", "call"), ("zzzz", None)):
        with pytest.raises(RequestError) as caught:
            explained(policy, name)
        assert caught.value.diagnostics[0].suggestion == close


def test_an_overridden_prohibition_says_by_what(make: Make) -> None:
    policy = make("""
- {id: b, then: [{forbid: call}]}
- {id: a, when: {x.a: true}, overrides: [b], then: [{recommend: ask}]}
""")
    assert explained(policy, "b", x__a=True).rules[0].overridden_by == ("a",)
    assert explained(policy, "b", x__a=False).rules[0].overridden_by == ()


def test_a_rule_for_each_record_of_an_empty_list_needs_a_record(make: Make) -> None:
    policy = make("- {id: it, for_each: charges, when: {x.a: true}, then: [{recommend: call}]}\n")
    (view,) = policy.explain({}, "it", at=NOW).rules
    (atom,) = view.in_the_way
    assert (view.standing, view.about, atom.part, atom.truth, atom.wanted) == (
        "does_not_hold", None, "for_each", False, True,
    )  # fmt: skip
    assert (atom.test, atom.seen[0].value) == ({"some": "charges"}, [])
    assert [each.rule for each in policy.explain({}, "call", at=NOW).rules] == ["it"]


def test_a_rule_for_each_record_of_an_unknown_list_waits_for_the_list(make: Make) -> None:
    policy = make("- {id: it, for_each: claims, then: [{recommend: call}]}\n")
    (view,) = policy.explain({}, "it", at=NOW).rules
    (atom,) = view.in_the_way
    assert (view.standing, atom.part, atom.truth, atom.wanted, atom.seen[0].value) == (
        "undecided", "for_each", None, True, None,
    )  # fmt: skip
