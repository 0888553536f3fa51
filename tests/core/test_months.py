"""Months as lengths of time: by the calendar, to the same day or the last of the month."""

from __future__ import annotations

from datetime import datetime

import pytest

from escalation_rules import PolicyError
from tests.core.policies import Make, decide

RULES = """\
- id: call
  when: {x.when: {older_than: 1 month}}
  then: [{recommend: call, within: 2 months of x.then}]
"""


def test_a_month_passes_on_the_clock_of_the_calendar(make: Make) -> None:
    facts = {"x.when": "2026-01-31T10:00:00+08:00", "x.then": "2026-01-31T10:00:00+08:00"}
    policy = make(RULES)
    before = policy.decide({"facts": facts}, at=datetime.fromisoformat("2026-02-28T09:59:59+08:00"))
    assert before.plan == ()
    assert before.review_at == datetime.fromisoformat("2026-02-28T10:00:00+08:00")
    step = policy.decide({"facts": facts}, at=datetime.fromisoformat("2026-02-28T10:00:00+08:00")).plan[0]
    assert step.due == datetime.fromisoformat("2026-03-31T10:00:00+08:00")
    assert step.within == "2 months"


def test_a_clock_that_stands_still_runs_on_for_as_long(make: Make) -> None:
    policy = make("""\
- id: call
  then: [{recommend: call, within: 1 month of x.then, paused_while: {x.a: true}}]
""")
    history = {"history": [
        {"at": "2026-01-10T10:00:00+08:00", "facts": {"x.then": "2026-01-10T10:00:00+08:00", "x.a": False}},
        {"at": "2026-01-20T10:00:00+08:00", "facts": {"x.a": True}},
        {"at": "2026-01-23T10:00:00+08:00", "facts": {"x.a": False}},
    ]}  # fmt: skip
    step = policy.decide(history, at=datetime.fromisoformat("2026-01-24T10:00:00+08:00")).plan[0]
    assert step.due == datetime.fromisoformat("2026-02-13T10:00:00+08:00")


def test_months_need_a_calendar_and_no_month_is_a_length_of_a_window(make: Make) -> None:
    with pytest.raises(PolicyError, match="which is not allowed here; expected days, such as 30 days"):
        make("""\
- id: call
  when: {count: charges, at_least: 2, within: 1 month}
  then: [{recommend: call}]
""")
    assert decide(make(RULES)).plan == ()
