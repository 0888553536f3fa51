"""SEMANTICS J, Time: `review_at` is the earliest later instant, within a year, at which the decision would differ."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from escalation_rules import Decision, Policy
from escalation_rules.engine import Program
from tests.core.policies import (
    ENGINES,
    MICRO,
    NOW,
    Make,
    Plain,
    act,
    at,
    decide,
    iso,
    questions,
    random_policies,
)


def exact(policy: Policy, case: dict[str, Plain], when: datetime = NOW) -> datetime | None:
    """`review_at`, after proving that the decision does not differ just before it and does at it."""
    decision = policy.decide(case, at=when)
    review = decision.review_at
    if review is not None:
        assert when < review <= when + timedelta(days=365)
        assert not decision.same_as(policy.decide(case, at=review))
        assert decision.same_as(policy.decide(case, at=max(when, review - MICRO)))
    return review


def test_the_order_of_what_ends_holds_is_that_of_the_rules(make: Make) -> None:
    policy = make(
        "- id: it\n  for_each: charges\n  then:\n"
        "    - {hold: dun, about: case, until: {at: {older_than: 1 day}}}\n"
        "    - {hold: dun, about: case, until: {x.a: true}}\n"
    )
    charges = [{"id": "k1", "at": iso(1)}, {"id": "k2"}]  # k2 keeps both holds alive when k1's first ends
    for moment in (NOW, at(25)):
        held = decide(policy, {"charges": charges}, moment).held
        assert [list(each.until) for each in held] == [
            [{"at": {"older_than": "1 day"}}, {"x.a": {"equals": True}}]
        ]
    assert exact(policy, {"charges": charges}) is None


def rule(condition: str, effect: str = "recommend: call") -> str:
    return f"- {{id: it, when: {condition}, then: [{{{effect}}}]}}\n"


@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ("{any: [{x.a: true}, {during: 12:00-13:00}]}", "recommend: call"),
        ("{any: [{x.a: true}, {during: 12:00-13:00}]}", "forbid: call"),
        ("{none: [{x.a: true}, {during: 12:00-13:00}]}", "conclude: v.a"),
        ("{all: [{x.a: false}, {any: [{x.b: true}, {during: 12:00-13:00}]}]}", "conclude: v.a"),
        ("{all: [{not: {x.a: true}}, {during: 12:00-13:00}]}", "conclude: v.a"),
    ],
)
def test_what_the_rest_of_a_condition_has_settled_needs_no_look_ahead(
    make: Make, monkeypatch: pytest.MonkeyPatch, condition: str, effect: str
) -> None:
    policy = make(rule(condition, effect) + "- {id: use, when: {v.a: false}, then: [recommend: ask]}\n")
    tried = []
    assessment = Program.assessment

    def counted(*given: Any, **more: Any) -> Any:
        tried.append(given)
        return assessment(*given, **more)

    monkeypatch.setattr(Program, "assessment", counted)
    assert policy.decide({"facts": {"x.a": True}}, at=NOW).review_at is None
    assert not tried


def test_a_presumption_that_is_asked_about_settles_nothing(make: Make) -> None:
    """If it was wrong, it would depend on the time of day whether the call is wanted: it is asked about in between only."""
    policy = make(rule("{any: [{x.sort: plea}, {during: 12:00-13:00}]}"))
    noon = datetime(2026, 3, 3, 4, tzinfo=UTC)  # in Taipei
    assert [each.fact for each in decide(policy, {"facts": {}}, noon).missing] == []
    assert [each.fact for each in decide(policy, {"facts": {}}, NOW).missing] == ["x.sort"]
    assert exact(policy, {"facts": {}}) == noon


def test_since_when_something_is_settled_may_change_by_time(make: Make) -> None:
    """What is late before its reason is known is due anew; the reason is the night as long as it lasts, else what was learned."""
    policy = make(
        "- {id: c, when: {all: [{x.a: true}, {during: 09:00-18:00}]}, then: [conclude: v.a]}\n"
        "- {id: r, when: {v.a: false}, then: [{recommend: call, within: 1 hour of x.when}]}\n"
    )
    night, learned = datetime(2026, 3, 2, 15, tzinfo=UTC), datetime(2026, 3, 2, 14, tzinfo=UTC)
    case = {
        "history": [
            {"at": iso(-50), "facts": {"x.when": iso(-48)}},
            {"at": learned.isoformat(), "facts": {"x.a": False}},
        ]
    }
    decision = policy.decide(case, at=night)
    review = decision.review_at
    assert decision.plan[0].due is not None
    for hours in range(1, 40):
        later = policy.decide(case, at=night + timedelta(hours=hours))
        assert decision.same_as(later) is (review is None or later.at < review)


@pytest.mark.parametrize(
    ("condition", "facts", "review"),
    [
        ("{x.when: {older_than: 3 days}}", {"x.when": iso()}, at(days=3)),
        ("{x.when: {newer_than: 3 days}}", {"x.when": iso(-1)}, at(71)),
        ("{x.when: {older_than: 3 days}}", {"x.when": iso(days=-4)}, None),
        ("{x.when: passed}", {"x.when": iso(5)}, at(5)),
        ("{x.when: not passed}", {"x.when": iso(5)}, at(5)),
        ("{x.when: {coming_within: 24 hours}}", {"x.when": iso(30)}, at(6)),
        ("{x.when: {coming_within: 24 hours}}", {"x.when": iso(20)}, at(20)),
        ("{x.when: {elapsed_between: [2 days, 5 days]}}", {"x.when": iso()}, at(days=2)),
        ("{x.when: {elapsed_between: [2 days, 5 days]}}", {"x.when": iso(days=-3)}, at(days=2)),
        # From closing time on, the next working day is over when the one after it opens.
        ("{x.when: {older_than: 1 working day}}", {"x.when": iso()}, datetime(2026, 3, 4, 1, tzinfo=UTC)),
        ("{x.when: {older_than: 3 days}, x.a: false}", {"x.when": iso(), "x.a": True}, None),
        (
            "{any: [{x.when: {older_than: 3 days}}, {x.then: {older_than: 1 day}}]}",
            {"x.when": iso(), "x.then": iso()},
            at(days=1),
        ),
        (
            "{all: [{x.when: {older_than: 3 days}}, {x.then: {older_than: 1 day}}]}",
            {"x.when": iso(), "x.then": iso()},
            at(days=3),
        ),
        (
            "{x.when: {older_than: 1 day}, not: {x.then: {older_than: 1 day}}}",
            {"x.when": iso(), "x.then": iso()},
            None,
        ),
        ("{x.heat: hot}", {"x.heat": "hot"}, None),
        ("{x.when: {older_than: 3 days}}", {}, None),
    ],
)
def test_review_at_is_the_instant_at_which_a_test_flips(
    make: Make, condition: str, facts: dict[str, Any], review: datetime | None
) -> None:
    assert exact(make(rule(condition)), {"facts": facts}) == review


def test_review_at_is_within_a_year_or_null(make: Make) -> None:
    for days, review in ((365, at(days=365)), (366, None)):
        policy = make(rule(f"{{x.when: {{older_than: {days} days}}}}"))
        assert exact(policy, {"facts": {"x.when": iso()}}) == review
        assert exact(policy, {"facts": {"x.when": iso(days=-1)}}) == at(days=days - 1)


def test_review_at_sees_what_a_step_makes_of_time(make: Make) -> None:
    overdue = make(rule("{x.a: true}", "recommend: call, within: 3 hours of x.when"))
    assert exact(overdue, {"facts": {"x.a": True, "x.when": iso()}}) == at(3)
    assert exact(overdue, {"facts": {"x.a": True, "x.when": iso(-3)}}) is None
    again = make(rule("{x.a: true}", "recommend: call, again: every 2 days"))
    assert exact(again, {"facts": {"x.a": True}, "acts": [act("call")]}) == at(days=2)
    future = {"facts": {"x.a": True}, "acts": [act("call", 4)]}
    assert exact(again, future) == at(4)


def test_review_at_sees_stale_facts_and_holds_and_gates_and_orders(make: Make) -> None:
    case = {"facts": {"x.heat": "hot", "x.when": iso()}, "learned_at": {"x.heat": iso(-1)}}
    assert exact(make(rule("{x.heat: hot}")), case) == at(47)
    until = make(
        rule("{x.when: given}")
        + "- {id: holds, then: [{hold: call, until: {x.when: {older_than: 1 day}}}]}\n"
    )
    assert exact(until, case) == at(days=1)
    assert exact(make(rule("{x.when: given}"), gate="{x.when: {newer_than: 1 day}}"), case) == at(days=1)
    words = "phase_order: [{when: {x.when: {older_than: 5 hours}}, order: [settle, inquire, soothe, alarm]}]"
    ordered = make(rule("{x.when: given}") + "- {id: two, then: [{recommend: gift}]}\n", words=words)
    assert exact(ordered, case) == at(5)


def test_review_at_sees_a_choice_that_turns_on_time(make: Make) -> None:
    policy = make(
        "- {id: it, then: [{conclude: v.kind, "
        "first_that_applies: [{one: {x.when: {newer_than: 1 day}}}], otherwise: two}]}\n"
    )
    assert exact(policy, {"facts": {"x.when": iso()}}) == at(days=1)


def test_review_at_sees_parameters_that_select_by_time(make: Make) -> None:
    policy = make(
        rule("{x.a: true}", "recommend: pay, times: {count: charges, where: {at: {older_than: 1 day}}}")
    )
    assert exact(policy, {"facts": {"x.a": True}, "charges": [{"id": "k1", "at": iso()}]}) == at(days=1)
    policy = make(
        rule("{x.a: true}", "recommend: pay, total: {sum: charges.amount, where: {at: {newer_than: 1 day}}}")
    )
    case = {"currency": "TWD", "facts": {"x.a": True}, "charges": [{"id": "k1", "at": iso(), "amount": 5}]}
    assert exact(policy, case) == at(days=1)


def test_review_at_sees_a_reason_that_comes_back_to_a_step_that_is_open_for_another(make: Make) -> None:
    policy = make("""
- {id: signalled, then: [{recommend: call, within: 10 hours of x.when}]}
- {id: regular, then: [{recommend: call, again: every 2 days}]}
""")
    case = {"facts": {"x.when": iso()}, "acts": [act("call", -47)]}
    assert [each.because[0].rule for each in decide(policy, case).plan] == ["signalled"]
    assert exact(policy, case) == at(1)


def test_review_at_sees_when_what_is_said_to_be_learned_later_starts_the_time_of_a_step_anew(
    make: Make,
) -> None:
    policy = make(rule("{x.a: true}", "recommend: call, within: 1 hour of x.when"))
    case: dict[str, Plain] = {"facts": {"x.a": True, "x.when": iso(-5)}, "learned_at": {"x.a": iso(3)}}
    assert [each.due for each in decide(policy, case).plan] == [at(-4)]
    assert exact(policy, case) == at(3)
    assert [each.due for each in decide(policy, case, at(3)).plan] == [at(4)]


def test_review_at_sees_when_a_history_says_that_a_record_will_be_recorded(make: Make) -> None:
    """Found by the oracle: an entry may say that a record was recorded later than the entry."""
    policy = make(
        "- {id: it, for_each: claims, then: [{recommend: apologise, within: 2 days of claim.at}]}\n"
    )
    claim = {"id": "c", "at": iso(-72), "recorded_at": iso(12)}
    case = {"history": [{"at": iso(-240), "claims": [claim]}]}
    assert [each.due for each in decide(policy, case).plan] == [at(-24)]
    assert exact(policy, case) == at(12)
    assert [each.due for each in decide(policy, case, at(12)).plan] == [at(60)]


def test_review_at_sees_a_question_that_comes_back_with_its_step(make: Make) -> None:
    policy = make(rule("{x.a: true}", "recommend: call, again: every 2 days"))
    assert exact(policy, {"acts": [act("call", -1)]}) == at(47)


def test_review_at_sees_the_end_of_a_prohibition_on_parameters(make: Make) -> None:
    policy = make("""
- {id: pays, then: [{recommend: pay, deadline: x.when}]}
- {id: not-yet, then: [{forbid: pay, where: {deadline: {older_than: 2 hours}}}]}
""")
    assert exact(policy, {"facts": {"x.when": iso()}}) == at(2)


def test_review_at_skips_instants_at_which_nothing_changes(make: Make) -> None:
    policy = make(
        rule("{x.a: true, x.when: {older_than: 1 day}}")
        + "- {id: then, when: {x.then: {older_than: 1 day}}, then: [{recommend: ask}]}\n"
    )
    case = {"facts": {"x.a": False, "x.when": iso(), "x.then": iso(5)}}
    assert exact(policy, case) == at(29)


def test_review_at_follows_a_chain_of_what_time_reveals(make: Make) -> None:
    policy = make("""
- {id: regular, when: {x.when: {older_than: 1 hour}}, then: [{recommend: call, again: every 2 days}]}
""")
    case = {"facts": {"x.when": iso()}, "acts": [act("call", 3)]}
    review = exact(policy, case)
    seen: list[datetime] = []
    while review is not None and len(seen) < 5:
        seen.append(review)
        review = exact(policy, case, review)
    assert seen == [at(1), at(3), at(51)]


@pytest.mark.parametrize("engine", ENGINES)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@example(seed=547, step=1)  # learned after the instant of the decision
@example(seed=1078, step=1)  # a conclusion about an unknown list
@given(seed=st.integers(0, 10**6), step=st.integers(1, 300))
def test_review_at_is_exact_for_random_policies(
    engine: str, tmp_path_factory: pytest.TempPathFactory, seed: int, step: int
) -> None:
    """Nothing changes at any sampled instant before it, and something does at it."""
    ((name, path),) = random_policies(tmp_path_factory.mktemp("policy"), f"review {seed}", 1)
    policy = Policy.load(path, engine=engine)  # type: ignore[arg-type]
    for case, when in questions(name, 3):
        if "history" in case:  # what a later entry says is no question of time
            case["history"] = [each for each in case["history"] if datetime.fromisoformat(each["at"]) <= when]
        decision = policy.decide(case, at=when)
        review = exact(policy, case, decision.at)
        end = review or decision.at + timedelta(days=365)
        for part in range(1, 12):
            sample = decision.at + (end - decision.at) * part / 12 + timedelta(hours=step % 7)
            if sample < end:
                assert decision.same_as(policy.decide(case, at=sample)), (seed, sample)


# --- lazy, and carried along ------------------------------------------------------------------------------------------


def test_review_at_is_not_worked_out_until_it_is_asked_for(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    policy = make(rule("{x.when: {older_than: 3 days}}"))
    asked: list[Any] = []
    real = Program.next_change

    def spy(self: Program, *args: Any, **more: Any) -> Any:
        asked.append(args)
        return real(self, *args, **more)

    monkeypatch.setattr(Program, "next_change", spy)
    decision = decide(policy, x__when=iso())
    assert decision.plan == ()
    assert decision.missing == ()
    assert decision == decide(policy, x__when=iso())
    assert asked == []
    assert decision.review_at == at(days=3)
    assert decision.review_at == at(days=3)
    assert len(asked) == 1, "once"


def test_a_pickled_or_copied_decision_keeps_its_review_at_and_leaves_the_policy_behind(make: Make) -> None:
    policy = make(
        rule("{x.when: {older_than: 3 days}}") + "- {id: pays, then: [{recommend: pay, total: x.amount}]}\n"
    )
    decision = decide(policy, {"id": "T", "currency": "TWD"}, x__when=iso(), x__amount=5)
    for same in (pickle.loads(pickle.dumps(decision)), copy.deepcopy(decision), copy.copy(decision)):
        assert isinstance(same, Decision)
        assert same == decision
        assert same.review_at == at(days=3)
        assert same.to_dict() == decision.to_dict()


def test_a_decision_at_the_end_of_time_has_an_answer(make: Make) -> None:
    policy = make(
        rule("{x.when: {older_than: 3 days}}")
        + "- {id: heat, when: {x.heat: hot}, then: [{recommend: ask}]}\n"
    )
    end = datetime.max.replace(tzinfo=UTC)
    case = {
        "facts": {"x.when": "9999-12-30T00:00:00Z", "x.heat": "hot"},
        "learned_at": {"x.heat": "9999-12-31T00:00:00Z"},
        "acts": [{"action": "call", "by": "clerk", "at": "9999-12-31T23:00:00Z"}],
    }
    for when in (end, datetime.min.replace(tzinfo=UTC), NOW):
        assert decide(policy, case, when).review_at is None or when == NOW
