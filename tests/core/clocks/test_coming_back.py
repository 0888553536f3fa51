"""Issue 9, B: a step that comes back has a due only if `within` says so, counted from its return."""

from __future__ import annotations

import pytest

from tests.core.clocks.desk import Desk, act, breaches, entry, history, on, plan, told

EVERY = "- {id: r, then: [{recommend: remind, again: every 2 days%s}]}\n"
CASE = {"id": "T", "acts": [act("remind", "mon 10:00")]}


def test_a_step_that_comes_back_without_within_has_no_due(desk: Desk) -> None:
    policy = desk(EVERY % "")
    assert plan(policy, CASE, "wed 10:00") == [("remind", None, None)]
    (step,) = policy.decide(CASE, at=on("thu 10:00")).plan
    assert (step.due, step.overdue) == (None, False)


def test_nobody_is_late_with_a_step_that_came_back_without_within(desk: Desk) -> None:
    case = history(entry("mon 10:00", "remind"), entry("sun 10:00", case__urgent=True))
    assert breaches(desk(EVERY % ""), case, "sun 10:00") == []


def test_within_counts_from_the_return(desk: Desk) -> None:
    policy = desk(EVERY % ", within: 3 hours of case.opened_at")
    case = {**CASE, "facts": {"case.opened_at": on("mon 09:00").isoformat()}}
    decision = policy.decide(case, at=on("wed 10:00"))
    assert (told(decision.plan[0].due), told(decision.review_at)) == ("wed 13:00", "wed 13:00")
    assert policy.decide(case, at=on("wed 13:00")).plan[0].overdue


# --- the next one counts from the last --------------------------------------------------------------------------------

NEXT = """
- {id: first, unless: {done: remind}, then: [{recommend: remind, within: 1 day of case.opened_at}]}
- id: next
  when:
    all:
      - done: remind
      - not_done: {action: remind, at_least: 3}
  then: [{recommend: remind, within: 2 days of remind}]
"""


def reminded(*days: str) -> dict[str, object]:
    facts = {"case.opened_at": on("mon 09:00").isoformat()}
    return {"id": "T", "facts": facts, "acts": [act("remind", each) for each in days]}


@pytest.mark.parametrize(
    ("days", "due"),
    [
        ((), ["tue 09:00"]),
        (("mon 10:00",), ["wed 10:00"]),
        (("mon 10:00", "wed 08:00"), ["fri 08:00"]),
        (("mon 10:00", "mon 10:00"), ["wed 10:00"]),
        (("mon 10:00", "wed 08:00", "fri 08:00"), []),
    ],
)
def test_an_act_does_not_complete_the_step_that_counts_from_it(
    desk: Desk, days: tuple[str, ...], due: list[str]
) -> None:
    found = plan(desk(NEXT), reminded(*days), days[-1] if days else "mon 09:30")
    assert found == [("remind", None, each) for each in due]


def test_a_missed_reminder_is_overdue_and_named(desk: Desk) -> None:
    entries = [entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat()), entry("mon 10:00", "remind")]
    policy = desk(NEXT)
    assert breaches(policy, history(*entries), "wed 09:59") == []
    assert breaches(policy, history(*entries), "thu 09:00") == [("omitted", "remind", "wed 10:00")]
