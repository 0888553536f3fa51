"""SEMANTICS 45: `during: sat-sun`, of now or of an instant: days of the week on the clock of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import PolicyError
from escalation_rules.calendar import DAYS, days_meant, read_days
from escalation_rules.policy.conditions import exclude
from escalation_rules.tools.schema import policy_schema
from escalation_rules.words.sentences import Wording
from tests.core.policies import Make, plan

TAIPEI = ZoneInfo("Asia/Taipei")


def taipei(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TAIPEI)


@pytest.mark.parametrize(
    ("at", "steps", "review"),
    [
        ("2026-03-06T23:59:59", ["ask"], "2026-03-07T00:00:00"),
        ("2026-03-07T00:00:00", ["call"], "2026-03-09T00:00:00"),
        ("2026-03-08T23:59:59", ["call"], "2026-03-09T00:00:00"),
        ("2026-03-09T00:00:00", ["ask"], "2026-03-14T00:00:00"),
    ],
)
def test_now_is_on_a_day_of_the_week(make: Make, at: str, steps: list[str], review: str) -> None:
    policy = make("""
- {id: weekend, when: {during: sat-sun}, then: [{recommend: call}]}
- {id: week, when: {not: {during: sat-sun}}, then: [{recommend: ask}]}
""")
    decision = policy.decide({"id": "c"}, at=taipei(at))
    assert [step[0] for step in plan(decision)] == steps
    assert decision.review_at == taipei(review)


def test_an_instant_is_on_a_day_of_the_week_in_the_zone_of_the_calendar(make: Make) -> None:
    policy = make("- {id: a, when: {x.when: {during: fri-mon in office}}, then: [{recommend: call}]}")
    for day in range(14):
        moment = taipei("2026-03-02T00:30:00") + timedelta(days=day)
        decision = policy.decide(
            {"id": "c", "facts": {"x.when": moment.isoformat()}}, at=taipei("2026-03-02T10:00:00")
        )
        assert bool(decision.plan) is (moment.weekday() in {4, 5, 6, 0})


@given(some.sampled_from(DAYS), some.sampled_from(DAYS))
def test_a_range_goes_on_from_its_first_day_to_its_last(first: str, last: str) -> None:
    days = read_days(f"{first}-{last}")
    assert days is not None
    assert (DAYS[days[0]], DAYS[days[-1]]) == (first, last)
    assert all((one + 1) % 7 == other for one, other in pairwise(days))
    assert len(set(days)) == len(days) or first == last


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Saturday", "sat"),
        ("on Sundays", "sun"),
        ("weekends", "sat-sun"),
        ("Mon to Thurs", "mon-thu"),
        ("週末", "sat-sun"),
        ("周一至周五", "mon-fri"),
    ],
)
def test_what_people_write_instead_is_answered_with_the_form(make: Make, said: str, meant: str) -> None:
    with pytest.raises(PolicyError, match=f"did you mean '{meant}'"):
        make(f"- {{id: a, when: {{during: {said}}}, then: [{{recommend: call}}]}}")


@pytest.mark.parametrize("said", ["Sat, Sun", "m", "someday", "sat-sun-mon", "", "July"])
def test_of_other_words_nothing_is_guessed(said: str) -> None:
    assert days_meant(said) is None


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("sat-sun", "mon-fri", True),
        ("sat-mon", "mon-fri", False),
        ("sat", "09:00-12:00", False),
        ("23:00-07:00", "07:00-12:00", True),
        ("22:00-07:00", "06:00-12:00", False),
        ("sat", "working time", False),
    ],
)
def test_which_days_and_hours_exclude_each_other(make: Make, one: str, other: str, apart: bool) -> None:
    rules = make(f"""
- {{id: a, when: {{during: {one}}}, then: [{{recommend: call}}]}}
- {{id: b, when: {{during: {other}}}, then: [{{recommend: ask}}]}}
""").model.rules
    mine, its = (rule.when for rule in rules)
    assert mine is not None
    assert its is not None
    assert exclude(mine, its) is apart


def test_the_schema_has_them(make: Make) -> None:
    validator = Draft202012Validator(
        policy_schema(make("- {id: a, then: [{recommend: call}]}").model.vocabulary)
    )

    def valid(when: object) -> bool:
        rule = {"id": "a", "when": when, "then": [{"recommend": "call"}]}
        return bool(
            validator.is_valid({"format": 1, "ruleset": "r", "principle": "fairness", "rules": [rule]})
        )

    assert valid({"during": "sat-sun in office"})
    assert valid({"x.when": {"during": "fri"}})
    assert not valid({"during": "Saturday"})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the present time is on a day from Saturday to Sunday, and “x.when” is on a Friday"),
        ("zh-TW", "目前在週六至週日，且「x.when」在週五"),
        ("zh-CN", "目前在周六至周日，且“x.when”在周五"),
    ],
)
def test_they_are_said_in_every_language(make: Make, language: str, said: str) -> None:
    model = make("- {id: a, when: {during: sat-sun, x.when: {during: fri}}, then: [{recommend: ask}]}").model
    (rule,) = model.rules
    assert rule.when is not None
    assert Wording.of(model.vocabulary, language).sentence(rule.when) == said
