"""As an editor or a pipeline uses them: the schemas from the command line, the files through check-jsonschema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.cli import main
from tests.schema.judges import BASE, CASES, RULESETS


def check(*arguments: str | Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *map(str, arguments)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Writes the schema that the command line prints."""

    def write(*arguments: str) -> Path:
        assert main(["schema", *arguments]) == 0
        path = tmp_path / "schema.json"
        path.write_text(capsys.readouterr().out, encoding="utf-8")
        return path

    return write


def test_check_jsonschema_accepts_every_ruleset(written: Any) -> None:
    assert check("--schemafile", written(), *RULESETS) == (0, "ok -- validation done\n")


def test_check_jsonschema_accepts_every_example(written: Any) -> None:
    assert check("--schemafile", written("case"), *CASES) == (0, "ok -- validation done\n")


def test_check_jsonschema_accepts_a_decision(
    written: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["decide", str(CASES[0]), "--at", "2026-03-03T12:00:00+08:00", "--json"]) == 0
    (tmp_path / "decision.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert check("--schemafile", written("decision"), tmp_path / "decision.json")[0] == 0


def test_check_jsonschema_points_at_a_misspelt_fact(written: Any, tmp_path: Path) -> None:
    schema = written("policy", "--policy", str(BASE))
    text = (BASE / "rules.yaml").read_text(encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(text, encoding="utf-8")
    assert check("--schemafile", schema, tmp_path / "rules.yaml")[0] == 0
    (tmp_path / "rules.yaml").write_text(text.replace("customer.angry:", "customer.angri:"), encoding="utf-8")
    code, output = check("--schemafile", schema, tmp_path / "rules.yaml")
    assert code == 1
    assert "$.rules[0].when" in output
    assert "'customer.angri' does not match any" in output


@pytest.mark.parametrize("kind", ["policy", "case", "decision"])
def test_they_are_valid_schemas(kind: str, written: Any) -> None:
    assert check("--check-metaschema", written(kind, "--policy", str(BASE)))[0] == 0


def test_the_policy_is_what_is_asked_for(written: Any) -> None:
    assert json.loads(written().read_text())["$id"] == "urn:escalation-rules:policy:1"
    assert json.loads(written("--policy", str(BASE), "case").read_text())["$id"].endswith("case:1")


def test_there_is_no_other_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "polcy"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "error: unknown kind of schema 'polcy'; did you mean 'policy'? [usage]\n"
