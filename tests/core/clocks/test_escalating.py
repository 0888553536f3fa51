"""Letter I: who waits longer is asked of somebody else. Of rules that differ, the narrower one has the last word."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import PolicyError, Release
from escalation_rules.tools.lint import lint
from tests.core.clocks.desk import Desk, act, entry, history, on, told

Plain = Any
CASE: dict[str, Plain] = {"id": "T", "facts": {"case.opened_at": on("mon 09:00").isoformat()}}
BY_TIME = """
- id: four
  when: {case.opened_at: {older_than: 4 hours}}
  then: [{recommend: reply, owner: agent}]
- id: eight
  when: {case.opened_at: {older_than: 8 hours}}
  then: [{recommend: reply, owner: lead}]
"""
MORE = """\
format: 1
vocabulary:
  facts:
    case.mood: {type: level, values: [calm, cross, furious]}
    case.sum: {type: amount}
  actions:
    inform:
      phase: handle
      owner: agent
      params:
        how: {type: choice, values: [mail, phone]}
        limit: {type: amount}
    close_all: {phase: close, owner: agent, about: case}
"""


def steps(policy: Any, said: str, **facts: Plain) -> list[tuple[str, str | None, list[str]]]:
    """The plan as (action, owner, rules)."""
    case = {
        **CASE,
        "facts": {**CASE["facts"], **{key.replace("__", "."): each for key, each in facts.items()}},
    }
    found = policy.decide(case, at=on(said)).plan
    return [(each.action, each.owner, [reason.rule for reason in each.because]) for each in found]


def codes(policy: Any) -> list[str]:
    return [each.code for each in lint(policy.model) if each.code == "conflicting-steps"]


def test_waiting_longer_hands_the_step_to_the_lead(desk: Desk) -> None:
    policy = desk(BY_TIME)
    assert steps(policy, "mon 12:59") == []
    assert steps(policy, "mon 13:00") == [("reply", "agent", ["four"])]
    assert steps(policy, "mon 17:00") == [("reply", "lead", ["eight", "four"])], "both reasons stay"
    assert codes(policy) == []


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("{case.urgent: true}", "{case.urgent: true, case.waiting: true}"),
        ("{not_done: reply}", "{case.urgent: true, not_done: reply}"),
        ("{any: [{case.urgent: true}, {case.waiting: true}]}", "{case.urgent: true}"),
        ("{some: messages}", "{some: messages, where: {loud: true}}"),
        ("{some: messages, where: {loud: true}}", "{some: messages, where: {loud: true, sender: customer}}"),
        ("{count: messages, at_least: 2}", "{count: messages, at_least: 3}"),
        ("{count: messages, above: 1}", "{count: messages, above: 2}"),
        (
            "{nothing_done_for: {for: 1 hour, since: case.opened_at}}",
            "{nothing_done_for: {for: 2 hours, since: case.opened_at}}",
        ),
        ("{done: remind}", "{done: {action: remind, at_least: 2}}"),
        ("{done: {action: remind, older_than: 1 hour}}", "{done: {action: remind, older_than: 120 minutes}}"),
        (
            "{case.opened_at: {older_than: 1 working hour}}",
            "{case.opened_at: {older_than: 90 working minutes}}",
        ),
        (
            "{case.opened_at: {older_than: 1 hour}}",
            "{case.opened_at: {elapsed_between: [2 hours, 20 hours]}}",
        ),
        ("{case.opened_at: {newer_than: 2 days}}", "{case.opened_at: {newer_than: 1 day}}"),
        ("{case.mood: {at_least: cross}}", "{case.mood: furious}"),
        ("{case.mood: {in: [cross, furious]}}", "{case.mood: cross}"),
        ("{case.mood: {is_not: calm}}", "{case.mood: {in: [cross, furious]}}"),
        ("{case.mood: {at_least: cross}}", "{case.mood: {above: cross}}"),
        ("{case.sum: {above: {TWD: 5, CNY: 1}}}", "{case.sum: {at_least: {TWD: 10, CNY: 2}}}"),
        ("{case.sum: {above: {TWD: 5, CNY: 1}}}", "{case.sum: {above: {TWD: 5}}}"),
        ("{case.sum: {between: [{TWD: 1}, {TWD: 9}]}}", "{case.sum: {between: [{TWD: 2}, {TWD: 9}]}}"),
    ],
)
def test_the_narrower_rule_has_the_last_word(desk: Desk, wide: str, narrow: str) -> None:
    for first, second in (("a", "b"), ("b", "a")):  # whatever their ids
        rules = f"""
        - {{id: {first}, when: {wide}, then: [{{recommend: reply, owner: agent}}]}}
        - {{id: {second}, when: {narrow}, then: [{{recommend: reply, owner: lead}}]}}
        """
        policy = desk(rules, more=[MORE])
        assert codes(policy) == []
        case = {
            **CASE,
            "currency": "TWD",
            "facts": {
                **CASE["facts"],
                "case.urgent": True,
                "case.waiting": True,
                "case.sum": 11,
                "case.mood": "furious",
            },
            "messages": [
                {"id": f"m{n}", "at": on("mon 09:00").isoformat(), "loud": True, "sender": "customer"}
                for n in range(4)
            ],
            "acts": [act("remind", "mon 09:00"), act("remind", "mon 09:01")],
        }
        for said, mood, total in (
            ("mon 12:30", "furious", 11),
            ("mon 12:30", "cross", 8),
            ("tue 12:30", "cross", 8),
        ):
            facts = {**case["facts"], "case.mood": mood, "case.sum": total}
            decision = policy.decide({**case, "facts": facts}, at=on(said))
            assert not decision.held
            for step in decision.plan:
                rules_named = [each.rule for each in step.because]
                assert step.owner == ("lead" if second in rules_named else "agent")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{case.urgent: true}", "{case.waiting: true}"),
        ("{case.urgent: true}", "{case.urgent: true}"),
        ("{case.opened_at: {older_than: 2 working hours}}", "{case.opened_at: {older_than: 4 hours}}"),
        ("{case.opened_at: {older_than: 4 hours}}", "{case.opened_at: {newer_than: 8 hours}}"),
        ("{case.sum: {above: {TWD: 5}}}", "{case.sum: {at_least: {TWD: 6, CNY: 1}}}"),
        ("{count: messages, at_least: 2}", "{count: messages, where: {loud: true}, at_least: 1}"),
    ],
)
def test_what_is_not_narrower_is_held_and_both_rules_are_named(desk: Desk, one: str, other: str) -> None:
    policy = desk(
        f"""
    - {{id: a, when: {one}, then: [{{recommend: reply, owner: agent}}]}}
    - {{id: b, when: {other}, then: [{{recommend: reply, owner: lead}}]}}
    """,
        more=[MORE],
    )
    (warning,) = [each for each in lint(policy.model) if each.code == "conflicting-steps"]
    assert "b and a (see " in warning.message
    assert "a different owner" in warning.message
    assert warning.position is not None
    assert warning.position.line > 4
    case = {
        **CASE, "currency": "TWD", "facts": {**CASE["facts"], "case.urgent": True, "case.waiting": True, "case.sum": 9},
        "messages": [{"id": "m1", "loud": True}, {"id": "m2"}],
    }  # fmt: skip
    decision = policy.decide(case, at=on("mon 14:00"))
    (held,) = decision.held
    assert decision.plan == ()
    assert [each.rule for each in held.because] == ["a", "b"]
    assert held.needs == (Release("parameter", "owner"),)


def test_escalates_says_it_where_no_rule_is_narrower(desk: Desk) -> None:
    policy = desk("""
    - {id: normal, when: {case.urgent: true}, then: [{recommend: reply, owner: agent}]}
    - {id: waiting, when: {case.waiting: true}, escalates: normal, then: [{recommend: reply, owner: lead}]}
    """)
    assert codes(policy) == []
    assert steps(policy, "mon 10:00", case__urgent=True) == [("reply", "agent", ["normal"])]
    assert steps(policy, "mon 10:00", case__urgent=True, case__waiting=True) == [
        ("reply", "lead", ["normal", "waiting"])
    ]


def test_escalates_reaches_over_the_one_between_and_beats_the_narrower_one(desk: Desk) -> None:
    policy = desk("""
    - {id: a, when: {case.urgent: true, case.waiting: true}, then: [{recommend: remind, owner: agent}]}
    - {id: b, when: {some: messages}, escalates: [a], then: [{recommend: remind, owner: lead}]}
    - {id: c, when: {case.urgent: true}, escalates: [b], then: [{recommend: remind, owner: customer}]}
    """)
    assert codes(policy) == []
    found = steps(policy, "mon 10:00", case__urgent=True, case__waiting=True)
    assert found == [("remind", "customer", ["a", "c"])]


def test_parameters_that_must_be_the_same_go_by_the_narrower_rule(desk: Desk) -> None:
    policy = desk(
        """
        - {id: a, when: {case.urgent: true}, then: [{recommend: inform, how: mail}]}
        - {id: b, when: {case.urgent: true, case.waiting: true}, then: [{recommend: inform, how: phone}]}
        """,
        more=[MORE],
    )
    assert codes(policy) == []
    case = {**CASE, "facts": {"case.urgent": True, "case.waiting": True}}
    (step,) = policy.decide(case, at=on("mon 10:00")).plan
    assert step.params == {"how": "phone"}


def test_a_value_that_only_the_narrower_rule_does_not_know_stays_open(desk: Desk) -> None:
    policy = desk(
        """
        - {id: a, when: {case.urgent: true}, then: [{recommend: inform, limit: {TWD: 5}}]}
        - {id: b, when: {case.urgent: true, case.waiting: true}, then: [{recommend: inform, limit: case.sum}]}
        """,
        more=[MORE],
    )
    case = {**CASE, "currency": "TWD", "facts": {"case.urgent": True, "case.waiting": True}}
    (step,) = policy.decide(case, at=on("mon 10:00")).plan
    assert (step.incomplete, step.params) == (("limit",), {})


def test_only_what_can_meet_is_warned_of(desk: Desk) -> None:
    policy = desk(
        """
        - {id: apart, when: {case.urgent: true}, then: [{recommend: reply, owner: agent}]}
        - {id: never-with-it, when: {case.urgent: false}, then: [{recommend: reply, owner: lead}]}
        - {id: of-a-message, for_each: messages, when: {loud: true}, then: [{recommend: remind, owner: agent}]}
        - {id: of-the-case, when: {case.urgent: true}, then: [{recommend: remind, owner: lead}]}
        - {id: closes, for_each: messages, when: {loud: true}, then: [{recommend: close_all, owner: agent}]}
        - {id: closes-too, for_each: messages, when: {loud: false}, then: [{recommend: close_all, owner: lead}]}
        """,
        more=[MORE],
    )
    found = [each for each in lint(policy.model) if each.code == "conflicting-steps"]
    assert [("closes" in each.message) for each in found] == [True], (
        "two messages may ask for one step of the case"
    )


def test_one_rule_may_conflict_with_itself(desk: Desk) -> None:
    policy = desk("- {id: a, then: [{recommend: reply, owner: agent}, {recommend: reply, owner: lead}]}")
    assert codes(policy) == ["conflicting-steps"]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ("- {id: a, escalates: b, then: [{recommend: reply}]}", "unknown-rule"),
        ("- {id: a, escalates: a, then: [{recommend: reply}]}", "bad-escalation"),
        (
            "- {id: a, escalates: b, then: [{recommend: reply}]}\n- {id: b, then: [{recommend: remind}]}",
            "bad-escalation",
        ),
        (
            "- {id: a, escalates: b, for_each: messages, then: [{recommend: reply}]}\n- {id: b, then: [{recommend: reply}]}",
            "bad-escalation",
        ),
        (
            "- {id: a, escalates: b, then: [{recommend: reply}]}\n- {id: b, escalates: a, then: [{recommend: reply}]}",
            "cycle",
        ),
    ],
)
def test_what_cannot_escalate_is_an_error(desk: Desk, rules: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        desk(rules)
    assert [each.code for each in caught.value.diagnostics] == [code]
    assert all(each.position is not None for each in caught.value.diagnostics)


# --- the time goes with it --------------------------------------------------------------------------------------------

TIMES = """
- {id: desk, then: [{recommend: reply, owner: agent, within: 26 hours of case.opened_at}]}
- id: upstairs
  when: {case.opened_at: {older_than: 48 hours}}
  %s
  then: [{recommend: reply, owner: lead, within: 50 hours of case.opened_at}]
"""


def test_who_escalates_brings_a_time_of_their_own(desk: Desk) -> None:
    """Decision and audit agree: the agent missed tuesday, the lead has until wednesday."""
    case = history(
        entry("mon 08:00", case__opened_at=on("mon 08:00").isoformat()),
        entry("wed 09:30", act("reply", "wed 09:30")),
    )
    policy = desk(TIMES % "escalates: desk")
    first, now = (policy.decide(case, at=on(moment)).plan[0] for moment in ("tue 11:00", "wed 08:30"))
    assert (first.owner, told(first.due), first.overdue) == ("agent", "tue 10:00", True)
    assert (now.owner, told(now.due), now.overdue) == ("lead", "wed 10:00", False)
    assert [each.rule for each in now.because] == ["desk", "upstairs"]
    found = policy.audit(case, at=on("fri 09:00")).breaches
    assert [(each.kind, each.action, [reason.rule for reason in each.because]) for each in found] == [
        ("late", "reply", ["desk"])
    ]


def test_without_escalates_the_earliest_time_counts(desk: Desk) -> None:
    case = history(entry("mon 08:00", case__opened_at=on("mon 08:00").isoformat()))
    step = desk(TIMES % "").decide(case, at=on("wed 08:30")).plan[0]
    assert (step.owner, told(step.due), step.overdue) == ("lead", "tue 10:00", True)


def test_a_rule_that_says_no_time_takes_none_over(desk: Desk) -> None:
    case = history(entry("mon 08:00", case__opened_at=on("mon 08:00").isoformat()))
    rules = (TIMES % "escalates: desk").replace(", within: 50 hours of case.opened_at", "")
    assert told(desk(rules).decide(case, at=on("wed 08:30")).plan[0].due) == "tue 10:00"


# --- when a deadline was missed ---------------------------------------------------------------------------------------

AT_ONCE = """
- {{id: desk, then: [{{recommend: reply, owner: agent, within: {time} of case.opened_at}}]}}
- id: chief
  escalates: desk
  when: {{case.opened_at: {{{test}: {time}}}}}
  then: [{{recommend: reply, owner: lead, within: 20 working hours of case.opened_at}}]
"""


@pytest.mark.parametrize(
    ("test", "time", "missed"),
    [
        ("older_than", "30 minutes", "mon 09:30"),
        ("overdue_after", "30 minutes", "mon 09:30"),
        ("overdue_after", "1 working day", "tue 18:00"),
        ("older_than", "1 working day", None),  # taken over at nine, before the desk was late
    ],
)
def test_who_missed_the_deadline_at_which_the_step_is_taken_over_is_named(
    desk: Desk, test: str, time: str, missed: str | None
) -> None:
    policy = desk(AT_ONCE.format(test=test, time=time))
    opened = on("mon 09:00").isoformat()
    case = {
        "history": [
            {"at": opened, "facts": {"case.opened_at": opened}},
            {"at": on("wed 10:00").isoformat(), "acts": [{"action": "reply", "by": "lead"}]},
        ]
    }
    found = policy.audit(case, at=on("wed 11:00")).breaches
    assert [(each.at, each.rules) for each in found] == ([] if missed is None else [(on(missed), ("desk",))])


def test_a_step_is_taken_over_when_it_is_overdue_and_not_before(desk: Desk) -> None:
    policy = desk(AT_ONCE.format(test="overdue_after", time="1 working day"))
    case = {"facts": {"case.opened_at": on("mon 11:00").isoformat()}}
    before, after = (policy.decide(case, at=on(each)) for each in ("tue 17:59", "tue 18:00"))
    assert [(each.owner, each.due) for each in before.plan] == [("agent", on("tue 18:00"))]
    assert [each.owner for each in after.plan] == ["lead"]
    assert before.review_at == on("tue 18:00")


def test_taken_over_in_the_instant_of_the_deadline_for_another_reason_nobody_is_late(desk: Desk) -> None:
    """The step is still wanted, but the first reason for it has ended, and was met until then."""
    policy = desk("""
    - id: soon
      when: {case.opened_at: {newer_than: 30 minutes}}
      then: [{recommend: reply, within: 30 minutes of case.opened_at}]
    - {id: later, then: [{recommend: reply, within: 5 hours of case.opened_at}]}
    """)
    opened = on("mon 09:00").isoformat()
    case = {
        "history": [
            {"at": opened, "facts": {"case.opened_at": opened}},
            {"at": on("mon 10:00").isoformat(), "acts": [{"action": "reply", "by": "agent"}]},
        ]
    }
    assert policy.audit(case, at=on("mon 11:00")).breaches == ()
