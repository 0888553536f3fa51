"""Limits on the parameters of a step (`where:`): examined with what the rules state, or named as not decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Analysis, Policy, analyse
from tests.analysis.test_concerns import VOCABULARY, concerns, rule

PARAMS = """\
    pay:
      label: pay
      phase: first
      owner: agent
      params:
        amount: {type: amount, label: amount, combine: %s}
        way: {type: choice, label: way, values: [{cash: cash}, {card: card}, {voucher: voucher}]}
        note: {type: text, label: note}
        times: {type: count, label: times}
        ours: {type: flag, label: ours}
"""
FACTS = """\
    order.price: {type: amount, label: price, question: How much?}
    order.fee: {type: amount, label: fee, question: How much?}
    order.way: {type: choice, label: way, question: How?, values: [{cash: cash}, {card: card}, {voucher: voucher}]}
"""
BAN = "{forbid: pay, where: {%s}}"


def policy(tmp_path: Path, *rules: str, combine: str = "same") -> Policy:
    text = VOCABULARY.replace("  actions:\n", f"{FACTS}  actions:\n{PARAMS % combine}")
    (tmp_path / "policy.yaml").write_text(text + "".join(rules), encoding="utf-8")
    return Policy.load(tmp_path, engine="plain")


def pays(name: str, when: str, *stated: str) -> str:
    return rule(
        name, when, f"{{{', '.join(('recommend: pay', *stated, 'within: 1 hour of case.opened_at'))}}}"
    )


def analysed(tmp_path: Path, stated: str, limit: str) -> Analysis:
    made = policy(
        tmp_path, pays("do", "{order.late: true}", stated), rule("dont", "{order.lost: true}", BAN % limit)
    )
    result = analyse(made)
    for each in result.concerns:
        assert each.witness is not None
        (forbidden,) = made.decide(each.witness.case, at=each.witness.at).forbidden
        assert (forbidden.wanted, {one.rule for one in forbidden.because}) == (True, {"do", "dont"})
    return result


@pytest.mark.parametrize(
    ("stated", "limit"),
    [
        ("amount: {TWD: 500}", "amount: {above: {TWD: 300}}"),
        ("amount: order.price", "amount: {above: {TWD: 300}}"),
        ("amount: order.price", "amount: {above: order.fee}"),
        ("amount: {share: 50%, of: order.price}", "amount: {at_least: {TWD: 300}}"),
        ("amount: {round: {share: 50%, of: order.price}, to: {TWD: 100}}", "amount: {above: {TWD: 300}}"),
        ("amount: {round: {TWD: 280}, to: {TWD: 100}, how: up}", "amount: {at_least: {TWD: 300}}"),
        ("amount: {least_of: [order.price, {TWD: 301}]}", "amount: {above: {TWD: 300}}"),
        ("way: cash", "way: cash"),
        ("way: cash", "way: {in: [cash, voucher]}"),
        ("way: order.way", "way: card"),
        ("times: 3", "times: {above: 2}"),
        ("note: never", "note: {contains: never}"),
        ("note: order.note", "note: {contains: never}"),
        ("times: 3", "times: given"),
        ("ours: true", "ours: true"),
        ("ours: order.lost", "ours: true"),
        ("way: {first_that_applies: [{value: cash, when: {order.lost: true}}], otherwise: card}", "way: cash"),
    ],
)  # fmt: skip
def test_a_step_is_recommended_with_what_a_limit_forbids(tmp_path: Path, stated: str, limit: str) -> None:
    result = analysed(tmp_path, stated, limit)
    assert (concerns(result), result.undecided) == ([("conflict", ("do", "dont"))], ())


@pytest.mark.parametrize(
    ("stated", "limit"),
    [
        ("amount: {TWD: 300}", "amount: {above: {TWD: 300}}"),
        ("amount: {least_of: [order.price, {TWD: 300}]}", "amount: {above: {TWD: 300}}"),
        ("amount: {round: {TWD: 349}, to: {TWD: 100}}", "amount: {above: {TWD: 300}}"),
        ("amount: {round: {least_of: [order.price, {TWD: 349}]}, to: {TWD: 100}}", "amount: {above: {TWD: 300}}"),
        ("amount: {less: order.fee, from: {TWD: 300}}", "amount: {above: {TWD: 300}}"),
        ("way: card", "way: cash"),
        ("note: often", "note: {contains: never}"),
        ("times: 2", "times: {above: 2}"),
        ("times: 2", "amount: {above: {TWD: 300}}"),  # left open: whoever does it fills it in
        ("times: 2", "amount: not given"),
        ("times: 2", "times: not given"),
        ("ours: order.lost", "ours: false"),
        ("way: {first_that_applies: [{value: cash, when: {order.lost: false}}], otherwise: card}", "way: cash"),
    ],
)  # fmt: skip
def test_a_step_within_its_limit(tmp_path: Path, stated: str, limit: str) -> None:
    result = analysed(tmp_path, stated, limit)
    assert (concerns(result), result.undecided, result.clean) == ([], (), True)


@pytest.mark.parametrize(("combine", "together"), [("sum", True), ("max", False), ("min", False)])
def test_amounts_of_two_rules_that_exceed_a_limit_together(
    tmp_path: Path, combine: str, together: bool
) -> None:
    made = policy(
        tmp_path,
        pays("one", "{order.late: true}", "amount: {TWD: 200}"),
        pays("two", "{order.count: {above: 3}}", "amount: {TWD: 150}"),
        rule("dont", "{order.lost: true}", BAN % "amount: {above: {TWD: 300}}"),
        combine=combine,
    )
    result = analyse(made)
    assert [(each.kind, each.rules) for each in result.undecided] == []
    assert concerns(result) == (
        [("conflict", ("one", "dont")), ("conflict", ("two", "dont"))] if together else []
    )


def test_what_is_forbidden_by_a_limit_to_somebody_else(tmp_path: Path) -> None:
    ban = "{forbid: pay, by: lead, where: {amount: {above: {TWD: 300}}}}"
    made = policy(
        tmp_path,
        pays("do", "{order.late: true}", "amount: {TWD: 500}"),
        rule("dont", "{order.lost: true}", ban),
    )
    assert analyse(made).clean


def test_a_limit_that_cannot_be_decided_is_named(tmp_path: Path) -> None:
    """A text can contain any words: no case is found for seven of them, and no proof that there is none."""
    limit = ", ".join("abcdefghijklmnop")
    result = analysed(tmp_path, "note: order.note", f"note: {{contains: [{limit}]}}")
    assert [(each.kind, each.rules, each.answer) for each in result.undecided] == [
        ("conflict", ("do", "dont"), None)
    ]
    assert (result.unanswered, result.stale, result.clean) == ((), (), False)
    answer = "answered: [{concern: conflict, rules: [do, dont], because: The lead reads it.}]\n"
    (tmp_path / ".analysis.yaml").write_text(answer, encoding="utf-8")
    answered = analyse(Policy.load(tmp_path, engine="plain"))
    assert ([each.answer for each in answered.undecided], answered.clean) == (["The lead reads it."], True)


def test_a_step_held_for_what_it_says(tmp_path: Path) -> None:
    """The hold waits for what is forbidden, but only with another amount than the step has."""
    hold = "{hold: pay, until: {done: ask}, where: {amount: {above: {TWD: 300}}}}"
    rules = rule("wait", "{order.late: true}", hold), rule("ban", "{order.lost: true}", "{forbid: ask}")
    small = policy(tmp_path, pays("do", "{order.late: true}", "amount: {TWD: 300}"), *rules)
    assert (concerns(result := analyse(small)), result.undecided) == ([], ())
    big = policy(tmp_path, pays("do", "{order.late: true}", "amount: {TWD: 500}"), *rules)
    assert concerns(analyse(big)) == [("endless-hold", ("wait", "ban"))]
