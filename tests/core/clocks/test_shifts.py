"""Issue 9, N, and days that are not as usual: night shifts, closed days, short days, and layers that add such days."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import Desk, act, load, on, plan, told

NIGHTS = """\
format: 1
vocabulary:
  calendars:
    night:
      timezone: Asia/Taipei
      hours: {mon-fri: ["22:00-06:00"], sun: ["22:00-02:00", "02:30-06:00"]}
      closed: ["2026-03-05"]
      other_hours: {2026-03-09: ["23:00-02:00"]}
"""
REPLY = "- {{id: replies, then: [{{recommend: reply, within: {length} of case.opened_at}}]}}"
REMIND = "- {id: reminds, then: [{recommend: remind, again: every 1 working day in night}]}"


def opened(said: str, *acts: dict[str, object]) -> dict[str, object]:
    return {"id": "T", "facts": {"case.opened_at": on(said).isoformat()}, "acts": list(acts)}


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("tue 23:00", "1 working day in night", "thu 06:00"),
        ("wed 03:00", "1 working day in night", "thu 06:00"),  # still Tuesday's shift
        ("wed 06:00", "1 working day in night", "sat 06:00"),  # Wednesday, and nobody starts on Thursday
        ("wed 12:00", "1 working day in night", "sat 06:00"),
        ("fri 03:00", "1 working day in night", "mon 06:00"),  # no shift started on Thursday: this is Friday
        ("tue 05:00", "2 working hours in night", "tue 23:00"),
        (
            "thu 05:00",
            "2 working hours in night",
            "fri 23:00",
        ),  # Wednesday's shift goes on into the closed day
    ],
)
def test_a_working_day_is_that_on_which_its_shift_starts(
    desk: Desk, start: str, length: str, due: str
) -> None:
    policy = desk(REPLY.format(length=length), more=[NIGHTS])
    assert plan(policy, opened(start), start) == [("reply", None, due)]


def test_a_shift_with_a_break_after_midnight_and_a_short_shift(desk: Desk) -> None:
    policy = desk(REPLY.format(length="2 working hours in night"), more=[NIGHTS])
    assert policy.decide(opened("sun 01:00"), at=on("sun 01:00")).plan[0].due == on("mon 00:00 +1")
    assert policy.decide(opened("mon 01:00 +1"), at=on("mon 01:00 +1")).plan[0].due == on("mon 03:30 +1")
    assert policy.decide(opened("mon 05:00 +1"), at=on("mon 05:00 +1")).plan[0].due == on("tue 00:00 +1")
    assert policy.decide(opened("tue 01:00 +1"), at=on("tue 01:00 +1")).plan[0].due == on("tue 23:00 +1")


@pytest.mark.parametrize(
    ("reminded", "back"),
    [("tue 03:00", "wed 03:00"), ("mon 23:00", "tue 23:00"), ("tue 12:00", "wed 22:00")],
)
def test_a_step_comes_back_in_the_next_shift(desk: Desk, reminded: str, back: str) -> None:
    policy, case = desk(REMIND, more=[NIGHTS]), opened("mon 09:00", act("remind", reminded))
    assert told(policy.decide(case, at=on(reminded)).review_at) == back


LAYER = """\
format: 1
vocabulary:
  extend:
    taipei:
      closed: ["2026-03-04"]
      open: ["2026-03-07"]
      other_hours: {2026-03-05: ["09:00-12:00"]}
"""


@pytest.mark.parametrize(
    ("start", "length", "due"),
    [
        ("tue 10:00", "1 working day", "thu 12:00"),
        ("tue 17:00", "2 working hours", "thu 10:00"),
        ("thu 11:00", "2 working hours", "fri 10:00"),
        ("fri 17:00", "2 working hours", "sat 10:00"),
    ],
)
def test_a_layer_closes_opens_and_shortens_days(
    tmp_path: Path, engine: Literal["durable", "plain"], start: str, length: str, due: str
) -> None:
    load(tmp_path / "base", engine, REPLY.format(length=length))
    (tmp_path / "layer.yaml").write_text(LAYER)
    policy = Policy.load(tmp_path / "base", tmp_path / "layer.yaml", engine=engine)
    assert plan(policy, opened(start), start) == [("reply", None, due)]


def test_what_a_later_layer_says_of_a_day_counts(tmp_path: Path, engine: Literal["durable", "plain"]) -> None:
    load(tmp_path / "base", engine, REPLY.format(length="1 working day"))
    (tmp_path / "1.yaml").write_text(LAYER)
    (tmp_path / "2.yaml").write_text(
        "format: 1\nvocabulary:\n  extend:\n    taipei:\n      open: ['2026-03-04']\n"
    )
    policy = Policy.load(tmp_path / "base", tmp_path / "1.yaml", tmp_path / "2.yaml", engine=engine)
    assert plan(policy, opened("tue 10:00"), "tue 10:00") == [("reply", None, "wed 18:00")]


def test_a_range_of_weekdays_goes_past_sunday(desk: Desk) -> None:
    nights = NIGHTS.replace("mon-fri", "sat-thu").replace(', sun: ["22:00-02:00", "02:30-06:00"]', "")
    policy = desk(REPLY.format(length="2 working hours in night"), more=[nights])
    assert policy.decide(opened("fri 23:00"), at=on("fri 23:00")).plan[0].due == on("sun 00:00")
