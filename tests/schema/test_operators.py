"""Each operator on each type, with all sorts of operands: the schema accepts just what the loader reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import OPERATORS, Context, Scope, read_condition
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.source import parse_yaml, to_plain
from tests.schema.judges import as_json, base, policy_validator

FACTS = [
    "customer.angry", "customer.calls", "customer.asks", "customer.kind", "customer.mood", "customer.words",
    "visit.planned_at", "customer.patience", "customer.contact", "case.weight",
]  # fmt: skip
FIELDS = ["made_by", "amount", "claim.open", "made_by.told_at", "finding", "id", "customer.mood"]
OPERANDS = [
    "true", "false", "0", "1", "2", "-1", "2.0", "2.5", "1e3", "0.1234567891", "10000000000000001", "'2'", "''", "' '",
    "null", "[]", "{}", "[1, 2]", "[2]", "[0, 0, 0]", "[true]", "[private]", "[calm, furious]", "[private, calm]",
    "[2 days, 3 days]", "[2 days]", "[customer.calls, 3]", "[[1]]", "['']", "[press, court]",
    "private", "calm", "heavy", "manager", "boss", "given", "not given", "passed", "not passed", "word",
    "{TWD: 800}", "{TWD: 800, CNY: 180.5}", "{twd: 800}", "{TWD: '800'}", "{TWD: -1}", "[{TWD: 1}]",
    "{TWD: 1, given: true}", "{given: true}", "{given: no}",
    "2 days", "1 day", "2 day", "2  days", "0 days", "00 days", "2 fortnights", "2 working days", "1 working hour",
    "2 working days in office", "2 working days in shop", "2 days in office", "999999 weeks", "9999999 days",
    "PT2H", "P1D", "P1DT30M", "P", "PT", "P1D2H",
    "2026-03-01", "2026-03-01T10:00:00", "2026-03-01T10:00:00Z", "2026-03-01T10:00+08:00", "20260301T100000Z",
    "2026-03-01 10:00:00+08:00", "2026-13-01T10:00:00Z", "2026-03-01t10:00:00.5-05:30",
    "{times: 2, of: customer.calls}", "{times: 2, of: case.weight}", "{times: 2}", "{share: 10%, of: {TWD: 800}}",
    "{share: 0.1, of: {TWD: 800}}", "{sum: losses.amount}", "{sum: losses.amount, where: {made_by: given}}", "{count: losses}",
    "{count: losses, which: {made_by: given}}", "{least_of: [customer.calls, 3]}", "{greatest_of: [2 days, customer.patience]}",
    "{from: 3 days, less: 1 day}", "{round: {TWD: 800}, to: {TWD: 1}}", "{one_of: losses}", "[{count: losses}, 3]",
    "[{TWD: 1}, {share: 10%, of: {TWD: 800}}]",
    "customer.calls", "customer.angry", "customer.asks", "customer.kind", "customer.mood", "customer.words",
    "visit.planned_at", "customer.patience", "customer.contact", "customer.nothing", "claim.amount", "amount",
    "made_by", "made_at", "claim.made_at", "claim.made_by", "loss.amount",
]  # fmt: skip
FINER = {
    "0.1234567891": "more decimals than an amount has",
    "999999 weeks": "longer than any length of time",
    "9999999 days": "longer than any length of time",
    "loss.amount": "a field of a record that is not in scope here",
    "2026-13-01T10:00:00Z": "a month that there is not",
    "{times: 2, of: customer.calls}": "an amount times a number: only an amount",
    "2.0": "a whole number to JSON, a fraction to YAML",
    "1e3": "a whole number to JSON, a fraction to YAML",
    "passed": "not on a text, unless quoted",
    "not passed": "not on a text, unless quoted",
}
"""What only the loader can tell, and why."""


def every_test(name: str) -> Iterator[str]:
    for operand in OPERANDS:
        yield f"{name}: {operand}"
        yield from (f"{name}: {{{key}: {operand}}}" for key in (*OPERATORS, "atleast"))


def judge(scope: Scope, text: str, validator: Any) -> tuple[bool, bool]:
    problems = Problems()
    node = parse_yaml(text, "text", problems)
    assert node is not None
    loaded = read_condition(Context(scope, problems, COMPUTING), node) is not None
    return loaded, validator.is_valid(as_json(to_plain(node)))


@pytest.mark.parametrize(
    ("view", "name"),
    [("case", name) for name in FACTS] + [("each.claims", name) for name in FIELDS],
)
def test_the_schema_of_a_test_is_exact(view: str, name: str) -> None:
    vocabulary = base().vocabulary
    lists = (vocabulary.records["claims"],) if view != "case" else ()
    root = policy_validator(base()).schema
    validator = Draft202012Validator({"$ref": f"#/$defs/condition.{view}", "$defs": root["$defs"]})
    differences = {}
    for text in every_test(name):
        loaded, accepted = judge(Scope(vocabulary, lists), text, validator)
        if loaded != accepted and not (accepted and any(each in text for each in FINER)):
            differences[text] = "only the loader accepts it" if loaded else "only the schema accepts it"
    assert not differences
