"""What the library says: each language's catalogue has every phrase that is used, with the same slots, and no other."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import escalation_rules
from escalation_rules.policy.conditions.facts import OPERATORS
from escalation_rules.texts import CATALOGUES, LANGUAGES, ORDER
from escalation_rules.words import catalogue as words
from escalation_rules.words.catalogue import catalogue

PACKAGE = Path(escalation_rules.__file__).parent
IN_OTHERS = ("failure.", "column.", "step.", "wording.", "listing.", "meant.")
"""What English has as a key: sentences of the pytest plugin by their English form, columns by their id; and what each
language has for itself: sentences that people write for steps."""
BY_RULE = {"comparison", "quantity"}
"""Sections whose keys are operators, types of facts, and what an operator calls its phrase."""


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def phrases(language: str) -> dict[str, str]:
    return {
        name: text for name, text in catalogue(language).phrases.items() if not name.startswith(IN_OTHERS)
    }


@cache
def constants() -> tuple[frozenset[str], frozenset[str]]:
    """The texts that the sources hold, and what their texts with slots begin with."""
    whole, beginnings = set[str](), set[str]()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                beginnings.add(str(node.values[0].value))
    return frozenset(whole), frozenset(each for each in beginnings if re.fullmatch(r"[a-z_.]+[_.]", each))


def is_used(name: str) -> bool:
    whole, beginnings = constants()
    section, _, key = name.partition(".")
    if section in BY_RULE:
        return key.rpartition(".")[2].removeprefix("not_") in {*OPERATORS, *whole}
    if {name, key, key.removesuffix("_where"), key.removesuffix("_not")} & whole:
        return True
    if all(part in whole for part in key.split(".")):  # put together from what changed and how
        return True
    return any(part.startswith(each) for part in (key, name) for each in beginnings if each != f"{section}.")


# --- the files --------------------------------------------------------------------------------------------------------


def test_each_catalogue_is_a_language_and_english_is_the_first() -> None:
    assert {file.stem for file in CATALOGUES.iterdir()} == set(LANGUAGES)
    assert LANGUAGES[0] == "en"  # the keys of what the others translate
    orders = [json.loads(file.read_bytes())[ORDER] for file in CATALOGUES.iterdir()]
    assert len(orders) == len(set(orders))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_stands_twice(language: str) -> None:
    def read(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    sections = json.loads(
        (CATALOGUES / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=read
    )
    for section in (each for name, each in sections.items() if name not in {"plural", "unit", ORDER}):
        groups = [each for each in section.values() if isinstance(each, dict)]
        keys = [key for each in groups for key in each]
        assert len(keys) == len(set(keys))
        assert len(groups) in {0, len(section)}


# --- missing and unused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_languages_have_the_same_phrases_with_the_same_slots(language: str) -> None:
    first, other = phrases(LANGUAGES[0]), phrases(language)
    assert list(other) == list(first)
    assert [name for name in first if slots(first[name]) != slots(other[name])] == []
    assert list(catalogue(language).forms) == list(catalogue(LANGUAGES[0]).forms)


def test_other_forms_of_a_phrase_have_the_same_slots() -> None:
    for language in LANGUAGES:
        for name, forms in catalogue(language).forms.items():
            expected = slots(catalogue(LANGUAGES[0]).forms[name]["other"])
            assert all(slots(each) == expected for each in forms.values()), (language, name)


def test_a_phrase_that_a_language_does_not_have_yet_is_shown_in_english(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partly = {"en": catalogue("en"), "zh-TW": words.Catalogue({"flag.true": "是"}, {})}
    monkeypatch.setattr(words, "catalogue", lambda language: partly[language])
    assert (words.flag(True, "zh-TW"), words.flag(False, "zh-TW")) == ("是", "no")
    assert words.find("flag.false", "zh-TW") == "no"
    assert words.find("flag.maybe", "zh-TW") is None
    assert words.form("unit.day", "other", "zh-TW", count="2") == "2 days"


SAY = {"say", "find", "form", "plural", "in_all_languages"}


def said() -> set[str]:
    """Every name that a call says as a whole; what is put together from parts is said by other tests."""
    names = set[str]()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if "pytest_plugin" in file.parts or not isinstance(node, ast.Call) or not node.args:
                continue
            is_find = isinstance(node.func, ast.Attribute) and node.func.attr == "find"  # of a str
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            first = node.args[0]
            if (
                called in SAY
                and not is_find
                and isinstance(first, ast.Constant)
                and isinstance(first.value, str)
            ):
                names.add(first.value)
    return names


def test_nothing_is_said_that_no_catalogue_has() -> None:
    known = {*catalogue("en").phrases, *catalogue("en").forms}
    assert [each for each in said() if not {each, f"screen.{each}", f"plural.{each}"} & known] == []
    assert len(said()) > 200


def test_no_phrase_is_left_that_nobody_says() -> None:
    assert [name for name in phrases("en") if not is_used(name)] == []
    assert [name for name in catalogue("en").forms if name.startswith("plural.")
            and name.removeprefix("plural.") not in constants()[0]] == []  # fmt: skip


def test_languages_have_their_own_script() -> None:
    for name, text in phrases("en").items():
        assert all(each.isascii() or each in "“”‘’→" for each in text), name
    for name, text in catalogue("zh-TW").phrases.items():
        assert not set("个们这还对说请责项单订逾号") & set(text.replace("逾", "").replace("號", "")), name
    for name, text in catalogue("zh-CN").phrases.items():
        assert not set("個們這還對說請責項單訂號內") & set(text), name


def test_no_catalogue_is_read_before_something_is_said() -> None:
    code = (
        "import escalation_rules\n"
        "from escalation_rules.words.catalogue import catalogue, say\n"
        "say('flag.true', 'zh-TW')\n"
        "print(catalogue.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"
