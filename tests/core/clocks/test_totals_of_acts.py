"""Totals of acts (`sum_done`, `count_done`; SEMANTICS 92): limits that splitting a payment cannot avoid."""

from __future__ import annotations

import pytest

from escalation_rules import PolicyError
from tests.core.clocks.desk import Desk, act, breaches, entry, history, on

WORDS = """
  pay:
    phase: handle
    owner: agent
    by: [agent, lead]
    params: {amount: {type: amount, reached: true}, parts: {type: count}, wait: {type: duration}}
  approve: {phase: handle, owner: lead, by: [lead], params: {amount: {type: amount}}}
"""
LIMIT = """
- {id: owed, then: [{recommend: pay, amount: case.claim}]}
- id: limit
  then:
    - hold: pay
      where: {amount: {above: {from: {TWD: 1500}, less: {sum_done: pay.amount}}}}
      until: {done: {action: approve, covers: amount}}
"""
FACTS = "  case.claim: {type: amount}\n"


def paid(amount: int, said: str, by: str = "agent") -> dict[str, object]:
    return act("pay", said, by, params={"amount": amount})


def claim(*acts: dict[str, object]) -> dict[str, object]:
    return {"id": "T", "currency": "TWD", "facts": {"case.claim": 2700}, "acts": list(acts)}


def test_a_limit_holds_for_what_is_paid_in_all(desk: Desk) -> None:
    policy = desk(LIMIT, facts=FACTS, words=WORDS)
    at = on("mon 12:00")

    def word(amount: int, *acts: dict[str, object]) -> str:
        return policy.check(claim(*acts), "pay", at=at, by="agent", params={"amount": amount}).verdict

    assert (word(1500), word(1501)) == ("allowed", "held")
    first = paid(1400, "mon 10:00")
    assert (word(100, first), word(101, first)) == ("allowed", "held")
    decision = policy.decide(claim(first), at=at)
    assert [(step.action, str(step.params["amount"])) for step in decision.plan] == [("approve", "1300 TWD")]
    assert [held.action for held in decision.held if held.wanted] == ["pay"]


def test_an_audit_counts_earlier_acts_and_not_the_act_itself(desk: Desk) -> None:
    policy = desk(LIMIT, facts=FACTS, words=WORDS)
    first = entry("mon 09:00", case__claim=2700) | {"acts": [paid(1400, "mon 10:00")]}
    told = {"currency": "TWD", **history(first, entry("mon 11:00"))}
    assert breaches(policy, told, "mon 12:00") == []
    told = {"currency": "TWD", **history(first, entry("mon 11:00", paid(1300, "mon 11:00")))}
    assert breaches(policy, told, "mon 12:00") == [("premature", "pay", "mon 11:00")]
    (breach,) = policy.audit(told, at=on("mon 12:00"))
    assert breach.known_from == on("mon 10:00"), "since the first payment left less than this"


@pytest.mark.parametrize(
    ("which", "total"),
    [
        ("", 3),
        ("by: lead,", 1),
        ("newer_than: 1 hour,", 1),
        ("older_than: 1 hour,", 2),
        ("after: case.opened_at,", 2),
    ],
)
def test_the_keys_of_done_say_which_acts_are_meant(desk: Desk, which: str, total: int) -> None:
    rules = "- {id: r, then: [{recommend: remind, times: {count_done: pay%s}}]}" % (
        which and f", {which}".rstrip(",")
    )
    words = WORDS + "  tell: {phase: handle, owner: agent, params: {times: {type: count}}}\n"
    policy = desk(rules.replace("remind", "tell"), facts=FACTS, words=words)
    acts = [
        paid(1, "mon 08:00"),
        paid(2, "mon 10:00", "lead"),
        paid(3, "mon 11:30"),
        paid(9, "mon 11:40", "customer"),
    ]
    case = claim(*acts) | {"facts": {"case.opened_at": on("mon 09:00").isoformat()}}
    assert [step.params["times"] for step in policy.decide(case, at=on("mon 12:00")).plan] == [total]


def test_a_total_is_unknown_if_an_act_does_not_state_the_amount(desk: Desk) -> None:
    policy = desk(LIMIT, facts=FACTS, words=WORDS)
    case = claim(act("pay", "mon 10:00", params={"parts": 1}))
    verdict = policy.check(case, "pay", at=on("mon 12:00"), by="agent", params={"amount": 1})
    assert (verdict.verdict, [each.name for each in verdict.needs]) == ("held", ["pay.amount"])


def test_who_did_an_act_is_asked_for_while_it_decides(desk: Desk) -> None:
    policy = desk(LIMIT, facts=FACTS, words=WORDS)
    case = claim(paid(1400, "mon 10:00", "wu")) | {"parties": [{"id": "wu"}]}
    decision = policy.decide(case, at=on("mon 12:00"))
    assert [(each.fact, each.about) for each in decision.missing] == [("parties.role", ("wu",))]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("{sum_done: pay.amont}", "pay.amount"),
        ("{sum_done: pay}", "unknown parameter of an action"),
        ("{sum_done: pay.parts}", "does not fit"),
        ("{count_done: pay}", "gives a count"),
        ("{sum_done: pay.amount, at_least: 2}", "unknown key"),
        ("{sum_done: pay.amount, by: agnt}", "agent"),
    ],
)
def test_what_cannot_be_meant_is_an_error(desk: Desk, value: str, said: str) -> None:
    rule = f"- {{id: r, then: [{{forbid: pay, where: {{amount: {{above: {value}}}}}}}]}}"
    with pytest.raises(PolicyError) as caught:
        desk(rule, facts=FACTS, words=WORDS)
    assert said in str(caught.value)
    assert len(caught.value.diagnostics) == 1, str(caught.value)
