"""Changed declarations: who may do an action, and the calendar by which times are counted. Each with a case that shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, Policy, compare
from tests.compare.test_small import VOCABULARY, rule

CALL = "recommend: call, within: 1 working day of case.opened_at"
BY = ("refund: {label: refund, ", "refund: {label: refund, by: [agent, lead], ")
CLOSED = ('{mon-fri: ["09:00-17:00"]}', '{mon-fri: ["09:00-17:00"]}, closed: ["2026-04-15"]')


def pair(
    tmp_path: Path, rules: str, *changes: tuple[str, str], also: str | None = None
) -> tuple[Policy, Policy]:
    """A policy, and one with changes of its vocabulary; `also`: with other rules."""
    text = VOCABULARY
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    found = []
    for name, whole in (("old", VOCABULARY + rules), ("new", text + (rules if also is None else also))):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "policy.yaml").write_text(whole, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    return found[0], found[1]


def told(result: Comparison) -> list[tuple[str, str, tuple[str, ...], tuple[str, ...]]]:
    return [(each.how, each.head, each.actions, each.because) for each in result.effects]


# --- what an act has to state -----------------------------------------------------------------------------------------

BACK = "refund: {params: {back: {type: amount, label: back}}, label: refund, "
STATED = BACK.replace("label: back", "label: back, required: true")


def test_an_act_that_has_to_state_an_amount(tmp_path: Path) -> None:
    rules = rule("one", "{not_done: refund}", "{recommend: call}")
    found = []
    for name, said in (("old", BACK), ("new", STATED)):
        text = VOCABULARY.replace(BY[0], said)
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + rules, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    old, new = found
    result = compare(old, new)
    assert told(result) == [("now", "recommend", ("call",), ("refund",))]
    (act,) = result.effects[0].witness.case["acts"]
    assert (act["action"], "params" in act) == ("refund", False)
    assert told(compare(new, old)) == [("no longer", "recommend", ("call",), ("refund",))]
    assert compare(new, new).proven


# --- who may do it ----------------------------------------------------------------------------------------------------

REFUND = rule("one", "{order.late: true}", "{recommend: refund}")


def test_a_role_that_may_no_longer_do_it(tmp_path: Path) -> None:
    one, both = (BY[1].replace("agent, lead", roles) for roles in ("agent", "agent, lead"))
    new, old = pair(
        tmp_path, REFUND, (BY[0], both)
    )  # anybody may, then these two: the same, as there are no others
    assert compare(new, old).effects == ()
    (tmp_path / "one").mkdir()
    text = VOCABULARY.replace(BY[0], one) + REFUND
    (tmp_path / "one" / "policy.yaml").write_text(text, encoding="utf-8")
    only = Policy.load(tmp_path / "one", engine="plain")
    result = compare(old, only)
    assert told(result) == [
        ("now", "recommend", ("refund",), ("refund",)),
        ("now", "forbid", ("refund",), ("refund",)),
    ]
    assert result.proven
    step, ban = result.effects
    assert [(each["action"], each["by"]) for each in step.witness.case["acts"]] == [("refund", "lead")]
    decided = [each.decide(step.witness.case, at=step.witness.at) for each in (old, only)]
    assert [len(each.plan) for each in decided] == [0, 1]
    assert ban.after[0]["by"] == ["lead"]
    asked = [each.check(ban.witness.case, "refund", by="lead", at=ban.witness.at) for each in (old, only)]
    assert [each.verdict for each in asked] == ["allowed", "forbidden"]
    back = compare(only, old)
    assert [each[:2] for each in told(back)] == [("no longer", "recommend"), ("no longer", "forbid")]


# --- calendars --------------------------------------------------------------------------------------------------------

ONE = rule("one", "{order.late: true}", f"{{{CALL}}}")


@pytest.mark.parametrize(
    "change",
    [
        CLOSED,
        ("mon-fri: [", "mon-sat: ["),
        ("09:00-17:00", "09:00-16:00"),
        ('{mon-fri: ["09:00-17:00"]}', '{mon-fri: ["09:00-17:00"]}, holidays: DE'),
    ],
)
def test_a_changed_calendar_is_shown_by_a_due_time(tmp_path: Path, change: tuple[str, str]) -> None:
    old, new = pair(tmp_path, ONE, change)
    result = compare(old, new)
    assert told(result) == [("otherwise", "recommend", ("call",), ("office",))]
    case, at = result.effects[0].witness.case, result.effects[0].witness.at
    dues = [each.decide(case, at=at).plan[0].due for each in (old, new)]
    assert None not in dues
    assert dues[0] != dues[1]


def test_a_calendar_is_not_blamed_for_what_a_rule_does(tmp_path: Path) -> None:
    two = ONE + rule(
        "two", "{order.count: {above: 2}}", "{recommend: refund, within: 2 working days of case.opened_at}"
    )
    old, new = pair(tmp_path, two, CLOSED, also=two.replace("above: 2}", "above: 3}"))
    found = told(compare(old, new))
    assert ("no longer", "recommend", ("refund",), ("two",)) in found
    assert {each[3] for each in found} == {("two",), ("office",)}


def test_one_closed_day_does_not_take_a_case_for_each_step(tmp_path: Path) -> None:
    """The step that is shown stands for the others, which are named."""
    names = [f"call{letter}" for letter in "abcdefghi"]
    actions = "".join(f"    {name}: {{label: {name}, phase: first, owner: agent}}\n" for name in names)
    rules = "".join(
        rule(f"r-{name}", "{order.late: true}", f"{{{CALL.replace('call', name)}}}") for name in names
    )
    here = "    refund: {label: refund"
    base = VOCABULARY.replace(here, actions + here)
    found = []
    for name, text in (("old", base), ("new", base.replace(*CLOSED))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + rules, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    result = compare(*found)
    assert len(result.effects) == 3
    (left,) = result.not_compared
    assert (left.why, left.part, len(left.actions)) == ("alike", "times", 6)


def test_a_condition_that_counts_by_a_changed_calendar(tmp_path: Path) -> None:
    when = "{case.opened_at: {older_than: 2 working days}}"
    old, new = pair(tmp_path, rule("one", when, "{recommend: call}"), CLOSED)
    assert [each[1:] for each in told(compare(old, new))][:1] == [("recommend", ("call",), ("office",))]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_what_there_is_no_time_for_is_named(tmp_path: Path) -> None:
    two = REFUND + rule("two", "{order.late: true}", "{recommend: call}")
    old, new = pair(tmp_path, two, also=two.replace("order.late: true", "order.late: false"))
    parts: list[float] = []

    def proceed(part: float) -> bool:
        parts.append(part)
        return len(parts) < 2

    result = compare(old, new, proceed=proceed)
    assert {each[2] for each in told(result)} == {("call",)}
    assert [(each.why, each.actions) for each in result.not_compared] == [("no-time", ("refund",))]
    assert parts == [0, 0.5]
    assert not result.proven


def test_steps_that_share_a_case_have_their_own_terms(tmp_path: Path) -> None:
    both = rule(
        "one", "{order.late: true}", "{recommend: call, owner: lead}, {recommend: refund, within: 2 days}"
    )
    old, new = pair(tmp_path, both, also="  []\n")
    result = compare(old, new)
    assert told(result) == [
        ("no longer", "recommend", ("call",), ("one",)),
        ("no longer", "recommend", ("refund",), ("one",)),
    ]
    assert [(each.before[0]["owner"], each.before[0]["within"]) for each in result.effects] == [
        ("lead", None), ("agent", "2 days"),
    ]  # fmt: skip


# --- what is presumed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "test"),
    [
        ("{type: instant, presume: 2026-01-01T00:00:00Z", "{older_than: 2 days}"),
        ("{type: text, presume: hello there", "{contains: hello}"),
        ("{type: text, presume: hello", "hello"),
        ("{type: duration, presume: 2 days", "{above: 1 day}"),
        ("{type: party, presume: agent", "agent"),
        ("{type: amount, presume: 0", "{at_most: {EUR: 1}}"),
        ("{type: count, presume: 3", "{above: 2}"),
        ("{type: flag, presume: true", "true"),
    ],
)  # fmt: skip
def test_a_presumption_of_any_type_is_compared(tmp_path: Path, declared: str, test: str) -> None:
    fact = f"    order.extra: {declared}, label: extra, question: What?}}\n    order.late: "
    rules = rule("one", f"{{order.extra: {test}, order.late: true}}", "{recommend: call}")
    text, found = VOCABULARY.replace("    order.late: ", fact), []
    for name, late in (("old", "true"), ("new", "false")):
        (tmp_path / name).mkdir()
        whole = text + rules.replace("late: true", f"late: {late}")
        (tmp_path / name / "policy.yaml").write_text(whole, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    result = compare(*found)
    assert {each.how for each in result.effects} == {"now", "no longer"}
    assert all("order.extra" not in each.witness.case.get("facts", {}) for each in result.effects)
    assert result.proven


# --- the order --------------------------------------------------------------------------------------------------------


def test_another_order_of_phases_is_not_called_equivalent(tmp_path: Path) -> None:
    """It decides which step comes first, which no case is looked for to show."""
    phases = "phases: [{first: first}"
    old, new = pair(
        tmp_path,
        rule("one", "{case.opened_at: given}", f"{{{CALL}}}"),
        (phases, f"{phases}, {{second: second}}"),
    )
    result = compare(old, new)
    assert (result.equivalent, result.proven, result.effects) == (False, False, ())
    assert [(each.part, each.keys, each.because) for each in result.not_compared] == [
        ("order", ("phase_order",), ())
    ]
    assert compare(new, new).equivalent


@pytest.mark.parametrize(("action", "key"), [("refund", "priority: 9"), ("call", "after: [refund]")])
def test_another_place_of_an_action_among_the_steps_is_not_called_equivalent(
    tmp_path: Path, action: str, key: str
) -> None:
    both = rule("one", "{order.late: true}", "{recommend: call}")
    both += rule("two", "{order.late: true}", "{recommend: refund}")
    change = f"{action}: {{label: {action}, ", f"{action}: {{label: {action}, {key}, "
    old, new = pair(tmp_path, both, change)
    result = compare(old, new)
    assert (result.equivalent, result.proven, result.effects) == (False, False, ())
    assert [(each.part, each.keys, each.because) for each in result.not_compared] == [
        ("order", (key.partition(":")[0],), (action,))
    ]
    first = "call: {label: call, ", "call: {label: call, priority: 9, "
    assert compare(*pair(tmp_path / "same", both, first)).equivalent  # it came first before


# --- who is barred from it ----------------------------------------------------------------------------------------------


BARRED = "refund: {label: refund, ", "refund: {label: refund, not_by: %s, "
CHOSEN = "    order.note:", "    order.clerk: {type: party, label: clerk, question: Who?}\n    order.note:"
PEOPLE = "  records:\n", (
    "  records:\n    parties: {each: party, label: people, absent: none, fields: "
    "{role: {type: party, label: role, question: Which role?}}}\n"
)  # fmt: skip


@pytest.mark.parametrize("people", [(), (PEOPLE,)])
@pytest.mark.parametrize(
    ("barred", "key"), [("call", "acts"), ("order.clerk", "facts")]
)  # fmt: skip
def test_who_is_barred_from_an_action(
    tmp_path: Path, barred: str, key: str, people: tuple[tuple[str, str], ...]
) -> None:
    """Shown by who asks, and by an act that counts in one of the policies only."""
    vocabulary = VOCABULARY
    for before, after in (CHOSEN, *people):
        vocabulary = vocabulary.replace(before, after, 1)
    found = []
    for name, text in (("old", vocabulary), ("new", vocabulary.replace(BARRED[0], BARRED[1] % barred))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + REFUND, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    result = compare(*found)
    assert told(result) == [
        ("now", "recommend", ("refund",), ("refund",)),
        ("now", "forbid", ("refund",), ("refund",)),
    ]
    step, ban = result.effects
    assert {each["action"] for each in step.witness.case["acts"]} >= {"refund"}
    assert key in ban.witness.case
    assert [dict(each)["barred"] for each in ban.after] == [[barred]]
    assert (result.proven, result.not_compared) == (True, ())
    assert [each[0] for each in told(compare(*found[::-1]))] == ["no longer", "no longer"]


@pytest.mark.parametrize("people", [(), (PEOPLE,)])
def test_who_alone_may_do_an_action(tmp_path: Path, people: tuple[tuple[str, str], ...]) -> None:
    """Shown by another person who asks; without people, whoever has the role may do it, and nothing can be shown."""
    vocabulary = VOCABULARY
    for before, after in (CHOSEN, *people):
        vocabulary = vocabulary.replace(before, after, 1)
    found = []
    for name, text in (
        ("old", vocabulary),
        ("new", vocabulary.replace(BARRED[0], BARRED[0] + "by: order.clerk, ")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + REFUND, encoding="utf-8")
        found.append(Policy.load(tmp_path / name, engine="plain"))
    result = compare(*found)
    bans = [each for each in result.effects if each.head == "forbid"]
    assert [each.how for each in bans] == (["now"] if people else [])
    assert bool(result.not_compared) is not bool(people)
    assert not result.equivalent


@pytest.mark.parametrize("kind", ["amount", "count", "flag", "text", "instant", "duration"])
def test_who_is_barred_by_an_act_that_has_to_state_something(tmp_path: Path, kind: str) -> None:
    """An act that does not state it counts for nothing."""
    stated = (
        "call: {label: call, ",
        f"call: {{label: call, params: {{x: {{type: {kind}, label: x, required: true}}}}, ",
    )
    _, old = pair(tmp_path / "old", REFUND, stated)
    _, new = pair(tmp_path / "new", REFUND, stated, (BARRED[0], BARRED[1] % "call"))
    result = compare(old, new)
    assert ("now", "forbid", ("refund",), ("refund",)) in told(result)


# --- groups -------------------------------------------------------------------------------------------------------------


def test_a_member_of_a_group_is_the_change_and_not_the_rules_that_name_the_group(tmp_path: Path) -> None:
    groups = (
        "  calendar: office\n",
        "  groups:\n    talks: {label: talks, actions: [call, refund]}\n  calendar: office\n",
    )
    rules = rule("quiet", "{order.late: true}", "{forbid: talks}") + rule(
        "then", "{done: talks}", "{recommend: call}"
    )
    _, old = pair(tmp_path, rule("x", "{order.late: true}", "{recommend: call}"), groups, also=rules)
    text = VOCABULARY.replace(*groups).replace("actions: [call, refund]", "actions: [call]") + rules
    (tmp_path / "less").mkdir()
    (tmp_path / "less" / "policy.yaml").write_text(text, encoding="utf-8")
    new = Policy.load(tmp_path / "less", engine="plain")
    result = compare(old, new)
    assert told(result) == [
        ("no longer", "recommend", ("call",), ("talks",)),
        ("no longer", "forbid", ("refund",), ("talks",)),
    ]
    assert (result.rules, [(each.of, each.name) for each in result.vocabulary]) == ((), [("group", "talks")])


def test_another_way_to_round_is_shown_by_a_case(tmp_path: Path) -> None:
    back = "refund: {label: refund, ", "refund: {label: refund, params: {back: {type: amount, label: back}}, "
    rounded = "{recommend: refund, back: {round: {share: 50%%, of: order.value}, to: {EUR: 10}, how: %s}}"
    for how, other in (("half_up", "down"), ("half_up", "up"), ("half_up", "half_even")):
        rules = [rule("one", "{order.late: true}", rounded % each) for each in (how, other)]
        _, old = pair(tmp_path / f"{other}-from", REFUND, back, also=rules[0])
        _, new = pair(tmp_path / other, REFUND, back, also=rules[1])
        (change,) = compare(old, new).effects
        values = [dict(each[0])["params"]["back"] for each in (change.before, change.after)]
        assert values[0] != values[1]
