"""`pytest --policy-coverage`: what the tests of a project cover of its policy, in Gherkin and in Python."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_coverage import FEATURE, POLICY

Run = Callable[..., str]

PYTHON = """
from datetime import datetime, timezone

def test_in_time(policy):
    policy.decide({"facts": {"order.late": False}}, at=datetime(2026, 3, 1, tzinfo=timezone.utc))

def test_refused(policy):
    policy.check({"facts": {"order.late": False}}, "refund", at=datetime(2026, 3, 1, tzinfo=timezone.utc))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nescalation_rules_features = features\nescalation_rules_policy = rules\n", encoding="utf-8"
    )
    for name, text in (("rules/rules.yaml", POLICY), ("features/late.feature", FEATURE)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_scenarios_and_python_tests_count(project: Path, run_pytest: Run) -> None:
    out = run_pytest(project, "--policy-coverage", "--policy-coverage-quick", "features")
    assert "rules that fired: 1 of 2, 50 %" in out
    assert "no-refund-in-time: forbid refund: never" in out
    (project / "test_more.py").write_text(PYTHON, encoding="utf-8")
    out = run_pytest(project, "--policy-coverage", "--policy-coverage-quick", "features", "test_more.py")
    assert "rules that fired: 2 of 2, 100 %" in out
    assert "3 questions" in out


def test_workers_are_added_up(project: Path, run_pytest: Run) -> None:
    pytest.importorskip("xdist")
    (project / "test_more.py").write_text(PYTHON, encoding="utf-8")
    arguments = ["--policy-coverage", "--policy-coverage-quick", "features", "test_more.py"]
    alone, spread = (run_pytest(project, *arguments, *more) for more in ([], ["-n", "2"]))
    told = [out[out.index("small (") :].splitlines()[:6] for out in (alone, spread)]
    assert told[0] == told[1]
    assert told[0][0].endswith(": 3 questions")


def test_too_little_fails_the_session(project: Path, run_pytest: Run) -> None:
    arguments = ["--policy-coverage", "--policy-coverage-quick", "features"]
    assert "below 40 %" in run_pytest(project, *arguments, "--policy-fail-under", "40")
    assert "below" not in run_pytest(project, *arguments, "--policy-fail-under", "0")


def test_a_policy_that_cannot_be_read_is_told(project: Path, run_pytest: Run) -> None:
    (project / "rules" / "rules.yaml").write_text("format: 1\nrulez: []\n", encoding="utf-8")
    out = run_pytest(project, "--policy-coverage", "features")
    assert "unknown key 'rulez'" in out
    assert "Traceback" not in out
