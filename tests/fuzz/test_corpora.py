"""What fuzzing has found, and what it starts from, goes through each target; and each target finds what it must."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from escalation_rules import Decision, Policy
from escalation_rules.errors import CaseError, Diagnostic
from tests.fuzz.mutation import changed_lines, changed_text
from tests.fuzz.targets import TARGETS, Finding

CORPUS = Path(__file__).with_name("corpus")
KEPT = sorted(each for each in CORPUS.rglob("*") if each.is_file())
CHANGES = 25


def test_each_target_has_a_corpus() -> None:
    assert {each.parent.name for each in KEPT} == TARGETS.keys()


@pytest.mark.parametrize("path", KEPT, ids=[f"{each.parent.name}-{each.stem}" for each in KEPT])
def test_nothing_that_was_kept_is_a_finding(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_neither_are_some_random_changes_of_it(name: str) -> None:
    dice = random.Random(name)
    kept = [each.read_bytes() for each in KEPT if each.parent.name == name]
    for _ in range(CHANGES):
        data = dice.choice(kept)
        TARGETS[name](changed_text(data, dice) or changed_lines(data, dice))


def test_most_of_what_was_kept_is_read() -> None:
    """A vocabulary that changed would leave a corpus of refusals."""
    policy = Policy.load(CORPUS.with_name("policy"), engine="plain")
    cases = [each for each in KEPT if each.parent.name in {"case", "history"} and each.suffix == ".json"]
    for path in cases[:10]:
        policy.case(json.loads(path.read_bytes()))
    decisions = [each for each in KEPT if each.parent.name == "decision"]
    for path in decisions[:3]:
        Decision.from_dict(json.loads(path.read_bytes()))


def test_a_problem_that_is_not_safe_to_log_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Diagnostic, "__str__", lambda self: "x\nERROR: all is well")
    with pytest.raises(Finding, match="safe to log"):
        TARGETS["case"](b'{"id": 5}')


def test_a_case_that_is_decided_in_two_ways_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(range(100))
    monkeypatch.setattr(Decision, "to_dict", lambda self, **_: {"n": next(answers)})
    with pytest.raises(Finding, match="two ways"):
        TARGETS["case"](b'{"id": "a"}')


def test_an_error_of_another_kind_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(Policy, "case", failing)
    with pytest.raises(KeyError):
        TARGETS["case"](b'{"id": "a"}')
    assert issubclass(CaseError, Exception)
