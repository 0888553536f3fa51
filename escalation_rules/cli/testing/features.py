"""Runs feature files with pytest in a separate process, for `escalation-rules test`."""

from __future__ import annotations

import shlex
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from escalation_rules.cli.text import streams
from escalation_rules.errors import Diagnostic, RequestError
from escalation_rules.policy.reading.files import BUILTIN_WORD, is_rule_file

_PLUGIN = "escalation_rules.pytest_plugin"
FAILED = 1


def sorted_out(paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """The paths with features, and those with rules. A folder of rules with features below it is in both."""
    features = [path for path in paths if _has_features(path)]
    return features, [path for path in paths if path not in features or _has_rules(path)]


def _has_features(name: str) -> bool:
    """Whether a path is a feature file, or a folder with feature files."""
    path = Path(name)
    return path.suffix == ".feature" or (path.is_dir() and next(path.rglob("*.feature"), None) is not None)


def _has_rules(name: str) -> bool:
    """Whether a path with features is also a folder of rules, i.e. contains rule files itself."""
    path = Path(name)
    if not path.is_dir() or next(path.glob("*.feature"), None) is not None:
        return False
    return any(is_rule_file(file.name) for file in path.iterdir())


def need_pytest_bdd() -> None:
    """Raise `RequestError` if pytest-bdd, which runs features, is not installed."""
    if find_spec("pytest_bdd") is None:
        message = "features need pytest-bdd, which is not installed"
        expected = "pip install 'escalation-rules[bdd]'"
        raise RequestError([Diagnostic("not-installed", message, expected=expected)])


def run_features(paths: Sequence[str], layers: Sequence[str]) -> int:
    """Run features and print pytest's output. `layers` is the policy for features that name none (empty: the
    built-in one)."""
    need_pytest_bdd()
    absolute = [str(Path(path).resolve()) for path in paths]
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider"]
    if not any(entry_point.value == _PLUGIN for entry_point in entry_points(group="pytest11")):
        command += ["-p", _PLUGIN]
    command += ["-o", f"escalation_rules_features={shlex.join(absolute)}"]
    if layers:
        named = [layer if layer == BUILTIN_WORD else str(Path(layer).resolve()) for layer in layers]
        command += ["-o", f"escalation_rules_policy={shlex.join(named)}"]
    done = subprocess.run(  # noqa: S603 - runs pytest with the given paths
        [*command, *absolute], capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    streams.write(done.stdout + done.stderr)
    return FAILED if done.returncode else 0
