"""A condition as data (in `held.until`, in explanations) is the policy's own language: read back, it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import Condition, Context, Scope, read_condition
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.source import parse_yaml
from tests.core.policies import load, random_policies

WRITTEN = """\
- {id: of-case, for_each: claims, when: {some: exhibits, of: case}, then: [{recommend: call}]}
- {id: of-claim, for_each: claims, when: {some: exhibits}, then: [{recommend: call}]}
- {id: of-field, for_each: claims, when: {none: charges, of: second}, then: [{recommend: call}]}
- {id: window, when: {count: signals, at_least: 3, within: 24 hours}, then: [{recommend: call}]}
- {id: ahead, when: {x.when: {coming_within: 1 week}}, then: [{recommend: call}]}
- {id: money, when: {x.amount: {above: {TWD: 800, CNY: 180.5}}, x.limit: 0}, then: [{recommend: call}]}
- {id: length, when: {x.length: {in: [30 minutes, 2 days]}}, then: [{recommend: call}]}
- {id: bare-word, when: {x.text: {equals: given}}, then: [{recommend: call}]}
"""


def conditions(model: PolicyModel) -> Iterator[tuple[str, str | None, Condition]]:
    """Every condition of the policy: the rule, the list that it is evaluated for, and the condition."""
    for rule in model.rules:
        for condition in of_rule(rule):
            yield rule.id, rule.for_each, condition


def of_rule(rule: Rule) -> Iterator[Condition]:
    yield from (each for each in (rule.when, rule.unless) if each is not None)
    yield from (each.until for each in rule.prohibits if each.until is not None)
    yield from (condition for each in rule.concludes for _, condition in each.alternatives)


def read_again(model: PolicyModel, listed: str | None, condition: Condition) -> Condition | list[str]:
    text = yaml.safe_dump(condition.to_data(), allow_unicode=True, sort_keys=False)
    scope = Scope(model.vocabulary)
    scope = scope.inside(model.vocabulary.records[listed]) if listed else scope
    problems = Problems()
    node = parse_yaml(text, "again.yaml", problems)
    found = read_condition(Context(scope, problems), node) if node is not None else None
    return found if found is not None else [text, *(str(each) for each in problems)]


def check(model: PolicyModel) -> int:
    count = 0
    for rule, listed, condition in conditions(model):
        again = read_again(model, listed, condition)
        assert isinstance(again, Condition), (rule, again)
        assert again.to_data() == condition.to_data(), rule
        assert again == condition, rule
        count += 1
    return count


def test_conditions_that_are_easily_lost_read_back(tmp_path: Path) -> None:
    assert check(load(tmp_path, "plain", WRITTEN).model) == len(WRITTEN.splitlines())


def test_conditions_of_the_built_in_policy_read_back() -> None:
    assert check(read_policy([builtin_path()])) > 150


@pytest.mark.parametrize("seed", range(4))
def test_random_conditions_read_back(tmp_path: Path, seed: int) -> None:
    assert sum(check(read_policy([path])) for _, path in random_policies(tmp_path, f"back {seed}", 10)) > 20
