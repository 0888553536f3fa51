"""Issue 9, A: working days that have passed, and working days until which something is to be done, end differently."""

from __future__ import annotations

import pytest

from tests.core.clocks.desk import Desk, act, on, plan, told

EVERY_DAY = "- {id: reminds, then: [{recommend: remind, again: every 1 working day}]}\n"


def opened(said: str, *acts: dict[str, object], **facts: object) -> dict[str, object]:
    return {"id": "T", "facts": {"case.opened_at": on(said).isoformat(), **facts}, "acts": list(acts)}


@pytest.mark.parametrize(
    ("reminded", "back"),
    [
        ("tue 10:00", "wed 10:00"),
        ("tue 20:00", "thu 09:00"),
        ("tue 07:00", "wed 09:00"),
        ("fri 10:00", "mon 10:00 +1"),
        ("sat 10:00", "mon 10:00 +1"),
    ],
)
def test_a_step_comes_back_at_the_time_of_day_of_its_act(desk: Desk, reminded: str, back: str) -> None:
    policy, case = desk(EVERY_DAY), opened("mon 09:00", act("remind", reminded))
    assert policy.decide(case, at=on(reminded)).review_at == on(back)
    assert [each.action for each in policy.decide(case, at=on(back)).plan] == ["remind"]


@pytest.mark.parametrize(
    "test", ["older_than: 1 working day", "elapsed_between: [1 working day, 9 working days]"]
)
def test_an_age_of_a_working_day_is_reached_at_the_same_time_of_day(desk: Desk, test: str) -> None:
    policy = desk(f"- {{id: old, when: {{case.opened_at: {{{test}}}}}, then: [{{recommend: remind}}]}}")
    case = opened("tue 10:00")
    assert plan(policy, case, "tue 18:00") == []
    assert policy.decide(case, at=on("tue 18:00")).review_at == on("wed 10:00")
    assert plan(policy, case, "wed 10:00") == [("remind", None, None)]


def test_newer_than_is_its_complement(desk: Desk) -> None:
    rule = "- {id: new, when: {case.opened_at: {newer_than: 1 working day}}, then: [{recommend: remind}]}"
    assert desk(rule).decide(opened("tue 10:00"), at=on("tue 12:00")).review_at == on("wed 10:00")


def test_nothing_done_and_acts_of_an_age_count_alike(desk: Desk) -> None:
    policy = desk(
        """
        - {id: idle, when: {nothing_done_for: 1 working day}, then: [{recommend: reply}]}
        - {id: aged, when: {done: {action: remind, older_than: 1 working day}}, then: [{recommend: close_case}]}
        """
    )
    case = opened("mon 09:00", act("remind", "tue 10:00"))
    assert plan(policy, case, "tue 18:00") == []
    assert told(policy.decide(case, at=on("tue 18:00")).review_at) == "wed 10:00"
    assert [action for action, _, _ in plan(policy, case, "wed 10:00")] == ["reply", "close_case"]


def test_a_deadline_ends_at_closing_time(desk: Desk) -> None:
    policy = desk("- {id: replies, then: [{recommend: reply, within: 1 working day of case.opened_at}]}")
    assert plan(policy, opened("tue 10:00"), "tue 12:00") == [("reply", None, "wed 18:00")]
    assert plan(policy, opened("tue 20:00"), "tue 21:00") == [("reply", None, "wed 18:00")]


def test_what_must_follow_an_act_has_a_deadline(desk: Desk) -> None:
    policy = desk(
        """
        - id: broken
          when: {done: {action: reply, not_followed_by: {action: remind, within: 1 working day}}}
          then: [{recommend: reopen_case}]
        """
    )
    case = opened("mon 09:00", act("reply", "tue 10:00"))
    assert policy.decide(case, at=on("tue 12:00")).review_at == on("wed 18:00")
