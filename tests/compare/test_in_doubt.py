"""Forbidden, to be found out first, and allowed: a case shows what the front line is told before and after."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, EffectChange, compare
from tests.compare.test_small import compared, policy, rule
from tests.compare.test_values import HOLD as HOLD_OFFER
from tests.compare.test_values import loaded

ALWAYS = rule("never-call", "{order.count: given}", "{forbid: call}")


def prohibitions(result: Comparison) -> list[EffectChange]:
    return [each for each in result.effects if each.head != "recommend"]


def test_an_override_is_shown_by_a_case_in_which_the_action_is_allowed(tmp_path: Path) -> None:
    more = "    overrides: [never-call]\n"
    late = rule("late-is-fine", "{order.late: true}", "{recommend: refund}", more)
    old, new = policy(tmp_path, "old", ALWAYS), policy(tmp_path, "new", ALWAYS + late)
    result = compare(old, new)
    (found,) = prohibitions(result)
    assert (found.how, found.head, found.because) == ("no longer", "forbid", ("late-is-fine",))
    assert [each["undecided"] for each in found.before] == [False]
    assert found.after == ()
    assert dict(found.witness.case["facts"])["order.late"] is True
    answers = [each.check(found.witness.case, "call", at=found.witness.at).verdict for each in (old, new)]
    assert answers == ["forbidden", "allowed"]
    assert result.proven


LIMIT = "{{order.value: {{above: {{{}}}}}}}"
HOLD = "{hold: refund, until: {done: call}}"


@pytest.mark.parametrize(("limits", "how"), [(("EUR: 10, USD: 12", "EUR: 10"), "now"),
                                             (("EUR: 10", "EUR: 10, USD: 12"), "no longer")])  # fmt: skip
def test_a_limit_that_lost_a_currency(tmp_path: Path, limits: tuple[str, str], how: str) -> None:
    """Amounts below the old limit wait while there is none; those above it wait before and after."""
    old, new = (policy(tmp_path, each, rule("one", LIMIT.format(limit), HOLD))
                for each, limit in zip(("old", "new"), limits, strict=True))  # fmt: skip
    result = compare(old, new)
    (found,) = prohibitions(result)
    assert (found.how, found.head, found.because) == (how, "hold", ("one",))
    assert found.witness.case["currency"] == "USD"
    assert dict(found.witness.case["facts"])["order.value"] <= 12
    answers = [each.check(found.witness.case, "refund", at=found.witness.at).verdict for each in (old, new)]
    assert answers == (["allowed", "held"] if how == "now" else ["held", "allowed"])
    assert result.proven


@pytest.mark.parametrize("how", ["now", "no longer"])
def test_a_limit_of_a_parameter_that_lost_a_currency(tmp_path: Path, how: str) -> None:
    limits = ["{EUR: 200, USD: 220}", "{EUR: 200}"]
    held = HOLD_OFFER.replace("{EUR: 200}", "LIMIT")
    old, new = (
        loaded(tmp_path / limit, held.replace("LIMIT", limit))
        for limit in limits[:: 1 if how == "now" else -1]
    )
    (found,) = prohibitions(compare(old, new))
    assert (found.how, found.head, found.witness.case["currency"]) == (how, "hold", "USD")
    answers = [each.check(found.witness.case, "offer", at=found.witness.at, params=found.witness.params).verdict
               for each in (old, new)]  # fmt: skip
    assert answers == (["allowed", "held"] if how == "now" else ["held", "allowed"])


def test_a_limit_that_lost_a_currency_and_was_lowered_in_another(tmp_path: Path) -> None:
    result = compared(
        tmp_path,
        rule("one", LIMIT.format("EUR: 10, USD: 12"), HOLD),
        rule("one", LIMIT.format("EUR: 5"), HOLD),
    )
    assert [
        (each.how, each.witness.case["currency"], each.after[0]["undecided"]) for each in result.effects
    ] == [
        ("now", "EUR", False),
        ("now", "USD", True),
    ]


def test_a_limit_is_shown_in_the_currency_in_which_it_was_moved(tmp_path: Path) -> None:
    """The rule was changed otherwise, too, which another currency shows."""
    done = HOLD.replace("{done: call}", "{done: {action: call, by: lead}}")
    old, new = LIMIT.format("EUR: 10, USD: 12"), LIMIT.format("EUR: 10, USD: 9")
    result = compared(tmp_path, rule("one", old, HOLD), rule("one", new, done))
    found = {each.witness.case["currency"]: dict(each.witness.case) for each in result.effects}
    assert 9 < found["USD"]["facts"]["order.value"] <= 12
    assert "acts" not in found["USD"]


def test_a_limit_that_was_moved_in_all_currencies_is_shown_once(tmp_path: Path) -> None:
    sides = [rule("one", LIMIT.format(each), HOLD) for each in ("EUR: 10, USD: 12", "EUR: 5, USD: 6")]
    assert len(compared(tmp_path, *sides).effects) == 1


def test_only_in_doubt(tmp_path: Path) -> None:
    """The new rule applies as well, but to know that, one has to know the number."""
    known = "{any: [{order.count: {above: 2}}, {order.count: {below: 3}}]}"
    result = compared(tmp_path, rule("one", "{order.late: true}", "{forbid: call}"),
                      rule("one", f"{{all: [{{order.late: true}}, {known}]}}", "{forbid: call}"))  # fmt: skip
    (found,) = result.effects
    assert (found.how, found.head, found.actions) == ("otherwise", "forbid", ("call",))
    assert [each["undecided"] for each in (*found.before, *found.after)] == [False, True]
    assert result.proven


def test_each_direction_is_asked(tmp_path: Path) -> None:
    """Late orders are no longer forbidden; in exchange, doubtful ones are."""
    result = compared(tmp_path, rule("one", "{order.late: true, order.count: given}", "{forbid: call}"),
                      rule("one", "{order.count: {above: 2}}", "{forbid: call}"))  # fmt: skip
    assert {each.how for each in result.effects} == {"now", "no longer"}
    (now,) = [each for each in result.effects if each.how == "now"]
    assert [each["undecided"] for each in now.after] == [False]
    assert now.before == ()
