"""Bad input: exit code 2, one diagnostic a line on stderr, nothing on stdout, never a traceback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.cli import main
from escalation_rules.cli.commands import COMMANDS

Run = Callable[..., Any]
AT = ("--at", "2026-03-02T10:00:00+08:00")
DIAGNOSTIC = re.compile(r"(.+?: )?error: .+ \[[a-z0-9-]+\]")


def refused(result: Any) -> list[str]:
    """The diagnostics of a run that must have been refused."""
    assert (result.code, result.out) == (2, "")
    lines = result.err.splitlines()
    assert lines
    assert all(DIAGNOSTIC.fullmatch(line) for line in lines), result.err
    return list(lines)


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ((), "missing COMMAND"),
        (("--bogus",), "unrecognized arguments: --bogus"),
        (("decid", "x"), "unknown command 'decid'; did you mean 'decide'?"),
        (
            ("xyz",),
            "unknown command 'xyz'; expected analyse, audit, bench, check, compare, coverage, decide,",
        ),
        (("decide",), "missing CASE"),
        (("decide", "CASE", "--policy", "builtin", "ours"), "one `--policy` for each layer"),
        (("decide", "--policy", "only-one"), "missing CASE"),
        (("audit",), "missing HISTORY"),
        (("decide", "CASE", "--bogus"), "unrecognized arguments: --bogus"),
        (
            ("decide", "CASE", "--policy", "builtin", "--bogus"),
            "--bogus; expected what `escalation-rules decide --help`",
        ),
        (("decide", "CASE", "other"), "unrecognized arguments: other"),
        (("decide", "CASE", "--lang", "fr"), "argument --lang: invalid choice: 'fr'"),
        (("decide", "CASE", "--la", "en"), "unrecognized arguments"),
        (("decide", "CASE", "--at"), "argument --at: expected one argument"),
        (("decide", "CASE", "--at", "2026-03-02T10:00:00"), "has no offset from UTC"),
        (("decide", "CASE", "--at", "2026-03-02"), "is not an instant"),
        (("decide", "CASE", "--at", "yesterday"), "is not an instant"),
        (("decide", "CASE", "--at", "0001-01-01T00:00:00+08:00"), "is not an instant"),
        (("decide", "CASE", "--policy", "no-such-folder"), "no-such-folder does not exist"),
    ],
)
def test_arguments_that_do_not_fit(run: Run, vases: str, arguments: tuple[str, ...], what: str) -> None:
    lines = refused(run(*(vases if each == "CASE" else each for each in arguments)))
    assert what in lines[0]


def test_a_naive_instant_says_what_is_expected(run: Run, vases: str) -> None:
    (line,) = refused(run("decide", vases, "--at", "2026-03-02T10:00:00"))
    assert line.startswith("--at: error: ")
    assert "2026-03-01T10:00:00+08:00" in line


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("decide", "--help")])
def test_help_is_no_problem(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert (result.code, result.err) == (0, "")
    assert result.out.isascii()


NEEDED = {
    "decide": "CASE", "check": "CASE ACTION", "audit": "HISTORY", "explain": "CASE [RULE|ACTION]",
    "verify": "DECISION.json CASE", "rules": "", "show": "RULE|ACTION|FACT|ROLE|PHASE|PRINCIPLE|CALENDAR|AMOUNT|LIST",
    "lint": "[DIR ...]", "test": "[DIR ...]", "bench": "[CASE ...]", "compare": "OLD NEW", "analyse": "[DIR ...]", "mcp": "",
    "replay": "[CASES ...]", "handbook": "", "coverage": "[DIR ...]", "mutate": "[DIR ...]", "init": "DIR",
    "table": "export|import [RULE] FILE", "schema": "[KIND]",
}  # fmt: skip


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_the_help_of_a_command_names_what_it_needs(run: Run, command: str) -> None:
    out = " ".join(run(command, "--help").out.split())
    assert " ".join(f"] {NEEDED[command]} {command} {COMMANDS[command].HELP}.".split()) in out


# --- the case ---------------------------------------------------------------------------------------------------------


def test_every_mistake_in_a_case_is_shown_at_its_place(run: Run, shop: str, tmp_path: Path) -> None:
    case = tmp_path / "case.yaml"
    case.write_text("id: V-1\nfacts:\n  customer.angryy: true\nvases:\n  - {id: blue, price: cheap}\n")
    first, second = refused(run("decide", str(case), "--policy", shop, *AT))
    assert first.startswith(f"{case}:3:3: error: ")
    assert "did you mean 'customer.angry'?" in first
    assert second.startswith(f"{case}:5:16: error: ")


@pytest.mark.parametrize("name", ["case.json", "-"])
def test_json_has_places_too(run: Run, shop: str, tmp_path: Path, name: str) -> None:
    text = '{"id": "V-1",\n "facts": {"customer.angryy": true}}'
    path = tmp_path / "case.json"
    path.write_text(text)
    source = name if name == "-" else str(path)
    (line,) = refused(run("decide", source, "--policy", shop, *AT, stdin=text))
    assert line.startswith(f"{'<stdin>' if name == '-' else path}:2:12: error: ")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the case is not a mapping"),
        ("- a list", "the case is not a mapping"),
        ("id: [", "not valid YAML"),
        ("id: a\nid: b", "duplicate key 'id'"),
        ("id: &x a", "anchor"),
        ('{"id": "a",}', "not valid JSON"),
        ('{"id": "a", "id": "b"}', "duplicate key 'id'"),
        ('{"price": NaN}', "is not a number"),
        ("{" * 100, "not valid JSON"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"id: a\nname: \xe9", "not UTF-8"),
        ("id: \x07", "not valid YAML"),
    ],
)
def test_what_is_no_case(run: Run, shop: str, text: str | bytes, what: str) -> None:
    lines = refused(run("decide", "-", "--policy", shop, *AT, stdin=text))
    assert what in lines[0]
    assert lines[0].startswith("<stdin>:")


def test_what_cannot_be_read(run: Run, shop: str, tmp_path: Path) -> None:
    for source in (tmp_path, tmp_path / "missing.yaml", tmp_path / "no\0file"):
        (line,) = refused(run("decide", str(source), "--policy", shop, *AT))
        assert "the case cannot be read" in line


def test_a_file_without_end_is_too_large(run: Run, shop: str) -> None:
    if not Path("/dev/zero").exists():
        pytest.skip("no endless file here")
    (line,) = refused(run("decide", "/dev/zero", "--policy", shop, *AT))
    assert "the file has" in line


def test_a_diagnostic_stays_on_one_line(run: Run, shop: str) -> None:
    text = '{"facts": {"a\\nb\\u001b[31m": 1, "\\ud800": 2}}'
    for line in refused(run("decide", "-", "--policy", shop, *AT, stdin=text)):
        assert "\x1b" not in line


# --- the policy -------------------------------------------------------------------------------------------------------


def test_every_mistake_in_a_policy_is_shown(run: Run, vases: str, tmp_path: Path) -> None:
    policy = tmp_path / "policy"
    policy.mkdir()
    (policy / "a.yaml").write_text("format: 1\nvocabulery: {}\n")
    (policy / "b.yaml").write_text("format: 2\n")
    lines = refused(run("decide", vases, "--policy", str(policy), *AT))
    assert [line.partition(":")[0] for line in lines] == [str(policy / "a.yaml"), str(policy / "b.yaml")]
    assert "did you mean 'vocabulary'?" in lines[0]


# --- what is not installed --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["rich", "babel"])
def test_text_without_what_writes_it_says_what_to_install(
    run: Run, vases: str, shop: str, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    (line,) = refused(run("decide", vases, "--policy", shop, *AT))
    assert name in line
    assert "pip install 'escalation-rules[cli]'" in line


WITHOUT = """
import sys
sys.modules["rich"] = sys.modules["babel"] = None
from escalation_rules.cli import main
sys.exit(main(sys.argv[1:]))
"""


def started(code: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A process of its own, in the C locale, so that nothing rests on the machine's."""
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    return subprocess.run([sys.executable, *code], env=environment, timeout=60, check=False, **options)


def test_json_needs_neither(vases: str, shop: str) -> None:
    arguments = ["-c", WITHOUT, "decide", vases, "--policy", shop, "--json", "--lang", "zh-TW"]
    done = started(arguments, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "有人聽" in done.stdout.decode("utf-8")


# --- streams ----------------------------------------------------------------------------------------------------------


def test_the_module_runs_and_speaks_utf8_in_any_locale(vases: str, shop: str) -> None:
    arguments = ["-m", "escalation_rules", "decide", vases, "--policy", shop, *AT, "--lang", "zh-CN"]
    done = started(arguments, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    assert "先做这件事" in done.stdout.decode("utf-8")


def test_problems_are_printed_in_any_locale(shop: str, tmp_path: Path) -> None:
    case = tmp_path / "個案.yaml"
    case.write_text("facts: {客戶: 1}\n", encoding="utf-8")
    done = started(["-m", "escalation_rules", "decide", str(case), "--policy", shop], capture_output=True)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.isascii()
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize("option", ["--json", "--all"])
def test_a_reader_that_goes_away_is_no_failure_of_ours(vases: str, shop: str, option: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    arguments = ["-m", "escalation_rules", "decide", vases, "--policy", shop, *AT, option]
    try:
        done = started(arguments, stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a_full_disk_is_said(vases: str, shop: str) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no full disk here")
    with full.open("wb") as stream:
        arguments = ["-m", "escalation_rules", "decide", vases, "--policy", shop, *AT]
        done = started(arguments, stdout=stream, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert DIAGNOSTIC.fullmatch(done.stderr.decode().strip())


def test_an_interrupt_is_quiet(
    capsys: pytest.CaptureFixture[str], vases: str, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("escalation_rules.cli.loading.load_policy", interrupted)
    assert main(["decide", vases, "--policy", shop]) == 130
    assert capsys.readouterr() == ("", "")


def test_further_layers_behind_one_policy_are_read_where_they_can_be_nothing_else(
    run: Run, vases: str, shop: str
) -> None:
    """As it was written before; the documented form is `--policy` once for each layer."""
    layer = f"{shop}/rules.yaml"
    expected = run("decide", vases, "--policy", shop, "--policy", layer, *AT)
    assert expected.code == 2, "the rules are there twice"
    for words in ([vases, "--policy", shop, layer], [vases, *AT, "--policy", shop, layer]):
        assert refused(run("decide", *words, *AT)) == refused(expected)
    swallowed = run("decide", "--policy", shop, vases, *AT)
    assert (swallowed.code, swallowed.out) == (0, run("decide", vases, "--policy", shop, *AT).out)
    assert (
        run("show", "--policy", "builtin", shop, "listen").err
        == run("show", "listen", "--policy", "builtin", "--policy", shop).err
    )
