"""Profiles are checked like a policy: every problem at its place, with the nearest name, before a payload is seen."""

from __future__ import annotations

import ast
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.errors import PolicyError
from escalation_rules.integrations import helpdesks
from escalation_rules.integrations.helpdesks import Profile, case_from, profiles
from tests.integrations.helpdesks.tickets import SYSTEMS, policy, profile

HEAD = "format: 1\nhelpdesk: tried\nticket:\n  id: id\nmessages: []\n"


def problems(text: str, tmp_path: Path) -> list[str]:
    """What is said of a profile: place, message and code, without the folder."""
    file = tmp_path / "own.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        Profile.load(file, policy=policy())
    return [str(each).replace(str(tmp_path) + "/", "") for each in caught.value.diagnostics]


def test_the_twelve() -> None:
    assert profiles() == SYSTEMS
    for name in SYSTEMS:
        assert Profile.load(name, policy=policy()).name


def test_no_system_has_a_branch_in_the_code() -> None:
    """All that is particular to a system is in its profile: no string in the code is the name of one."""
    names = {
        each.casefold() for name in SYSTEMS for each in (name, profile(name).name, profile(name).spec.label)
    }
    folder = Path(helpdesks.__file__).parent
    found = {
        node.value.casefold()
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not names & found


def test_without_a_policy_the_built_in_vocabulary_counts() -> None:
    assert Profile.load("zendesk").vocabulary.actions == policy().vocabulary.actions


@pytest.mark.parametrize(("more", "expected"), [
    ("subjects: x\n", "own.yaml:6:1: error: `subjects` is not a key of a profile; expected"),
    ("facts: {case.subjct: x}\n", "own.yaml:6:9: error: 'case.subjct' is not a fact that can be given; did you mean"),
    ("facts: {case.live: x}\n", "own.yaml:6:9: error: 'case.live' is not a fact that can be given"),
    ("facts: {case.kind: {from: t, map: {a: complain}}}\n", "own.yaml:6:39: error: 'complain' is not a value of `case.kind`"),
    ("facts: {case.kind: {map: {a: complaint}}}\n", "own.yaml:6:20: error: `case.kind` does not say where its value comes from"),
    ("people: [{id: x, role: {is: clerk}}]\n", "own.yaml:6:29: error: 'clerk' is not a value of `role`"),
    ("people: [{id: 'a..b'}]\n", "own.yaml:6:15: error: 'a..b' is not a path"),
    ("zone: Mars/Base\n", "own.yaml:6:7: error: unknown time zone 'Mars/Base'"),
    ("language: de\n", "own.yaml:6:11: error: 'de' is not a language; expected en, zh-TW or zh-CN"),
    ("acts: {macro: {x: expres_regret}}\n", "own.yaml:6:19: error: 'expres_regret' is not an action; did you mean"),
    ("acts: {macro: {x: {action: call_back, outcome: maybe}}}\n", "own.yaml:6:48: error: 'maybe' is not an outcome of call_back"),
    ("acts: {click: {x: call_back}}\n", "own.yaml:6:8: error: `click` is not a key of acts"),
    ("events: [{kind: makro}]\n", "own.yaml:6:17: error: 'makro' is not a kind; did you mean 'macro'"),
    ("more: x\n", "own.yaml:6:7: error: `more` must be a list"),
    ("changes: {note: {method: POST, path: /x, body: '{text}'}}\n", "own.yaml:6:17: error: the profile does not make the note"),
    ("changes: {priority: {method: POST, path: /x, body: '{priority}'}}\n", "own.yaml:6:10: error: `priority:` needs `levels:`"),
    ("changes: {priorities: [A, B], levels: {urgent: Z}}\n", "own.yaml:6:48: error: 'Z' is not among the `priorities:`"),
    ("changes: {priorities: [A, B, C], levels: {high: B, urgent: A}}\n", "own.yaml:6:60: error: `urgent:` is lower than `high:`"),
])  # fmt: skip
def test_what_is_wrong_with_a_profile_is_said_at_its_place(more: str, expected: str, tmp_path: Path) -> None:
    assert any(each.startswith(expected) for each in problems(HEAD + more, tmp_path)), problems(
        HEAD + more, tmp_path
    )


def test_all_problems_at_once(tmp_path: Path) -> None:
    found = problems("helpdesk: x\nticket: {idd: id}\nfacts: {case.x: y}\nzone: nowhere\n", tmp_path)
    assert len(found) == 6  # no format, no messages, an unknown key, no id, an unknown fact, no zone


def test_closed_status_is_no_act(tmp_path: Path) -> None:
    text = "format: 1\nhelpdesk: t\nticket: {id: id, closed: [done]}\nmessages: []\nacts: {status: {done: close_case}}\n"
    text += "events: [{kind: status, name: to, at: at}]\n"
    assert [each.partition(";")[0] for each in problems(text, tmp_path)] == [
        "own.yaml:5:17: error: the status 'done' closes the ticket"
    ]


def test_status_both_open_and_closed(tmp_path: Path) -> None:
    text = "format: 1\nhelpdesk: t\nticket: {id: id, open: [a], closed: [a]}\nmessages: []\n"
    assert "the status 'a' is both open and closed" in problems(text, tmp_path)[0]


@pytest.mark.parametrize(("name", "expected"), [
    ("zendeks", "did you mean 'zendesk'?"),
    ("/nowhere/x.yaml", "cannot be read"),
])  # fmt: skip
def test_profile_that_is_not_there(name: str, expected: str) -> None:
    with pytest.raises(PolicyError, match=expected.replace("?", r"\?")):
        Profile.load(name, policy=policy())


@pytest.mark.parametrize("text", ["", "[]", "a: [", "just text", "a: 1\na: 2\n"])
def test_file_that_is_no_profile(text: str, tmp_path: Path) -> None:
    assert problems(text, tmp_path)


def test_override_is_merged_key_by_key_and_null_removes() -> None:
    own = profile(
        "zendesk",
        {
            "facts": {"case.channel": None, "customer.demand": "custom_fields[id=1].value"},
            "language": "zh-TW",
        },
    )
    assert set(own.spec.facts) == {"case.subject", "case.kind", "customer.demand"}
    assert own.spec.language == "zh-TW"
    assert own.spec.ticket.closed == ("solved", "closed")


def test_problem_of_an_override_stands_in_the_override(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text("facts:\n  case.knd: type\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"ours\.yaml:2:3: error: 'case.knd'"):
        Profile.load("zendesk", file, policy=policy())


def test_teams_and_statuses_of_the_host(tmp_path: Path) -> None:
    own = profile("zendesk", {
        "ticket": {"open": ["new", "open", "waiting for parts"]},
        "people": [{"each": "users", "id": "id", "role": {"from": "group", "map": {"Billing": "accounts"}}}],
    })  # fmt: skip
    data = {"ticket": {"id": 1, "status": "waiting for parts"}, "users": [{"id": 3, "group": "Billing"}]}
    reading = case_from(data, own)
    assert reading.ticket.closed is False
    assert [(each.id, each.role) for each in reading.people] == [("zendesk:user:3", "accounts")]


# --- a desk that nobody foresaw ------------------------------------------------------------------------------------------------

THREADS = """
format: 1
helpdesk: dossier
zone: Europe/Amsterdam
dates: day first
ticket: {at: dossier, id: uuid, opened_at: since}
people:
  - {each: client, id: ref, role: {is: customer}}
messages:
  - {each: thread, nested: answers, id: "no", at: at, author: by, text: words, visibility: {is: public}}
"""
"""Answers lie within answers, and days come first."""


def _thread() -> dict[str, Any]:
    deep: list[Any] = []
    for number in range(12, 0, -1):
        at = f"{number:02}.03.2026 15:40"
        deep = [{"no": number, "at": at, "by": "c", "words": f"said {number}", "answers": deep}]
    return {"dossier": {"uuid": "b1", "since": "1/3/2026, 9:05", "client": {"ref": "c"}, "thread": deep}}


def test_answers_within_answers(tmp_path: Path) -> None:
    file = tmp_path / "dossier.yaml"
    file.write_text(THREADS, encoding="utf-8")
    reading = case_from(_thread(), Profile.load(file, policy=policy()))
    assert [each.text for each in reading.messages] == [f"said {number}" for number in range(1, 13)]
    assert reading.messages[11].at == datetime(2026, 3, 12, 14, 40, tzinfo=UTC)
    assert reading.case["facts"]["case.opened_at"] == "2026-03-01T08:05:00Z"
    assert reading.unmapped == ()


def test_month_first(tmp_path: Path) -> None:
    file = tmp_path / "dossier.yaml"
    file.write_text(THREADS.replace("day first", "month first"), encoding="utf-8")
    reading = case_from(_thread(), Profile.load(file, policy=policy()))
    assert reading.messages[-1].at == datetime(2026, 12, 3, 14, 40, tzinfo=UTC)


def test_order_of_dates_has_to_be_said(tmp_path: Path) -> None:
    file = tmp_path / "dossier.yaml"
    file.write_text(THREADS.replace("dates: day first\n", ""), encoding="utf-8")
    reading = case_from(_thread(), Profile.load(file, policy=policy()))
    assert reading.messages == ()
    assert any("dates: day first" in str(each) for each in reading.unmapped)
    file.write_text(THREADS.replace("day first", "days first"), encoding="utf-8")
    with pytest.raises(PolicyError, match="day first") as caught:
        Profile.load(file, policy=policy())
    assert caught.value.diagnostics[0].suggestion == "day first"
