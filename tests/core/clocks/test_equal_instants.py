"""Issue 9, J and K: at equal instants the order of lists and of the history decides, never the text of an id."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import Desk, act, breaches, done, entry, history, on, plan

MON = "mon 10:00"
Rows = list[dict[str, Any]]


def message(name: str, said: str = MON, **fields: Any) -> dict[str, Any]:
    return {"id": name, "at": on(said).isoformat(), **fields}


def messages(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"id": "T", "messages": list(rows)}


def found(policy: Policy, case: dict[str, Any], said: str = "mon 12:00") -> list[str]:
    return [each.action for each in policy.decide(case, at=on(said)).plan]


# --- records ----------------------------------------------------------------------------------------------------------

LATEST = "- {id: it, when: {latest: messages, has: {loud: true}}, then: [{recommend: reply}]}\n"
EARLIEST = LATEST.replace("latest", "earliest")


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_of_equal_instants_the_latest_is_the_last_in_the_list(desk: Desk, ids: tuple[str, str]) -> None:
    first, second = ids
    loud_last = messages(message(first, loud=False), message(second, loud=True))
    loud_first = messages(message(first, loud=True), message(second, loud=False))
    assert [found(desk(LATEST), each) for each in (loud_last, loud_first)] == [["reply"], []]
    assert [found(desk(EARLIEST), each) for each in (loud_last, loud_first)] == [[], ["reply"]]


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_in_a_history_records_are_in_order_of_their_first_appearance(
    desk: Desk, ids: tuple[str, str]
) -> None:
    first, second = ids
    case = history(
        entry(MON, messages=[message(first)]),
        entry("mon 10:30", messages=[message(second, loud=True)]),
        entry("mon 11:00", messages=[{"id": first, "loud": False}]),
    )
    assert found(desk(LATEST), case) == ["reply"]
    assert found(desk(EARLIEST), case) == []


def test_a_record_that_comes_back_comes_last(desk: Desk) -> None:
    case = history(
        entry(MON, messages=[message("a", loud=True), message("b", loud=False)]),
        entry("mon 10:30", messages=[{"id": "a", "retract": True}]),
        entry("mon 11:00", messages=[message("a", loud=True)]),
    )
    assert [found(desk(LATEST), case, said) for said in (MON, "mon 10:30", "mon 11:00")] == [
        [],
        [],
        ["reply"],
    ]


def test_one_of_is_the_first_in_the_list(desk: Desk) -> None:
    answer = "{phase: handle, owner: agent, params: {to: {type: record, to: messages}}}"
    rule = "- {id: it, then: [{recommend: answer, to: {one_of: messages, which: {loud: true}}}]}\n"
    policy = desk(rule, more=[f"format: 1\nvocabulary: {{actions: {{answer: {answer}}}}}"])
    case = messages(message("c", loud=False), message("b", loud=True), message("a", loud=True))
    assert policy.decide(case, at=on("mon 12:00")).plan[0].params == {"to": "b"}


def test_what_to_ask_first_is_of_the_first_in_the_list(desk: Desk) -> None:
    policy = desk("- {id: it, when: {some: messages, where: {loud: true}}, then: [{recommend: reply}]}\n")
    decision = policy.decide(messages(message("b"), message("a")), at=on("mon 12:00"))
    assert [(each.fact, each.about) for each in decision.missing] == [("messages.loud", ("b",))]


def test_a_deadline_counts_from_the_record_with_which_there_were_enough(desk: Desk) -> None:
    policy = desk("""
- id: it
  when: {count: messages, at_least: 2}
  then:
    - recommend: reply
      within: 1 hour of message.recorded_at
""")
    rows = [
        message("b", recorded_at=on("mon 10:05").isoformat()),
        message("a", recorded_at=on("mon 10:10").isoformat()),
    ]
    assert plan(policy, messages(*rows), "mon 10:30") == [("reply", None, "mon 11:10")]
    assert plan(policy, messages(*rows[::-1]), "mon 10:30") == [("reply", None, "mon 11:05")]


# --- an act and what it answers ---------------------------------------------------------------------------------------

ANSWER = """
- id: answers
  when: {some: messages}
  then:
    - recommend: reply
      within: 1 hour of message.at
"""


def told(*order: str, came: str, acted: str) -> dict[str, Any]:
    """A history in which a message and an act stand in this order; `both` is one entry with the two."""
    rows, acts = [message("m", came)], [act("reply", acted)]
    what: dict[str, dict[str, Any]] = {
        "message": {"messages": rows},
        "act": {"acts": acts},
        "both": {"messages": rows, "acts": acts},
    }
    at = max(on(came), on(acted)).isoformat()
    return history(*({"at": at, **what[each]} for each in order))


@pytest.mark.parametrize(
    ("came", "acted", "order", "answered"),
    [
        ("mon 10:00", "mon 10:00", ("message", "act"), True),
        ("mon 10:00", "mon 10:00", ("act", "message"), False),
        ("mon 10:00", "mon 10:00", ("both",), True),
        ("mon 10:00:30", "mon 10:00", ("message", "act"), True),
        ("mon 10:00:30", "mon 10:00", ("both",), True),
        ("mon 10:00:30", "mon 10:00", ("act", "message"), False),
        ("mon 10:00:59", "mon 10:00", ("message", "act"), True),
        ("mon 10:01", "mon 10:00", ("message", "act"), False),
        ("mon 10:00:30", "mon 10:00:10", ("message", "act"), False),
        ("mon 10:00:30", "mon 09:59", ("message", "act"), False),
        ("mon 10:00:30", "mon 10:00:31", ("act", "message"), True),
    ],
)
def test_an_act_answers_what_came_before_it(
    desk: Desk, came: str, acted: str, order: tuple[str, ...], answered: bool
) -> None:
    policy, case = desk(ANSWER), told(*order, came=came, acted=acted)
    assert bool(done(policy, case, "mon 10:30")) is answered
    assert bool(plan(policy, case, "mon 10:30")) is not answered


@pytest.mark.parametrize(
    ("came", "answered"), [("mon 10:00", True), ("mon 10:00:30", False), ("mon 09:59:59", True)]
)
def test_a_plain_case_says_no_order(desk: Desk, came: str, answered: bool) -> None:
    case = {**messages(message("m", came)), "acts": [act("reply", MON)]}
    assert bool(done(desk(ANSWER), case, "mon 10:30")) is answered


def test_what_is_only_said_again_came_when_it_was_first_said(desk: Desk) -> None:
    policy = desk(ANSWER)
    case = history(
        entry(MON, messages=[message("m")]),
        entry(MON, "reply"),
        entry(MON, messages=[message("m", loud=True)]),
    )
    assert done(policy, case, "mon 10:30") == [("reply", None, MON)]
    case["history"][0]["messages"] = [message("m", "mon 09:00")]
    assert done(policy, case, "mon 10:30") == [], "what was corrected came when it was corrected"


def test_an_act_logged_late_answers_what_stands_before_it_in_the_history(desk: Desk) -> None:
    case = history(entry(MON, messages=[message("m")]), entry("tue 09:00", act("reply", MON)))
    assert breaches(desk(ANSWER), case, "wed 09:00") == []
    swapped = history(entry(MON, act("reply", MON)), entry("tue 09:00", messages=[message("m")]))
    assert breaches(desk(ANSWER), swapped, "wed 09:00") != []


def test_an_earlier_act_within_the_minute_does_not_hide_one_that_answers(desk: Desk) -> None:
    case = history(
        entry(MON, act("reply", "mon 10:00:10")),
        entry("mon 10:01", act("reply", MON), messages=[message("m", "mon 10:00:30")]),
    )
    assert done(desk(ANSWER), case, "mon 10:30") != []


@pytest.mark.parametrize(("order", "held"), [(("act", "message"), True), (("message", "act"), False)])
def test_a_test_on_acts_after_an_instant_knows_the_order(
    desk: Desk, order: tuple[str, ...], held: bool
) -> None:
    policy = desk("""
- id: after
  for_each: messages
  when: {not_done: {action: reply, about: any, after: message.at}}
  then: [{recommend: remind}]
- id: before
  for_each: messages
  when: {done: {action: reply, about: any, before: message.at}}
  then: [{recommend: reopen_case}]
""")
    case = told(*order, came="mon 10:00:30", acted=MON)
    assert found(policy, case) == (["remind", "reopen_case"] if held else [])


def test_acts_that_deadlines_count_from_keep_their_order(desk: Desk) -> None:
    policy = desk("""
- {id: it, when: {done: close_case}, then: [{recommend: remind, within: 1 day of close_case}]}
""")
    after = history(entry(MON, "close_case", "remind"))
    before = history(entry(MON, "remind", "close_case"))
    assert [found(policy, case) for case in (after, before)] == [[], ["remind"]]


# --- one act after another --------------------------------------------------------------------------------------------

LONELY = """
- {id: it, when: {done: {action: reply, not_followed_by: remind}}, then: [{recommend: close_case}]}
"""


@pytest.mark.parametrize(
    ("acts", "lonely"),
    [
        ([("reply", MON), ("remind", MON)], False),
        ([("remind", MON), ("reply", MON)], True),
        ([("reply", "mon 10:00:30"), ("remind", MON)], False),
        ([("remind", MON), ("reply", "mon 10:00:30")], True),
        ([("reply", "mon 10:00:30"), ("remind", "mon 10:00:10")], True),
    ],
)
@pytest.mark.parametrize("together", [True, False])
def test_what_follows_at_the_same_instant_stands_later_in_the_history(
    desk: Desk, acts: list[tuple[str, str]], lonely: bool, together: bool
) -> None:
    said = [act(*each) for each in acts]
    entries = [entry("mon 10:01", *said)] if together else [entry("mon 10:01", each) for each in said]
    assert found(desk(LONELY), history(*entries)) == (["close_case"] if lonely else [])


def test_what_follows_at_the_same_instant_stands_later_in_a_plain_case_too(desk: Desk) -> None:
    acts = [act("reply", MON), act("remind", MON)]
    policy = desk(LONELY)
    assert [found(policy, {"acts": each}) for each in (acts, acts[::-1])] == [[], ["close_case"]]
