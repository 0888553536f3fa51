"""SEMANTICS 91: a step that is due before an instant."""

from __future__ import annotations

import pytest

from escalation_rules import PolicyError
from tests.core.clocks.desk import Desk, act, on, plan

FACTS = "  visit.starts_at: {type: instant}\n"
RULE = "- {id: confirms, then: [{recommend: remind, within: %s before visit.starts_at}]}\n"


def visit(said: str | None, *acts: dict[str, object], **facts: object) -> dict[str, object]:
    known = {"visit.starts_at": on(said).isoformat()} if said else {}
    return {
        "id": "T",
        "facts": {"case.opened_at": on("mon 09:00").isoformat(), **known, **facts},
        "acts": list(acts),
    }


@pytest.mark.parametrize(
    ("length", "due"),
    [
        ("2 days", "wed 10:30 +1"),
        ("90 minutes", "fri 09:00 +1"),
        ("1 week", "fri 10:30"),
        ("1 working day", "thu 18:00 +1"),
        ("5 working days", "fri 18:00"),
        ("90 working minutes", "fri 09:00 +1"),
        ("2 working hours", "thu 17:30 +1"),
    ],
)
def test_it_is_due_so_long_before(desk: Desk, length: str, due: str) -> None:
    policy = desk(RULE % length, facts=FACTS)
    (step,) = policy.decide(visit("fri 10:30 +1"), at=on("tue 10:00")).plan
    assert (step.due, step.within) == (on(due), f"{length} before")


BY = "- {id: confirms, then: [{recommend: remind, within: by visit.starts_at}]}\n"


def test_it_is_due_by_the_very_instant(desk: Desk) -> None:
    policy, case = desk(BY, facts=FACTS), visit("fri 10:30 +1")
    (step,) = policy.decide(case, at=on("tue 10:00")).plan
    assert (step.due, step.within, step.overdue) == (on("fri 10:30 +1"), "by", False)
    assert [each.overdue for each in policy.decide(case, at=on("fri 10:30 +1")).plan] == [True]


def test_by_an_instant_that_was_over_when_it_was_learned_is_never_due(desk: Desk) -> None:
    late = visit("fri 10:00") | {"learned_at": {"visit.starts_at": on("fri 11:00").isoformat()}}
    (step,) = desk(BY, facts=FACTS).decide(late, at=on("fri 12:00")).plan
    assert (step.due, step.overdue) == (None, False)


def test_by_an_unknown_instant_asks_for_it(desk: Desk) -> None:
    decision = desk(BY, facts=FACTS).decide(visit(None), at=on("tue 10:00"))
    assert ([each.due for each in decision.plan], [each.fact for each in decision.missing]) == (
        [None],
        ["visit.starts_at"],
    )


def test_a_hold_does_not_move_a_time_by_an_instant(desk: Desk) -> None:
    policy = desk(BY + "- {id: waits, then: [{hold: remind, until: {done: reply}}]}\n", facts=FACTS)
    assert plan(policy, visit("fri 10:00"), "tue 10:00") == [("reply", None, "fri 10:00")]


def test_it_is_overdue_from_then_on_and_looked_at_again(desk: Desk) -> None:
    policy, case = desk(RULE % "2 days", facts=FACTS), visit("fri 10:00")
    assert policy.decide(case, at=on("tue 10:00")).review_at == on("wed 10:00")
    assert [each.overdue for each in policy.decide(case, at=on("wed 10:00")).plan] == [True]


def test_an_act_at_any_earlier_time_does_it(desk: Desk) -> None:
    policy = desk(RULE % "2 days", facts=FACTS)
    assert plan(policy, visit("fri 10:00", act("remind", "mon 11:00")), "thu 10:00") == []


def test_known_too_late_it_is_due_by_the_instant_itself_and_after_that_never(desk: Desk) -> None:
    policy = desk(RULE % "2 days", facts=FACTS)
    booked = on("thu 15:00")
    case = visit("fri 10:00") | {"learned_at": {"visit.starts_at": booked.isoformat()}}
    (step,) = policy.decide(case, at=on("thu 16:00")).plan
    assert (step.due, step.overdue) == (on("fri 10:00"), False)
    late = visit("fri 10:00") | {"learned_at": {"visit.starts_at": on("fri 11:00").isoformat()}}
    (step,) = policy.decide(late, at=on("fri 12:00")).plan
    assert (step.due, step.overdue, step.paused) == (None, False, False)


def test_known_in_the_very_instant_it_is_too_late(desk: Desk) -> None:
    policy = desk(RULE % "2 days", facts=FACTS)
    case = visit("fri 10:00") | {"learned_at": {"visit.starts_at": on("wed 10:00").isoformat()}}
    assert [each.due for each in policy.decide(case, at=on("wed 11:00")).plan] == [on("fri 10:00")]


def test_a_hold_does_not_move_it_and_its_release_takes_it_over(desk: Desk) -> None:
    rules = RULE % "2 days" + "- {id: waits, then: [{hold: remind, until: {done: reply}}]}\n"
    policy = desk(rules, facts=FACTS)
    assert plan(policy, visit("fri 10:00"), "tue 10:00") == [("reply", None, "wed 10:00")]
    case = visit("fri 10:00", act("reply", "tue 17:00"))
    assert plan(policy, case, "tue 18:00") == [("remind", None, "wed 10:00")]


def test_a_repetition_that_comes_too_late_is_due_by_the_instant_itself(desk: Desk) -> None:
    rule = "- {id: confirms, then: [{recommend: remind, within: 2 days before visit.starts_at, again: every 1 day}]}"
    policy = desk(rule, facts=FACTS)
    case = visit("fri 10:00", act("remind", "tue 12:00"))
    assert plan(policy, case, "wed 12:00") == [("remind", None, "fri 10:00")]
    early = visit("fri 10:00", act("remind", "mon 12:00"))
    assert plan(policy, early, "tue 12:00") == [("remind", None, "wed 10:00")]


def test_an_unknown_instant_is_asked_for(desk: Desk) -> None:
    decision = desk(RULE % "2 days", facts=FACTS).decide(visit(None), at=on("tue 10:00"))
    assert [each.due for each in decision.plan] == [None]
    assert [each.fact for each in decision.missing] == ["visit.starts_at"]


def test_each_record_has_its_own(desk: Desk) -> None:
    rule = "- {id: answers, for_each: messages, then: [{recommend: reply, about: case, within: 1 day before message.at}]}"
    case = visit(None) | {
        "messages": [
            {"id": "a", "at": on("fri 10:00").isoformat()},
            {"id": "b", "at": on("thu 10:00").isoformat()},
        ]
    }
    assert [each.due for each in desk(rule).decide(case, at=on("mon 10:00")).plan] == [on("wed 10:00")]


@pytest.mark.parametrize(
    ("within", "more", "said"),
    [
        ("2 days before", "", "unknown instant or action"),
        ("by", "", "unknown instant or action"),
        ("by visit.start_at", "", "visit.starts_at"),
        ("by case.urgent", "", "is a flag"),
        ("by reply", "", "known in advance"),
        ("0 minutes before visit.starts_at", "", "`by visit.starts_at`"),
        ("0 minutes of visit.starts_at", "", "`by visit.starts_at`"),
        ("2 days before visit.start_at", "", "visit.starts_at"),
        ("2 days before case.urgent", "", "is a flag"),
        ("2 days before reply", "", "known in advance"),
        ("2 days before learning case.urgent", "", "known in advance"),
        ("0 days before visit.starts_at", "", "no time before an instant"),
        ("end of the working day before visit.starts_at", "", "1 working day before visit.starts_at"),
        ("2 days before visit.starts_at, moved to a working day", "", "2 days before visit.starts_at"),
        ("2 days before visit.starts_at", "fixed: true", "fixed anyway"),
        ("2 days before visit.starts_at", "paused_while: {case.waiting: true}", "cannot be paused"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_an_error(desk: Desk, within: str, more: str, said: str) -> None:
    rule = f"- id: confirms\n  then:\n    - recommend: remind\n      within: {within}\n      {more}\n"
    with pytest.raises(PolicyError) as caught:
        desk(rule, facts=FACTS)
    assert said in str(caught.value)
    assert len(caught.value.diagnostics) == 1, str(caught.value)
