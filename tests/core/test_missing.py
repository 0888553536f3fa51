"""SEMANTICS L, Missing: only what decides something, the first undecided facts of a rule, the most decisive first."""

from __future__ import annotations

import pytest

from tests.core.policies import Make, act, decide, iso, missing, plan


def test_only_the_first_undecided_fact_of_a_rule_is_asked_for_in_written_order(make: Make) -> None:
    policy = make("""
- id: it
  when: {x.b: true, x.a: true, any: [{x.c: true}, {x.d: true}]}
  then:
    - recommend: call
""")
    assert missing(decide(policy)) == [("x.b", (), ["it"])]
    assert missing(decide(policy, x__b=True)) == [("x.a", (), ["it"])]
    assert missing(decide(policy, x__b=True, x__a=True)) == [("x.c", (), ["it"])]
    assert missing(decide(policy, x__b=True, x__a=True, x__c=False)) == [("x.d", (), ["it"])]
    assert missing(decide(policy, x__b=True, x__a=False)) == [], "it is false already"
    assert missing(decide(policy, x__b=True, x__a=True, x__d=True)) == [], "it is true already"


def test_a_line_for_each_list_names_all_records_and_rules(make: Make) -> None:
    policy = make("""
- {id: one, for_each: claims, when: {open: true}, then: [{recommend: apologise}]}
- {id: two, for_each: claims, when: {open: false}, then: [{recommend: answer}]}
- {id: three, when: {x.a: true}, then: [{recommend: ask}]}
""")
    decision = decide(policy, {"claims": [{"id": "b"}, {"id": "a"}]})
    assert missing(decision) == [("claims.open", ("a", "b"), ["one", "two"]), ("x.a", (), ["three"])]


def test_questions_come_in_the_order_of_what_they_could_decide(make: Make) -> None:
    policy = make("""
- {id: settles, when: {x.a: true}, then: [{recommend: gift}]}
- {id: now, then: [{recommend: call}]}
- {id: soothes, when: {x.b: true}, then: [{recommend: call_boss}]}
- {id: bans, when: {x.c: true}, then: [{forbid: pay}]}
- {id: pays, then: [{recommend: pay}]}
- {id: secures, when: {x.d: true}, then: [{recommend: secure}]}
- {id: asks, when: {x.count: 1}, then: [{recommend: ask}]}
- {id: measures, when: {x.count: 2}, then: [{recommend: measure}]}
""")
    decision = decide(policy)
    assert decision.phase == "soothe"
    assert missing(decision) == [
        ("x.d", (), ["secures"]),  # the first phase: safety
        ("x.c", (), ["bans"]),  # a prohibition on a wanted action
        ("x.b", (), ["soothes"]),  # the current phase
        ("x.count", (), ["asks", "measures"]),  # the rest: most rules first
        ("x.a", (), ["settles"]),
    ]


def test_the_first_phase_is_that_of_the_order_in_force(make: Make) -> None:
    policy = make(
        """
- {id: settles, when: {x.a: true}, then: [{recommend: gift}]}
- {id: secures, when: {x.d: true}, then: [{recommend: secure}]}
""",
        words="phase_order: [{when: {x.faith: bad}, order: [settle, alarm, soothe, inquire]}]",
    )
    assert [each.fact for each in decide(policy).missing] == ["x.d", "x.a"]
    assert [each.fact for each in decide(policy, x__faith="bad").missing] == ["x.a", "x.d"]


def test_what_could_add_nothing_is_not_asked_for(make: Make) -> None:
    policy = make("""
- {id: sure, then: [{recommend: call}]}
- {id: maybe, when: {x.a: true}, then: [{recommend: call}]}
- {id: done-already, when: {x.b: true}, then: [{recommend: ask}]}
- {id: only-concludes, when: {x.c: true}, then: [{conclude: v.a}]}
- {id: forbids-nothing, when: {x.d: true}, then: [{forbid: dun}]}
""")
    assert missing(decide(policy)) == [("x.b", (), ["done-already"])]
    assert missing(decide(policy, {"acts": [act("ask", -1)]})) == []


@pytest.mark.parametrize(
    ("stricter", "asked"),
    [
        ("within: 1 hour of x.when", True),
        ("within: 3 hours of x.when", False),
        ("owner: boss", True),
        ("owner: clerk", False),
    ],
)
def test_what_could_make_a_planned_step_stricter_is_asked_for(make: Make, stricter: str, asked: bool) -> None:
    policy = make(f"""
- {{id: base, then: [{{recommend: call, within: 2 hours of x.when, owner: clerk}}]}}
- {{id: hurts, when: {{x.a: true}}, then: [{{recommend: call, {stricter}}}]}}
""")
    decision = decide(policy, x__when=iso(0))
    assert missing(decision) == ([("x.a", (), ["hurts"])] if asked else [])


def test_what_could_give_a_planned_step_another_value_is_asked_for(make: Make) -> None:
    policy = make("""
- {id: base, then: [{recommend: gift}]}
- {id: kind, when: {x.a: true}, then: [{recommend: gift, kind: token}]}
- {id: bare, when: {x.b: true}, then: [{recommend: gift}]}
""")
    assert missing(decide(policy)) == [("x.a", (), ["kind"])]


def test_a_fact_says_who_can_answer_it_and_how_to_ask(make: Make) -> None:
    policy = make(
        "- {id: it, when: {y.need: given, y.wish: true}, then: [{recommend: call}]}\n"
        """
- {id: too, when: {y.wish: true}, then: [{recommend: ask}]}
""",
        more=[
            """
        format: 1
        vocabulary:
          facts:
            y.wish:
              type: flag
              ask: customer
              question:
                en: What do you wish?
                zh-TW: 你希望什麼？
            y.need: {type: text, ask: system}
        """
        ],
    )
    (question,) = decide(policy).missing
    assert (question.ask, question.question.in_language("zh-TW")) == ("customer", "你希望什麼？")
    assert question.question.in_language("zh-CN").startswith("[en]")


def test_conclusions_are_traced_to_the_facts_that_they_wait_for(make: Make) -> None:
    policy = make("""
- {id: bottom, when: {x.a: true, x.b: true}, then: [{conclude: v.a}]}
- {id: middle, when: {v.a: true}, then: [{conclude: v.b}]}
- {id: other, when: {x.c: true}, then: [{conclude: v.b}]}
- {id: top, when: {v.b: true}, then: [{recommend: call}]}
""")
    assert missing(decide(policy)) == [("x.a", (), ["top"]), ("x.c", (), ["top"])]
    assert missing(decide(policy, x__a=True)) == [("x.b", (), ["top"]), ("x.c", (), ["top"])]
    assert missing(decide(policy, x__a=False)) == [("x.c", (), ["top"])]
    assert missing(decide(policy, x__c=True)) == []


def test_parameters_that_are_unknown_are_asked_for_and_named_incomplete(make: Make) -> None:
    policy = make("""
- id: pays
  then:
    - recommend: pay
      whole: x.amount
      times: {count: claims, where: {open: true}}
""")
    decision = decide(policy)
    assert plan(decision) == [("pay", None, ["pays"])]
    assert decision.plan[0].incomplete == ("times", "whole")
    assert dict(decision.plan[0].params) == {}
    assert missing(decision) == [("claims", (), ["pays"]), ("x.amount", (), ["pays"])]
    half = decide(policy, {"claims": [{"id": "c1", "open": True}, {"id": "c2"}]}, x__amount=5)
    assert half.plan[0].incomplete == ("times",)
    assert missing(half) == [("claims.open", ("c2",), ["pays"])]


def test_only_what_leaves_a_parameter_unknown_is_asked_for(make: Make) -> None:
    policy = make(
        "- {id: known, then: [{recommend: pay, to: {one_of: parties, which: {upset: true}}}]}\n"
        "- {id: unknown, then: [{recommend: pay, to: {one_of: parties, which: {x.a: true}}}]}\n"
    )
    decision = decide(policy, {"parties": [{"id": "p1", "upset": True}, {"id": "p2"}]})
    assert missing(decision) == [("x.a", (), ["unknown"])]


def test_the_record_that_a_step_is_about_is_asked_for_while_unknown(make: Make) -> None:
    policy = make("""
- id: it
  for_each: exhibits
  then:
    - recommend: apologise
      about: claim
""")
    decision = decide(
        policy, {"claims": [{"id": "c1"}], "exhibits": [{"id": "e1"}, {"id": "e2", "claim": "c1"}]}
    )
    assert plan(decision) == [("apologise", "c1", ["it"])]
    assert missing(decision) == [("exhibits.claim", ("e1",), ["it"])]


def test_the_role_of_a_party_is_asked_for_where_it_decides(make: Make) -> None:
    policy = make("- {id: it, when: {x.who: boss}, then: [{recommend: call}]}\n")
    decision = decide(policy, {"parties": [{"id": "p1"}]}, x__who="p1")
    assert [(each.fact.partition(".")[0], list(each.needed_by)) for each in decision.missing] == [
        ("parties", ["it"])
    ]


def test_an_answer_makes_the_question_go(make: Make) -> None:
    policy = make("- {id: it, when: {x.when: {older_than: 2 days}}, then: [{recommend: call}]}\n")
    assert missing(decide(policy)) == [("x.when", (), ["it"])]
    assert missing(decide(policy, x__when=iso())) == []


# --- presumptions that are to be confirmed ----------------------------------------------------------------------------


def test_a_presumption_is_asked_about_while_another_answer_would_take_a_step_from_the_plan(
    make: Make,
) -> None:
    policy = make("""
- {id: it, when: {x.sort: {in: [plea, wish]}}, then: [{recommend: call}]}
- {id: always, then: [{recommend: ask}]}
""")
    assert missing(decide(policy)) == [("x.sort", (), ["it"])]
    assert missing(decide(policy, x__sort="plea")) == [], "it is given"
    assert missing(decide(policy, {"acts": [act("call")]})) == [], (
        "it is done: nothing depends on it any more"
    )


def test_a_presumption_is_not_asked_about_where_no_answer_changes_anything(make: Make) -> None:
    policy = make("""
- {id: all-of-them, when: {x.sort: {in: [plea, wish, query]}}, then: [{recommend: call}]}
- {id: either, when: {any: [{x.sort: plea}, {x.a: true}]}, then: [{recommend: ask}]}
- {id: other, when: {x.sort: query}, then: [{recommend: gift}]}
- {id: only-forbids, when: {x.sort: plea}, then: [{forbid: dun}]}
""")
    assert missing(decide(policy, x__a=True)) == []
    assert missing(decide(policy)) == [("x.sort", (), ["either"])]
    plain = make("- {id: it, when: {x.faith: good}, then: [{recommend: call}]}\n")
    assert missing(decide(plain)) == [], "presumed, and not to be confirmed"


def test_a_presumption_is_asked_about_while_it_leaves_a_rule_open_that_could_add_a_step(make: Make) -> None:
    policy = make("- {id: it, when: {x.sort: plea, x.b: true}, then: [{recommend: call}]}\n")
    assert missing(decide(policy)) == [("x.sort", (), ["it"]), ("x.b", (), ["it"])]
    assert missing(decide(policy, x__b=False)) == []


def test_a_presumption_decides_through_gates_conclusions_holds_and_records(make: Make) -> None:
    gated = make("- {id: it, then: [{recommend: call}]}\n", gate="{x.sort: plea}")
    assert missing(decide(gated)) == [("x.sort", (), ["it"])]
    concluding = make("""
- {id: lower, when: {x.sort: plea}, then: [{conclude: v.a}]}
- {id: upper, when: {v.a: true}, then: [{recommend: call}]}
""")
    assert missing(decide(concluding)) == [("x.sort", (), ["upper"])]
    holding = make("""
- {id: wants, then: [{recommend: pay}]}
- {id: holds, when: {x.sort: plea}, then: [{hold: pay, until: {done: ask}}]}
""")
    assert plan(decide(holding)) == [("ask", None, ["holds"])]
    assert missing(decide(holding)) == [("x.sort", (), ["holds"])]
    each = make("- {id: it, for_each: claims, when: {x.sort: plea}, then: [{recommend: answer}]}\n")
    assert missing(decide(each, {"claims": [{"id": "c1"}]})) == [("x.sort", (), ["it"])]
    assert missing(decide(each)) == [("claims", (), ["it"])], "nothing is decided without the list"


def test_a_presumption_comes_after_what_could_decide_safety_and_before_all_else(make: Make) -> None:
    policy = make("""
- {id: calls, when: {x.sort: plea}, then: [{recommend: call}]}
- {id: secures, when: {x.d: true}, then: [{recommend: secure}]}
- {id: bans, when: {x.c: true}, then: [{forbid: call}]}
- {id: soothes, when: {x.b: true}, then: [{recommend: call_boss}]}
""")
    assert [each.fact for each in decide(policy).missing] == ["x.d", "x.c", "x.b"], (
        "call is held, and not in the plan"
    )
    asked = [each.fact for each in decide(policy, x__c=False).missing]
    assert asked == ["x.d", "x.sort", "x.b"]


# --- from when a time counts ------------------------------------------------------------------------------------------


def test_the_start_of_a_time_is_asked_for_where_no_reason_knows_one(make: Make) -> None:
    """A step whose time has no start would never be late."""
    policy = make("""
    - {id: soon, then: [{recommend: call, within: 4 hours of x.when}]}
    - {id: too, then: [{recommend: call, within: 1 day of x.then}]}
    """)
    assert missing(decide(policy)) == [("x.then", (), ["too"]), ("x.when", (), ["soon"])]
    assert missing(decide(policy, x__then=iso())) == [], "it has a time, and may only come sooner"
    acted = {"acts": [act("call", -1)]}
    assert missing(decide(policy, acted)) == [], "it is done"


def test_the_start_is_that_of_the_record(make: Make) -> None:
    policy = make("- {id: each, for_each: charges, then: [{recommend: waive, within: 2 days of charge.at}]}")
    case = {"charges": [{"id": "a"}, {"id": "b", "at": iso()}]}
    assert missing(decide(policy, case)) == [("charges.at", ("a",), ["each"])]


def test_the_start_is_asked_last(make: Make) -> None:
    """What decides something comes first, however many rules count from the same start."""
    policy = make("""
    - {id: a, then: [{recommend: call, within: 4 hours of x.when}]}
    - {id: b, then: [{recommend: gift, within: 4 hours of x.when}]}
    - {id: c, when: {x.sort: plea}, then: [{recommend: waive}]}
    """)
    assert [each.fact for each in decide(policy).missing] == ["x.sort", "x.when"]


@pytest.mark.parametrize("heat", [{}, {"x__heat": "hot"}])
def test_what_has_become_stale_is_asked_for_like_what_was_never_known(
    make: Make, heat: dict[str, str]
) -> None:
    policy = make("""
- {id: whatever, then: [{recommend: visit}]}
- {id: sooner, when: {x.heat: hot}, then: [{recommend: visit, within: 1 hour before x.when}]}
""")
    facts = {"x__when": iso(-30), **heat}
    learned = {"learned_at": {"x.heat": iso(-72)}} if heat else {}
    assert missing(decide(policy, learned, **facts)) == [("x.heat", (), ["sooner"])]
