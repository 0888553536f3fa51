"""What is shipped is complete: the built wheel decides a case in an environment that has nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "examples" / "cases" / "table.yaml"
BUILT_FOR = "durable" if sys.version_info < (3, 13) else "plain"
LOADED = "import escalation_rules; print(escalation_rules.Policy.load().engine)"

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, more: Mapping[str, str] = MappingProxyType({})) -> str:
    """Standard output of a command that has to succeed, without what this process's environment says about Python."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") and k != "VIRTUAL_ENV"}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1", **more},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and with the wheel that was built from the sdist."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new, empty environment."""
    folder = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", folder, cwd=folder)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def source_files(folder: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_with_the_rulesets_inside_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = {name for name in archive.namelist() if ".dist-info/" not in name}
    rulesets = {f"escalation_rules/{name}" for name in source_files("rulesets")}
    assert rulesets
    assert shipped == source_files("escalation_rules") | rulesets
    assert "escalation_rules/py.typed" in shipped


def test_the_sdist_holds_what_the_tests_need(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        shipped = {name.partition("/")[2] for name in archive.getnames()}
    for folder in ("escalation_rules", "rulesets", "features", "tests", "examples"):
        assert source_files(folder) <= shipped
    assert {"LICENSE", "README.md", "pyproject.toml", ".ci/run"} <= shipped


def test_the_installed_wheel_decides_a_case_from_another_folder(
    wheel: Path, python: Path, releases: dict[str, str], tmp_path: Path
) -> None:
    run(python, "-m", "pip", "install", "-q", wheel, cwd=tmp_path, more=releases)
    engine = run(python, "-I", "-c", LOADED, cwd=tmp_path).strip()
    assert engine == BUILT_FOR, "the core's dependencies alone must do for the library"

    run(python, "-m", "pip", "install", "-q", f"{wheel}[cli]", cwd=tmp_path, more=releases)
    at = "2026-03-03T10:00:00+08:00"
    decide = ("decide", TABLE, "--at", at, "--json")
    output = run(python, "-I", "-m", "escalation_rules", *decide, cwd=tmp_path)
    decision = json.loads(output)
    assert "waive_charge" in [step["action"] for step in decision["plan"]]
    assert all(step["because"] for step in decision["plan"])
    assert run(python.with_name("escalation-rules"), *decide, cwd=tmp_path) == output

    run(python, "-m", "pip", "check", cwd=tmp_path)


def test_a_project_started_by_the_installed_wheel_passes_its_tests(
    wheel: Path, python: Path, tmp_path: Path, releases: dict[str, str]
) -> None:
    pip = (python, "-m", "pip")
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "v", cwd=tmp_path)
    python = tmp_path / "v" / ("Scripts" if os.name == "nt" else "bin") / "python"
    run(*pip, "--python", python, "install", "-q", f"{wheel}[cli,bdd]", cwd=tmp_path, more=releases)
    command, project = python.with_name("escalation-rules"), tmp_path / "ours"
    run(command, "init", project, cwd=tmp_path)
    assert "4 passed" in run(python, "-m", "pytest", cwd=project)
    assert run(command, "lint", "builtin", "rules", cwd=project).startswith("no problems")
    assert "2 of 2" in run(command, "test", "rules", "--policy", "builtin", "--require", cwd=project)
