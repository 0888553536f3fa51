"""Tests on acts about the record that a field refers to, and with a time after or before an instant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from escalation_rules import PolicyError
from tests.core.policies import Make

CLAIMS = [{"id": "k"}, {"id": "m"}]
EXHIBITS = [{"id": "e", "claim": "k", "at": "2026-03-02T10:00:00+08:00"}, {"id": "f", "claim": "m"}]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}+08:00")


def answered(about: str | None, day: str = "03T11:00:00") -> dict[str, Any]:
    return {
        "action": "answer",
        "by": "clerk",
        "at": f"2026-03-{day}+08:00",
        **({"about": about} if about else {}),
    }


def case(*acts: dict[str, Any], exhibits: Any = EXHIBITS) -> dict[str, Any]:
    return {"claims": CLAIMS, "exhibits": exhibits, "acts": list(acts)}


REMIND = """\
- id: remind
  for_each: exhibits
  when: {not_done: {action: answer, about: claim}}
  then: [{recommend: apologise, about: claim}]
"""


@pytest.mark.parametrize(
    ("acts", "open_claims"),
    [((), ["k", "m"]), ((answered("k"),), ["m"]), ((answered("m"),), ["k"]), ((answered(None),), ["k", "m"])],
)
def test_only_acts_about_the_record_that_is_referred_to_count(
    make: Make, acts: Any, open_claims: list[str]
) -> None:
    decision = make(REMIND).decide(case(*acts), at=at("04T10:00:00"))
    assert [step.about for step in decision.plan] == open_claims


def test_while_the_reference_is_unknown_it_is_asked_for(make: Make) -> None:
    decision = make(REMIND).decide(case(answered("k"), exhibits=[{"id": "e"}]), at=at("04T10:00:00"))
    assert decision.plan == ()
    assert [(each.fact, each.about) for each in decision.missing] == [("exhibits.claim", ("e",))]
    decided = make(REMIND).decide(case(exhibits=[{"id": "e"}]), at=at("04T10:00:00"))
    assert [(each.fact, each.about) for each in decided.missing] == [("exhibits.claim", ("e",))]


def test_a_hold_waits_for_an_act_about_the_record_that_is_referred_to(make: Make) -> None:
    policy = make("""\
- id: owed
  for_each: claims
  then: [{recommend: apologise}]
- id: answered-first
  for_each: exhibits
  then:
    - hold: apologise
      about: claim
      until: {done: {action: answer, about: claim, after: exhibit.at}}
""")
    both = policy.decide(
        case(exhibits=[{**each, "at": "2026-03-02T10:00:00+08:00"} for each in EXHIBITS]),
        at=at("04T10:00:00"),
    )
    assert [(step.action, step.about) for step in both.plan] == [("answer", "k"), ("answer", "m")]
    one = policy.decide(case(answered("k")), at=at("04T10:00:00"))
    assert ("apologise", "k") in [(step.action, step.about) for step in one.plan]
    assert [each.about for each in one.held] == ["m"]
    verdict = policy.check(case(answered("k", "02T09:00:00")), "apologise", about="k", at=at("04T10:00:00"))
    assert verdict.verdict == "held"


IN_TIME = """\
- id: late
  for_each: exhibits
  when: {not_done: {action: answer, about: claim, before: LIMIT}, at: {overdue_after: 1 working day}}
  then: [{recommend: apologise, about: claim}]
"""


@pytest.mark.parametrize(
    ("limit", "day", "is_late"),
    [
        (
            "1 working day after exhibit.at",
            "03T17:59:59",
            False,
        ),  # at closing time, not at the hour of the exhibit
        ("1 working day after exhibit.at", "03T18:00:00", True),
        ("1 calendar day after exhibit.at", "03T23:59:59", False),
        ("2 hours after exhibit.at", "02T11:59:00", False),
        ("2 hours after exhibit.at", "02T12:00:00", True),
        ("2 hours before exhibit.at", "02T07:59:00", False),
        ("2 hours before exhibit.at", "02T08:00:00", True),
    ],
)
def test_an_act_is_compared_with_a_time_after_or_before_an_instant(
    make: Make, limit: str, day: str, is_late: bool
) -> None:
    policy = make(IN_TIME.replace("LIMIT", limit))
    decision = policy.decide(case(answered("k", day), exhibits=EXHIBITS[:1]), at=at("09T10:00:00"))
    assert bool(decision.plan) is is_late


def test_a_promise_that_was_kept_on_the_last_day_was_kept_in_time(make: Make) -> None:
    policy = make("""\
- id: late
  when: {x.when: {after: 2 working days after x.then}}
  then: [{recommend: call}]
""")
    for kept, is_late in (("04T17:59:59", False), ("04T18:00:00", False), ("04T18:00:01", True)):
        facts = {"x.then": "2026-03-02T10:00:00+08:00", "x.when": f"2026-03-{kept}+08:00"}
        assert bool(policy.decide({"facts": facts}, at=at("09T10:00:00")).plan) is is_late, kept


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("{action: call, about: claim}", "claim is a record of claims, but call is about the case or a record"),
        ("{action: waive, about: claim}", "claim is a record of claims, but waive is about charges; expected an action"),
        ("{action: answer, about: claims}", "unknown scope of acts 'claims'; did you mean 'claim'"),
        ("{action: answer, about: strong}", "unknown scope of acts 'strong'; expected any, case, claim or this"),
        ("{action: answer, before: 2 days after exhibit.strong}", "exhibit.strong is a flag and cannot be compared"),
        ("{action: answer, before: '2 days before exhibit.at, moved to a working day'}", "moves to no working day"),
        ("{action: answer, before: 2 days of exhibit.at}", "does not say whether it is before or after exhibit.at"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told(make: Make, test: str, message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        make(
            f"- id: a\n  for_each: exhibits\n  when: {{done: {test}}}\n  then: [{{recommend: call, about: case}}]\n"
        )


CALL_AGAIN = """\
- id: again
  when: {done: {action: call, outcome: no_answer}}
  then: [{recommend: call, within: 4 hours of call}]
"""


def called(hour: int, outcome: str = "no_answer") -> dict[str, Any]:
    return {"action": "call", "by": "clerk", "at": f"2026-03-02T{hour:02}:00:00+08:00", "outcome": outcome}


@pytest.mark.parametrize("in_history", [False, True])
def test_an_attempt_that_failed_answers_the_one_before(make: Make, in_history: bool) -> None:
    policy = make(CALL_AGAIN)

    def told(*acts: dict[str, Any]) -> dict[str, Any]:
        return (
            {"history": [{"at": each["at"], "acts": [each]} for each in acts]}
            if in_history
            else {"acts": list(acts)}
        )

    one = policy.decide(told(called(9)), at=at("02T10:00:00"))
    assert [step.due for step in one.plan] == [at("02T13:00:00")]
    two = policy.decide(told(called(9), called(12)), at=at("02T14:00:00"))
    assert [(step.due, step.overdue) for step in two.plan] == [(at("02T16:00:00"), False)]
    reached = policy.decide(told(called(9), called(12), called(13, "done")), at=at("02T14:00:00"))
    assert reached.plan == ()


def test_an_attempt_that_came_late_is_told(make: Make) -> None:
    acts = [called(9), called(14), called(15, "done")]
    history = {"history": [{"at": each["at"], "acts": [each]} for each in acts]}
    (breach,) = make(CALL_AGAIN).audit(history, at=at("03T10:00:00")).breaches
    assert (breach.kind, breach.at, breach.done_at) == ("late", at("02T13:00:00"), at("02T15:00:00"))
