"""What the reports of `compare`, `analyse`, `mutate` and `coverage` say of cases and proofs: enough to try a case by hand, in the
words of the policy language, and never more than was proven."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from escalation_rules import Policy, compare
from escalation_rules.cli.reports.compare_report import print_comparison
from tests.compare.test_values import BAG, HOLD, OFFER, SHARE, TRIP

Run = Callable[..., Any]

ACTS = """\
  - id: lost-is-paid
    source: x
    when: {done: {action: chargeback, outcome: lost, by: bank}}
    then: [{recommend: letter, within: 1 day}]
    because: so
  - id: paid-bags
    source: x
    for_each: bags
    when: {done: {action: pay_bag, covers: {amount: bag.worth}}}
    then: [{recommend: remind, within: 1 day}]
    because: so
  - id: no-letter
    source: x
    when: {done: {action: chargeback, outcome: lost}}
    then: [{forbid: letter}]
    because: so
"""
FOUR = """\
  - id: letter-it
    source: x
    when: {all: [{done: {action: remind, at_least: 3}}, {not_done: approve}]}
    then: [{recommend: letter, within: 7 days}]
    because: so
  - id: four
    source: x
    when: {done: {action: remind, at_least: 4}}
    then: [{recommend: offer, within: 2 hours}]
    because: so
"""
FEATURE = """\
Feature: Trips
  Scenario: One
    Given these facts
      | trip.delay | 1 hour |
    When the policy decides at 2026-03-02T10:00:00+01:00
    Then letter is not planned
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, rules: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(TRIP + rules, encoding="utf-8")
    return folder.name


def decided(run: Run, policy: str, case: Path, at: str, action: str) -> dict[str, list[Any]]:
    """What a policy, run by hand, decides of an action."""
    result = run("decide", str(case), "--policy", policy, "--at", at, "--json")
    assert (result.code, result.err) == (0, "")
    data = json.loads(result.out)
    left_out = {"because", "say", "id"}
    return {part: [{key: value for key, value in each.items() if key not in left_out}
                   for each in data[part] if each["action"] == action]
            for part in ("plan", "held", "forbidden")}  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "before", "after"),
    [
        (ACTS, "outcome: lost, by: bank}", "outcome: won, by: bank}"),
        (ACTS, "pay_bag, covers: {amount: bag.worth}", "pay_bag"),
        (SHARE + OFFER + HOLD, "120 minutes", "180 minutes"),
        (BAG, "above: {EUR: 50}", "above: {EUR: 80}"),
        (FOUR, ", {not_done: approve}", ""),
    ],
)
def test_each_case_that_is_printed_shows_the_difference(
    run: Run, here: Path, capsys: pytest.CaptureFixture[str], rules: str, before: str, after: str
) -> None:
    """Everything in the case is on the page, and the case decided by hand gives the difference."""
    assert before in rules
    old, new = write(here / "old", rules), write(here / "new", rules.replace(before, after))
    before_it, after_it = (Policy.load(here / each, engine="plain") for each in (old, new))
    result = compare(before_it, after_it)
    print_comparison(before_it, after_it, result, language="en", zone=None, why_not=None)
    words, found = " ".join(capsys.readouterr().out.split()), result.to_dict()
    assert found["effects"]
    for effect in found["effects"]:
        case, (action,) = effect["witness"]["case"], effect["actions"]
        path = here / "case.yaml"
        path.write_text(yaml.safe_dump(json.loads(json.dumps(case))), encoding="utf-8")
        answers = [decided(run, each, path, effect["witness"]["at"], action) for each in (old, new)]
        assert answers[0] != answers[1]
        for act in case.get("acts", ()):
            for part in ("about", "outcome"):
                if part in act and act[part] != "done":
                    assert act[part] in words
            for value in act.get("params", {}).values():
                assert str(value) in words
        if "currency" in case:
            assert f"currency: {case['currency']}" in words


def test_each_case_of_an_analysis_names_the_outcome(run: Run, here: Path) -> None:
    write(here / "old", ACTS)
    page = run("analyse", "old").out
    assert "One rule recommends what another one forbids (the prohibition wins)" in page
    assert "outcome: “lost”" in page


UNKNOWN = """\
  - id: late
    source: x
    when: {all: [{done: {action: remind, at_least: %d}}, {trip.delay: given}, {trip.fare: not given}]}
    then: [{recommend: letter}]
    because: so
"""


def test_the_exit_code_tells_what_was_not_compared(run: Run, here: Path) -> None:
    old, new = write(here / "old", UNKNOWN % 30), write(here / "new", UNKNOWN % 31)
    result = run("compare", old, new)
    assert result.code == 3
    assert "Not proven whether recommended: send a letter" in result.out
    reason = "A rule counts higher than the number of records in the cases that are searched."
    assert reason in " ".join(result.out.split())
    assert "No difference was found, but not everything was compared." in result.out
    assert "Proven" not in result.out
    assert run("compare", old, old).code == 0
    assert "3 no difference was found but not everything was compared" in " ".join(
        run("compare", "--help").out.split()
    )


def test_tests_that_are_not_looked_into_are_told_once_in_words(run: Run, here: Path) -> None:
    """The solver tells no more than a few words of a text apart."""
    words = "trip.note: {type: text, label: note, question: What?}"
    text = TRIP.replace("  facts:\n", f"  facts:\n    {words}\n")
    rule = """\
  - id: letter-it
    source: x
    when: {trip.note: %s}
    then: [{recommend: letter}, {forbid: remind}]
    because: so
  - id: many-words
    source: x
    when: {trip.note: {contains: [one, two, three, four, five, six, seven, eight]}}
    then: [{recommend: offer}]
    because: so
"""
    for name, test in (("old", "late"), ("new", "{in: [late]}")):
        (here / name).mkdir()
        (here / name / "policy.yaml").write_text(text + rule % test, encoding="utf-8")
    result = run("compare", "old", "new")
    assert result.code == 3
    page = " ".join(result.out.split())
    assert page.count("Not proven whether recommended: send a letter") == 1
    assert page.count("Tests not examined: “note” is “late”.") == 2  # of the step, and of the prohibition
    (first, _) = json.loads(run("compare", "old", "new", "--json").out)["not_compared"]
    assert first["tests"] == ["trip.note: late", "trip.note: {in: [late]}"]


def test_mutate_names_the_size_and_uses_the_words_of_the_policy(run: Run, here: Path) -> None:
    write(here / "policy", FOUR + BAG)
    (here / "features").mkdir()
    (here / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    page = run("mutate", "policy", "features", "--workers", "1").out
    proven = page.partition("Proven to make no difference")[2]
    assert "not_done: approve" not in proven
    assert "at_least: 4" not in proven
    assert "+08:00" not in page
    assert "PT" not in page
    assert "No case was found" not in page
    assert "above: {EUR: 50}" in page


def test_coverage_keeps_what_needs_four_acts_and_uses_the_words_of_the_policy(run: Run, here: Path) -> None:
    write(here / "policy", FOUR + SHARE + OFFER)
    (here / "features").mkdir()
    (here / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    page = " ".join(run("coverage", "policy", "features", "--all").out.split())
    assert "four: done: {action: remind, at_least: 4}: not as true" in page
    assert "the-share: trip.delay: {at_least: 2 hours}: not as true" in page
    assert "offer-it: trip.delay: given" in page
    assert "{given" not in page
    assert "PT" not in page


def test_mutate_names_the_size_of_what_it_proves(run: Run, here: Path) -> None:
    rule = """\
  - id: one
    source: x
    when: {any: [{trip.fare: given}, {trip.fare: {at_least: 0}}]}
    then: [{recommend: letter}]
    because: so
"""
    write(here / "policy", rule)
    page = run("mutate", "policy", "--workers", "1").out
    said = "Proven to make no difference for cases with up to 3 records in each list and 3 acts, and with more where a rule"
    assert said in page
    assert "dropped: trip.fare: given → (nothing)" in page.partition(said)[2]
