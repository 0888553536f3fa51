"""Issue 13, section 3: a tool runs only if the policy allows it; else the model is told what it can act on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import Policy, RequestError
from escalation_rules.integrations.agents import Guard

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
RULES = """\
format: 1
languages: [en]
name: shop
ruleset: shop
label: The shop
vocabulary:
  phases: [{work: The work}]
  roles: [agent, lead]
  facts:
    order.late: {type: flag, label: The order is late, question: Is the order late?}
    order.lost: {type: flag, label: The order is lost, question: Is the order lost?}
  records:
    parcels: {each: parcel, label: Parcels, fields: {stopped: {type: flag}}}
  actions:
    say_sorry: {phase: work, label: Say sorry, say: Say that you are sorry.}
    refund:
      phase: work
      by: [agent, lead]
      label: Refund the order
      params: {amount: {type: amount, label: Amount}, way: {type: choice, values: [card, cash]}}
    approve: {phase: work, by: [lead], label: Approve a refund}
    stop: {phase: work, about: parcels, label: Stop a parcel}
rules:
  - {id: sorry-first, when: {order.late: true}, then: [recommend: say_sorry], because: It is late.}
  - {id: no-cash, then: [{forbid: refund, where: {way: cash}}], because: We do not send cash.}
  - id: much-needs-a-lead
    then: [{hold: refund, where: {amount: {above: {EUR: 100}}}, until: {done: approve}}]
    because: More than 100 needs a lead.
  - id: pay-back-what-is-lost
    when: {order.lost: true}
    then: [{recommend: refund, amount: {EUR: 20}}]
    because: It is lost.
  - {id: lost-is-lost, when: {order.lost: true}, then: [{forbid: stop, about: case}], because: There is nothing to stop.}
"""


@pytest.fixture
def policy(tmp_path: Path) -> Policy:
    (tmp_path / "shop.yaml").write_text(RULES, encoding="utf-8")
    return Policy.load(tmp_path)


def guard(policy: Policy, more: dict[str, Any] | None = None, **options: Any) -> Guard:
    cases = {"c1": {"id": "c1", "currency": "EUR", "facts": {"order.late": True}, **(more or {})}}
    return Guard(policy, cases.__getitem__, now=lambda: AT, by=options.pop("by", "agent"), **options)


def calls(guarded: Guard, action: str, **arguments: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What a call of a tool returns, and with which arguments the tool itself ran."""
    ran: list[dict[str, Any]] = []

    def tool(**given: Any) -> str:
        ran.append(given)
        return "sent"

    answer = guarded.wrap(action, tool)(case="c1", **arguments)
    assert json.loads(json.dumps(answer)) == answer
    return answer, ran


def test_what_is_allowed_runs(policy: Policy) -> None:
    answer, ran = calls(guard(policy), "refund", amount=50, way="card")
    assert answer == {"done": True, "result": "sent"}
    assert ran == [{"case": "c1", "amount": 50, "way": "card"}]


def test_what_is_forbidden_says_why_and_what_instead(policy: Policy) -> None:
    answer, ran = calls(guard(policy), "refund", amount=50, way="cash")
    assert (answer["done"], answer["verdict"], answer["why"], ran) == (
        False, "forbidden", ["We do not send cash."], [],
    )  # fmt: skip
    assert answer["instead"] == [
        {
            "action": "say_sorry",
            "about": None,
            "label": "Say sorry",
            "say": "Say that you are sorry.",
            "say_to": None,
            "params": {},
        }
    ]


def test_what_is_held_says_what_releases_it(policy: Policy) -> None:
    answer, ran = calls(guard(policy), "refund", amount=500, way="card")
    assert (answer["verdict"], answer["why"], ran) == ("held", ["More than 100 needs a lead."], [])
    assert answer["needs"] == [{"kind": "act", "name": "approve", "about": None, "label": "Approve a refund"}]


def test_what_a_model_leaves_out_is_judged_by_the_strictest(policy: Policy) -> None:
    answer, ran = calls(guard(policy), "refund", way="card", amount=None)
    assert (answer["verdict"], ran) == ("held", [])
    assert {each["name"] for each in answer["needs"]} >= {"amount"}


def test_only_what_is_recommended(policy: Policy) -> None:
    strict = guard(policy, only_recommended=True)
    answer, ran = calls(strict, "refund", amount=50, way="card")
    assert (answer["verdict"], [each["action"] for each in answer["instead"]], ran) == (
        "not_recommended", ["say_sorry"], [],
    )  # fmt: skip
    assert calls(strict, "say_sorry")[0]["done"]


@pytest.mark.parametrize(("amount", "done"), [(20, True), (21, False), (5000, False)])
def test_only_the_amount_that_is_recommended(policy: Policy, amount: int, done: bool) -> None:
    strict = guard(policy, {"facts": {"order.lost": True}}, only_recommended=True, by="lead")
    answer, ran = calls(strict, "refund", amount=amount, way="card")
    assert (answer["done"], bool(ran)) == (done, done)
    if answer.get("verdict") == "not_recommended":
        assert answer["instead"] == [
            {
                "action": "refund",
                "about": None,
                "label": "Refund the order",
                "say": "",
                "say_to": None,
                "params": {"amount": {"amount": "20", "currency": "EUR"}},
            }
        ]


@pytest.mark.parametrize(
    ("action", "arguments", "problem"),
    [
        ("refund", {"amount": "much"}, "wrong-value"),
        ("refund", {"amuont": 5}, "unknown-parameter"),
        ("stop", {"about": "p9"}, "unknown-record"),
    ],
)
def test_what_cannot_be_checked_is_not_done(
    policy: Policy, action: str, arguments: dict[str, Any], problem: str
) -> None:
    answer, ran = calls(guard(policy, {"parcels": [{"id": "p1"}]}), action, **arguments)
    assert (answer["verdict"], ran) == ("not_checked", [])
    assert f"[{problem}]" in answer["problems"][0]


def test_a_broken_case_is_not_acted_on(policy: Policy) -> None:
    answer, ran = calls(guard(policy, {"facts": {"order.lat": True}}), "refund", amount=5, way="card")
    assert (answer["verdict"], ran) == ("not_checked", [])
    assert "order.late" in answer["problems"][0]


def test_who_the_agent_is_counts(policy: Policy) -> None:
    assert calls(guard(policy), "approve")[0]["verdict"] == "forbidden"
    assert calls(guard(policy, by="lead"), "approve")[0]["done"]
    assert calls(guard(policy, by="boss"), "approve")[0]["verdict"] == "not_checked"


def test_what_the_host_raises_goes_through(policy: Policy) -> None:
    def breaks(**_: Any) -> None:
        raise ConnectionError("the shop is closed")

    with pytest.raises(ConnectionError):
        guard(policy).wrap("say_sorry", breaks)(case="c1")
    with pytest.raises(KeyError):
        guard(policy).wrap("say_sorry", breaks)(case="c2")


def test_tools_are_described_by_the_vocabulary(policy: Policy) -> None:
    refund, stop = guard(policy).tools(["refund", "stop"])
    assert (refund.name, refund.description) == ("refund", "Refund the order")
    check = Draft202012Validator(refund.input_schema)
    assert check.is_valid({"case": "c1", "amount": 5, "way": "card"})
    for wrong in (
        {"amount": 5},
        {"case": "c1", "way": "gold"},
        {"case": "c1", "amount": -5},
        {"case": "c1", "x": 1},
    ):
        assert not check.is_valid(wrong)
    assert stop.to_dict()["input_schema"]["required"] == ["case", "about"]
    assert len(guard(policy).tools()) == len(policy.vocabulary.actions)
    with pytest.raises(RequestError, match="did you mean 'refund'"):
        guard(policy).tools(["refnd"])


def test_every_action_of_the_built_in_policy_makes_a_tool() -> None:
    policy = Policy.load()
    for tool in Guard(policy, lambda _: {}, now=lambda: AT, language="zh-TW").tools():
        Draft202012Validator.check_schema(dict(tool.input_schema))
        assert tool.description
