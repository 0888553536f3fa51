"""Which changes a difference comes from is found by deciding again without each of them, in the first cases of its kind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from escalation_rules import Policy, Position
from escalation_rules.integrations.batch import Found
from escalation_rules.integrations.batch.checking import SOURCE, Checking
from escalation_rules.policy.rebinding import rebound
from escalation_rules.tools.replay import Summary, Tally, case_digest, line_of, said_at
from tests.core.policies import load
from tests.tools.replay.test_blaming import CALL, END, FORBID, HELD, OPENED, act, case

Causes = set[tuple[tuple[str, ...], str, bool]]
Summarised = Callable[..., Summary]


@pytest.fixture
def summary_of(tmp_path: Path) -> Summarised:
    """Replays cases under two policies, with replacements in the vocabulary of the new one."""

    def summarised(old: str, new: str, *cases: Any, words: tuple[str, str] = ("", "")) -> Summary:
        policies = [
            load(tmp_path / f"{name}-{cases[0]['id']}", "plain", rules)
            for name, rules in (("old", old), ("new", new))
        ]
        path = tmp_path / f"new-{cases[0]['id']}" / "vocabulary.yaml"
        text = path.read_text("utf-8")
        assert words[0] in text
        path.write_text(text.replace(*words) if words[0] else text, encoding="utf-8")
        policies[1] = Policy.load(path.parent, engine="plain")
        tally = Tally(tuple(each.digest for each in policies), Checking(policies[0], policies[1]).of)
        for each in cases:
            line = line_of(each["id"], case_digest(each), [one.replay(each, until=END) for one in policies])
            tally.add({**line, SOURCE: Found(Position("x.yaml", 1, 1), data=each)})
        return tally.summary()

    return summarised


def causes(summary: Summary, kind: str, name: str) -> Causes:
    return {
        (each.because, each.how, each.checked == each.cases)
        for each in summary.changes
        for one in each.differences
        if (one.kind, one.name) == (kind, name)
    }


UP = "- {id: up, when: {x.a: true}, then: [{recommend: call_boss}]}\n"
FINDS = "- {id: finds, when: {x.count: {above: 3}}, then: [{conclude: v.a}]}\n"


def test_two_changes_that_only_work_together(summary_of: Summarised) -> None:
    """The conclusion is drawn in more cases, and the rule that reads it does something in more cases."""
    rules = FINDS + "- {id: then-do, when: {v.a: true, x.mood: calm}, then: [{recommend: secure}]}\n"
    changed = rules.replace("above: 3", "above: 2").replace("x.mood: calm", "x.mood: {in: [calm, heated]}")
    summary = summary_of(rules, changed, case(x__count=3, x__mood="heated"))
    assert causes(summary, "do", "secure") == {(("finds", "then-do"), "together", True)}
    assert causes(summary, "found", "v.a") == {(("finds",), "", True)}


def test_and_where_one_of_them_is_enough(summary_of: Summarised) -> None:
    rules = FINDS + "- {id: then-do, when: {v.a: true, x.mood: calm}, then: [{recommend: secure}]}\n"
    changed = rules.replace("above: 3", "above: 2").replace("x.mood: calm", "x.mood: {in: [calm, heated]}")
    alone = (case(name="one", x__count=3, x__mood="calm"), case(name="two", x__count=4, x__mood="heated"))
    summary = summary_of(rules, changed, *alone)
    assert causes(summary, "do", "secure") == {(("finds",), "", True), (("then-do",), "", True)}


def test_two_changes_each_of_which_is_enough(summary_of: Summarised) -> None:
    more = FORBID + "- {id: hush, when: {x.b: true}, then: [{forbid: call, by: [clerk, boss]}]}\n"
    summary = summary_of(CALL, CALL + more, case())
    assert causes(summary, "do", "call") == {(("hush", "quiet"), "each", True)}


def test_changes_of_which_some_have_to_be_undone_together(summary_of: Summarised) -> None:
    """One rule forbids it now by itself, and two only together; a third change has nothing to do with it."""
    ban = "- {id: ban, when: {v.a: true, x.mood: calm}, then: [{forbid: call}]}\n"
    changed = FINDS.replace("above: 3", "above: 2") + ban.replace("calm", "{in: [calm, heated]}")
    more = "- {id: hush, when: {v.b: true, x.mood: heated}, then: [{forbid: call}]}\n"
    second = "- {id: finds-too, when: {x.count: {above: 3}}, then: [{conclude: v.b}]}\n"
    summary = summary_of(
        UP + CALL + FINDS + ban + second + more.replace("heated", "calm"),
        UP.replace("call_boss", "secure") + CALL + changed + second.replace("above: 3", "above: 2") + more,
        case(x__count=3, x__mood="heated"),
    )
    ((because, how, checked),) = causes(summary, "must_not", "call")
    assert (how, checked) == ("any", True)
    assert len(because) == 2


def test_a_change_that_loosens_a_hold_is_not_why_something_waits(summary_of: Summarised) -> None:
    """What is said of the hold names its rule, which was changed as well."""
    ban = "- {id: never, when: {x.b: true}, then: [{forbid: call_boss}]}\n"
    spared = "- {id: spared, overrides: [never], when: {x.c: true}}\n"
    loose = HELD.replace("{done: secure}", "{any: [{done: secure}, {case.opened_at: {older_than: 30 days}}]}")
    summary = summary_of(UP + HELD + ban, UP + loose + ban + spared, case())
    assert causes(summary, "must_wait", "call_boss") == {(("spared",), "", True)}


def test_the_cause_of_a_breach(summary_of: Summarised) -> None:
    """Who may do it was changed, and a rule that forbids it to another role."""
    ban = "- {id: never, when: {x.b: true}, then: [{forbid: call_boss, by: clerk}]}\n"
    summary = summary_of(
        UP, UP + ban, case(act("call_boss", "partner")), words=("by: [boss, partner]", "by: [boss]")
    )
    assert causes(summary, "breach", "call_boss") == {(("call_boss",), "", True)}


def test_the_calendar_or_the_deadline(summary_of: Summarised) -> None:
    """Both were changed; one moves nothing in this case, as Saturday is not among the two days."""
    changed = CALL.replace("1 working day", "2 working hours")
    summary = summary_of(CALL, changed, case(), words=("mon-fri", "mon-sat"))
    ((because, how, checked),) = causes(summary, "do", "call")
    assert (because, how, checked) == (("phone",), "", True)


def test_parts_of_a_step_that_come_from_different_changes(summary_of: Summarised) -> None:
    """The deadline is the rule's, the owner that of the action."""
    summary = summary_of(
        CALL,
        CALL.replace("1 working", "2 working"),
        case(),
        words=("call: {phase: soothe, owner: clerk,", "call: {phase: soothe, owner: boss,"),
    )
    found = {
        (each.because, one.parts) for each in summary.changes for one in each.differences if one.kind == "do"
    }
    assert found == {(("call",), ("owner",)), (("phone",), ("within",))}


def test_a_time_to_which_two_changes_contribute(summary_of: Summarised) -> None:
    """Saturday is among the five days; of the two days, it makes up for the second one."""
    for days, moved in (("5", {("office", "phone"), ("phone",)}), ("2", {("phone",)})):
        changed = CALL.replace("1 working day", f"{days} working days")
        summary = summary_of(CALL, changed, case(name=days), words=("mon-fri", "mon-sat"))
        assert {because for because, _, _ in causes(summary, "do", "call")} == moved


def test_a_kind_is_checked_in_its_first_cases_only(
    summary_of: Summarised, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()

    def counted(program: Any, read: Any, at: Any) -> Any:
        asked.append(read.id)
        return said_at(program, read, at)

    monkeypatch.setattr("escalation_rules.integrations.batch.checking.said_at", counted)
    more = CALL + FORBID.replace("call,", "secure,")
    cases = [case(name=f"h{number}") for number in range(9)]
    summary = summary_of(UP, UP + more, *cases)
    assert {*asked} == {"h0", "h1", "h2"}
    assert causes(summary, "do", "call") == {(("phone",), "", True)}
    (change,) = [each for each in summary.changes if each.because == ("phone",)]
    assert (change.cases, change.checked) == (9, 9)


def test_what_is_presumed_is_undone_alone(summary_of: Summarised) -> None:
    rules = CALL.replace("x.b: true", "x.count: 7") + UP
    presumed = ("x.count: {type: count}", "x.count: {type: count, presume: 7}")
    summary = summary_of(rules, rules.replace("x.a: true", "x.c: true"), case(), words=presumed)
    assert causes(summary, "do", "call") == {(("x.count",), "", True)}


THEN = "- {id: then-do, when: {done: call_boss, x.a: true}, then: [{recommend: secure}]}\n"
BY = "by: [boss, partner]", "by: [boss]"


def test_who_may_do_it_is_the_cause_also_where_the_rule_that_reads_it_was_changed(
    summary_of: Summarised,
) -> None:
    """The rule is changed in what makes no difference here; what it takes from the action is not part of the rule."""
    changed = THEN.replace("x.a: true", "x.a: true, x.b: given")
    summary = summary_of(CALL + THEN, CALL + changed, case(act("call_boss", "partner")), words=BY)
    assert causes(summary, "do", "secure") == {(("call_boss",), "", True)}


def test_both_are_needed_where_both_are(summary_of: Summarised) -> None:
    old = CALL + THEN.replace("{done: call_boss, x.a: true}", "{any: [{done: call_boss}, {x.d: true}]}")
    new = CALL + THEN.replace("{done: call_boss, x.a: true}", "{done: call_boss}")
    summary = summary_of(old, new, case(act("call_boss", "partner", OPENED)), words=BY)
    ((because, how, checked),) = causes(summary, "do", "secure")
    assert (because, how, checked) == (("call_boss", "then-do"), "together", True)


@pytest.mark.parametrize(
    ("words", "when", "cause"),
    [
        (("choice, values: [good, bad], presume: good", "choice, values: [good, bad], presume: bad"), "x.faith: good", "x.faith"),
        (("each: claim\n      absent: unknown", "each: claim\n      absent: none"), "none: claims", "claims"),
    ],
)  # fmt: skip
def test_a_fact_or_a_list_is_undone_alone(
    summary_of: Summarised, words: tuple[str, str], when: str, cause: str
) -> None:
    """The rule that reads it was changed, too, but that makes no difference."""
    rules = f"- {{id: then-do, when: {{{when}}}, then: [{{recommend: secure}}]}}\n"
    changed = rules.replace("when: {", "when: {x.b: true, ")
    summary = summary_of(CALL + rules, CALL + changed, case(), words=words)
    assert causes(summary, "do", "secure") == {((cause,), "", True)}


def test_a_group_is_undone_alone(summary_of: Summarised) -> None:
    rules = "- {id: ban, when: {x.a: true}, then: [{forbid: contacts}]}\n"
    changed = rules.replace("x.a: true", "x.a: true, x.b: true")
    summary = summary_of(
        CALL + rules, CALL + changed, case(), words=("contacts: {actions: [", "contacts: {actions: [secure, ")
    )
    assert causes(summary, "must_not", "secure") == {(("contacts",), "", True)}


def test_a_rule_read_anew_with_the_same_declarations_is_the_same() -> None:
    """Nothing of a rule is lost when it is bound to another vocabulary."""
    model = Policy.load(engine="plain").model
    again = attrs.evolve(model.vocabulary)
    assert [each.id for each in model.rules if rebound(each, model.vocabulary, again) != each] == []
