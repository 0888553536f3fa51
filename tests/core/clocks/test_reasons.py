"""Issue 9, E and O: no step is late before its reason was known; time can count from when something was learned."""

from __future__ import annotations

import pytest

from escalation_rules import PolicyError
from tests.core.clocks.desk import Desk, Plain, act, breaches, entry, history, on, plan, told

URGENT = """
- id: urgent
  when: {case.urgent: true}
  then: [{recommend: reply, within: 1 hour of case.opened_at}]
"""
OPENED = entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat())


def told_of(policy: Plain, case: Plain, said: str) -> list[Plain]:
    """What an audit says, with the rules and since when it could be known."""
    return [
        (each.kind, told(each.at), told(each.known_from), each.rules)
        for each in policy.audit(case, at=on(said))
    ]


def test_the_time_runs_from_when_the_reason_was_known_if_it_was_over_before(desk: Desk) -> None:
    case = history(OPENED, entry("wed 10:00", case__urgent=True))
    policy = desk(URGENT)
    assert plan(policy, case, "wed 10:00") == [("reply", None, "wed 11:00")]
    assert told(policy.decide(case, at=on("wed 10:00")).review_at) == "wed 11:00"
    assert told_of(policy, case, "wed 12:00") == [("omitted", "wed 11:00", "wed 10:00", ("urgent",))]


def test_a_reason_that_was_known_in_time_leaves_the_due_as_it_is(desk: Desk) -> None:
    case = history(OPENED, entry("mon 09:40", case__urgent=True))
    assert plan(desk(URGENT), case, "mon 09:50") == [("reply", None, "mon 10:00")]


def test_what_is_said_again_was_known_before(desk: Desk) -> None:
    case = history(OPENED, entry("tue 10:00", case__urgent=True), entry("wed 10:00", case__urgent=True))
    assert plan(desk(URGENT), case, "wed 10:00") == [("reply", None, "tue 11:00")]


def test_a_plain_case_may_say_when_a_fact_was_learned(desk: Desk) -> None:
    case = {
        "facts": {"case.opened_at": on("mon 09:00").isoformat(), "case.urgent": True},
        "learned_at": {"case.urgent": on("wed 10:00").isoformat()},
    }
    assert plan(desk(URGENT), case, "wed 12:00") == [("reply", None, "wed 11:00")]


def test_what_is_not_dated_was_known_from_the_start(desk: Desk) -> None:
    case = {"facts": {"case.opened_at": on("mon 09:00").isoformat(), "case.urgent": True}}
    assert plan(desk(URGENT), case, "wed 12:00") == [("reply", None, "mon 10:00")]


@pytest.mark.parametrize(
    ("condition", "due"),
    [
        ("case.opened_at: {older_than: 2 days}", "wed 10:00"),  # the flip by time
        ("all: [{case.urgent: true}, {case.waiting: true}]", "thu 11:00"),  # the later
        ("any: [{case.urgent: true}, {case.waiting: true}]", "tue 11:00"),  # the earlier
        ("some: messages, where: {loud: true}", "wed 13:00"),
        ("count: messages, at_least: 2", "thu 13:00"),
        ("none: messages, where: {loud: false}", "thu 14:00"),  # the second was quiet at first
        ("every: messages, has: {loud: true}", "thu 14:00"),
        ("latest: messages, has: {loud: true}", "thu 14:00"),
        ("done: close_case", "tue 16:00"),
        ("done: {action: close_case, older_than: 1 day}", "wed 16:00"),
        ("not_done: {action: close_case, newer_than: 1 day}", "wed 16:00"),
        ("nothing_done_for: {for: 1 day, since: case.opened_at}", "wed 16:00"),
        ("not: {case.urgent: false}", "tue 11:00"),
        ("case.urgent: given", "tue 11:00"),
    ],
)
def test_each_condition_knows_since_when_it_holds(desk: Desk, condition: str, due: str) -> None:
    policy = desk(
        f"- {{id: r, when: {{{condition}}}, then: [{{recommend: reply, within: 1 hour of case.opened_at}}]}}"
    )
    case = history(
        OPENED,
        entry("tue 10:00", case__urgent=True),
        entry("tue 15:00", "close_case"),
        entry("wed 12:00", messages=[{"id": "m1", "at": on("wed 12:00").isoformat(), "loud": True}]),
        entry("thu 10:00", case__waiting=True),
        entry("thu 12:00", messages=[{"id": "m2", "at": on("thu 12:00").isoformat(), "loud": False}]),
        entry("thu 13:00", messages=[{"id": "m2", "loud": True}]),
    )
    assert ("reply", None, due) in plan(policy, case, "fri 12:00")


def test_a_conclusion_is_known_since_its_rule_holds(desk: Desk) -> None:
    words = "  case.hot: {type: flag, concluded: true}\n"
    policy = desk(
        """
        - {id: hot, when: {case.urgent: true}, then: [{conclude: case.hot}]}
        - {id: r, when: {case.hot: true}, then: [{recommend: reply, within: 1 hour of case.opened_at}]}
        """,
        facts=words,
    )
    case = history(OPENED, entry("wed 10:00", case__urgent=True))
    assert plan(policy, case, "wed 12:00") == [("reply", None, "wed 11:00")]


def test_an_exception_that_ended_is_when_the_reason_began(desk: Desk) -> None:
    rules = URGENT.replace("  then", "  unless: {case.waiting: true}\n  then")
    case = history(
        OPENED,
        entry("mon 09:10", case__urgent=True, case__waiting=True),
        entry("wed 10:00", case__waiting=False),
    )
    assert plan(desk(rules), case, "wed 12:00") == [("reply", None, "wed 11:00")]


def test_each_reason_is_a_breach_of_its_own(desk: Desk) -> None:
    policy = desk(
        """
        - id: loud
          for_each: messages
          when: {loud: true}
          then: [{recommend: reply, about: case, within: 1 hour of message.at}]
        """
    )
    first, second = (
        {"id": f"m{n}", "at": on(at).isoformat(), "loud": True}
        for n, at in ((1, "mon 10:00"), (2, "thu 10:00"))
    )
    case = history(
        OPENED,
        entry("mon 10:00", messages=[first]),
        entry("thu 10:00", messages=[second]),
        entry("fri 10:00", "reply"),
    )
    assert told_of(policy, case, "fri 12:00") == [
        ("late", "mon 11:00", "mon 10:00", ("loud",)),
        ("late", "thu 11:00", "thu 10:00", ("loud",)),
    ]


def test_reasons_with_the_same_due_are_one_breach(desk: Desk) -> None:
    policy = desk(URGENT + "- {id: also, then: [{recommend: reply, within: 1 hour of case.opened_at}]}\n")
    case = history(entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat(), case__urgent=True))
    assert told_of(policy, case, "mon 12:00") == [("omitted", "mon 10:00", "mon 09:00", ("also", "urgent"))]


@pytest.mark.parametrize("when", ["case.urgent: true", "case.waiting: false"])
def test_a_time_counts_from_learning_a_fact(desk: Desk, when: str) -> None:
    policy = desk(
        f"- {{id: r, when: {{{when}}}, then: [{{recommend: reply, within: 2 hours of learning case.urgent}}]}}"
    )
    case = history(OPENED, entry("tue 10:00", "reply"), entry("wed 10:00", case__urgent=True))
    assert plan(policy, case, "wed 10:30") == [
        ("reply", None, "wed 12:00")
    ]  # an earlier reply does not answer it
    assert breaches(policy, history(*case["history"], entry("wed 11:00", "reply")), "thu 10:00") == []


def test_a_time_counts_from_the_recording_of_a_record(desk: Desk) -> None:
    policy = desk(
        "- {id: r, for_each: messages, then: [{recommend: reply, about: case, within: 2 hours of learning message}]}"
    )
    message = {"id": "m", "at": on("mon 09:00").isoformat()}
    assert plan(policy, history(OPENED, entry("wed 10:00", messages=[message])), "wed 10:30") == [
        ("reply", None, "wed 12:00")
    ]
    plain = {"messages": [{**message, "recorded_at": on("tue 10:00").isoformat()}]}
    assert plan(policy, plain, "wed 10:00") == [("reply", None, "tue 12:00")]


def test_a_conclusion_about_an_unknown_list_is_false_since_its_ruleset_closed(desk: Desk) -> None:
    policy = desk(
        "- {id: r, when: {case.noisy: false}, then: [{recommend: reply, within: 2 hours of learning case.noisy}]}",
        facts="  case.noisy: {type: flag, concluded: true}\n",
        more=["""
            format: 1
            ruleset: concluding
            principle: fairness
            applies_while: {case.waiting: false}
            rules:
              - {id: c, for_each: messages, when: {loud: true}, then: [{conclude: case.noisy}]}
            """],
    )  # fmt: skip
    case = history(OPENED, entry("tue 10:00", case__waiting=True, messages=None))
    assert plan(policy, case, "tue 10:30") == [("reply", None, "tue 12:00")]


def test_where_nobody_knows_when_it_was_learned_the_anchor_of_the_action_counts(desk: Desk) -> None:
    policy = desk(
        "- {id: r, then: [{recommend: call, within: 2 hours of learning case.urgent}]}",
        words="  call: {phase: handle, anchor: case.opened_at}\n",
    )
    case = {"facts": {"case.opened_at": on("mon 09:00").isoformat(), "case.urgent": True}}
    assert plan(policy, case, "mon 10:00") == [("call", None, "mon 11:00")]


def test_what_cannot_be_learned_is_an_error(desk: Desk) -> None:
    with pytest.raises(PolicyError, match="urgnt"):
        desk("- {id: r, then: [{recommend: reply, within: 2 hours of learning case.urgnt}]}")


def test_an_act_is_known_when_it_was_done(desk: Desk) -> None:
    case = history(OPENED, entry("tue 18:00", act("close_case", "tue 10:00")))
    policy = desk(
        "- {id: r, when: {done: close_case}, then: [{recommend: reply, within: 1 hour of case.opened_at}]}"
    )
    assert plan(policy, case, "tue 18:00") == [("reply", None, "tue 11:00")]


HEAT = """\
  case.heat: {type: level, values: [calm, upset], stale_after: 2 days}
  case.trust: {type: flag, presume: true, stale_after: 2 days}
"""
SAID = entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat(), case__heat="upset", case__trust=False)


@pytest.mark.parametrize(
    "condition",
    [
        "unless: {case.heat: {at_least: upset}}",
        "unless: {any: [{case.urgent: true}, {case.heat: {at_least: upset}}]}",
        "unless: {case.trust: false}",
        "when: {case.trust: true}",
        "when: {case.heat: not given}",
        "when: {not: {case.heat: given}}",
    ],
)
def test_what_a_stale_value_kept_back_is_known_since_it_became_stale(desk: Desk, condition: str) -> None:
    policy = desk(
        f"- id: ask\n  {condition}\n  then: [{{recommend: reply, within: 1 hour of case.opened_at}}]",
        facts=HEAT,
    )
    case = history(SAID)
    assert plan(policy, case, "wed 08:59") == []
    assert plan(policy, case, "wed 09:30") == [("reply", None, "wed 10:00")]
    assert told_of(policy, case, "wed 12:00") == [("omitted", "wed 10:00", "wed 09:00", ("ask",))]


def test_a_stale_field_of_a_record_counts_alike(desk: Desk) -> None:
    policy = desk(
        """
        - id: ask
          unless: {some: moods, where: {heat: upset}}
          then: [{recommend: reply, within: 1 hour of case.opened_at}]
        - id: each
          for_each: moods
          unless: {mood.heat: upset}
          then: [{recommend: remind, within: 1 hour of case.opened_at}]
        """,
        more=[
            """
            format: 1
            name: more
            vocabulary:
              records:
                moods:
                  each: mood
                  absent: none
                  fields:
                    heat: {type: level, values: [calm, upset], stale_after: 2 days}
            """
        ],
    )
    case = history(
        entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat(), moods=[{"id": "m", "heat": "upset"}])
    )
    assert plan(policy, case, "wed 09:30") == [("remind", "m", "wed 10:00"), ("reply", None, "wed 10:00")]


def test_a_conclusion_that_a_stale_value_leaves_open_counts_alike(desk: Desk) -> None:
    policy = desk(
        """
        - {id: hot, when: {case.heat: {at_least: upset}}, then: [{conclude: case.hot}]}
        - id: ask
          unless: {case.hot: true}
          then: [{recommend: reply, within: 1 hour of case.opened_at}]
        """,
        facts=HEAT + "  case.hot: {type: flag, concluded: true}\n",
    )
    assert plan(policy, history(SAID), "wed 09:30") == [("reply", None, "wed 10:00")]


def test_a_stale_value_that_is_stated_again_holds_again(desk: Desk) -> None:
    policy = desk(
        "- id: ask\n  unless: {case.heat: upset}\n  then: [{recommend: reply, within: 1 hour of case.opened_at}]",
        facts=HEAT,
    )
    case = history(SAID, entry("wed 09:20", case__heat="upset"), entry("thu 10:00", case__heat="calm"))
    assert plan(policy, case, "wed 09:30") == []
    assert plan(policy, case, "thu 10:00") == [("reply", None, "thu 11:00")]
    again = history(SAID, entry("tue 10:00", case__heat="upset"))
    assert plan(policy, again, "thu 09:59") == []
    assert plan(policy, again, "thu 10:10") == [("reply", None, "thu 11:00")]
