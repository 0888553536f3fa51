"""SEMANTICS 98: `newer_than: start of the month`, of an instant or of acts: in the current day, week, month, quarter or year."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import Policy, PolicyError
from escalation_rules.calendar import StartOf, WorkingCalendar
from escalation_rules.calendar.periods import UNITS, PeriodUnit
from escalation_rules.tools.schema import policy_schema
from escalation_rules.words.sentences import Wording
from tests.core.policies import Make, Plain, plan

TAIPEI = ZoneInfo("Asia/Taipei")
ALIKE: dict[str, Callable[[date], object]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: (day.year, day.month),
    "quarter": lambda day: (day.year, (day.month + 2) // 3),
    "year": lambda day: day.year,
}


def taipei(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


def steps(policy: Policy, when: datetime, case: Plain) -> list[str]:
    return [step[0] for step in plan(policy.decide({"id": "c", **case}, at=when))]


@pytest.mark.parametrize(
    ("unit", "first", "last", "after"),
    [
        ("day", "2026-03-04T00:00:00", "2026-03-04T23:59:59", "2026-03-05T00:00:00"),
        ("week", "2026-03-02T00:00:00", "2026-03-08T23:59:59", "2026-03-09T00:00:00"),
        ("month", "2026-03-01T00:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"),
        ("quarter", "2026-01-01T00:00:00", "2026-03-31T23:59:59", "2026-04-01T00:00:00"),
        ("year", "2026-01-01T00:00:00", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
    ],
)
def test_it_lasts_to_the_midnight_that_ends_the_period(
    make: Make, unit: str, first: str, last: str, after: str
) -> None:
    policy = make(f"""
- {{id: same, when: {{x.when: {{newer_than: start of the {unit}}}}}, then: [{{recommend: call}}]}}
- {{id: before, when: {{x.when: {{older_than: start of the {unit}}}}}, then: [{{recommend: ask}}]}}
""")
    begins = {"facts": {"x.when": taipei(first).isoformat()}}
    earlier = {"facts": {"x.when": (taipei(first) - timedelta(seconds=1)).isoformat()}}
    assert steps(policy, taipei(first), begins) == ["call"]
    assert steps(policy, taipei(last), begins) == ["call"]
    assert policy.decide({"id": "c", **begins}, at=taipei(first)).review_at == taipei(after)
    assert steps(policy, taipei(after), begins) == ["ask"]
    assert steps(policy, taipei(first), earlier) == ["ask"]


def test_an_instant_that_is_still_to_come_is_newer(make: Make) -> None:
    policy = make("- {id: a, when: {x.when: {newer_than: start of the month}}, then: [{recommend: call}]}")
    assert steps(
        policy, taipei("2026-03-04T10:00:00"), {"facts": {"x.when": "2026-05-01T10:00:00+08:00"}}
    ) == ["call"]


def test_acts_of_this_month_are_counted_and_added_up(make: Make) -> None:
    policy = make("""
- id: twice
  when: {done: {action: gift, newer_than: start of the month, at_least: 2}}
  then: [{forbid: gift}]
- id: a-hundred
  then:
    - forbid: gift
      where: {worth: {above: {from: {TWD: 100}, less: {sum_done: gift.worth, newer_than: start of the month}}}}
""")

    def gift(at: str, worth: int) -> Plain:
        return {
            "action": "gift",
            "by": "clerk",
            "at": taipei(at).isoformat(),
            "params": {"worth": worth, "kind": "token"},
        }

    case = {"currency": "TWD", "acts": [gift("2026-02-28T23:59:00", 90), gift("2026-03-01T00:00:00", 60)]}

    def may(case: Plain, worth: int, at: str) -> bool:
        asked = {"worth": worth, "kind": "token"}
        return policy.check({"id": "c", **case}, "gift", params=asked, at=taipei(at)).allowed

    assert may(case, 40, "2026-03-31T23:59:00")
    assert not may(case, 41, "2026-03-31T23:59:00")
    assert may(case, 100, "2026-04-01T00:00:00")
    more = {**case, "acts": [*case["acts"], gift("2026-03-20T10:00:00", 1)]}
    assert not may(more, 1, "2026-03-31T23:59:00"), "twice in one month"
    assert may(more, 1, "2026-04-01T00:00:00")


@given(
    some.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2060-01-01")),
    some.sampled_from(UNITS),
    some.sampled_from(["Asia/Taipei", "Europe/London", "America/Santiago", "Pacific/Apia"]),
    some.timedeltas(timedelta(), timedelta(days=800)),
)
def test_two_instants_lie_in_one_period_if_their_dates_do(
    start: datetime, unit: PeriodUnit, zone: str, later: timedelta
) -> None:
    calendar = WorkingCalendar("office", zone, (((540, 1080),), (), (), (), (), (), ()))
    first, second = start.replace(tzinfo=UTC), start.replace(tzinfo=UTC) + later
    end = StartOf(unit).interval_after(first, {"office": calendar}, "office")
    one, other = (moment.astimezone(calendar.tzinfo).date() for moment in (first, second))
    assert (second < end) is (ALIKE[unit](one) == ALIKE[unit](other))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("this month", "start of the month"),
        ("本月", "start of the month"),
        ("start of the moth", "start of the month"),
        ("the current calendar year", "start of the year"),
        ("week to date", "start of the week"),
    ],
)
def test_what_people_write_instead_is_answered_with_the_form(make: Make, said: str, meant: str) -> None:
    with pytest.raises(PolicyError, match=f"did you mean '{meant}'") as raised:
        make(f"- {{id: a, when: {{x.when: {{newer_than: {said}}}}}, then: [{{recommend: call}}]}}")
    assert [each.code for each in raised.value.diagnostics] == ["bad-duration"]


@pytest.mark.parametrize(
    "wrong",
    [
        "- {id: a, then: [{recommend: visit, within: start of the month of case.opened_at}]}",
        "- {id: a, then: [{recommend: call, again: every start of the month}]}",
        "- {id: a, when: {nothing_done_for: start of the month}, then: [{recommend: call}]}",
        "- {id: a, when: {x.when: {elapsed_between: [start of the month, 2 days]}}, then: [{recommend: call}]}",
    ],
)
def test_it_is_no_length_of_time(make: Make, wrong: str) -> None:
    with pytest.raises(PolicyError):
        make(wrong)


def test_the_schema_has_it_where_it_may_stand(make: Make) -> None:
    validator = Draft202012Validator(
        policy_schema(make("- {id: a, then: [{recommend: call}]}").model.vocabulary)
    )

    def valid(when: Plain) -> bool:
        rule = {"id": "a", "when": when, "then": [{"recommend": "call"}]}
        return bool(
            validator.is_valid({"format": 1, "ruleset": "r", "principle": "fairness", "rules": [rule]})
        )

    assert valid({"x.when": {"newer_than": "start of the quarter in office"}})
    assert valid({"done": {"action": "call", "older_than": "start of the month"}})
    assert not valid({"x.when": {"newer_than": "start of the fortnight"}})
    assert not valid({"x.when": {"overdue_after": "start of the month"}})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "“call” has been done this month, and “x.when” was before this quarter (calendar office)"),
        ("zh-TW", "在本月已完成「call」，且「x.when」在本季（日曆 office）之前"),
        ("zh-CN", "在本月已完成“call”，且“x.when”在本季度（日历 office）之前"),
    ],
)
def test_it_is_said_in_every_language(make: Make, language: str, said: str) -> None:
    model = make("""
- id: a
  when: {done: {action: call, newer_than: start of the month}, x.when: {older_than: start of the quarter in office}}
  then: [{recommend: ask}]
""").model
    (rule,) = model.rules
    assert rule.when is not None
    assert Wording.of(model.vocabulary, language).sentence(rule.when) == said
