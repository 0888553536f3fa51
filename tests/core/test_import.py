"""What a program that decides has to import, and what it need not."""

from __future__ import annotations

import subprocess
import sys

import pytest

import escalation_rules

DECIDES = """
import sys
from escalation_rules import Policy
{more}
print(*sorted(sys.modules))
"""
LATER = {"difflib", "importlib.metadata", "multiprocessing", "pytest", "rich", "z3", "escalation_rules.source.syntax_errors",
         "escalation_rules.solving", "escalation_rules.tools"}  # fmt: skip


def imported(more: str = "") -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", DECIDES.format(more=more)], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_to_import_the_library_imports_no_tool_and_nothing_slow_that_only_tools_need() -> None:
    assert imported() & LATER == set()


def test_a_tool_is_imported_when_it_is_asked_for() -> None:
    assert "escalation_rules.tools.audit" in imported("from escalation_rules import Audit")


def test_every_name_of_the_library_is_there_whether_it_is_imported_early_or_late() -> None:
    named = {name: getattr(escalation_rules, name) for name in escalation_rules.__all__}
    assert named["Audit"].__module__ == "escalation_rules.tools.audit"
    assert set(named) <= set(dir(escalation_rules))


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(AttributeError, match="'escalation_rules' has no attribute 'Polcy'"):
        escalation_rules.Polcy  # noqa: B018
