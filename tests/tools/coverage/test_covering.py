"""Which rules, effects and tests are covered by what a policy was asked."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules import Policy
from escalation_rules.policy.conditions import Truth
from escalation_rules.tools.coverage import Coverage, Tally, Watch, coverage_of
from tests.core.policies import NOW, iso, load

BOTH = """
- id: r-both
  when: {x.a: true, x.b: true}
  unless: {x.c: true}
  then: [{recommend: call}]
"""


def watched(policy: Policy, *cases: dict[str, Any]) -> Tally:
    """What is seen while a policy decides some cases."""
    watch = Watch(policy.model)
    asked = policy.observed(watch.note)
    for case in cases:
        asked.decide(case, at=NOW)
    return watch.tally


def facts(**given: object) -> dict[str, Any]:
    return {"facts": {f"x.{name}": value for name, value in given.items() if value is not None}}


def seen_of(found: Coverage) -> dict[str, tuple[Truth, ...]]:
    return {each.test: each.seen for each in found.tests}


A, B, C = (f"x.{name}: true" for name in "abc")


def test_a_test_decides_where_another_truth_of_it_would_change_the_outcome(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", BOTH)
    found = coverage_of(policy.model, watched(policy, facts(a=True, b=True, c=False)))
    assert seen_of(found) == {A: (True,), B: (True,), C: (False,)}
    found = coverage_of(policy.model, watched(policy, facts(a=False, b=False, c=False)))
    assert seen_of(found) == {A: (), B: (), C: ()}, "each masks the other"
    found = coverage_of(policy.model, watched(policy, facts(a=False, b=True)))
    assert seen_of(found) == {A: (False,), B: (), C: ()}


def test_an_exception_that_is_unknown_decides_only_as_it_might_hold(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", BOTH)
    found = coverage_of(policy.model, watched(policy, facts(a=True, b=True)))
    assert seen_of(found)[C] == (None,)


@pytest.mark.parametrize(
    "rule", ["x.a: true, x.b: true", "any: [{x.a: true}, {x.b: true}]", "none: [{x.a: true}, {x.b: true}]"]
)
def test_all_cases_together_show_each_test_with_each_truth(tmp_path: Path, rule: str) -> None:
    policy = load(tmp_path, "plain", f"- id: r-one\n  when: {{{rule}}}\n  then: [{{recommend: call}}]\n")
    cases = [facts(a=one, b=other) for one, other in product((True, False, None), repeat=2)]
    found = coverage_of(policy.model, watched(policy, *cases))
    assert seen_of(found) == {A: (True, False, None), B: (True, False, None)}
    assert (found.decided.percent, found.undecided.percent, found.lowest) == (100.0, 100.0, 100.0)


def test_a_condition_on_records_is_looked_at_for_each_of_them(tmp_path: Path) -> None:
    rules = "- id: r-some\n  when: {some: charges, where: {open: true, pieces: {above: 2}}}\n  then: [{recommend: call}]\n"
    policy = load(tmp_path, "plain", rules)
    charges = [{"id": "c1", "open": True, "pieces": 1}, {"id": "c2", "open": False, "pieces": 9}]
    found = coverage_of(policy.model, watched(policy, {"charges": charges}))
    inner = {each.test: each.seen for each in found.tests if each.part == "where"}
    assert inner == {"open: true": (False,), "pieces: {above: 2}": (False,)}


PROHIBITING = """
- id: r-ban
  when: {x.a: true}
  then: [{forbid: gift}]
- id: r-lift
  when: {x.b: true}
  then: [{forbid: gift, by: [partner]}]
  overrides: [r-ban]
- id: r-gift
  when: {x.c: true}
  then: [{recommend: gift}]
"""


def test_an_effect_fires_is_overruled_is_pending_or_never_comes(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", PROHIBITING)

    def standing(case: dict[str, Any]) -> dict[str, str]:
        return {each.rule: each.standing for each in coverage_of(policy.model, watched(policy, case)).effects}

    assert standing(facts(a=True, b=False, c=False)) == {
        "r-ban": "fired",
        "r-lift": "never",
        "r-gift": "never",
    }
    assert standing(facts(a=True, b=True, c=False))["r-ban"] == "overruled"
    assert standing(facts(b=False, c=False))["r-ban"] == "pending"
    assert standing(facts(a=True, b=False, c=True))["r-gift"] == "overruled", "it is wanted, and forbidden"


def test_each_value_of_a_choice_is_an_effect(tmp_path: Path) -> None:
    rules = """
    - id: r-kind
      then:
        - conclude: v.kind
          first_that_applies:
            - {one: {x.a: true}}
            - {two: {x.b: true}}
          otherwise: three
    """
    policy = load(tmp_path, "plain", rules)
    found = coverage_of(policy.model, watched(policy, facts(a=False, b=True), facts(a=False, b=False)))
    assert {each.name: each.fired for each in found.effects} == {
        "v.kind: one": False, "v.kind: two": True, "v.kind: three": True
    }  # fmt: skip


IMPOSSIBLE = """
- id: r-faith
  when: {x.faith: good, all: [{x.count: {above: 3}}, {x.count: {above: 1}}]}
  then: [{recommend: call}]
"""


@pytest.mark.parametrize("solver", [True, False])
def test_what_cannot_be_is_set_apart(tmp_path: Path, solver: bool) -> None:
    policy = load(tmp_path, "plain", IMPOSSIBLE)
    found = coverage_of(policy.model, Tally(), solver=solver)
    cannot = {each.test: each.cannot for each in found.tests}
    assert cannot["x.faith: good"] == (None,), "it is presumed while unknown"
    assert cannot["x.count: {above: 1}"] == (False,), "the other test is false, too"
    assert cannot["x.count: {above: 3}"] == ()


def test_only_the_solver_knows_that_acts_are_always_known(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    policy = load(tmp_path, "plain", "- id: r-done\n  when: {done: ask}\n  then: [{recommend: call}]\n")
    (mine,), (solved,) = (coverage_of(policy.model, Tally(), solver=each).tests for each in (False, True))
    assert (mine.cannot, solved.cannot) == ((), (None,))


def test_the_situations_of_which_the_policy_says_nothing(tmp_path: Path) -> None:
    rules = "- id: r-one\n  when: {x.a: true, x.colour: {in: [red, green]}}\n  then: [{recommend: call}]\n"
    found = coverage_of(load(tmp_path, "plain", rules).model, Tally())
    said = {each.name: each.values for each in found.uncovered}
    assert None in said, "nothing comes of an empty case"
    assert said["x.a"] == ("false",), "the other value is asked further"
    assert said["x.colour"] == ("blue",)
    assert said["x.b"] == (), "whatever it is"
    assert said["charges"] == ()


def test_a_layer_is_looked_at_by_itself(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("format: 1\nruleset: own\nprinciple: fairness\nrules:\n  - id: r-own\n    when: {x.b: true}\n"
                   "    then: [{recommend: ask}]\n", encoding="utf-8")  # fmt: skip
    load(tmp_path / "base", "plain", BOTH)
    policy = Policy.load(tmp_path / "base", own, engine="plain")
    found = coverage_of(policy.model, Tally(), layers=[own])
    assert [each.rule for each in found.rules] == ["r-own"]
    assert {each.owner for each in found.tests} == {"r-own"}


def test_a_history_is_looked_at_at_each_of_its_moments(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", "- id: r-one\n  when: {x.a: true}\n  then: [{recommend: call}]\n")
    watch = Watch(policy.model)
    history = {"history": [{"at": iso(-2), "facts": {"x.a": True}}, {"at": iso(-1), "facts": {"x.a": False}}]}
    policy.observed(watch.note).audit(history, at=NOW)
    assert seen_of(coverage_of(policy.model, watch.tally)) == {A: (True, False)}


def test_a_tally_travels_as_plain_data_and_is_added(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", BOTH)
    one, other = watched(policy, facts(a=True, b=True, c=False)), watched(policy, facts(a=False, b=True))
    both = watched(policy, facts(a=True, b=True, c=False), facts(a=False, b=True))
    one.add(Tally.from_data(other.to_data()))
    assert attrs.asdict(one) == attrs.asdict(both)


def test_whoever_listens_changes_no_answer(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", BOTH)
    heard = policy.observed(Watch(policy.model).note)
    case = facts(a=True, b=True)
    assert heard.decide(case, at=NOW).to_dict() == policy.decide(case, at=NOW).to_dict()
