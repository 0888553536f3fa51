"""Cases that no rule covers: different ones first, all of them if they are few, and whether there may be more."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Analysis, Concern, Policy, PolicyError, analyse
from escalation_rules.tools.analysis.checks import Checks
from tests.analysis.test_concerns import CALL, VOCABULARY, policy, rule

LATE = "needs_a_step: {order.late: given}\n"


def gaps(result: Analysis) -> list[Concern]:
    return [each for each in result.concerns if each.kind == "gap"]


def facts(result: Analysis) -> list[dict[str, object]]:
    return [dict(each.witness.case["facts"]) for each in gaps(result) if each.witness is not None]


def settled(result: Analysis) -> list[dict[str, object]]:
    """The facts of the gaps in which nothing is left to be asked."""
    return [dict(each.witness.case["facts"]) for each in gaps(result) if each.witness and not each.asks]


def test_few_gaps_are_all_shown_and_that_is_proven(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("one", "{order.late: true, order.lost: true}", CALL),
        rule("two", "{order.late: false, order.count: {above: 2}}", CALL),
        answers=LATE,
    )
    result = analyse(made)
    assert settled(result) == [
        {"order.late": False, "order.count": 2},
        {"order.late": True, "order.lost": False},
    ]
    assert result.all_gaps_shown
    assert [[(near.rule, near.but_for.to_data()) for near in each.near] for each in gaps(result)][:2] == [
        [("two", {"order.count": {"above": 2}})],
        [("one", {"order.lost": {"equals": True}})],
    ]
    # Last a case in which something is still asked for: there the policy says what to find out.
    assert [each.asks for each in gaps(result)] == [(), (), ("order.lost",)]


def test_without_a_gap_nothing_is_said(tmp_path: Path) -> None:
    result = analyse(policy(tmp_path, rule("one", "{order.late: given}", CALL), answers=LATE))
    assert (gaps(result), result.all_gaps_shown, result.clean) == ([], True, True)


def many(tmp_path: Path, count: int, answers: str = LATE) -> Policy:
    """A policy with a gap for each kind of order, near a rule of its own."""
    kinds = ", ".join(f"{{k{number}: k{number}}}" for number in range(count))
    fact = f"    order.kind: {{type: choice, values: [{kinds}], label: kind, question: Which?}}\n"
    text = VOCABULARY.replace("    order.shut:", f"{fact}    order.shut:") + "".join(
        rule(f"r{number}", f"{{order.kind: k{number}, order.lost: true}}", CALL) for number in range(count)
    )
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    (tmp_path / ".analysis.yaml").write_text(answers, encoding="utf-8")
    return Policy.load(tmp_path, engine="plain")


def test_more_gaps_than_are_shown(tmp_path: Path) -> None:
    needs = "needs_a_step: {order.kind: given, order.lost: false}\n"
    made = many(tmp_path, 9, needs)
    result = analyse(made)
    shown = settled(result)
    assert len(shown) == 6
    assert len({each["order.kind"] for each in shown}) == 6  # each near another rule
    assert not result.all_gaps_shown
    more = analyse(made, most_gaps=30)
    assert {each["order.kind"] for each in settled(more)} == {f"k{number}" for number in range(9)}
    assert more.all_gaps_shown


def test_the_question_can_be_narrowed(tmp_path: Path) -> None:
    made = many(tmp_path, 9, "needs_a_step: {order.lost: false}\n")
    result = analyse(made, gaps_in="{order.kind: {in: [k7, k8]}}")
    assert {each["order.kind"] for each in settled(result)} == {"k7", "k8"}
    assert result.all_gaps_shown
    assert {each.kind for each in result.concerns} == {"gap"}
    with pytest.raises(PolicyError, match=r"did you mean 'order\.kind'"):
        analyse(made, gaps_in="{order.kin: k7}")


def test_narrowing_looks_for_gaps_only_and_needs_no_file(tmp_path: Path) -> None:
    made = policy(
        tmp_path, rule("do", "{order.late: true}", CALL), rule("dont", "{order.late: true}", "{forbid: call}")
    )
    result = analyse(made, gaps_in="{order.late: false}")
    assert [(each.kind, each.answer) for each in result.concerns] == [("gap", None)]
    assert facts(result) == [{"order.late": False}]


def test_each_range_of_a_number_is_a_gap_of_its_own_and_not_each_limit(tmp_path: Path) -> None:
    """Limits inside a gap do not divide it."""
    made = policy(
        tmp_path,
        rule("low", "{order.count: {above: 2, below: 5}}", CALL),
        rule("high", "{order.count: {above: 20}}", CALL),
        rule("lost", "{order.count: {above: 10}, order.lost: true}", CALL),
        answers="needs_a_step: {order.count: given, order.lost: false}\n",
    )
    result = analyse(made)
    counts = [each["order.count"] for each in settled(result)]
    assert len(counts) == 2
    assert {count <= 2 for count in counts if isinstance(count, int)} == {True, False}
    assert all(count <= 2 or 5 <= count <= 20 for count in counts if isinstance(count, int))
    assert result.all_gaps_shown


RECORDS = (
    "  records:\n    items: {each: item, label: items, absent: none, fields: "
    "{bad: {type: flag, label: bad, question: Bad?}, old: {type: flag, label: old, question: Old?}}}\n"
)


def test_a_gap_in_one_record_is_not_shown_again_with_more_records(tmp_path: Path) -> None:
    text = VOCABULARY.replace("  actions:\n", f"{RECORDS}  actions:\n") + rule(
        "one", "{bad: true, old: true}", CALL, more="    for_each: items\n"
    )
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    (tmp_path / ".analysis.yaml").write_text("needs_a_step: {some: items}\n", encoding="utf-8")
    result = analyse(Policy.load(tmp_path, engine="plain"))
    shown = [each.witness.case["items"] for each in gaps(result) if each.witness and not each.asks]
    assert {str(sorted(each.items())) for (each,) in shown} == {
        "[('bad', False), ('id', 'item-1')]",
        "[('id', 'item-1'), ('old', False)]",
    }
    assert result.all_gaps_shown


# --- answers --------------------------------------------------------------------------------------------------------------

ANSWER = "answered:\n  - {concern: gap, cases: {order.late: false}, because: Nothing to do.}\n"


def test_an_answer_covers_the_gaps_in_cases_that_it_describes(tmp_path: Path) -> None:
    rules = rule("one", "{order.late: true, order.lost: true}", CALL)
    result = analyse(policy(tmp_path, rules, answers=LATE + ANSWER))
    assert [(each.answer, dict(each.witness.case["facts"])) for each in gaps(result) if each.witness][:2] == [
        ("Nothing to do.", {"order.late": False}),
        (None, {"order.late": True, "order.lost": False}),
    ]
    assert (result.all_gaps_shown, result.clean, result.stale) == (True, False, ())
    covered = analyse(policy(tmp_path, rule("one", "{order.late: true}", CALL), answers=LATE + ANSWER))
    assert covered.clean


def test_an_answer_about_gaps_has_an_exception_that_must_be_known(tmp_path: Path) -> None:
    """As in a rule: while it is unknown, the answer counts."""
    answer = ANSWER.replace("because:", "unless: {order.lost: true}, because:")
    result = analyse(policy(tmp_path, rule("one", "{order.late: true}", CALL), answers=LATE + answer))
    assert [(each.answer, dict(each.witness.case["facts"])) for each in gaps(result) if each.witness] == [
        ("Nothing to do.", {"order.late": False}),
        (None, {"order.late": False, "order.lost": True}),
    ]
    assert result.all_gaps_shown


def test_an_answer_about_gaps_that_are_gone_is_stale(tmp_path: Path) -> None:
    result = analyse(policy(tmp_path, rule("one", "{order.late: given}", CALL), answers=LATE + ANSWER))
    assert [each.because for each in result.stale] == ["Nothing to do."]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("{concern: gap, because: so}", "missing `cases:`"),
        ("{concern: gap, cases: {order.lat: true}, because: so}", "did you mean 'order.late'?"),
        (
            "{concern: conflict, rules: [one], unless: {order.late: true}, because: so}",
            "only with `concern: gap`",
        ),
        (
            "{concern: gap, cases: {order.late: true}, unless: {order.lat: true}, because: so}",
            "did you mean 'order.late'?",
        ),
        (
            "{concern: conflict, rules: [one], cases: {order.late: true}, because: so}",
            "only with `concern: gap`",
        ),
    ],
)
def test_an_answer_about_gaps_says_of_which_cases(tmp_path: Path, answer: str, problem: str) -> None:
    made = policy(
        tmp_path, rule("one", "{order.late: true}", CALL), answers=f"{LATE}answered:\n  - {answer}\n"
    )
    with pytest.raises(PolicyError) as caught:
        analyse(made)
    assert problem in str(caught.value.diagnostics[0])


def test_a_case_has_a_step_if_any_of_its_records_has(tmp_path: Path) -> None:
    text = VOCABULARY.replace("  actions:\n", f"{RECORDS}  actions:\n").replace(
        "call: {label: call,", "call: {label: call, about: items,"
    ) + rule("one", "{bad: true}", "{recommend: call}", more="    for_each: items\n")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    made = Policy.load(tmp_path, engine="plain")
    result = analyse(made, gaps_in="{some: items, where: {bad: true}}")
    assert (gaps(result), result.undecided, result.all_gaps_shown) == ([], (), True)


@pytest.mark.parametrize(
    ("gaps_in", "has"),
    [
        ("{order.note: {contains: [urgent]}}", "urgent"),
        ("{order.note: {equals: soon}}", "soon"),
        ("{count: items, at_least: 5}", "item-5"),
        ("{order.price: {above: {CNY: 70}}}", "CNY"),
    ],
)
def test_what_only_the_question_names_can_be_in_a_case(tmp_path: Path, gaps_in: str, has: str) -> None:
    """Texts, currencies and numbers of records that no rule names."""
    price = "    order.price: {type: amount, label: price, question: How much?}\n"
    text = VOCABULARY.replace("  actions:\n", f"{RECORDS}  actions:\n").replace(
        "    order.shut:", f"{price}    order.shut:"
    )
    (tmp_path / "policy.yaml").write_text(text + rule("one", "{order.late: true}", CALL), encoding="utf-8")
    result = analyse(Policy.load(tmp_path, engine="plain"), gaps_in=f"{{order.late: false, {gaps_in[1:]}")
    (gap,) = [each for each in gaps(result) if not each.asks]
    assert gap.witness is not None
    assert has in str(dict(gap.witness.case))
    assert result.all_gaps_shown


def test_whether_there_is_a_gap_may_stay_open(tmp_path: Path) -> None:
    """The solver does not look into texts that are searched for many words."""
    words = ", ".join("abcdefghijklmnop")
    made = policy(tmp_path, rule("one", "{order.note: {contains: a}}", CALL))
    result = analyse(made, gaps_in=f"{{order.note: {{contains: [{words}]}}}}")
    assert [(each.kind, each.rules) for each in result.undecided] == [("gap", ())]
    assert (gaps(result), result.all_gaps_shown) == ([], False)


def test_gaps_with_other_facts_come_before_other_values_of_the_same(tmp_path: Path) -> None:
    kinds = ", ".join(f"{{k{number}: k{number}}}" for number in range(9))
    fact = f"    order.kind: {{type: choice, values: [{kinds}], label: kind, question: Which?}}\n"
    text = VOCABULARY.replace("    order.shut:", f"{fact}    order.shut:") + rule(
        "one", "{order.kind: k8, order.late: true, order.lost: true}", CALL
    )
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    result = analyse(
        Policy.load(tmp_path, engine="plain"), gaps_in="{case.opened_at: not given}", most_gaps=3
    )
    assert {frozenset(each) for each in settled(result)} == {
        frozenset({name}) for name in ("order.kind", "order.late", "order.lost")
    }


WAITS = "{hold: call, until: {done: ask}}"


@pytest.mark.parametrize(
    "more",
    [
        rule("two", "{order.lost: true}", "{forbid: call}"),
        rule("two", "{order.lost: true}", "{forbid: call, by: [agent]}"),
        rule("two", "{order.lost: true}", WAITS, "{forbid: ask}"),
    ],
)
def test_a_step_that_is_blocked_for_ever_is_none(tmp_path: Path, more: str) -> None:
    result = analyse(
        policy(
            tmp_path,
            rule("one", "{order.late: true}", CALL) + more,
            answers="needs_a_step: {order.late: true}\n",
        )
    )
    assert settled(result) == [{"order.late": True, "order.lost": True}]
    assert "call" in gaps(result)[0].blocked
    assert result.all_gaps_shown


@pytest.mark.parametrize(
    "more",
    [
        rule("two", "{order.lost: true}", WAITS),  # the act is a step
        rule("two", "{order.lost: true}", "{forbid: call, by: [lead]}"),  # somebody else's
        rule(
            "two", "{order.lost: true, case.opened_at: {newer_than: 2 days}}", "{forbid: call}"
        ),  # for a time
        rule("two", "{order.lost: true, not_done: ask}", "{forbid: call}"),  # until something was done
    ],
)
def test_a_step_that_waits_is_a_step(tmp_path: Path, more: str) -> None:
    answers = "needs_a_step: {order.late: true}\n"
    result = analyse(policy(tmp_path, rule("one", "{order.late: true}", CALL) + more, answers=answers))
    assert (gaps(result), [each.kind for each in result.undecided], result.all_gaps_shown) == ([], [], True)


def test_of_each_record(tmp_path: Path) -> None:
    """The step of another record is one."""
    text = VOCABULARY.replace("  actions:\n", f"{RECORDS}  actions:\n").replace(
        "call: {label: call,", "call: {label: call, about: items,"
    )
    text += rule("one", "{bad: true}", "{recommend: call}", more="    for_each: items\n")
    text += rule("two", "{old: true}", "{forbid: call}", more="    for_each: items\n")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    made = Policy.load(tmp_path, engine="plain")
    (gap,) = [
        each for each in gaps(analyse(made, gaps_in="{some: items, where: {bad: true}}")) if not each.asks
    ]
    assert gap.witness is not None
    assert all(each["old"] for each in gap.witness.case["items"] if each["bad"])
    there = "{count: items, where: {bad: true}, at_least: 2, all: [{some: items, where: {bad: true, old: false}}]}"
    result = analyse(made, gaps_in=there)
    assert (gaps(result), result.undecided) == ([], ())


def test_what_there_is_no_time_for_is_named(tmp_path: Path) -> None:
    made = policy(tmp_path, rule("one", "{order.late: true}", CALL), answers=LATE)
    parts: list[float] = []

    def proceed(part: float) -> bool:
        parts.append(part)
        return len(parts) < 2

    result = analyse(made, proceed=proceed)
    assert [each.kind for each in result.not_examined][-1] == "gap"
    assert len(result.not_examined) + 1 == len(list(Checks(made._program).questions())) + 1
    assert (result.clean, gaps(result)) == (False, [])
    assert analyse(made).not_examined == ()


PRESUMED = (
    "    order.kind: {type: choice, presume: plain, values: [{plain: plain}, {dear: dear}, {gift: gift}], label: kind, "
    "question: Which?}\n    order.many: {type: flag, presume: false, label: many, question: Many?}\n"
    "    order.size: {type: count, presume: 1, label: size, question: How many?}\n"
)


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        # Without a step where it is presumed to be plain, and where it is known to be a gift.
        (["{order.late: true, order.kind: dear}"], [{}, {"order.kind": "gift"}]),
        # It makes no difference what it is.
        (["{order.late: true, order.lost: true}"], [{"order.lost": False}]),
        (["{order.late: true, order.kind: gift}", "{order.late: true, order.kind: dear}"], [{}]),
        (["{order.late: true, order.many: true}", "{order.late: true, order.kind: gift}"], [{}, {"order.kind": "dear"}]),
        (["{order.late: true, order.size: {in: [5, 6]}}"], [{}, {"order.size": 0}]),
    ],
)  # fmt: skip
def test_a_gap_by_what_is_presumed_does_not_hide_one_in_which_it_is_not_so(
    tmp_path: Path, rules: list[str], found: list[dict[str, object]]
) -> None:
    text = VOCABULARY.replace("    order.shut:", f"{PRESUMED}    order.shut:")
    text += "".join(rule(f"r{number}", each, CALL) for number, each in enumerate(rules))
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    made = Policy.load(tmp_path, engine="plain")
    result = analyse(made, gaps_in="{order.late: true}")
    assert sorted(map(str, settled(result))) == sorted(str({"order.late": True, **each}) for each in found)
    assert result.all_gaps_shown


def test_a_field_that_is_presumed(tmp_path: Path) -> None:
    records = RECORDS.replace("{bad: {", "{kind: {type: choice, presume: plain, values: [{plain: plain}, {dear: dear}, "
                              "{gift: gift}], label: kind, question: Which?}, bad: {")  # fmt: skip
    text = VOCABULARY.replace("  actions:\n", f"{records}  actions:\n")
    text += rule("one", "{kind: dear}", CALL, more="    for_each: items\n")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    result = analyse(Policy.load(tmp_path, engine="plain"), gaps_in="{some: items}")
    shown = [each.witness.case["items"] for each in gaps(result) if each.witness and not each.asks]
    assert sorted(str([one.get("kind") for one in each]) for each in shown) == ["['gift']", "[None]"]
    assert result.all_gaps_shown
