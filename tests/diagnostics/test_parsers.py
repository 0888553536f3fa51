"""Every parser that PyYAML may have reads the same policies, and gives the same diagnostics."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from yaml.scanner import ScannerError

from escalation_rules.errors import Problems
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.source import (
    MAX_DEPTH,
    MAX_JSON_DEPTH,
    Node,
    parse_json,
    parse_yaml,
    to_plain,
    yaml_text,
)
from escalation_rules.source.loader import PythonLoader

EVERYWHERE = sorted({*builtin_path().rglob("*.yaml"), *Path(__file__).parent.rglob("*.yaml")})
DEEP = {
    "brackets": "[" * 100_000,
    "as-many-as-are-closed": "[" * 2_000 + "]" * 2_000,
    "braces": "{a: " * 2_000,
    "dashes": "- " * 2_000 + "a",
    "below-a-key": "a: 1\nb: " + "[" * 2_000,
    "a-mistake-before-the-end": "[" * 500 + "@",
    "lines": "\n".join(" " * depth + "a:" for depth in range(200)),
    "brackets-in-lines": "[\n" * 2_000,
}


class _Shallow(PythonLoader):
    """A parser with a limit of its own, little more than ours."""

    def fetch_flow_collection_start(self, token: Any) -> None:
        if self.flow_level > MAX_DEPTH:
            raise ScannerError(None, None, "exceeded maximum nesting depth", self.get_mark())
        super().fetch_flow_collection_start(token)


PARSERS = {
    "libyaml": getattr(yaml, "CSafeLoader", PythonLoader),
    "python": PythonLoader,
    "shallow": _Shallow,
}


def read(text: str, monkeypatch: pytest.MonkeyPatch, parser: Any = PythonLoader) -> tuple[Node | None, Any]:
    """The nodes, with their places, and what is said."""
    problems = Problems()
    monkeypatch.setattr(yaml_text, "LOADER", parser)
    return parse_yaml(text, "file", problems), [str(each) for each in problems]


def same(text: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Node | None, Any]:
    """What both parsers make of the text."""
    one = read(text, monkeypatch, PARSERS["libyaml"])
    assert read(text, monkeypatch) == one, text
    return one


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("deep", DEEP)
def test_the_depth_is_counted_here_and_not_by_the_parser(
    deep: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = DEEP[deep]
    levels = [place for place, sign in enumerate(text) if sign in "[{"]
    if deep == "dashes":
        levels = [place for place, sign in enumerate(text) if sign == "-"]
    elif deep == "below-a-key":
        levels = [0, *levels]
    elif deep == "lines":
        levels = [place for place, sign in enumerate(text) if sign == "a"]
    before = text[: levels[MAX_DEPTH]]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    said = f"file:{line}:{column}: error: the text is nested too deeply; expected at most {MAX_DEPTH} levels [too-deep]"
    assert read(text, monkeypatch, PARSERS[parser]) == (None, [said])


@pytest.mark.parametrize("parser", PARSERS)
def test_what_is_as_deep_as_allowed_is_read(parser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root, said = read("[" * MAX_DEPTH + "]" * MAX_DEPTH, monkeypatch, PARSERS[parser])
    assert root is not None
    assert not said


def test_the_depth_of_json_is_counted_here_too() -> None:
    problems = Problems()
    deep = '["]]]]\\"]",\n' * MAX_JSON_DEPTH
    assert parse_json(deep + "1" + "]" * MAX_JSON_DEPTH, "file", problems) is not None
    assert not list(problems)
    assert parse_json(deep + "[]" + "]" * MAX_JSON_DEPTH, "file", problems) is None
    assert parse_json("{" * 100_000, "file", problems) is None
    assert [(each.code, str(each.position)) for each in problems] == [
        ("too-deep", f"file:1:{MAX_JSON_DEPTH + 1}"),
        ("too-deep", f"file:{MAX_JSON_DEPTH + 1}:1"),
    ]


@pytest.mark.parametrize("path", EVERYWHERE, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_file_is_the_same_to_both_parsers(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same(path.read_bytes().decode("utf-8", errors="replace"), monkeypatch)


@pytest.mark.parametrize(("text", "value"), [
    ("{a: Is it so?, b: Yes}", {"a": "Is it so?", "b": "Yes"}),
    ("{a: Really ? I ask, b: what?}", {"a": "Really ? I ask", "b": "what?"}),
    ("[a?b, who?]", ["a?b", "who?"]),
    ("{a: two\n  ? lines}", {"a": "two ? lines"}),
    ("{a:\tb\t, c:\td\t}", {"a": "b", "c": "d"}),
    ("a: b\tc\t# noted\nd:\te", {"a": "b\tc", "d": "e"}),
    ("a: 'b'\t\nc: d", {"a": "b", "c": "d"}),
    ("a: > \t# noted\n  text\n", {"a": "text\n"}),
    ("a: one\n\n  \ttwo\n\n\n  three#3\n---\n", None),
    ("a: b\n \tc", {"a": "b c"}),
    ("? a", {"a": None}),
    ("- a:\n", [{"a": None}]),
])  # fmt: skip
def test_a_text_is_the_same_to_both_parsers(text: str, value: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root, said = same(text, monkeypatch)
    assert to_plain(root) == value
    assert bool(said) == (value is None)


@pytest.mark.parametrize("text", ["a: b\n\tc", "a: b\n\n\t\nd: e", "-\ta", "\ta: b", "a:\n  b: c\n \td", "%", "%x\n---\na",
                                  "a: \x07", "a: \ufeffb", "a: \ud800", "{a: [1, }"])  # fmt: skip
def test_a_mistake_is_the_same_to_both_parsers(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root, said = same(text, monkeypatch)
    assert root is None
    assert said


@pytest.mark.parametrize("text", ["!t%&a", "!%zz b", "a: !t%4 x"])
@pytest.mark.parametrize("parser", PARSERS)
def test_a_tag_with_a_percent_sign_ends_in_a_diagnostic(
    text: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = read(text, monkeypatch, PARSERS[parser])
    assert said


PIECES = ("a", "b", "客", "a?", "?", " ", "  ", "\t", "\n", "\n  ", "\n    ", "- ", ": ", ":", ",", ", ", "{", "}", "[", "]",
          "'", '"', " # x", "&a ", "*a ", "| \n", "> \n", "\r\n", "'a'", '"b"', "\\", "a: b\n", "- a\n", "{a: b}", "[a, b]", "~",
          "20,000", "😀", "\x85", "\u2028")  # fmt: skip


@pytest.mark.parametrize("block", range(4))
def test_what_one_parser_reads_the_other_reads_so_too(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where both give up they may say so in other words: texts like these nobody writes."""
    read_well = 0
    for seed in range(1000 * block, 1000 * (block + 1)):
        dice = random.Random(seed)
        text = "".join(dice.choice(PIECES) for _ in range(dice.randrange(1, 14)))
        one, other = read(text, monkeypatch, PARSERS["libyaml"]), read(text, monkeypatch)
        assert one == other or (one[0] is other[0] is None and one[1] and other[1]), text
        read_well += one[0] is not None
    assert read_well > 200


SHIPPED = sorted(
    file
    for folder in ("rulesets", "escalation_rules", "examples")
    for file in (Path(__file__).resolve().parents[2] / folder).rglob("*.yaml")
)


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_is_shipped_is_read_by_every_parser(file: Path) -> None:
    """PyYAML's own parser stops at a plain text that ends in "?" inside braces; ours does not, other people's tools do."""
    with file.open(encoding="utf-8") as text:
        assert any(
            isinstance(event, yaml.DocumentEndEvent) for event in yaml.parse(text, Loader=yaml.SafeLoader)
        )
