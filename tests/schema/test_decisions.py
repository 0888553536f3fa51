"""The schema of a decision: what `to_dict()` returns and what the command line prints fit it, and little else does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from escalation_rules import Decision
from escalation_rules.cli import main
from escalation_rules.decision import FORMAT
from escalation_rules.tools.schema import decision_schema
from tests.schema.judges import CASES, at, builtin, changed, places, plain, refusals, without

SCHEMA = decision_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)
MOMENTS = [datetime(2026, 3, 3, 3, tzinfo=UTC), datetime(2026, 5, 1, 12, 30, 0, 5, tzinfo=UTC)]


def decisions() -> list[Decision]:
    cases = [plain(path.read_text(encoding="utf-8")) for path in CASES]
    return [builtin().decide(case, at=moment) for case in cases for moment in MOMENTS]


@pytest.mark.parametrize("language", [None, "en", "zh-TW"])
def test_the_decisions_of_the_examples_fit(language: str | None) -> None:
    for decision in decisions():
        assert refusals(VALIDATOR, decision.to_dict(language)) == []


def test_the_examples_show_every_part() -> None:
    parts: dict[str, Any] = {}
    for decision in decisions():
        parts |= {name: value for name, value in decision.to_dict().items() if value not in (None, [])}
    assert {*parts, "heading"} == set(SCHEMA["properties"]), "only the command line prints a heading"


def test_what_the_command_line_prints_fits(capsys: pytest.CaptureFixture[str]) -> None:
    path = next(each for each in CASES if each.name == "power-bank.yaml")
    assert main(["decide", str(path), "--at", "2026-03-03T12:00:00+08:00", "--json", "--lang", "zh-CN"]) == 0
    assert refusals(VALIDATOR, json.loads(capsys.readouterr().out)) == []


def test_every_key_must_be_there_and_no_other() -> None:
    data = decisions()[0].to_dict()
    paths = [path for path in places(data) if "until" not in path and "params" not in path]
    texts = {"text", "say", "question"}
    for path in [path for path in paths if isinstance(path[-1], str) and not texts & set(path[:-1])][::5]:
        assert not VALIDATOR.is_valid(without(data, path)), path
    for path in [path for path in paths if isinstance(at(data, path), dict)][::5]:
        assert not VALIDATOR.is_valid(changed(data, path, {**at(data, path), "more": 1})), path
    assert not VALIDATOR.is_valid({**data, "more": 1})


def test_it_is_versioned() -> None:
    assert SCHEMA["$id"] == f"urn:escalation-rules:decision:{FORMAT}"
    assert refusals(VALIDATOR, {**decisions()[0].to_dict(), "format": FORMAT + 1})


def test_money_and_sets_fit(tmp_path: Path) -> None:
    data = decisions()[0].to_dict()
    step = {
        **data["plan"][0],
        "params": {"amount": {"amount": "12.50", "currency": "TWD"}, "items": ["a"], "count": 2},
    }
    assert refusals(VALIDATOR, {**data, "plan": [step]}) == []
    step["params"] = {"amount": {"amount": 12.5, "currency": "TWD"}}
    assert refusals(VALIDATOR, {**data, "plan": [step]})
