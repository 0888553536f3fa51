"""A step that may be taken in one policy only, and what else differs of it: neither hides the other."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from escalation_rules import Comparison, EffectChange, Policy, compare
from tests.compare.test_small import VOCABULARY, compared, policy, rule
from tests.compare.test_values import HOLD, OFFER, SHARE, loaded
from tests.compare.test_values import compared as compared_values

LATE, MANY = "{order.late: true}", "{order.count: {above: 2}}"
BAN = rule("two", MANY, "{forbid: call, by: [agent]}")


def steps(result: Comparison) -> list[EffectChange]:
    return [each for each in result.effects if each.head == "recommend"]


@pytest.mark.parametrize("swapped", [False, True])
def test_a_prohibition_does_not_hide_a_new_deadline(tmp_path: Path, *, swapped: bool) -> None:
    old = rule("one", LATE, "{recommend: call, within: 2 working days}")
    new = rule("one", LATE, "{recommend: call, within: 3 working days}") + BAN
    result = compared(tmp_path, *((new, old) if swapped else (old, new)))
    terms, blocked = steps(result)
    assert (terms.how, terms.because) == ("otherwise", ("one",))
    assert {terms.before[0]["within"], terms.after[0]["within"]} == {"2 working days", "3 working days"}
    assert (blocked.how, blocked.because) == ("now" if swapped else "no longer", ("two",))
    assert result.proven


def test_nor_an_amount(tmp_path: Path) -> None:
    ban = "  - id: two\n    source: x\n    when: {trip.over: given}\n    then: [{forbid: offer}]\n    because: so\n"
    result, _ = compared_values(
        tmp_path, SHARE + OFFER, ("{EUR: 300}", "{EUR: 400}"), ("  - id: offer", ban + "  - id: offer")
    )
    assert [(each.how, each.because) for each in steps(result)] == [
        ("otherwise", ("offer-it",)),
        ("no longer", ("two",)),
    ]


@pytest.mark.parametrize(
    "prohibition", ["forbid: call", "forbid: call, by: [agent]", "hold: call, until: {done: refund}"]
)
@pytest.mark.parametrize("swapped", [False, True])
def test_a_step_that_only_one_policy_lets_be_taken(
    tmp_path: Path, prohibition: str, *, swapped: bool
) -> None:
    old = rule("one", LATE, "{recommend: call}")
    sides = (old, old + rule("two", MANY, f"{{{prohibition}}}"))
    result = compared(tmp_path, *sides[:: -1 if swapped else 1])
    (found,) = steps(result)
    assert (found.how, found.actions, found.because) == (
        "now" if swapped else "no longer",
        ("call",),
        ("two",),
    )
    assert found.is_of_blocking
    assert dict(found.witness.case["facts"]) == {"order.late": True, "order.count": 3}
    assert result.proven


def test_a_prohibition_to_others_blocks_no_step(tmp_path: Path) -> None:
    old = rule("one", LATE, "{recommend: call}")
    result = compared(tmp_path, old, old + rule("two", MANY, "{forbid: call, by: [lead]}"))
    assert steps(result) == []
    assert result.proven


def test_a_step_that_moves_across_a_limit(tmp_path: Path) -> None:
    result, (old, new) = compared_values(tmp_path, SHARE + OFFER + HOLD, ("{EUR: 300}", "{EUR: 100}"))
    blocked = [each for each in steps(result) if each.is_of_blocking]
    assert [(each.how, each.because) for each in blocked] == [("now", ("offer-it",))]
    decisions = [each.decide(blocked[0].witness.case, at=blocked[0].witness.at) for each in (old, new)]
    assert [[step.action for step in each.plan] for each in decisions] == [["approve"], ["offer"]]


BY = "call: {label: call, phase: first, owner: agent, by: [agent, lead]}"


@pytest.mark.parametrize("swapped", [False, True])
def test_an_act_of_somebody_who_may_not_do_it_any_more(tmp_path: Path, *, swapped: bool) -> None:
    """Another change, which makes the step wanted in more cases, does not hide that."""
    policies = []
    for name, by, when in (
        ("old", BY, LATE),
        ("new", BY.replace(", lead", ""), "{any: [{order.late: true}, {order.count: 3}]}"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        declared = VOCABULARY.replace("call: {label: call, phase: first, owner: agent}", by)
        (folder / "policy.yaml").write_text(
            declared + rule("one", when, "{recommend: call}"), encoding="utf-8"
        )
        policies.append(Policy.load(folder, engine="plain"))
    result = compare(*policies[:: -1 if swapped else 1])
    how = "no longer" if swapped else "now"
    acted = [each for each in steps(result) if "acts" in each.witness.case]
    assert [(each.how, each.because) for each in acted] == [(how, ("call",))]
    assert [each["by"] for each in acted[0].witness.case["acts"]] == ["lead"]
    assert ("one",) in [each.because for each in steps(result)]


def test_a_limit_that_is_gone_in_one_currency(tmp_path: Path) -> None:
    """Small amounts must wait now, and large ones only have to wait."""
    ban = HOLD.replace("hold: offer", "forbid: offer").replace(
        "        until: {done: {action: approve, covers: amount}}\n", ""
    )
    old, new = (loaded(tmp_path / name, OFFER + ban.replace("{EUR: 200}", limit))
                for name, limit in (("old", "{EUR: 200, USD: 220}"), ("new", "{EUR: 200}")))  # fmt: skip
    found = [each for each in compare(old, new).effects if each.head == "forbid"]
    assert {(each.how, each.witness.case["currency"]) for each in found} == {
        ("now", "USD"),
        ("otherwise", "USD"),
    }
    (otherwise,) = [each for each in found if each.how == "otherwise"]
    answers = [each.check(otherwise.witness.case, "offer", at=otherwise.witness.at, params=otherwise.witness.params).verdict
               for each in (old, new)]  # fmt: skip
    assert answers == ["forbidden", "held"]


def test_texts_that_are_compared_with_each_other_are_not_looked_into(tmp_path: Path) -> None:
    """No other test names a text that both could be."""
    more = "    order.word: {type: text, label: word, question: What?}\n    order.note"
    when = "{order.note: {contains: fire}, order.word: {contains: smoke}, all: [{order.note: {same_as: order.word}}]}"
    sides = []
    for name, then in (("old", "{recommend: refund}"), ("new", "{recommend: call}, {recommend: refund}")):
        folder = tmp_path / name
        folder.mkdir()
        declared = VOCABULARY.replace("    order.note", more, 1)
        (folder / "policy.yaml").write_text(declared + rule("one", when, then), encoding="utf-8")
        sides.append(Policy.load(folder, engine="plain"))
    facts = {"order.note": "fire, smoke", "order.word": "fire, smoke"}
    at = datetime(2026, 3, 4, 10, tzinfo=UTC)
    plans = [
        [step.action for step in each.decide({"id": "one", "facts": facts}, at=at).plan] for each in sides
    ]
    assert plans == [["refund"], ["call", "refund"]]
    assert not compare(*sides).equivalent


def test_what_can_never_be_taken_is_the_same(tmp_path: Path) -> None:
    """The deadline of a step that is always forbidden does not matter."""
    old = rule("one", LATE, "{recommend: call, within: 2 days}, {forbid: call}")
    result = compare(policy(tmp_path, "old", old), policy(tmp_path, "new", old.replace("2 days", "3 days")))
    assert result.equivalent


def test_a_step_that_a_hold_waits_for_as_well_has_its_due_time(tmp_path: Path) -> None:
    """The hold that waits for it becomes a prohibition: the step is due only when its own rule says."""
    ask = rule("own", LATE, "{recommend: refund}")
    step = rule("one", LATE, "{recommend: call, within: 2 days of case.opened_at}")
    sides = [
        ask + step + rule("two", LATE, then)
        for then in ("{hold: call, until: {done: refund}}", "{forbid: call}")
    ]
    result = compared(tmp_path, *sides)
    assert [(each.action, each.holding) for each in result.following] == [("refund", ("call",))]
    facts = {"order.late": True, "case.opened_at": "2026-03-04T08:00:00+00:00"}
    old, new = (
        policy(tmp_path, f"{name}-again", text) for name, text in zip(("old", "new"), sides, strict=True)
    )
    at = datetime(2026, 3, 4, 10, tzinfo=UTC)
    dues = [
        next(each.due for each in one.decide({"id": "x", "facts": facts}, at=at).plan) for one in (old, new)
    ]
    assert dues[0] != dues[1]


def test_acts_are_as_many_as_a_rule_counts(tmp_path: Path) -> None:
    """That three acts are counted does not need more than can be searched."""
    when = "{{order.late: true, done: {{action: refund, at_least: {}}}}}"
    result = compared(tmp_path, *(rule("one", when.format(least), "{recommend: call}") for least in (3, 2)))
    assert [(each.how, each.because) for each in result.effects] == [("now", ("one",))]
    assert result.proven
