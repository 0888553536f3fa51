"""SEMANTICS 16: `amounts:` of the vocabulary names sums of money; a name means what it would mean if the sum stood there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import Policy, PolicyError
from escalation_rules.cli import main
from escalation_rules.tools.lint import lint
from escalation_rules.tools.schema import policy_schema
from tests.core.policies import NOW, Plain

VOCABULARY = """
format: 1
name: shop
languages: [en]
vocabulary:
  phases: [settle]
  roles: [clerk, lead]
  amounts: {limit.clerk: {EUR: 20, TWD: 600}, limit.lead: {EUR: 200}}
  facts: {case.loss: {type: amount}}
  records: {bills: {each: bill, absent: none, fields: {total: {type: amount}}}}
  actions: {give: {phase: settle, params: {amount: {type: amount}}}}
"""
RULES = """
ruleset: shop
rules:
  - {id: clerk, then: [{forbid: give, by: clerk, where: {amount: {above: limit.clerk}}}]}
  - {id: lead, then: [{forbid: give, by: lead, where: {amount: {above: {times: 2, of: limit.lead}}}}]}
  - {id: range, when: {case.loss: {between: [limit.clerk, limit.lead]}}, then: [{recommend: give, amount: limit.clerk}]}
  - {id: same, when: {case.loss: limit.lead}, then: [{recommend: give, amount: {least_of: [case.loss, limit.lead]}}]}
  - {id: sums, when: {sum: bills.total, at_least: limit.lead}, then: [{recommend: give}]}
"""
LIMITS = {"limit.clerk": "{EUR: 20, TWD: 600}", "limit.lead": "{EUR: 200}"}


def loaded(folder: Path, *texts: str) -> Policy:
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.yaml")
        files[-1].write_text(text, encoding="utf-8")
    return Policy.load(*files, engine="plain")


def test_a_name_means_the_sum_that_it_stands_for(tmp_path: Path) -> None:
    in_full = RULES
    for name, amount in LIMITS.items():
        in_full = in_full.replace(name, amount)
    (tmp_path / "full").mkdir()
    named = loaded(tmp_path, VOCABULARY + RULES).model
    plain = loaded(tmp_path / "full", VOCABULARY + in_full).model
    assert [(rule.id, rule.when, rule.recommends, rule.prohibits) for rule in named.rules] == [
        (rule.id, rule.when, rule.recommends, rule.prohibits) for rule in plain.rules
    ]


@pytest.mark.parametrize(
    ("currency", "by", "amount", "verdict"),
    [
        ("EUR", "clerk", 20, "allowed"),
        ("EUR", "clerk", 21, "forbidden"),
        ("EUR", "lead", 400, "allowed"),
        ("EUR", "lead", 401, "forbidden"),
        ("TWD", "clerk", 601, "forbidden"),
        ("TWD", "lead", 1, "held"),  # no amount in this currency
    ],
)
def test_the_limit_is_that_of_the_currency(
    tmp_path: Path, currency: str, by: str, amount: int, verdict: str
) -> None:
    policy = loaded(tmp_path, VOCABULARY + RULES)
    case = {"id": "c", "currency": currency}
    assert policy.check(case, "give", by=by, params={"amount": amount}, at=NOW).verdict == verdict


def test_a_layer_states_other_amounts_and_further_currencies(tmp_path: Path) -> None:
    layer = "format: 1\nvocabulary: {amounts: {limit.clerk: {EUR: 30}, limit.lead: {TWD: 6000}}}\n"
    policy = loaded(tmp_path, VOCABULARY + RULES, layer)

    def may(currency: str, by: str, amount: int) -> bool:
        case = {"id": "c", "currency": currency}
        return policy.check(case, "give", by=by, params={"amount": amount}, at=NOW).allowed

    assert [may("EUR", "clerk", each) for each in (30, 31)] == [True, False]
    assert [may("TWD", "clerk", each) for each in (600, 601)] == [True, False]
    assert [may("TWD", "lead", each) for each in (12_000, 12_001)] == [True, False]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (
            "above: limit.clerk",
            "above: limit.clrek",
            "unknown amount 'limit.clrek'; did you mean 'limit.clerk'?",
        ),
        ("limit.lead: {EUR: 200}", "limit.lead: 200", "the amount 200 has no currency"),
        ("limit.lead: {EUR: 200}", "limit.lead: 0", "a named amount has a currency"),
        ("limit.lead: {EUR: 200}", "case.loss: {EUR: 200}", "'case.loss' is also the name of a fact"),
        ("limit.lead: {EUR: 200}", "lead: {EUR: 200}", "'lead' cannot be the name of an amount"),
        ("limit.lead: {EUR: 200}", "limit.lead: {EURO: 200}", "'EURO' is not a currency code"),
    ],
)
def test_mistakes_are_named_at_their_place(tmp_path: Path, before: str, after: str, said: str) -> None:
    text = VOCABULARY + RULES
    assert before in text
    with pytest.raises(PolicyError) as raised:
        loaded(tmp_path, text.replace(before, after, 1))
    assert any(said in str(each) for each in raised.value.diagnostics), raised.value.diagnostics


def test_a_currency_that_a_named_amount_lacks_is_named_by_lint(tmp_path: Path) -> None:
    codes = {(each.code, each.message) for each in lint(loaded(tmp_path, VOCABULARY + RULES).model)}
    assert any(code == "currency-left-out" and message.startswith("lead ") for code, message in codes)


def test_the_schema_has_the_names_where_an_amount_may_stand(tmp_path: Path) -> None:
    policy = loaded(tmp_path, VOCABULARY + RULES)
    validator = Draft202012Validator(policy_schema(policy.model.vocabulary))

    def valid(when: Plain, then: Plain) -> bool:
        rule = {"id": "a", "when": when, "then": [then]}
        return bool(validator.is_valid({"format": 1, "ruleset": "r", "rules": [rule]}))

    give = {"recommend": "give", "amount": "limit.clerk"}
    assert valid({"case.loss": {"above": "limit.lead"}}, give)
    assert valid(
        {"case.loss": {"equals": "limit.lead"}}, {**give, "amount": {"times": 2, "of": "limit.lead"}}
    )
    assert not valid({"case.loss": {"above": "limit.nobody"}}, give)
    assert validator.is_valid({"format": 1, "vocabulary": {"amounts": {"limit.a": {"EUR": 1}}}})
    assert not validator.is_valid({"format": 1, "vocabulary": {"amounts": {"limit.a": 1}}})


def test_show_says_what_it_is_and_which_rules_name_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded(tmp_path, VOCABULARY + RULES)
    assert main(["show", "limit.clerk", "--policy", str(tmp_path / "0.yaml")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("limit.clerk\n")
    assert "€20" in out
    assert "NT$600" in out
    assert "clerk, range\n" in out or "clerk; range\n" in out
    assert main(["show", "limit.lead", "--json", "--policy", str(tmp_path / "0.yaml")]) == 0
    data = json.loads(capsys.readouterr().out)
    (found,) = data if isinstance(data, list) else [data]
    assert (found["kind"], found["amounts"], found["read_by"]) == (
        "amount",
        {"EUR": 200},
        ["lead", "range", "same", "sums"],
    )
