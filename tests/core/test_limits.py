"""A limit in money that cannot be tested holds, and asks: `when_unknown: allow` lets only pass what is not known."""

from __future__ import annotations

import pytest

from escalation_rules import Policy, Release
from tests.core.policies import NOW, Make, Plain

CURRENCY = Release("fact", "currency")
LIMIT = "{above: {TWD: 100, CNY: 20}}"
IN_WHERE = f"- {{id: limit, then: [{{hold: gift, when_unknown: allow, where: {{worth: {LIMIT}}}, until: {{done: ask}}}}]}}"
FORBIDS = "then: [{forbid: gift, when_unknown: allow}]"
IN_WHEN = f"- {{id: limit, when: {{x.amount: {LIMIT}}}, {FORBIDS}}}"
ANYWHERE = {
    "in where": IN_WHERE,
    "in when": IN_WHEN,
    "beside what is not known": f"- {{id: limit, when: {{x.a: true, x.amount: {LIMIT}}}, {FORBIDS}}}",
    "in a sum": f"- {{id: limit, when: {{sum: charges.amount, above: {{TWD: 100}}}}, {FORBIDS}}}",
    "of a record": f"- {{id: limit, when: {{some: charges, where: {{amount: {LIMIT}}}}}, {FORBIDS}}}",
    "concluded": f"""
- {{id: large, when: {{x.amount: {LIMIT}}}, then: [{{conclude: v.a}}]}}
- {{id: limit, when: {{v.a: true}}, {FORBIDS}}}
""",
    "in where, of a rule that is not known to hold": IN_WHERE.replace("then:", "when: {x.a: true}, then:", 1),
    "compared with what is concluded": f"""
- {{id: large, when: {{x.amount: {LIMIT}}}, then: [{{conclude: v.a}}]}}
- {{id: limit, when: {{x.b: {{same_as: v.a}}}}, {FORBIDS}}}
""",
    "at the other end of a range": f"""
- {{id: limit, when: {{not: {{x.amount: {{between: [x.limit, {{TWD: 100}}]}}}}}}, {FORBIDS}}}
""",
    "in the second of two tests of a sum": f"""
- {{id: limit, when: {{not: {{sum: charges.amount, at_least: x.limit, at_most: {{TWD: 100}}}}}}, {FORBIDS}}}
""",
    "overriding": f"""
- {{id: limit, when: {{x.b: true}}, {FORBIDS}}}
- {{id: small, when: {{x.amount: {{at_most: {{TWD: 100}}}}}}, overrides: [limit]}}
""",
}


def case(currency: str | None, amount: Plain = 1_000_000_000, **facts: Plain) -> Plain:
    return {
        "currency": currency,
        "facts": {"x.b": True, "x.amount": amount, **facts},
        "charges": [{"id": "k", "amount": amount}],
    }


@pytest.mark.parametrize("currency", ["JPY", None])
@pytest.mark.parametrize("where", ANYWHERE)
def test_what_no_limit_was_written_for_is_held(make: Make, where: str, currency: str | None) -> None:
    policy = make(ANYWHERE[where])
    verdict = policy.check(case(currency), "gift", at=NOW, params={"worth": 1_000_000_000})
    assert verdict.verdict == "held"
    assert CURRENCY in verdict.needs


@pytest.mark.parametrize("where", ANYWHERE)
def test_a_limit_that_can_be_tested_is(make: Make, where: str) -> None:
    policy = make(ANYWHERE[where])
    small = policy.check(case("TWD", 5), "gift", at=NOW, params={"worth": 5})
    large = policy.check(case("TWD", 500, **{"x.a": True}), "gift", at=NOW, params={"worth": 500})
    assert (small.verdict, large.allowed) == ("allowed", False)


def test_what_is_not_known_passes_all_the_same(make: Make) -> None:
    assert make(IN_WHERE).check(case("JPY"), "gift", at=NOW, params={}).allowed
    assert make(IN_WHEN).check(case("JPY", None), "gift", at=NOW).allowed
    unknown = "- {id: limit, when: {x.a: true}, then: [{forbid: gift, when_unknown: allow}]}"
    assert make(unknown).check(case("JPY"), "gift", at=NOW).allowed


@pytest.mark.parametrize("currency", ["JPY", None])
def test_a_step_waits_and_the_question_is_asked(make: Make, currency: str | None) -> None:
    policy = make("- {id: give, then: [{recommend: gift, worth: x.amount}]}\n" + IN_WHERE)
    decision = policy.decide(case(currency), at=NOW)
    (held,) = decision.held
    assert (decision.plan, held.needs) == ((), (CURRENCY,))
    assert [each.fact for each in decision.missing] == ["currency"]
    assert policy.decide(case("TWD", 5), at=NOW).held == ()


def test_without_the_word_it_is_held_too_and_says_why(make: Make) -> None:
    policy: Policy = make(IN_WHERE.replace("when_unknown: allow, ", ""))
    verdict = policy.check(case("JPY"), "gift", at=NOW, params={"worth": 7})
    assert (verdict.verdict, verdict.needs) == ("held", (CURRENCY,))
