"""The time between two instants: `after: 30 minutes after NAME` and `before: 1 day before NAME`."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from escalation_rules import PolicyError
from escalation_rules.tools.lint import lint
from escalation_rules.words.sentences import Wording
from tests.core.policies import Make, at, decide, load, missing, plan

THEN = datetime.fromisoformat("2026-03-02T10:00:00+08:00")  # a Monday
TESTS = [
    ("{after: 30 minutes after x.then}", "0:30:00", False),
    ("{after: 30 minutes after x.then}", "0:30:01", True),
    ("{after: 30 minutes before x.then}", "-0:30:00", False),
    ("{after: 30 minutes before x.then}", "-0:29:59", True),
    ("{before: 2 hours after x.then}", "1:59:59", True),
    ("{before: 2 hours after x.then}", "2:00:00", False),
    ("{before: 1 day before x.then}", "-24:00:00", False),
    ("{before: 1 day before x.then}", "-24:00:01", True),
    ("{after: 1 working day after x.then}", "32:00:00", False),  # at closing time, as a deadline
    ("{after: 1 working day after x.then}", "32:00:01", True),
    ("{after: 9 working hours after x.then}", "24:00:00", False),  # 8 on Monday, 1 on Tuesday
    ("{after: 9 working hours after x.then}", "24:00:01", True),
    ("{not: {after: 30 minutes after x.then}}", "0:30:00", True),
]


def seconds(length: str) -> timedelta:
    """`-0:30:00` as a length of time."""
    hours, minutes, rest = (int(each) for each in length.removeprefix("-").split(":"))
    found = timedelta(hours=hours, minutes=minutes, seconds=rest)
    return -found if length.startswith("-") else found


def rule(test: str) -> str:
    when = f"not: {{x.when: {test[6:-1]}}}" if test.startswith("{not: ") else f"x.when: {test}"
    return f"- {{id: late, when: {{{when}}}, then: [{{recommend: call}}]}}"


@pytest.mark.parametrize(("test", "length", "expected"), TESTS)
def test_the_instants_are_compared_with_the_time_between(
    make: Make, test: str, length: str, expected: bool
) -> None:
    facts = {"x.then": THEN.isoformat(), "x.when": (THEN + seconds(length)).isoformat()}
    decision = decide(make(rule(test)), {"facts": facts}, at(days=30))
    assert plan(decision) == ([("call", None, ["late"])] if expected else [])
    assert decision.review_at is None, "what lies between two instants never changes by itself"


def test_the_instant_that_is_not_known_is_asked_for(make: Make) -> None:
    policy = make(rule("{after: 30 minutes after x.then}"))
    assert missing(decide(policy, x__when=THEN.isoformat())) == [("x.then", (), ["late"])]
    assert missing(decide(policy, x__then=THEN.isoformat())) == [("x.when", (), ["late"])]


def test_fields_of_records_and_ends_of_time(make: Make) -> None:
    policy = make(
        "- {id: late, for_each: charges, when: {at: {after: 1 day before x.then}}, then: [{recommend: waive}]}"
    )
    case = {
        "facts": {"x.then": "0001-01-01T10:00:00Z"},
        "charges": [{"id": "k", "at": "0001-01-01T00:00:01Z"}],
    }
    assert plan(decide(policy, case)) == [("waive", "k", ["late"])], (
        "before all time is no instant, and no error"
    )
    policy = make(rule("{before: 400 weeks after x.then}"))
    facts = {"x.then": "9998-01-01T00:00:00Z", "x.when": "9998-01-02T00:00:00Z"}
    assert plan(decide(policy, {"facts": facts})) == [("call", None, ["late"])]


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("{after: 30 minuts after x.then}", "did you mean '30 minutes'"),
        ("{after: 30 minutes after x.thn}", "did you mean 'x.then'"),
        ("{after: 30 minutes after x.a}", "x.a is a flag and cannot be compared with an instant"),
        (
            "{after: 30 minutes of x.then}",
            "does not say whether it is before or after x.then; did you mean '30 minutes after x.then'",
        ),
        (
            "{before: 2 working days before x.then}",
            "2 working days is working time, which is not allowed here",
        ),
        ("{after: 30 minutes}", "'30 minutes' is a value, but this test needs another fact or field"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, test: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        load(tmp_path / "p", "plain", rule(test))
    (problem,) = caught.value.diagnostics
    assert said in str(problem)
    assert problem.position is not None
    assert problem.position.line == 5


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("{after: 30 minutes after x.when}", "so this is never true"),
        ("{after: 30 minutes before x.when}", "so this is true whenever it is known"),
        ("{before: 30 minutes after x.when}", "so this is true whenever it is known"),
        ("{before: 30 minutes before x.when}", "so this is never true"),
    ],
)
def test_an_instant_against_itself(make: Make, test: str, expected: str) -> None:
    found = [each for each in lint(make(rule(test)).model) if each.code == "compared-with-itself"]
    assert [expected in str(each) for each in found] == [True], found


@pytest.mark.parametrize(("language", "words"), [
    ("en", "“x.when” is later than 30 minutes after “x.then”"),
    ("zh-TW", "「x.when」晚於「x.then」後 30 分鐘"),
    ("zh-CN", "“x.when”晚于“x.then”后30分钟"),
])  # fmt: skip
def test_it_is_said_in_every_language(make: Make, language: str, words: str) -> None:
    model = make(rule("{after: 30 minutes after x.then}")).model
    condition = model.rules[0].when
    assert condition is not None
    assert Wording.of(model.vocabulary, language).sentence(condition, None) == words
