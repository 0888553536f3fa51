"""The built-in policy is above suspicion: whoever writes a layer upon it sees their own warnings only."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from escalation_rules.cli import main
from escalation_rules.policy.reading import read_policy
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.tools.lint import lint


def test_nothing_is_to_be_said_of_the_built_in_policy(capsys: pytest.CaptureFixture[str]) -> None:
    """By either of its names, in each format."""
    folder = str(builtin_path())
    assert main(["lint"]) == 0
    out, err = capsys.readouterr()
    assert (re.fullmatch(r"no problems \([0-9]+ rules in [0-9]+ files\)\n", out) is not None, err) == (
        True,
        "",
    )
    assert main(["lint", folder, "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["errors"], data["warnings"], data["diagnostics"]) == (0, 0, [])
    assert main(["lint", folder, "--format", "github"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_fact_of_its_vocabulary_that_nobody_needs_would_be_seen(tmp_path: Path) -> None:
    """What is for people is said one by one: the silence above is no blanket."""
    more = tmp_path / "more.yaml"
    more.write_text("format: 1\nvocabulary:\n  facts:\n    customer.shoe_size: {type: count, ask: system}\n")
    found = lint(read_policy([builtin_path(), more]))
    mine = [each.code for each in found if str(each.position).startswith(str(more))]
    assert mine == ["missing-label", "unused-fact"]
    assert {each.code for each in found} == {*mine, "undated-conclusion"}, "answered in .analysis.yaml"
