"""Issue 9, W: the time of day, of now and of instants: working time, and hours in the zone of a calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import Desk, act, breaches, entry, history, on, plan, told

MORE = """\
format: 1
vocabulary:
  calendars:
    berlin: {timezone: Europe/Berlin, hours: {mon-sun: ["00:00-24:00"]}, closed: ["2026-03-06"]}
    shop: {timezone: Asia/Taipei, hours: {mon-fri: ["09:00-12:00", "12:00-18:00"], sat: ["22:00-06:00"]}}
"""


def now(desk: Desk, test: str, **more: Any) -> Policy:
    return desk(f"- {{id: now, when: {{during: {test}}}, then: [{{recommend: reply}}]}}", **more)


def opened(said: str) -> dict[str, Any]:
    return {"id": "T", "facts": {"case.opened_at": on(said).isoformat()}}


@pytest.mark.parametrize(
    ("test", "at", "holds", "until"),
    [
        ("working time", "mon 08:59:59", False, "mon 09:00"),
        ("working time", "mon 09:00", True, "mon 18:00"),
        ("working time", "mon 17:59:59", True, "mon 18:00"),
        ("working time", "fri 18:00", False, "mon 09:00 +1"),
        ("working time in shop", "mon 10:00", True, "mon 18:00"),
        ("working time in shop", "sat 10:00", False, "sat 22:00"),
        ("working time in shop", "sun 05:00", True, "sun 06:00"),
        ("working time in berlin", "thu 12:00", True, "fri 07:00"),
        ("working time in berlin", "fri 12:00", False, "sat 07:00"),
        ("23:00-07:00", "mon 22:59", False, "mon 23:00"),
        ("23:00-07:00", "mon 23:00", True, "tue 07:00"),
        ("23:00-07:00", "tue 06:59:59", True, "tue 07:00"),
        ("23:00-07:00", "sat 12:00", False, "sat 23:00"),
        ("09:00-24:00", "sat 12:00", True, "sun 00:00"),
        ("12:00-13:00 in berlin", "mon 19:30", True, "mon 20:00"),
    ],
)
def test_what_time_it_is_now(desk: Desk, test: str, at: str, holds: bool, until: str) -> None:
    decision = now(desk, test, more=[MORE]).decide(opened("mon 09:00"), at=on(at))
    assert bool(decision.plan) is holds
    assert decision.review_at == on(until)


def test_hours_that_never_change_have_no_flip(desk: Desk) -> None:
    always = MORE.replace(', closed: ["2026-03-06"]', "")
    decision = now(desk, "working time in berlin", more=[always]).decide(
        opened("mon 09:00"), at=on("mon 09:00")
    )
    assert decision.plan
    assert decision.review_at is None


def test_hours_go_by_the_clock_on_the_wall(desk: Desk) -> None:
    policy = now(desk, "01:00-03:00 in berlin", more=[MORE])
    start = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # 01:00; at 02:00 the clock is put forward to 03:00
    assert policy.decide(opened("mon 09:00"), at=start).review_at == start + timedelta(hours=1)
    start = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)  # 01:00; the hour from 02:00 comes twice
    assert policy.decide(opened("mon 09:00"), at=start).review_at == start + timedelta(hours=3)


@pytest.mark.parametrize(
    ("test", "at", "holds"),
    [
        ("23:00-07:00", "mon 23:30", True),
        ("23:00-07:00", "mon 12:00", False),
        ("working time", "mon 12:00", True),
        ("working time", "sat 12:00", False),
        ("working time in shop", "sun 01:00", True),
    ],
)
def test_the_time_of_day_of_an_instant_does_not_change(desk: Desk, test: str, at: str, holds: bool) -> None:
    policy = desk(
        f"- {{id: then, when: {{case.opened_at: {{during: {test}}}}}, then: [{{recommend: reply}}]}}",
        more=[MORE],
    )
    decision = policy.decide(opened(at), at=on("tue 12:00 +1"))
    assert bool(decision.plan) is holds
    assert decision.review_at is None
    unknown = policy.decide({"id": "T", "facts": {}}, at=on("tue 12:00"))
    assert [each.fact for each in unknown.missing] == ["case.opened_at"]


def test_records_are_chosen_by_their_time_of_day(desk: Desk) -> None:
    policy = desk(
        """
        - id: night-letters
          for_each: messages
          when: {at: {during: 23:00-07:00}, not: {during: 23:00-07:00}}
          then: [{recommend: reply, about: case, within: 1 hour of message.at}]
        """
    )
    case = {"id": "T", "messages": [{"id": "m", "at": on("mon 23:30").isoformat()}]}
    assert plan(policy, case, "tue 06:00") == []
    assert told(policy.decide(case, at=on("tue 06:00")).review_at) == "tue 07:00"
    # Nobody is late before the reason is known, which is at 07:00.
    assert plan(policy, case, "tue 07:00") == [("reply", None, "tue 08:00")]


def test_what_is_forbidden_at_night_is_found_by_an_audit(desk: Desk) -> None:
    policy = desk("- {id: sleeps, when: {during: 22:00-08:00}, then: [{forbid: reply}]}")
    case = history(
        entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat()),
        entry("mon 23:00", act("reply", "mon 22:30")),
        entry("tue 09:00", act("reply", "tue 08:00")),
    )
    assert breaches(policy, case, "wed 09:00") == [("forbidden", "reply", "mon 22:30")]


def test_a_clock_stands_still_outside_working_time(desk: Desk) -> None:
    policy = desk(
        """
        - id: replies
          then: [{recommend: reply, within: 3 hours of case.opened_at, paused_while: {not: {during: working time}}}]
        """
    )
    assert plan(policy, opened("mon 16:00"), "mon 17:00") == [("reply", None, "mon 19:00")]
    assert plan(policy, opened("mon 16:00"), "mon 20:00") == [("reply", None, None)]
    assert plan(policy, opened("mon 16:00"), "tue 09:00") == [("reply", None, "tue 10:00")]


def test_a_time_of_day_is_written_as_it_was_read(desk: Desk) -> None:
    policy = now(desk, "working   time in shop", more=[MORE])
    (when,) = [each.when for each in policy.model.rules if each.when is not None]
    assert when.to_data() == {"during": "working time in shop"}
