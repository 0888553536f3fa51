"""A history replayed: what was said from when to when, and what two policies say differently."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Decision, Policy, Replay
from escalation_rules.integrations.batch import Replaying, histories
from escalation_rules.tools.replay import Difference, Span, Tally, case_digest, differences, line_of
from tests.core.policies import load

UNTIL = datetime(2026, 11, 28, tzinfo=UTC)
HISTORIES = Path(__file__).resolve().parents[3] / "examples" / "histories"

OLD = """
- {id: furious, when: {x.mood: furious}, then: [{recommend: call, within: 2 hours of case.opened_at}]}
- {id: quiet, when: {x.a: true}, then: [{forbid: call}]}
- {id: asks, when: {x.b: true}, then: [{recommend: secure}]}
- {id: spared, overrides: [quiet], when: {x.c: true}, then: [{recommend: measure}]}
"""
NEW = OLD.replace("2 hours", "1 hour").replace("x.b", "x.d")

HISTORY = {
    "id": "h1",
    "history": [
        {"at": "2026-03-02T01:00:00Z", "facts": {"case.opened_at": "2026-03-02T01:00:00Z", "x.mood": "furious",
                                               "x.a": False, "x.b": True, "x.c": False, "x.d": False}},
        {"at": "2026-03-02T05:00:00Z", "facts": {"x.a": True}},
        {"at": "2026-03-02T06:00:00Z", "facts": {"x.c": True, "x.b": False}},
    ],
}  # fmt: skip
END = datetime(2026, 3, 3, tzinfo=UTC)


@pytest.fixture
def old(tmp_path: Path) -> Policy:
    return load(tmp_path / "old", "plain", OLD)


@pytest.fixture
def new(tmp_path: Path) -> Policy:
    return load(tmp_path / "new", "plain", NEW)


def spans(replay: Replay, kind: str) -> list[tuple[str, str, str | None]]:
    return [
        (each.name, f"{each.since:%H:%M}", None if each.until is None else f"{each.until:%H:%M}")
        for each in replay.said
        if each.kind == kind
    ]


def test_what_is_said_lasts_from_when_to_when(old: Policy) -> None:
    replay = old.replay(HISTORY, until=END)
    assert spans(replay, "do") == [
        ("call", "01:00", "05:00"), ("secure", "01:00", "06:00"), ("call", "06:00", None), ("measure", "06:00", None),
    ]  # fmt: skip
    assert spans(replay, "must_not") == [("call", "05:00", "06:00")]
    assert replay.fired == ("asks", "furious", "quiet", "spared")
    assert replay.overruled == ("furious", "quiet"), (
        "the call was forbidden for an hour, then the ban was overridden"
    )
    assert [(each.kind, each.action) for each in replay.breaches] == [("omitted", "call")]


def test_two_policies_differ_in_a_due_time_and_a_condition(old: Policy, new: Policy) -> None:
    found = differences(old.replay(HISTORY, until=END), new.replay(HISTORY, until=END))
    told = [
        (
            each.kind,
            each.name,
            each.before and each.before.get("within"),
            each.after and each.after.get("within"),
        )
        for each in found
    ]
    assert told == [
        ("do", "call", "2 hours", "1 hour"),
        ("do", "secure", None, None),
        ("do", "call", "2 hours", "1 hour"),
    ]
    removed = found[1]
    assert (removed.after, removed.because, removed.until) == (
        None,
        ("asks",),
        datetime(2026, 3, 2, 6, tzinfo=UTC),
    )


def test_a_policy_does_not_differ_from_itself(old: Policy) -> None:
    assert differences(*(old.replay(HISTORY, until=END) for _ in range(2))) == ()


def said_by(decision: Decision) -> set[tuple[str, str, str | None]]:
    found: set[tuple[str, str, str | None]] = {("do", each.action, each.about) for each in decision.plan}
    found |= {("must_not", each.action, each.about) for each in decision.forbidden}
    found |= {("must_wait", each.action, each.about) for each in decision.held}
    return found | {
        ("find_out", each.fact, one) for each in decision.missing for one in each.about or (None,)
    }


def lasting(said: tuple[Span, ...], at: datetime) -> set[tuple[str, str, str | None]]:
    return {
        (each.kind, each.name, each.about)
        for each in said
        if each.kind != "found" and each.since <= at and (each.until is None or at < each.until)
    }


@pytest.mark.parametrize("name", ["table", "power-bank"])
def test_the_spans_hold_every_decision_of_the_history(name: str, built_in: Policy) -> None:
    (found,) = histories([HISTORIES / f"{name}.yaml"])
    case = built_in.case(found.plain())
    replay = built_in.replay(case, until=UNTIL)
    decisions = list(built_in.follow(case, until=UNTIL))
    assert len(decisions) == replay.moments > 10
    for each in decisions:
        assert lasting(replay.said, each.at) == said_by(each)
    assert replay.breaches == built_in.audit(case, at=UNTIL).breaches


# --- lines and summaries ----------------------------------------------------------------------------------------------


def test_a_case_has_one_digest_however_its_keys_stand() -> None:
    assert (
        case_digest({"a": 1, "b": [2]}) == case_digest({"b": [2], "a": 1}) != case_digest({"a": 1, "b": [3]})
    )


def lines(old: Policy, new: Policy, *cases: dict[str, Any]) -> list[dict[str, Any]]:
    made = [
        line_of(each["id"], case_digest(each), [one.replay(each, until=END) for one in (old, new)])
        for each in cases
    ]
    return [json.loads(json.dumps(each)) for each in made]


def test_the_summary_counts_cases(old: Policy, new: Policy) -> None:
    other = {"id": "h2", "facts": {"case.opened_at": "2026-03-02T01:00:00Z", "x.mood": "calm"}}
    tally = Tally((old.digest, new.digest))
    for line in (*lines(old, new, HISTORY, other), {"case": "h3", "problems": [], "digest": None}):
        tally.add(line)
    summary = tally.summary()
    assert (summary.cases, summary.different, summary.same, summary.unread) == (2, 2, 0, 1)
    secure, call = sorted(summary.changes, key=lambda each: each.because)
    assert (secure.because, secure.cases, secure.only, secure.examples) == (("asks",), 2, 1, ("h1", "h2"))
    assert [(each.kind, each.name, each.change, each.cases) for each in secure.differences] == [
        ("do", "secure", "removed", 1), ("find_out", "x.b", "removed", 1), ("find_out", "x.d", "added", 1),
    ]  # fmt: skip
    assert call.because == ("furious",)
    assert ("do", "call", "changed") in [(each.kind, each.name, each.change) for each in call.differences]
    (furious,) = (each for each in summary.rules if each.rule == "furious")
    assert (furious.fired, furious.overruled) == ((1, 1), (1, 1))
    questions = {each.fact: each for each in summary.questions}
    day_less_one_hour = 23 * 3600
    assert questions["x.b"].cases == (1, 0)
    assert questions["x.b"].seconds == (day_less_one_hour, 0)
    assert questions["x.b"].open == (1, 0)
    assert questions["x.b"].rules == ("asks",)
    assert [(each.kind, each.name, each.breaches) for each in summary.breaches] == [
        ("omitted", "call", (1, 1))
    ]


def test_a_difference_in_breaches_alone_is_a_difference() -> None:
    told: dict[str, Any] = {
        "moments": 1,
        "said": [],
        "fired": [],
        "overruled": [],
        "until": "2026-03-03T00:00:00Z",
    }
    breach = {
        "kind": "late",
        "action": "call",
        "fact": None,
        "about": None,
        "at": "2026-03-02T03:00:00Z",
        "because": ["r"],
    }
    tally = Tally(("one", "two"))
    replays = [{**told, "breaches": []}, {**told, "breaches": [breach]}]
    tally.add({"case": "c", "digest": "d", "replays": replays, "differences": []})
    (change,) = tally.summary().changes
    assert (tally.summary().different, change.because) == (1, ("r",))
    assert [(each.kind, each.name, each.change, each.parts) for each in change.differences] == [
        ("breach", "call", "added", ("late",))
    ]


def test_a_difference_as_plain_data(old: Policy, new: Policy) -> None:
    first: Difference = differences(old.replay(HISTORY, until=END), new.replay(HISTORY, until=END))[1]
    data = first.to_dict()
    assert (data["kind"], data["name"], data["since"]) == ("do", "secure", "2026-03-02T01:00:00Z")
    assert json.loads(json.dumps(data)) == data


# --- one case never stops the run -------------------------------------------------------------------------------------


def test_a_fault_of_ours_in_one_case_is_told(
    old: Policy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "c.json").write_text(json.dumps(HISTORY))

    def broken(*_: object, **__: object) -> Replay:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(Policy, "replay", broken)
    (found,) = histories([tmp_path / "cases"])
    line = Replaying((old,), END).work(found)
    assert line["case"] == "h1"
    assert line["problems"][0]["code"] == "not-replayed"
    assert "ZeroDivisionError: by zero" in line["problems"][0]["message"]
