"""What one person does in one go is one step on the screen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Say = Callable[..., str]
AT = "2026-03-02T12:00:00+00:00"
PARCELS = [{"id": "p1", "what": "lamp"}, {"id": "p2", "what": "vase"}]

POLICY = """\
format: 1
name: desk
vocabulary:
  phases: [people, talk, money]
  roles: [clerk, boss]
  facts:
    case.opened_at: {type: instant}
  records:
    parcels:
      each: parcel
      absent: none
      fields: {what: {type: text}}
  actions:
    greet: {phase: people, owner: clerk}
    ring: {phase: talk, owner: clerk, anchor: case.opened_at}
    ask: {phase: talk, owner: clerk, anchor: case.opened_at, after: [ring]}
    look_for: {phase: money, owner: clerk, about: parcels}
    wrap: {phase: talk, owner: boss, about: parcels}
    note_1: {phase: money, owner: boss}
    note_2: {phase: money, owner: boss}
    note_3: {phase: money, owner: boss}
    note_4: {phase: money, owner: boss}
    note_5: {phase: money, owner: boss}
    note_6: {phase: money, owner: boss}
    note_7: {phase: money, owner: boss}
    note_8: {phase: money, owner: boss}
  groups:
    call: {actions: [ring, ask, look_for], in_one_go: true}
    packing: {actions: [wrap], in_one_go: true}
    notes: {actions: [note_7, note_8], in_one_go: true}
ruleset: desk
rules:
- id: talk
  then:
  - {recommend: ring, within: 2 days}
  - {recommend: ask, within: 1 hour}
- {id: search, for_each: parcels, then: [{recommend: look_for}]}
"""


@pytest.fixture
def say(run: Run, tmp_path: Path) -> Say:
    """What `decide` says, so many minutes after the case was opened, with so many notes to write."""

    def say(
        *arguments: str,
        minutes: float = 0,
        notes: int = 0,
        command: str = "decide",
        rules: str = "",
        head: str = POLICY,
    ) -> str:
        policy, case = tmp_path / "policy.yaml", tmp_path / "case.json"
        asked = "".join(f"- {{id: n{n}, then: [{{recommend: note_{n}}}]}}\n" for n in range(1, notes + 1))
        policy.write_text(head + asked + rules, encoding="utf-8")
        case.write_text(json.dumps({"id": "D", "facts": {"case": {"opened_at": AT}}, "parcels": PARCELS}))
        at = (datetime.fromisoformat(AT) + timedelta(minutes=minutes)).isoformat()
        result = run(command, str(case), "--policy", str(policy), "--at", at, *arguments)
        assert result.code == 0, result.err
        return str(result.out)

    return say


def test_the_parts_stand_under_the_first_of_them(say: Say) -> None:
    page = say()
    assert " 1. Ring\n" in page
    assert "Also:   ask\n            look_for (lamp; vase)\n" in page
    assert " 2. " not in page


def test_they_stand_together_also_where_their_phase_comes_first_in_this_case(say: Say) -> None:
    phases = "  phases: [people, talk, money]\n"
    order = "  phase_order: [{when: {case.opened_at: given}, order: [talk, people, money]}]\n"
    page = say(head=POLICY.replace(phases, phases + order))
    assert (
        " 1. Ring\n    Who:    clerk, by 13:00 today (1 hour left)\n    Also:   ask\n            look_for (lamp; vase)\n"
        in page
    )
    first = say(head=POLICY.replace(phases, "  phases: [talk, people, money]\n"))
    assert " 1. Ring\n" in first
    assert "Also:   ask" not in first, "what the policy declares as most urgent stands alone"


def test_the_first_is_due_when_the_earliest_part_is(say: Say) -> None:
    assert "by 13:00 today (1 hour left)" in say()
    late = say(minutes=90)
    assert "Who:    clerk, now\n" in late, "the call itself has two days, but a part of it is late"
    assert "Also:   ask, 30 minutes late\n            look_for" in late


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "Ring: clerk, by 13:00 today (also: ask; look_for"),
        ("zh-TW", "Ring：clerk，今天 13:00 前（一併：ask、look_for"),
        ("zh-CN", "Ring：clerk，今天13:00前（一并：ask、look_for"),
    ],
)
def test_brief_has_one_line_for_it(say: Say, language: str, line: str) -> None:
    assert line in say("--brief", "--lang", language)


def test_seven_are_shown_however_many_parts_they_have(say: Say) -> None:
    page = say(notes=6)
    assert " 7. Note_6\n" in page
    assert "more step" not in page
    assert "1 more step follows" in say(notes=8), "two notes in one go"


def test_one_action_about_several_records_has_one_title(say: Say) -> None:
    assert "Wrap (lamp; vase)\n" in say(rules="- {id: wrap, for_each: parcels, then: [{recommend: wrap}]}\n")


def test_all_shows_each_part_with_the_step_that_it_joins(say: Say) -> None:
    page = say("--all")
    assert page.count("Joins:  ring\n") == 3
    assert "Also:" not in page


def test_explain_says_it_too(say: Say) -> None:
    assert "Joins:" in say(command="explain")


def test_what_it_means_is_shown_of_the_group(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text(POLICY, encoding="utf-8")
    shown = run("show", "call", "--policy", str(policy))
    assert "steps of the same person are done in one go" in shown.out
    assert json.loads(run("show", "call", "--policy", str(policy), "--json").out)["in_one_go"] is True
