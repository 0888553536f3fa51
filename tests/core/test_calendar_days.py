"""Calendar days: the day of the start is not counted, and the last one lasts to midnight on the calendar's clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from escalation_rules import PolicyError
from tests.core.policies import MICRO, Make

BEGAN = "2026-03-02T10:00:00+08:00"  # a Monday


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}+08:00")


def case(**facts: Any) -> dict[str, Any]:
    return {"facts": {"x.when": BEGAN, **{name.replace("_", "."): value for name, value in facts.items()}}}


def test_a_period_lasts_to_the_end_of_its_last_day(make: Make) -> None:
    policy = make("""\
- id: withdrawn-in-time
  when: {x.when: {newer_than: 14 calendar days}}
  then: [{recommend: call}]
""")
    last = policy.decide(case(), at=at("03-16T23:59:59"))
    assert [step.action for step in last.plan] == ["call"]
    assert last.review_at == at("03-17T00:00:00")
    assert policy.decide(case(), at=at("03-17T00:00:00")).plan == ()


@pytest.mark.parametrize(
    ("within", "due"),
    [
        ("14 calendar days of x.when", "03-17T00:00:00"),
        ("5 calendar days of x.when, moved to a working day", "03-09T18:00:00"),  # ends on a Saturday
        ("4 calendar days of x.when, moved to a working day", "03-07T00:00:00"),  # all of Friday
        ("2 calendar days before x.then", "03-18T00:00:00"),
        ("6 calendar months of x.when", "09-03T00:00:00"),
        ("2 calendar months of x.when, moved to a working day", "05-04T18:00:00"),  # 2 May is a Saturday
        ("1 calendar month before case.opened_at", "03-31T00:00:00"),
    ],
)
def test_a_step_is_due_at_the_end_of_the_day(make: Make, within: str, due: str) -> None:
    policy = make(f"- id: call\n  then: [{{recommend: call, within: '{within}'}}]\n")
    told = case(x_then="2026-03-19T15:00:00+08:00")
    told["facts"]["case.opened_at"] = "2026-04-30T15:00:00+08:00"
    step = policy.decide(told, at=at("03-02T11:00:00")).plan[0]
    assert step.due == at(due)
    assert not policy.decide(told, at=at(due) - MICRO).plan[0].overdue
    assert policy.decide(told, at=at(due)).plan[0].overdue


def test_a_day_whose_end_is_in_a_pause_is_not_counted(make: Make) -> None:
    policy = make("""\
- id: call
  then: [{recommend: call, within: 3 calendar days of x.when, paused_while: {x.a: true}}]
""")
    history = {"history": [
        {"at": BEGAN, "facts": {"x.when": BEGAN, "x.a": False}},
        {"at": "2026-03-03T20:00:00+08:00", "facts": {"x.a": True}},
        {"at": "2026-03-04T08:00:00+08:00", "facts": {"x.a": False}},
    ]}  # fmt: skip
    assert policy.decide(history, at=at("03-04T10:00:00")).plan[0].due == at("03-07T00:00:00")


@pytest.mark.parametrize("unit", ["day", "month"])
def test_nothing_is_repeated_at_the_end_of_a_day(make: Make, unit: str) -> None:
    message = f"a step cannot be repeated at the end of a calendar {unit}; did you mean '3 {unit}s'"
    with pytest.raises(PolicyError, match=message):
        make(f"- id: call\n  then: [{{recommend: call, again: every 3 calendar {unit}s}}]\n")


def test_calendar_days_need_a_clock(make: Make) -> None:
    with pytest.raises(
        PolicyError, match="3 calendar days is as long as the calendar says, which is not allowed here"
    ):
        make("""\
- id: call
  when: {count: charges, at_least: 2, within: 3 calendar days}
  then: [{recommend: call}]
""")
