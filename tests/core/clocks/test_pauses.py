"""Issue 9, F: nobody is late with what the policy held or forbade; a pause stops the clock; approvals inherit the due."""

from __future__ import annotations

from datetime import datetime

import pytest

from escalation_rules import Decision, PolicyError
from tests.core.clocks.desk import Desk, Plain, act, breaches, entry, history, on, plan, told

WORDS = """\
  call: {phase: handle, owner: agent, paused_while: {case.waiting: true}}
  pay: {phase: handle, owner: agent}
  approve: {phase: handle, owner: lead, by: [lead]}
  answer: {by: [customer]}
"""
FACTS = "  case.answered: {type: flag, presume: false}\n"
AT = "mon 09:00"
OPENED = entry(AT, case__opened_at=on(AT).isoformat())
HELD = """
- {id: pays, then: [{recommend: pay, within: %s of case.opened_at}]}
- {id: holds, when: {case.urgent: true}, then: [{hold: pay, until: {%s}%s}]}
"""


def held(desk: Desk, within: str = "1 day", until: str = "case.answered: true", more: str = "") -> Plain:
    return desk(HELD % (within, until, more), words=WORDS, facts=FACTS)


def step(decision: Decision, action: str) -> Plain:
    (found,) = [each for each in decision.plan if each.action == action]
    return found


def test_what_was_left_of_the_time_runs_on_after_a_hold(desk: Desk) -> None:
    case = history(OPENED, entry("mon 12:00", case__urgent=True), entry("thu 12:00", case__answered=True))
    policy = held(desk)
    assert plan(policy, case, "mon 11:00") == [("pay", None, "tue 09:00")]
    assert plan(policy, case, "tue 11:00") == []  # held
    assert plan(policy, case, "thu 13:00") == [("pay", None, "fri 09:00")]  # 3 hours were gone
    assert told(policy.decide(case, at=on("thu 13:00")).review_at) == "fri 09:00"
    assert breaches(policy, case, "fri 08:00") == []
    assert breaches(policy, case, "fri 10:00") == [("omitted", "pay", "fri 09:00")]


@pytest.mark.parametrize("effect", ["forbid: pay", "hold: pay, until: {done: answer}"])
def test_what_was_forbidden_or_held_stands_still(desk: Desk, effect: str) -> None:
    policy = desk(
        f"""
        - {{id: pays, then: [{{recommend: pay, within: 1 day of case.opened_at}}]}}
        - {{id: bans, when: {{case.waiting: true}}, then: [{{{effect}}}]}}
        """,
        words=WORDS,
    )
    case = history(OPENED, entry("mon 12:00", case__waiting=True), entry("wed 12:00", case__waiting=False))
    assert plan(policy, case, "wed 13:00") == [("pay", None, "thu 09:00")]


def test_a_prohibition_that_was_undecided_held_the_step(desk: Desk) -> None:
    facts = "  case.checked: {type: flag}\n"
    rules = """
        - {id: pays, then: [{recommend: pay, within: 1 day of case.opened_at}]}
        - {id: bans, when: {case.checked: false}, then: [{forbid: pay}]}
    """
    case = history(OPENED, entry("wed 09:00", case__checked=True))
    assert plan(desk(rules, words=WORDS, facts=facts), case, "wed 09:00") == [("pay", None, "thu 09:00")]


def test_a_hold_of_another_doer_or_record_stops_nothing(desk: Desk) -> None:
    policy = held(desk, more=", by: lead")
    case = history(OPENED, entry("mon 12:00", case__urgent=True), entry("thu 12:00", case__answered=True))
    assert plan(policy, case, "thu 13:00") == [("pay", None, "tue 09:00")]


@pytest.mark.parametrize(
    ("within", "from_", "to", "due"),
    [
        ("1 day", "mon 12:00", "mon 15:00", "tue 12:00"),
        ("3 hours", "mon 12:00", "mon 15:00", "mon 15:00"),  # nothing was left
        ("3 hours", "mon 12:30", "mon 15:00", "mon 12:00"),  # it was late before
        ("8 working hours", "mon 16:00", "tue 11:00", "tue 12:00"),
        ("8 working hours", "mon 18:30", "tue 08:30", "mon 17:00"),
        ("9 working hours", "mon 18:00", "tue 11:00", "tue 11:00"),  # nothing was left
        ("2 working days", "tue 12:00", "tue 15:00", "wed 18:00"),  # the day was not lost
        ("2 working days", "tue 12:00", "tue 18:00", "wed 18:00"),  # the end is no part of it
        ("2 working days", "tue 18:00", "tue 19:00", "thu 18:00"),
        ("2 working days", "tue 12:00", "thu 12:00", "fri 18:00"),
    ],
)
def test_a_pause_counts_in_the_unit_of_the_deadline(
    desk: Desk, within: str, from_: str, to: str, due: str
) -> None:
    policy = desk(
        f"- {{id: calls, then: [{{recommend: call, within: {within} of case.opened_at}}]}}", words=WORDS
    )
    case = history(OPENED, entry(from_, case__waiting=True), entry(to, case__waiting=False))
    assert plan(policy, case, "fri 20:00") == [("call", None, due)]


def test_while_it_is_paused_a_step_has_no_due_and_says_so(desk: Desk) -> None:
    policy = desk("- {id: calls, then: [{recommend: call, within: 1 day of case.opened_at}]}", words=WORDS)
    case = history(OPENED, entry("mon 12:00", case__waiting=True))
    decision = policy.decide(case, at=on("fri 12:00"))
    (paused,) = decision.plan
    assert (paused.due, paused.overdue, paused.paused, paused.within) == (None, False, True, "1 day")
    assert decision.review_at is None
    assert decision.to_dict()["plan"][0]["paused"] is True
    assert Decision.from_dict(decision.to_dict()).plan[0].paused
    assert breaches(policy, case, "fri 12:00") == []
    assert not policy.decide(case, at=on("mon 11:00")).plan[0].paused


def test_what_was_overdue_before_the_pause_stays_so(desk: Desk) -> None:
    policy = desk("- {id: calls, then: [{recommend: call, within: 1 hour of case.opened_at}]}", words=WORDS)
    case = history(OPENED, entry("mon 12:00", case__waiting=True))
    late = step(policy.decide(case, at=on("mon 13:00")), "call")
    assert (told(late.due), late.overdue, late.paused) == ("mon 10:00", True, False)


def test_a_rule_may_pause_its_own_step(desk: Desk) -> None:
    policy = desk("""
        - id: answers
          for_each: messages
          then: [{recommend: reply, about: case, within: 1 day of message.at, paused_while: {loud: true}}]
    """)
    message = {"id": "m", "at": on(AT).isoformat()}
    case = history(
        entry(AT, messages=[message]),
        entry("mon 12:00", messages=[{"id": "m", "loud": True}]),
        entry("tue 12:00", messages=[{"id": "m", "loud": False}]),
    )
    assert plan(policy, case, "tue 10:00") == [("reply", None, None)]
    assert plan(policy, case, "tue 13:00") == [("reply", None, "wed 09:00")]


def test_a_pause_may_end_by_the_passing_of_time(desk: Desk) -> None:
    pause = "{some: messages, where: {at: {newer_than: 1 day}}}"
    policy = desk(
        f"- {{id: r, then: [{{recommend: reply, within: 1 day of case.opened_at, paused_while: {pause}}}]}}"
    )
    case = history(OPENED, entry("mon 12:00", messages=[{"id": "m", "at": on("mon 12:00").isoformat()}]))
    decision = policy.decide(case, at=on("mon 13:00"))
    assert (decision.plan[0].paused, told(decision.review_at)) == (True, "tue 12:00")
    assert plan(policy, case, "tue 12:00") == [("reply", None, "wed 09:00")]


def test_a_plain_case_knows_its_acts_and_what_it_dates(desk: Desk) -> None:
    policy = held(desk, until="done: answer")
    case = {
        "facts": {"case.opened_at": on(AT).isoformat(), "case.urgent": True},
        "learned_at": {"case.urgent": on("mon 12:00").isoformat()},
        "acts": [act("answer", "wed 12:00", by="customer")],
    }
    assert plan(policy, case, "wed 13:00") == [("pay", None, "thu 09:00")]


# --- the act that releases a hold -------------------------------------------------------------------------------------


def test_the_act_that_releases_a_hold_inherits_the_due(desk: Desk) -> None:
    policy = held(desk, until="done: approve")
    case = history(
        OPENED, entry("mon 12:00", case__urgent=True), entry("thu 12:00", act("approve", by="lead"))
    )
    assert plan(policy, case, "mon 13:00") == [("approve", None, "tue 09:00")]
    assert told(policy.decide(case, at=on("mon 13:00")).review_at) == "tue 09:00"
    assert breaches(policy, case, "fri 08:00") == [("late", "approve", "tue 09:00")]  # and not the payment
    assert plan(policy, case, "thu 13:00") == [("pay", None, "fri 09:00")]


def test_what_was_overdue_before_the_hold_gives_its_time_from_then(desk: Desk) -> None:
    policy = held(desk, within="2 hours", until="done: approve")
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    assert plan(policy, case, "mon 12:30") == [("approve", None, "mon 14:00")]


def test_earlier_pauses_count_for_the_act_that_releases(desk: Desk) -> None:
    policy = desk(
        """
        - {id: pays, then: [{recommend: pay, within: 1 day of case.opened_at, paused_while: {case.waiting: true}}]}
        - {id: holds, when: {case.urgent: true}, then: [{hold: pay, until: {done: approve}}]}
        """,
        words=WORDS,
    )
    case = history(
        OPENED,
        entry("mon 12:00", case__waiting=True),
        entry("mon 14:00", case__waiting=False),
        entry("mon 16:00", case__urgent=True),
    )
    assert plan(policy, case, "mon 17:00") == [("approve", None, "tue 11:00")]


@pytest.mark.parametrize(
    ("until", "more", "due"),
    [
        ("done: approve", ", waits_for: customer", None),
        ("all: [{done: approve}, {case.answered: true}]", "", "tue 09:00"),
        ("all: [{done: approve}, {done: answer}]", "", "tue 09:00"),
    ],
)
def test_whom_a_hold_waits_for(desk: Desk, until: str, more: str, due: str | None) -> None:
    policy = held(desk, until=until, more=more)
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    assert plan(policy, case, "mon 13:00") == [("approve", None, due)]


def test_a_chain_of_holds_hands_the_due_on(desk: Desk) -> None:
    policy = desk(
        HELD % ("1 day", "done: approve", "")
        + "- {id: first, when: {case.waiting: true}, then: [{hold: approve, until: {done: remind}}]}\n",
        words=WORDS,
    )
    case = history(
        OPENED,
        entry("mon 12:00", case__urgent=True, case__waiting=True),
        entry("mon 20:00", "remind"),
    )
    assert plan(policy, case, "mon 13:00") == [("remind", None, "tue 09:00")]
    assert plan(policy, case, "mon 21:00") == [("approve", None, "tue 17:00")]  # held for 8 hours


def test_due_audit_and_review_agree_whenever_one_looks(desk: Desk) -> None:
    """What `review_at` promises is what is decided then, and the audit blames nobody before the due that was shown."""
    policy = held(desk, within="8 working hours", until="done: approve")
    case = history(
        OPENED,
        entry("mon 12:00", case__urgent=True),
        entry("tue 12:00", act("approve", by="lead")),
        entry("wed 12:00", case__waiting=True),
    )
    shown: list[datetime] = []
    for decision in policy.follow(case, until=on("fri 12:00")):
        review = decision.review_at
        if review is not None and review <= on("fri 12:00"):
            assert not policy.decide(case, at=review).same_as(decision) or review > decision.at
        shown += [each.due for each in decision.plan if each.overdue and each.due is not None]
    assert {told(each) for each in shown} == {
        told(each.at) for each in policy.audit(case, at=on("fri 12:00"))
    }


def test_what_a_plain_case_learns_later_than_now_counts_as_known_from_the_start(desk: Desk) -> None:
    """SEMANTICS 60 and 65: else the past of a clock would change with every instant at which somebody asks."""
    policy = desk(
        """
        - {id: pays, then: [{recommend: pay, within: 1 day of case.opened_at}]}
        - {id: not-yet, when: {case.size: {above: 5}}, then: [{forbid: pay}]}
        """,
        words=WORDS,
        facts=FACTS + "  case.size: {type: count}\n",
    )
    case = {
        "facts": {"case.opened_at": on(AT).isoformat(), "case.size": 3},
        "learned_at": {"case.size": on("thu 10:00").isoformat()},
    }
    assert plan(policy, case, "wed 09:00") == [("pay", None, "tue 09:00")]
    assert told(policy.decide(policy.case(case), at=on("wed 09:00")).review_at) == "thu 10:00"
    assert plan(policy, case, "thu 11:00") == [
        ("pay", None, "fri 10:00")
    ]  # until then nobody knew that it may be done


@pytest.mark.parametrize(("by", "due"), [("lead", "tue 09:00"), ("[lead, agent]", "tue 09:00")])
def test_one_act_that_two_holds_wait_for_is_not_stopped_by_either(desk: Desk, by: str, due: str) -> None:
    policy = desk(
        f"""
        - {{id: pays, then: [{{recommend: pay, within: 1 day of case.opened_at}}]}}
        - {{id: holds, then: [{{hold: pay, until: {{done: {{action: approve, by: {by}}}}}}}]}}
        - {{id: more, when: {{case.urgent: true}}, then: [{{hold: pay, until: {{done: {{action: approve, by: lead}}}}}}]}}
        """,
        words=WORDS,
    )
    case = history(OPENED, entry("mon 10:00", case__urgent=True))
    assert plan(policy, case, "mon 11:00") == [("approve", None, due)]
    assert breaches(policy, case, "wed 10:00") == [("omitted", "approve", due)]


def test_another_hold_that_waits_for_something_else_stops_the_act_that_releases_one(desk: Desk) -> None:
    policy = desk(
        """
        - {id: pays, then: [{recommend: pay, within: 1 day of case.opened_at}]}
        - {id: holds, then: [{hold: pay, until: {done: approve}}]}
        - {id: waits, when: {case.urgent: true}, then: [{hold: pay, until: {done: answer}}]}
        """,
        words=WORDS,
    )
    case = history(OPENED, entry("mon 10:00", case__urgent=True))
    assert step(policy.decide(case, at=on("mon 11:00")), "approve").paused


@pytest.mark.parametrize("rules", [
    "- {id: two, then: [{hold: pay, until: {done: approve}}, {hold: pay, until: {done: remind}}]}",
    "- {id: two, then: [{hold: pay, until: {done: approve}}]}\n- {id: more, then: [{hold: pay, until: {done: remind}}]}",
    "- {id: two, then: [{in_order: [approve, pay]}]}\n- {id: more, then: [{in_order: [remind, pay]}]}",
    ("- {id: two, then: [{hold: pay, until: {case.answered: given}, waits_for: us}]}\n"
     "- {id: more, then: [{in_order: [approve, pay]}, {in_order: [remind, pay]}]}"),
])  # fmt: skip
def test_two_acts_that_we_owe_do_not_stop_each_other(desk: Desk, rules: str) -> None:
    """Both have the due time of what they release, and keep it when one of them is done."""
    policy = desk(
        "- {id: pays, then: [{recommend: pay, within: 2 days of case.opened_at}]}\n" + rules,
        words=WORDS,
        facts=FACTS,
    )
    case = history(OPENED, entry("tue 09:00", "remind"))
    assert sorted(plan(policy, case, "mon 11:00")) == [
        ("approve", None, "wed 09:00"),
        ("remind", None, "wed 09:00"),
    ]
    assert plan(policy, case, "tue 11:00") == [("approve", None, "wed 09:00")]
    assert breaches(policy, case, "thu 10:00") == [("omitted", "approve", "wed 09:00")]


# --- a time that no hold moves ----------------------------------------------------------------------------------------


FIXED = HELD.replace("%s of case.opened_at}", "%s of case.opened_at, fixed: true}")


@pytest.mark.parametrize(
    ("entries", "at", "steps"),
    [
        # The approval has the same time, and is late when that is over.
        ([], "mon 13:00", [("approve", None, "tue 09:00")]),
        ([], "wed 09:00", [("approve", None, "tue 09:00")]),
        # It came in time: what was left is left, and no more.
        ([("mon 20:00", {"acts": [act("approve", "mon 20:00", by="lead")]})], "mon 21:00", [("pay", None, "tue 09:00")]),
        # It came late: so is the payment.
        ([("wed 20:00", {"acts": [act("approve", "wed 20:00", by="lead")]})], "wed 21:00", [("pay", None, "tue 09:00")]),
    ],
)  # fmt: skip
def test_a_fixed_time_runs_on_while_its_step_is_held(
    desk: Desk, entries: list[Plain], at: str, steps: list[Plain]
) -> None:
    policy = desk(FIXED % ("1 day", "done: approve", ""), words=WORDS)
    more = [{"at": on(moment).isoformat(), **each} for moment, each in entries]
    case = history(OPENED, entry("mon 12:00", case__urgent=True), *more)
    assert plan(policy, case, at) == steps
    assert [each.overdue for each in policy.decide(case, at=on(at)).plan] == [on(at) >= on("tue 09:00")]


def test_what_waits_for_the_customer_does_not_move_it_either_but_a_pause_does(desk: Desk) -> None:
    rules = FIXED % ("1 day", "case.answered: true", "")
    case = history(OPENED, entry("mon 12:00", case__urgent=True), entry("wed 12:00", case__answered=True))
    assert plan(desk(rules, words=WORDS, facts=FACTS), case, "wed 13:00") == [("pay", None, "tue 09:00")]
    paused = rules.replace(
        "fixed: true", "fixed: true, paused_while: {case.urgent: true, case.answered: false}"
    )
    assert plan(desk(paused, words=WORDS, facts=FACTS), case, "wed 13:00") == [("pay", None, "thu 09:00")]


def test_a_chain_of_holds_does_not_move_it(desk: Desk) -> None:
    policy = desk(
        FIXED % ("1 day", "done: approve", "")
        + "- {id: first, then: [{hold: approve, until: {done: remind}}]}\n",
        words=WORDS,
    )
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    assert plan(policy, case, "wed 13:00") == [("remind", None, "tue 09:00")]


def test_an_audit_names_who_let_a_fixed_time_pass(desk: Desk) -> None:
    policy = desk(FIXED % ("1 day", "done: approve", ""), words=WORDS)
    acts = [act("approve", "wed 20:00", by="lead"), act("pay", "wed 21:00", by="agent")]
    case = history(
        OPENED, entry("mon 12:00", case__urgent=True), {"at": on("wed 21:00").isoformat(), "acts": acts}
    )
    found = policy.audit(case, at=on("thu 09:00")).breaches
    assert [(each.kind, each.action, each.by, each.at) for each in found] == [
        ("late", "approve", "lead", on("tue 09:00")),
        ("late", "pay", "agent", on("tue 09:00")),
    ]


def test_a_fixed_time_is_shown_and_audited_while_its_step_waits_for_the_customer(desk: Desk) -> None:
    policy = desk(FIXED % ("1 day", "case.answered: true", ""), words=WORDS, facts=FACTS)
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    waiting, late = (policy.decide(case, at=on(at)) for at in ("mon 13:00", "tue 09:00"))
    assert [(each.action, each.due, each.overdue) for each in waiting.held] == [
        ("pay", on("tue 09:00"), False)
    ]
    assert waiting.review_at == on("tue 09:00")
    assert [(each.due, each.overdue) for each in late.held] == [(on("tue 09:00"), True)]
    (view,) = policy.explain(case, "pay", at=on("mon 13:00")).parts
    assert [(each.rule, each.within, each.due) for each in view.times] == [("pays", "1 day", on("tue 09:00"))]
    found = policy.audit(case, at=on("thu 09:00")).breaches
    assert [(each.kind, each.action, each.by, each.at, each.known_from) for each in found] == [
        ("omitted", "pay", "agent", on("tue 09:00"), on("mon 09:00"))
    ]


def test_a_held_step_has_no_due_time_that_the_hold_moves_nor_while_it_is_paused(desk: Desk) -> None:
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    rules = FIXED % ("1 day", "case.answered: true", "")
    for held in (
        rules.replace(", fixed: true", ""),
        rules.replace("fixed: true", "fixed: true, paused_while: {case.urgent: true}"),
    ):
        policy = desk(held, words=WORDS, facts=FACTS)
        assert [(each.due, each.overdue) for each in policy.decide(case, at=on("wed 09:00")).held] == [
            (None, False)
        ]
        assert policy.audit(case, at=on("wed 10:00")).breaches == ()


def test_a_forbidden_step_is_not_late(desk: Desk) -> None:
    rules = (
        FIXED % ("1 day", "case.answered: true", "")
    ) + "- {id: never, when: {case.urgent: true}, then: [{forbid: pay}]}\n"
    policy = desk(rules, words=WORDS, facts=FACTS)
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    assert policy.decide(case, at=on("wed 09:00")).held == ()
    assert policy.audit(case, at=on("wed 10:00")).breaches == ()


def test_fixed_needs_a_time(desk: Desk) -> None:
    with pytest.raises(PolicyError) as caught:
        desk("- {id: pays, then: [{recommend: pay, fixed: true}]}", words=WORDS)
    assert [str(each.message) for each in caught.value.diagnostics] == ["`fixed` needs a time limit"]


@pytest.mark.parametrize(("outside", "due"), [("", "tue 09:00"), ("outside: [agent, lead]", None)])
def test_an_outsider_is_waited_for_like_the_customer(desk: Desk, outside: str, due: str | None) -> None:
    """A landlord's tenant is no customer by name; nobody of ours is late while we wait for him."""
    policy = desk(
        HELD % ("1 day", "done: approve", ""),
        words=WORDS,
        more=[f"format: 1\nvocabulary:\n  {outside}\n"] if outside else [],
    )
    case = history(OPENED, entry("mon 12:00", case__urgent=True))
    assert plan(policy, case, "mon 13:00") == [("approve", None, due)]
