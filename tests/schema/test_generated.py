"""The policies and cases that the oracle makes up use all forms at random: they, and the decisions, fit the schemas."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import Policy
from escalation_rules.tools.schema import decision_schema
from tests.oracle.dice import Seeded
from tests.oracle.generate import policy, question, write
from tests.oracle.make_worked_out import with_worked_out
from tests.oracle.test_latest_values import with_latest
from tests.schema.judges import as_json, case_validator, plain, policy_validator, refusals

DECISION = Draft202012Validator(decision_schema())


@pytest.mark.parametrize("seed", range(15))
def test_what_the_oracle_makes_up_fits(seed: int, tmp_path: Path) -> None:
    dice = Seeded(seed)
    made = policy(dice) if seed % 3 else with_latest(dice, with_worked_out(dice, policy(dice)))
    loaded = Policy.load(write(made, tmp_path / "policy"), engine="plain")
    for path in (tmp_path / "policy").glob("*.yaml"):
        assert refusals(policy_validator(loaded), plain(path.read_text(encoding="utf-8"))) == []
    for _ in range(3):
        case, at = question(dice, made)
        assert refusals(case_validator(loaded), as_json(case)) == []
        assert refusals(DECISION, loaded.decide(case, at=at).to_dict()) == []
