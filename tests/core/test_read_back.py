"""A condition as data (in `held.until`, in explanations) is the policy's own language: read back, it is the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from escalation_rules.errors import Problems
from escalation_rules.policy.conditions import Condition, Context, Scope
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.policy.reading.parameters import COMPUTING
from escalation_rules.policy.reading.where import read_until
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


def of_rule(rule: Rule) -> Iterator[tuple[Condition, tuple[str, ...]]]:
    """Every condition of a rule; of the end of a hold also the actions that are held."""
    yield from ((each, ()) for each in (rule.when, rule.unless) if each is not None)
    yield from ((each.until, each.actions) for each in rule.prohibits if each.until is not None)
    yield from ((condition, ()) for each in rule.concludes for _, condition in each.alternatives)


def read_again(
    model: PolicyModel, listed: str | None, condition: Condition, held: tuple[str, ...]
) -> Condition | list[str]:
    text = yaml.safe_dump(condition.to_data(), allow_unicode=True, sort_keys=False)
    scope = Scope(model.vocabulary)
    scope = scope.inside(model.vocabulary.records[listed]) if listed else scope
    problems = Problems()
    node = parse_yaml(text, "again.yaml", problems)
    found = read_until(Context(scope, problems, COMPUTING), node, held) if node is not None else None
    return found if found is not None else [text, *(str(each) for each in problems)]


def check(model: PolicyModel) -> int:
    count = 0
    for rule in model.rules:
        for condition, held in of_rule(rule):
            again = read_again(model, rule.for_each, condition, held)
            assert isinstance(again, Condition), (rule.id, again)
            assert again.to_data() == condition.to_data(), rule.id
            assert again == condition, rule.id
            count += 1
    return count


def test_conditions_that_are_easily_lost_read_back(tmp_path: Path) -> None:
    assert check(load(tmp_path, "plain", WRITTEN).model) == len(WRITTEN.splitlines())


def test_conditions_of_the_built_in_policy_read_back() -> None:
    assert check(read_policy([builtin_path()])) > 150


@pytest.mark.parametrize("seed", range(4))
def test_random_conditions_read_back(tmp_path: Path, seed: int) -> None:
    assert sum(check(read_policy([path])) for _, path in random_policies(tmp_path, f"back {seed}", 10)) > 20
