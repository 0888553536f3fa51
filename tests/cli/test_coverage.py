"""`coverage` and `mutate` as a policy owner runs them: on own rules with a feature, in words, as JSON, and as a page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.cli.testing.judging import Bench
from escalation_rules.tools.mutation import MutantSeen

Run = Callable[..., Any]

POLICY = """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [{first: first}]
  roles: [{agent: agent}, {lead: lead}]
  principles: [{fair: fair}]
  facts:
    order.late: {type: flag, label: the order is late, question: Is it late?}
    order.count: {type: count, label: number of orders, question: How many?}
  actions:
    call: {label: call back, phase: first, owner: agent}
    refund: {label: refund, phase: first, owner: agent}
ruleset: small
label: small
principle: fair
rules:
  - id: call-the-late
    source: ours
    when:
      order.late: true
      order.count: {at_least: 3}
    then:
      - recommend: call
    because: They are waiting.
    examples:
      fires:
        facts: {order.late: true, order.count: 3}
      not: {order.count: null}
  - id: no-refund-in-time
    source: ours
    when:
      order.late: false
    then:
      - forbid: refund
    because: "<Nothing> is owed."
"""
FEATURE = """\
Feature: Late orders

  Scenario: A loyal customer is called
    Given these facts
      | order.late  | true |
      | order.count | 3    |
    When the policy decides at 2026-03-01T10:00:00+08:00
    Then call is planned
"""
MORE = """
  Scenario: Somebody who seldom orders is not
    Given these facts
      | order.late  | true |
      | order.count | 2    |
    When the policy decides at 2026-03-01T10:00:00+08:00
    Then call is not planned
"""


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)  # so that places are short
    path = tmp_path / "policy"
    path.mkdir()
    (path / "rules.yaml").write_text(POLICY, encoding="utf-8")
    return str(path)


@pytest.fixture
def features(tmp_path: Path) -> Path:
    path = tmp_path / "features"
    path.mkdir()
    (path / "late.feature").write_text(FEATURE, encoding="utf-8")
    return path


def test_coverage_tells_what_fired_and_what_did_not(run: Run, policy: str, features: Path) -> None:
    code, out, err = run("coverage", policy, str(features), "--quick")
    assert (code, err) == (0, "")
    assert "1 scenarios, 1 rules with examples, 3 questions" in " ".join(out.split())
    assert "Rules that fired:                         1 of 2, 50 %" in out
    assert "policy/rules.yaml:35: no-refund-in-time: forbid refund: never" in " ".join(out.split())
    assert "call-the-late: order.count: {at_least: 3}: not as false" in " ".join(out.split())


def test_a_folder_of_rules_with_its_features_below_is_both(run: Run, policy: str, features: Path) -> None:
    features.rename(Path(policy) / "features")
    found = json.loads(run("coverage", policy, "--quick", "--json").out)
    assert (found["scenarios"], found["asked"]) == (1, 3)
    tested = run("test", policy)
    assert "small: 1 of 1 rules passed" in tested.out, "its examples are run"
    assert "1 passed" in tested.out, "and its features"


def test_coverage_without_features_is_that_of_the_examples(run: Run, policy: str) -> None:
    found = json.loads(run("coverage", policy, "--quick", "--json").out)
    assert (found["scenarios"], found["asked"]) == (0, 2)
    assert found["covered"]["rules"] == {"met": 1, "of": 2, "percent": 50.0}
    seen = {each["test"]: each["seen"] for each in found["tests"]}
    assert seen == {"order.late: true": [True], "order.count: {at_least: 3}": [True, None],
                    "order.late: false": [False]}  # fmt: skip


@pytest.mark.parametrize(("least", "code"), [("50", 1), ("0", 0)])
def test_coverage_may_be_required(run: Run, policy: str, least: str, code: int) -> None:
    result = run("coverage", policy, "--quick", "--fail-under", least)
    assert (result.code, "Below 50 %." in result.out) == (code, bool(code))


def test_a_test_that_fails_is_told_and_fails_the_command(run: Run, policy: str, features: Path) -> None:
    (features / "late.feature").write_text(
        FEATURE.replace("call is planned", "refund is planned"), encoding="utf-8"
    )
    result = run("coverage", policy, str(features), "--quick", "--json")
    assert result.code == 1
    (told,) = json.loads(result.out)["failed"]
    assert "late.feature:8: Then refund is planned" in told


def test_a_scenario_with_steps_of_its_own_is_left_out(run: Run, policy: str, features: Path) -> None:
    (features / "own.feature").write_text(
        FEATURE.replace("call is planned", "the phone rings"), encoding="utf-8"
    )
    result = run("coverage", policy, str(features), "--quick", "--json")
    found = json.loads(result.out)
    assert (result.code, found["scenarios"], len(found["left_out"])) == (0, 1, 1)
    assert "own.feature:8" in found["left_out"][0]


@pytest.mark.parametrize("command", [("coverage",), ("mutate", "--workers", "1", "--sample", "2")])
def test_features_of_which_nothing_can_be_run_are_no_success(
    run: Run, policy: str, features: Path, command: tuple[str, ...]
) -> None:
    """A misworded step is no step of one's own: it is said, with the step that was meant."""
    text = FEATURE.replace("call is planned", "call gets planned")
    (features / "late.feature").write_text(text, encoding="utf-8")
    result = run(*command, policy, str(features), "--quick")
    said = " ".join(result.out.split())
    assert result.code == 1
    assert "No scenario of the features could be run" in said
    assert "late.feature:8: Then call gets planned: no steps of the plugin are worded like this" in said
    assert "did you mean: " in said
    (features / "more.feature").write_text(FEATURE, encoding="utf-8")
    result = run(*command, policy, str(features), "--quick")
    assert (result.code, "No scenario of the features" in result.out) == (0, False)


def test_a_feature_that_cannot_be_read_is_refused(run: Run, policy: str, features: Path) -> None:
    (features / "late.feature").write_text("Feature: Empty\n\n  Scenario: Nothing\n", encoding="utf-8")
    code, out, err = run("coverage", policy, str(features), "--quick")
    assert (code, out) == (2, "")
    assert "late.feature:3" in err


def test_the_page_has_the_yaml_as_it_stands_and_colours(
    run: Run, policy: str, features: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    assert run("coverage", policy, str(features), "--quick", "--html", str(page)).code == 0
    text = page.read_text(encoding="utf-8")
    lines = POLICY.splitlines()
    states = {}
    for number, line in enumerate(lines, start=1):
        escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
        (shown,) = [each for each in text.split("<span") if f"<i>{number}</i>{escaped}<" in each]
        states[line.strip()] = shown.partition(">")[0].strip()
    assert states["order.late: true"] == 'class="part"', "not seen while unknown"
    assert states["- recommend: call"] == 'class="all"'
    assert states["- forbid: refund"] == 'class="none"'
    assert states["source: ours"] == ""
    assert "<Nothing>" not in text


@pytest.mark.parametrize("language", ["zh-TW", "zh-CN"])
def test_coverage_speaks_the_language_of_the_policy(run: Run, language: str) -> None:
    shop = str(Path(__file__).parent / "shop")
    result = run("coverage", shop, "--quick", "--lang", language)
    assert result.code in {0, 1}
    assert {"zh-TW": "生效過的規則", "zh-CN": "生效过的规则"}[language] in result.out


# --- mutate -----------------------------------------------------------------------------------------------------------


def test_mutate_tells_survivors_with_a_scenario_that_can_be_pasted(
    run: Run, policy: str, features: Path
) -> None:
    chosen = ["--rule", "call-the-late", "--kind", "bound moved", "--workers", "1"]
    result = run("mutate", policy, str(features), *chosen, "--quick")
    assert result.code == 0
    assert "Noticed:            1, 50 %" in result.out
    change = "call-the-late: bound moved: order.count: {at_least: 3} → order.count: {at_least: 2}"
    place, _, scenario = result.out.partition(change)
    assert place.endswith("policy/rules.yaml:22: ")
    pasted = FEATURE + "\n" + scenario.lstrip("\n")
    assert "facts: {order.late: true, order.count: 2}" in pasted
    (features / "late.feature").write_text(pasted, encoding="utf-8")
    result = run("mutate", policy, str(features), *chosen, "--quick", "--fail-under", "100")
    assert (result.code, "Noticed:            2, 100 %" in result.out) == (0, True)


def test_mutate_is_the_same_in_several_processes(run: Run, policy: str, features: Path) -> None:
    one, two = (
        run("mutate", policy, str(features), "--quick", "--json", "--workers", each) for each in ("1", "2")
    )
    assert one.out.splitlines() == two.out.splitlines()
    found = json.loads(one.out)
    assert (
        found["judged"]
        == found["mutants"]
        == sum(found[each] for each in ("killed", "survived", "equivalent", "invalid"))
    )
    assert {each["owner"] for each in found["survivors"]} == {"call-the-late", "no-refund-in-time"}


def test_a_seed_judges_another_sample_and_the_same_one_again(run: Run, policy: str, features: Path) -> None:
    def sample(*seed: str) -> list[tuple[str, str, str]]:
        result = run(
            "mutate", policy, str(features), "--quick", "--json", "--workers", "1", "--sample", "6", *seed
        )
        found = json.loads(result.out)
        assert found["judged"] == 6
        return [(each["owner"], each["kind"], each["after"]) for each in found["survivors"]]

    first, another = sample(), sample("--seed", "march")
    assert first == sample() != another == sample("--seed", "march")


def test_more_tests_notice_more(run: Run, policy: str, features: Path) -> None:
    def percent() -> float:
        share: float = json.loads(
            run("mutate", policy, str(features), "--quick", "--json", "--workers", "1").out
        )["percent"]
        return share

    before = percent()
    (features / "late.feature").write_text(FEATURE + MORE, encoding="utf-8")
    assert percent() > before


def test_mutate_may_be_required_and_names_what_fails_by_itself(run: Run, policy: str, features: Path) -> None:
    (features / "late.feature").write_text(
        FEATURE.replace("call is planned", "refund is planned"), encoding="utf-8"
    )
    result = run(
        "mutate", policy, str(features), "--quick", "--workers", "1", "--sample", "3", "--fail-under", "100"
    )
    assert result.code == 1
    assert "late.feature:3" in result.out
    assert "Mistakes made in small" in result.out
    assert ": 3 of " in result.out


def test_mutate_keeps_to_its_time(
    run: Run, policy: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process goes on with a pile of mutants after the time is over."""
    begun, judged = tmp_path / "begun", Bench.judged

    def slow(self: Bench, number: int) -> MutantSeen:
        with begun.open("a") as file:
            file.write(f"{number}\n")
        time.sleep(1)
        return judged(self, number)

    monkeypatch.setattr(Bench, "judged", slow)
    assert run("mutate", policy, "--quick", "--seconds", "1", "--workers", "2").code == 0
    assert len(begun.read_text().splitlines()) <= 6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["coverage", "--fail-under", "101"], "--fail-under cannot be 101"),
        (["mutate", "--workers", "0"], "--workers cannot be 0"),
        (["mutate", "--seconds", "0"], "--seconds cannot be 0"),
        (["mutate", "--rule", "no-such-rule"], "unknown rule 'no-such-rule'"),
    ],
)
def test_what_cannot_be_asked_for_is_refused(run: Run, policy: str, arguments: list[str], said: str) -> None:
    code, out, err = run(arguments[0], policy, *arguments[1:])
    assert (code, out) == (2, "")
    assert said in err
