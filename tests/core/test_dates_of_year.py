"""Dates that come back every year: `during: 1 November to 31 March` (SEMANTICS 45, 46)."""

from __future__ import annotations

import pickle
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from escalation_rules import PolicyError
from escalation_rules.calendar import DatesOfYear, read_dates
from escalation_rules.tools.lint import lint
from escalation_rules.words.sentences import Wording
from tests.core.policies import Make, decide, plan

BERLIN = "Europe/Berlin"


def dates(text: str, zone: str = BERLIN) -> DatesOfYear:
    found = read_dates(text)
    assert found is not None
    return DatesOfYear(zone, *found)


def local(year: int, month: int, day: int, hour: int = 0, zone: str = BERLIN) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("1 November to 31 March", local(2024, 11, 1), local(2025, 4, 1)),
        ("20 Dec to 6 Jan", local(2024, 12, 20), local(2025, 1, 7)),
        ("24 December", local(2024, 12, 24), local(2024, 12, 25)),
        ("1 January to 31 December", None, None),
        ("1 March to 29 February", None, None),
        ("1 March to 28 February", local(2024, 3, 1), local(2028, 2, 29)),
        ("1 December to 29 February", local(2024, 12, 1), local(2025, 3, 1)),
        ("29 February to 3 March", local(2025, 3, 1), local(2025, 3, 4)),
        ("29 February", local(2028, 2, 29), local(2028, 3, 1)),
    ],
)
def test_both_days_are_included(text: str, begins: datetime | None, ends: datetime | None) -> None:
    found, tick = dates(text), timedelta(microseconds=1)
    if begins is None or ends is None:
        assert all(found.is_open(local(2024, 2, 28) + timedelta(days=each)) for each in range(800))
        assert found.next_change(local(2024, 2, 28)) is found.last_change(local(2024, 2, 28)) is None
        return
    inside = [found.is_open(each) for each in (begins - tick, begins, ends - tick, ends)]
    assert inside == [False, True, True, False]
    assert (found.next_change(begins), found.last_change(begins)) == (ends, begins)
    assert (found.next_change(begins - tick), found.last_change(ends)) == (begins, ends)
    assert pickle.loads(pickle.dumps(found)) == found


def rules(condition: str) -> str:
    return f"""
- id: it
  when: {condition}
  then:
    - recommend: call
"""


def test_now_an_instant_and_the_opposite(make: Make) -> None:
    now = make(rules("{during: 20 December to 6 January}"))
    away = make(rules("{not: {during: 20 December to 6 January}}"))
    for at, wanted in (
        (local(2026, 12, 19, 23, "Asia/Taipei"), False),
        (local(2026, 12, 20, 0, "Asia/Taipei"), True),
        (local(2027, 1, 6, 23, "Asia/Taipei"), True),
        (local(2027, 1, 7, 0, "Asia/Taipei"), False),
    ):
        assert bool(plan(decide(now, {}, at))) is wanted
        assert bool(plan(decide(away, {}, at))) is not wanted
    assert decide(now, {}, local(2026, 12, 25)).review_at == local(2027, 1, 7, 0, "Asia/Taipei")
    assert decide(now, {}, local(2027, 1, 7)).review_at == local(2027, 12, 20, 0, "Asia/Taipei")
    opened = make(rules("{case.opened_at: {during: 1 November to 31 March in office}}"))
    case = {"facts": {"case.opened_at": "2026-03-31T15:59:00+00:00"}}
    assert plan(decide(opened, case, local(2026, 7, 1)))
    case = {"facts": {"case.opened_at": "2026-03-31T16:00:00+00:00"}}
    assert not plan(decide(opened, case, local(2026, 7, 1)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the present time is between 1 November and 31 March (both included)"),
        ("zh-TW", "目前在 11 月 1 日至 3 月 31 日之間（含首尾兩日）"),
        ("zh-CN", "目前在 11 月 1 日至 3 月 31 日之间（含首尾两天）"),
    ],
)
def test_in_words(make: Make, language: str, said: str) -> None:
    model = make(rules("{during: 1 Nov to 31 Mar}")).model
    when = model.rules[0].when
    assert when is not None
    assert Wording.of(model.vocabulary, language).sentence(when) == said
    assert when.to_data() == {"during": "1 November to 31 March"}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("1 November - 31 March", "1 November to 31 March"),
        ("from November 1st to March 31st", "1 November to 31 March"),
        ("1. November bis 31. März", None),
        ("11-01 to 03-31", "1 November to 31 March"),
        ("12月20日至1月6日", "20 December to 6 January"),
        ("July and August", "1 July to 31 August"),
        ("february", "1 February to 29 February"),
        ("1 november to 31 march", "1 November to 31 March"),
        ("31 November", "a date up to 30 November"),
        ("1 March to 30 February", "a date up to 29 February"),
        ("9:10-12:00", None),
        ("winter", None),
    ],
)
def test_other_ways_to_write_dates(make: Make, said: str, expected: str | None) -> None:
    with pytest.raises(PolicyError) as found:
        make(rules(f"{{during: '{said}'}}"))
    (problem,) = found.value.diagnostics
    assert problem.code == "wrong-value"
    if expected is not None:
        assert expected in (problem.suggestion, problem.expected)
    else:
        assert "dates such as 1 November to 31 March" in str(problem)


def test_dates_apart_from_each_other_do_not_conflict(make: Make) -> None:
    two = """
- id: in-winter
  when: {during: 1 November to 31 March}
  then: [{recommend: call, owner: clerk}]
- id: in-summer
  when: {during: %s}
  then: [{recommend: call, owner: boss}]
"""

    def codes(summer: str) -> set[str]:
        return {each.code for each in lint(make(two % summer).model)}

    assert "conflicting-steps" not in codes("1 April to 31 October")
    assert "conflicting-steps" in codes("31 March to 31 October")
