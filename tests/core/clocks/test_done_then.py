"""Issue 9, C and D: an act counts by when it was done, whatever entry logged it, and by the role its doer had then."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import CaseError
from tests.core.clocks.desk import Desk, act, breaches, done, entry, history, on, plan

REPLY = "- {id: replies, then: [{recommend: reply, within: 3 hours of case.opened_at}]}\n"
LATE = history(
    entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat()),
    entry("mon 18:00", act("reply", "mon 10:00")),
)


def test_what_was_done_in_time_and_logged_later_is_no_breach(desk: Desk) -> None:
    assert breaches(desk(REPLY), LATE, "fri 09:00") == []


def test_a_decision_on_the_past_shows_what_was_done_by_then(desk: Desk) -> None:
    policy = desk(REPLY)
    assert plan(policy, LATE, "mon 09:59") == [("reply", None, "mon 12:00")]
    assert done(policy, LATE, "mon 12:00") == [("reply", None, "mon 10:00")]
    assert plan(policy, LATE, "mon 12:00") == []


def test_what_was_done_late_and_logged_later_is_late_from_its_due_on(desk: Desk) -> None:
    case = history(LATE["history"][0], entry("tue 18:00", act("reply", "mon 13:00")))
    found = desk(REPLY).audit(case, at=on("fri 09:00"))
    assert [(each.kind, each.at, each.done_at) for each in found] == [
        ("late", on("mon 12:00"), on("mon 13:00"))
    ]


def test_facts_count_by_when_they_were_learned_though_an_act_of_their_entry_came_before(desk: Desk) -> None:
    policy = desk("- {id: urgent, when: {case.urgent: true}, then: [{recommend: remind}]}\n" + REPLY)
    case = history(
        entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat()),
        entry("mon 18:00", act("reply", "mon 10:00"), case__urgent=True),
    )
    assert plan(policy, case, "mon 12:00") == []
    assert plan(policy, case, "mon 18:00") == [("remind", None, None)]


def test_an_act_that_an_entry_foretells_happens_at_its_instant(desk: Desk) -> None:
    policy = desk(REPLY)
    case = history(entry("mon 09:00", act("reply", "mon 11:00"), case__opened_at=on("mon 09:00").isoformat()))
    assert policy.decide(case, at=on("mon 10:00")).review_at == on("mon 11:00")
    assert done(policy, case, "mon 11:00") == [("reply", None, "mon 11:00")]


def test_what_later_entries_bring_is_no_reason_to_look_again(desk: Desk) -> None:
    assert desk(REPLY).decide(LATE, at=on("mon 09:00")).review_at == on("mon 12:00")


# --- the role of whoever did it ---------------------------------------------------------------------------------------

LIN = [{"id": "lin", "role": "agent"}]


def handed_over(**change: Any) -> dict[str, Any]:
    return history(
        entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat(), parties=LIN),
        entry("mon 10:00", act("reply", by="lin")),
        entry("tue 09:00", parties=[{"id": "lin", **change}]),
    )


@pytest.mark.parametrize("change", [{"role": "customer"}, {"role": None}, {"retract": True}])
def test_a_change_of_role_leaves_what_was_done_before(desk: Desk, change: dict[str, Any]) -> None:
    policy, case = desk(REPLY), handed_over(**change)
    assert done(policy, case, "wed 09:00") == [("reply", None, "mon 10:00")]
    assert plan(policy, case, "wed 09:00") == []
    assert breaches(policy, case, "fri 09:00") == []


@pytest.mark.parametrize("logged", ["mon 10:00", "wed 10:00"])
def test_conditions_know_the_role_that_somebody_had_then(desk: Desk, logged: str) -> None:
    policy = desk("""
- {id: by-agent, when: {done: {action: close_case, by: agent}}, then: [{recommend: remind}]}
- {id: by-customer, when: {done: {action: close_case, by: customer}}, then: [{recommend: reopen_case}]}
""")
    closed = {**act("close_case", by="lin"), "at": on("mon 10:00").isoformat()}
    entries = [
        entry("mon 09:00", parties=LIN),
        entry("tue 09:00", parties=[{"id": "lin", "role": "customer"}]),
        entry(logged, closed),
    ]
    case = history(*sorted(entries, key=lambda each: str(each["at"])))
    assert plan(policy, case, "wed 10:00") == [("remind", None, None)]


def test_an_act_before_its_doer_was_recorded_is_by_the_first_known_role(desk: Desk) -> None:
    policy = desk(REPLY)
    case = history(
        entry("mon 09:00", act("reply", by="lin"), case__opened_at=on("mon 09:00").isoformat()),
        entry("mon 13:00", parties=[{"id": "lin"}]),
        entry("mon 14:00", parties=LIN),
        entry("mon 15:00", parties=[{"id": "lin", "role": "customer"}]),
    )
    assert done(policy, case, "mon 16:00") == [("reply", None, "mon 09:00")]
    assert breaches(policy, case, "fri 09:00") == []


@pytest.mark.parametrize(
    ("entries", "by"),
    [
        (("mon 10:00 role", "mon 10:00 act"), "customer"),
        (("mon 10:00 act", "mon 10:00 role"), "agent"),
        (("mon 09:30 act", "mon 09:45 role"), "customer"),  # it foretells what was done at 10:00
    ],
)
def test_at_one_instant_the_order_of_entries_says_which_role_it_was(
    desk: Desk, entries: tuple[str, str], by: str
) -> None:
    policy = desk(
        f"- {{id: it, when: {{done: {{action: remind, by: {by}}}}}, then: [{{recommend: reply}}]}}\n"
    )
    what = {
        "role": {"parties": [{"id": "lin", "role": "customer"}]},
        "act": {"acts": [act("remind", "mon 10:00", by="lin")]},
    }
    told = [{**entry(each.rpartition(" ")[0]), **what[each.rpartition(" ")[2]]} for each in entries]
    case = history(entry("mon 09:00", parties=LIN), *told)
    assert plan(policy, case, "mon 12:00") == [("reply", None, None)]


def test_an_audit_judges_by_the_role_of_then(desk: Desk) -> None:
    policy = desk("- {id: bans, then: [{forbid: remind, by: customer}]}\n")
    case = history(
        entry("mon 09:00", parties=LIN),
        entry("mon 10:00", act("remind", by="lin")),
        entry("tue 09:00", parties=[{"id": "lin", "role": "customer"}]),
        entry("tue 10:00", act("remind", by="lin")),
        entry("wed 10:00", act("remind", "mon 11:00", by="lin")),
    )
    assert breaches(policy, case, "fri 09:00") == [("forbidden", "remind", "tue 10:00")]
    assert [each.by for each in policy.audit(case, at=on("fri 09:00"))] == ["customer"]


# --- a plain case says it ---------------------------------------------------------------------------------------------


def handed(role: str, **said: Any) -> dict[str, Any]:
    """A plain case in which `lin` has this role today."""
    return {
        "id": "T",
        "facts": {"case.opened_at": on("mon 09:00").isoformat()},
        "parties": [{"id": "lin", "role": role}],
        "acts": [act("reply", "mon 10:00", by="lin", **said)],
    }


def test_a_plain_case_says_in_which_role_somebody_acted(desk: Desk) -> None:
    policy = desk(REPLY)
    assert done(policy, handed("customer"), "mon 12:00") == []
    assert done(policy, handed("agent"), "mon 12:00") == [("reply", None, "mon 10:00")]
    assert done(policy, handed("customer", **{"as": "agent"}), "mon 12:00") == [("reply", None, "mon 10:00")]
    assert done(policy, handed("agent", **{"as": "customer"}), "mon 12:00") == []
    found = policy.decide(handed("customer", **{"as": "agent"}), at=on("mon 12:00")).done[0]
    assert found.by == "lin"


def test_the_role_that_an_act_says_wins_in_a_history_too(desk: Desk) -> None:
    policy, case = desk(REPLY), handed_over(role="customer")
    case["history"][1]["acts"][0]["as"] = "customer"
    assert done(policy, case, "mon 12:00") == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"by": "lin", "as": "agnet"}, "unknown-role"),
        ({"by": "lin", "as": "lin"}, "unknown-role"),
        ({"by": "lin", "as": 3}, "unknown-role"),
        ({"by": "agent", "as": "lead"}, "wrong-value"),
    ],
)
def test_a_role_that_cannot_be_meant_is_an_error(desk: Desk, said: dict[str, Any], code: str) -> None:
    case = handed("agent")
    case["acts"][0] |= said
    with pytest.raises(CaseError) as caught:
        desk(REPLY).case(case)
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [(code, "acts[0].as")]


def test_the_role_said_may_be_the_role_that_is_named(desk: Desk) -> None:
    policy, case = desk(REPLY), handed("agent")
    case["acts"][0] |= {"by": "agent", "as": "agent"}
    assert done(policy, case, "mon 12:00") == [("reply", None, "mon 10:00")]


def test_nothing_was_done_for_so_long_since_any_act(desk: Desk) -> None:
    policy = desk("- {id: idle, when: {nothing_done_for: 1 working day}, then: [{recommend: remind}]}\n")
    case = {
        "facts": {"case.opened_at": on("mon 09:00").isoformat()},
        "acts": [act("reply", "sat 21:00"), act("reply", "sun 09:00")],
    }
    told = [plan(policy, case, said) for said in ("mon 09:00 +1", "tue 08:59 +1", "tue 09:00 +1")]
    assert told == [[], [], [("remind", None, None)]], "a working day after Saturday evening ends on Tuesday"


def test_a_reason_that_nothing_was_done_is_known_when_the_longest_time_is_over(desk: Desk) -> None:
    policy = desk("""
- id: idle
  when: {nothing_done_for: 1 working day}
  then: [{recommend: remind, within: 1 hour of case.opened_at}]
""")
    case = {
        "facts": {"case.opened_at": on("mon 09:00").isoformat()},
        "acts": [act("reply", "sat 21:00"), act("reply", "sun 09:00")],
    }
    (step,) = policy.decide(case, at=on("tue 09:00 +1")).plan
    assert step.due == on("tue 10:00 +1")
