"""`test`: what came of the examples of the rules, for each ruleset."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
BASE = str(Path(__file__).resolve().parents[1] / "diagnostics" / "base")

RULES = """\
format: 1
ruleset: ours
rules:
  - id: right
    when:
      customer.mood: bad
    then:
      - forbid: gossip
    examples:
      fires: {facts: {customer.mood: bad}}
      not: {customer.mood: good}
  - id: wrong
    when:
      customer.vip: true
    then:
      - forbid: gossip
    examples:
      fires: {facts: {customer.vip: false}}
  - id: half
    when:
      customer.vip: true
    then:
      - forbid: call
    examples:
      fires: {facts: {customer.vip: true}}
  - id: bare
    then:
      - forbid: listen
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    path = tmp_path / "ours.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_failures_come_with_their_line_and_the_test_in_the_way(run: Run, ours: Path) -> None:
    code, out, err = run("test", str(ours), "--policy", BASE)
    assert (code, err) == (1, "")
    assert out == (
        "ours: 1 of 3 rules passed, 1 failed, 1 half tested\n"
        f"  {ours}:18:7: error: wrong does not fire here: `customer.vip: true` (line 14) is false because customer.vip is "
        "false [does-not-fire]\n"
        "      18 |       fires: {facts: {customer.vip: false}}\n"
        "         |       ^\n"
        "only one of two examples: half\n"
        "rules without examples: bare\n"
    )


def test_what_is_untested_fails_only_where_examples_are_required(run: Run, ours: Path) -> None:
    ours.write_text(RULES.replace("false}}", "true}}"), encoding="utf-8")
    assert run("test", str(ours), "--policy", BASE).code == 0
    assert run("test", str(ours), "--policy", BASE, "--require").code == 1


def test_all_layers_are_tested_where_no_folder_is_singled_out(run: Run, ours: Path) -> None:
    code, out, _ = run("test", "--policy", BASE, "--policy", str(ours))
    assert code == 1
    assert out.startswith("ours: 1 of 3 ")
    assert out.endswith("\nrules without examples: bare, base-ban, base-call, base-hold, base-verdict\n")


def test_rules_without_examples_are_counted_and_named_only_where_examples_are_required(
    run: Run, ours: Path
) -> None:
    more = "".join(f"  - id: r{number}\n    then:\n      - forbid: listen\n" for number in range(1, 6))
    ours.write_text(f"{RULES}{more}", encoding="utf-8")
    asked = ("test", str(ours), "--policy", BASE)
    assert run(*asked).out.endswith("\nrules without examples: 6\n")
    assert run(*asked, "--require").out.endswith("\nrules without examples: bare, r1, r2, r3, r4, r5\n")


def test_the_built_in_policy_is_the_default(run: Run) -> None:
    code, out, err = run("test")
    assert (code, err) == (0, "")
    assert " rules passed\n" in out.splitlines(keepends=True)[-1]


def test_a_policy_that_does_not_load(run: Run, tmp_path: Path) -> None:
    code, out, err = run("test", str(tmp_path / "absent"))
    assert (code, out) == (2, "")
    assert "[no-policy]" in err


def test_an_error_of_the_policy_is_reported_once_and_not_for_each_scenario(run: Run, tmp_path: Path) -> None:
    feature = tmp_path / "two.feature"
    scenario = "  Scenario: {}\n    When the policy decides at 2026-03-02T10:00:00+08:00\n    Then nothing is planned\n"
    feature.write_text("Feature: two\n" + scenario.format("one") + scenario.format("two"), encoding="utf-8")
    broken = tmp_path / "broken.yaml"
    broken.write_text(RULES.replace("customer.mood: bad", "customer.moood: bad", 1), encoding="utf-8")
    code, out, err = run("test", str(feature), "--policy", BASE, "--policy", str(broken))
    assert (code, out) == (2, "")
    assert err.count("[unknown-fact]") == 1


def test_a_policy_without_rules(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("format: 1\n", encoding="utf-8")
    assert run("test", str(tmp_path)) == (0, "no rules\n", "")


def test_rules_beside_features_are_files_that_the_policy_reads(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of a rule file is that of `files.is_rule_file`: `.YAML` is one, too."""
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "one.feature").write_text("Feature: one\n", encoding="utf-8")
    (tmp_path / "ours.YAML").write_text(RULES, encoding="utf-8")
    monkeypatch.setattr("escalation_rules.cli.commands.test.run_features", lambda *_: 0)
    code, out, _ = run("test", str(tmp_path), "--policy", BASE)
    assert code == 1
    assert out.startswith("ours: 1 of 3 rules passed")
