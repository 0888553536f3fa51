"""A second change that touches the same step hides no difference, and each term of a step that differs is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, Policy, compare
from tests.compare.test_values import TRIP

REFUND = """\
  - id: how-much
    source: x
    then:
      - conclude: trip.share
        first_that_applies: [half: {trip.delay: {at_least: 120 minutes}}]
        otherwise: quarter
    because: so
  - id: all-of-it
    source: x
    when: {trip.delay: {at_least: 1 minute}, trip.share: half}
    then: [{recommend: offer, amount: trip.fare, within: 5 working days of trip.at}]
    because: so
  - id: most-of-it
    source: x
    when: {trip.delay: {at_least: 1 minute}, trip.share: quarter}
    then:
      - recommend: offer
        amount: {from: trip.fare, less: {share: 20%, of: trip.fare}}
        within: 10 working days of trip.at
    because: so
  - id: leader-looks
    source: x
    when: {trip.delay: given}
    then: [{hold: offer, where: {amount: {above: {CHF: 250, EUR: 1000}}}, until: {done: {action: approve, covers: amount}}}]
    because: so
"""
LIMIT = ("EUR: 1000", "EUR: 1500")
MORE = """\
  - {id: more, source: x, when: {trip.over: given}, then: [{recommend: offer}], because: so}
  - id: leader-looks"""
TABLE = ("120 minutes", "60 minutes")


def compared(tmp_path: Path, rules: str, *changes: tuple[str, str]) -> tuple[Comparison, list[Policy]]:
    both = []
    for name, made in (("old", ()), ("new", changes)):
        text = TRIP + rules
        for before, after in made:
            assert text.count(before) == 1
            text = text.replace(before, after)
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text, encoding="utf-8")
        both.append(Policy.load(tmp_path / name, engine="plain"))
    return compare(*both), both


@pytest.mark.parametrize(
    "besides",
    [
        (),
        (TABLE,),
        (("offer: {label: offer, phase: settle,", "offer: {label: offer, phase: settle, by: [agent, leader],"),),
        (("share: 20%", "share: 10%"),),
        (("  - id: leader-looks", MORE),),
    ],
)  # fmt: skip
def test_a_moved_limit_is_shown_at_the_step(tmp_path: Path, besides: tuple[tuple[str, str], ...]) -> None:
    result, (old, new) = compared(tmp_path, REFUND, LIMIT, *besides)
    (found,) = (each for each in result.effects if each.is_of_blocking and "leader-looks" in each.because)
    assert (found.how, found.actions, found.because) == ("now", ("offer",), ("leader-looks",))
    held, plan = (
        old.decide(found.witness.case, at=found.witness.at),
        new.decide(found.witness.case, at=found.witness.at),
    )
    assert [each.action for each in held.held if each.wanted] == ["offer"]
    assert "offer" in [each.action for each in plan.plan]


def test_the_amount_is_shown_beside_the_time(tmp_path: Path) -> None:
    """The smallest case in which the time differs has no amount."""
    result, _ = compared(tmp_path, REFUND, TABLE)
    (found,) = (each for each in result.effects if each.how == "otherwise")
    before, after = found.before[0], found.after[0]
    assert (before["within"], after["within"]) == ("10 working days", "5 working days")
    amounts = [float(each["params"]["amount"]["amount"]) for each in (before, after)]
    assert amounts[0] == pytest.approx(amounts[1] * 0.8)
    assert found.because == ("how-much",)


def test_a_rule_that_comes_to_hold_in_more_cases_may_change_the_owner_alone(tmp_path: Path) -> None:
    rules = """\
  - {id: one, source: x, when: {trip.delay: {at_least: 5 minutes}}, then: [{recommend: remind}], because: so}
  - id: two
    source: x
    when: {trip.delay: {at_least: 60 minutes}, trip.over: given}
    then: [{recommend: remind, owner: leader}]
    because: so
"""
    result, _ = compared(tmp_path, rules, ("60 minutes", "30 minutes"))
    (found,) = result.effects
    assert (found.how, found.because) == ("otherwise", ("two",))
    assert {found.before[0]["owner"], found.after[0]["owner"]} == {"agent", "leader"}


@pytest.mark.parametrize("length", ["7 days", "2 working days"])
def test_another_beginning_shows_where_both_instants_are_apart(tmp_path: Path, length: str) -> None:
    """Another rule gives the step a time as well, so that a case with one of the instants alone may not show it."""
    rules = f"""\
  - {{id: one, source: x, when: {{trip.delay: given, trip.at: given, trip.over: given}},
     then: [{{recommend: remind, within: {length} of trip.at}}], because: so}}
  - {{id: two, source: x, when: {{trip.fare: given}}, then: [{{recommend: remind, within: 9 days of trip.at}}], because: so}}
"""
    result, (old, new) = compared(tmp_path, rules, (f"{length} of trip.at", f"{length} of trip.over"))
    (found,) = result.effects
    assert (found.how, found.because, result.not_compared) == ("otherwise", ("one",), ())
    due = [policy.decide(found.witness.case, at=found.witness.at).plan[0].due for policy in (old, new)]
    assert due[0] != due[1]
