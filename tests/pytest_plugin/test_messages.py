"""Every sentence of a failure is there in every language but English, which is its key, with the same slots."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import escalation_rules.pytest_plugin as plugin
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.catalogue import catalogue

SOURCES = sorted(Path(plugin.__file__).parent.glob("*.py"))


def slots(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def literals(calls: set[str] | None = None) -> set[str]:
    """The texts that the sources hold; with `calls`, those that are the first argument of a call to one of them."""
    found = set[str]()
    for file in SOURCES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if calls is None:
                held: ast.AST | None = node
            else:
                called = (
                    isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in calls
                )
                held = node.args[0] if called and isinstance(node, ast.Call) and node.args else None
            if isinstance(held, ast.Constant) and isinstance(held.value, str):
                found.add(held.value)
    return found


def translated(language: str) -> set[str]:
    names = (name.partition(".") for name in catalogue(language).phrases)
    return {template for section, _, template in names if section == "failure"}


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_message_is_translated_and_no_other(language: str) -> None:
    assert literals({"message", "Wrong", "say"}) - translated(language) == set()
    assert translated(language) - literals() == set()


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_translations_have_the_same_slots(language: str) -> None:
    phrases = catalogue(language).phrases
    assert [each for each in translated(language) if slots(phrases[f"failure.{each}"]) != slots(each)] == []
