"""A hold that waits for time after an act does not ask for the act again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.clocks.desk import Desk, entry, history, on, plan

RULES = "- {id: replies, then: [{recommend: reply}]}\n- {id: waits, then: [{hold: reply, until: %s}]}\n"


@pytest.mark.parametrize(
    "until",
    [
        "{done: {action: remind, older_than: 5 days}}",
        "{done: {action: remind, older_than: 5 days, not_followed_by: close_case}}",
        "{done: {action: remind, not_followed_by: {action: close_case, within: 5 days}}}",
        "{all: [{case.urgent: false}, {done: {action: remind, older_than: 5 days}}]}",
    ],
)
def test_an_act_that_is_too_recent_is_not_asked_for_again(desk: Desk, until: str) -> None:
    policy = desk(RULES % until)
    case = history(entry("mon 09:00"), entry("mon 12:00", "remind"))
    assert plan(policy, case, "mon 10:00") == [("remind", None, None)]
    waiting = policy.decide(case, at=on("tue 12:00"))
    assert (waiting.plan, [each.needs for each in waiting.held]) == ((), [()])
    assert waiting.review_at == on("mon 12:00") + timedelta(days=5)
    assert plan(policy, case, "sat 12:00") == [("reply", None, None)]


def test_what_was_followed_or_is_too_few_is_asked_for_again(desk: Desk) -> None:
    followed = desk(RULES % "{done: {action: remind, older_than: 5 days, not_followed_by: close_case}}")
    case = history(entry("mon 09:00"), entry("mon 12:00", "remind"), entry("mon 13:00", "close_case"))
    assert plan(followed, case, "tue 12:00") == [("remind", None, None)]
    few = desk(RULES % "{done: {action: remind, older_than: 5 days, at_least: 2}}")
    case = history(entry("mon 09:00"), entry("mon 12:00", "remind"))
    assert plan(few, case, "sun 12:00") == [("remind", None, None)]
