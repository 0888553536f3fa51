"""Each difference names the changes without which it would not be there, and no rule that nobody touched."""

from __future__ import annotations

from pathlib import Path

from escalation_rules import Comparison, Policy, compare
from tests.compare.test_small import VOCABULARY, rule

CALL = "call: {label: call, phase: first, owner: agent}"
PAID = "call: {{label: call, phase: first, owner: agent, by: [{}], params: {{amount: {{type: amount, label: amount}}}}}}"


def compared(tmp_path: Path, *sides: tuple[str, str]) -> Comparison:
    """Compare two policies, each with a declaration of `call`, and rules."""
    policies = []
    for name, (declared, rules) in zip(("old", "new"), sides, strict=True):
        folder = tmp_path / name
        folder.mkdir()
        text = VOCABULARY.replace(CALL, declared) + rules
        assert declared in text
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
        policies.append(Policy.load(folder, engine="plain"))
    return compare(policies[0], policies[1])


def test_a_rule_is_the_cause_although_the_action_was_changed_too(tmp_path: Path) -> None:
    then = "{{recommend: call, amount: {}}}"
    old = PAID.format("agent, lead"), rule("one", "{order.late: true}", then.format("order.value"))
    new = (
        PAID.format("agent"),
        rule("one", "{order.late: true}", then.format("{share: 90%, of: order.value}")),
    )
    result = compared(tmp_path, old, new)
    because = {(each.how, each.head): each.because for each in result.effects}
    assert because == {
        ("otherwise", "recommend"): ("one",),
        ("now", "recommend"): ("call",),
        ("now", "forbid"): ("call",),
    }


def test_a_rule_that_nobody_touched_is_not_changed(tmp_path: Path) -> None:
    """It reads acts of an action that others may do now, and its step counts from what the action declares."""
    rules = rule("one", "{not_done: call, order.late: true}", "{recommend: refund}") + rule(
        "two", "{order.late: true}", "{recommend: call, within: 1 day}"
    )
    old = "call: {label: call, phase: first, owner: agent, by: [agent, lead], anchor: case.opened_at}"
    result = compared(tmp_path, (old, rules), (old.replace("agent, lead", "agent"), rules))
    assert result.rules == ()
    assert [(each.name, each.parts) for each in result.vocabulary] == [("call", ("by",))]
    found = {(each.how, each.head, each.actions, each.because) for each in result.effects}
    assert ("now", "recommend", ("refund",), ("call",)) in found
    (tmp_path / "anchor").mkdir()
    result = compared(tmp_path / "anchor", (old, rules), (old.replace(", anchor: case.opened_at", ""), rules))
    assert result.rules == ()
    assert {(each.how, each.actions, each.because) for each in result.effects} == {
        ("otherwise", ("call",), ("call",))
    }


def test_a_calendar_is_not_the_only_cause_where_a_rule_moves_the_time_as_well(tmp_path: Path) -> None:
    text = rule("one", "{order.late: true}", "{recommend: refund, within: 1 working day of case.opened_at}")
    sides = []
    for closed, days in (("", "1 working day"), (', closed: ["2026-03-05"]', "2 working days")):
        hours = 'hours: {mon-fri: ["09:00-17:00"]}'
        made = (VOCABULARY + text.replace("1 working day", days)).replace(hours, hours + closed)
        folder = tmp_path / (days[:1])
        folder.mkdir()
        (folder / "policy.yaml").write_text(made, encoding="utf-8")
        sides.append(Policy.load(folder, engine="plain"))
    found = {each.because for each in compare(sides[0], sides[1]).effects}
    assert found == {("one",), ("office", "one")}
