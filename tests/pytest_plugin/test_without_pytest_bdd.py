"""The plugin is installed with the library; where pytest-bdd is missing or switched off, pytest runs all the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

MISSING = """
import importlib.abc, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name.partition(".")[0] == "pytest_bdd":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""


def project(folder: Path) -> Path:
    (folder / "no_bdd.py").write_text(MISSING, encoding="utf-8")
    (folder / "test_other.py").write_text("def test_other():\n    assert True\n", encoding="utf-8")
    return folder


def test_pytest_runs_without_it(tmp_path: Path, run_pytest: Callable[..., str]) -> None:
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    printed = run_pytest(project(tmp_path), "-p", "no_bdd", "-W", "error", environment=alone)
    assert "1 passed" in printed, printed


def test_to_bind_features_without_it_says_what_to_install(
    tmp_path: Path, run_pytest: Callable[..., str]
) -> None:
    features = "from escalation_rules.pytest_plugin import bind_features\nbind_features('f.feature')\n"
    (project(tmp_path) / "test_features.py").write_text(features, encoding="utf-8")
    alone = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    printed = run_pytest(tmp_path, "-p", "no_bdd", environment=alone)
    assert 'features need pytest-bdd: pip install "escalation-rules[bdd]"' in printed, printed


def test_pytest_runs_where_it_is_switched_off(tmp_path: Path, run_pytest: Callable[..., str]) -> None:
    printed = run_pytest(project(tmp_path), "-p", "no:pytest-bdd", "-W", "error")
    assert "1 passed" in printed, printed


def test_nothing_is_imported_before_pytest_is_configured(
    tmp_path: Path, run_pytest: Callable[..., str]
) -> None:
    told = "    assert 'escalation_rules.pytest_plugin.scene' not in sys.modules\n"
    check = f"import sys\ndef pytest_addoption(parser):\n{told}"
    (project(tmp_path) / "conftest.py").write_text(check, encoding="utf-8")
    printed = run_pytest(tmp_path)
    assert "1 passed" in printed, printed
