"""Issue 4, "may I": the verdict on one act, by the strictest reading of what is not said."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import Forbidden, Held, Money, Policy, Release, RequestError
from escalation_rules.decision import Verdict
from escalation_rules.tools.lint import lint
from tests.core.policies import NOW, Make, Plain, act, rules_of, undecided_of

RULES = """
- {id: calls, then: [{recommend: call}]}
- {id: asks, then: [{recommend: ask}]}
- {id: no-call, when: {x.a: true}, then: [{forbid: call}]}
- {id: not-by-clerks, then: [{forbid: gift, by: [clerk, partner]}]}
- {id: no-tokens, then: [{forbid: gift, where: {kind: token}}]}
- {id: one-claim, for_each: claims, when: {open: true}, then: [{forbid: apologise}]}
- {id: first-answer, for_each: claims, then: [{hold: apologise, until: {done: answer}}]}
- {id: until-known, then: [{hold: pay, until: {x.b: true, done: measure}}]}
- {id: pays-the-boss, then: [{forbid: pay, where: {receiver: boss}}]}
- {id: safely, then: [{recommend: secure}]}
"""
CASE: dict[str, Plain] = {
    "id": "T",
    "currency": "TWD",
    "claims": [{"id": "c1", "open": True}, {"id": "c2", "open": False}],
    "parties": [{"id": "p1", "role": "clerk"}, {"id": "p2", "role": "boss"}, {"id": "p3"}],
    "charges": [{"id": "k1"}],
}


@pytest.fixture
def policy(make: Make) -> Policy:
    return make(RULES)


def check(
    policy: Policy, action: str, *acts: dict[str, Plain], facts: dict[str, Plain] | None = None, **said: Any
) -> Verdict:
    return policy.check({**CASE, "facts": facts or {}, "acts": list(acts)}, action, at=NOW, **said)


def test_an_act_that_nothing_stands_against_is_allowed(policy: Policy) -> None:
    verdict = check(policy, "ask")
    assert (verdict.verdict, verdict.allowed, verdict.because, verdict.needs, verdict.instead) == (
        "allowed",
        True,
        (),
        (),
        (),
    )


def test_the_verdict_follows_the_truth_of_the_prohibition(policy: Policy) -> None:
    assert check(policy, "call", facts={"x.a": False}).verdict == "allowed"
    forbidden = check(policy, "call", facts={"x.a": True})
    assert (forbidden.verdict, rules_of(forbidden), forbidden.needs) == ("forbidden", ["no-call"], ())
    held = check(policy, "call")
    assert (held.verdict, undecided_of(held), held.needs) == ("held", ["no-call"], (Release("fact", "x.a"),))


def test_what_to_do_instead_are_the_steps_of_the_same_phase(policy: Policy) -> None:
    assert [each.action for each in check(policy, "measure").instead] == []
    assert [each.action for each in check(policy, "call", facts={"x.a": True}).instead] == ["secure"], (
        "none of its phase"
    )
    assert [each.action for each in check(policy, "gift", by="clerk").instead] == ["secure"]


@pytest.mark.parametrize(
    ("by", "word"),
    [
        ("clerk", "forbidden"),
        ("boss", "held"),
        ("partner", "forbidden"),
        ("p1", "forbidden"),
        ("p2", "held"),
        (None, "forbidden"),
    ],
)
def test_an_unsaid_doer_is_the_strictest(policy: Policy, by: str | None, word: str) -> None:
    verdict = check(policy, "gift", by=by)
    assert verdict.verdict == word
    assert ("not-by-clerks" in rules_of(verdict)) is (word == "forbidden")


def test_unsaid_parameters_are_the_strictest(policy: Policy) -> None:
    unsaid = check(policy, "gift", by="boss")
    assert (unsaid.verdict, undecided_of(unsaid), unsaid.needs) == (
        "held",
        ["no-tokens"],
        (Release("parameter", "kind"),),
    )
    other = check(policy, "gift", by="boss", params={"worth": 5})
    assert (other.verdict, other.needs) == ("held", (Release("parameter", "kind"),))
    assert check(policy, "gift", by="boss", params={"kind": "real"}).verdict == "allowed"
    forbidden = check(policy, "gift", by="boss", params={"kind": "token"})
    assert (forbidden.verdict, rules_of(forbidden)) == ("forbidden", ["no-tokens"])


def test_an_unsaid_record_is_the_strictest(policy: Policy) -> None:
    one = check(policy, "apologise", about="c1")
    assert (one.verdict, rules_of(one)) == ("forbidden", ["one-claim", "first-answer"])
    two = check(policy, "apologise", about="c2")
    assert (two.verdict, rules_of(two), two.needs) == (
        "held",
        ["first-answer"],
        (Release("act", "answer", "c2"),),
    )
    assert check(policy, "apologise").verdict == "forbidden"
    assert check(policy, "apologise", act("answer", -1, about="c2"), about="c2").verdict == "allowed"


NO_RECORD = """
- {id: one-claim, for_each: claims, when: {open: true}, then: [{forbid: apologise}]}
- {id: answer-first, for_each: claims, when: {x.a: true, open: given}, then: [{hold: apologise, until: {done: answer}}]}
- {id: others, for_each: charges, then: [{forbid: waive}]}
"""


@pytest.mark.parametrize(
    ("facts", "rules"),
    [({"x.a": False}, ["one-claim"]), ({}, ["answer-first", "one-claim"])],
    ids=["excluded", "possible"],
)
def test_what_stands_against_a_record_that_the_case_does_not_contain_is_not_known(
    facts: dict[str, Plain], rules: list[str], make: Make
) -> None:
    """Whoever asks without a record, while there is none, has one in mind; a rule that the case excludes says nothing."""
    policy = make(NO_RECORD)
    none: dict[str, Any] = {"id": "T", "facts": facts, "claims": []}
    verdict = policy.check(none, "apologise", at=NOW)
    assert (verdict.verdict, sorted(undecided_of(verdict)), verdict.needs) == (
        "held",
        rules,
        (Release("fact", "claims"),),
    )
    assert policy.check(none, "ask", at=NOW).verdict == "allowed"
    of_case = make(NO_RECORD + "- {id: sorry, then: [{recommend: apologise, about: case}]}\n")
    assert of_case.check(none, "apologise", at=NOW).verdict == "allowed", "it is about the case"
    closed = {"id": "T", "facts": {"x.a": False}, "claims": [{"id": "c1", "open": False}]}
    assert policy.check(closed, "apologise", at=NOW).verdict == "allowed"
    with pytest.raises(RequestError, match="unknown record of claims: 'c9'; expected a record of the case"):
        policy.check(none, "apologise", at=NOW, about="c9")


def test_a_hold_says_what_would_release_it(policy: Policy) -> None:
    verdict = check(policy, "pay", params={"receiver": "p1"})
    assert (verdict.verdict, rules_of(verdict)) == ("held", ["until-known"])  # and not by `pays-the-boss`
    assert Release("act", "measure") in verdict.needs
    assert (
        check(policy, "pay", act("measure", -1), facts={"x.b": True}, params={"receiver": "p1"}).verdict
        == "allowed"
    )


def test_the_role_of_a_party_named_by_its_record_counts_in_parameters(policy: Policy) -> None:
    released = {"facts": {"x.b": True}}
    measured = act("measure", -1)
    assert check(policy, "pay", measured, **released, params={"receiver": "p2"}).verdict == "forbidden"
    assert check(policy, "pay", measured, **released, params={"receiver": "boss"}).verdict == "forbidden"
    assert check(policy, "pay", measured, **released, params={"receiver": "p1"}).verdict == "allowed"
    assert check(policy, "pay", measured, **released, params={"receiver": "p3"}).verdict == "held"


def test_only_the_roles_that_the_action_names_may_do_it(policy: Policy) -> None:
    for by, word in (
        ("clerk", "forbidden"),
        ("p1", "forbidden"),
        ("boss", "allowed"),
        ("p2", "allowed"),
        (None, "allowed"),
    ):
        verdict = check(policy, "call_boss", by=by)
        assert verdict.verdict == word
        if word == "forbidden":
            (reason,) = verdict.because
            assert (reason.rule, reason.effect) == ("call_boss", "forbid")
            assert "boss" in reason.text.in_language("en")


@pytest.mark.parametrize(
    ("action", "said", "code", "suggestion"),
    [
        ("cal", {}, "unknown-action", "call"),
        (None, {}, "unknown-action", None),
        (["call"], {}, "unknown-action", None),
        ("call", {"by": "clrek"}, "unknown-role", "clerk"),
        ("call", {"by": ["clerk"]}, "unknown-role", None),
        ("call", {"by": 5}, "unknown-role", None),
        ("apologise", {"about": "c9"}, "unknown-record", None),
        ("apologise", {"about": ["c1"]}, "unknown-record", None),
        ("apologise", {"about": "k1"}, "unknown-record", None),
        ("gift", {"params": {"knid": "token"}}, "unknown-parameter", "kind"),
        ("gift", {"params": {"kind": "tokne"}}, "wrong-value", "token"),
        ("gift", {"params": {"worth": "5"}}, "wrong-value", None),
        ("gift", {"params": {"worth": float("nan")}}, "wrong-value", None),
        ("gift", {"params": {5: 1}}, "unknown-parameter", None),
        ("gift", {"params": ["kind"]}, "wrong-form", None),
        ("pay", {"params": {"receiver": "p9"}}, "unknown-role", None),
        ("pay", {"params": {"to": "p9"}}, "unknown-record", None),
        ("pay", {"params": {"covers": ["k9"]}}, "unknown-record", None),
    ],
)
def test_a_request_that_names_what_does_not_exist_is_an_error(
    policy: Policy, action: Any, said: dict[str, Any], code: str, suggestion: str | None
) -> None:
    with pytest.raises(RequestError) as caught:
        check(policy, action, **said)
    (found,) = caught.value.diagnostics
    assert found.code == code
    assert suggestion is None or found.suggestion == suggestion


def test_all_problems_of_a_request_are_reported_at_once(policy: Policy) -> None:
    with pytest.raises(RequestError) as caught:
        check(policy, "gift", by="nobody", about="c9", params={"kind": 5, "no": 1})
    assert sorted(each.code for each in caught.value.diagnostics) == [
        "unknown-parameter",
        "unknown-record",
        "unknown-role",
        "wrong-value",
    ]


def test_parameters_may_be_those_of_a_step(policy: Policy) -> None:
    assert (
        check(policy, "gift", by="boss", params={"kind": "real", "worth": Money(Decimal(5), "TWD")}).verdict
        == "allowed"
    )
    assert (
        check(
            policy, "gift", by="boss", params={"kind": "real", "worth": {"amount": "5", "currency": "TWD"}}
        ).verdict
        == "allowed"
    )
    for worth in (
        Money(Decimal(5), "CNY"),
        {"amount": "x", "currency": "TWD"},
        {"amount": 10**5000, "currency": "TWD"},
    ):
        with pytest.raises(RequestError):
            check(policy, "gift", by="boss", params={"worth": worth})


def test_a_verdict_is_plain_data_too(policy: Policy) -> None:
    data = check(policy, "call", facts={"x.a": True}).to_dict("en")
    assert (data["verdict"], data["action"], [each["rule"] for each in data["because"]]) == (
        "forbidden",
        "call",
        ["no-call"],
    )


def test_the_verdict_agrees_with_the_plan(policy: Policy) -> None:
    for facts in ({}, {"x.a": True}, {"x.a": False}):
        case = {**CASE, "facts": facts}
        decision = policy.decide(case, at=NOW)
        for step in decision.plan:
            assert policy.check(
                case, step.action, at=NOW, by=step.owner, about=step.about, params=dict(step.params)
            ).allowed
        blocked: list[Forbidden | Held] = [*decision.forbidden, *decision.held]
        for each in blocked:
            if each.wanted:
                assert not policy.check(case, each.action, at=NOW, about=each.about).allowed


@pytest.mark.parametrize(
    ("by", "word"), [("clerk", "allowed"), ("boss", "forbidden"), ("[clerk, partner]", "forbidden")]
)
def test_a_doer_that_is_not_said_is_one_of_those_who_may_do_it(by: str, word: str, make: Make) -> None:
    """`call_boss` is for boss and partner: what is forbidden to a clerk alone is nothing to them."""
    policy = make(f"- {{id: r, then: [{{forbid: call_boss, by: {by}}}]}}")
    assert policy.check({}, "call_boss", at=NOW).verdict == word


def test_a_verdict_says_whether_the_act_is_recommended(make: Make) -> None:
    policy = make("""
- {id: calls, when: {x.a: true}, then: [{recommend: call}]}
- {id: not-yet, then: [{hold: call, until: {done: ask}}]}
- {id: each, for_each: claims, when: {open: true}, then: [{recommend: apologise}]}
""")
    case: dict[str, Plain] = {
        "facts": {"x.a": True},
        "claims": [{"id": "c1", "open": True}, {"id": "c2", "open": False}],
    }
    said = [
        ("call", None),
        ("ask", None),
        ("secure", None),
        ("apologise", "c1"),
        ("apologise", "c2"),
        ("apologise", None),
    ]
    found = {pair: policy.check(case, pair[0], about=pair[1], at=NOW) for pair in said}
    assert {pair: (each.verdict, each.wanted) for pair, each in found.items()} == {
        ("call", None): ("held", True),
        ("ask", None): ("allowed", True),
        ("secure", None): ("allowed", False),
        ("apologise", "c1"): ("allowed", True),
        ("apologise", "c2"): ("allowed", False),
        ("apologise", None): ("allowed", True),
    }


@pytest.mark.parametrize(
    ("action", "params", "wanted"),
    [
        ("gift", {}, True),
        ("gift", {"worth": 300}, True),
        ("gift", {"worth": 299}, False),  # another gift
        ("gift", {"worth": 301}, False),
        ("gift", {"worth": 300, "kind": "token"}, True),  # no rule says which kind
        ("pay", {"total": 100}, True),
        ("pay", {"total": 60}, True),  # acts add up
        ("pay", {"total": 101}, False),
        ("pay", {}, True),
    ],
)
def test_an_act_is_wanted_with_the_parameters_of_the_step(
    make: Make, action: str, params: dict[str, Any], wanted: bool
) -> None:
    policy = make("""
- {id: gives, then: [{recommend: gift, worth: x.amount}]}
- {id: pays, then: [{recommend: pay, total: {TWD: 100}}]}
""")
    verdict = policy.check({"currency": "TWD", "facts": {"x.amount": 300}}, action, at=NOW, params=params)
    assert (verdict.verdict, verdict.wanted) == ("allowed", wanted)


# --- rules that disagree ----------------------------------------------------------------------------------------------

DISAGREE = """
- {id: whole, when: {x.a: true}, then: [{recommend: gift, worth: x.amount}]}
- {id: half, when: {x.b: true}, then: [{recommend: gift, worth: {share: 50%, of: x.amount}}]}
"""
BOTH = {"currency": "TWD", "facts": {"x.a": True, "x.b": True, "x.amount": 1000}}


def test_what_rules_disagree_about_has_to_be_said(make: Make) -> None:
    policy = make(DISAGREE)
    unsaid, said = (policy.check(BOTH, "gift", params=each, at=NOW) for each in (None, {"worth": 500}))
    assert (unsaid.verdict, rules_of(unsaid)) == ("held", ["half", "whole"])
    assert [(each.kind, each.name) for each in unsaid.needs] == [("parameter", "worth")]
    assert said.verdict == "allowed"


def test_of_what_rules_disagree_about_nothing_is_recommended(make: Make) -> None:
    policy = make(DISAGREE, more=["format: 1\nonly_what_is_recommended: true\n"])
    assert policy.check(BOTH, "gift", params={"worth": 77}, at=NOW).verdict == "forbidden"


def test_two_owners_are_told_apart_by_who_does_it(make: Make) -> None:
    policy = make("""
    - {id: a, when: {x.a: true}, then: [{recommend: call, owner: clerk}]}
    - {id: b, when: {x.b: true}, then: [{recommend: call, owner: boss}]}
    """)
    assert policy.check(BOTH, "call", at=NOW).verdict == "held"
    assert policy.check(BOTH, "call", by="boss", at=NOW).verdict == "allowed"


def test_who_did_it_settled_what_the_rules_disagreed_about(make: Make) -> None:
    assert make(DISAGREE).audit({**BOTH, "acts": [act("gift", -1)]}, at=NOW).breaches == ()


def test_lint_tells_of_it_before(make: Make) -> None:
    """Not of two values that the case gives: the rules may mean the same."""
    facts = DISAGREE.replace("{share: 50%, of: x.amount}", "x.limit")
    found = [[each.code for each in lint(make(rules).model)] for rules in (DISAGREE, facts)]
    assert ["conflicting-steps" in codes for codes in found] == [True, False]


def test_the_value_to_say_belongs_to_the_record_in_check_as_in_decide(make: Make) -> None:
    policy = make(
        """
        - {id: wants, for_each: claims, then: [{recommend: settle}]}
        - {id: waits, for_each: claims, then: [{hold: settle, until: {done: {action: agree, covers: sum_paid}}}]}
        """,
        more=[
            """
            format: 1
            vocabulary:
              actions:
                settle: {phase: settle, owner: clerk, about: claims, params: {sum_paid: {type: amount}}}
                agree: {phase: settle, owner: boss, about: claims, params: {sum_paid: {type: amount}}}
            """
        ],
    )
    [held] = [each for each in policy.decide(CASE, at=NOW).held if each.about == "c1"]
    verdict = check(policy, "settle", about="c1")
    said = [each for each in verdict.needs if each.kind == "parameter"]
    assert said == [Release("parameter", "sum_paid", "c1")]
    assert said == [each for each in held.needs if each.kind == "parameter"]
