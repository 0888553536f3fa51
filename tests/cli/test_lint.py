"""`lint`: every problem or warning, with its line and a caret that stands under the right sign."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.codes import CODES

Run = Callable[..., Any]

BROKEN = """\
format: 1
vocabulary:
  phases: [平靜]
  roles: [客戶服務, Boss]
  facts:
    客戶.心情: {type: flag}
"""
QUIET = """\
format: 1
vocabulary:
  principles:
    - fair:
        en: fair
        zh-TW: 公平
        zh-CN: 公平
"""


@pytest.fixture
def broken(tmp_path: Path) -> str:
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN, encoding="utf-8")
    return str(path)


def _columns(text: str) -> int:
    wide = sum(1 for sign in text if unicodedata.east_asian_width(sign) in {"W", "F"})
    return len(text) + wide - sum(1 for sign in text if unicodedata.combining(sign))


def under_the_caret(out: str) -> list[str]:
    """The sign that stands above each caret, in a terminal whose Chinese characters are two columns wide."""
    lines = out.splitlines()
    found = []
    for number, line in enumerate(lines):
        if line.endswith("^") and set(line[:-1]) <= {" ", "|"}:
            above, column = lines[number - 1], _columns(line) - 1
            found.append(next(sign for index, sign in enumerate(above) if _columns(above[:index]) == column))
    return found


def test_problems_are_shown_with_their_line_and_a_caret(run: Run, broken: str) -> None:
    code, out, err = run("lint", broken)
    assert (code, err) == (1, "")
    assert f"{broken}:4:17: error: 'Boss' cannot be the name of a role" in out
    assert "     4 |   roles: [客戶服務, Boss]\n" in out
    assert under_the_caret(out) == ["平", "客", "B", "客"]
    assert out.endswith("\n4 errors\n")


def test_the_caret_stands_right_behind_tabs_and_invisible_signs(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes('format: 1\nname: "客\t戶\u200b\u0301é\x1b[31m"\n'.encode())
    _, out, _ = run("lint", str(path))
    assert "\x1b" not in out
    assert "\t" not in out
    assert "客    戶\ufffd\u0301é\ufffd[31m" in out
    assert under_the_caret(out) == ["\ufffd"]
    assert out.splitlines()[2] == "       | " + " " * 17 + "^"


def test_a_long_line_is_cut_around_the_place(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "long.yaml"
    path.write_text(
        "format: 1\nvocabulary: {roles: [" + "客戶, " * 3 + "a, " * 500 + "Boss, " + "b, " * 500 + "]}\n"
    )
    _, out, _ = run("lint", str(path))
    excerpts = [line for line in out.splitlines() if line.startswith("     2 | ")]
    assert all(_columns(line) < 180 for line in excerpts)
    assert under_the_caret(out)[-1] in {"b", "B", "a", "客"}
    assert "客" in under_the_caret(out)
    assert "B" in under_the_caret(out)


def test_warnings_count_as_well(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_text(QUIET, encoding="utf-8")
    code, out, err = run("lint", str(tmp_path))
    assert (code, err) == (1, "")
    assert "quiet.yaml:4:7: warning: no rule serves the principle fair" in out
    assert out.endswith(
        "[unused-principle]\n     4 |     - fair:\n       |       ^\n1 warning (0 rules in 1 file)\n"
    )


def test_nothing_to_say(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("format: 1\n", encoding="utf-8")
    assert run("lint", str(tmp_path)) == (0, "no problems (0 rules in 1 file)\n", "")
    assert run("lint", str(tmp_path), "--format", "github") == (0, "", "")
    data = json.loads(run("lint", str(tmp_path), "--format", "json").out)
    digest = data.pop("digest")
    assert data == {"errors": 0, "warnings": 0, "rules": 0, "files": 1, "diagnostics": []}
    assert digest == Policy.load(tmp_path).digest


def test_of_the_built_in_policy_nothing_is_said_beneath_a_layer(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("format: 1\nname: ours\n", encoding="utf-8")
    code, out, err = run("lint", "builtin", str(tmp_path))
    assert (code, re.fullmatch(r"no problems \([0-9]+ rules in [0-9]+ files\)\n", out) is not None, err) == (
        0,
        True,
        "",
    )


def test_json(run: Run, broken: str) -> None:
    code, out, err = run("lint", broken, "--format", "json")
    assert (code, err) == (1, "")
    data = json.loads(out)
    assert (data["errors"], data["warnings"]) == (4, 0)
    assert data["diagnostics"][0] == {
        "code": "bad-name", "severity": "error", "message": "'平靜' cannot be the name of a phase", "file": broken,
        "line": 3, "column": 12, "path": None, "expected": "small letters, digits and _, starting with a letter",
        "suggestion": None,
    }  # fmt: skip


def test_annotations_for_github(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    monkeypatch.chdir(tmp_path)
    lines = run("lint", broken, "--format", "github").out.splitlines()
    assert lines[1] == (
        "::error file=broken.yaml,line=4,col=11,title=bad-name::'客戶服務' cannot be the name of a role; "
        "expected small letters, digits and _, starting with a letter"
    )
    odd = tmp_path / "50%, or: so.yaml"
    odd.write_text(QUIET, encoding="utf-8")
    out = run("lint", str(odd), "--format", "github").out
    assert out.startswith("::warning file=50%25%2C or%3A so.yaml,line=4,col=7,title=unused-principle::")


def test_a_policy_that_is_not_there(run: Run) -> None:
    code, out, _ = run("lint", "no/such/folder")
    assert code == 1
    assert out == (
        "no/such/folder:1:1: error: no/such/folder does not exist; expected a folder of YAML files, or one YAML "
        "file [no-policy]\n1 error\n"
    )


def test_in_a_pipe_with_another_locale(broken: str) -> None:
    command = [sys.executable, "-m", "escalation_rules", "lint", broken]
    done = subprocess.run(
        command, capture_output=True, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, check=False
    )
    assert done.returncode == 1
    assert "客戶服務" in done.stdout.decode("utf-8")
    assert done.stderr == b""


# --- what a code means ------------------------------------------------------------------------------------------------


def test_a_code_is_explained(run: Run) -> None:
    code, out, err = run("lint", "--explain", "unused-fact")
    assert (code, err) == (0, "")
    assert out == f"unused-fact (warning): {CODES['unused-fact'].doc}\n"
    assert run("lint", "--explain", "does-not-fit").out.startswith("does-not-fit (error): ")
    assert run("lint", "--explain", "no-anchor").out.startswith("no-anchor (error or warning): ")


def test_a_code_may_be_copied_with_its_brackets(run: Run) -> None:
    assert run("lint", "--explain", "[unused-fact]") == run("lint", "--explain", "unused-fact")


@pytest.mark.parametrize("words", [("--explain",), ("--explain", "list")])
def test_all_codes_are_listed(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run("lint", *words)
    assert (code, err) == (0, "")
    assert [line.split()[0] for line in out.splitlines()] == sorted(CODES)


def test_the_nearest_code_is_named(run: Run) -> None:
    code, out, err = run("lint", "--explain", "does-not-fitt")
    assert (code, out) == (2, "")
    assert "unknown code 'does-not-fitt'; did you mean 'does-not-fit'?" in err


def test_a_code_that_nothing_resembles(run: Run) -> None:
    code, _, err = run("lint", "--explain", "客戶")
    assert code == 2
    assert "expected a code from `escalation-rules lint --explain list`" in err


@pytest.mark.parametrize("words", [("builtin",), ("--format", "json")])
def test_to_explain_a_code_needs_no_policy(run: Run, words: tuple[str, ...]) -> None:
    code, out, err = run("lint", *words, "--explain", "empty")
    assert (code, out) == (2, "")
    assert "--explain takes neither DIR nor --format" in err


# --- how much is said, and what fails ---------------------------------------------------------------------------------

MANY = "format: 1\nlanguages: [en]\nruleset: many\nrules:\n" + "".join(
    f"  - id: rule-{number}\n    principle: fair\n    source: us\n    when: {{customer.orders: {number}}}\n"
    "    then: [{forbid: gossip}]\n"
    for number in range(1, 9)
)


def test_warnings_that_repeat_themselves_are_counted(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    (tmp_path / "many.yaml").write_text(MANY, encoding="utf-8")
    words = ("lint", str(base), str(tmp_path / "many.yaml"))
    code, out, _ = run(*words)
    assert code == 1
    assert out.count("[no-because]") == 6
    assert "… and 7 more [no-because]; --every shows them\n" in out
    assert run(*words, "--every").out.count("[no-because]") == 12
    assert len(json.loads(run(*words, "--format", "json").out)["diagnostics"]) > 12


def test_a_text_in_braces_is_one_error_and_many_do_not_bury_another(run: Run, tmp_path: Path) -> None:
    """A comma in such a text begins a key, which would be an error of its own."""
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    text = "".join(
        f"  - id: rule-{number}\n    then: [{{forbid: gossip}}]\n    because: {{en: Stop, please, and wait}}\n"
        for number in range(30)
    )
    last = "  - id: last\n    then: [{forbid: gosip}]\n"
    path = tmp_path / "many.yaml"
    path.write_text(f"format: 1\nlanguages: [en]\nruleset: many\nrules:\n{text}{last}", encoding="utf-8")
    out = run("lint", str(base), str(path)).out
    assert "unknown-language" not in out
    assert "did you mean 'gossip'" in out
    assert "… and 10 more [flow-text]; --every shows them\n31 errors\n" in out


def test_only_errors_fail_if_that_is_asked_for(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    (tmp_path / "many.yaml").write_text(MANY, encoding="utf-8")
    words = ("lint", str(base), str(tmp_path / "many.yaml"), "--fail-on", "error")
    code, out, _ = run(*words)
    assert code == 0
    assert "warnings" in out
    (tmp_path / "many.yaml").write_text(MANY.replace("gossip", "gosip"), encoding="utf-8")
    assert run(*words).code == 1


ANSWERED = """\
answered:
  - concern: always-true
    rules: [first, third]
    because: The form always says it.
"""
ALWAYS = """\
format: 1
ruleset: always
rules:
  - id: first
    when: {customer.vip: {in: [true, false]}}
    then: [{forbid: gossip}]
  - id: second
    when: {customer.vip: {in: [true, false]}}
    then: [{forbid: call}]
  - id: third
    when: {customer.vip: true}
    then: [{forbid: listen}]
"""


def test_a_warning_is_answered_and_a_stale_answer_is_reported(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    (tmp_path / "ours.yaml").write_text(ALWAYS, encoding="utf-8")
    words = ("lint", str(base), str(tmp_path), "--format", "json")

    def codes() -> list[tuple[str, int]]:
        found = json.loads(run(*words).out)["diagnostics"]
        wanted = [each for each in found if each["code"] in {"always-true", "stale-answer"}]
        return [(each["code"], each["line"]) for each in wanted if str(tmp_path) in each["file"]]

    assert codes() == [("always-true", 5), ("always-true", 8)]
    (tmp_path / ".analysis.yaml").write_text(ANSWERED, encoding="utf-8")
    assert codes() == [("always-true", 8), ("stale-answer", 2)]
    (tmp_path / ".analysis.yaml").write_text(ANSWERED.replace("third", "second"), encoding="utf-8")
    assert codes() == []
    (tmp_path / ".analysis.yaml").write_text(ANSWERED.replace("third", "thrid"), encoding="utf-8")
    assert "did you mean 'third'?" in run("lint", str(base), str(tmp_path)).out


LOGGED = """\
format: 1
ruleset: weigh
vocabulary:
  facts: {sender.colour: {type: text}, sender.size: {type: count}}
  records: {boxes: {each: box, fields: {weight: {type: count}}}}
  actions:
    send_receipt: {about: case}
    weigh: {about: boxes}
rules:
  - id: first
    when: {customer.vip: true}
    then: [{forbid: listen}]
"""
NAMED = """\
answered:
  - concern: unused-action
    names: [send_receipt]
    because: It is only logged.
  - concern: unused-fact
    names: [sender.size, sender.colour]
    because: For the reports of the system.
  - concern: unused-field
    names: [boxes.weight]
    because: For the reports of the system.
"""


def test_a_warning_about_a_declaration_is_answered_by_its_name(run: Run, tmp_path: Path) -> None:
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    (tmp_path / "ours.yaml").write_text(LOGGED, encoding="utf-8")
    words = ("lint", str(base), str(tmp_path), "--format", "json")

    def found() -> list[str]:
        every = json.loads(run(*words).out)["diagnostics"]
        return [each["message"] for each in every if str(tmp_path) in each["file"]]

    assert len([each for each in found() if "no rule" in each]) == 5
    (tmp_path / ".analysis.yaml").write_text(NAMED, encoding="utf-8")
    assert [each for each in found() if "no rule" in each or "answered" in each] == [
        "no rule uses the action weigh"
    ]
    (tmp_path / ".analysis.yaml").write_text(
        NAMED.replace("[send_receipt]", "[send_receipt, listen]"), encoding="utf-8"
    )
    assert "there is no unused-action in listen to be answered" in found()
    (tmp_path / ".analysis.yaml").write_text(NAMED.replace("send_receipt]", "send_receit]"), encoding="utf-8")
    assert "did you mean 'send_receipt'?" in run("lint", str(base), str(tmp_path)).out


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("concern: unused-action, because: so", "missing `rules:` or `names:` in the answer"),
        ("concern: conflict, names: [listen], because: so", "missing `rules:` in the answer"),
    ],
)
def test_an_answer_says_what_it_is_about(run: Run, tmp_path: Path, answer: str, said: str) -> None:
    base = Path(__file__).resolve().parents[1] / "diagnostics" / "base"
    (tmp_path / "ours.yaml").write_text(LOGGED, encoding="utf-8")
    (tmp_path / ".analysis.yaml").write_text(f"answered: [{{{answer}}}]\n", encoding="utf-8")
    assert said in run("lint", str(base), str(tmp_path)).out
