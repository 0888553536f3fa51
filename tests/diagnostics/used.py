"""The codes that the sources of the package use, found in the text of the sources."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import attrs

PACKAGE = Path(__file__).resolve().parents[2] / "escalation_rules"
MADE_OF_A_WORD = {"named": 1, "several": 1, "one": 1}
"""Functions that make the code `unknown-…` of the word for what is named, and as which argument they take it."""


@attrs.frozen
class Use:
    """A code that is handed on at a line of a file, and the function that takes it."""

    code: str
    taken_by: str
    place: str


def trees(paths: Iterable[Path]) -> dict[Path, ast.Module]:
    """The sources as syntax trees."""
    return {path: _tree(path) for path in paths}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def takers(modules: Iterable[ast.Module]) -> dict[str, set[int]]:
    """The functions that take a `code`, and as which argument."""
    found: dict[str, set[int]] = {"Diagnostic": {0}}
    for each in _functions(modules):
        names = [argument.arg for argument in (*each.args.posonlyargs, *each.args.args)]
        names = names[1:] if names[:1] in (["self"], ["cls"]) else names
        if "code" in names:
            found.setdefault(each.name, set()).add(names.index("code"))
    return found


def _functions(modules: Iterable[ast.Module]) -> Iterator[ast.FunctionDef]:
    for module in modules:
        yield from (each for each in ast.walk(module) if isinstance(each, ast.FunctionDef))


def uses(paths: Iterable[Path]) -> Iterator[Use]:
    """Every code that the sources hand on, as an argument or as what an argument is if it is left out."""
    known = takers(trees(PACKAGE.rglob("*.py")).values())
    for path, module in trees(paths).items():
        for function in _functions([module]):
            defaults = reversed(function.args.defaults)
            for parameter, default in zip(reversed(function.args.args), defaults, strict=False):
                if parameter.arg == "code":
                    yield from _written(default, function.name, path)
        for call in (each for each in ast.walk(module) if isinstance(each, ast.Call)):
            called = name_of(call)
            for argument in arguments(call, known.get(called, set())):
                yield from _written(argument, called, path)
            if called in MADE_OF_A_WORD:
                for argument in arguments(call, {MADE_OF_A_WORD[called]}):
                    for use in _written(argument, called, path, "[a-z ]+"):
                        yield attrs.evolve(use, code=f"unknown-{use.code.replace(' ', '-')}")


def name_of(call: ast.Call) -> str:
    """The last part of the name of what is called."""
    return getattr(call.func, "attr", None) or getattr(call.func, "id", None) or ""


def arguments(call: ast.Call, places: set[int]) -> Iterator[ast.expr]:
    """The arguments at these places, or the one that is passed as `code=`."""
    yield from (call.args[index] for index in places if index < len(call.args))
    yield from (each.value for each in call.keywords if each.arg == "code" and places)


def _written(node: ast.expr, called: str, path: Path, form: str = "[a-z0-9-]+") -> Iterator[Use]:
    if isinstance(node, ast.IfExp):
        yield from (use for part in (node.body, node.orelse) for use in _written(part, called, path, form))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(form, node.value):
        yield Use(node.value, called, f"{path.relative_to(PACKAGE)}:{node.lineno}")


def codes(paths: Iterable[Path]) -> set[str]:
    """The codes that the sources use."""
    return {use.code for use in uses(paths)}
