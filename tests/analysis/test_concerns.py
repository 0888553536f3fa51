"""Each kind of concern in a small policy: shown by a case that the policy itself decides, or proven; and no false alarm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from escalation_rules import Analysis, Concern, Policy, PolicyError, analyse
from escalation_rules.tools.analysis.result import gone, instead

VOCABULARY = """\
format: 1
languages: [en]
name: small
vocabulary:
  phases: [{first: first}]
  roles: [{agent: agent}, {lead: lead}]
  principles: [{fair: fair}]
  facts:
    case.opened_at: {type: instant, label: opened}
    order.late: {type: flag, label: late, question: Is it late?}
    order.lost: {type: flag, label: lost, question: Is it lost?}
    order.count: {type: count, label: number, question: How many?}
    order.shut: {type: flag, label: shut, concluded: true}
    order.note: {type: text, label: note, question: What does it say?}
  actions:
    call: {label: call, phase: first, owner: agent}
    refund: {label: refund, phase: first, owner: agent}
    ask: {label: ask, phase: first, owner: agent}
ruleset: small
label: small
principle: fair
rules:
"""
CALL = "{recommend: call, within: 1 hour of case.opened_at}"


def policy(tmp_path: Path, *rules: str, answers: str = "") -> Policy:
    folder = tmp_path / "policy"
    folder.mkdir(exist_ok=True)
    (folder / "policy.yaml").write_text(VOCABULARY + "".join(rules), encoding="utf-8")
    if answers:
        (folder / ".analysis.yaml").write_text(answers, encoding="utf-8")
    return Policy.load(folder, engine="plain")


def rule(name: str, when: str, *then: str, more: str = "") -> str:
    return f"  - id: {name}\n    source: x\n    when: {when}\n{more}    then: [{', '.join(then)}]\n    because: so\n"


def concerns(result: Analysis) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.kind, each.rules) for each in result.concerns]


def only(result: Analysis) -> Concern:
    assert result.undecided == ()
    (concern,) = result.concerns
    return concern


def test_one_rule_recommends_what_another_one_forbids(tmp_path: Path) -> None:
    made = policy(
        tmp_path, rule("do", "{order.late: true}", CALL), rule("dont", "{order.lost: true}", "{forbid: call}")
    )
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("conflict", ("do", "dont"), "call")
    assert concern.witness is not None
    assert dict(concern.witness.case["facts"]) == {"order.late": True, "order.lost": True}
    (forbidden,) = made.decide(concern.witness.case, at=concern.witness.at).forbidden
    assert (forbidden.wanted, {each.rule for each in forbidden.because}) == (True, {"do", "dont"})


@pytest.mark.parametrize(
    "other",
    [
        rule("dont", "{order.late: false}", "{forbid: call}"),  # never both
        rule("dont", "{order.lost: true}", "{forbid: call, by: lead}"),  # somebody else
        rule("dont", "{order.lost: true}", "{forbid: refund}"),  # something else
    ],
)
def test_no_conflict_where_there_is_none(tmp_path: Path, other: str) -> None:
    result = analyse(policy(tmp_path, rule("do", "{order.late: true}", CALL), other))
    assert concerns(result) == []
    assert result.clean


def test_two_owners(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("one", "{order.late: true}", CALL.replace("call,", "call, owner: agent,")),
        rule("two", "{order.lost: true}", CALL.replace("call,", "call, owner: lead,")),
    )
    concern = only(analyse(made))
    assert (concern.kind, set(concern.rules)) == ("two-ways", {"one", "two"})
    assert concern.witness is not None
    (held,) = made.decide(concern.witness.case, at=concern.witness.at).held
    assert [(each.kind, each.name) for each in held.needs] == [("parameter", "owner")]


JOBS = """\
  records:
    jobs:
      each: job
      label: jobs
      absent: none
      fields:
        big: {type: flag, label: big, question: Big?}
        ours: {type: flag, label: ours, question: Ours?}
        price: {type: amount, label: price, question: How much?}
"""
PAY = "pay: {label: pay, phase: first, owner: agent, about: %s, params: {amount: {type: amount, label: amount}}}"


def of_jobs(tmp_path: Path, about: str, *rules: str) -> Policy:
    text = VOCABULARY.replace("  actions:\n", f"{JOBS}  actions:\n    {PAY % about}\n") + "".join(rules)
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    return Policy.load(tmp_path, engine="plain")


def paid(name: str, when: str, amount: str) -> str:
    step = f"{{recommend: pay, amount: {amount}, within: 1 hour of case.opened_at}}"
    return rule(name, when, step, more="    for_each: jobs\n")


@pytest.mark.parametrize(
    "amount",
    [
        "{share: 90%, of: job.price}",
        "{less: {share: 10%, of: job.price}, from: job.price}",
        "{TWD: 100}",
    ],
)
def test_two_amounts_that_are_worked_out(tmp_path: Path, amount: str) -> None:
    made = of_jobs(
        tmp_path, "jobs", paid("one", "{big: true}", amount), paid("two", "{ours: true}", "job.price")
    )
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("two-ways", ("one", "two"), "pay")
    assert concern.witness is not None
    (held,) = made.decide(concern.witness.case, at=concern.witness.at).held
    assert [(each.kind, each.name) for each in held.needs] == [("parameter", "amount")]


def test_one_rule_may_contradict_itself_for_two_records(tmp_path: Path) -> None:
    made = of_jobs(tmp_path, "case", paid("one", "{big: true}", "job.price"))
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("two-ways", ("one",), "pay")
    assert concern.witness is not None
    assert len(concern.witness.case["jobs"]) == 2
    own = of_jobs(tmp_path, "jobs", paid("one", "{big: true}", "job.price"))
    assert concerns(analyse(own)) == []


def test_amounts_of_rules_that_exclude_each_other(tmp_path: Path) -> None:
    one, two = (
        paid("one", "{big: true}", "{share: 90%, of: job.price}"),
        paid("two", "{big: false}", "job.price"),
    )
    assert concerns(analyse(of_jobs(tmp_path, "jobs", one, two))) == []


def test_two_deadlines(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("one", "{order.late: true}", CALL),
        rule("two", "{order.lost: true}", CALL.replace("1 h", "2 h")),
    )
    concern = only(analyse(made))
    assert (concern.kind, concern.rules) == ("two-deadlines", ("one", "two"))
    assert concern.witness is not None
    (step,) = made.decide(concern.witness.case, at=concern.witness.at).plan
    assert {each.rule for each in step.because} == {"one", "two"}


def test_a_narrower_rule_may_be_quicker(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("one", "{order.late: true}", CALL.replace("1 h", "2 h")),
        rule("two", "{order.late: true, order.lost: true}", CALL),
    )
    assert concerns(analyse(made)) == []


def test_a_hold_whose_end_can_never_come(tmp_path: Path) -> None:
    until = "{hold: refund, until: {order.late: true, order.count: {at_least: 3, below: 2}}}"
    made = policy(tmp_path, rule("one", "{order.lost: true}", until))
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("endless-hold", ("one",), "refund")
    assert concern.witness is not None
    verdict = made.check(concern.witness.case, "refund", at=concern.witness.at)
    assert (verdict.verdict, [each.rule for each in verdict.because]) == ("held", ["one"])


HOLD = "{hold: refund, until: {done: ask}}"


def test_a_hold_that_waits_for_what_is_forbidden_meanwhile(tmp_path: Path) -> None:
    made = policy(tmp_path, rule("one", "{order.lost: true}", HOLD, "{forbid: ask}"))
    (found,) = analyse(made).concerns
    assert (found.kind, found.rules) == ("endless-hold", ("one",))
    # The case is one in which it is known that the hold applies, not one in which that has to be found out.
    assert found.witness is not None
    assert dict(found.witness.case["facts"]) == {"order.lost": True}


def kept_waiting(tmp_path: Path, ban: str, *more: str) -> Policy:
    """A step that has to wait for `ask`, and a rule that forbids that in some cases."""
    step = rule("step", "{order.late: true}", "{recommend: refund, within: 1 hour of case.opened_at}")
    return policy(tmp_path, step, rule("wait", "{order.late: true}", HOLD), ban, *more)


def test_a_step_that_waits_for_what_is_forbidden_in_some_cases(tmp_path: Path) -> None:
    made = kept_waiting(tmp_path, rule("ban", "{order.lost: true}", "{forbid: ask}"))
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("endless-hold", ("wait", "ban"), "refund")
    assert concern.witness is not None
    assert dict(concern.witness.case["facts"]) == {"order.late": True, "order.lost": True}
    decision = made.decide(concern.witness.case, at=concern.witness.at)
    assert (decision.plan, decision.missing, decision.review_at) == ((), (), None)  # nothing to do, for ever
    assert [(each.action, each.wanted) for each in decision.held] == [("refund", True)]
    (forbidden,) = decision.forbidden
    assert (forbidden.action, {each.rule for each in forbidden.because}) == ("ask", {"wait", "ban"})


@pytest.mark.parametrize(
    "ban",
    [
        rule("ban", "{order.late: false}", "{forbid: ask}"),  # nothing waits then
        rule("ban", "{order.lost: true}", "{forbid: ask, by: lead}"),  # somebody else can
        rule(
            "ban", "{order.lost: true, case.opened_at: {newer_than: 2 days}}", "{forbid: ask}"
        ),  # for two days
        rule("ban", "{order.lost: true, not_done: call}", "{forbid: ask}"),  # until it is done
    ],
)
def test_a_hold_that_can_end(tmp_path: Path, ban: str) -> None:
    found = concerns(analyse(kept_waiting(tmp_path, ban)))
    assert found == []


def test_what_ends_by_time_or_an_act_may_be_concluded(tmp_path: Path) -> None:
    ban = rule("ban", "{order.shut: true}", "{forbid: ask}")
    shut = rule("shut", "{order.lost: true, case.opened_at: {newer_than: 2 days}}", "{conclude: order.shut}")
    assert concerns(analyse(kept_waiting(tmp_path, ban, shut))) == []


def test_a_rule_that_never_fires_is_proven(tmp_path: Path) -> None:
    concern = only(analyse(policy(tmp_path, rule("one", "{order.count: {at_least: 3, below: 2}}", CALL))))
    assert (concern.kind, concern.rules, concern.witness) == ("never-fires", ("one",), None)


def test_a_rule_that_adds_nothing(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("wide", "{order.late: true}", CALL),
        rule("narrow", "{order.late: true, order.lost: true}", CALL),
    )
    concern = only(analyse(made))
    assert (concern.kind, concern.rules) == ("always-covered", ("narrow", "wide"))
    assert concern.witness is not None
    (step,) = made.decide(concern.witness.case, at=concern.witness.at).plan
    assert {each.rule for each in step.because} == {"narrow", "wide"}


def test_a_step_without_a_deadline(tmp_path: Path) -> None:
    made = policy(tmp_path, rule("one", "{order.late: true}", "{recommend: call}"))
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("no-deadline", ("one",), "call")
    assert concern.witness is not None
    (step,) = made.decide(concern.witness.case, at=concern.witness.at).plan
    assert (step.due, step.within) == (None, None)


def test_a_deadline_that_never_starts(tmp_path: Path) -> None:
    """`within:` alone, for an action without an anchor, is never due."""
    made = policy(tmp_path, rule("one", "{order.late: true}", "{recommend: call, within: 1 hour}"))
    concern = only(analyse(made))
    assert (concern.kind, concern.rules, concern.action) == ("no-deadline", ("one",), "call")
    assert concern.witness is not None
    (step,) = made.decide(concern.witness.case, at=concern.witness.at).plan
    assert (step.due, str(step.within)) == (None, "1 hour")
    both = policy(tmp_path, rule("one", "{order.late: true}", "{recommend: call, within: 1 hour}"), rule(
        "two", "{order.late: true}", CALL.replace("1 hour", "1 day")))  # fmt: skip
    assert ("no-deadline", ("one",)) not in concerns(analyse(both))


GAP = "needs_a_step: {order.late: true}\n"


def test_a_case_that_needs_a_step_and_has_none(tmp_path: Path) -> None:
    made = policy(tmp_path, rule("one", "{order.late: true, order.lost: true}", CALL), answers=GAP)
    result = analyse(made)
    assert concerns(result) == [("gap", ()), ("gap", ())]
    assert result.undecided == ()
    shown = [each.witness for each in result.concerns if each.witness is not None]
    assert [dict(each.case["facts"]) for each in shown] == [
        {"order.late": True, "order.lost": False},
        {"order.late": True},
    ]
    assert [made.decide(each.case, at=each.at).plan for each in shown] == [(), ()]
    covered = policy(tmp_path, rule("one", "{order.late: true}", CALL), answers=GAP)
    assert concerns(analyse(covered)) == []


ANSWERED = """\
answered:
  - concern: conflict
    rules: [do, dont]
    because: The lead decides.
"""


def test_an_answer_settles_a_concern_and_goes_stale_with_it(tmp_path: Path) -> None:
    rules = rule("do", "{order.late: true}", CALL), rule("dont", "{order.lost: true}", "{forbid: call}")
    result = analyse(policy(tmp_path, *rules, answers=ANSWERED))
    assert (only(result).answer, result.clean, result.stale) == ("The lead decides.", True, ())
    apart = rule("do", "{order.late: true, order.lost: false}", CALL), rules[1]
    later = analyse(policy(tmp_path, *apart, answers=ANSWERED))
    assert (later.concerns, [each.rules for each in later.stale], later.clean) == (
        (),
        [("do", "dont")],
        False,
    )
    assert json.loads(json.dumps(later.to_dict()))["stale"][0]["position"]["line"] == 2


def test_a_stale_answer_says_which_finding_is_gone_and_what_is_found_instead(tmp_path: Path) -> None:
    answers = ANSWERED.replace("conflict", "two-deadlines").replace("[do, dont]", "[one, two, three]")
    whens = {"one": "{order.late: true}", "two": "{order.lost: true}", "three": "{order.count: {above: 3}}"}
    rules = [rule(name, when, CALL.replace("1 h", f"{number} h"))
             for number, (name, when) in enumerate(whens.items(), start=1)]  # fmt: skip
    assert analyse(policy(tmp_path, *rules, answers=answers)).clean
    rules[2] = rule("three", "{order.count: {above: 3}}", "{recommend: call, within: 3 hours}")
    result = analyse(policy(tmp_path, *rules, answers=answers))
    (stale,) = result.stale
    assert gone(result, stale) == ("three",)
    assert [(each.kind, each.rules) for each in instead(result, stale)] == [("no-deadline", ("three",))]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ("[]\n", "the file is not a mapping"),
        ("answered: {}\n", "`answered:` needs a list"),
        ("answered: [1]\n", "an answer is a mapping"),
        ("answered:\n  - {concern: conflikt, rules: [do], because: so}\n", "did you mean 'conflict'?"),
        ("answered:\n  - {concern: conflict, rules: [dou], because: so}\n", "did you mean 'do'?"),
        ("answered:\n  - {concern: conflict, rules: [do]}\n", "missing `because:`"),
        ("answered:\n  - {concern: conflict, because: so}\n", "missing `rules:`"),
        ("anwsered: []\n", "did you mean 'answered'?"),
        ("needs_a_step: {order.lat: true}\n", "did you mean 'order.late'?"),
    ],
)
def test_what_is_wrong_with_answers_is_told_at_its_line(tmp_path: Path, answers: str, problem: str) -> None:
    made = policy(tmp_path, rule("do", "{order.late: true}", CALL), answers=answers)
    with pytest.raises(PolicyError) as caught:
        analyse(made)
    (diagnostic,) = caught.value.diagnostics
    assert ".analysis.yaml:" in str(diagnostic)
    assert problem in str(diagnostic)


def test_what_takes_years_is_not_never(tmp_path: Path) -> None:
    made = policy(tmp_path, rule("one", "{case.opened_at: {older_than: 1500 days}}", CALL))
    assert concerns(analyse(made)) == []


def test_a_text_with_more_words_than_can_be_told_apart_is_some_text(tmp_path: Path) -> None:
    words = ", ".join("abcdefghijklmnop")
    wanted = rule("wanted", f"{{order.note: {{contains: [{words}]}}}}", CALL)
    result = analyse(
        policy(tmp_path, wanted, rule("banned", "{order.note: {contains: a}}", "{forbid: call}"))
    )
    assert concerns(result) == []
    assert [(each.kind, each.rules) for each in result.undecided] == [("conflict", ("wanted", "banned"))]


def test_a_hold_for_each_record_that_waits_for_what_is_forbidden_meanwhile(tmp_path: Path) -> None:
    fields = "fields: {bad: {type: flag, label: bad, question: Bad?}}"
    items = f"  records:\n    items: {{each: item, label: items, absent: none, {fields}}}\n"
    text = VOCABULARY.replace("  actions:\n", f"{items}  actions:\n").replace(
        "refund: {label: refund,", "refund: {label: refund, about: items,"
    ).replace("ask: {label: ask,", "ask: {label: ask, about: items,") + rule(
        "one", "{bad: true}", HOLD, "{forbid: ask}", more="    for_each: items\n"
    )
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    concern = only(analyse(Policy.load(tmp_path, engine="plain")))
    assert (concern.kind, concern.rules, concern.action) == ("endless-hold", ("one",), "refund")


def test_rules_that_escalate_one_another_in_a_chain_have_no_two_deadlines(tmp_path: Path) -> None:
    made = policy(
        tmp_path,
        rule("one", "{order.late: true}", CALL),
        rule("two", "{order.lost: true}", CALL.replace("1 h", "2 h"), more="    escalates: one\n"),
        rule(
            "three",
            "{order.count: {at_least: 3}}",
            CALL.replace("1 h", "3 h"),
            more="    escalates: two\n",
        ),
    )
    assert concerns(analyse(made)) == []


def test_one_concern_about_the_same_rules_and_action_is_told_once(tmp_path: Path) -> None:
    """Both about each record and about the case."""
    fields = "fields: {bad: {type: flag, label: bad, question: Bad?}}"
    items = f"  records:\n    items: {{each: item, label: items, absent: none, {fields}}}\n"
    text = VOCABULARY.replace("  actions:\n", f"{items}  actions:\n").replace(
        "refund: {label: refund,", "refund: {label: refund, about: items,"
    )
    text += rule(
        "do", "{bad: true}", "{recommend: refund, within: 1 hour of case.opened_at}",
        "{recommend: refund, about: case, within: 1 hour of case.opened_at}", more="    for_each: items\n",
    )  # fmt: skip
    text += rule("dont", "{order.lost: true}", "{forbid: refund}")
    (tmp_path / "policy.yaml").write_text(text, encoding="utf-8")
    result = analyse(Policy.load(tmp_path, engine="plain"))
    assert concerns(result) == [("conflict", ("do", "dont"))]


def test_an_undecided_concern_is_not_told_beside_its_case(tmp_path: Path) -> None:
    """One form of the question finds a case, the other is not decided."""
    words = ", ".join("abcdefghijklmnop")
    do = rule("do", "{order.late: true}", CALL)
    dont = rule(
        "dont",
        "{order.lost: true}",
        f"{{forbid: call, where: {{note: {{contains: [{words}]}}}}}}",
        "{forbid: call}",
    )
    text = VOCABULARY.replace(
        "call: {label: call,", "call: {label: call, params: {note: {type: text, label: note}},"
    )
    (tmp_path / "policy.yaml").write_text(
        text + do.replace("call,", "call, note: order.note,") + dont, encoding="utf-8"
    )
    result = analyse(Policy.load(tmp_path, engine="plain"))
    assert (concerns(result), result.undecided) == ([("conflict", ("do", "dont"))], ())
