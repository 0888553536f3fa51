"""The policies in `examples/policies`: their features pass, and lint has nothing to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Policy
from escalation_rules.pytest_plugin import bind_features
from escalation_rules.tools.lint import lint

POLICIES = Path(__file__).resolve().parents[2] / "examples" / "policies"

bind_features("../../examples/policies")


@pytest.mark.parametrize("name", sorted(each.name for each in POLICIES.iterdir() if each.is_dir()))
def test_lint_has_nothing_to_say(name: str) -> None:
    assert [str(each) for each in lint(Policy.load(POLICIES / name, engine="plain").model)] == []
