"""The page of recipes: its blocks are one policy without warnings, and its scenarios say what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from escalation_rules import Policy
from escalation_rules.errors import Problems
from escalation_rules.pytest_plugin.rehearsal import alone, failure, plays
from escalation_rules.source import parse_yaml, to_plain
from escalation_rules.tools.lint import lint

PAGE = Path(__file__).resolve().parents[2] / "rulesets" / "RECIPES.md"
TEXT = PAGE.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
CASES = [block for block in BLOCKS if block.startswith("id:")]
SCENARIOS = re.findall(r"```gherkin\n(.*?)```", TEXT, re.DOTALL)


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("recipes") / "recipes.yaml"
    path.write_text("".join(block for block in BLOCKS if block not in CASES), encoding="utf-8")
    return Policy.load(path)


def test_the_blocks_are_one_policy_without_a_warning(policy: Policy) -> None:
    assert [str(each) for each in lint(policy.model)] == []


@pytest.mark.parametrize("block", CASES)
def test_the_cases_can_be_read(policy: Policy, block: str) -> None:
    problems = Problems()
    case = policy.case(to_plain(parse_yaml(block, "case.yaml", problems)))
    assert problems.errors == ()
    assert case.acts


@pytest.mark.parametrize("text", SCENARIOS, ids=lambda text: text.splitlines()[0])
def test_the_scenarios_pass(policy: Policy, text: str, tmp_path: Path) -> None:
    feature = tmp_path / "recipe.feature"
    feature.write_text("Feature: Recipes\n" + text, encoding="utf-8")
    (play,) = plays(feature)
    assert failure(play, policy, alone(tmp_path)) is None


def test_every_recipe_has_a_scenario() -> None:
    sections = [each for each in TEXT.split("\n## ")[1:] if not each.startswith("Reading an audit")]
    assert len(sections) >= 8
    assert [each.splitlines()[0] for each in sections if "```gherkin" not in each] == []
