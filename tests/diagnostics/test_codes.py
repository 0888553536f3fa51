"""Every code that the sources use is declared in the table of codes, and the table declares no other."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from escalation_rules.codes import CODES, Code
from escalation_rules.tools.lint import CHECKS
from tests.diagnostics.used import PACKAGE, Use, arguments, name_of, trees, uses

SOURCES = sorted(PACKAGE.rglob("*.py"))


@cache
def used() -> list[Use]:
    """What the sources use; read when the first test asks, not while tests are collected."""
    return list(uses(SOURCES))


def test_what_is_used_is_declared() -> None:
    assert [str(use) for use in used() if use.code not in CODES] == []


def test_what_is_declared_is_used() -> None:
    assert sorted(set(CODES) - {use.code for use in used()}) == []


def test_the_severity_is_that_of_what_reports_it() -> None:
    said: dict[str, set[str]] = {}
    for use in used():
        said.setdefault(use.code, set()).add("warning" if use.taken_by == "warning" else "error")
    assert said == {name: set(code.severities) for name, code in CODES.items()}


def test_the_checks_of_lint_name_their_codes() -> None:
    warnings = {name for name, code in CODES.items() if "warning" in code.severities}
    assert {code for check in CHECKS for code in check.codes} == warnings


def test_no_code_is_made_up_where_it_is_reported() -> None:
    """It is written out, or handed on from whoever wrote it out; else this module could not find it."""
    odd = [
        f"{path}:{call.lineno} {ast.unparse(code)}"
        for path, module in trees(SOURCES).items()
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and name_of(call) == "Diagnostic"
        for code in arguments(call, {0})
        if not isinstance(code, ast.Constant) and ast.unparse(code) not in {"code", "problem.code"}
    ]
    assert odd == []


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.name)
def test_a_code_is_documented_in_one_line(code: Code) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code.name)
    assert re.fullmatch(r"[A-Z`].{20,}\.", code.doc)
    assert len(code.doc.split(". ")) >= 2, "what is wrong, then what to write"
