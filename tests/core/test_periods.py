"""SEMANTICS 95: how many periods lie between two instants: full ones, or those that began."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_rules import PolicyError
from escalation_rules.calendar import Duration, WorkingCalendar
from escalation_rules.words.sentences import Wording
from tests.core.policies import Make, decide

OFFICE = WorkingCalendar("office", "Asia/Taipei", (((540, 1080),),) * 5 + ((), ()))
CALENDARS = {"office": OFFICE}
RULE = """
- id: for-the-delay
  then:
    - recommend: pay
      total: {times: {TWD: 35}, of: %s}
"""


def between(length: str, start: str, end: str, *, begun: bool = False) -> int:
    first, last = (datetime.fromisoformat(f"{each}+08:00") for each in (start, end))
    return Duration.parse(length).periods_between(first, last, CALENDARS, "office", begun=begun)


@pytest.mark.parametrize(
    ("length", "start", "end", "full", "begun"),
    [
        ("1 day", "2026-03-02T10:00", "2026-03-02T10:00", 0, 0),
        ("1 day", "2026-03-02T10:00", "2026-03-02T09:00", 0, 0),
        ("1 day", "2026-03-02T10:00", "2026-03-03T09:59", 0, 1),
        ("1 day", "2026-03-02T10:00", "2026-03-03T10:00", 1, 1),
        ("1 day", "2026-03-02T10:00", "2026-03-03T10:00:01", 1, 2),
        ("12 hours", "2026-03-02T10:00", "2026-03-03T23:00", 3, 4),
        ("1 calendar day", "2026-03-02T10:00", "2026-03-02T23:59", 0, 0),
        ("1 calendar day", "2026-03-02T10:00", "2026-03-03T00:01", 0, 1),
        ("1 calendar day", "2026-03-02T10:00", "2026-03-05T09:00", 2, 3),  # the difference of the dates is 3
        ("2 calendar days", "2026-03-02T10:00", "2026-03-05T09:00", 1, 2),
        ("1 month", "2026-01-31T10:00", "2026-02-28T09:59", 0, 1),
        ("1 month", "2026-01-31T10:00", "2026-02-28T10:00", 1, 1),  # the last day of a month that has no 31st
        ("1 month", "2026-01-31T10:00", "2026-03-30T10:00", 1, 2),
        ("3 months", "2026-01-31T10:00", "2026-12-01T10:00", 3, 4),
        ("1 working hour", "2026-03-06T17:00", "2026-03-09T09:30", 1, 2),  # Friday to Monday
        ("1 working hour", "2026-03-06T19:00", "2026-03-08T12:00", 0, 0),  # nobody works
    ],
)  # fmt: skip
def test_periods_between_two_instants(length: str, start: str, end: str, full: int, begun: int) -> None:
    assert between(length, start, end) == full
    assert between(length, start, end, begun=True) == begun


UNITS = ["minute", "hour", "day", "week", "month", "calendar day", "working hour", "working minute"]
FIRST = datetime(2025, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(), timedelta(days=730)).map(lambda each: FIRST + each)


@given(st.integers(1, 5), st.sampled_from(UNITS), MOMENTS, st.timedeltas(timedelta(), timedelta(days=200)))
def test_the_end_of_the_full_periods_is_not_later_and_that_of_one_more_is(
    number: int, unit: str, start: datetime, passed: timedelta
) -> None:
    length, end = Duration.parse(f"{number} {unit}"), start + passed
    full = length.periods_between(start, end, CALENDARS, "office")
    begun = length.periods_between(start, end, CALENDARS, "office", begun=True)
    assert full <= begun

    def after(periods: int) -> datetime:
        whole = Duration(length.amount * periods, length.unit)
        return whole.deadline_after(start, CALENDARS, "office")

    assert after(full + 1) > end
    assert full == 0 or after(full) <= end
    if unit != "calendar day":  # which begins with the date after that of the start
        assert begun <= full + 1


def test_an_amount_for_each_period(make: Make) -> None:
    policy = make(RULE % "{full: 12 hours, since: x.when, until: x.then}")
    facts = {"x.when": "2026-02-27T10:00:00+08:00", "x.then": "2026-03-01T09:00:00+08:00"}
    (step,) = decide(policy, {"currency": "TWD", "facts": facts}).plan
    assert str(step.params["total"].amount) == "105"  # type: ignore[union-attr]
    (step,) = decide(policy, {"currency": "TWD", "facts": {**facts, "x.then": None}}).plan
    assert step.incomplete
    missing = decide(policy, {"currency": "TWD", "facts": {**facts, "x.then": None}}).missing
    assert [each.fact for each in missing] == ["x.then"]


def test_a_period_of_one_is_written_without_its_number(make: Make) -> None:
    one, other = (
        make(RULE % f"{{started: {each}, since: x.when, until: x.then}}") for each in ("days", "1 day")
    )
    assert one.model.rules[0].recommends[0].params == other.model.rules[0].recommends[0].params


@pytest.mark.parametrize(
    ("form", "code", "said"),
    [
        ("{full: working days, since: x.when, until: x.then}", "does-not-fit", "working hours, or calendar days"),
        ("{full: days, since: x.when, until: now}", "unknown-name", "cannot be counted up to now"),
        ("{full: days, since: x.when, until: x.count}", "not-comparable", "x.count is a count"),
        ("{full: days, since: x.when}", "missing-key", "`until:`"),
        ("{full: dayz, since: x.when, until: x.then}", "bad-duration", "day"),
        ("{full: days, since: x.whem, until: x.then}", "unknown-name", "x.when"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_an_error(make: Make, form: str, code: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        make(RULE % form)
    assert [each.code for each in caught.value.diagnostics] == [code]
    assert said in str(caught.value)


def test_it_is_said_in_words(make: Make) -> None:
    policy = make(RULE % "{started: 12 hours, since: x.when, until: x.then}")
    for language, said in (
        ("en", "the number of periods of 12 hours begun from “x.when” to “x.then”"),
        ("zh-TW", "從「x.when」到「x.then」每開始12 小時的次數"),
    ):
        rule = policy.model.rules[0]
        words = Wording.of(policy.model.vocabulary, language).effect(rule.recommends[0], None)
        assert said in " ".join(words)
