"""Issue 9, W: the end of the working day as a deadline, and deadlines that move from a day off to a working day."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.calendar import Deadline
from escalation_rules.words.sentences import Wording
from tests.core.clocks.desk import Desk, on, plan

END = "- {id: replies, then: [{recommend: reply, within: end of the working day of case.opened_at}]}"
LEGAL = "- {{id: replies, then: [{{recommend: reply, within: '{length} of case.opened_at, moved to a working day'}}]}}"
MORE = """\
format: 1
vocabulary:
  calendars:
    saturdays: {timezone: Asia/Taipei, hours: {sat: ["10:00-12:00"]}}
    night: {timezone: Asia/Taipei, hours: {mon-fri: ["22:00-06:00"]}}
"""


def opened(said: str, **facts: Any) -> dict[str, Any]:
    return {"id": "T", "facts": {"case.opened_at": on(said).isoformat(), **facts}}


def due(policy: Policy, said: str) -> Any:
    (step,) = policy.decide(opened(said), at=on(said)).plan
    return step.due


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("tue 10:00", "tue 18:00"),
        ("tue 07:00", "tue 18:00"),
        ("tue 17:59:59", "tue 18:00"),
        ("tue 18:00", "wed 18:00"),
        ("tue 20:00", "wed 18:00"),
        ("fri 20:00", "mon 18:00 +1"),
        ("sat 10:00", "mon 18:00 +1"),
    ],
)
def test_the_end_of_the_working_day(desk: Desk, start: str, end: str) -> None:
    assert due(desk(END), start) == on(end)


def test_the_end_of_the_working_day_of_a_shift_and_of_another_calendar(desk: Desk) -> None:
    night = desk(END.replace(" of case", " in night of case"), more=[MORE])
    assert due(night, "tue 03:00") == on("tue 06:00")
    assert due(night, "tue 10:00") == on("wed 06:00")
    assert due(desk(END.replace(" of case", " in saturdays of case"), more=[MORE]), "tue 10:00") == on(
        "sat 12:00"
    )


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("mon 10:00", "4 days", "fri 10:00"),
        ("mon 10:00", "5 days", "mon 18:00 +1"),
        ("tue 10:00", "5 days", "mon 18:00 +1"),
        ("mon 20:00", "4 days", "fri 20:00"),
        ("mon 00:00", "5 days", "sat 00:00"),  # Friday, 24:00
        ("tue 00:00", "6 days", "mon 18:00 +1"),  # Sunday, 24:00
        ("fri 17:00", "36 hours", "mon 18:00 +1"),
    ],
)
def test_a_deadline_moves_from_a_day_off_to_the_next_working_day(
    desk: Desk, start: str, length: str, end: str
) -> None:
    assert due(desk(LEGAL.format(length=length)), start) == on(end)


def test_a_deadline_moves_by_the_calendar_that_is_named(desk: Desk) -> None:
    rule = LEGAL.format(length="1 day").replace("working day'", "working day in saturdays'")
    assert due(desk(rule, more=[MORE]), "mon 10:00") == on("sat 12:00")


def test_pauses_count_in_days_that_end(desk: Desk) -> None:
    paused = ", paused_while: {case.waiting: true}}"
    case = {
        "id": "T",
        "history": [
            {"at": on("mon 09:00").isoformat(), "facts": {"case.opened_at": on("mon 09:00").isoformat()}},
            {"at": on("mon 12:00").isoformat(), "facts": {"case.waiting": True}},
            {"at": on("tue 12:00").isoformat(), "facts": {"case.waiting": False}},
        ],
    }
    assert plan(desk(END.replace("opened_at}", "opened_at" + paused)), case, "tue 13:00") == [
        ("reply", None, "tue 18:00")
    ]
    legal = desk(LEGAL.format(length="4 days").replace("day'}", "day'" + paused))
    assert legal.decide(case, at=on("tue 13:00")).plan[0].due == on("mon 18:00 +1")


@pytest.mark.parametrize(
    "text",
    [
        "2 working days in taipei",
        "end of the working day",
        "end of the working day in taipei",
        "15 days, moved to a working day",
        "15 days, moved to a working day in taipei",
    ],
)
def test_deadlines_read_back(text: str) -> None:
    assert str(Deadline.parse(text)) == text
    assert Deadline.parse(str(Deadline.parse(text))) == Deadline.parse(text)


def test_a_step_says_its_deadline_and_reads_back(desk: Desk) -> None:
    policy = desk(END)
    decision = policy.decide({"id": "T", "facts": {}}, at=on("mon 09:00"))
    assert [(each.within, each.due) for each in decision.plan] == [("end of the working day", None)]
    assert type(decision).from_dict(decision.to_dict()).to_dict() == decision.to_dict()
    policy = desk(LEGAL.format(length="15 days"))
    (step,) = policy.decide({"id": "T", "facts": {}}, at=on("mon 09:00")).plan
    assert step.within == "15 days, moved to a working day"


@pytest.mark.parametrize(
    ("rule", "english", "taiwan", "mainland"),
    [
        (
            END,
            ", by the end of the working day of “case.opened_at”",
            "，「case.opened_at」當個工作天結束前",
            "，“case.opened_at”当个工作日结束前",
        ),
        (
            LEGAL.format(length="15 days"),
            ", within 15 days of “case.opened_at” (if that ends on a day off, by the end of the next working day)",
            "，自「case.opened_at」起 15 天內（末日非工作天則順延至次一工作天）",
            "，自“case.opened_at”起15天内（末日非工作日则顺延至下一工作日）",
        ),
    ],
)
def test_deadlines_in_words(desk: Desk, rule: str, english: str, taiwan: str, mainland: str) -> None:
    policy = desk(rule)
    (effect,) = policy.model.rules[0].recommends
    for language, words in (("en", english), ("zh-TW", taiwan), ("zh-CN", mainland)):
        assert words in "".join(Wording.of(policy.vocabulary, language).effect(effect))
