"""SEMANTICS H, Acts: `done`, `not_done`, `… not_followed_by …` and `nothing_done_for`, with every filter."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import CaseError
from tests.core.policies import MICRO, NOW, Make, Plain, act, at, decide, fired, iso, missing

PEOPLE = [{"id": "p1", "role": "boss"}, {"id": "p2"}]


def rule(condition: str) -> str:
    return f"- {{id: it, when: {condition}, then: [{{recommend: secure}}]}}\n"


def truth(make: Make, condition: str, *acts: dict[str, Plain], **facts: Any) -> bool | None:
    case = {"acts": list(acts), "claims": [{"id": "c1"}], "parties": PEOPLE}
    decision = decide(make(rule(condition)), case, **facts)
    opposite = decide(make(rule(condition.replace("done:", "not_done:"))), case, **facts)
    found = True if fired(decision) else None if decision.missing else False
    assert (None if found is None else not found) is (
        True if fired(opposite) else None if opposite.missing else False
    )
    return found


@pytest.mark.parametrize(
    ("condition", "acts", "expected"),
    [
        ("{done: call}", [act("call", -1)], True),
        ("{done: call}", [act("call", -1, outcome="no_answer")], False),
        ("{done: call}", [act("ask", -1)], False),
        ("{done: call}", [act("call", 1)], False),
        ("{done: call}", [], False),
        ("{done: {action: call, outcome: no_answer}}", [act("call", -1, outcome="no_answer")], True),
        ("{done: {action: call, outcome: no_answer}}", [act("call", -1)], False),
        ("{done: {action: call, outcome: [no_answer, done]}}", [act("call", -1)], True),
        ("{done: {action: [call, ask]}}", [act("ask", -1)], True),
        ("{done: {action: contacts}}", [act("dun", -1)], True),
        ("{done: contacts}", [act("ask", -1)], False),
        ("{done: {action: call, by: boss}}", [act("call", -1)], False),
        ("{done: {action: call, by: boss}}", [act("call", -1, by="boss")], True),
        ("{done: {action: call, by: [boss, clerk]}}", [act("call", -1)], True),
        ("{done: {action: call, by: boss}}", [act("call", -1, by="p1")], True),
        ("{done: {action: call, by: boss}}", [act("call", -1, by="p2")], None),
        ("{done: {action: call, by: boss}}", [act("call", -1, by="p2"), act("call", -2, by="boss")], True),
        ("{done: call_boss}", [act("call_boss", -1)], False),  # by a clerk, who may not: it does not count
        ("{done: call_boss}", [act("call_boss", -1, by="boss")], True),
        ("{done: call_boss}", [act("call_boss", -1, by="p2")], None),
        ("{done: {action: call_boss, by: clerk}}", [act("call_boss", -1)], True),
        ("{done: {action: [call, call_boss]}}", [act("call_boss", -1)], False),
        ("{done: {action: call, not_followed_by: call_boss}}", [act("call", -2), act("call_boss", -1)], True),
        (
            "{done: {action: call, not_followed_by: call_boss}}",
            [act("call", -2), act("call_boss", -1, by="p2")],
            None,
        ),
        (
            "{done: {action: call, not_followed_by: call_boss}}",
            [act("call", -2), act("call_boss", -1, by="boss")],
            False,
        ),
        ("{done: {action: call, at_least: 2}}", [act("call", -1)], False),
        ("{done: {action: call, at_least: 2}}", [act("call", -1), act("call", -2)], True),
        (
            "{done: {action: call, at_least: 2, by: boss}}",
            [act("call", -1, by="boss"), act("call", -2, by="p2")],
            None,
        ),
        ("{done: {action: call, newer_than: 2 hours}}", [act("call", -1.999)], True),
        ("{done: {action: call, newer_than: 2 hours}}", [act("call", -2)], False),
        ("{done: {action: call, older_than: 2 hours}}", [act("call", -2)], True),
        ("{done: {action: call, older_than: 2 hours}}", [act("call", -1.999)], False),
        ("{done: {action: call, after: x.when}}", [act("call", -1)], True),
        ("{done: {action: call, after: x.when}}", [act("call", -2)], True),
        ("{done: {action: call, after: x.when}}", [act("call", -2.001)], False),
        ("{done: {action: call, before: x.when}}", [act("call", -2)], False),
        ("{done: {action: call, before: x.when}}", [act("call", -2.001)], True),
        ("{done: {action: call, after: x.then}}", [act("call", -1)], None),
        ("{done: {action: call, after: x.then}}", [act("ask", -1)], False),
        ("{done: {action: call, about: case}}", [act("call", -1)], True),
        ("{done: {action: call, about: case}}", [act("call", -1, about="c1")], False),
        ("{done: {action: call, about: any}}", [act("call", -1, about="c1")], True),
        ("{done: answer}", [act("answer", -1, about="c1")], True),
        ("{done: {action: call, newer_than: 1 working hour}}", [act("call", -0.5)], True),
    ],
)
def test_what_was_done_is_filtered(
    make: Make, condition: str, acts: list[dict[str, Plain]], expected: bool | None
) -> None:
    assert truth(make, condition, *acts, x__when=iso(-2)) is expected


def test_an_act_is_about_this_record_by_default_where_the_rule_is_for_each_of_its_list(make: Make) -> None:
    policy = make("""
- {id: of-this, for_each: claims, when: {done: answer}, then: [{recommend: apologise}]}
- {id: of-any, for_each: claims, when: {done: {action: answer, about: any}}, then: [{recommend: call}]}
- {id: other, for_each: claims, when: {not_done: call}, then: [{recommend: ask}]}
""")
    case = {
        "claims": [{"id": "c1"}, {"id": "c2"}],
        "acts": [act("answer", -1, about="c1"), act("call", -1, about="c2")],
    }
    decision = decide(policy, case)
    assert [(each.action, each.about) for each in decision.plan] == [("call", "c1"), ("apologise", "c1")]
    assert fired(decision) == ["of-any", "of-this"]


def test_the_instant_that_acts_are_compared_with_is_asked_for(make: Make) -> None:
    decision = decide(make(rule("{done: {action: call, after: x.then}}")), {"acts": [act("call", -1)]})
    assert missing(decision) == [("x.then", (), ["it"])]


@pytest.mark.parametrize(
    ("condition", "acts", "expected"),
    [
        ("{done: {action: call, not_followed_by: ask}}", [act("call", -2)], True),
        ("{done: {action: call, not_followed_by: ask}}", [act("call", -2), act("ask", -1)], False),
        # At the same instant, the order of the case decides.
        ("{done: {action: call, not_followed_by: ask}}", [act("ask", -2), act("call", -2)], True),
        ("{done: {action: call, not_followed_by: ask}}", [act("call", -2), act("ask", -2)], False),
        ("{done: {action: call, not_followed_by: ask}}", [act("ask", -3), act("call", -2)], True),
        (
            "{done: {action: call, not_followed_by: ask}}",
            [act("call", -4), act("ask", -3), act("call", -2)],
            True,
        ),
        ("{done: {action: call, not_followed_by: ask}}", [act("call", -2), act("ask", 1)], True),
        (
            "{done: {action: call, not_followed_by: {action: ask, by: boss}}}",
            [act("call", -2), act("ask", -1)],
            True,
        ),
        (
            "{done: {action: call, not_followed_by: {action: ask, by: boss}}}",
            [act("call", -2), act("ask", -1, by="p2")],
            None,
        ),
        (
            "{done: {action: call, not_followed_by: {action: ask, by: boss}}}",
            [act("call", -2), act("ask", -1, by="p1")],
            False,
        ),
        (
            "{done: {action: ask, not_followed_by: call}}",
            [act("ask", -2), act("call", -1, outcome="no_answer")],
            True,
        ),
        (
            "{done: {action: call, not_followed_by: {action: ask, within: 1 hour}}}",
            [act("call", -2), act("ask", -1)],
            False,
        ),
        (
            "{done: {action: call, not_followed_by: {action: ask, within: 1 hour}}}",
            [act("call", -2), act("ask", -0.999)],
            True,
        ),
        (
            "{done: {action: call, not_followed_by: {action: ask, within: 1 hour}}}",
            [act("call", -0.999)],
            False,
        ),
        ("{done: {action: call, not_followed_by: {action: ask, within: 1 hour}}}", [act("call", -1)], True),
        (
            "{done: {action: call, not_followed_by: {action: call, within: 1 hour}}}",
            [act("call", -3), act("call", -2.5)],
            True,
        ),
    ],
)
def test_what_was_done_and_not_followed_up(
    make: Make, condition: str, acts: list[dict[str, Plain]], expected: bool | None
) -> None:
    assert truth(make, condition, *acts) is expected


def test_a_failure_to_follow_up_becomes_true_when_its_time_has_passed(make: Make) -> None:
    policy = make(rule("{done: {action: call, not_followed_by: {action: ask, within: 1 hour}}}"))
    case = {"acts": [act("call")]}
    decision = decide(policy, case)
    assert (fired(decision), decision.review_at) == ([], at(1))
    assert fired(decide(policy, case, at(1) - MICRO)) == []
    assert fired(decide(policy, case, at(1))) == ["it"]


def silence(
    make: Make, condition: str, *acts: dict[str, Plain], when: Any = NOW, **facts: Any
) -> bool | None:
    decision = decide(make(rule(condition)), {"acts": list(acts), "parties": PEOPLE}, when, **facts)
    return True if fired(decision) else None if decision.missing else False


@pytest.mark.parametrize(
    ("condition", "acts", "opened", "expected"),
    [
        ("{nothing_done_for: 14 days}", [], -14, True),
        ("{nothing_done_for: 14 days}", [], -13.999, False),
        ("{nothing_done_for: 14 days}", [], None, None),
        ("{nothing_done_for: 14 days}", [("ask", -14)], -20, True),
        ("{nothing_done_for: 14 days}", [("ask", -14), ("dun", -13)], -20, False),
        ("{nothing_done_for: 14 days}", [("ask", -13)], None, False),
        ("{nothing_done_for: 14 days}", [("ask", -15)], None, None),
        ("{nothing_done_for: {for: 14 days, action: call}}", [("ask", -1)], -20, True),
        ("{nothing_done_for: {for: 14 days, action: call}}", [("call", -1)], -20, False),
        ("{nothing_done_for: {for: 14 days, since: x.when}}", [], -20, True),
        ("{nothing_done_for: {for: 14 days, since: x.then}}", [], -20, None),
    ],
)
def test_silence_is_counted_from_the_last_act_or_from_an_instant(
    make: Make, condition: str, acts: list[tuple[str, float]], opened: float | None, expected: bool | None
) -> None:
    done = [act(name, 24 * days) for name, days in acts]
    given = {} if opened is None else {"case__opened_at": iso(days=opened)}
    assert silence(make, condition, *done, x__when=iso(days=-14), **given) is expected


def test_silence_of_a_role_is_unknown_while_a_doer_might_have_had_it(make: Make) -> None:
    condition = "{nothing_done_for: {for: 14 days, by: boss}}"
    for party, expected in (("clerk", True), ("p1", False), ("p2", None)):
        assert silence(make, condition, act("ask", -24, by=party), case__opened_at=iso(days=-20)) is expected
    old = act("ask", -24 * 15, by="p2")
    assert silence(make, condition, old, case__opened_at=iso(days=-20)) is True


def test_the_question_who_did_it_moves_on_when_the_first_act_is_long_ago(make: Make) -> None:
    policy = make(rule("{nothing_done_for: {for: 14 days, by: boss}}"))
    parties = [{"id": "p2"}, {"id": "p3"}]
    acts = [act("ask", -24 * 13, by="p2"), act("ask", -24 * 10, by="p3")]
    case = {"facts": {"case.opened_at": iso(days=-20)}, "acts": acts, "parties": parties}
    decision = decide(policy, case)
    assert [each.about for each in decision.missing] == [("p2",)]
    assert decision.review_at == at(days=1)
    assert [each.about for each in decide(policy, case, at(days=1)).missing] == [("p3",)]


def test_silence_breaks_and_comes_back_with_the_microsecond(make: Make) -> None:
    policy = make(rule("{nothing_done_for: 14 days}"))
    case = {"facts": {"case.opened_at": iso()}, "acts": [act("ask", 24)]}
    decision = decide(policy, case)
    assert (fired(decision), decision.review_at) == ([], at(days=15))
    assert fired(decide(policy, case, at(days=15) - MICRO)) == []
    assert fired(decide(policy, case, at(days=15))) == ["it"]


def test_absent_acts_mean_none(make: Make) -> None:
    assert fired(decide(make(rule("{not_done: call}")), {})) == ["it"]
    assert fired(decide(make(rule("{not_done: call}")), {"acts": None})) == ["it"]


@pytest.mark.parametrize(("by", "count"), [("anybody", True), ("[boss]", False), ("boss", False)])
def test_an_action_says_who_may_do_it_or_that_anybody_may(make: Make, by: str, count: bool) -> None:
    words = f"vocabulary: {{actions: {{tidy: {{phase: soothe, by: {by}}}}}}}\n"
    policy = make(
        "- {id: it, when: {done: tidy}, then: [{recommend: secure}]}\n", more=["format: 1\n" + words]
    )
    assert bool(fired(decide(policy, {"acts": [act("tidy", -1)]}))) is count


def test_a_parameter_among_the_keys_of_an_act_is_told_its_place(make: Make) -> None:
    policy = make(rule("{done: pay}"))
    said = {**act("pay", -1, by="boss"), "method": "cash", "metod": "cash"}
    with pytest.raises(CaseError) as caught:
        policy.case({"id": "a", "acts": [said]})
    told = {each.path: (each.message, each.expected, each.suggestion) for each in caught.value.diagnostics}
    assert told["acts[0].method"] == (
        "method is a parameter of pay, and no key of the act", "`params:` with `method:` below it", None
    )  # fmt: skip
    assert told["acts[0].metod"][0] == "unknown key 'metod' in the act"


# --- a time that counts from acts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "hours"),
    [
        ("{done: {action: call, at_least: 3}}", -10),  # the reason is the third call
        ("{all: [{x.a: true}, {done: {action: call, at_least: 2}}]}", -20),
        ("{done: {action: call, by: boss}}", -20),
        (
            "{done: {action: call, outcome: no_answer}}",
            -5,
        ),  # one that does not count, but of which the rule speaks
        ("{done: {action: call, newer_than: 15 hours}}", -10),
        ("{done: {action: call, not_followed_by: ask}}", -10),
        ("{done: call}", -30),
        ("{x.a: true}", -30),
        ("{any: [{x.b: true}, {done: {action: call, at_least: 3}}], x.a: true}", -30),  # it may hold without
        ("{done: {action: [call, ask], at_least: 3}}", -30),  # of no one action
        (
            "{all: [{done: {action: call, at_least: 3}}, {done: {action: call, by: boss}}]}",
            -30,
        ),  # which of the two?
    ],
)
def test_a_time_counts_from_the_acts_that_the_rule_speaks_of(
    make: Make, condition: str, hours: float
) -> None:
    made = make(f"- {{id: it, when: {condition}, then: [{{recommend: secure, within: 2 days of call}}]}}\n")
    acts = [
        act("call", -30), act("call", -20, by="boss"), act("ask", -15), act("call", -10), act("call", -5, outcome="no_answer"),
    ]  # fmt: skip
    (step,) = decide(made, {"acts": acts}, x__a=True).plan
    assert step.due == at(hours + 48)


def test_the_third_reminder_for_this_record_starts_its_time(make: Make) -> None:
    words = "vocabulary: {actions: {nudge: {phase: soothe, about: claims}, drop: {phase: soothe, about: claims}}}\n"
    made = make(
        """
    - id: it
      for_each: claims
      when: {done: {action: nudge, at_least: 2}}
      then: [{recommend: drop, within: 2 days of nudge}]
    """,
        more=["format: 1\n" + words],
    )
    acts = [act("nudge", hours, about=about) for hours, about in ((-30, "a"), (-20, "b"), (-10, "a"))]
    decision = decide(made, {"claims": [{"id": "a"}, {"id": "b"}], "acts": acts})
    assert [(step.about, step.due) for step in decision.plan] == [("a", at(38))]
