"""`explain ACTION` names recorded acts that complete no step, and says why (SEMANTICS 24, 29, 70, 89)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from tests.core.policies import NOW

POLICY = """
format: 1
languages: [en]
vocabulary:
  phases: [now]
  roles: [customer, clerk, boss, guard]
  facts:
    case.asked_at: {type: instant}
  records:
    parties: {each: party, absent: none, fields: {role: {type: party}}}
    parcels: {each: parcel, absent: none, fields: {lost: {type: flag}}}
  actions:
    pack: {phase: now, owner: clerk}
    call:
      phase: now
      owner: clerk
      by: [clerk, boss]
      anchor: case.asked_at
      not_by: pack
      outcomes: [reached, no_answer]
      counts: [reached]
    search: {phase: now, owner: clerk, about: parcels, params: {place: {type: text, apart: true}}}
ruleset: parcels
label: Parcels
rules:
  - id: call-them
    because: They asked.
    then:
      - recommend: call
        within: 1 hour of case.asked_at
  - id: search-for-it
    because: It is lost.
    for_each: parcels
    when: {lost: true}
    then:
      - recommend: search
        place: depot
"""


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("policy") / "parcels.yaml"
    Path(path).write_text(POLICY, encoding="utf-8")
    return Policy.load(path)


def act(action: str, by: str, hour: int, **more: Any) -> dict[str, Any]:
    return {"action": action, "by": by, "at": NOW.replace(hour=hour).isoformat(), **more}


def uncounted(policy: Policy, action: str, *acts: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    case = {"facts": {"case.asked_at": NOW.replace(hour=5).isoformat()}, "acts": list(acts), **more}
    return [(each.by, each.why) for each in policy.explain(case, action, at=NOW).uncounted]


def test_a_missed_call_and_a_call_by_the_wrong_role_do_not_count(policy: Policy) -> None:
    missed = act("call", "clerk", 6, outcome="no_answer")
    assert uncounted(policy, "call", act("call", "guard", 7), missed) == [
        ("clerk", "outcome"),
        ("guard", "role"),
    ]


def test_an_act_that_counts_is_not_listed(policy: Policy) -> None:
    assert uncounted(policy, "call", act("call", "boss", 6)) == []


def test_an_act_before_the_step_counts_is_too_early_and_says_from_when(policy: Policy) -> None:
    case = {"facts": {"case.asked_at": NOW.replace(hour=5).isoformat()}, "acts": [act("call", "clerk", 4)]}
    (found,) = policy.explain(case, "call", at=NOW).uncounted
    assert (found.why, found.since) == ("too_early", NOW.replace(hour=5))


def test_who_is_barred_or_not_known_does_not_count(policy: Policy) -> None:
    people = {"parties": [{"id": "lin", "role": "clerk"}, {"id": "wu"}, {"id": "ho", "role": "clerk"}]}
    acts = [act("pack", "lin", 5), act("call", "lin", 6), act("call", "wu", 7)]
    assert uncounted(policy, "call", *acts, **people) == [("lin", "barred"), ("wu", "unknown_role")]
    acts = [act("pack", "clerk", 5), act("call", "ho", 6)]  # only a role is known: it may have been ho
    assert uncounted(policy, "call", *acts, **people) == [("ho", "same_role")]


def test_an_act_with_another_value_or_about_another_record(policy: Policy) -> None:
    parcels = {"parcels": [{"id": "a", "lost": True}, {"id": "b", "lost": False}]}
    acts = [
        act("search", "clerk", 6, about="a", params={"place": "van"}),
        act("search", "clerk", 7, about="b"),
    ]
    assert uncounted(policy, "search", *acts, **parcels) == [("clerk", "value")]
    acts.append(act("search", "clerk", 8, about="a"))
    assert uncounted(policy, "search", *acts, **parcels) == []


def test_an_act_about_a_list_without_its_record_counts_for_none(policy: Policy) -> None:
    parcels = {"parcels": [{"id": "a", "lost": True}]}
    acts = [act("search", "clerk", 6), act("search", "clerk", 7, about="a")]
    assert uncounted(policy, "search", *acts, **parcels) == [("clerk", "no_record")]
