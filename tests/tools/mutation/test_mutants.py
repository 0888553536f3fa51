"""Small mistakes in a policy: which there are, which tests notice them, and a case that would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules import Policy
from escalation_rules.case import Asked
from escalation_rules.tools.mutation import Judge, Mutant, Telling, Told, mutants
from escalation_rules.tools.mutation.distinguishing import decided
from escalation_rules.tools.mutation.from_tests import as_plain
from tests.core.policies import NOW, load

RULES = """
- id: r-call
  when: {x.a: true, x.count: {at_least: 3}, x.mood: {at_least: heated}}
  unless: {x.c: true}
  then:
    - {recommend: call, owner: boss, within: 2 hours of case.opened_at}
    - {hold: gift, until: {done: call}, by: [clerk]}
  examples:
    fires:
      facts: {case.opened_at: 2026-03-02T08:00:00+08:00, x.a: true, x.count: 3, x.mood: heated}
- id: r-lift
  when: {x.b: true}
  then: [{forbid: gift, by: [partner]}]
  overrides: [r-call]
"""


@attrs.frozen(eq=False)
class Deciding:
    """A test: the plan for one case, by its actions, owners and deadlines."""

    name: str
    case: dict[str, Any]
    about: frozenset[str] = frozenset()
    plan: list[tuple[str, str | None, str | None]] = attrs.Factory(list)

    def fails(self, policy: Policy) -> bool:
        found = [(each.action, each.owner, each.within) for each in policy.decide(self.case, at=NOW).plan]
        return [(action, owner, str(within)) for action, owner, within in found] != self.plan


def facts(**given: object) -> dict[str, Any]:
    return {"facts": {f"x.{name}": value for name, value in given.items()}}


def judge(policy: Policy, tests: Iterable[Deciding]) -> Judge[Policy]:
    ready = []
    for test in tests:
        asked: list[Asked] = []
        assert not test.fails(policy.observed(asked.append))
        ready.append((test, asked))
    return Judge(policy.model, ready, partial(Policy, engine="plain"))


def found(policy: Policy, kind: str, before: str = "") -> list[Mutant]:
    return [each for each in mutants(policy.model) if each.kind == kind and before in each.before]


def test_every_kind_of_mistake_is_made_at_its_place(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", RULES)
    made = {(each.kind, each.before, each.after) for each in mutants(policy.model)}
    assert made >= {
        ("dropped", "x.a: true", ""),
        ("negated", "x.a: true", "not: {x.a: true}"),
        ("bound moved", "x.count: {at_least: 3}", "x.count: {at_least: 2}"),
        ("bound moved", "x.count: {at_least: 3}", "x.count: {at_least: 4}"),
        ("level shifted", "x.mood: {at_least: heated}", "x.mood: {at_least: furious}"),
        ("effect dropped", "recommend: call", ""),
        ("recommend and forbid swapped", "recommend: call", "forbid: call"),
        ("owner changed", "owner: boss", "owner: customer"),
        ("within dropped", "within: 2 hours", ""),
        ("within moved", "within: 2 hours", "within: 3 hours"),
        ("by dropped", "by: clerk", ""),
        ("until dropped", "until: done: call", ""),
        ("override dropped", "overrides: r-call", ""),
    }
    lines = (tmp_path / "rules.yaml").read_text(encoding="utf-8").splitlines()
    (within,) = found(policy, "within dropped")
    assert "within: 2 hours" in lines[within.place.line - 1]


def test_no_mutant_is_the_policy_itself(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", RULES)
    assert [each.key for each in mutants(policy.model) if each.apply(policy.model) == policy.model] == []


def test_the_phases_of_an_order_are_swapped(tmp_path: Path) -> None:
    words = "phase_order:\n  - {when: {x.faith: bad}, order: [inquire, alarm, soothe, settle]}\n"
    policy = load(tmp_path, "plain", RULES, words=words)
    orders = [each.after for each in found(policy, "phase order changed")]
    assert orders[0] == "alarm, inquire, soothe, settle"
    assert len(orders) == 3


FIRING = Deciding("fires", facts(a=True, count=3, mood="heated", c=False), plan=[("call", "boss", "2 hours")])
BELOW = Deciding("below", facts(a=True, count=2, mood="heated", c=False))


def test_a_mistake_is_noticed_by_a_test_that_fails_with_it(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", RULES)
    lower, higher = found(policy, "bound moved", "x.count")
    weak, strong = judge(policy, [FIRING]), judge(policy, [FIRING, BELOW])
    assert [weak.judge(each).outcome for each in (lower, higher)] == ["survived", "killed"]
    assert [strong.judge(each).by for each in (lower, higher)] == ["below", "fires"]
    (owner,) = found(policy, "owner changed", "boss")
    assert strong.judge(owner).outcome == "killed"


def test_the_tests_that_are_left_out_would_not_have_failed(tmp_path: Path) -> None:
    """Whatever all tests together notice is noticed, too, by those that are run."""
    policy = load(tmp_path, "plain", RULES)
    cases = [
        facts(a=a, count=count, mood=mood, c=False)
        for a in (True, False)
        for count in (2, 3)
        for mood in ("calm", "heated")
    ]
    tests = [Deciding(str(number), case) for number, case in enumerate(cases)]
    for test in tests:
        plan = policy.decide(test.case, at=NOW).plan
        test.plan.extend((each.action, each.owner, str(each.within)) for each in plan)
    quick = judge(policy, tests)
    for mutant in mutants(policy.model):
        other = Policy(mutant.apply(policy.model), "plain")
        noticed = any(test.fails(other) for test in tests)
        assert (quick.judge(mutant).outcome == "killed") is noticed, mutant.key


def test_a_case_that_would_tell_is_as_small_as_it_can_be(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", RULES)
    (lower, _) = found(policy, "bound moved", "x.count")
    told = Telling(policy.model, solver=False).tell(lower)
    assert told.outcome == "case"
    assert told.case == {"facts": {"x.a": True, "x.count": 2, "x.mood": "heated"}}, (
        "nothing of it can be left out; the instant that the case was opened can"
    )
    assert told.before["plan"] == []
    assert [each["action"] for each in told.after["plan"]] == ["call"]


@pytest.mark.parametrize(
    "kind", ["dropped", "negated", "bound moved", "level shifted", "owner changed", "override dropped"]
)
def test_what_is_told_differs_by_both_policies(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("z3")
    policy = load(tmp_path, "plain", RULES)
    telling = Telling(policy.model, solver=True)
    for mutant in found(policy, kind, "" if kind != "bound moved" else "x."):
        told = telling.tell(mutant)
        assert told.outcome == "case", mutant.key
        assert told.case is not None
        assert told.at is not None
        programs = [each._program for each in (policy, Policy(mutant.apply(policy.model), "plain"))]
        one, other = (decided(each, dict(told.case), told.at, ("gift",)) for each in programs)
        assert one != other


def proven(folder: Path, rules: str, kind: str) -> list[tuple[Mutant, str]]:
    """Each change of a kind, with what the solver says of it."""
    pytest.importorskip("z3")
    policy = load(folder, "plain", rules)
    telling = Telling(policy.model, solver=True)
    return [(each, telling.tell(each).outcome) for each in found(policy, kind)]


EQUIVALENT = """
- id: r-twice
  when: {x.count: {above: 3}, all: [{x.count: {above: 1}}]}
  then: [{recommend: call}]
"""


def test_what_makes_no_difference_is_proven(tmp_path: Path) -> None:
    outcomes = {each.before: outcome for each, outcome in proven(tmp_path, EQUIVALENT, "dropped")}
    assert outcomes == {"x.count: {above: 1}": "equivalent", "x.count: {above: 3}": "case"}


NEVER_UNKNOWN = """
- id: r-kept-back
  when: {x.a: given}
  then: [{forbid: gift}]
- id: r-waits
  when: {x.a: true}
  then: [{forbid: call}]
"""


def test_what_is_done_while_a_rule_is_unknown_makes_no_difference_to_one_that_never_is(
    tmp_path: Path,
) -> None:
    outcomes = {
        each.owner: outcome for each, outcome in proven(tmp_path, NEVER_UNKNOWN, "when_unknown changed")
    }
    assert outcomes == {"r-kept-back": "equivalent", "r-waits": "case"}


TWO_EXAMPLES = """
- id: r-call
  when: {any: [{x.a: true}, {x.count: {at_least: 3}}]}
  then: [{recommend: call}]
  examples:
    - fires: {facts: {x.a: true, x.count: 1}}
      not: {x.a: false}
    - fires: {facts: {x.a: false, x.count: 3}}
      not: {x.count: 2}
"""


def test_a_case_that_would_tell_is_looked_for_near_each_of_several_examples(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", TWO_EXAMPLES)
    (lower, _) = found(policy, "bound moved", "x.count")
    told = Telling(policy.model, solver=False).tell(lower)
    assert told.case is not None
    assert told.case["facts"]["x.count"] == 2


WAITS = """
- id: r-pay
  when: {x.a: true}
  then:
    - {recommend: pay, within: 2 hours of case.opened_at}
    - {hold: pay, until: {done: {action: ask, by: [boss]}}}
"""


@pytest.mark.parametrize(
    ("kind", "before"), [("by dropped", "done"), ("within moved", "within"), ("owner changed", "owner")]
)
def test_an_act_is_found_by_which_a_change_behind_a_hold_shows(
    tmp_path: Path, kind: str, before: str
) -> None:
    pytest.importorskip("z3")
    policy = load(tmp_path, "plain", WAITS)

    def says(told: Told) -> bool:
        return [each["action"] for each in told.before["plan"]] != [
            each["action"] for each in told.after["plan"]
        ] or (any(each["action"] == "pay" for each in told.before["plan"]))

    for mutant in found(policy, kind, before):
        told = Telling(policy.model, solver=True).tell(mutant, says)
        assert told.outcome == "case"
        assert told.case is not None
        assert [each["action"] for each in told.case["acts"]] == ["ask"]
        assert told.before["plan"] != told.after["plan"]


def test_of_several_cases_one_that_will_do_is_told_or_else_the_first(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", RULES)
    (lower, _) = found(policy, "bound moved", "x.count")
    telling = Telling(policy.model, solver=False)
    told = telling.tell(lower, lambda _: False)
    assert told == telling.tell(lower)
    assert told.outcome == "case"


BAND = """
- {id: r-pay, when: {x.a: true}, then: [{recommend: pay, total: x.amount}]}
- {id: r-band, then: [{hold: pay, where: {total: {above: {TWD: 1000}, at_most: {TWD: 5000}}}, until: {done: ask}}]}
"""


@pytest.mark.parametrize(
    ("kind", "before", "amount", "verdict"),
    [
        ("bound moved", "above", 1000, "allowed"),
        ("bound moved", "at_most", 5000, "held"),
        ("dropped", "total: {at_most", 5001, "allowed"),
    ],
)
def test_the_amount_is_found_at_which_a_limit_on_what_is_asked_shows(
    tmp_path: Path, kind: str, before: str, amount: int, verdict: str
) -> None:
    pytest.importorskip("z3")
    policy = load(tmp_path, "plain", BAND)
    (mutant,) = [
        each for each in found(policy, kind, before) if each.owner == "r-band" and "all" not in each.before
    ]
    told = Telling(policy.model, solver=True).tell(mutant)
    assert (told.outcome, told.params) == ("case", {"total": amount})
    assert told.case is not None
    verdicts = [
        each.check(told.case, "pay", at=NOW, params=told.params).verdict
        for each in (policy, Policy(mutant.apply(policy.model), engine="plain"))
    ]
    assert verdicts[0] == verdict != verdicts[1]
    assert (told.before["verdicts"], told.after["verdicts"]) == ({"pay": verdicts[0]}, {"pay": verdicts[1]})


ANCHORED = """
- id: r-call
  when:
    some: signals
    where:
      loud: true
      at: {older_than: 1 hour}
  then: [{recommend: call, within: 2 days of signal.at}]
- id: r-last
  when:
    latest: signals
    has:
      loud: true
      at: {older_than: 1 hour}
  then: [{recommend: call, within: 2 days before signal.at}]
- id: r-ask
  when:
    x.a: true
    done: {action: call, by: [boss]}
  then: [{recommend: ask, within: 2 days of call}]
"""


@pytest.mark.parametrize("rule", ["r-call", "r-last"])
def test_a_time_counts_from_what_the_changed_test_finds(tmp_path: Path, rule: str) -> None:
    """The changed policy is the one whose text was changed."""
    policy = load(tmp_path, "plain", ANCHORED)
    by_hand = load(tmp_path, "plain", ANCHORED.replace("      loud: true\n", ""))
    dropped = found(policy, "dropped", "loud: true")
    (mutant,) = [each for each in dropped if (each.before, each.owner) == ("loud: true", rule)]
    assert mutant.rule == by_hand.model.rule(rule)


def test_a_time_counts_from_the_acts_of_the_changed_test(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", ANCHORED)
    by_hand = load(tmp_path, "plain", ANCHORED.replace(", by: [boss]", ""))
    (mutant,) = found(policy, "by dropped", "done: {action: call")
    assert mutant.rule == by_hand.model.rule("r-ask")


def test_without_its_test_a_time_counts_from_all_acts(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", ANCHORED)
    by_hand = load(tmp_path, "plain", ANCHORED.replace("    done: {action: call, by: [boss]}\n", ""))
    (mutant,) = found(policy, "dropped", "done: {action: call")
    assert mutant.rule == by_hand.model.rule("r-ask")


def test_a_change_without_which_a_time_has_no_start_is_not_a_valid_policy(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", ANCHORED)
    dropped = [each for each in found(policy, "dropped", "signals") if each.owner in {"r-call", "r-last"}]
    assert [judge(policy, []).judge(each).outcome for each in dropped] == ["invalid", "invalid"]


LIMITS = """
- id: r-pay
  when: {some: charges}
  then: [{recommend: pay, total: {total_of: [{sum: charges.amount}, {share: 19%, of: {sum: charges.amount}}]}}]
- id: r-whole
  when: {some: charges}
  then: [{forbid: pay, where: {total: {below: {sum: charges.amount}}}}]
- id: r-small
  when: {some: charges}
  unless: {x.faith: bad}
  then: [{hold: pay, where: {total: {between: [{TWD: 500.01}, {TWD: 3000}]}}, until: {done: ask}}]
- id: r-large
  when: {some: charges}
  then: [{hold: pay, where: {total: {above: {TWD: 3000}}}, until: {done: {action: call, not_followed_by: secure}}}]
- id: r-quotes
  when: {count: claims, at_most: 1}
  then: [{forbid: pay, where: {total: {above: {TWD: 3000}}}}]
"""


@pytest.mark.parametrize(
    ("kind", "before"),
    [
        ("effect dropped", "hold: pay"),
        ("dropped", "some: charges"),
        ("negated", "some: charges"),
        ("by narrowed", ""),
        ("until dropped", "done"),
        ("bound moved", "total: {above"),
        ("bound dropped", "done"),
    ],
)
def test_a_case_is_found_in_which_nothing_else_hides_a_limit(tmp_path: Path, kind: str, before: str) -> None:
    """Two other rules prohibit the same step, by limits of their own and unless something is unknown."""
    pytest.importorskip("z3")
    policy = load(tmp_path, "plain", LIMITS)
    (mutant,) = [each for each in found(policy, kind, before) if each.owner == "r-large"]
    told = Telling(policy.model, solver=True).tell(mutant)
    assert told.outcome == "case"
    assert told.case is not None
    programs = [each._program for each in (policy, Policy(mutant.apply(policy.model), "plain"))]
    case = {**told.case, "params": dict(told.params)}
    asked = tuple(told.before["verdicts"])
    one, other = (decided(each, case, told.at or NOW, asked) for each in programs)
    assert one != other


BARRED = """
- {id: r-pay, when: {some: claims}, then: [{recommend: pay, total: x.amount}]}
- {id: r-100, then: [{hold: pay, where: {total: {above: {TWD: 100}}}, until: {done: {action: approve, covers: total}}}]}
- id: r-500
  then: [{hold: pay, where: {total: {above: {TWD: 500}}}, until: {done: {action: approve, by: [boss], covers: total}}}]
"""
APPROVE = """actions:
  approve: {{phase: settle, owner: clerk, by: [clerk, boss], not_by: {barred}, params: {{total: {{type: amount}}}}}}
"""


@pytest.mark.parametrize("barred", ["x.who", "call"])
def test_a_case_is_found_with_an_approval_by_another_person(tmp_path: Path, barred: str) -> None:
    """The smaller limit hides the larger one, unless somebody who is not barred has approved the amount."""
    pytest.importorskip("z3")
    more = f"format: 1\nvocabulary:\n  {APPROVE.format(barred=barred).replace(chr(10), chr(10) + '  ').rstrip()}\n"
    policy = load(tmp_path, "plain", BARRED, more=[more])
    (mutant,) = [each for each in found(policy, "effect dropped") if each.owner == "r-500"]
    told = Telling(policy.model, solver=True).tell(mutant)
    assert told.outcome == "case"
    assert told.case is not None
    assert [each["action"] for each in told.case["acts"]] == ["approve"]


def test_a_case_is_found_in_which_a_limit_is_undecided(tmp_path: Path) -> None:
    """The rule is never undecided, but its limit is, as long as the amount is unknown."""
    pytest.importorskip("z3")
    rule = "- {id: r-pay, when: {x.a: given, x.b: given}, then: [{forbid: pay, where: {total: {above: {TWD: 100}}}}]}"
    policy = load(tmp_path, "plain", rule)
    (mutant,) = found(policy, "when_unknown changed")
    told = Telling(policy.model, solver=True).tell(mutant)
    assert told.outcome == "case"
    assert (told.before["verdicts"], told.after["verdicts"]) == ({"pay": "held"}, {"pay": "allowed"})


LATE = """
- id: r-waive
  for_each: charges
  then: [{recommend: waive, within: 2 hours of charge.at}]
- id: r-late
  for_each: charges
  when: {step_overdue: waive}
  then: [{recommend: call, within: 1 day of step_overdue}]
"""


def test_a_case_of_a_test_shows_a_change_at_a_later_instant(tmp_path: Path) -> None:
    """The rule has no example, and what it tests is unknown to the solver."""
    policy = load(tmp_path, "plain", LATE)
    case = {"charges": [{"id": "k1", "at": NOW.isoformat(), "amount": 12.5}, {"id": "k2"}]}
    test = Deciding("charged", case, plan=[("waive", "clerk", "2 hours")] * 2)
    tests = judge(policy, [test])
    mutant = found(policy, "within moved", "1 day")[0]
    telling = Telling(policy.model, solver=False)
    assert telling.tell(mutant).outcome == "unknown"
    told = telling.tell(mutant, tests=tests.cases(mutant))
    assert (told.outcome, told.at) == ("case", NOW + timedelta(hours=2))
    assert (
        told.case == {"charges": [{"id": "k1", "at": told.case["charges"][0]["at"]}]} if told.case else False
    )
    assert ([each["action"] for each in told.before["plan"]], told.after["missing"]) == (
        ["call", "waive"],
        [],
    )


def test_the_case_of_a_history_is_what_was_known_and_done_then(tmp_path: Path) -> None:
    policy = load(tmp_path, "plain", LATE)
    start, done, later = ((NOW + timedelta(hours=each)).isoformat() for each in (0, 1, 3))
    waived = {"action": "waive", "by": "clerk", "about": "k1"}
    history = {"currency": "TWD", "history": [
        {"at": start, "facts": {"x.count": 3}, "charges": [{"id": "k1", "amount": 12.5}]},
        {"at": done, "facts": {"x.count": 4}, "acts": [waived]},
        {"at": later, "facts": {"x.count": 5}},
    ]}  # fmt: skip
    case = policy.case(history)
    plain = as_plain(case, NOW + timedelta(hours=2))
    assert plain["facts"] == {"x.count": 4}
    assert plain["charges"] == [{"id": "k1", "recorded_at": "2026-03-02T10:00:00Z", "amount": 12.5}]
    assert [each["action"] for each in plain["acts"]] == ["waive"]
    read = policy.case(plain)
    assert as_plain(read, NOW + timedelta(hours=2)) == plain, "it can be read again"


GIVEN_ONCE = RULES + "- {id: r-then, when: {done: gift}, then: [{recommend: secure}]}\n"


def test_whoever_is_not_the_one_may_do_it(tmp_path: Path) -> None:
    path = tmp_path / "vocabulary.yaml"
    load(tmp_path, "plain", GIVEN_ONCE)
    text = path.read_text("utf-8").replace(
        "gift: {phase: settle, ", "gift: {phase: settle, by: [boss, x.who], "
    )
    path.write_text(text, encoding="utf-8")
    policy = Policy.load(tmp_path, engine="plain")
    (mutant,) = [each for each in found(policy, "by dropped") if each.owner == "gift"]
    assert (mutant.before, mutant.after) == ("by: x.who", "")
    case = {
        "facts": {"x.who": "clerk"},
        "acts": [{"action": "gift", "by": "partner", "at": "2026-03-02T08:00:00Z"}],
    }
    free = Policy(mutant.apply(policy.model), engine="plain")
    plans = [[step.action for step in each.decide(case, at=NOW).plan] for each in (policy, free)]
    assert [("secure" in plan) for plan in plans] == [False, True]


def test_whoever_was_barred_may_do_it(tmp_path: Path) -> None:
    """The change of a declaration, which the rules read: what tests show of it, and what they do not."""
    policy = load(tmp_path, "plain", GIVEN_ONCE)
    path = tmp_path / "vocabulary.yaml"
    text = path.read_text("utf-8")
    assert "gift: {phase: settle, " in text
    path.write_text(
        text.replace("gift: {phase: settle, ", "gift: {phase: settle, not_by: call_boss, "), encoding="utf-8"
    )
    policy = Policy.load(tmp_path, engine="plain")
    (mutant,) = found(policy, "not_by dropped")
    assert (mutant.owner, mutant.before, mutant.after, mutant.place.line > 1) == (
        "gift",
        "not_by: call_boss",
        "",
        True,
    )
    acts = [{"action": each, "by": "boss", "at": "2026-03-02T08:00:00Z"} for each in ("call_boss", "gift")]
    case = {"acts": acts}
    free = Policy(mutant.apply(policy.model), engine="plain")
    plans = [[step.action for step in each.decide(case, at=NOW).plan] for each in (policy, free)]
    assert [("secure" in plan) for plan in plans] == [False, True]
    tested = Deciding("barred", case)
    blind = Deciding("blind", facts(c=False))
    for test in (tested, blind):
        test.plan.extend((s.action, s.owner, str(s.within)) for s in policy.decide(test.case, at=NOW).plan)
    assert judge(policy, [tested]).judge(mutant).outcome == "killed"
    assert judge(policy, [blind]).judge(mutant).outcome == "survived"
