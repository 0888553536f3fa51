"""Steps that are in the plan because a hold waits for them come and go with it: that is shown, or they are named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Comparison, Policy, compare
from tests.compare.test_small import VOCABULARY, rule

LATE, MANY, BOTH = (
    "{order.late: true}",
    "{order.count: {above: 2}}",
    "{order.late: true, order.count: {above: 2}}",
)
REFUND = "    refund: {label: refund, phase: first, owner: agent}\n"
ASK = "    ask: {label: ask, phase: first, owner: agent}\n"
CALL = rule("one", "{order.note: not given}", "{recommend: call, within: 2 days of case.opened_at}")
AT = datetime(2026, 3, 4, 10, tzinfo=UTC)


def policy(folder: Path, rules: str) -> Policy:
    folder.mkdir()
    text = VOCABULARY.replace(REFUND, REFUND + ASK) + rules
    (folder / "policy.yaml").write_text(text, encoding="utf-8")
    return Policy.load(folder, engine="plain")


def both(folder: Path, old: str, new: str) -> tuple[Comparison, Policy, Policy]:
    policies = policy(folder / "old", old), policy(folder / "new", new)
    return compare(*policies), *policies


def planned(policies: tuple[Policy, Policy], **facts: Any) -> list[list[tuple[str, object]]]:
    case = {"id": "x", "facts": {"case.opened_at": "2026-03-04T08:00:00+00:00", **facts}}
    return [[(each.action, each.due) for each in one.decide(case, at=AT).plan] for one in policies]


def hold(name: str, when: str, until: str = "{done: refund}") -> str:
    return rule(name, when, f"{{hold: call, until: {until}}}")


@pytest.mark.parametrize("own", ["", rule("own", MANY, "{recommend: refund}")])
@pytest.mark.parametrize("swapped", [False, True])
def test_a_step_goes_with_the_hold_that_waits_for_it(tmp_path: Path, own: str, *, swapped: bool) -> None:
    sides = [CALL + own + hold("two", LATE), CALL + own]
    result, *policies = both(tmp_path, *sides[:: -1 if swapped else 1])
    plans = planned((policies[0], policies[1]), **{"order.late": True})
    assert sorted([name for name, _ in each] for each in plans) == [["call"], ["refund"]]
    (found,) = result.following
    assert (found.action, found.holding, found.because) == ("refund", ("call",), ("two",))
    assert result.proven


def test_and_so_does_one_that_its_hold_waits_for(tmp_path: Path) -> None:
    ask = rule("three", "{order.count: {above: 0}}", "{hold: refund, until: {done: ask}}")
    result, *_ = both(tmp_path, CALL + ask + hold("two", LATE), CALL + ask + hold("two", BOTH))
    assert [(each.action, each.holding, each.because) for each in result.following] == [
        ("ask", ("refund",), ("two",)),
        ("refund", ("call",), ("two",)),
    ]


def test_a_hold_that_is_only_in_place_of_another_one_is_shown_by_the_step(tmp_path: Path) -> None:
    """The action is held as before, so that nothing else differs."""
    call = rule("one", LATE, "{recommend: call}")
    ask = hold("three", "{order.note: given}", "{done: ask, order.note: not given}")
    only = "{order.count: {above: 2}, order.note: not given}"
    result, *policies = both(tmp_path, call + ask + hold("two", MANY), call + ask + hold("two", only))
    facts = {"order.late": True, "order.count": 3, "order.note": "fire"}
    plans = planned((policies[0], policies[1]), **facts)
    assert [sorted(name for name, _ in each) for each in plans] == [["ask", "refund"], ["ask"]]
    assert [(each.how, each.head, each.actions, each.because) for each in result.effects] == [
        ("no longer", "recommend", ("refund",), ("two",))
    ]


def test_the_deadline_of_a_step_that_is_always_held_is_that_of_what_it_waits_for(tmp_path: Path) -> None:
    ever = hold("two", LATE, "{done: refund, order.late: {is_not: true}}")
    call = rule("one", LATE, "{recommend: call, within: 2 days of case.opened_at}")
    result, *policies = both(tmp_path, call + ever, call.replace("2 days", "3 days") + ever)
    plans = planned((policies[0], policies[1]), **{"order.late": True})
    assert plans[0] != plans[1]
    assert [(each.how, each.actions, each.because) for each in result.effects] == [
        ("otherwise", ("refund",), ("one",))
    ]


def test_a_hold_in_other_words_is_the_same(tmp_path: Path) -> None:
    result, *_ = both(
        tmp_path,
        rule("one", LATE, "{recommend: call}") + hold("two", MANY),
        rule("one", LATE, "{recommend: call}") + hold("two", "{order.count: {at_least: 3}}"),
    )
    assert result.equivalent
    assert result.following == ()


def test_it_can_be_written_as_json(tmp_path: Path) -> None:
    result, *_ = both(tmp_path, CALL + hold("two", LATE), CALL)
    assert result.to_dict()["following"] == [{"action": "refund", "holding": ["call"], "because": ["two"]}]
