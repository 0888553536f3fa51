"""Issue 9, X: acts with an id count once, can be corrected and withdrawn; a record can take the place of another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules import CaseError, Policy, PolicyError
from escalation_rules.values import Party
from tests.core.clocks.desk import Desk, act, breaches, done, entry, history, on, plan

REPLY = "- {id: replies, then: [{recommend: reply, within: 3 hours of case.opened_at}]}\n"
TWICE = "- {id: twice, when: {done: {action: remind, at_least: 2}}, then: [{recommend: close_case}]}\n"
OPENED = entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat())


def found(policy: Policy, case: dict[str, Any], said: str = "fri 09:00") -> list[str]:
    return [each.action for each in policy.decide(case, at=on(said)).plan]


def problems(policy: Policy, case: dict[str, Any]) -> list[tuple[str, str | None]]:
    with pytest.raises(CaseError) as caught:
        policy.case(case)
    return [(each.code, each.path) for each in caught.value.diagnostics]


# --- counted once -----------------------------------------------------------------------------------------------------


def test_an_act_that_is_delivered_twice_counts_once(desk: Desk) -> None:
    policy, once, other = desk(TWICE), act("remind", "mon 10:00", id="w1"), act("remind", "mon 10:00")
    assert found(policy, {"acts": [once, once]}) == []
    assert found(policy, {"acts": [once, {**once, "outcome": "done"}]}) == [], "what is said for granted, too"
    assert found(policy, {"acts": [once, {**once, "id": "w2"}]}) == ["close_case"]
    assert found(policy, {"acts": [other, other]}) == ["close_case"], "without an id each is one"
    assert found(policy, history(entry("mon 11:00", once, once))) == []
    assert found(policy, history(entry("mon 11:00", once), entry("tue 11:00", once))) == []


def test_delivered_again_without_its_instant_it_keeps_the_one_it_had(desk: Desk) -> None:
    bare = act("reply", id="w1")
    case = history(OPENED, entry("mon 10:00", bare), entry("tue 11:00", bare))
    assert done(desk(REPLY), case, "fri 09:00") == [("reply", None, "mon 10:00")]


def test_one_id_of_two_acts_is_an_error_in_one_breath(desk: Desk) -> None:
    policy, one, two = desk(TWICE), act("remind", "mon 10:00", id="w"), act("remind", "mon 11:00", id="w")
    assert problems(policy, {"acts": [one, two]}) == [("duplicate", "acts[1].id")]
    assert problems(policy, history(entry("tue 09:00", one, two))) == [("duplicate", "history[0].acts[1].id")]
    for wrong in ("", 3, ["w"]):
        assert problems(policy, {"acts": [{**one, "id": wrong}]}) == [("wrong-value", "acts[0].id")]


# --- corrected --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("correction", "when", "step"),
    [
        (act("reply", "mon 13:00", id="w"), "mon 13:00", "late"),
        (act("reply", id="w"), "mon 10:00", None),
        (act("remind", id="w"), None, "omitted"),
        (act("reply", by="customer", id="w"), None, "omitted"),
        ({**act("reply", id="w"), "at": None}, "mon 10:00", None),
    ],
)
def test_a_later_entry_corrects_an_act(
    desk: Desk, correction: dict[str, Any], when: str | None, step: str | None
) -> None:
    policy = desk(REPLY)
    case = history(OPENED, entry("mon 10:00", act("reply", id="w")), entry("tue 09:00", correction))
    assert done(policy, case, "fri 09:00") == ([("reply", None, when)] if when else [])
    late = [kind for kind, action, _ in breaches(policy, case, "fri 09:00") if action == "reply"]
    assert [each for each in late if each != "forbidden"] == ([step] if step else [])


CALL = (
    "  call: {phase: handle, by: [agent, lead], about: messages, outcomes: [done, no_answer], "
    "params: {minutes: {type: count}, note: {type: text}}}\n"
)
TOLD = {
    "id": "w", "action": "call", "by": "agent", "about": "k1", "outcome": "no_answer",
    "params": {"minutes": 5, "note": "x"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("correction", "expected"),
    [
        ({}, {}),
        ({"by": "lead"}, {"by": Party("lead", "lead")}),
        ({"outcome": "done"}, {"outcome": "done"}),
        ({"outcome": None}, {"outcome": "done"}),
        ({"about": None}, {"about": None}),
        ({"params": {"minutes": 6}}, {"params": {"minutes": 6, "note": "x"}}),
        ({"params": {"minutes": None}}, {"params": {"note": "x"}}),
        ({"params": None}, {"params": {}}),
        ({"action": "reply"}, {"action": "reply", "outcome": "done", "about": None, "params": {}}),
    ],
)
def test_a_correction_keeps_what_it_does_not_state(
    desk: Desk, correction: dict[str, Any], expected: dict[str, Any]
) -> None:
    """The owner of a repair desk corrected the doer of a failed repair; it became a success."""
    policy = desk(REPLY, words=CALL)
    first = entry("mon 10:00", TOLD, messages=[{"id": "k1"}])
    again = {"action": "call", "by": "agent", "id": "w", **correction}
    case = history(first, entry("tue 09:00", again))
    (told,) = policy.case(history(first)).acts
    assert policy.case(case).acts == (attrs.evolve(told, **expected),)


def test_a_correction_by_the_same_doer_keeps_the_role(desk: Desk) -> None:
    policy = desk(REPLY)
    told = {"action": "reply", "by": "lin", "as": "agent", "id": "w"}
    first = entry("mon 10:00", told, parties=[{"id": "lin", "role": "lead"}])
    case = history(first, entry("tue 09:00", {"action": "reply", "by": "lin", "id": "w"}))
    assert [each.by for each in policy.case(case).acts] == [Party("lin", "agent")]


def test_a_correction_keeps_the_place_of_the_act(desk: Desk) -> None:
    policy = desk(
        "- {id: it, when: {done: {action: reply, not_followed_by: remind}}, then: [{recommend: close_case}]}\n"
    )
    case = history(
        entry("mon 10:00", act("reply", id="w", by="lead")),
        entry("mon 10:00", "remind"),
        entry("mon 10:00", act("reply", id="w", by="agent")),
    )
    assert found(policy, case) == []


# --- withdrawn --------------------------------------------------------------------------------------------------------

WITHDRAWN = {"id": "w", "retract": True}


def test_an_act_that_was_wrongly_logged_is_withdrawn(desk: Desk) -> None:
    policy = desk(REPLY)
    logged = [OPENED, entry("mon 10:00", act("reply", id="w"))]
    case = history(*logged, entry("tue 09:00", WITHDRAWN))
    assert found(policy, case) == ["reply"]
    assert plan(policy, case, "mon 11:00") == [("reply", None, "mon 12:00")], "it was never done"
    assert breaches(policy, case, "fri 09:00") == [("omitted", "reply", "mon 12:00")]
    again = history(*logged, entry("tue 09:00", WITHDRAWN), entry("tue 10:00", act("reply", id="w")))
    assert done(policy, again, "fri 09:00") == [("reply", None, "tue 10:00")]
    twice = history(*logged, entry("tue 09:00", WITHDRAWN), entry("tue 09:00", WITHDRAWN))
    assert found(policy, twice) == ["reply"]
    kept = history(*logged, entry("tue 09:00", {**act("reply", id="w"), "retract": False}))
    assert found(policy, kept) == []


def test_what_cannot_be_withdrawn_is_an_error(desk: Desk) -> None:
    policy, logged = desk(REPLY), entry("mon 10:00", act("reply", id="w"))
    place = "history[1].acts[0]"
    assert problems(policy, {"acts": [WITHDRAWN]}) == [("does-not-fit", "acts[0].retract")]
    assert problems(policy, {"acts": [{**act("reply", "mon 10:00"), "retract": False}]}) == [
        ("does-not-fit", "acts[0].retract")
    ]
    for wrong, code, path in (
        ({"id": "W", "retract": True}, "unknown-act", f"{place}.id"),
        ({"retract": True}, "missing-key", f"{place}.id"),
        ({"id": "w", "retract": "yes"}, "wrong-value", f"{place}.retract"),
        ({**WITHDRAWN, "action": "reply"}, "unknown-key", f"{place}.action"),
    ):
        assert problems(policy, history(logged, entry("tue 09:00", wrong))) == [(code, path)]
    early = history(entry("mon 09:00", WITHDRAWN), logged)
    assert problems(policy, early) == [("unknown-act", "history[0].acts[0].id")]


# --- a record that takes the place of another -------------------------------------------------------------------------

POINTS = """
format: 1
vocabulary:
  records:
    points:
      each: point
      absent: none
      takes_place_of: corrects
      fields:
        corrects: {type: reference, to: points}
        open: {type: flag}
  actions:
    settle_point: {phase: handle, owner: agent, about: points}
"""
SETTLE = """
- {id: settles, for_each: points, when: {open: true}, then: [{recommend: settle_point}]}
- {id: closes, when: {none: points, where: {open: true}}, then: [{recommend: close_case}]}
"""


def test_a_record_that_is_replaced_no_longer_counts(desk: Desk) -> None:
    policy = desk(SETTLE, more=[POINTS])
    old, new = {"id": "p1", "open": True}, {"id": "p2", "open": False, "corrects": "p1"}
    assert found(policy, {"points": [old]}) == ["settle_point"]
    assert found(policy, {"points": [old, new]}) == ["close_case"]
    assert found(policy, {"points": [new, old]}) == ["close_case"], "whatever their order"
    third = {"id": "p3", "open": True, "corrects": "p2"}
    assert plan(policy, {"points": [old, new, third]}, "fri 09:00") == [("settle_point", "p3", None)]


def test_in_a_history_it_counts_until_it_is_replaced_and_again_when_that_is_withdrawn(desk: Desk) -> None:
    policy = desk(SETTLE, more=[POINTS])
    case = history(
        entry("mon 09:00", points=[{"id": "p1", "open": True}]),
        entry("tue 09:00", points=[{"id": "p2", "open": False, "corrects": "p1"}]),
        entry("wed 09:00", points=[{"id": "p2", "retract": True}]),
        entry("thu 09:00", points=[{"id": "p2", "open": False, "corrects": "p1"}]),
        entry("fri 09:00", points=[{"id": "p2", "corrects": None}]),
    )
    told = [found(policy, case, f"{day} 10:00") for day in ("mon", "tue", "wed", "thu", "fri")]
    assert told == [["settle_point"], ["close_case"], ["settle_point"], ["close_case"], ["settle_point"]]


def test_records_cannot_replace_each_other(desk: Desk) -> None:
    policy = desk(SETTLE, more=[POINTS])
    points = [{"id": "p1", "corrects": "p2"}, {"id": "p2", "corrects": "p3"}, {"id": "p3", "corrects": "p1"}]
    assert problems(policy, {"points": points}) == [("wrong-value", "points[0].corrects")]
    assert problems(policy, {"points": [{"id": "p1", "corrects": "p1"}]}) == [
        ("wrong-value", "points[0].corrects")
    ]
    told = history(*(entry("mon 09:00", points=[each]) for each in points))
    assert problems(policy, told) == [("wrong-value", "history[2].points[0].corrects")]
    told["history"].append(entry("mon 10:00", points=[{"id": "p4", "corrects": "p3"}]))
    assert problems(policy, told) == [("wrong-value", "history[2].points[0].corrects")]
    unknown = history(
        *(entry("mon 09:00", points=each) for each in ([*points[:2], {"id": "p3"}], None, points[2:]))
    )
    policy.case(unknown)
    undone = history(
        entry("mon 09:00", points=points[:2]),
        entry("mon 09:00", points=[{"id": "p2", "retract": True}]),
        entry("mon 09:00", points=points[2:]),
    )
    policy.case(undone)


@pytest.mark.parametrize(
    ("field", "code"),
    [("open", "not-comparable"), ("corected", "unknown-field"), ("first", "not-comparable")],
)
def test_the_place_is_taken_through_a_reference_to_the_same_list(desk: Desk, field: str, code: str) -> None:
    words = POINTS.replace("takes_place_of: corrects", f"takes_place_of: {field}")
    words = words.replace(
        "open: {type: flag}", "open: {type: flag}\n        first: {type: reference, to: messages}"
    )
    with pytest.raises(PolicyError) as caught:
        desk(SETTLE, more=[words])
    assert [each.code for each in caught.value.diagnostics] == [code]


def test_a_party_that_was_replaced_keeps_its_role_in_what_acts_say_of_it(tmp_path: Path) -> None:
    """Found by the oracle's long run (s18/3117)."""
    (tmp_path / "policy.yaml").write_text(
        """\
format: 1
languages: en
ruleset: desk
vocabulary:
  phases: [work]
  roles: [agent, customer]
  records:
    parties:
      each: party
      fields: {role: {type: choice, values: [agent, customer]}, instead_of: {type: reference, to: parties}}
      takes_place_of: instead_of
  actions:
    call: {phase: work, params: {whom: {type: party, apart: true}}}
rules:
  - {id: r, then: [{recommend: call, whom: customer}]}
""",
        encoding="utf-8",
    )
    policy = Policy.load(tmp_path)
    call = {"action": "call", "by": "agent", "at": "2026-03-02T09:00:00Z", "params": {"whom": "wang"}}
    parties = [{"id": "wang", "role": "customer"}, {"id": "li", "role": "customer", "instead_of": "wang"}]
    decision = policy.decide({"parties": parties, "acts": [call]}, at=datetime(2026, 3, 3, tzinfo=UTC))
    assert ([step.action for step in decision.plan], [each.action for each in decision.done]) == (
        [],
        ["call"],
    )
