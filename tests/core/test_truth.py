"""SEMANTICS A, Truth: three-valued, without excluded middle; exceptions must be known; presumptions; what goes stale."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import CaseError, Policy, PolicyError
from tests.core.policies import Make, at, decide, fired, iso, missing, plan

TRUTHS = (True, False, None)


def rule(condition: str, rule_id: str = "it") -> str:
    return f"""
- id: {rule_id}
  when: {condition}
  then:
    - recommend: call
"""


def truth(policy: Policy, **facts: Any) -> bool | None:
    """Whether the policy's one rule holds; None if it is pending (then it asks)."""
    decision = decide(policy, **facts)
    if fired(decision):
        return True
    return None if decision.missing else False


def given(**facts: Any) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def kleene_all(*truths: bool | None) -> bool | None:
    return False if False in truths else None if None in truths else True


def kleene_any(*truths: bool | None) -> bool | None:
    return True if True in truths else None if None in truths else False


def negated(one: bool | None) -> bool | None:
    return None if one is None else not one


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("{x.a: true, x.b: true}", kleene_all),
        ("{all: [{x.a: true}, {x.b: true}]}", kleene_all),
        ("{any: [{x.a: true}, {x.b: true}]}", kleene_any),
        ("{none: [{x.a: true}, {x.b: true}]}", lambda a, b: negated(kleene_any(a, b))),
        ("{not: {x.a: true, x.b: true}}", lambda a, b: negated(kleene_all(a, b))),
        ("{not: {any: [{x.a: true}, {x.b: false}]}}", lambda a, b: negated(kleene_any(a, negated(b)))),
        ("{all: [{x.a: true}, {not: {none: [{x.b: true}]}}]}", kleene_all),
    ],
)
def test_connectives_are_kleenes(make: Make, condition: str, expected: Any) -> None:
    policy = make(rule(condition))
    for a in TRUTHS:
        for b in TRUTHS:
            assert truth(policy, **given(x__a=a, x__b=b)) is expected(a, b), (a, b)


@pytest.mark.parametrize(
    "condition", ["{any: [{x.a: true}, {x.a: false}]}", "{any: [{x.a: true}, {not: {x.a: true}}]}"]
)
def test_excluded_middle_is_never_assumed(make: Make, condition: str) -> None:
    policy = make(rule(condition))
    decision = decide(policy)
    assert plan(decision) == []
    assert missing(decision) == [("x.a", (), ["it"])]
    assert truth(policy, x__a=True) is True
    assert truth(policy, x__a=False) is True


@pytest.mark.parametrize(
    "condition", ["{all: [{x.a: true}, {x.a: false}]}", "{all: [{x.a: true}, {not: {x.a: true}}]}"]
)
def test_a_contradiction_is_pending_while_its_fact_is_unknown(make: Make, condition: str) -> None:
    policy = make(rule(condition))
    assert missing(decide(policy)) == [("x.a", (), ["it"])]
    assert truth(policy, x__a=True) is False
    assert truth(policy, x__a=False) is False


def test_a_condition_of_more_than_eight_paths_keeps_kleenes_logic(make: Make) -> None:
    pairs = ", ".join("{any: [{x.a: true}, {x.b: true}, {x.c: true}]}" for _ in range(3))
    policy = make(rule(f"{{all: [{pairs}, {{any: [{{x.a: false}}, {{x.d: true}}]}}]}}"))
    for a in TRUTHS:
        for b in TRUTHS:
            for d in TRUTHS:
                expected = kleene_all(kleene_any(a, b, False), kleene_any(negated(a), d))
                assert truth(policy, x__c=False, **given(x__a=a, x__b=b, x__d=d)) is expected, (a, b, d)


def test_an_exception_applies_only_when_it_is_known_to_hold(make: Make) -> None:
    policy = make("""
- id: it
  when: {x.a: true}
  unless: {x.b: true}
  then:
    - recommend: call
""")
    unknown = decide(policy, x__a=True)
    assert plan(unknown) == [("call", None, ["it"])]
    assert missing(unknown) == []
    assert plan(decide(policy, x__a=True, x__b=False)) == [("call", None, ["it"])]
    assert plan(decide(policy, x__a=True, x__b=True)) == []
    assert missing(decide(policy, x__b=True)) == [], "nothing is asked of a rule that its exception rules out"
    assert missing(decide(policy)) == [("x.a", (), ["it"])]


def test_a_rule_without_when_always_holds(make: Make) -> None:
    policy = make("""
- id: it
  then:
    - recommend: call
""")
    assert plan(decide(policy)) == [("call", None, ["it"])]


# --- presence and presumption -----------------------------------------------------------------------------------------


def test_a_presumption_is_taken_while_the_fact_is_unknown_and_is_never_asked_for(make: Make) -> None:
    policy = make(rule("{x.faith: good}"))
    assert plan(decide(policy)) == [("call", None, ["it"])]
    assert missing(decide(policy)) == []
    assert truth(policy, x__faith="bad") is False
    assert truth(policy, x__faith=None) is True


def test_given_tests_presence_and_is_never_unknown(make: Make) -> None:
    for condition in ("{x.a: given}", "{x.a: {given: true}}"):
        policy = make(rule(condition))
        assert truth(policy) is False
        assert truth(policy, x__a=False) is True
        assert truth(policy, x__a=None) is False
    policy = make(rule("{x.a: not given}"))
    assert truth(policy) is True
    assert truth(policy, x__a=True) is False


def test_a_presumed_fact_is_not_given(make: Make) -> None:
    policy = make(rule("{x.faith: given}"))
    assert truth(policy) is False
    assert truth(policy, x__faith="good") is True


def test_a_conclusion_is_given_when_it_is_decided(make: Make) -> None:
    policy = make("""
- id: concludes
  when: {x.a: true}
  then:
    - conclude: v.a
- id: it
  when: {v.a: given}
  then:
    - recommend: call
""")
    assert fired(decide(policy)) == []
    assert fired(decide(policy, x__a=False)) == ["it"]
    assert fired(decide(policy, x__a=True)) == ["it"]


# --- stale facts ------------------------------------------------------------------------------------------------------


def learned(name: str, value: str, when: str) -> dict[str, Any]:
    return {"facts": {name: value}, "learned_at": {name: when}}


def test_a_fact_is_unknown_again_once_it_is_stale(make: Make) -> None:
    policy = make(rule("{x.heat: hot}"))
    case = learned("x.heat", "hot", iso())
    fresh = decide(policy, case, at(days=2) - at().resolution)
    assert fired(fresh) == ["it"]
    assert fresh.review_at == at(days=2)
    stale = decide(policy, case, at(days=2))
    assert plan(stale) == []
    assert missing(stale) == [("x.heat", (), ["it"])]


def test_a_stale_fact_is_not_given_and_falls_back_to_its_presumption(make: Make) -> None:
    policy = make(rule("{x.trust: high}") + rule("{x.trust: given}", "known").replace("call", "ask"))
    case = learned("x.trust", "low", iso())
    assert fired(decide(policy, case, at(days=1))) == ["known"]
    assert fired(decide(policy, case, at(days=2))) == ["it"]


def test_a_fact_of_which_nobody_knows_when_it_was_learned_never_goes_stale(make: Make) -> None:
    policy = make(rule("{x.heat: hot}"))
    assert fired(decide(policy, {"facts": {"x.heat": "hot"}}, at(days=3000))) == ["it"]


def test_a_fact_of_a_history_goes_stale_from_the_entry_that_last_said_it(make: Make) -> None:
    policy = make(rule("{x.heat: hot}"))
    case = {
        "history": [
            {"at": iso(), "facts": {"x.heat": "hot"}},
            {"at": iso(days=1), "facts": {"x.heat": "hot"}},
        ]
    }
    assert fired(decide(policy, case, at(days=2))) == ["it"]
    assert fired(decide(policy, case, at(days=3))) == []


# --- operators --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("test", "holding", "failing"),
    [
        ("x.colour: red", "red", "blue"),
        ("x.colour: {is_not: red}", "blue", "red"),
        ("x.colour: {in: [red, blue]}", "blue", "green"),
        ("x.colour: {not_in: [red, blue]}", "green", "red"),
        ("x.mood: {at_least: heated}", "heated", "calm"),
        ("x.mood: {above: heated}", "furious", "heated"),
        ("x.mood: {at_most: heated}", "heated", "furious"),
        ("x.mood: {below: heated}", "calm", "heated"),
        ("x.mood: {between: [calm, heated]}", "heated", "furious"),
        ("x.count: {between: [1, 3]}", 3, 4),
        ("x.count: {between: [1, 3]}", 1, 0),
        ("x.count: {above: 1}", 2, 1),
        ("x.length: {above: 17 hours}", "PT17H1M", "PT17H"),
        ("x.length: {at_least: 17 hours}", "17 hours", "16 hours"),
        ("x.text: {contains: 媒體}", "要找媒體", "要找媒体"),
        ("x.text: {contains: [regulator, media]}", "the Media!", "the multimedia"),
        ("x.text: {contains: ABC}", "x-abc-x", "x-ＡＢＣ-x"),
        ("x.text: {equals: given}", "given", "other"),
        ("x.when: {at_least: '2026-03-02T10:00:00Z'}", "2026-03-02T18:00:00+08:00", "2026-03-02T09:59:59Z"),
        ("x.who: boss", "boss", "clerk"),
        ("x.who: {not_in: [boss, partner]}", "clerk", "partner"),
    ],
)
def test_an_operator_holds_fails_and_is_unknown(make: Make, test: str, holding: Any, failing: Any) -> None:
    policy = make(rule(f"{{{test}}}"))
    name = test.partition(":")[0].replace(".", "__")
    assert truth(policy, **{name: holding}) is True
    assert truth(policy, **{name: failing}) is False
    assert truth(policy) is None


def test_texts_are_compared_in_nfc(make: Make) -> None:
    policy = make(rule("{x.text: {contains: 'café'}}"))
    assert truth(policy, x__text="the cafe\u0301") is True


@pytest.mark.parametrize(
    ("test", "rank"),
    [
        ("{x.amount: {above: x.limit}}", (False, False, True)),
        ("{x.amount: {at_least: x.limit}}", (False, True, True)),
        ("{x.amount: {same_as: x.limit}}", (False, True, False)),
        ("{x.amount: {not_same_as: x.limit}}", (True, False, True)),
        ("{x.amount: {below: x.limit}}", (True, False, False)),
        ("{x.amount: {at_most: x.limit}}", (True, True, False)),
    ],
)
def test_a_fact_compares_with_a_fact_and_is_unknown_while_either_is(
    make: Make, test: str, rank: tuple[bool, ...]
) -> None:
    policy = make(rule(test))
    assert tuple(truth(policy, x__amount=each, x__limit=10) for each in (9, 10, 11)) == rank
    assert missing(decide(policy)) == [("x.amount", (), ["it"])]
    assert missing(decide(policy, x__amount=1)) == [("x.limit", (), ["it"])]
    assert missing(decide(policy, x__limit=1)) == [("x.amount", (), ["it"])]


def test_after_and_before_compare_instants_strictly(make: Make) -> None:
    later, earlier = make(rule("{x.when: {after: x.then}}")), make(rule("{x.when: {before: x.then}}"))
    assert truth(later, x__when=iso(1), x__then=iso()) is True
    assert truth(later, x__when=iso(), x__then="2026-03-02T18:00:00+08:00") is False
    assert truth(earlier, x__when=iso(), x__then=iso()) is False
    assert truth(earlier, x__when=iso(-1), x__then=iso()) is True


def test_parties_are_the_same_if_the_person_is_and_equal_a_role_if_they_have_it(make: Make) -> None:
    same, clerk = make(rule("{x.who: {same_as: x.whom}}")), make(rule("{x.who: clerk}"))
    people = {"parties": [{"id": "p1", "role": "clerk"}, {"id": "p2", "role": "clerk"}, {"id": "p3"}]}

    def holds(policy: Policy, **facts: str) -> bool | None:
        decision = decide(policy, people, **facts)
        return True if fired(decision) else None if decision.missing else False

    assert holds(same, x__who="p1", x__whom="p1") is True
    assert holds(same, x__who="p1", x__whom="p2") is False
    assert holds(clerk, x__who="p2") is True
    assert holds(clerk, x__who="p3") is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("x.count", True),
        ("x.count", "1"),
        ("x.count", 1.0),
        ("x.a", 1),
        ("x.a", "true"),
        ("x.amount", "800"),
        ("x.amount", True),
        ("x.amount", ""),
        ("x.text", 5),
        ("x.text", ""),
        ("x.mood", 1),
        ("x.colour", "Red"),
    ],
)
def test_nothing_is_coerced(make: Make, name: str, value: Any) -> None:
    policy = make(rule("{x.a: true}"))
    if value == "" and name == "x.text":
        policy.decide({"facts": {name: value}}, at=at())
        return
    with pytest.raises(CaseError) as caught:
        policy.decide({"facts": {name: value}}, at=at())
    assert [(each.code, each.path) for each in caught.value.diagnostics] == [("wrong-value", f"facts.{name}")]


def test_kinds_that_do_not_compare_are_a_load_error(make: Make) -> None:
    for condition in (
        "{x.count: {same_as: x.amount}}",
        "{x.a: {at_least: true}}",
        "{x.count: '1'}",
        "{x.colour: {above: red}}",
        "{x.amount: 800}",
        "{x.text: {above: a}}",
    ):
        with pytest.raises(PolicyError):
            make(rule(condition))


# --- currency and exactness -------------------------------------------------------------------------------------------


def test_a_threshold_is_taken_in_the_currency_of_the_case(make: Make) -> None:
    policy = make(rule("{x.amount: {above: {TWD: 800, CNY: 180}}}"))

    def holds(currency: str | None, amount: Any) -> list[str]:
        return fired(decide(policy, {"currency": currency, "facts": {"x.amount": amount}}))

    assert holds("TWD", 800) == []
    assert holds("TWD", Decimal("800.01")) == ["it"]
    assert holds("CNY", 181) == ["it"]
    assert holds("CNY", 180) == []


@pytest.mark.parametrize("currency", [None, "USD"])
def test_an_unknown_currency_is_asked_for(make: Make, currency: str | None) -> None:
    policy = make(rule("{x.amount: {above: {TWD: 800}}}"))
    decision = decide(policy, {"currency": currency, "facts": {"x.amount": 900}})
    assert missing(decision) == [("currency", (), ["it"])]
    asked = "system" if currency is None else "agent"
    assert decision.missing[0].ask == asked, "no system knows a limit that nobody has set"
    assert decision.missing[0].question.in_language("zh-TW")
    assert missing(decide(policy, {"currency": currency})) == [("x.amount", (), ["it"])]


def test_a_threshold_of_0_needs_no_currency(make: Make) -> None:
    policy = make(rule("{x.amount: {above: 0}}"))
    assert truth(policy, x__amount=0) is False
    assert truth(policy, x__amount=Decimal("0.000000001")) is True
    assert truth(policy, x__amount=-0.0) is False


def test_floats_enter_by_their_repr(make: Make) -> None:
    policy = make(rule("{x.amount: {equals: {TWD: 0.3}}}"))
    assert fired(decide(policy, {"currency": "TWD", "facts": {"x.amount": 0.3}})) == ["it"]


SUMS = """
- id: sums
  when: {sum: charges.amount, above: {TWD: 1000000000000000}}
  then:
    - recommend: pay
      total: {sum: charges.amount}
- id: adds
  when: {sum: charges.amount, above: 0}
  then:
    - recommend: pay
      total: x.amount
"""


def test_money_is_exact_whatever_the_decimal_context_of_the_host(make: Make) -> None:
    charges = [
        {"id": "a", "amount": 10**15 - 1},
        {"id": "b", "amount": Decimal("0.999999999")},
        {"id": "c", "amount": Decimal("0.000000004")},
    ]
    case = {"id": "T", "currency": "TWD", "charges": charges, "facts": {"x.amount": 0.000000001}}
    answers = []
    for precision, rounding in (
        (28, decimal.ROUND_HALF_EVEN),
        (1, decimal.ROUND_UP),
        (3, decimal.ROUND_DOWN),
    ):
        with decimal.localcontext() as context:
            context.prec, context.rounding = precision, rounding
            context.traps[decimal.Inexact] = precision != 28
            context.traps[decimal.Rounded] = precision != 28
            decision = decide(make(SUMS), case)
            assert decision.to_dict() == type(decision).from_dict(decision.to_dict()).to_dict()
            answers.append(decision.to_dict()["plan"])
    assert answers[0][0]["params"] == {"total": {"amount": "1000000000000000.000000004", "currency": "TWD"}}
    assert [each["rule"] for each in answers[0][0]["because"]] == ["adds", "sums"]
    assert answers[0] == answers[1] == answers[2]


PERSONS = [{"id": "p1", "role": "boss"}, {"id": "p2", "role": "boss"}, {"id": "p3"}]


@pytest.mark.parametrize(
    ("who", "whom", "same"),
    [
        ("p1", "p1", True),
        ("p1", "p2", False),  # two bosses
        ("p1", "boss", True),  # a role is whoever has it
        ("boss", "p2", True),
        ("boss", "clerk", False),
        ("p1", "clerk", False),
        ("p3", "boss", None),
        ("boss", "p3", None),
        ("p3", "p3", True),
        ("p3", "p1", False),
    ],
)
def test_a_party_is_the_same_as_another_by_id_or_by_the_role_that_it_is_named_by(
    make: Make, who: str, whom: str, same: bool | None
) -> None:
    facts = {"x__who": who, "x__whom": whom}
    for test, expected in (("same_as", same), ("not_same_as", None if same is None else not same)):
        policy = make(f"- {{id: it, when: {{x.who: {{{test}: x.whom}}}}, then: [{{recommend: call}}]}}\n")
        decision = decide(policy, {"parties": PERSONS}, **facts)
        assert [each.action for each in decision.plan] == (["call"] if expected else [])
        asked = [(each.fact, each.about) for each in decision.missing]
        assert asked == ([("parties.role", ("p3",))] if expected is None else [])
