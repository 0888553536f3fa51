"""Every sentence of a failure is there in three languages, with the same slots."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import escalation_rules.pytest_plugin as plugin
from escalation_rules.pytest_plugin.messages import CHINESE

SOURCES = sorted(Path(plugin.__file__).parent.glob("*.py"))
SAY = {"message", "Wrong", "say"}


def slots(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def literals() -> set[str]:
    """The templates of all messages that the sources hold as literals."""
    found = set[str]()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAY:
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found


def test_every_message_is_translated() -> None:
    assert literals() - set(CHINESE) == set()


@pytest.mark.parametrize("english", CHINESE)
def test_translations_have_the_same_slots(english: str) -> None:
    for text in CHINESE[english]:
        assert slots(text) == slots(english)
