"""A step that begins to count, comes back, lapses, or is done otherwise: each is shown by a case, or named."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, Policy, compare
from tests.compare.test_small import VOCABULARY, rule

WITHIN = "{recommend: call, within: 2 days of case.opened_at}"
LATE = "{order.late: true}"
DECLARED = "call: {label: call, phase: first, owner: agent}"


def compared(
    tmp_path: Path, old: str, new: str, words: tuple[str, str] = (DECLARED, DECLARED), more: str = ""
) -> Comparison:
    policies = []
    for name, then, declared in (("old", old, words[0]), ("new", new, words[1])):
        folder = tmp_path / name
        folder.mkdir()
        assert DECLARED in VOCABULARY
        text = VOCABULARY.replace(DECLARED, declared) + rule("one", LATE, then, more)
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
        policies.append(Policy.load(folder, engine="plain"))
    return compare(*policies)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(
    "words",
    [
        (DECLARED, DECLARED),
        (DECLARED.replace("owner: agent", "owner: agent, anchor: case.opened_at"), DECLARED),
    ],
)
def test_a_time_that_counts_from_nothing_known(
    tmp_path: Path, words: tuple[str, str], *, swapped: bool
) -> None:
    thens = (
        WITHIN if words[0] == words[1] else "{recommend: call, within: 2 days}",
        "{recommend: call, within: 2 days}",
    )
    step = -1 if swapped else 1
    (old, new), (before, after) = thens[::step], words[::step]
    result = compared(tmp_path, old, new, (before, after))
    (found,) = result.effects
    assert (found.how, found.actions) == ("otherwise", ("call",))
    dues = [each["due"] is not None for each in (*found.before, *found.after)]
    assert dues == ([False, True] if swapped else [True, False])
    assert "case.opened_at" in found.witness.case["facts"]
    assert result.proven


def test_a_time_that_counts_from_something_else(tmp_path: Path) -> None:
    facts = "    case.heard_at: {type: instant, label: heard, question: When?}\n"
    policies = []
    for name in ("opened_at", "heard_at"):
        folder = tmp_path / name
        folder.mkdir()
        then = f"{{recommend: call, within: 2 days of case.{name}}}"
        text = VOCABULARY.replace("    case.opened_at", f"{facts}    case.opened_at", 1) + rule(
            "one", LATE, then
        )
        (folder / "policy.yaml").write_text(text, encoding="utf-8")
        policies.append(Policy.load(folder, engine="plain"))
    (found,) = compare(*policies).effects
    assert found.how == "otherwise"
    assert found.before[0]["due"] != found.after[0]["due"]


AGAIN = "{{recommend: call, again: every {}}}"
LAPSES = "{{recommend: call, within: 2 days of case.opened_at, lapses_after: {}}}"


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        (AGAIN.format("3 days"), AGAIN.format("2 days"), "now"),
        (AGAIN.format("2 days"), AGAIN.format("3 days"), "no longer"),
        (AGAIN.format("2 working days"), "{recommend: call}", "no longer"),
        ("{recommend: call}", AGAIN.format("2 days"), "now"),
        (LAPSES.format("5 days"), LAPSES.format("4 days"), "no longer"),
        (LAPSES.format("4 days"), LAPSES.format("5 days"), "now"),
        (WITHIN, LAPSES.format("5 working days"), "no longer"),
        (LAPSES.format("5 days"), WITHIN, "now"),
    ],
)
def test_how_long_a_step_is_in_the_plan(tmp_path: Path, old: str, new: str, how: str) -> None:
    result = compared(tmp_path, old, new)
    assert [(each.how, each.actions, each.because) for each in result.effects] == [(how, ("call",), ("one",))]
    assert result.proven


BUSY = "call: {{label: call, phase: first, owner: agent, outcomes: [done: done, busy: busy], counts: [{}]}}"


@pytest.mark.parametrize(
    ("counts", "how"), [(("done", "done, busy"), "no longer"), (("done, busy", "done"), "now")]
)
def test_an_outcome_that_counts(tmp_path: Path, counts: tuple[str, str], how: str) -> None:
    words = (BUSY.format(counts[0]), BUSY.format(counts[1]))
    result = compared(tmp_path, "{recommend: call}", "{recommend: call}", words)
    (found,) = result.effects
    assert (found.how, found.because) == (how, ("call",))
    assert [each["outcome"] for each in found.witness.case["acts"]] == ["busy"]
    assert result.proven


def test_a_clock_that_stops(tmp_path: Path) -> None:
    paused = WITHIN.replace("opened_at}", "opened_at, paused_while: {order.count: {above: 2}}}")
    result = compared(tmp_path, WITHIN, paused)
    (found,) = result.effects
    assert (found.how, found.before[0]["paused"], found.after[0]["paused"]) == ("otherwise", False, True)
    assert result.proven


@pytest.mark.parametrize("about", ["case", "items"])
def test_a_clock_that_the_action_stops_for_some_records(tmp_path: Path, about: str) -> None:
    declared = DECLARED.replace(
        "owner: agent", "owner: agent, about: items, paused_while: {item.broken: BROKEN}"
    )
    words = (declared.replace("BROKEN", "true"), declared.replace("BROKEN", "false"))
    then = WITHIN.replace("recommend: call", f"recommend: call{', about: case' if about == 'case' else ''}")
    more = "    for_each: items\n" if about == "items" else ""
    result = compared(tmp_path, then, then, words, more)
    if about == "case":  # what is not about an item is never stopped
        assert result.effects == ()
    else:
        assert {each["paused"] for each in (*result.effects[0].before, *result.effects[0].after)} == {
            True,
            False,
        }


def test_a_step_that_is_held_until_something_was_done(tmp_path: Path) -> None:
    """The case has the act that ends the hold: while the step is held, its amount is not shown."""
    words = DECLARED.replace("owner: agent", "owner: agent, params: {amount: {type: amount, label: amount}}")
    hold = "{hold: call, until: {done: refund}}"
    thens = [
        f"{{recommend: call, amount: {{round: order.value, to: {{EUR: {to}}}}}}}, {hold}" for to in (1, 10)
    ]
    result = compared(tmp_path, thens[0], thens[1], (words, words))
    (found,) = result.effects
    assert (found.how, found.head, found.actions) == ("otherwise", "recommend", ("call",))
    assert [each["action"] for each in found.witness.case["acts"]] == ["refund"]
    assert result.proven


@pytest.mark.parametrize(
    ("key", "head", "old", "new"),
    [
        ("fixed", "recommend", WITHIN, WITHIN.replace("opened_at}", "opened_at, fixed: true}")),
        ("target", "recommend", WITHIN, WITHIN.replace("opened_at}", "opened_at, target: true}")),
        ("waits_for", "hold", "{hold: call, until: {done: refund}}", "{hold: call, until: {done: refund}, waits_for: customer}"),
    ],
)  # fmt: skip
def test_what_is_not_looked_for_is_named(tmp_path: Path, key: str, head: str, old: str, new: str) -> None:
    result = compared(tmp_path, old, new)
    (left,) = result.not_compared
    assert (left.head, left.actions, left.because, left.why, left.keys) == (
        head,
        ("call",),
        ("one",),
        "not-looked-for",
        (key,),
    )
    assert result.effects == ()
    assert result.to_dict()["not_compared"][0]["keys"] == [key]


@pytest.mark.parametrize("key", ["reached", "required"])
def test_of_parameters_too(tmp_path: Path, key: str) -> None:
    words = [DECLARED.replace("owner: agent", f"owner: agent, params: {{amount: {{type: amount, label: amount{more}}}}}")
             for more in ("", f", {key}: true")]  # fmt: skip
    then = "{recommend: call, amount: order.value}"
    result = compared(tmp_path, then, then, (words[0], words[1]))
    (left,) = result.not_compared
    assert (left.because, left.why, left.keys) == (("call",), "not-looked-for", (key,))
    (shown,) = result.effects
    assert (shown.actions, shown.because) == (("call",), ("call",))
    assert [each["action"] for each in shown.witness.case["acts"]] == ["call"]


def test_a_fixed_time_is_shown_where_the_step_is_held(tmp_path: Path) -> None:
    """Its due time is shown although it is held; that of the other is not."""
    hold = "{hold: call, until: {done: refund}}"
    result = compared(
        tmp_path, f"{WITHIN}, {hold}", f"{WITHIN.replace('opened_at}', 'opened_at, fixed: true}')}, {hold}"
    )
    (left,) = [each for each in result.not_compared if each.why == "not-looked-for"]
    assert left.keys == ("fixed",)
    (shown,) = result.effects
    assert (shown.how, shown.actions, shown.because) == ("otherwise", ("call",), ("one",))
    assert shown.before[0]["due"] != shown.after[0]["due"]


def test_whom_a_hold_waits_for_is_shown_by_the_step_that_ends_it(tmp_path: Path) -> None:
    """What we wait for ourselves is due in time; what the customer is to do is not."""
    hold = "{hold: call, until: {done: refund}}"
    result = compared(
        tmp_path,
        f"{WITHIN}, {hold}",
        f"{WITHIN}, {hold.replace('refund}}', 'refund}, waits_for: customer}')}",
    )
    (left,) = [each for each in result.not_compared if each.why == "not-looked-for"]
    assert left.keys == ("waits_for",)
    (shown,) = result.effects
    assert (shown.how, shown.actions, shown.because) == ("otherwise", ("refund",), ("one",))
    assert (shown.before[0]["due"] is None, shown.after[0]["due"] is None) == (False, True)
