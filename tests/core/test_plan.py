"""SEMANTICS G–I, Plan, Acts make the workflow, Due times: one step an action and record, united, ordered, due, retired."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import Decision, Money, Policy, PolicyError, Release
from tests.core.policies import MICRO, NOW, Make, act, at, decide, done, held, iso, missing, plan, rules_of

CLAIMS = {"claims": [{"id": "c2"}, {"id": "c1"}]}


def steps(*effects: str) -> str:
    return "".join(f"- {{id: r{number}, then: [{{{each}}}]}}\n" for number, each in enumerate(effects))


def only(decision: Decision) -> Any:
    (step,) = decision.plan
    return step


# --- one step, united -------------------------------------------------------------------------------------------------


def test_reasons_for_one_action_and_record_unite(make: Make) -> None:
    policy = make("""
- {id: b, when: {x.a: true}, then: [{recommend: call}]}
- {id: a, when: {x.b: true}, then: [{recommend: call}]}
- {id: each, for_each: claims, then: [{recommend: apologise}]}
""")
    decision = decide(policy, CLAIMS, x__a=True, x__b=True)
    assert plan(decision) == [
        ("call", None, ["a", "b"]),
        ("apologise", "c1", ["each"]),
        ("apologise", "c2", ["each"]),
    ]
    assert plan(decide(policy, CLAIMS, x__a=True))[0] == ("call", None, ["b"])


def test_the_earliest_due_wins(make: Make) -> None:
    policy = make(
        steps(
            "recommend: call, within: 3 hours of x.when",
            "recommend: call, within: 1 hour of x.then",
            "recommend: call",
        )
    )
    step = only(decide(policy, x__when=iso(0), x__then=iso(1)))
    assert (step.due, step.within) == (at(2), "1 hour")
    assert rules_of(step) == ["r0", "r1", "r2"]
    step = only(decide(policy, x__when=iso(0), x__then=iso(3)))
    assert (step.due, step.within) == (at(3), "3 hours")
    step = only(decide(policy, x__then=iso(3)))
    assert (step.due, step.within) == (at(4), "1 hour"), "a due without an anchor is none"


def test_due_is_null_without_an_anchor_and_the_duration_is_shown(make: Make) -> None:
    for effects in (
        ("recommend: call, within: 2 working days",),
        ("recommend: call", "recommend: call, within: 2 working days"),
    ):
        step = only(decide(make(steps(*effects))))
        assert (step.due, step.within, step.overdue) == (None, "2 working days", False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("60 minutes of x.when", "30 minutes of x.when"),
        ("2 days of x.when", "1 working day of x.then"),
        ("1 month of x.when", "4 weeks of x.then"),
        ("25 hours of x.when", "end of the working day of x.then"),
        ("1 hour before x.then", "2 weeks of x.when"),
    ],
)
def test_while_nothing_is_dated_the_shortest_time_is_shown(make: Make, one: str, other: str) -> None:
    rules = [f"{{id: {{}}, then: [{{recommend: call, within: {each}}}]}}" for each in (one, other)]
    for names in (("a", "b"), ("b", "a")):
        policy = make(
            "".join(f"- {rule.replace('{}', name, 1)}\n" for rule, name in zip(rules, names, strict=True))
        )
        step = only(decide(policy))
        assert (step.due, step.within) == (None, other.rpartition(" of ")[0])


def test_an_anchor_comes_from_the_action_if_the_rule_names_none(make: Make) -> None:
    policy = make(steps("recommend: visit, within: 2 hours", "recommend: visit, within: 3 hours of x.when"))
    assert only(decide(policy, case__opened_at=iso())).due == at(2)
    assert only(decide(policy, case__opened_at=iso(), x__when=iso(-2))).due == at(1)
    policy = make("- {id: it, for_each: charges, then: [{recommend: waive, within: 1 day}]}\n")
    decision = decide(policy, {"charges": [{"id": "k1", "at": iso()}, {"id": "k2"}]})
    assert [(each.about, each.due) for each in decision.plan] == [("k1", at(days=1)), ("k2", None)]


def test_a_due_in_working_time_ends_when_people_go_home(make: Make) -> None:
    policy = make(steps("recommend: call, within: 1 working day of x.when"))
    monday = "2026-03-02T10:00:00+08:00"
    assert only(decide(policy, x__when=monday)).due.isoformat() == "2026-03-03T10:00:00+00:00"


@pytest.mark.parametrize(
    ("parameter", "given", "combined"),
    [
        ("total", ("{TWD: 5}", "{TWD: 7.5}"), Money(Decimal("12.5"), "TWD")),
        ("total", ("{TWD: 5}", "{TWD: 5}"), Money(Decimal(10), "TWD")),
        ("most", ("{TWD: 5}", "{TWD: 7}"), Money(Decimal(7), "TWD")),
        ("least", ("5", "7"), 5),
        ("times", ("5", "7"), 12),
        ("tone", ("plain", "hard"), "hard"),
        ("tone", ("hard", "soft"), "hard"),
        ("rest", ("90 minutes", "30 minutes"), "PT2H"),
        ("deadline", ("'2026-03-02T10:00:00Z'", "'2026-03-02T17:00:00+08:00'"), "2026-03-02T09:00:00Z"),
        ("method", ("cash", "cash"), "cash"),
        (
            "covers",
            ("{each_of: charges, which: {open: true}}", "{each_of: charges, which: {open: false}}"),
            ("k1", "k2"),
        ),
    ],
)
def test_parameters_combine_as_the_action_declares(
    make: Make, parameter: str, given: tuple[str, str], combined: Any
) -> None:
    charges = [{"id": "k1", "open": True}, {"id": "k2", "open": False}]
    for order in (given, given[::-1]):
        policy = make(steps(*(f"recommend: pay, {parameter}: {each}" for each in order)))
        step = only(decide(policy, {"currency": "TWD", "charges": charges}))
        assert step.params == {parameter: combined}
        assert step.incomplete == ()
        assert rules_of(step) == ["r0", "r1"]


def test_parameters_that_differ_are_a_conflict_that_holds_the_step_and_names_both_rules(make: Make) -> None:
    policy = make(steps("recommend: pay, method: cash, times: 1", "recommend: pay, method: card"))
    decision = decide(policy)
    assert plan(decision) == []
    assert held(decision) == [("pay", None, True, ["r0", "r1"])]
    assert decision.held[0].needs == (Release("parameter", "method"),)


def test_owners_that_differ_are_a_conflict(make: Make) -> None:
    decision = decide(make(steps("recommend: call, owner: boss", "recommend: call, owner: partner")))
    assert held(decision) == [("call", None, True, ["r0", "r1"])]
    assert decision.held[0].needs == (Release("parameter", "owner"),)
    assert only(decide(make(steps("recommend: call, owner: boss")))).owner == "boss"
    assert only(decide(make(steps("recommend: call")))).owner == "clerk"


def test_a_step_whose_parameter_is_unknown_stays_incomplete(make: Make) -> None:
    policy = make(steps("recommend: pay, total: x.amount, method: cash", "recommend: pay, total: {TWD: 5}"))
    step = only(decide(policy, {"currency": "TWD"}))
    assert (dict(step.params), step.incomplete) == ({"method": "cash"}, ("total",))
    assert [each.fact for each in decide(policy, {"currency": "TWD"}).missing] == ["x.amount"]
    step = only(decide(policy, {"currency": "TWD"}, x__amount=Decimal("0.5")))
    assert step.params["total"] == Money(Decimal("5.5"), "TWD")


def test_an_amount_in_a_currency_that_the_policy_does_not_know_is_incomplete(make: Make) -> None:
    policy = make(steps("recommend: pay, total: {TWD: 5}"))
    decision = decide(policy, {"currency": "USD"})
    assert only(decision).incomplete == ("total",)
    assert missing(decision) == [("currency", (), ["r0"])]
    assert decision.missing[0].question.in_language("en") == (
        "Which amount applies in USD? None is set; ask whoever decides about it."
    )
    unsaid = decide(policy).missing[0].question.in_language("en")
    assert unsaid == "In which currency are the amounts of this case?"


def test_a_record_is_chosen_by_id_among_those_that_surely_qualify(make: Make) -> None:
    policy = make(steps("recommend: pay, to: {one_of: parties, which: {upset: true}}"))

    def chosen(*upset: bool | None) -> Any:
        return only(
            decide(
                policy,
                {"parties": [{"id": f"p{number}", "upset": each} for number, each in enumerate(upset)]},
            )
        )

    assert chosen(True, True).params == {"to": "p0"}
    assert chosen(False, True, None).params == {"to": "p1"}
    assert chosen(None, True).params == {"to": "p1"}
    assert (dict(chosen(None, False).params), chosen(None, False).incomplete) == ({}, ("to",))
    assert (dict(chosen(False).params), chosen(False).incomplete) == ({}, ("to",))


# --- order ------------------------------------------------------------------------------------------------------------


ALL = steps(
    *(
        f"recommend: {each}"
        for each in ("gift", "pay", "ask", "first_of_all", "preferred", "measure", "secure", "call")
    )
)
DEFAULT = ["secure", "call", "preferred", "first_of_all", "ask", "measure", "gift", "pay"]


def test_steps_come_by_phase_then_rank_then_record(make: Make) -> None:
    policy = make(
        ALL + "- {id: each, for_each: claims, then: [{recommend: apologise}, {recommend: answer}]}\n"
    )
    order = [(each.action, each.about) for each in decide(policy, CLAIMS).plan]
    assert order[:6] == [(name, None) for name in DEFAULT[:6]]
    assert order[6:10] == [("answer", "c1"), ("answer", "c2"), ("apologise", "c1"), ("apologise", "c2")]
    assert order[10:] == [("gift", None), ("pay", None)]


def test_within_a_phase_what_is_due_first_comes_first(make: Make) -> None:
    policy = make(
        steps(
            "recommend: gift",
            "recommend: pay, within: 3 hours of x.when",
            "recommend: visit, within: 2 hours of x.then",
            "recommend: call, within: 9 hours of x.when",
        )
    )
    assert [each.action for each in decide(policy).plan] == ["call", "gift", "pay", "visit"]
    early = decide(policy, x__when=iso(0), x__then=iso(0))
    assert [each.action for each in early.plan] == ["call", "visit", "pay", "gift"], (
        "phase, then what is due first"
    )
    late = decide(policy, x__when=iso(0), x__then=iso(2))
    assert [each.action for each in late.plan] == ["call", "pay", "visit", "gift"]
    same = decide(policy, x__when=iso(0), x__then=iso(1))
    assert [each.action for each in same.plan] == ["call", "pay", "visit", "gift"], (
        "due at once: the static rank"
    )


def test_records_of_one_action_come_by_what_is_due_first(make: Make) -> None:
    policy = make("- {id: it, for_each: charges, then: [{recommend: waive, within: 1 hour}]}\n")
    charges = [{"id": "a", "at": iso(2)}, {"id": "b"}, {"id": "c", "at": iso(1)}, {"id": "d", "at": iso(1)}]
    assert [each.about for each in decide(policy, {"charges": charges}).plan] == ["c", "d", "a", "b"]


def test_the_declared_order_is_kept_and_what_comes_before_is_as_pressing_as_what_comes_after(
    make: Make,
) -> None:
    policy = make(
        steps(
            "recommend: first_of_all",
            "recommend: ask, within: 1 hour of x.when",
            "recommend: measure, within: 1 hour of x.then",
            "recommend: preferred",
        )
    )
    first = decide(policy, x__when=iso(0), x__then=iso(5))
    assert [each.action for each in first.plan] == ["first_of_all", "ask", "measure", "preferred"]
    last = decide(policy, x__when=iso(5), x__then=iso(0))
    assert [each.action for each in last.plan] == ["measure", "first_of_all", "ask", "preferred"]
    alone = decide(policy, {"acts": [act("ask", 0)]}, x__then=iso(0))
    assert [each.action for each in alone.plan] == ["measure", "preferred", "first_of_all"]


def test_the_declared_order_holds_through_an_action_that_is_not_in_the_plan(make: Make) -> None:
    policy = make(
        "- {id: it, then: [{recommend: one}, {recommend: three, within: 1 hour of x.when}]}\n",
        more=[
            """
            format: 1
            vocabulary:
              actions:
                three: {phase: inquire, owner: clerk}
                two: {phase: inquire, owner: clerk, before: [three]}
                one: {phase: inquire, owner: clerk, before: [two]}
            """
        ],
    )
    assert [each.action for each in decide(policy, x__when=iso()).plan] == ["one", "three"]


def test_phases_sort_and_do_not_gate(make: Make) -> None:
    decision = decide(make(ALL))
    assert [each.action for each in decision.plan] == DEFAULT
    assert decision.phase == "alarm"
    decision = decide(make(ALL), {"acts": [act("secure", -1)]})
    assert decision.phase == "soothe"
    assert decide(make("- {id: it, when: {x.a: true}, then: [{recommend: call}]}\n")).phase is None


def test_policies_reorder_phases_by_condition_and_keep_the_default_while_it_is_unknown(make: Make) -> None:
    words = """
phase_order:
  - {when: {x.a: true}, order: [settle, inquire, soothe, alarm]}
  - {when: {x.b: true}, order: [inquire, alarm, soothe, settle]}
"""
    policy = make(ALL, words=words)

    def phases(**facts: Any) -> list[str]:
        return list(dict.fromkeys(each.phase for each in decide(policy, **facts).plan))

    assert phases() == ["alarm", "soothe", "inquire", "settle"]
    assert phases(x__a=True, x__b=True) == ["settle", "inquire", "soothe", "alarm"]
    assert phases(x__a=False, x__b=True) == ["inquire", "alarm", "soothe", "settle"]
    assert phases(x__b=True) == ["inquire", "alarm", "soothe", "settle"], "the first that is known to hold"
    assert decide(policy, x__a=True).phase == "settle"
    assert missing(decide(policy)) == []


# --- identity ---------------------------------------------------------------------------------------------------------


def test_a_steps_id_is_case_action_record_and_occurrence(make: Make) -> None:
    policy = make(
        steps("recommend: call, within: 1 hour of x.when")
        + "- {id: each, for_each: claims, then: [{recommend: answer}]}\n"
    )
    case = {"id": "T/1", "claims": [{"id": "c/1%"}], "facts": {"x.when": iso(-5)}}
    assert [each.id for each in decide(policy, case).plan] == ["T%2F1/call//1", "T%2F1/answer/c%2F1%25/1"]
    again = decide(
        policy, {**case, "acts": [act("call", -6), act("call", -7), act("call", -8, outcome="no_answer")]}
    )
    assert again.plan[0].id == "T%2F1/call//3"
    assert [each.id for each in decide(policy, {**case, "id": None}).plan] == [None, None]
    served = decide(policy, {**case, "acts": [act("call", -4)]})
    assert [(each.id, each.at) for each in served.done] == [("T%2F1/call//1", at(-4))]


# --- retirement -------------------------------------------------------------------------------------------------------

CALLS = steps("recommend: call, within: 30 minutes of x.when")


def test_an_act_with_a_counting_outcome_retires_the_step_and_shows_as_done(make: Make) -> None:
    policy = make(CALLS)
    decision = decide(policy, {"acts": [act("call", -1)]}, x__when=iso(-2))
    assert plan(decision) == []
    assert done(decision) == [("call", None, ["r0"])]
    assert (decision.done[0].at, decision.done[0].by) == (at(-1), "clerk")
    assert plan(decide(policy, {"acts": [act("call", -1, outcome="no_answer")]}, x__when=iso(-2))) == [
        ("call", None, ["r0"])
    ]


def test_an_act_before_the_steps_anchor_does_not_retire_it(make: Make) -> None:
    policy = make(CALLS)
    assert plan(decide(policy, {"acts": [act("call", -2.001)]}, x__when=iso(-2))) == [("call", None, ["r0"])]
    assert done(decide(policy, {"acts": [act("call", -2)]}, x__when=iso(-2))) == [("call", None, ["r0"])]


def test_an_act_by_another_role_does_not_retire_the_step(make: Make) -> None:
    policy = make(steps("recommend: call_boss"))
    assert plan(decide(policy, {"acts": [act("call_boss", -1)]})) == [("call_boss", None, ["r0"])]
    assert done(decide(policy, {"acts": [act("call_boss", -1, by="partner")]})) == [
        ("call_boss", None, ["r0"])
    ]
    people = {"parties": [{"id": "p1", "role": "boss"}, {"id": "p2", "role": "clerk"}, {"id": "p3"}]}
    assert done(decide(policy, {**people, "acts": [act("call_boss", -1, by="p1")]}))
    for party in ("p2", "p3"):
        assert plan(decide(policy, {**people, "acts": [act("call_boss", -1, by=party)]})) == [
            ("call_boss", None, ["r0"])
        ]


def test_an_act_about_another_record_does_not_retire_the_step(make: Make) -> None:
    policy = make(
        "- {id: each, for_each: claims, then: [{recommend: apologise}]}\n- {id: one, then: [{recommend: measure}]}\n"
    )
    decision = decide(
        policy, {**CLAIMS, "acts": [act("apologise", -1, about="c2"), act("measure", -1, about="c1")]}
    )
    assert plan(decision) == [("apologise", "c1", ["each"])]
    assert done(decision) == [("apologise", "c2", ["each"]), ("measure", None, ["one"])]


def test_an_act_of_the_future_has_not_happened_yet(make: Make) -> None:
    policy = make(steps("recommend: call"))
    case = {"acts": [act("call", 1)]}
    decision = decide(policy, case)
    assert plan(decision) == [("call", None, ["r0"])]
    assert decision.review_at == at(1)
    assert done(decide(policy, case, at(1))) == [("call", None, ["r0"])]
    assert plan(decide(policy, case, at(1) - MICRO)) == [("call", None, ["r0"])]


SIGNALS = """
- id: any-signal
  when: {some: signals, where: {loud: true}}
  then:
    - recommend: call
      within: 30 minutes of signal.at
"""


def signals(*hours: float, acts: tuple[float, ...] = ()) -> dict[str, Any]:
    return {
        "signals": [{"id": f"s{number}", "at": iso(each), "loud": True} for number, each in enumerate(hours)],
        "acts": [act("call", each) for each in acts],
    }


def test_a_second_signal_after_the_callback_makes_it_due_again(make: Make) -> None:
    policy = make(SIGNALS)
    first = decide(policy, {"id": "T", **signals(-5)})
    assert [(each.id, each.due) for each in first.plan] == [("T/call//1", at(-4.5))]
    served = decide(policy, {"id": "T", **signals(-5, acts=(-4.9,))})
    assert (plan(served), [each.id for each in served.done]) == ([], ["T/call//1"])
    second = decide(policy, {"id": "T", **signals(-5, -1, acts=(-4.9,))})
    assert [(each.id, each.due) for each in second.plan] == [("T/call//2", at(-0.5))]
    assert done(second) == []
    assert plan(decide(policy, signals(-5, -1, acts=(-4.9, -0.9)))) == []


def test_the_first_anchor_that_nobody_served_counts(make: Make) -> None:
    policy = make(SIGNALS)
    assert only(decide(policy, signals(-1, -5, -3))).due == at(-4.5)
    assert only(decide(policy, signals(-1, -5, -3, acts=(-4,)))).due == at(-2.5)
    assert plan(decide(policy, signals(-1, -5, acts=(-1,)))) == []
    quiet = {
        "signals": [{"id": "s1", "at": iso(-5), "loud": False}, {"id": "s2", "at": iso(-1), "loud": True}]
    }
    assert only(decide(policy, quiet)).due == at(-0.5), "only signals that the rule's test found"


def test_each_record_of_for_each_has_its_own_anchor(make: Make) -> None:
    policy = make("- {id: it, for_each: signals, then: [{recommend: call, within: 1 hour of signal.at}]}\n")
    case = signals(-2, -1)
    assert [(each.about, each.due) for each in decide(policy, case).plan] == [("s0", at(-1)), ("s1", at(0))]


def test_an_anchor_may_be_an_act_and_counts_only_if_the_act_does(make: Make) -> None:
    policy = make(steps("recommend: gift, within: 1 hour of call"))
    assert only(decide(policy)).due is None
    assert only(decide(policy, {"acts": [act("call", -3), act("call", -2, outcome="no_answer")]})).due == at(
        -2
    )
    after = {"acts": [act("call", -3), act("gift", -2), act("call", -1)]}
    assert only(decide(policy, after)).due == at(0)
    assert plan(decide(policy, {"acts": [act("call", -3), act("gift", -2)]})) == []


def test_an_act_by_somebody_who_may_not_is_no_anchor(make: Make) -> None:
    policy = make(steps("recommend: gift, within: 1 hour of call_boss"))
    assert only(decide(policy, {"acts": [act("call_boss", -3)]})).due is None
    assert only(decide(policy, {"acts": [act("call_boss", -3, by="boss")]})).due == at(-2)


def test_an_act_about_one_record_is_an_anchor_for_that_record_only(make: Make) -> None:
    policy = make("- {id: it, for_each: claims, then: [{recommend: apologise, within: 1 hour of answer}]}\n")
    decision = decide(policy, {**CLAIMS, "acts": [act("answer", -3, about="c1")]})
    assert [(each.about, each.due) for each in decision.plan] == [("c1", at(-2)), ("c2", None)]


FINDS = """\
- id: it
  when: {%s}
  then: [{recommend: visit, within: 1 hour of signal.at}]
"""


@pytest.mark.parametrize(
    ("test", "acts", "due"),
    [
        ("some: signals", [], -8),
        ("latest: signals, has: {loud: true}", [], -1),
        ("latest: signals, has: {loud: true}", [-3], -1),
        ("latest: signals, has: {loud: true}", [-0.5], None),
        ("earliest: signals, has: {loud: true}", [], -8),
        ("count: signals, at_least: 3", [], -2),  # the third is the one that makes them three
        ("count: signals, at_least: 3", [-1.5], -1),  # and each further one makes as many again
        ("count: signals, at_least: 3, within: 3 hours", [], -1),  # -4, -2 and -1
        ("count: signals, where: {loud: true}, at_least: 2", [], -1),
        ("any: [{count: signals, at_least: 3}, {x.a: true}]", [], -2),
        ("all: [{count: signals, at_least: 3}, {some: signals, where: {loud: true}}]", [], -8),
        (
            "all: [{some: signals}, {latest: signals, has: {loud: true}}]",
            [],
            -1,
        ),  # it says only that there is one
        ("all: [{some: signals}, {earliest: signals, has: {loud: true}}]", [-7], None),
        ("all: [{some: signals, where: {loud: true}}, {latest: signals, has: {loud: true}}]", [], -8),
    ],
)
def test_a_deadline_counts_from_the_records_because_of_which_a_test_holds(
    make: Make, test: str, acts: list[float], due: float | None
) -> None:
    case = {
        "signals": [
            {"id": "s4", "at": iso(-1), "loud": True},
            {"id": "s1", "at": iso(-8), "loud": True},
            {"id": "s3", "at": iso(-2), "loud": False},
            {"id": "s2", "at": iso(-4), "loud": False},
        ],
        "acts": [act("visit", each) for each in acts],
    }
    decision = decide(make(FINDS % test), case)
    assert [each.due for each in decision.plan] == ([] if due is None else [at(due + 1)])


@pytest.mark.parametrize(
    ("test", "message"),
    [
        ("x.a: true", "it is not clear which signal is meant: no test on signals"),
        ("none: signals", "it is not clear which signal is meant: `none: signals` does not find records"),
        ("some: claims, where: {some: signals}", "it is not clear which signal is meant: no test on signals"),
        ("all: [{some: signals}, {some: signals, where: {loud: true}}]", "more than one test on signals"),
        ("all: [{latest: signals, has: {loud: true}}, {count: signals, at_least: 2}]", "more than one test"),
    ],
)
def test_a_deadline_needs_one_test_that_finds_the_records(make: Make, test: str, message: str) -> None:
    with pytest.raises(PolicyError) as caught:
        make(FINDS % test)
    (found,) = caught.value.diagnostics
    assert found.code == "unclear-anchor"
    assert message in found.message


def test_a_step_that_waits_for_its_anchor_is_not_due_because_it_would_come_back_just_then(make: Make) -> None:
    policy = make(steps("recommend: visit, again: every 2 days"))  # anchored at case.opened_at, still to come
    step = only(decide(policy, {"acts": [act("visit", -24)]}, case__opened_at=iso(24)))
    assert (step.due, step.within) == (None, None)


def test_a_step_comes_back_again_and_again(make: Make) -> None:
    policy = make(steps("recommend: call, again: every 2 days"))
    case = {"id": "T", "acts": [act("call", -1)]}
    decision = decide(policy, case)
    assert (plan(decision), decision.review_at) == ([], at(47))
    assert plan(decide(policy, case, at(47) - MICRO)) == []
    back = only(decide(policy, case, at(47)))
    assert (back.id, back.due, back.overdue) == ("T/call//2", None, False)  # no `within`
    twice = decide(policy, {"id": "T", "acts": [act("call", -1), act("call", 47)]}, at(48))
    assert (plan(twice), [each.id for each in twice.done], twice.review_at) == ([], ["T/call//2"], at(95))


def test_a_step_that_comes_back_is_due_within_its_time(make: Make) -> None:
    policy = make(steps("recommend: call, again: every 2 days, within: 3 hours of x.when"))
    step = only(decide(policy, {"acts": [act("call", -1)]}, at(50), x__when=iso(-1)))
    assert (step.due, step.overdue) == (at(50), True)


def test_a_step_stays_while_one_of_its_rules_is_not_served(make: Make) -> None:
    policy = make(steps("recommend: call", "recommend: call, within: 1 hour of x.when"))
    decision = decide(policy, {"acts": [act("call", -3)]}, x__when=iso(-2))
    assert plan(decision) == [("call", None, ["r1"])]
    assert done(decision) == []


# --- overdue, to the microsecond --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("late", "overdue"), [(-MICRO, False), (0 * MICRO, True), (MICRO, True)])
def test_a_step_is_overdue_from_the_microsecond_at_which_it_is_due(
    make: Make, late: Any, overdue: bool
) -> None:
    policy = make(CALLS)
    when = at(0.5) + late
    assert only(decide(policy, {}, when, x__when=NOW)).overdue is overdue
    due = decide(policy, {}, when, x__when=NOW).plan[0].due
    assert due == at(0.5)


def test_being_overdue_never_changes_the_order(make: Make) -> None:
    late = "- {id: late, then: [{recommend: pay, within: 1 minute of x.when}, {recommend: ask, within: 1 hour of x.then}]}\n"
    policy: Policy = make(ALL + late)
    orders = {
        tuple(each.action for each in decide(policy, {}, at(hours), x__when=iso(), x__then=iso()).plan)
        for hours in (-1, 0, 0.5, 2, 99)
    }
    assert orders == {
        ("secure", "call", "first_of_all", "ask", "preferred", "measure", "pay", "gift"),
    }


def test_wording_is_filled_with_parameters_due_and_record(make: Make) -> None:
    policy = make("""
- id: it
  for_each: charges
  then:
    - recommend: waive
      within: 1 hour of charge.at
      say:
        en: "About {about}, by {due}."
""")
    decision = decide(policy, {"charges": [{"id": "k1", "at": iso()}, {"id": "k2"}]})
    assert [each.say.in_language("en") for each in decision.plan] == [
        "About k1, by 2026-03-02T11:00:00Z.",
        "About k2, by (not known yet).",
    ]


# --- steps whose purpose passes ---------------------------------------------------------------------------------------

ALL_RIGHT = "- {id: it, then: [{recommend: call, within: 15 minutes of x.when, lapses_after: 1 day}]}\n"


@pytest.mark.parametrize(("late", "planned"), [(-MICRO, True), (0 * MICRO, False), (MICRO, False)])
def test_a_step_leaves_the_plan_when_its_purpose_has_passed(make: Make, late: Any, planned: bool) -> None:
    decision = decide(make(ALL_RIGHT), {}, at(days=1) + late, x__when=iso())
    assert [each.action for each in decision.plan] == ["call"] * planned
    assert done(decision) == [], "nobody did it"
    assert missing(decision) == []


def test_it_is_looked_at_again_when_the_purpose_passes(make: Make) -> None:
    policy = make(ALL_RIGHT)
    assert decide(policy, {}, at(0.5), x__when=iso()).review_at == at(days=1)
    assert decide(policy, {}, at(days=1), x__when=iso()).review_at is None
    asking = make(
        "- {id: it, when: {x.a: true}, then: [{recommend: call, within: 1 hour of x.when, lapses_after: 1 day}]}\n"
    )
    decision = decide(asking, {}, at(0.5), x__when=iso())
    assert (missing(decision), decision.review_at) == ([("x.a", (), ["it"])], at(days=1))
    assert missing(decide(asking, {}, at(days=1), x__when=iso())) == [], (
        "an answer would bring nothing any more"
    )


def test_a_step_without_a_known_anchor_does_not_lapse_and_one_that_was_done_stays_done(make: Make) -> None:
    policy = make(ALL_RIGHT)
    assert [each.action for each in decide(policy, {}, at(days=9)).plan] == ["call"]
    answered = decide(policy, {"acts": [act("call", 1)]}, at(days=9), x__when=iso())
    assert (plan(answered), done(answered)) == ([], [("call", None, ["it"])])


def test_each_anchor_lapses_by_itself_and_other_reasons_stay(make: Make) -> None:
    policy = make("""
- id: each
  when: {some: signals}
  then: [{recommend: call, within: 1 hour of signal.at, lapses_after: 1 day}]
""")
    case = {"signals": [{"id": "s1", "at": iso(0)}, {"id": "s2", "at": iso(20)}]}
    assert only(decide(policy, case, at(23))).due == at(1)
    assert only(decide(policy, case, at(24))).due == at(21), "the first is of no use any more"
    assert plan(decide(policy, case, at(44))) == []
    both = make(ALL_RIGHT + "- {id: too, then: [{recommend: call}]}\n")
    assert plan(decide(both, {}, at(days=1), x__when=iso())) == [("call", None, ["too"])]


def test_a_lapse_counts_from_the_anchor_of_the_action_and_in_working_time(make: Make) -> None:
    policy = make("- {id: it, then: [{recommend: visit, lapses_after: 2 working days}]}\n")
    opened = {"facts": {"case.opened_at": "2026-03-06T02:00:00Z"}}  # a Friday, ten in the morning in Taipei
    left = decide(policy, opened, NOW, x__a=True).review_at
    assert left is not None
    assert left.isoformat() == "2026-03-10T02:00:00+00:00", "an interval comes back within the day's hours"
    assert plan(decide(policy, opened, left, x__a=True)) == []


def test_what_lapsed_is_explained_and_stays_owed(make: Make) -> None:
    policy = make(ALL_RIGHT)
    case: dict[str, Any] = {"history": [{"at": iso(), "facts": {"x.when": iso()}}]}
    explained = policy.explain(case, "call", at=at(days=2))
    assert explained.parts == ()
    (owed,) = policy.audit(case, at=at(days=3)).breaches
    assert (owed.kind, owed.action, owed.at) == ("omitted", "call", at(0.25))
    case["history"].append({"at": iso(0.2), "acts": [{"action": "call", "by": "clerk"}]})
    assert policy.audit(case, at=at(days=3)).breaches == ()


def test_a_lapse_needs_an_instant_from_which_it_counts(make: Make) -> None:
    with pytest.raises(PolicyError, match="`lapses_after` has no start"):
        make("- {id: it, then: [{recommend: call, within: 1 hour, lapses_after: 1 day}]}\n")
