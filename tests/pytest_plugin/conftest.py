"""Runs of pytest in a project of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import entry_points
from pathlib import Path

import pytest

PLUGIN = "escalation_rules.pytest_plugin"
LESS = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:benchmark")
"""Plugins that take a second to import, and do nothing here."""
INSTALLED = any(each.value == PLUGIN for each in entry_points(group="pytest11"))

Run = Callable[..., str]


OF_THE_HOST = frozenset({"CI", "BUILD_NUMBER", "PYTEST_ADDOPTS"})
"""What a build server sets and pytest reads: with `CI` its summary repeats each message in full."""


@pytest.fixture(scope="session")
def run_pytest() -> Run:
    """Run pytest in a folder, as a user would; returns what it prints."""

    def run(folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> str:
        plugin = (
            []
            if INSTALLED and "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in (environment or {})
            else ["-p", PLUGIN]
        )
        known = {
            **{name: value for name, value in os.environ.items() if name not in OF_THE_HOST},
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "200",
        }
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *plugin, *LESS, *arguments],
            cwd=folder,
            env={**known, **(environment or {})},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        return done.stdout + done.stderr

    return run
