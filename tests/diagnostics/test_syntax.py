"""What is said of broken YAML is found in the text, and not in the words of one parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules.errors import Problems
from escalation_rules.source import yaml_text as source
from escalation_rules.source.loader import PythonLoader

CORPUS = Path(__file__).with_name("corpus")
BESIDE = ("escape-code", "nul", "quote-closed-far-below", "tab-behind-a-dash")
BROKEN = [*sorted(CORPUS.glob("alone/yaml-*.yaml")), *sorted(CORPUS.glob("bytes/full-width-*.yaml")),
          *(CORPUS / "bytes" / f"{name}.yaml" for name in BESIDE)]  # fmt: skip
PARSERS_OWN = ("block", "token", "expected", "mapping", "scalar", "stream", "node")
"""Words of the parser, of which nobody knows what they mean who does not know how it works."""


def said(path: Path) -> list[str]:
    """What is said of the text in a file."""
    problems = Problems()
    source.parse_yaml(path.read_bytes().decode("utf-8"), "file", problems)
    return [str(each) for each in problems]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_both_parsers_of_the_library_lead_to_the_same_words(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast = said(path)
    monkeypatch.setattr(source, "LOADER", PythonLoader)
    assert said(path) == fast


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_the_words_of_the_parser_stay_with_it(path: Path) -> None:
    for each in said(path):
        message = each.partition("; expected ")[0]
        assert not [word for word in PARSERS_OWN if word in message], each


def test_an_end_that_comes_too_early_is_a_place_in_the_text() -> None:
    problems = Problems()
    source.parse_yaml("a: [1, {b: 'c", "file", problems)
    (found,) = problems
    assert str(found.position) == "file:1:12"
