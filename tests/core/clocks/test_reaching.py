"""Letters G and H: an act does no more than it did. Steps that are apart, and amounts and levels that must be reached."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from escalation_rules import Money, PolicyError
from escalation_rules.tools.lint import lint
from tests.core.clocks.desk import Desk, act, entry, history, on

Plain = Any
MORE = """\
format: 1
vocabulary:
  facts:
    case.loss: {type: amount}
    case.second_loss: {type: amount}
    case.told_at: {type: instant}
    case.team: {type: choice, values: [north, south]}
  records:
    losses:
      each: loss
      absent: none
      fields:
        amount: {type: amount}
        at: {type: instant}
  actions:
    notify:
      phase: handle
      owner: agent
      params:
        level: {type: level, values: [first, second, last], apart: true}
        note: {type: text}
    visit:
      phase: handle
      owner: agent
      about: messages
      params:
        team: {type: choice, values: [north, south], apart: true}
    pay:
      phase: handle
      owner: agent
      about: case
      params: {amount: {type: amount, reached: true}}
    pay_each:
      phase: handle
      owner: agent
      about: case
      params: {amount: {type: amount, combine: sum}}
    pay_some:
      phase: handle
      owner: agent
      params: {amount: {type: amount, combine: sum, reached: false}}
"""


def case(*acts: Plain, **facts: Plain) -> Plain:
    known = {
        "case.opened_at": on("mon 09:00").isoformat(),
        **{k.replace("__", "."): v for k, v in facts.items()},
    }
    return {"id": "T", "currency": "TWD", "facts": known, "acts": list(acts)}


def paid(amount: int | None, said: str, action: str = "pay", **more: Plain) -> Plain:
    said_so = {"params": {"amount": amount}} if amount is not None else {}
    return {**act(action, said), **said_so, **more}


def open_steps(policy: Any, what: Plain, said: str) -> list[tuple[str, Plain]]:
    """The plan as (action, its one parameter)."""
    found = []
    for step in policy.decide(what, at=on(said)).plan:
        (value,) = step.params.values() or (None,)
        found.append((step.action, value.amount if isinstance(value, Money) else value))
    return found


def done_steps(policy: Any, what: Plain, said: str) -> list[str]:
    return [each.action for each in policy.decide(what, at=on(said)).done]


# --- reached ----------------------------------------------------------------------------------------------------------

PAY = "- {id: pay, then: [{recommend: pay, amount: case.loss, within: 1 day of case.opened_at}]}"


@pytest.mark.parametrize(
    ("amounts", "left"),
    [
        ([], 840),
        ([420], 420),
        ([420, 419], 1),
        ([420, 420], None),
        ([900], None),
        ([None], None),
        ([1, None], None),
    ],
)
def test_a_payment_in_part_leaves_the_rest(desk: Desk, amounts: list[int | None], left: int | None) -> None:
    policy = desk(PAY, more=[MORE])
    acts = [paid(each, f"mon 1{number}:00") for number, each in enumerate(amounts)]
    what = case(*acts, case__loss=840)
    assert open_steps(policy, what, "mon 18:00") == ([] if left is None else [("pay", left)])
    assert done_steps(policy, what, "mon 18:00") == (["pay"] if left is None else [])


def test_the_rest_keeps_its_due_and_has_an_id_of_its_own(desk: Desk) -> None:
    policy = desk(PAY, more=[MORE])
    whole = policy.decide(case(case__loss=840), at=on("mon 18:00")).plan[0]
    rest = policy.decide(case(paid(420, "mon 10:00"), case__loss=840), at=on("mon 18:00")).plan[0]
    assert (whole.id, rest.id) == ("T/pay//1", "T/pay//2")
    assert whole.due == rest.due == on("tue 09:00")


def test_what_was_paid_before_the_step_counted_does_not_count(desk: Desk) -> None:
    policy = desk(
        "- {id: pay, then: [{recommend: pay, amount: case.loss, within: 1 day of case.told_at}]}", more=[MORE]
    )
    what = case(paid(420, "mon 10:00"), case__loss=840, case__told_at=on("mon 11:00").isoformat())
    assert open_steps(policy, what, "mon 18:00") == [("pay", 840)]


def test_an_amount_that_is_not_known_is_not_reached(desk: Desk) -> None:
    policy = desk(PAY, more=[MORE])
    (step,) = policy.decide(case(paid(420, "mon 10:00")), at=on("mon 18:00")).plan
    assert (step.params, step.incomplete) == ({}, ("amount",))
    assert open_steps(policy, case(paid(None, "mon 10:00")), "mon 18:00") == []


EACH = """
- id: each
  for_each: losses
  then: [{recommend: pay_each, amount: loss.amount, within: 1 day of loss.at}]
"""


def losses(**found: tuple[int, str]) -> list[Plain]:
    return [
        {"id": name, "amount": amount, "at": on(said).isoformat()} for name, (amount, said) in found.items()
    ]


def test_several_reasons_are_paid_together(desk: Desk) -> None:
    policy = desk(EACH, more=[MORE])
    rows = losses(a=(400, "mon 09:00"), b=(440, "mon 10:00"))
    first = {**case(paid(420, "mon 11:00", "pay_each")), "losses": rows}
    assert open_steps(policy, first, "mon 18:00") == [("pay_each", 420)]
    both = {**first, "acts": [*first["acts"], paid(420, "mon 12:00", "pay_each")]}
    assert open_steps(policy, both, "mon 18:00") == []


def test_a_reason_that_was_met_is_met_and_a_later_one_asks_for_its_own(desk: Desk) -> None:
    policy = desk(EACH, more=[MORE])
    rows = losses(a=(400, "mon 09:00"), b=(440, "tue 10:00"))
    what = {**case(paid(400, "mon 11:00", "pay_each")), "losses": rows}
    (step,) = policy.decide(what, at=on("tue 12:00")).plan
    assert step.due == on("wed 10:00"), "and not that of what is paid"
    assert step.params == {"amount": Money(Decimal(440), "TWD")}
    part = {**what, "acts": [*what["acts"], paid(40, "tue 11:00", "pay_each")]}
    assert open_steps(policy, part, "tue 12:00") == [("pay_each", 400)]


def test_what_need_not_be_reached_is_done_by_any_act(desk: Desk) -> None:
    policy = desk("- {id: p, then: [{recommend: pay_some, amount: case.loss}]}", more=[MORE])
    assert open_steps(policy, case(paid(1, "mon 10:00", "pay_some"), case__loss=840), "mon 18:00") == []


def test_a_reminder_of_the_first_level_does_not_do_the_second(desk: Desk) -> None:
    policy = desk("""
    - {id: one, then: [{recommend: remind, level: first}]}
    - {id: two, when: {case.urgent: true}, then: [{recommend: remind, level: second}]}
    """)
    first, last = (act("remind", "mon 10:00", params={"level": level}) for level in ("first", "last"))
    assert open_steps(policy, case(first), "mon 18:00") == []
    assert open_steps(policy, case(first, case__urgent=True), "mon 18:00") == [("remind", "second")]
    assert open_steps(policy, case(last, case__urgent=True), "mon 18:00") == []
    assert open_steps(policy, case(act("remind", "mon 10:00"), case__urgent=True), "mon 18:00") == []


def test_a_step_that_comes_back_must_be_reached_anew(desk: Desk) -> None:
    policy = desk("- {id: pay, then: [{recommend: pay, amount: case.loss, again: every 1 day}]}", more=[MORE])
    acts = [paid(420, "mon 10:00"), paid(420, "mon 12:00"), paid(100, "tue 13:00")]
    assert open_steps(policy, case(*acts[:1], case__loss=840), "tue 18:00") == [("pay", 420)], "not done yet"
    assert open_steps(policy, case(*acts[:2], case__loss=840), "tue 11:59") == []
    assert open_steps(policy, case(*acts[:2], case__loss=840), "tue 12:00") == [("pay", 840)]
    assert open_steps(policy, case(*acts, case__loss=840), "tue 18:00") == [("pay", 740)]


def test_a_rule_that_is_not_decided_asks_while_its_amount_is_not_reached(desk: Desk) -> None:
    policy = desk(
        """
        - {id: p, when: {case.team: north}, then: [{recommend: pay, amount: case.loss}]}
        """,
        more=[MORE],
    )

    def asked(amount: int) -> list[str]:
        decision = policy.decide(case(paid(amount, "mon 10:00"), case__loss=840), at=on("mon 18:00"))
        return [each.fact for each in decision.missing]

    assert asked(420) == ["case.team"]
    assert asked(840) == []


def test_the_day_of_the_part_is_seen_by_review_and_history(desk: Desk) -> None:
    policy = desk(PAY, more=[MORE])
    what = {
        **history(
            entry("mon 09:00", case__opened_at=on("mon 09:00").isoformat(), case__loss=840),
            entry("mon 10:00", paid(420, "mon 10:00")),
            entry("mon 11:00", paid(420, "mon 11:00")),
        ),
        "currency": "TWD",
    }
    assert [open_steps(policy, what, f"mon {hour}:30") for hour in ("09", "10", "11")] == [
        [("pay", 840)],
        [("pay", 420)],
        [],
    ]
    assert list(policy.audit(what, at=on("wed 09:00"))) == []


def test_what_was_paid_in_part_is_still_owed_when_one_looks_back(desk: Desk) -> None:
    policy = desk(PAY, more=[MORE])
    what = case(paid(420, "mon 10:00"), case__loss=840)
    (breach,) = policy.audit(what, at=on("wed 09:00"))
    assert (breach.kind, breach.at, breach.done_at) == ("omitted", on("tue 09:00"), None)
    (breach,) = policy.audit({**what, "acts": [*what["acts"], paid(420, "tue 12:00")]}, at=on("wed 09:00"))
    assert (breach.kind, breach.at, breach.done_at) == ("late", on("tue 09:00"), on("tue 12:00"))


# --- apart ------------------------------------------------------------------------------------------------------------

NOTIFY = """
- {id: one, then: [{recommend: notify, level: first, within: 1 day of case.opened_at}]}
- {id: two, when: {case.urgent: true}, then: [{recommend: notify, level: second, note: at once}]}
- {id: open, when: {case.waiting: true}, then: [{recommend: notify}]}
"""


def test_steps_that_are_apart_are_steps_of_their_own(desk: Desk) -> None:
    policy = desk(NOTIFY, more=[MORE])
    decision = policy.decide(case(case__urgent=True, case__waiting=True), at=on("mon 10:00"))
    # What is due comes before what is not.
    assert [(each.id, dict(each.params)) for each in decision.plan] == [
        ("T/notify//first/1", {"level": "first"}),
        ("T/notify///1", {}),
        ("T/notify//second/1", {"level": "second", "note": "at once"}),
    ]
    assert [each.because[0].rule for each in decision.plan] == ["one", "open", "two"]
    assert [each.due for each in decision.plan] == [on("tue 09:00"), None, None]


def test_an_act_does_only_the_step_with_its_value(desk: Desk) -> None:
    policy = desk(NOTIFY, more=[MORE])
    first = act("notify", "mon 09:30", params={"level": "first"})
    decision = policy.decide(case(first, case__urgent=True), at=on("mon 10:00"))
    assert [each.id for each in decision.plan] == ["T/notify//second/1"]
    assert [(each.id, dict(each.params)) for each in decision.done] == [
        ("T/notify//first/1", {"level": "first"})
    ]
    unsaid = policy.decide(case(act("notify", "mon 09:30"), case__urgent=True), at=on("mon 10:00"))
    assert (unsaid.plan, [each.id for each in unsaid.done]) == (
        (),
        ["T/notify//first/1", "T/notify//second/1"],
    )
    assert policy.decide(case(first, case__waiting=True), at=on("mon 10:00")).plan == ()


def test_a_value_that_is_not_known_makes_a_step_of_its_own(desk: Desk) -> None:
    policy = desk(
        "- {id: m, for_each: messages, then: [{recommend: visit, team: case.team}, {recommend: visit, team: north}]}",
        more=[MORE],
    )
    what = {**case(), "messages": [{"id": "m1"}]}
    decision = policy.decide(what, at=on("mon 10:00"))
    assert [(each.id, each.incomplete) for each in decision.plan] == [
        ("T/visit/m1/?/1", ("team",)),
        ("T/visit/m1/north/1", ()),
    ]
    assert [each.fact for each in decision.missing] == ["case.team"]
    north = act("visit", "mon 09:30", about="m1", params={"team": "north"})
    assert [each.id for each in policy.decide({**what, "acts": [north]}, at=on("mon 10:00")).plan] == [
        "T/visit/m1/?/1"
    ]
    known = {**case(north, case__team="north"), "messages": what["messages"]}
    assert policy.decide(known, at=on("mon 10:00")).plan == ()


def test_what_holds_one_step_lets_the_other_go(desk: Desk) -> None:
    policy = desk(NOTIFY + "- {id: not-yet, then: [{hold: notify, where: {level: second}, until: {case.waiting: true}}]}\n"
                  "- {id: never, then: [{forbid: notify, where: {level: last}}]}\n", more=[MORE])  # fmt: skip
    decision = policy.decide(case(case__urgent=True), at=on("mon 10:00"))
    assert [each.id for each in decision.plan] == ["T/notify//first/1"]
    assert [(each.action, dict(each.params)) for each in decision.held] == [
        ("notify", {"level": "second", "note": "at once"})
    ]
    words = {
        level: policy.check(case(), "notify", at=on("mon 10:00"), by="agent", params=params).verdict
        for level, params in {
            "first": {"level": "first"},
            "second": {"level": "second"},
            "last": {"level": "last"},
            "unsaid": {},
        }.items()
    }
    assert words == {"first": "allowed", "second": "held", "last": "forbidden", "unsaid": "held"}


def test_two_that_are_forbidden_are_one_prohibition(desk: Desk) -> None:
    policy = desk(NOTIFY + "- {id: never, then: [{forbid: notify}]}", more=[MORE])
    (line,) = policy.decide(case(case__urgent=True), at=on("mon 10:00")).forbidden
    assert (line.wanted, [each.rule for each in line.because]) == (True, ["never", "one", "two"])


def test_they_do_not_conflict_and_changes_tell_them_apart(desk: Desk) -> None:
    policy = desk(NOTIFY, more=[MORE])
    for name in ("T", None):
        before = policy.decide({**case(case__urgent=True), "id": name}, at=on("mon 10:00"))
        now = {**case(act("notify", "mon 10:30", params={"level": "first"}), case__urgent=True), "id": name}
        after = policy.decide(now, at=on("mon 11:00"))
        changes = after.changes_since(before)
        assert changes.recommended == ()
        assert [(each.step.params["level"], each.now) for each in changes.withdrawn] == [("first", "done")]
        assert changes.changed == ()


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [
        ("level: first", "level: second", None),
        ("level: first, owner: agent", "level: second, owner: lead", None),
        ("level: first, note: a", "level: second, note: b", None),
        ("owner: agent", "level: second, owner: lead", None),
        ("level: {first_that_applies: [{value: first, when: {case.waiting: true}}], otherwise: second}, owner: agent",
         "level: last, owner: lead", None),
        ("level: {first_that_applies: [{value: first, when: {case.waiting: true}}], otherwise: last}, owner: agent",
         "level: last, owner: lead", "owner"),
        ("level: case.level, owner: agent", "level: last, owner: lead", "owner"),
        ("level: case.level", "level: last", None),
        ("level: first, owner: agent", "level: first, owner: lead", "owner"),
        ("level: first, note: a", "level: first, note: b", "note"),
    ],
)  # fmt: skip
def test_lint_warns_of_a_conflict_only_where_the_values_that_are_apart_can_be_the_same(
    desk: Desk, one: str, other: str, conflict: str | None
) -> None:
    policy = desk(
        f"""
        - {{id: a, when: {{case.urgent: true}}, then: [{{recommend: notify, {one}}}]}}
        - {{id: b, when: {{case.waiting: true}}, then: [{{recommend: notify, {other}}}]}}
        """,
        more=[
            MORE.replace(
                "case.told_at:", "case.level: {type: level, values: [first, second, last]}\n    case.told_at:"
            )
        ],
    )
    found = [each.message for each in lint(policy.model) if each.code == "conflicting-steps"]
    assert [f"a different {conflict};" in each for each in found] == ([True] if conflict else [])


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ("{type: choice, values: [a, b], reached: true}", "does-not-fit"),
        ("{type: level, values: [a, b], apart: true, combine: max}", "does-not-fit"),
        ("{type: level, values: [a, b], apart: true, reached: true}", "does-not-fit"),
        ("{type: level, values: [a, b], apart: perhaps}", "wrong-value"),
        ("{type: amount, reached: 5}", "wrong-value"),
    ],
)
def test_what_does_not_fit_is_an_error(desk: Desk, parameter: str, code: str) -> None:
    with pytest.raises(PolicyError) as caught:
        desk(
            "- {id: a, then: [{recommend: reply}]}",
            more=[MORE.replace("{type: amount, reached: true}", parameter)],
        )
    assert [each.code for each in caught.value.diagnostics] == [code]
