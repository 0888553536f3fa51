"""An operator that nobody has heard of, as one class: whatever meets it knows it or fails loudly, and concludes nothing wrong."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules.policy.conditions import OPERATORS, Truth
from escalation_rules.policy.conditions.forms import OneOperand
from escalation_rules.tools.lint import lint
from escalation_rules.tools.schema import policy_schema
from escalation_rules.values import Value
from tests.core.policies import NOW, Make, decide, missing, plan
from tests.oracle import truth
from tests.reference.operators import rows

RULES = """
- {id: one, when: {x.text: {starts_with: sue}}, then: [{recommend: call}]}
- {id: other, when: {not: {x.text: {starts_with: sue}}}, then: [{recommend: ask}]}
- {id: both, when: {all: [{x.text: {starts_with: a}}, {x.text: {starts_with: b}}]}, then: [{recommend: secure}]}
"""


@attrs.frozen
class StartsWith(OneOperand):
    """A text that begins like this."""

    key = "starts_with"
    kinds = frozenset(("text",))
    doc = "the text begins like this"
    example = "{starts_with: sue}"

    def compare(self, value: Value, other: Value) -> Truth:
        return str(value).startswith(str(other))


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(OPERATORS, StartsWith.key, StartsWith)


@pytest.mark.parametrize(("said", "steps"), [("sue you", ["call"]), ("please", ["ask"]), (None, [])])
def test_it_is_read_and_decides(make: Make, said: str | None, steps: list[str]) -> None:
    decision = decide(make(RULES), **({} if said is None else {"x__text": said}))
    assert [each[0] for each in plan(decision)] == steps
    assert missing(decision) == ([] if said else [("x.text", (), ["both", "one", "other"])])


def test_lint_concludes_nothing_of_it(make: Make) -> None:
    """It cannot be told that no text begins with both; of an unknown test nothing is told."""
    codes = {each.code for each in lint(make(RULES).model) if each.position is not None}
    assert not codes & {"never-true", "always-true", "covered", "same-step-twice"}


def test_the_schema_and_the_page_have_it(make: Make) -> None:
    model = make(RULES).model
    schema = policy_schema(model.vocabulary)
    rules = {"format": 1, "ruleset": "r", "principle": "fairness", "rules": []}
    rule: dict[str, Any] = {
        "id": "a",
        "when": {"x.text": {"starts_with": "sue"}},
        "then": [{"recommend": "call"}],
    }
    validator = Draft202012Validator(schema)
    assert validator.is_valid({**rules, "rules": [rule]})
    rule["when"] = {"x.count": {"starts_with": "sue"}}
    assert not validator.is_valid({**rules, "rules": [rule]})
    assert ("starts_with", "text", StartsWith.doc, StartsWith.example) in list(rows())


def test_an_explanation_has_it_as_it_is_written(make: Make) -> None:
    policy = make(RULES)
    explained = policy.explain(policy.case({"id": "a", "facts": {"x.text": "sue"}}), "one", at=NOW)
    assert explained.rules[0].atoms[0].test == {"x.text": {"starts_with": "sue"}}


def test_the_oracle_fails_loudly(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = None
    monkeypatch.setattr(truth, "value", lambda *_: "sue you")
    with pytest.raises(KeyError, match="the oracle does not know the operator 'starts_with'"):
        truth.operator(nothing, nothing, nothing, "starts_with", "sue")
