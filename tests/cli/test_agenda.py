"""What `decide` shows of a plan, and of what stands against it: first, now, next; blocks, groups, seven, one role."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import LANGUAGES

Run = Callable[..., Any]
Say = Callable[..., str]
AT = "2026-03-02T12:00:00+00:00"
NOW = datetime.fromisoformat(AT)

POLICY = """\
format: 1
name: desk
vocabulary:
  phases: [people, talk, money]
  roles: [clerk, boss]
  facts:
    case.opened_at: {type: instant}
    case.angry: {type: flag}
    case.sure: {type: flag}
  records:
    parcels:
      each: parcel
      absent: none
      fields:
        what: {type: text}
        due_at: {type: instant}
  actions:
    greet: {phase: people, owner: clerk, anchor: case.opened_at}
    ring: {phase: talk, owner: clerk, anchor: case.opened_at}
    write: {phase: talk, owner: clerk, anchor: case.opened_at}
    stop: {phase: money, owner: boss, before: [pay]}
    pay: {phase: money, owner: boss, anchor: case.opened_at}
    bring: {phase: money, owner: boss, about: parcels, anchor: parcel.due_at}
    tidy: {phase: money, owner: clerk}
  groups:
    contacts: {actions: [greet, ring, write]}
ruleset: desk
rules:
"""


@pytest.fixture
def say(run: Run, tmp_path: Path) -> Say:
    """What `decide` says under some rules, so many minutes after the case was opened."""

    def say(rules: str, *arguments: str, minutes: float = 0, head: str = POLICY, **case: Any) -> str:
        policy = tmp_path / "policy.yaml"
        policy.write_text(head + rules, encoding="utf-8")
        data = {"id": "D-1", "facts": {"case": {"opened_at": AT, "angry": False}}, **case}
        at = (NOW + timedelta(minutes=minutes)).isoformat()
        result = run("decide", "-", "--policy", str(policy), "--at", at, *arguments, stdin=json.dumps(data))
        assert (result.code, result.err) == (0, "")
        return str(result.out)

    return say


def rule(name: str, *effects: str, when: str = "case.angry: false", because: str = "") -> str:
    then = "".join(f"      - {{{each}}}\n" for each in effects)
    return (
        f"  - id: {name}\n    when: {{{when}}}\n    then:\n{then}    because:\n      en: {because or name}.\n"
        f"      zh-TW: {because or name}。\n      zh-CN: {because or name}。\n"
    )


def titles(out: str) -> list[str]:
    """The numbered lines and the headings, in order."""
    return re.findall(r"^(?: *\d+\. .*|(?:Do this|Now|Next|After)[^.\n]*)$", out, re.MULTILINE)


def steps(*effects: str) -> str:
    return "".join(rule(f"r{number}", each) for number, each in enumerate(effects))


# --- first, now, next, after that -------------------------------------------------------------------------------------


def test_what_comes_first_stands_alone_and_the_rest_by_when_it_is_due(say: Say) -> None:
    rules = steps(
        "recommend: greet, within: 2 hours",
        "recommend: ring, within: 2 days",
        "recommend: write, within: 1 hour",
        "recommend: pay, within: 5 hours",
        "recommend: tidy",
    )
    assert titles(say(rules)) == [
        "Do this first",
        " 1. Greet",
        "Now",
        " 2. Write",
        "Next",
        " 3. Pay",
        "After that",
        " 4. Ring",
        " 5. Tidy",
    ]


def test_a_step_without_a_due_time_is_for_now_while_its_phase_is_the_current_one(say: Say) -> None:
    assert titles(say(steps("recommend: pay, within: 2 days", "recommend: tidy"))) == [
        "Do this first",
        " 1. Pay",
        "Now",
        " 2. Tidy",
    ]


def test_no_step_stands_behind_one_that_has_to_come_after_it(say: Say) -> None:
    rules = steps("recommend: greet", "recommend: stop", "recommend: pay, within: 5 hours", "recommend: tidy")
    assert titles(say(rules)) == [
        "Do this first",
        " 1. Greet",
        "Next",
        " 2. Stop",
        " 3. Pay",
        "After that",
        " 4. Tidy",
    ]


def test_who_and_until_when_stand_on_one_line(say: Say) -> None:
    rules = steps("recommend: greet, within: 2 hours")
    assert "    Who:    clerk, by 14:00 today (2 hours left)\n" in say(rules)
    assert "    Who:    clerk, 10 minutes late (due 14:00 today)\n" in say(rules, minutes=130)


@pytest.mark.parametrize(
    ("late", "said"),
    [
        (59, "59 minutes"),
        (65, "1 hour 5 minutes"),
        (2 * 60 + 50, "2 hours"),
        (1440 + 200, "1 day"),
        (2 * 1440 + 7, "2 days"),
    ],
)
def test_lateness_is_told_as_people_say_it(say: Say, late: int, said: str) -> None:
    out = say(steps("recommend: greet, within: 1 hour"), minutes=60 + late)
    assert f"clerk, {said} late (due 13:00 " in out


# --- one reason, one block --------------------------------------------------------------------------------------------


def test_steps_of_one_reason_are_one_block_with_the_reason_once(say: Say) -> None:
    rules = rule("start", "recommend: greet") + rule(
        "word",
        "recommend: ring, within: 1 hour",
        "recommend: write, within: 1 hour",
        because="We gave our word",
    )
    out = say(rules)
    assert " 2. Ring\n    Who:    clerk, by 13:00 today (1 hour left)\n 3. Write\n" in out
    assert out.count("Why:    We gave our word.") == 1
    assert out.index("3. Write") < out.index("We gave our word")
    full = say(rules, "--all")
    assert full.count("We gave our word.") == 1
    assert "rule word" in full
    assert "rule word" not in out


def test_a_reason_that_stands_on_the_page_is_not_told_again(say: Say) -> None:
    out = say(rule("word", "recommend: greet", "recommend: tidy", because="We gave our word"))
    assert out.count("We gave our word.") == 1
    assert " 2. Tidy\n    Who:    clerk\n    Why:    for the same reason as 1\n" in out


# --- seven, one line each, one role -----------------------------------------------------------------------------------

PARCELS = [
    {"id": f"p{number}", "what": f"box {number}", "due_at": (NOW + timedelta(hours=number)).isoformat()}
    for number in range(1, 11)
]
EACH = (
    "  - id: each\n    for_each: parcels\n    then:\n      - {recommend: bring, within: 1 minute}\n"
    "    because:\n      en: They wait.\n      zh-TW: 在等。\n      zh-CN: 在等。\n"
)


def test_seven_steps_are_shown_and_how_many_follow(say: Say) -> None:
    out = say(EACH, parcels=PARCELS)
    assert re.findall(r"^ *(\d+)\. Bring \(box \d+\)$", out, re.MULTILINE) == [
        str(each) for each in range(1, 8)
    ]
    assert "\n3 more steps follow; --all shows them.\n" in out
    assert "of them" not in out
    late = say(EACH, parcels=PARCELS, minutes=9 * 60 + 30)
    assert "2 of them are overdue: bring.\n" in late
    assert "1 more step follows; --all shows it.\n" in say(EACH, parcels=PARCELS[:8])
    assert "more step" not in say(EACH, parcels=PARCELS[:7])
    assert len(titles(say(EACH, "--all", parcels=PARCELS))) == 10 + 2
    assert "後面還有 3 個步驟" in say(EACH, "--lang", "zh-TW", parcels=PARCELS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_brief_is_one_line_each(say: Say, language: str) -> None:
    rules = EACH + rule("no", "recommend: ring", "forbid: ring") + rule("yes", "recommend: write")
    rules += rule("not-yet", "hold: write, until: {case.sure: given}")
    lines = say(rules, "--brief", "--lang", language, parcels=PARCELS[:2]).splitlines()
    assert len(lines) == 1 + 2 + 1 + 3 + 1 + 1
    if language == "en":
        assert lines[1] == " 1. Bring (box 1): boss, by 13:01 today"
        assert lines[4:7] == [
            "Do not: ring",
            "Not yet: write",
            "Find out: Case.sure (you or a colleague may know)",
        ]


PAPERS = POLICY.replace(
    "  groups:\n",
    """\
    chase:
      phase: money
      owner: clerk
      params:
        note: {type: text}
        paper:
          type: choice
          apart: true
          values:
            - bill:
                en: the invoice
                zh-TW: 發票
                zh-CN: 发票
            - deed:
                en: the contract
                zh-TW: 契約
                zh-CN: 合同
  groups:
""",
)


def test_steps_that_differ_only_in_a_value_are_told_apart(say: Say) -> None:
    rules = steps("recommend: chase, paper: bill, note: now", "recommend: chase, paper: deed")
    lines = say(rules, "--brief", head=PAPERS).splitlines()
    assert lines[1:3] == [" 1. Chase, the invoice: clerk", " 2. Chase, the contract: clerk"]
    assert say(rules, "--brief", "--lang", "zh-TW", head=PAPERS).splitlines()[1:3] == [
        " 1. Chase，發票：clerk",
        " 2. Chase，契約：clerk",
    ]
    assert "    With:   paper: the contract\n" in say(rules, head=PAPERS), "the label, not the name"


def test_one_role_sees_what_concerns_it(say: Say) -> None:
    rules = steps("recommend: greet", "recommend: stop", "recommend: pay, within: 1 hour", "recommend: tidy")
    rules += rule("no", "forbid: bring, by: [boss]") + rule("nor", "forbid: ring, by: [clerk]")
    boss = say(rules, "--for", "boss")
    assert titles(boss) == ["Do this first", " 1. Stop", "Now", " 2. Pay"]
    assert "bring" in boss
    assert "ring." not in boss.replace("bring.", "")
    assert boss.startswith("Case D-1, Mon 2 Mar 2026, 12:00 (UTC). Phase: people. Shown for boss only.\n")
    nothing = say(steps("recommend: greet, within: 1 hour"), "--for", "boss")
    assert "There is nothing for you to do now." in nothing
    assert "First of all: greet (clerk, by 13:00 today)." in nothing, (
        "what comes first is seen, whoever does it"
    )
    assert "First of all: greet (clerk" in boss
    assert "First of all" not in say(rules, "--for", "clerk")
    assert "First of all" not in say(rules)


def test_a_role_that_does_not_exist_is_an_error(run: Run, shop: str) -> None:
    result = run("decide", "-", "--policy", shop, "--for", "bos", stdin="{}")
    assert (result.code, result.out) == (2, "")
    assert "unknown role 'bos'; did you mean 'boss'?" in result.err


def test_parts_of_the_page_are_no_json(run: Run, shop: str) -> None:
    for option in (("--brief",), ("--for", "boss")):
        result = run("decide", "-", "--policy", shop, "--json", *option, stdin="{}")
        assert (result.code, result.out) == (2, "")
        assert option[0] in result.err


# --- what stands against it -------------------------------------------------------------------------------------------


def test_a_group_is_said_as_one_with_what_it_spares(say: Say) -> None:
    rules = rule("leave-them", "forbid: contacts, except: [write]") + steps(
        "recommend: ring", "recommend: tidy"
    )
    out = say(rules)
    assert "Must not be done\n  - Anything that contacts, except to: write\n    Wanted: ring\n" in out
    assert "Greet" not in out
    assert "In this case" not in out, "the group is said already"
    assert "Anything that contacts\n" in say(
        rule("leave-them", "forbid: contacts") + steps("recommend: ring")
    )


def test_a_group_that_nothing_asks_for_is_named_once(say: Say) -> None:
    out = say(rule("leave-them", "forbid: contacts") + steps("recommend: tidy"))
    assert "Do not: anything that contacts.\n" in out
    full = say(rule("leave-them", "forbid: contacts") + rule("and", "forbid: ring"), "--all")
    assert full.count("  - Anything that contacts\n    Why:    leave-them.") == 1
    assert "  - Ring\n    Why:    and." in full


def test_steps_that_wait_for_one_reason_are_said_as_one(say: Say) -> None:
    rules = rule("later", "hold: contacts, until: {case.sure: true}") + steps(
        "recommend: ring", "recommend: write"
    )
    out = say(rules)
    assert (
        "Not yet\n  - Anything that contacts\n    Wanted: ring; write\n    First:  find out: case.sure ("
        in out
    )


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("{count: parcels, where: {what: vase}, at_least: 2}", "    First:  stop\n    Why:"),
        (
            "{case.opened_at: {older_than: 1 day}}",
            "    First:  stop\n    Until:  “case.opened_at” was at least",
        ),
    ],
)
def test_the_planned_step_before_what_waits_is_named_instead_of_a_count(
    say: Say, until: str, shown: str
) -> None:
    waiting = rule("later", f"hold: pay, until: {until}") + steps("recommend: pay")
    alone = say(waiting, parcels=[])
    assert "First:" not in alone
    assert "    Until:  " in alone
    rules = waiting + rule("before", "recommend: stop")
    assert f"  - Pay\n{shown}" in say(rules, parcels=[])
    assert "    Until:  " in say(rules, "--all", parcels=[])


def test_a_time_from_an_act_that_is_no_step_is_not_told(say: Say) -> None:
    later = rule("later", "recommend: pay, within: 30 minutes of stop")
    assert "boss\n" in say(later, parcels=[]), "nobody plans the act, so nobody can say when the time starts"
    assert "the start is not known yet" not in say(later, parcels=[])
    both = say(later + rule("before", "recommend: stop"), parcels=[])
    assert "within 30 minutes; the start is not known yet" in both


def test_an_end_made_of_several_tests_is_told_by_its_reason(say: Say) -> None:
    ends = "{any: [{case.sure: true}, {case.opened_at: {older_than: 1 day}}]}"
    waiting = rule("later", f"hold: pay, until: {ends}") + steps("recommend: pay")
    out = say(waiting, parcels=[])
    assert "Until:" not in out
    assert "  - Pay\n" in out
    assert "    Why:    later.\n" in out
    assert "    Until:  " in say(waiting, "--all", parcels=[])


def test_records_of_one_action_are_said_together(say: Say) -> None:
    hold = EACH + (
        "  - id: wait\n    for_each: parcels\n    then:\n      - {hold: bring, until: {case.sure: given}}\n"
        "    because:\n      en: Not sure.\n      zh-TW: 不確定。\n      zh-CN: 不确定。\n"
    )
    out = say(hold, parcels=[*PARCELS[:2], {**PARCELS[0], "id": "p11"}])
    assert "  - Bring (box 1, p1; box 1, p11; box 2)\n" in out


GROUP_OF_PARCELS = POLICY.replace(
    "  groups:\n",
    "    store: {phase: money, owner: boss, about: parcels}\n  groups:\n    moves: {actions: [bring, store]}\n",
)
FRAGILE = (
    "  - id: fragile\n    for_each: parcels\n    when: {what: vase}\n    then:\n      - {forbid: moves}\n"
    "    because:\n      en: It breaks.\n      zh-TW: 易碎。\n      zh-CN: 易碎。\n"
)


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        ((), ["  - Anything that moves (vase)\n    Wanted: bring\n"]),
        (("--all",), ["  - Anything that moves (vase)\n    Wanted: bring\n"]),
        (("--brief",), ["Do not: anything that moves (vase)\n"]),
        (("--lang", "zh-TW"), ["  - Moves（vase）\n"]),
    ],
)
def test_a_group_that_is_forbidden_for_one_record_names_the_record(
    say: Say, arguments: tuple[str, ...], lines: list[str]
) -> None:
    parcels = [*PARCELS[:2], {"id": "p3", "what": "vase"}]
    out = say(EACH + FRAGILE, *arguments, head=GROUP_OF_PARCELS, parcels=parcels)
    assert [each for each in lines if each not in out] == [], out


def test_a_group_that_is_forbidden_for_all_records_of_a_list_names_none(say: Say) -> None:
    parcels = [{"id": f"p{n}", "what": "vase", "due_at": AT} for n in (1, 2, 3)]
    unwanted = rule("r0", "recommend: tidy") + FRAGILE.replace(
        "forbid: moves", "forbid: moves, except: [store]"
    )
    out = " ".join(say(unwanted, head=GROUP_OF_PARCELS, parcels=parcels).split())
    assert "Do not: anything that moves, except to: store. Use" in out
    out = " ".join(say(unwanted, head=GROUP_OF_PARCELS, parcels=parcels[:2]).split())
    assert "Do not: anything that moves (vase, p1; vase, p2), except to: store. Use" in out


# --- what limits a step is said at the step, and that all is late, once --------------------------------------------------


def parcel_rule(name: str, what: str, effect: str) -> str:
    return (
        f"  - id: {name}\n    for_each: parcels\n    when: {{what: {what}}}\n    then:\n      - {{{effect}}}\n"
        f"    because:\n      en: {name}.\n      zh-TW: {name}。\n      zh-CN: {name}。\n"
    )


def test_a_ban_for_another_record_or_doer_is_said_at_the_step_and_not_again(say: Say) -> None:
    good = parcel_rule("good", "box 1", "recommend: bring")
    bad = parcel_rule("bad", "box 2", "forbid: bring")
    out = say(good + bad, parcels=PARCELS[:2])
    assert " 1. Bring (box 1)\n    Who:    boss\n    Not:    for box 2\n" in out
    assert "must not be done" not in out
    out = say(
        good + parcel_rule("bad", "box 2", "hold: bring, until: {case.sure: true}"), parcels=PARCELS[:2]
    )
    assert "    Later:  for box 2\n" in out
    assert "has to wait" not in out
    out = say(good + parcel_rule("bad", "box 1", "forbid: bring, by: [clerk]"), parcels=PARCELS[:2])
    assert "    Not by: clerk\n" in out
    assert "Not to be done by" not in out
    full = say(good + bad, "--all", parcels=PARCELS[:2])
    assert "  - Bring (box 2)\n    Why:" in full[full.index("Must not be done in general") :]


def test_that_nearly_all_is_late_is_said_once(say: Say) -> None:
    out = say(EACH, minutes=6 * 60 + 30, parcels=PARCELS[:7])
    assert out.splitlines()[1] == "6 of the 7 steps shown are late, the first since 13:01 today."
    assert out.count("Who:    boss, now\n") == 6, (
        "by how much is said above; what counts is that it is done now"
    )
    assert "boss, by 19:01 today (31 minutes left)\n" in out, "what is not late yet has its time"
    few = say(EACH, minutes=3 * 60 + 30, parcels=PARCELS[:7])
    assert "shown are late" not in few
    assert "Who:    boss, 2 hours late (due 13:01 today)\n" in few
    assert "shown are late" not in say(EACH, "--all", minutes=6 * 60 + 30, parcels=PARCELS[:7])
    assert "shown are late" not in say(EACH, minutes=3 * 60, parcels=PARCELS[:2])


# --- what the screen leaves out ---------------------------------------------------------------------------------------


def said(wording: str, indent: int) -> str:
    """A wording in all languages, as a block."""
    lines = ["say:", *(f"  {each}: {wording}" for each in LANGUAGES)]
    return "".join(f"{' ' * indent}{line}\n" for line in lines)


def test_what_is_said_in_every_case_is_left_to_the_handler_except_at_the_first_step(say: Say) -> None:
    greet = "    greet: {phase: people, owner: clerk, anchor: case.opened_at}\n"
    head = POLICY.replace(greet, f"    greet:\n      phase: people\n      owner: clerk\n{said('Hello.', 6)}")
    plain = rule("r0", "recommend: greet")
    assert "Hello." in say(plain, head=head), "whoever begins needs the words"
    assert "Hello." in say(plain, "--all", head=head)
    ring = "    ring: {phase: talk, owner: clerk, anchor: case.opened_at}\n"
    assert ring in POLICY
    later = POLICY.replace(ring, f"    ring:\n      phase: talk\n      owner: clerk\n{said('Hello.', 6)}")
    second = plain + rule("r00", "recommend: ring")
    assert "Hello." not in say(second, head=later)
    assert "Hello." in say(second, "--all", head=later)
    own = plain.replace(
        "      - {recommend: greet}\n", f"      - recommend: greet\n{said('About the lamp.', 8)}"
    )
    assert "About the lamp." in say(own, head=head)


def test_records_that_say_the_same_are_told_apart_by_their_time(say: Say) -> None:
    wording = POLICY.replace("absent: none\n", "absent: none\n      ordered_by: due_at\n")
    rules = rule("r0", "recommend: bring").replace("- id: r0\n", "- id: r0\n    for_each: parcels\n")
    parcels = [{"id": f"p{n}", "what": "box", "due_at": f"2026-03-0{n}T12:00:00Z"} for n in (3, 4)]
    page = say(rules, head=wording, parcels=parcels)
    assert "Bring (box, 12:00 tomorrow" in page
    assert "p3" not in page


# --- whom a wording is for --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "effect", "shown"),
    [
        ("", "", "    Say:    “Hello.”\n"),
        ("      say_to: boss\n", "", "    Say:    to the boss: “Hello.”\n"),
        ("      say_to: colleague\n", "", "    Say:    to a colleague: “Hello.”\n"),
        ("      say_to: boss\n", "Bye.", "    Say:    to the boss: “Bye.”\n"),
        ("      say_to: boss\n", "Bye.\n        say_to: colleague", "    Say:    to a colleague: “Bye.”\n"),
    ],
)
def test_whom_a_wording_is_for_is_said(say: Say, declared: str, effect: str, shown: str) -> None:
    greet = "    greet: {phase: people, owner: clerk, anchor: case.opened_at}\n"
    head = POLICY.replace(
        greet, f"    greet:\n      phase: people\n      owner: clerk\n{said('Hello.', 6)}{declared}"
    ).replace("name: desk\n", "name: desk\nlanguages: [en]\n")
    head = head.replace("        zh-TW: Hello.\n        zh-CN: Hello.\n", "")
    own = f"\n        say: {effect}" if effect else ""
    rules = f"  - id: r0\n    then:\n      - recommend: greet{own}\n    because: Be kind.\n"
    assert shown in say(rules, head=head)


def test_whom_a_wording_is_for_must_be_known(run: Run, tmp_path: Path) -> None:
    greet = "    greet: {phase: people, owner: clerk, anchor: case.opened_at}\n"
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(POLICY.replace(greet, greet.replace("}", ", say_to: bos}")) + steps("recommend: greet"))
    result = run("lint", str(wrong))
    assert result.code == 1
    assert "unknown role 'bos'; did you mean 'boss'?" in " ".join((result.out + result.err).split())
