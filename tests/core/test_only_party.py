"""`by:` of an action names a party in a fact or a field: only that person, and the roles beside it, may do it."""

from __future__ import annotations

from typing import Any

import pytest

from escalation_rules import PolicyError, Release
from tests.core.policies import Make, act, at, decide, held, iso, missing, plan, rules_of

RULES = """
- id: owed
  for_each: charges
  when: {charge.open: true}
  then: [{recommend: waive, within: 2 days of charge.at}]
- id: signed
  for_each: charges
  then: [{hold: waive, until: {done: sign}}]
"""
PARTIES = [
    {"id": "amy", "role": "partner"},
    {"id": "bob", "role": "partner"},
    {"id": "cat", "role": "boss"},
    {"id": "dan"},
]


def policy(make: Make, by: str = "charge.payer") -> Any:
    more = f"""
format: 1
vocabulary:
  facts: {{case.handler: {{type: party}}}}
  actions:
    sign: {{phase: inquire, owner: partner, by: {by}, about: charges}}
"""
    return make(RULES, more=[more])


def case(*acts: dict[str, Any], payer: str | None = "amy", facts: Any = None) -> dict[str, Any]:
    charge = {"id": "c", "open": True, "at": iso(-24), **({"payer": payer} if payer else {})}
    return {
        "parties": PARTIES,
        "facts": facts or {},
        "charges": [charge, {"id": "d", "payer": "bob"}],
        "acts": list(acts),
    }


def signed(who: str) -> dict[str, Any]:
    return act("sign", -1, by=who, about="c")


@pytest.mark.parametrize(
    ("by", "payer", "who", "word"),
    [
        ("charge.payer", "amy", "amy", "allowed"),
        ("charge.payer", "amy", "bob", "forbidden"),
        ("charge.payer", "amy", "cat", "forbidden"),
        ("charge.payer", "amy", "customer", "forbidden"),
        ("charge.payer", "amy", "partner", "held"),
        ("charge.payer", "partner", "bob", "allowed"),
        ("charge.payer", "partner", "partner", "allowed"),
        ("charge.payer", "partner", "dan", "held"),
        ("charge.payer", None, "amy", "held"),
        ("[boss, charge.payer]", "amy", "cat", "allowed"),
        ("[boss, charge.payer]", "amy", "boss", "allowed"),
        ("[boss, charge.payer]", "amy", "amy", "allowed"),
        ("[boss, charge.payer]", "amy", "bob", "forbidden"),
        ("[boss, charge.payer]", "amy", "dan", "held"),
        ("[boss, charge.payer]", None, "cat", "allowed"),
    ],
)
def test_a_request_and_an_act(make: Make, by: str, payer: str | None, who: str, word: str) -> None:
    made = policy(make, by)
    verdict = made.check(case(payer=payer), "sign", about="c", by=who, at=at())
    assert verdict.verdict == word
    assert bool(verdict.needs) is (word == "held")
    done = decide(made, case(signed(who), payer=payer))
    assert (plan(done) == [("waive", "c", ["owed"])]) is (word == "allowed")


def test_the_reason_names_who_may(make: Make) -> None:
    verdict = policy(make, "[boss, charge.payer]").check(case(), "sign", about="c", by="bob", at=at())
    assert [each.text.in_language("en") for each in verdict.because] == [
        "Only boss or the person in “charge.payer” may do this."
    ]


def test_what_is_unknown_is_asked_for(make: Make) -> None:
    unknown = policy(make).check(case(payer=None), "sign", about="c", by="amy", at=at())
    assert unknown.needs == (Release("fact", "charges.payer", "c"),)
    by_role = policy(make).check(case(), "sign", about="c", by="partner", at=at())
    assert by_role.needs == (Release("parameter", "by", "c"),)
    no_record = policy(make).check(case(), "sign", by="amy", at=at())
    assert (no_record.verdict, no_record.needs) == ("held", (Release("fact", "charges"),))
    decision = decide(policy(make), case(signed("amy"), payer=None))
    assert ("charges.payer", ("c",), ["signed"]) in missing(decision)
    assert held(decision)[0] == ("waive", "c", True, ["signed", "owed"])


def test_a_fact_of_the_case(make: Make) -> None:
    made = policy(make, "case.handler")
    facts = {"case.handler": "bob"}
    assert made.check(case(facts=facts), "sign", about="c", by="bob", at=at()).allowed
    assert made.check(case(facts=facts), "sign", about="c", by="amy", at=at()).verdict == "forbidden"


def test_an_audit_names_an_act_of_somebody_else_even_of_an_outsider(make: Make) -> None:
    made = policy(make)
    whole = {
        "history": [
            {"at": iso(-30), "parties": PARTIES, "charges": [{"id": "c", "payer": "amy"}]},
            {"at": iso(-2), "acts": [act("sign", -2, by="bob", about="c")]},
            {
                "at": iso(-1),
                "acts": [act("sign", -1, by="customer", about="c"), act("sign", -1, by="amy", about="c")],
            },
        ]
    }
    found = [each for each in made.audit(whole, at=at()).breaches if each.action == "sign"]
    assert [(each.kind, each.by, rules_of(each)) for each in found] == [
        ("forbidden", "partner", ["sign"]),
        ("forbidden", "customer", ["sign"]),
    ]


@pytest.mark.parametrize(
    ("by", "code", "words"),
    [
        ("[case.handler, charge.payer]", "does-not-fit", "one of the parties"),
        ("charge.open", "not-comparable", "a flag; expected a party"),
        ("charge.pyaer", "unknown-name", "did you mean 'charge.payer'"),
        ("[bos, charge.payer]", "unknown-role", "did you mean 'boss'"),
    ],
)
def test_what_names_nobody_is_an_error(make: Make, by: str, code: str, words: str) -> None:
    with pytest.raises(PolicyError) as raised:
        policy(make, by)
    assert [(each.code, words in str(each)) for each in raised.value.diagnostics] == [(code, True)]
