"""Broken policies, each with exactly the diagnostics that it must give: none missing, none extra, in file order.

What is expected stands in comments under the line that is to blame, with a caret under the column:

    customer.moood: bad
    # ^ error unknown-fact "customer.mood" ~ part of the message

`"…"` is the suggestion (there must be none if it is left out), `~ …` what the message or the expectation says. `#!`
in place of `# ^` means column 1. A file that comments cannot stand in has its expectations beside it: NAME.expected,
with `line:column` before each.

`alone/` and `bytes/` hold policies of one file, `warned/` those that load and give warnings (`# only:` names the
codes), `on_base/` files that are a layer upon `base/`, `layers/NAME/1`, `2` … several layers upon it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.reading import read_policy
from escalation_rules.tools.lint import CHECKS, lint
from tests.diagnostics.used import PACKAGE, codes

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
BASE = HERE / "base"

NOTE = r'(?P<severity>error|warning) (?P<code>[a-z0-9-]+)(?: "(?P<suggestion>[^"]*)")?(?: ~ (?P<says>.*))?'
COMMENT = re.compile(rf"\s*(?P<place>#!|#\s*\^) {NOTE}")
ONLY = re.compile("# only: (.*)")
BESIDE = re.compile(rf"(?P<line>\d+):(?P<column>\d+) {NOTE}")


@attrs.frozen(order=True)
class Expected:
    """One diagnostic as the corpus describes it."""

    file: str
    line: int
    column: int
    code: str
    severity: str
    suggestion: str | None = None
    says: str | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        close = f' "{self.suggestion}"' if self.suggestion else ""
        return f"{self.file}:{self.line}:{self.column} {self.severity} {self.code}{close}"


def cases() -> Iterator[tuple[str, list[Path]]]:
    """Every case of the corpus: its name and its layers."""
    for path in sorted(
        each for folder in ("alone", "bytes", "warned") for each in CORPUS.glob(f"{folder}/*.yaml")
    ):
        yield f"{path.parent.name}/{path.stem}", [path]
    for path in sorted(CORPUS.glob("on_base/*.yaml")):
        yield f"on_base/{path.stem}", [BASE, path]
    for path in sorted(each for each in CORPUS.glob("layers/*") if each.is_dir()):
        yield f"layers/{path.name}", [BASE, *sorted(path.iterdir())]


CASES = dict(cases())


def files_of(layers: list[Path]) -> list[Path]:
    """The files of the corpus among the layers."""
    listed = [
        each for layer in layers for each in ([layer] if layer.is_file() else sorted(layer.rglob("*.yaml")))
    ]
    return [each for each in listed if CORPUS in each.parents]


def expectations(path: Path) -> Iterator[Expected]:
    """What the comments of a file, or the list beside it, expect."""
    name = str(path.relative_to(CORPUS))
    beside = path.with_suffix(".expected")
    if beside.exists():
        for line in beside.read_text(encoding="utf-8").splitlines():
            match = BESIDE.fullmatch(line)
            assert match is not None, line
            yield _expected(name, int(match["line"]), int(match["column"]), match)
        return
    blamed = 0
    for number, line in enumerate(re.split(r"\r\n?|\n", path.read_text(encoding="utf-8")), 1):
        match = COMMENT.fullmatch(line)
        if match is None:
            blamed = number
            continue
        place = line.index("#") if match["place"] == "#!" else line.index("^")
        yield _expected(name, blamed, place + 1, match)


def _expected(name: str, line: int, column: int, match: re.Match[str]) -> Expected:
    return Expected(name, line, column, match["code"], match["severity"], match["suggestion"], match["says"])


def diagnostics(layers: list[Path]) -> tuple[Diagnostic, ...]:
    """What the loader says of the layers; if it has nothing to say, the warnings that the last file is about."""
    try:
        found = lint(read_policy(layers))
    except PolicyError as error:
        return error.diagnostics
    only = ONLY.match(layers[-1].read_text(encoding="utf-8")) if layers[-1].is_file() else None
    return tuple(each for each in found if only is not None and each.code in only[1].split())


def as_expected(each: Diagnostic) -> Expected:
    """A diagnostic in the form of the corpus."""
    assert each.position is not None, each
    path = Path(each.position.file)
    name = str(path.relative_to(CORPUS)) if CORPUS in path.parents else str(path)
    place = each.position
    return Expected(name, place.line, place.column, each.code, each.severity, each.suggestion)


@pytest.mark.parametrize("name", CASES)
def test_a_broken_policy_gives_exactly_these_diagnostics(name: str) -> None:
    layers = CASES[name]
    wanted = sorted(each for path in files_of(layers) for each in expectations(path))
    found = diagnostics(layers)
    assert [str(as_expected(each)) for each in found] == [str(each) for each in wanted], _listed(found)
    for each, expected in zip(found, wanted, strict=True):
        if expected.says:
            assert expected.says in f"{each.message}; {each.expected}", each


def _listed(found: tuple[Diagnostic, ...]) -> str:
    return "\n".join(str(each) for each in found) or "it loads"


def test_the_corpus_is_large_enough() -> None:
    assert len(CASES) >= 80
    assert len({path for layers in CASES.values() for path in files_of(layers)}) >= 80


def test_the_base_loads() -> None:
    assert diagnostics([BASE]) == ()


# --- every code that the loader can give is shown by the corpus ------------------------------------------------------

ELSEWHERE = {
    "json-syntax": "of cases, which may be JSON",
    "unreadable": "test_files.py, as it needs a machine that refuses to read",
    "no-policy": "test_files.py, as it needs a folder without files",
    "too-many-files": "test_files.py, as it needs hundreds of files",
    "file-too-large": "test_files.py, as it needs a large file",
    "policy-too-large": "test_files.py, as it needs many large files",
    "same-file": "test_files.py, as it needs one file twice",
    "skipped-file": "test_files.py, as it needs a file of another name",
    "comment-in-text": "a warning, in warned/",
    "row-never-reached": "a warning, in warned/",
}
MODULES = [
    *PACKAGE.glob("source/*.py"),
    *PACKAGE.glob("policy/reading/*.py"),
    *PACKAGE.glob("policy/conditions/*.py"),
]


def test_every_code_of_the_loader_is_in_the_corpus() -> None:
    known = codes(MODULES)
    assert len(known) > 60
    shown = {
        each.code
        for layers in CASES.values()
        for path in files_of(layers)
        for each in expectations(path)
        if each.severity == "error"
    }
    assert sorted(known - shown - set(ELSEWHERE)) == []
    assert sorted(shown - known) == []


def test_every_warning_is_in_the_corpus() -> None:
    shown = {each.code for layers in CASES.values() for path in files_of(layers) for each in expectations(path)
             if each.severity == "warning"}  # fmt: skip
    assert shown == {code for check in CHECKS for code in check.codes} - {"skipped-file"}
