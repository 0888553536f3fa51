"""What the README promises works as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.cli.commands import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def section(title: str) -> str:
    """The text below a heading of the second level, up to the next one."""
    found = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, f"one heading '## {title}'"
    return str(found[0])


def shell_command(title: str) -> str:
    """The one shell command that follows a heading."""
    blocks = FENCED.findall(section(title))
    assert [language for language, _ in blocks] == ["sh"], f"one shell block under '## {title}'"
    (line,) = blocks[0][1].splitlines()
    return str(line)


def python_blocks() -> list[str]:
    """The Python blocks, each moved down to its own line so that a traceback points into the README."""
    return [
        "\n" * README.count("\n", 0, found.start(2)) + found[2]
        for found in FENCED.finditer(README)
        if found[1] == "python"
    ]


def test_running_comes_first_and_testing_second() -> None:
    assert re.findall(r"^## (.*)$", README, re.MULTILINE)[:2] == ["Run it", "Test it"]


def test_the_test_command_is_the_one_that_ci_runs() -> None:
    assert shell_command("Test it") == "bash .ci/run"


def test_every_command_is_listed() -> None:
    assert re.findall(r"^\| `([a-z]+)", section("The commands"), re.MULTILINE) == list(COMMANDS)


@pytest.mark.slow
def test_the_run_command_works_in_a_fresh_copy(tmp_path: Path, releases: dict[str, str]) -> None:
    made = shutil.ignore_patterns(
        ".git", ".venv*", "venv", ".nox", "__pycache__", ".*_cache", ".hypothesis", "dist"
    )
    copy = Path(shutil.copytree(ROOT, tmp_path / "copy", ignore=made))
    command = shell_command("Run it")
    assert command.startswith("python3.11 ")
    done = subprocess.run(
        ["bash", "-c", command.replace("python3.11", sys.executable, 1)],
        cwd=copy,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")} | releases,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "800" in done.stdout


def test_the_python_blocks_run_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = python_blocks()
    assert blocks
    namespace: dict[str, Any] = {"__name__": "readme"}
    for block in blocks:
        exec(compile(block, str(ROOT / "README.md"), "exec"), namespace)
