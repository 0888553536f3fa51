"""What policy owners run: a lexicon checked, a text tried."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules.integrations.signals.__main__ import main


def test_the_built_in_lexicon_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "entries, all examples pass" in capsys.readouterr().out


def test_a_text_is_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--try", "If it caught fire, you charged me $20.", "--currency", "USD"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "hazard.happened: True because of 'caught fire', en-hazard (against it: supposition 'If')",
        "charges: {'amount': '20', 'open': False} because of 'charged me $20', en-charged (against it: supposition 'If')",
    ]


@pytest.mark.parametrize(
    ("text", "arguments", "problem"),
    [
        (
            "format: 1\nentrys: []\n",
            [],
            "unknown key in the lexicon: 'entrys'; did you mean 'entries'? [unknown-key]",
        ),
        ("format: 1\ndisable: [en-cort]\n", [], "did you mean 'en-court'? [nothing-replaced]"),
        ("format: 1\n", ["--try", "x", "--currency", "dollars"], "[bad-currency]"),
        ("format: 1\n", ["--policy", "nowhere"], "[no-policy]"),
    ],
)
def test_what_is_wrong_is_said_without_a_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, arguments: list[str], problem: str
) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(text, encoding="utf-8")
    assert main(["builtin", str(file), *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert problem in captured.err


def test_an_example_that_fails_fails_the_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "format: 1\nentries:\n  - id: fax\n    propose: {customer.demand: the sentence}\n    words: [fax]\n"
        "    examples: {match: [Send a letter.], not: [No.]}\n",
        encoding="utf-8",
    )
    assert main(["builtin", str(file)]) == 1
    assert (
        capsys.readouterr().err
        == f"{file}:6:24: error: fax: the entry does not match its own example [does-not-match]\n"
    )
