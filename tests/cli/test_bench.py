"""`bench`: what decisions cost on somebody's own policy and cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.tools.bench import MOST, measure

Run = Callable[..., Any]
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CASE = {"id": "V-2", "facts": {"case.opened_at": "2026-03-02T08:00:00+08:00"}}


@pytest.fixture
def cases(vases: str, tmp_path: Path) -> str:
    """A folder with two cases, and with what is no case."""
    folder = tmp_path / "cases"
    (folder / "more").mkdir(parents=True)
    (folder / "one.yaml").write_text(Path(vases).read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "more" / "two.json").write_text(json.dumps(CASE), encoding="utf-8")
    (folder / "notes.txt").write_text("not a case", encoding="utf-8")
    (folder / ".hidden.yaml").write_text("not: a case", encoding="utf-8")
    return str(folder)


def test_a_folder_is_measured(run: Run, shop: str, cases: str) -> None:
    result = run("bench", cases, "--policy", shop, "--seconds", "0.05", "--at", "2026-03-02T10:00:00+08:00")
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("2 cases, ")
    for title in (
        "asked for the first time",
        "asked again",
        "reading a case",
        "Slowest cases",
        "Tests that cost most",
    ):
        assert title in result.out
    assert str(Path(cases) / "more" / "two.json") in result.out


def test_json_has_every_figure(run: Run, shop: str, cases: str) -> None:
    result = run(
        "bench", cases, "--policy", shop, "--seconds", "0.05", "--json", "--at", "2026-03-02T10:00:00+08:00"
    )
    data = json.loads(result.out)
    assert data["cases"] == 2
    assert data["decisions"] >= 4
    assert 0 < data["first"] <= data["first_95"]
    assert 0 < data["again"] <= data["again_95"]
    assert data["per_second"] > 0
    assert {each["name"] for each in data["slowest_cases"]} == {
        str(Path(cases) / "one.yaml"), str(Path(cases) / "more" / "two.json"),
    }  # fmt: skip
    assert len(data["rules"]) <= MOST
    assert all(each["place"].startswith(shop) for each in data["rules"])


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("bench",), "no cases"),
        (("bench", "CASE", "--seconds", "0"), "--seconds cannot be 0"),
        (("bench", "CASE", "--seconds", "x"), "invalid float value"),
        (("bench", "no-such-case.yaml"), "the case cannot be read"),
        (("bench", "EMPTY"), "no cases"),
    ],
)
def test_what_cannot_be_measured(
    run: Run, vases: str, tmp_path: Path, arguments: tuple[str, ...], what: str
) -> None:
    (tmp_path / "empty").mkdir()
    words = {"CASE": vases, "EMPTY": str(tmp_path / "empty")}
    result = run(*(words.get(each, each) for each in arguments))
    assert (result.code, result.out) == (2, "")
    assert what in result.err


def test_the_slowest_come_first_and_progress_ends_with_all(shop: str) -> None:
    ticks, told = count(), list[float]()
    policy = Policy.load(shop)
    found = measure(policy, [("b", CASE), ("a", CASE)], at=AT, seconds=40, clock=lambda: float(next(ticks)),
                    progress=told.append)  # fmt: skip
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert found.first == found.again == 1_000_000
    assert found.per_second == 1
    assert [each.name for each in found.slowest_cases] == ["a", "b"]
    costs = [each.microseconds for each in found.rules]
    assert costs == sorted(costs, reverse=True)
