"""SEMANTICS 80: what one person does in one go names the step that it is part of."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import Decision, Policy, PolicyError
from tests.core.policies import NOW, Make, act, decide, iso

CLAIMS = {"id": "K", "claims": [{"id": "c1"}, {"id": "c2"}]}
TALK = "call, measure, apologise, answer"


def group(actions: str = TALK, go: str = "true", name: str = "talk") -> str:
    """A file that declares a group."""
    return f"format: 1\nvocabulary: {{groups: {{{name}: {{actions: [{actions}], in_one_go: {go}}}}}}}\n"


def rules(*effects: str) -> str:
    return "".join(f"- {{id: r{number}, then: [{{{each}}}]}}\n" for number, each in enumerate(effects))


def of_claims(*actions: str) -> str:
    then = ", ".join(f"{{recommend: {each}}}" for each in actions)
    return f"- {{id: each, for_each: claims, then: [{then}]}}\n"


def goes(decision: Decision) -> dict[str, list[str]]:
    """What is part of what, each by action and record."""
    names = {step.id: _name(step) for step in decision.plan}
    found: dict[str, list[str]] = {_name(step): [] for step in decision.plan if step.part_of is None}
    for step in decision.plan:
        if step.part_of is not None:
            found[names[step.part_of]].append(_name(step))
    return found


def _name(step: Any) -> str:
    return f"{step.action} {step.about}" if step.about else step.action


def test_later_steps_of_the_group_are_part_of_the_first(make: Make) -> None:
    policy = make(rules("recommend: call", "recommend: measure") + of_claims("apologise"), more=[group()])
    decision = decide(policy, CLAIMS)
    assert goes(decision) == {"call": ["measure", "apologise c1", "apologise c2"]}
    assert {step.part_of for step in decision.plan} == {None, "K/call//1"}
    assert Decision.from_dict(decision.to_dict()).plan == decision.plan


def test_what_is_done_leaves_the_lead_to_the_next(make: Make) -> None:
    policy = make(rules("recommend: call", "recommend: measure", "recommend: ask"), more=[group()])
    assert goes(decide(policy, {"id": "K"})) == {"call": ["measure"], "ask": []}
    called = decide(policy, {"id": "K", "acts": [act("call", -1)]})
    assert goes(called) == {"ask": [], "measure": []}
    assert not called.changes_since(decide(policy, {"id": "K"})).changed, "a step that leads now is the same"


def test_another_owner_does_it_apart(make: Make) -> None:
    policy = make(
        rules("recommend: call", "recommend: measure, owner: boss", "recommend: answer, owner: boss"),
        more=[group()],
    )
    assert goes(decide(policy, {"id": "K"})) == {"call": [], "measure": ["answer"]}


def test_the_most_urgent_phase_stays_out_of_it(make: Make) -> None:
    policy = make(
        rules("recommend: secure", "recommend: call", "recommend: measure"),
        more=[group("secure, call, measure")],
    )
    assert goes(decide(policy, {"id": "K"})) == {"secure": [], "call": ["measure"]}


def test_the_order_in_force_says_which_phase_is_the_most_urgent(make: Make) -> None:
    order = (
        "phase_order:\n- {when: {x.a: true}, order: [soothe, alarm, inquire, settle]}\n"
        "- {when: {x.a: false}, order: [alarm, soothe, inquire, settle]}\n"
    )
    policy = make(rules("recommend: call", "recommend: measure"), words=order, more=[group()])
    assert goes(decide(policy, {"id": "K"}, x__a=True)) == {"call": [], "measure": []}
    assert goes(decide(policy, {"id": "K"}, x__a=False)) == {"call": ["measure"]}


def test_each_record_of_the_list_that_is_named_has_a_go_of_its_own(make: Make) -> None:
    policy = make(
        rules("recommend: call", "recommend: measure") + of_claims("apologise", "answer"),
        more=[group(go="claims")],
    )
    assert goes(decide(policy, CLAIMS)) == {
        "call": ["measure", "answer c1", "apologise c1"],
        "answer c2": ["apologise c2"],
    }


def test_what_is_about_no_record_joins_the_first_go(make: Make) -> None:
    policy = make(
        rules("recommend: pay, owner: clerk") + of_claims("apologise"),
        more=[group("apologise, pay", go="claims")],
    )
    found = decide(policy, CLAIMS)
    assert goes(found) == {"apologise c1": ["pay"], "apologise c2": []}


def test_order_and_due_times_stay_as_they_are(make: Make) -> None:
    effects = rules(
        "recommend: call, within: 9 hours of x.when", "recommend: measure, within: 1 hour of x.when"
    )
    alone, together = make(effects), make(effects, more=[group()])
    case = {"id": "K", "facts": {"x.when": iso(0)}}
    [flat, grouped] = [policy.decide(case, at=NOW).plan for policy in (alone, together)]
    assert [(each.id, each.due) for each in flat] == [(each.id, each.due) for each in grouped]


def test_a_case_without_an_id_has_no_ids_to_name(make: Make) -> None:
    policy = make(rules("recommend: call", "recommend: measure"), more=[group()])
    assert goes(decide(policy)) == {"call": [], "measure": []}


def test_a_later_layer_adds_actions(make: Make) -> None:
    extended = "format: 1\nvocabulary: {extend: {talk: [ask]}}\n"
    policy = make(rules("recommend: call", "recommend: ask"), more=[group(), extended])
    assert goes(decide(policy, {"id": "K"})) == {"call": ["ask"]}


def test_two_groups_cannot_claim_one_action(make: Make) -> None:
    with pytest.raises(PolicyError, match="measure is already done in one go with the group talk"):
        make(rules("recommend: call"), more=[group(), group("ask, measure", name="desk")])
    make(rules("recommend: call"), more=[group(), group("ask, measure", go="false", name="desk")])


def test_a_list_that_is_not_there_is_named_with_the_nearest(make: Make) -> None:
    with pytest.raises(PolicyError, match="claims") as error:
        make(rules("recommend: call"), more=[group(go="claim")])
    assert [each.code for each in error.value.diagnostics] == ["unknown-record-list"]


def test_in_the_built_in_policy_whoever_fetches_a_superior_settles_who_has_the_case() -> None:
    case = {
        "id": "K",
        "facts": {"case.opened_at": iso(-1)},
        "parties": [{"id": "lin", "role": "customer", "temperature": "furious", "upset_since": iso(-1)}],
    }
    decision = Policy.load(engine="plain").decide(case, at=NOW)
    assert "assign_owner" in goes(decision)["take_upstairs"]
