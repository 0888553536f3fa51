"""`init`: a project to begin with; all of its tests pass."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

Run = Callable[..., Any]


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    code, out, err = run("init", str(tmp_path / "ours"))
    assert (code, err) == (0, "")
    assert "10 files" in out
    return tmp_path / "ours"


def test_its_rules_are_clean_and_pass_their_examples(run: Run, project: Path) -> None:
    assert run("lint", "builtin", str(project / "rules")).out.startswith("no problems")
    code, out, _ = run("test", str(project / "rules"), "--policy", "builtin", "--require")
    assert (code, out) == (0, "our-rules: 2 of 2 rules passed\n")


def test_its_features_pass_with_the_policy_that_is_named(run: Run, project: Path) -> None:
    rules, features = str(project / "rules"), str(project / "features")
    code, out, _ = run("test", rules, features, "--policy", "builtin")
    assert (code, out.splitlines()[0]) == (0, "our-rules: 2 of 2 rules passed")
    assert "4 passed" in out
    assert run("test", features, "--policy", "builtin", "--policy", rules)[0] == 0


def test_a_feature_that_fails_is_a_failure_with_its_line(run: Run, project: Path) -> None:
    feature = project / "features" / "thanks.feature"
    feature.write_text(feature.read_text("utf-8").replace("03-04", "03-05"), encoding="utf-8")
    code, out, _ = run("test", str(feature), "--policy", "builtin", "--policy", str(project / "rules"))
    assert code == 1
    assert "thanks.feature:14: 那麼 計畫包含：" in out


def test_the_schema_knows_the_names_and_the_editor_finds_it(project: Path) -> None:
    settings = json.loads((project / ".vscode" / "settings.json").read_text("utf-8"))
    for path, pattern in settings["yaml.schemas"].items():
        assert "call_back" in (project / path).read_text("utf-8")
        assert list(project.glob(pattern[0]))
    workflow = yaml.safe_load((project / ".github" / "workflows" / "policy.yml").read_text("utf-8"))
    commands = [step["run"] for step in workflow["jobs"]["policy"]["steps"] if "run" in step]
    assert commands[-1] == "pytest"


def test_the_case_is_one_to_try(run: Run, project: Path) -> None:
    case, rules = str(project / "cases" / "first.yaml"), str(project / "rules")
    done = run(
        "decide",
        case,
        "--policy",
        "builtin",
        "--policy",
        rules,
        "--at",
        "2026-03-02T09:30:00+08:00",
        "--json",
    )
    steps = json.loads(done.out)["plan"]
    assert {"call_back", "thank_customer"} <= {each["action"] for each in steps}


def test_a_folder_with_something_in_it_is_left_alone(run: Run, project: Path) -> None:
    before = sorted(project.rglob("*"))
    code, out, err = run("init", str(project))
    assert (code, out) == (2, "")
    assert "is not empty" in err
    assert sorted(project.rglob("*")) == before


def test_what_cannot_be_written_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    code, _, err = run("init", str(tmp_path / "file" / "ours"))
    assert code == 2
    assert "[unwritable]" in err
