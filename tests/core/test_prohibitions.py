"""SEMANTICS D–F, Scope, Wanted and blocked, Unknown prohibitions, `overrides`: what must not be done, or not yet."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import Policy, PolicyError, Release
from tests.core.policies import (
    NOW,
    Make,
    Plain,
    act,
    decide,
    fired,
    forbidden,
    held,
    missing,
    plan,
    rules_of,
    undecided_of,
)

CLAIMS: dict[str, Plain] = {"claims": [{"id": "c1", "open": True}, {"id": "c2", "open": False}]}
WANTED = """
- id: wants
  for_each: claims
  then:
    - recommend: apologise
- id: wants-all
  then:
    - recommend: call
    - recommend: call_boss
    - recommend: ask
    - recommend: measure
"""


def with_ban(
    make: Make, effect: str, *, when: str = "{x.a: true}", head: str = "", wanted: str = WANTED
) -> Policy:
    return make(f"""{wanted}
- id: bans
  when: {when}
  {head}
  then:
    - {effect}
""")


def test_what_is_recommended_and_forbidden_is_forbidden_with_both_reasons(make: Make) -> None:
    decision = decide(with_ban(make, "forbid: call"), x__a=True)
    assert forbidden(decision) == [("call", None, True, ["bans", "wants-all"])]
    assert [each.effect for each in decision.forbidden[0].because] == ["forbid", "recommend"]
    assert "call" not in [each.action for each in decision.plan]


def test_a_prohibition_of_the_whole_case_covers_every_record(make: Make) -> None:
    decision = decide(with_ban(make, "forbid: apologise"), CLAIMS, x__a=True)
    assert forbidden(decision) == [
        ("apologise", "c1", True, ["bans", "wants"]),
        ("apologise", "c2", True, ["bans", "wants"]),
        ("apologise", None, False, ["bans"]),
    ]


def test_a_prohibition_about_one_record_leaves_the_others_alone(make: Make) -> None:
    decision = decide(
        with_ban(make, "forbid: apologise", when="{open: false}", head="for_each: claims"), CLAIMS
    )
    assert forbidden(decision) == [("apologise", "c2", True, ["bans", "wants"])]
    assert ("apologise", "c1", ["wants"]) in plan(decision)


def test_a_prohibition_for_a_record_leaves_the_step_of_the_whole_case_alone(make: Make) -> None:
    decision = decide(with_ban(make, "forbid: call", when="{open: true}", head="for_each: claims"), CLAIMS)
    assert forbidden(decision) == [("call", "c1", False, ["bans"])]
    assert ("call", None, ["wants-all"]) in plan(decision)
    decision = decide(
        with_ban(make, "{forbid: call, about: case}", when="{open: true}", head="for_each: claims"), CLAIMS
    )
    assert forbidden(decision) == [("call", None, True, ["bans", "wants-all"])]


def test_an_action_about_the_case_is_one_step_whatever_record_the_rule_is_for(make: Make) -> None:
    decision = decide(with_ban(make, "forbid: measure", when="{open: true}", head="for_each: claims"), CLAIMS)
    assert forbidden(decision) == [("measure", None, True, ["bans", "wants-all"])]


def test_a_prohibition_may_be_about_the_record_that_a_field_names(make: Make) -> None:
    policy = with_ban(
        make, "{forbid: apologise, about: claim}", when="{strong: true}", head="for_each: exhibits"
    )
    exhibits = [{"id": "e1", "claim": "c2", "strong": True}, {"id": "e2", "claim": "c1", "strong": False}]
    assert forbidden(decide(policy, {**CLAIMS, "exhibits": exhibits})) == [
        ("apologise", "c2", True, ["bans", "wants"])
    ]


def test_a_prohibition_about_an_unknown_record_holds_whatever_it_might_be_about(make: Make) -> None:
    policy = with_ban(
        make, "{forbid: apologise, about: claim}", when="{strong: true}", head="for_each: exhibits"
    )
    decision = decide(policy, {**CLAIMS, "exhibits": [{"id": "e1", "strong": True}]})
    assert held(decision) == [
        ("apologise", "c1", True, ["bans", "wants"]),
        ("apologise", "c2", True, ["bans", "wants"]),
    ]
    assert undecided_of(decision.held[0]) == ["bans"]
    assert ("exhibits.claim", ("e1",), ["bans"]) in missing(decision)
    assert (
        policy.check(
            {**CLAIMS, "exhibits": [{"id": "e1", "strong": True}]}, "apologise", at=decision.at, about="c1"
        ).verdict
        == "held"
    )


@pytest.mark.parametrize(
    ("effect", "banned"),
    [
        ("{forbid: call_boss, by: boss}", True),
        ("{forbid: call_boss, by: clerk}", False),
        ("{forbid: call_boss, by: [clerk, boss]}", True),
    ],
)
def test_a_prohibition_for_some_doers_touches_only_steps_that_they_own(
    make: Make, effect: str, banned: bool
) -> None:
    decision = decide(with_ban(make, effect), x__a=True)
    assert (("call_boss", None, ["wants-all"]) in plan(decision)) is not banned
    (found,) = decision.forbidden
    assert found.wanted is banned
    assert set(found.by) == set(effect.partition("by: ")[2].strip("[]}").split(", "))


@pytest.mark.parametrize(
    ("free", "bound"), [("boss", "clerk customer partner"), ("[boss, clerk, customer]", "partner")]
)
def test_everybody_is_bound_but_some_roles(make: Make, free: str, bound: str) -> None:
    policy = with_ban(make, f"{{forbid: call_boss, except_by: {free}}}")
    (found,) = decide(policy, x__a=True).forbidden
    assert set(found.by) == set(bound.split())
    case = {"facts": {"x.a": True}}
    assert policy.check(case, "call_boss", by="boss", at=NOW).verdict == "allowed"
    assert policy.check(case, "call_boss", by="partner", at=NOW).verdict == "forbidden"


def test_a_role_of_another_file_is_bound_too(make: Make) -> None:
    more = ["format: 1\nvocabulary: {roles: [trainee]}\n"]
    policy = make("- {id: bans, then: [{forbid: call, except_by: boss}]}", more=more)
    verdict = policy.check({}, "call", by="trainee", at=NOW)
    assert (verdict.verdict, [each.rule for each in verdict.because]) == ("forbidden", ["bans"])


@pytest.mark.parametrize(("keys", "code", "said"), [
    ("except_by: bos", "unknown-role", "boss"),
    ("except_by: boss, by: clerk", "does-not-fit", "`except_by` and `by` in one effect"),
    ("except_by: [boss, clerk, customer, partner]", "empty", "leaves nobody"),
])  # fmt: skip
def test_roles_left_out_are_checked(make: Make, keys: str, code: str, said: str) -> None:
    with pytest.raises(PolicyError) as caught:
        with_ban(make, f"{{forbid: call, {keys}}}")
    assert [each.code for each in caught.value.diagnostics] == [code]
    assert said in str(caught.value)


def test_a_group_is_forbidden_except_some_of_it(make: Make) -> None:
    decision = decide(with_ban(make, "{forbid: contacts, except: [call_boss, press]}"), x__a=True)
    assert forbidden(decision) == [
        ("call", None, True, ["bans", "wants-all"]),
        ("dun", None, False, ["bans"]),
    ]
    assert ("call_boss", None, ["wants-all"]) in plan(decision)


def test_a_prohibition_may_be_on_parameters_only(make: Make) -> None:
    def decided(given: str, **facts: Any) -> Any:
        return decide(
            make(f"""
- id: gives
  then:
    - recommend: gift
      {given}
- id: no-tokens
  then:
    - forbid: gift
      where: {{kind: token}}
"""),
            {"currency": "TWD"},
            **facts,
        )

    assert plan(decided("kind: real")) == [("gift", None, ["gives"])]
    assert forbidden(decided("kind: real")) == [], "a prohibition on parameters is no standing one"
    assert forbidden(decided("kind: token")) == [("gift", None, True, ["no-tokens", "gives"])]
    unsaid = decided("worth: {TWD: 5}")
    assert (held(unsaid), plan(unsaid)) == ([], [("gift", None, ["gives"])]), "whoever gives it will say"
    assert (unsaid.plan[0].incomplete, missing(unsaid)) == (("kind",), [("gift.kind", (), ["no-tokens"])])


def test_a_step_whose_parameter_is_unknown_waits_for_it_whatever_a_prohibition_says_of_it(make: Make) -> None:
    policy = make("""
- id: gives
  then:
    - recommend: gift
      worth: x.amount
- id: not-so-much
  then:
    - forbid: gift
      where: {worth: {above: x.limit}}
""")
    unknown = decide(policy, {"currency": "TWD"})
    assert (held(unknown), plan(unknown)) == ([], [("gift", None, ["gives"])])
    assert unknown.plan[0].incomplete == ("worth",)
    assert missing(unknown)[0] == ("x.amount", (), ["gives"])
    assert forbidden(decide(policy, x__amount=5, x__limit=4)) == [
        ("gift", None, True, ["not-so-much", "gives"])
    ]
    assert plan(decide(policy, x__amount=5, x__limit=5)) == [("gift", None, ["gives"])]


# --- hold -------------------------------------------------------------------------------------------------------------


def test_what_releases_a_wanted_step_by_an_act_goes_into_the_plan(make: Make) -> None:
    wanted = """
- id: wants
  then:
    - recommend: ask
"""
    policy = with_ban(make, "{hold: ask, until: {done: secure}}", wanted=wanted)
    decision = decide(policy, x__a=True)
    assert held(decision) == [("ask", None, True, ["bans", "wants"])]
    assert decision.held[0].until == ({"done": "secure"},)
    assert decision.held[0].needs == (Release("act", "secure"),)
    assert plan(decision) == [("secure", None, ["bans"])]
    assert decision.plan[0].because[0].effect == "hold"
    released = decide(policy, {"acts": [act("secure", -1)]}, x__a=True)
    assert plan(released) == [("ask", None, ["wants"])]
    assert held(released) == []


def test_a_chain_of_holds_brings_its_first_act_into_the_plan(make: Make) -> None:
    policy = make("""
- {id: wants, then: [{recommend: ask}]}
- {id: one, then: [{hold: ask, until: {done: call}}]}
- {id: two, then: [{hold: call, until: {done: secure, x.a: given}}]}
""")
    decision = decide(policy)
    assert held(decision) == [("ask", None, True, ["one", "wants"]), ("call", None, True, ["two", "one"])]
    assert plan(decision) == [("secure", None, ["two"])]
    assert missing(decision) == [("x.a", (), ["two"])]


def test_what_releases_a_wanted_step_by_a_fact_goes_to_missing(make: Make) -> None:
    for until in ("{x.b: true}", "{x.b: given}", "{x.b: given, x.c: given}"):
        decision = decide(with_ban(make, f"{{hold: call, until: {until}}}"), x__a=True)
        assert held(decision) == [("call", None, True, ["bans", "wants-all"])]
        assert decision.held[0].needs[0] == Release("fact", "x.b")
        assert missing(decision)[0] == ("x.b", (), ["bans"])
    released = decide(with_ban(make, "{hold: call, until: {x.b: true}}"), x__a=True, x__b=True)
    assert ("call", None, ["wants-all"]) in plan(released)
    closed = decide(with_ban(make, "{hold: call, until: {x.b: true}}"), x__a=True, x__b=False)
    assert held(closed) == [("call", None, True, ["bans", "wants-all"])]
    assert missing(closed) == [("claims", (), ["wants"])]


def test_a_release_for_a_record_is_about_that_record(make: Make) -> None:
    policy = with_ban(
        make, "{hold: apologise, until: {done: answer}}", when="{open: true}", head="for_each: claims"
    )
    decision = decide(policy, CLAIMS)
    assert held(decision) == [("apologise", "c1", True, ["bans", "wants"])]
    assert decision.held[0].needs == (Release("act", "answer", "c1"),)
    assert ("answer", "c1", ["bans"]) in plan(decision)
    assert ("answer", "c2", ["bans"]) not in plan(decision)
    other = decide(policy, {**CLAIMS, "acts": [act("answer", -1, about="c2")]})
    assert held(other) == held(decision)
    assert held(decide(policy, {**CLAIMS, "acts": [act("answer", -1, about="c1")]})) == []


def test_two_holds_that_wait_for_each_other_are_a_load_error(make: Make) -> None:
    with pytest.raises(PolicyError, match="wait for each other: ask → call → ask"):
        make("""
- {id: one, then: [{hold: ask, until: {done: call}}]}
- {id: two, then: [{hold: call, until: {done: ask}}]}
""")


def test_a_hold_on_what_nobody_wants_stands_and_asks_nothing(make: Make) -> None:
    decision = decide(with_ban(make, "{hold: dun, until: {x.b: true}}", wanted=""), x__a=True)
    assert held(decision) == [("dun", None, False, ["bans"])]
    assert missing(decision) == []


def test_a_forbidden_step_releases_nothing(make: Make) -> None:
    policy = make("""
- {id: wants, then: [{recommend: ask}]}
- {id: holds, then: [{hold: ask, until: {done: secure}}]}
- {id: forbids, then: [{forbid: ask}]}
""")
    decision = decide(policy)
    assert forbidden(decision) == [("ask", None, True, ["forbids", "wants"])]
    assert held(decision) == []
    assert plan(decision) == []


# --- unknown prohibitions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("effect", ["forbid: call", "{hold: call, until: {done: secure}}"])
def test_an_undecided_prohibition_holds_a_wanted_action(make: Make, effect: str) -> None:
    decision = decide(with_ban(make, effect))
    assert held(decision) == [("call", None, True, ["bans", "wants-all"])]
    assert undecided_of(decision.held[0]) == ["bans"]
    assert decision.held[0].needs == (Release("fact", "x.a"),)
    assert missing(decision)[0] == ("x.a", (), ["bans"])
    assert forbidden(decision) == []
    assert "secure" not in [each.action for each in decision.plan]


def test_an_undecided_prohibition_on_what_nobody_wants_is_not_shown(make: Make) -> None:
    policy = with_ban(make, "forbid: dun")
    decision = decide(policy)
    assert held(decision) == []
    assert forbidden(decision) == []
    assert policy.check({}, "dun", at=decision.at).verdict == "held"


@pytest.mark.parametrize(
    "effect",
    ["{forbid: call, when_unknown: allow}", "{hold: call, until: {done: secure}, when_unknown: allow}"],
)
def test_an_undecided_prohibition_may_be_declared_to_allow(make: Make, effect: str) -> None:
    policy = with_ban(make, effect)
    decision = decide(policy, CLAIMS)
    assert ("call", None, ["wants-all"]) in plan(decision)
    assert missing(decision) == []
    assert policy.check({}, "call", at=decision.at).verdict == "allowed"
    assert ("call", None, ["wants-all"]) not in plan(decide(policy, x__a=True))


def test_a_prohibition_for_each_record_of_an_unknown_list_holds_what_is_about_the_case(make: Make) -> None:
    decision = decide(
        with_ban(make, "{forbid: call, about: case}", when="{open: true}", head="for_each: claims")
    )
    assert held(decision) == [("call", None, True, ["bans", "wants-all"])]
    assert missing(decision)[0] == ("claims", (), ["bans", "wants"])


# --- overrides --------------------------------------------------------------------------------------------------------

OVERRIDES = """
- {id: wants, then: [{recommend: call}]}
- {id: b, when: {x.b: true}, then: [{forbid: call}]}
- {id: a, when: {x.a: true}, overrides: [b], then: [{recommend: gift}]}
"""
ONLY_OVERRIDES = OVERRIDES.replace(", then: [{recommend: gift}]", "")


@pytest.mark.parametrize("rules", [OVERRIDES, ONLY_OVERRIDES], ids=["with an effect", "and nothing else"])
@pytest.mark.parametrize(
    ("a", "b", "effect"),
    [
        (True, True, "free"),
        (False, True, "forbidden"),
        (None, True, "held"),
        (True, None, "free"),
        (False, None, "held"),
        (None, None, "held"),
        (True, False, "free"),
        (None, False, "free"),
        (False, False, "free"),
    ],
)
def test_an_overridden_effect_is_b_and_not_a(
    make: Make, a: bool | None, b: bool | None, effect: str, rules: str
) -> None:
    facts = {name: value for name, value in (("x__a", a), ("x__b", b)) if value is not None}
    decision = decide(make(rules), **facts)
    where = {
        "free": "wants" in fired(decision),
        "forbidden": bool(decision.forbidden),
        "held": bool(decision.held),
    }
    assert where == {name: name == effect for name in where}
    for each in (*decision.forbidden, *decision.held):
        assert rules_of(each) == ["b", "wants"]
    if effect == "held":
        assert decision.missing[0].fact == ("x.b" if b is None else "x.a")
        asks_itself = a is None and b is not None and rules == OVERRIDES  # for the gift
        assert decision.missing[0].needed_by == (("a", "b") if asks_itself else ("b",))


def test_an_override_is_for_the_same_record(make: Make) -> None:
    policy = make(f"""{WANTED}
- {{id: b, for_each: claims, then: [{{forbid: apologise}}]}}
- {{id: a, for_each: claims, when: {{open: true}}, overrides: [b], then: [{{recommend: answer}}]}}
""")
    decision = decide(policy, CLAIMS)
    assert forbidden(decision) == [("apologise", "c2", True, ["b", "wants"])]
    assert ("apologise", "c1", ["wants"]) in plan(decision)


def test_a_rule_that_does_nothing_but_override_is_for_its_record_and_its_ruleset(make: Make) -> None:
    rules = f"""{WANTED}
- {{id: b, for_each: claims, then: [{{forbid: apologise}}]}}
- {{id: a, for_each: claims, when: {{open: true}}, unless: {{x.a: true}}, overrides: [b]}}
"""
    policy = make(rules)
    assert forbidden(decide(policy, CLAIMS)) == [("apologise", "c2", True, ["b", "wants"])]
    assert forbidden(decide(policy, CLAIMS, x__a=True)) == [
        ("apologise", "c1", True, ["b", "wants"]),
        ("apologise", "c2", True, ["b", "wants"]),
    ]
    (line,) = policy.explain({"facts": {"x.a": False}, **CLAIMS}, "b", at=NOW).rules[:1]
    assert (line.about, line.overridden_by) == ("c1", ("a",))


def test_a_rule_does_something(make: Make) -> None:
    with pytest.raises(
        PolicyError, match=r"missing `then:` in the rule; expected `then:` with effects, or `overrides:`"
    ):
        make(OVERRIDES + "- {id: c, when: {x.a: true}}\n")


def test_overrides_make_no_chains_and_stay_in_their_scope(make: Make) -> None:
    with pytest.raises(PolicyError, match="bad-override"):
        make(OVERRIDES + "- {id: c, overrides: [a], then: [{recommend: ask}]}\n")
    with pytest.raises(PolicyError, match="bad-override"):
        make(OVERRIDES + "- {id: c, for_each: claims, overrides: [b], then: [{recommend: ask}]}\n")


# --- parameters that somebody has still to fill in --------------------------------------------------------------------

FILL_IN = """
- {id: wants, when: {x.a: true}, then: [{recommend: pay}]}
- {id: limit, when: {x.b: true}, then: [{hold: pay, where: {whole: {above: {TWD: 100}}}, until: {done: call}}]}
"""


def test_a_step_waits_for_the_parameter_that_a_prohibition_tests(make: Make) -> None:
    """It stays in the plan and asks; it is not held by what nobody has said yet."""
    policy = make(FILL_IN, words="")
    case = {"currency": "TWD"}
    decision = decide(policy, case, x__a=True, x__b=True)
    [step] = decision.plan
    assert (step.action, step.incomplete) == ("pay", ("whole",))
    assert [(each.fact, each.needed_by, each.ask) for each in decision.missing] == [
        ("pay.whole", ("limit",), "agent")
    ]
    assert decision.missing[0].question.in_language("en") == "What is the whole for “pay”?"
    assert not decision.held
    read = policy.case({**case, "facts": {"x.a": True, "x.b": True}})
    assert policy.check(read, "pay", params={"whole": 50}, at=NOW).verdict == "allowed"
    assert policy.check(read, "pay", params={"whole": 500}, at=NOW).verdict == "held"
    assert policy.check(read, "pay", at=NOW).verdict == "held"  # what is not said is judged by the strictest


def test_what_forbids_an_act_without_a_parameter_does_not_forbid_the_step(make: Make) -> None:
    policy = make(FILL_IN.replace("hold: pay, where: {whole: {above: {TWD: 100}}}, until: {done: call}",
                                  "forbid: pay, where: {whole: not given}"))  # fmt: skip
    decision = decide(policy, {"currency": "TWD"}, x__a=True, x__b=True)
    assert [(each.action, each.incomplete) for each in decision.plan] == [("pay", ("whole",))]
    assert not decision.forbidden


def test_what_the_parameter_does_not_change_holds_all_the_same(make: Make) -> None:
    policy = make(
        FILL_IN.replace("whole: {above: {TWD: 100}}", "any: [{whole: {above: {TWD: 100}}}, {x.b: true}]")
    )
    decision = decide(policy, {"currency": "TWD"}, x__a=True, x__b=True)
    assert (decision.plan[0].action if decision.plan else None) != "pay"
    assert [each.action for each in decision.held if each.wanted] == ["pay"]


@pytest.mark.parametrize("until", ["{{done: {0}}}", "{{all: [{{done: {0}}}]}}", "{{any: [{{done: {0}}}]}}"])
def test_holds_wait_at_load_for_the_acts_that_they_put_into_the_plan(make: Make, until: str) -> None:
    """One definition (SEMANTICS 34) of the acts that a hold requires, when the policy is loaded and when it decides."""
    alone = make(f"- {{id: one, then: [{{recommend: ask}}, {{hold: ask, until: {until.format('call')}}}]}}")
    planned = "call" in [each[0] for each in plan(decide(alone))]
    holds = f"""
- {{id: one, then: [{{hold: ask, until: {until.format("call")}}}]}}
- {{id: two, then: [{{hold: call, until: {until.format("ask")}}}]}}
"""
    if planned:
        with pytest.raises(PolicyError, match="wait for each other"):
            make(holds)
    else:
        make(holds)
