"""Issue 4, `changes_since`, `to_dict` and `from_dict`: what differs between two decisions, and decisions as data."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation_rules import LANGUAGES, Decision, Policy, RequestError
from tests.core.policies import NOW, Make, act, at, decide, iso, questions, random_policies

RULES = """
- {id: calls, when: {x.a: true}, then: [{recommend: call, within: 2 hours of x.when}]}
- {id: pays, then: [{recommend: pay, total: x.amount}]}
- {id: bans, when: {x.b: true}, then: [{forbid: call}]}
- {id: holds, when: {x.c: true}, then: [{hold: call, until: {done: secure}}]}
- {id: stands, when: {x.d: true}, then: [{forbid: dun}]}
"""


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES)


def changed(
    policy: Policy, before: dict[str, Any], after: dict[str, Any], *, hours: float = 0, **case: Any
) -> Any:
    base = {"x__b": False, "x__c": False, "x__amount": 5, "x__when": NOW.isoformat()}
    earlier = decide(policy, {"id": "T", "currency": "TWD"}, **{**base, **before})
    later = decide(policy, {"id": "T", "currency": "TWD", **case}, at(hours), **{**base, **after})
    return later.changes_since(earlier)


def parts(changes: Any) -> set[str]:
    return {name for name, value in changes.to_dict().items() if value}


def test_nothing_changed(policy: Policy) -> None:
    changes = changed(policy, {"x__a": True}, {"x__a": True})
    assert (bool(changes), parts(changes)) == (False, set())


def test_recommended_and_answered(policy: Policy) -> None:
    changes = changed(policy, {}, {"x__a": True})
    assert [each.action for each in changes.recommended] == ["call"]
    assert [each.fact for each in changes.answered] == ["x.a"]
    assert parts(changes) == {"recommended", "answered"}


def test_withdrawn_and_asked(policy: Policy) -> None:
    changes = changed(policy, {"x__a": True}, {"x__a": None})
    assert [(each.step.action, each.now) for each in changes.withdrawn] == [("call", "gone")]
    assert [each.fact for each in changes.asked] == ["x.a"]
    assert parts(changes) == {"withdrawn", "asked"}


def test_newly_forbidden_held_and_released(policy: Policy) -> None:
    free, forbidden, held = {"x__a": True}, {"x__a": True, "x__b": True}, {"x__a": True, "x__c": True}
    changes = changed(policy, free, forbidden)
    assert [(each.step.action, each.now) for each in changes.withdrawn] == [("call", "forbidden")]
    assert [(each.action, each.wanted) for each in changes.forbidden] == [("call", True)]
    changes = changed(policy, free, held)
    assert [(each.step.action, each.now) for each in changes.withdrawn] == [("call", "held")]
    assert [each.action for each in changes.held] == ["call"]
    assert [each.action for each in changes.recommended] == ["secure"]
    changes = changed(policy, forbidden, free)
    assert [each.action for each in changes.released] == ["call"]
    assert [each.action for each in changes.recommended] == ["call"]
    changes = changed(policy, forbidden, held)
    assert ([each.action for each in changes.held], changes.released) == (["call"], ())
    changes = changed(policy, {"x__d": False}, {"x__d": True})
    assert [(each.action, each.wanted) for each in changes.forbidden] == [("dun", False)]


def test_done(policy: Policy) -> None:
    changes = changed(
        policy,
        {"x__a": True, "x__when": iso(-1)},
        {"x__a": True, "x__when": iso(-1)},
        acts=[act("call", -0.5)],
    )
    assert [(each.step.id, each.now) for each in changes.withdrawn] == [("T/call//1", "done")]
    assert parts(changes) == {"withdrawn"}


def test_done_and_due_again(policy: Policy) -> None:
    changes = changed(
        policy, {"x__a": True, "x__when": iso(-3)}, {"x__a": True, "x__when": iso(-1)}, acts=[act("call", -2)]
    )
    assert [(each.step.id, each.now) for each in changes.withdrawn] == [("T/call//1", "done")]
    assert [each.id for each in changes.recommended] == ["T/call//2"]


def test_changed_parameters_and_due_times(policy: Policy) -> None:
    changes = changed(
        policy, {"x__a": True, "x__when": iso(0)}, {"x__a": True, "x__when": iso(1), "x__amount": 7}
    )
    assert [(each.step.action, each.part, each.before, each.after) for each in changes.changed] == [
        ("call", "due", "2026-03-02T12:00:00Z", "2026-03-02T13:00:00Z"),
        (
            "pay",
            "params",
            {"total": {"amount": "5", "currency": "TWD"}},
            {"total": {"amount": "7", "currency": "TWD"}},
        ),
    ]
    late = changed(policy, {"x__a": True, "x__when": iso(0)}, {"x__a": True, "x__when": iso(0)}, hours=2)
    assert [(each.part, each.before, each.after) for each in late.changed] == [("overdue", False, True)]
    unknown = changed(policy, {}, {"x__amount": None})
    assert {each.part for each in unknown.changed} == {"params", "incomplete"}


def test_steps_without_ids_are_the_same_by_action_and_record(policy: Policy) -> None:
    earlier = decide(policy, x__a=True, x__b=False, x__c=False, x__when=iso(0))
    later = decide(policy, x__a=True, x__b=False, x__c=False, x__when=iso(1))
    assert [each.part for each in later.changes_since(earlier).changed] == ["due"]


def test_a_steps_id_does_not_depend_on_the_policy(make: Make) -> None:
    one, two = make(RULES), make(RULES + "- {id: more, then: [{recommend: gift}]}\n")
    facts = {"x__a": True, "x__b": False, "x__c": False}
    before, after = decide(one, {"id": "T"}, **facts), decide(two, {"id": "T"}, **facts)
    assert before.policy.digest != after.policy.digest
    assert [each.action for each in after.changes_since(before).recommended] == ["gift"]
    assert not after.changes_since(before).withdrawn


# --- as data ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def decisions(tmp_path_factory: pytest.TempPathFactory) -> list[Decision]:
    """Decisions about random cases of random policies."""
    found = []
    for seed, path in random_policies(tmp_path_factory.mktemp("policies"), "data", 16):
        policy = Policy.load(path, engine="plain")
        found += [policy.decide(case, at=when) for case, when in questions(seed, 5)]
    return found


def test_a_decision_survives_the_way_to_json_and_back(decisions: list[Decision]) -> None:
    for decision in decisions:
        data = json.loads(json.dumps(decision.to_dict()))
        back = Decision.from_dict(data)
        assert back == decision
        assert back.review_at == decision.review_at
        assert back.to_dict() == data == decision.to_dict()
        assert not decision.changes_since(back)
        for language in LANGUAGES:
            json.dumps(decision.to_dict(language), allow_nan=False)


def test_a_decision_in_one_language_can_be_read_back(decisions: list[Decision]) -> None:
    for decision in decisions[::7]:
        data = decision.to_dict("en")
        assert Decision.from_dict(data).to_dict("en") == data


def leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from leaves(data[key], (*path, key))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**9),
    junk=st.sampled_from(
        [None, 5, "x", [], {}, [5], {"x": 1}, True, "", 1.5, [None], {"amount": "x", "currency": 5}]
    ),
)
def test_broken_data_is_refused_or_a_decision(decisions: list[Decision], seed: int, junk: Any) -> None:
    dice = random.Random(seed)
    data = json.loads(json.dumps(dice.choice(decisions).to_dict()))
    *path, last = dice.choice([each for each in leaves(data) if each])
    place = data
    for key in path:
        place = place[key]
    if dice.random() < 0.3 and isinstance(place, dict):
        del place[last]
    else:
        place[last] = junk
    with suppress(RequestError):
        Decision.from_dict(data)


def test_a_parameter_that_is_no_money_is_refused(policy: Policy) -> None:
    data = decide(policy, {"currency": "TWD"}, x__amount=5).to_dict()
    for junk in ({"amount": "x", "currency": "TWD"}, {"amount": {}, "currency": "TWD"}, {"amount": "5"}, {}):
        data["plan"][0]["params"]["total"] = junk
        with pytest.raises(RequestError, match=r"."):
            Decision.from_dict(data)


@pytest.mark.parametrize("data", [None, 5, "x", [], {}, {"format": 99}, {"format": 1}])
def test_what_is_no_decision_is_refused(data: Any) -> None:
    with pytest.raises(RequestError, match="decision"):
        Decision.from_dict(data)


def test_a_decision_that_was_read_back_says_where_to_ask_for_reasons(policy: Policy) -> None:
    decision = policy.decide({}, at=NOW)
    assert decision.explain("calls").about == "calls"
    with pytest.raises(Exception, match="policy\\.explain"):
        Decision.from_dict(decision.to_dict()).explain()
