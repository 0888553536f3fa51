"""Two policies replayed: each difference once, with the change from which it comes, and the weightiest first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import Policy
from escalation_rules.tools.compare.blaming import Blaming
from escalation_rules.tools.replay import Cause, Summary, Tally, case_digest, differences, line_of
from tests.core.policies import load

END = datetime(2026, 3, 20, tzinfo=UTC)
OPENED = "2026-03-06T02:00:00Z"  # a Friday
A_TO_D = {f"x.{name}": True for name in "abcd"}


def case(*acts: dict[str, Any], name: str = "h1", **facts: Any) -> dict[str, Any]:
    known = {
        "case.opened_at": OPENED,
        **A_TO_D,
        **{key.replace("__", "."): value for key, value in facts.items()},
    }
    return {
        "id": name,
        "history": [{"at": OPENED, "facts": known}, *({"at": each["at"], "acts": [each]} for each in acts)],
    }


def act(action: str, by: str, at: str = "2026-03-06T03:00:00Z") -> dict[str, Any]:
    return {"action": action, "by": by, "at": at}


@pytest.fixture
def summary_of(tmp_path: Path) -> Any:
    """Replays cases under two policies: rules, and replacements in the vocabulary of the new one."""

    def summarised(
        old: str, new: str, *cases: Any, words: tuple[str, str] = ("", ""), more: str = ""
    ) -> Summary:
        policies = [
            load(tmp_path / name, "plain", rules, more=[more] if more else [])
            for name, rules in (("old", old), ("new", new))
        ]
        path = tmp_path / "new" / ("more-0.yaml" if more else "vocabulary.yaml")
        text = path.read_text("utf-8")
        assert words[0] in text
        path.write_text(text.replace(*words) if words[0] else text, encoding="utf-8")
        policies[1] = Policy.load(tmp_path / "new", engine="plain")
        blaming = Blaming(*(each.model for each in policies))
        tally = Tally(
            tuple(each.digest for each in policies), lambda line, found: Cause(blaming.of(line, found))
        )
        for each in cases:
            tally.add(
                line_of(each["id"], case_digest(each), [one.replay(each, until=END) for one in policies])
            )
        return tally.summary()

    return summarised


def told(summary: Summary) -> list[Any]:
    return [
        (each.because, [(one.kind, one.name, one.change, one.parts) for one in each.differences])
        for each in summary.changes
    ]


FORBID = "- {id: quiet, when: {x.a: true}, then: [{forbid: call, by: [clerk, boss]}]}\n"
CALL = (
    "- {id: phone, when: {x.b: true}, then: [{recommend: call, within: 1 working day of case.opened_at}]}\n"
)


def test_a_prohibition_for_other_roles_is_one_difference(tmp_path: Path) -> None:
    pair = [
        load(tmp_path / name, "plain", rules).replay(case(), until=END)
        for name, rules in (("old", FORBID), ("new", FORBID.replace("[clerk, boss]", "[boss]")))
    ]
    (found,) = differences(*pair)
    assert (found.kind, found.before["by"], found.after["by"]) == ("must_not", ["clerk", "boss"], ["boss"])


def test_two_prohibitions_of_one_action_are_told_apart(tmp_path: Path) -> None:
    two = FORBID + "- {id: hush, when: {x.b: true}, then: [{forbid: call, by: partner}]}\n"
    pair = [
        load(tmp_path / name, "plain", rules).replay(case(), until=END)
        for name, rules in (("old", FORBID), ("new", two))
    ]
    (found,) = differences(*pair)
    assert (found.before, found.after["by"], found.because) == (None, ["partner"], ("hush",))


def test_to_whom_something_is_now_forbidden_is_told(summary_of: Any) -> None:
    summary = summary_of(CALL, CALL + FORBID.replace("[clerk, boss]", "partner"), case())
    (found,) = (each for change in summary.changes for each in change.differences if each.kind == "must_not")
    assert (found.change, dict(found.values)) == ("added", {"by": [None, ["partner"]]})


def test_who_may_do_a_step_is_the_cause_and_not_its_rule(summary_of: Any) -> None:
    rules = "- {id: up, when: {x.a: true}, then: [{recommend: call_boss}]}\n"
    summary = summary_of(
        rules, rules, case(act("call_boss", "partner")), words=("by: [boss, partner]", "by: [boss]")
    )
    assert [each.because for each in summary.changes] == [("call_boss",)]
    assert ("do", "call_boss", "added", ()) in told(summary)[0][1]


def test_an_override_is_the_cause_and_not_the_rule_that_it_lifts(summary_of: Any) -> None:
    more = "- {id: spared, overrides: [quiet], when: {x.c: true}}\n"
    summary = summary_of(FORBID, FORBID + more, case())
    assert told(summary) == [(("spared",), [("must_not", "call", "removed", ())])]


def test_the_calendar_is_the_cause_of_a_moved_due_time(summary_of: Any) -> None:
    also = CALL + "- {id: phone-too, when: {x.c: true}, then: [{recommend: secure}]}\n"
    hours = ("mon-fri", "mon-sat")
    summary = summary_of(CALL.replace("x.b: true", "x.d: true"), CALL, case(), words=hours)
    assert summary.changes[0].because == ("office",), "that the rule was changed, too, moves nothing"
    summary = summary_of(CALL, also, case(), words=hours)
    assert told(summary) == [
        (("phone-too",), [("do", "secure", "added", ())]),
        (("office",), [("do", "call", "changed", ("due",))]),
    ]


def test_a_rule_that_only_concludes_the_same_is_not_the_cause(summary_of: Any) -> None:
    base = (
        "- {id: finds, when: {x.a: true}, then: [{conclude: v.a}]}\n"
        "- {id: then-do, when: {v.a: true, x.count: {above: 2}}, then: [{recommend: secure}]}\n"
    )
    changed = base.replace("x.a: true", "x.b: true").replace("above: 2", "above: 3")
    summary = summary_of(base, changed, case(x__count=3))
    assert told(summary)[0][0] == ("then-do",)


def test_a_moved_deadline_is_one_change_and_no_lost_and_new_breach(summary_of: Any) -> None:
    summary = summary_of(CALL, CALL.replace("1 working", "2 working"), case())
    assert told(summary) == [
        (
            ("phone",),
            [("do", "call", "changed", ("within",))],
        )
    ]
    (change,) = summary.changes
    assert dict(change.differences[0].values)["within"] == ["1 working day", "2 working days"]


def test_which_part_of_a_step_differs(summary_of: Any) -> None:
    summary = summary_of(CALL, CALL.replace("call,", "call, owner: boss,"), case())
    (change,) = summary.changes
    assert [(each.parts, dict(each.values)) for each in change.differences if each.kind == "do"] == [
        (("owner",), {"owner": ["clerk", "boss"]})
    ]


def test_a_trivial_change_in_all_cases_does_not_hide_the_others(summary_of: Any) -> None:
    """Breaches come before prohibitions, these before steps, and these before questions."""
    asks = "- {id: soft, when: {x.mood: calm}, then: [{recommend: measure}]}\n"
    step = "- {id: new, when: {x.colour: red}, then: [{recommend: secure}]}\n"
    late = (
        "- {id: hurry, when: {x.colour: blue}, then: [{recommend: call, within: 1 hour of case.opened_at}]}\n"
    )
    cases = [case(name=colour, x__colour=colour) for colour in ("green", "red", "blue")]
    summary = summary_of(asks, asks.replace("x.mood: calm", "x.count: 2") + step + late, *cases)
    assert [(each.because, each.cases, each.only) for each in summary.changes] == [
        (("hurry",), 1, 0), (("new",), 1, 0), (("soft",), 3, 1),
    ]  # fmt: skip
    assert [each.differences[0].kind for each in summary.changes] == ["breach", "do", "find_out"]


ROLES = ("by: [boss, partner]", "by: [boss]")
HELD = "- {id: wait, when: {x.a: true}, then: [{hold: call_boss, until: {done: secure}}]}\n"


def test_who_may_do_an_act_is_the_cause_of_its_breach_although_a_hold_was_changed_too(
    summary_of: Any,
) -> None:
    rules = "- {id: up, when: {x.a: true}, then: [{recommend: call_boss}]}\n" + HELD
    changed = rules.replace(
        "{done: secure}", "{any: [{done: secure}, {case.opened_at: {older_than: 1 day}}]}"
    )
    summary = summary_of(rules, changed, case(act("call_boss", "partner")), words=ROLES)
    breaches = {
        (each.because, one.parts, one.change)
        for each in summary.changes
        for one in each.differences
        if one.kind == "breach"
    }
    assert breaches == {(("call_boss",), ("forbidden",), "added"), (("wait",), ("premature",), "removed")}


def test_an_act_that_two_rules_forbade_has_both_causes(summary_of: Any) -> None:
    one = "- {id: quiet, when: {x.a: true}, then: [{forbid: call}]}\n"
    two = "- {id: hush, when: {x.b: true}, then: [{forbid: call, by: clerk}]}\n"
    summary = summary_of(one + two, two.replace("by: clerk", "by: partner"), case(act("call", "clerk")))
    breaches = {each.because for each in summary.changes for one in each.differences if one.kind == "breach"}
    assert breaches == {("hush", "quiet")}


def test_what_must_wait_because_it_is_no_longer_forbidden(summary_of: Any) -> None:
    hold = "- {id: hush, when: {x.b: true}, then: [{hold: call, until: {done: secure}}]}\n"
    rules = FORBID.replace(", by: [clerk, boss]", "") + hold
    spared = "- {id: spared, overrides: [quiet], when: {x.c: true}}\n"
    summary = summary_of(rules, rules + spared, case())
    assert told(summary) == [
        (("spared",), [("must_not", "call", "removed", ()), ("must_wait", "call", "added", ())])
    ]


def test_a_calendar_asks_nothing(summary_of: Any) -> None:
    new = CALL.replace("phone,", "hurry,").replace("x.b: true", "x.count: 2").replace("call,", "secure,")
    summary = summary_of(CALL, CALL + new, case(), words=("mon-fri", "mon-sat"))
    asked = {each.because for each in summary.changes for one in each.differences if one.kind == "find_out"}
    assert asked == {("hurry",)}


TOP_UP = """
format: 1
vocabulary:
  actions:
    top_up: {phase: settle, owner: clerk, by: [clerk, partner], params: {total: {type: amount, reached: true}}}
"""
PAY = "- {id: owed, when: {x.a: true}, then: [{recommend: top_up, total: {EUR: 100}}]}\n"


@pytest.mark.parametrize(("by", "because"), [("clerk", ("owed",)), ("partner", ("owed", "top_up"))])
def test_an_act_that_is_enough_now_or_counts_no_longer(
    summary_of: Any, by: str, because: tuple[str, ...]
) -> None:
    """Of the amount and of who may do it, the one is the cause that matters to this act."""
    summary = summary_of(
        PAY, PAY.replace("100", "90"), case(act("top_up", by) | {"params": {"total": 90}}) | {"currency": "EUR"},
        words=("by: [clerk, partner]", "by: [clerk]"), more=TOP_UP,
    )  # fmt: skip
    found = {
        (each.because, one.change) for each in summary.changes for one in each.differences if one.kind == "do"
    }
    assert (because, "removed" if by == "clerk" else "changed") in found


def test_a_hold_that_a_prohibition_had_hidden_comes_from_what_lifts_that(summary_of: Any) -> None:
    """The hold was changed, too, but it would have been there before."""
    step = "- {id: up, when: {x.a: true}, then: [{recommend: call_boss}]}\n" + HELD
    ban = "- {id: never, when: {x.b: true}, then: [{forbid: call_boss}]}\n"
    spared = "- {id: spared, overrides: [never], when: {x.c: true}}\n"
    loose = step.replace("{done: secure}", "{any: [{done: secure}, {case.opened_at: {older_than: 30 days}}]}")
    summary = summary_of(step + ban, loose + ban + spared, case())
    waits = {each.because for each in summary.changes for one in each.differences if one.kind == "must_wait"}
    assert waits == {("spared",)}


def test_the_due_time_of_an_approval_comes_from_the_step_that_waits_for_it(summary_of: Any) -> None:
    """The hold was changed, too, which moves nothing here."""
    rules = CALL + "- {id: wait, when: {x.a: true}, then: [{hold: call, until: {done: secure}}]}\n"
    wider = ("when: {x.a: true}", "when: {any: [{x.a: true}, {x.count: 7}]}")
    changed = rules.replace("1 working day", "2 working days").replace(*wider)
    summary = summary_of(rules, changed, case())
    dues = {
        each.because
        for each in summary.changes
        for one in each.differences
        if one.kind == "do" and one.name == "secure"
    }
    assert dues == {("phone",)}


def test_a_hold_that_reads_another_conclusion_comes_from_that(summary_of: Any) -> None:
    """That it now ends sooner is not why it is there."""
    rules = (
        "- {id: finds, when: {x.a: true, x.count: {above: 3}}, then: [{conclude: v.a}]}\n"
        "- {id: wait, when: {v.a: true}, then: [{hold: call_boss, until: {done: secure}}]}\n"
        "- {id: up, when: {x.a: true}, then: [{recommend: call_boss}]}\n"
    )
    loose = "{any: [{done: secure}, {case.opened_at: {older_than: 30 days}}]}"
    changed = rules.replace("above: 3", "above: 2").replace("{done: secure}", loose)
    summary = summary_of(rules, changed, case(x__count=3))
    waits = {each.because for each in summary.changes for one in each.differences if one.kind == "must_wait"}
    assert waits == {("finds",)}
