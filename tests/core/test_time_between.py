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
    ("{before: 2 working days before x.then}", "-88:00:01", True),  # closing time of Thursday, 18:00
    ("{before: 2 working days before x.then}", "-88:00:00", False),
    ("{after: 1 calendar day before x.then}", "-10:00:00", False),  # the midnight that ends Sunday
    ("{after: 1 calendar day before x.then}", "-9:59:59", True),
    ("{before: 3 working hours before x.then}", "-66:00:01", True),  # 1 on Monday, 2 on Friday
    ("{before: 3 working hours before x.then}", "-66:00:00", False),
    (
        "{before: '5 days after x.then, moved to a working day'}",
        "175:59:59",
        True,
    ),  # Saturday: Monday at 18:00
    ("{before: '5 days after x.then, moved to a working day'}", "176:00:00", False),
    ("{after: '4 days after x.then, moved to a working day'}", "96:00:00", False),  # Friday at 10:00
    ("{after: '4 days after x.then, moved to a working day'}", "96:00:01", True),
    ("{after: end of the working day of x.then}", "8:00:00", False),
    ("{after: end of the working day in office of x.then}", "8:00:01", True),
]
OVERDUE = [
    ("5 days, moved to a working day", 176),
    ("4 days, moved to a working day", 96),
    ("end of the working day", 8),
    ("2 working days", 56),
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


@pytest.mark.parametrize(("within", "hours"), OVERDUE)
def test_a_deadline_that_has_passed_is_that_of_within(make: Make, within: str, hours: int) -> None:
    policy = make(rule(f"{{overdue_after: '{within}'}}"))
    case = {"facts": {"x.when": THEN.isoformat()}}
    before, after = (
        policy.decide(case, at=THEN + seconds(f"{hours - 1}:59:59") + timedelta(seconds=more))
        for more in (0, 1)
    )
    assert (plan(before), before.review_at) == ([], THEN + timedelta(hours=hours))
    assert plan(after) == [("call", None, ["late"])]


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
            "{before: '2 days before x.then, moved to a working day'}",
            "a time before an instant moves to no working day; expected 2 days alone",
        ),
        (
            "{after: '2 working days after x.then, moved to a working day'}",
            "working time always ends on a working day; expected 2 working days alone",
        ),
        (
            "{after: end of the working day after x.then}",
            "that `of` an instant, not `after` it; did you mean 'end of the working day of x.then'",
        ),
        ("{after: end of day of x.then}", "did you mean 'end of the working day of x.then'"),
        (
            "{overdue_after: '5 days, moved to the next working day'}",
            "did you mean '5 days, moved to a working day'",
        ),
        ("{overdue_after: end of the working day in nowhere}", "unknown calendar 'nowhere'"),
        ("{before: 0 days before x.then}", "the amount must be 1 to"),
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
