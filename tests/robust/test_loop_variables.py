"""A loop variable of the library says what it holds: `for rule in model.rules`, not `for each in model.rules`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

LIBRARY = Path(__file__).parents[2] / "escalation_rules"
VAGUE = frozenset(("each", "elem", "element", "item", "it", "obj", "object", "tmp", "temp", "val", "var"))


def bound(node: ast.AST) -> Iterator[ast.Name | ast.arg]:
    """The variables that a loop, a comprehension or a lambda binds."""
    if isinstance(node, (ast.For, ast.comprehension)):
        yield from (part for part in ast.walk(node.target) if isinstance(part, ast.Name))
    elif isinstance(node, ast.Lambda):
        yield from (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)


def name_of(variable: ast.Name | ast.arg) -> str:
    return variable.id if isinstance(variable, ast.Name) else variable.arg


def vague(text: str) -> list[tuple[int, str]]:
    """The vague loop variables of a module, with their lines; single letters are vague, too."""
    names = [
        (variable.lineno, name_of(variable)) for node in ast.walk(ast.parse(text)) for variable in bound(node)
    ]
    return [(line, name) for line, name in names if name in VAGUE or (len(name) == 1 and name != "_")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("for each in rules: pass", ["each"]),
        ("[item for item in rules]", ["item"]),
        ("{name: each for name, each in facts.items()}", ["each"]),
        ("{name: x for _, (name, x) in facts}", ["x"]),
        ("sorted(rules, key=lambda each: each.id)", ["each"]),
        ("any(x for rule in rules for x in rule.effects)", ["x"]),
        ("for rule in rules: rule.each = [fact for _, fact in rule.facts]", []),
    ],
)
def test_vague_loop_variables_are_found(text: str, found: list[str]) -> None:
    assert [name for _, name in vague(text)] == found


def test_loop_variables_of_the_library_say_what_they_hold() -> None:
    files = sorted(LIBRARY.rglob("*.py"))
    assert len(files) > 400
    found = [
        f"{file.relative_to(LIBRARY)}:{line}: {name}"
        for file in files
        for line, name in vague(file.read_text(encoding="utf-8"))
    ]
    assert found == []
