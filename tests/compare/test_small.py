"""Comparisons of small policies: what is the same is proven, what differs is shown, what cannot be told is said."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from escalation_rules import Comparison, Policy, RequestError, compare
from tests.core.policies import load

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
    order.late: {type: flag, label: the order is late, question: Is it late?}
    order.value: {type: amount, label: value, question: How much?}
    order.count: {type: count, label: number, question: How many?}
    order.note: {type: text, label: note, question: What?}
    order.hopeless: {type: flag, label: hopeless, concluded: true}
  records:
    items:
      each: item
      label: items
      question: Which?
      fields:
        broken: {type: flag, label: broken, question: Is it broken?}
  actions:
    call: {label: call, phase: first, owner: agent}
    refund: {label: refund, phase: first, owner: agent}
  calendar: office
  calendars:
    office: {timezone: Europe/Berlin, hours: {mon-fri: ["09:00-17:00"]}}
ruleset: small
label: small
principle: fair
rules:
"""


def policy(tmp_path: Path, name: str, rules: str) -> Policy:
    folder = tmp_path / name
    folder.mkdir()
    (folder / "policy.yaml").write_text(VOCABULARY + rules, encoding="utf-8")
    return Policy.load(folder, engine="plain")


def rule(name: str, when: str, then: str, more: str = "") -> str:
    return f"  - id: {name}\n    source: x\n    when: {when}\n{more}    then: [{then}]\n    because: so\n"


def compared(tmp_path: Path, old: str, new: str) -> Comparison:
    return compare(policy(tmp_path, "old", old), policy(tmp_path, "new", new))


CALL = "{recommend: call}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{order.late: true}", "{order.late: {is_not: false}}"),
        ("{order.count: {at_least: 3}}", "{order.count: {above: 2}}"),
        ("{any: [{order.late: true}, {order.late: false}]}", "{order.late: given}"),
        ("{none: items}", "{not: {some: items}}"),
        ("{count: items, at_least: 1}", "{some: items}"),
        ("{case.opened_at: {older_than: 24 hours}}", "{case.opened_at: {older_than: 1 day}}"),
        ("{order.value: {above: {EUR: 10}}}", "{order.value: {above: {EUR: 10.00}}}"),
    ],
)
def test_another_wording_is_proven_to_be_the_same(tmp_path: Path, old: str, new: str) -> None:
    result = compared(tmp_path, rule("one", old, CALL), rule("one", new, CALL))
    assert result.effects == ()
    assert result.equivalent


@pytest.mark.parametrize(
    ("old", "new", "how", "case"),
    [
        ("{order.count: {at_least: 3}}", "{order.count: {at_least: 4}}", "no longer", {"facts": {"order.count": 3}}),
        ("{order.late: true}", "{order.late: {is_not: true}}", "now", {"facts": {"order.late": False}}),
        ("{order.late: true}", "{order.late: given}", "now", {"facts": {"order.late": False}}),
        ("{none: items}", "{none: items, order.late: not given}", "no longer", None),
        ("{some: items}", "{count: items, at_least: 2}", "no longer", {"items": [{"id": "item-1"}]}),
        ("{some: items, where: {broken: true}}", "{some: items}", "now", {"items": [{"id": "item-1"}]}),
        ("{order.note: {contains: fire}}", "{order.note: {contains: [fire, smoke]}}", "now", None),
        ("{not_done: refund}", "{order.late: true, not_done: refund}", "no longer", {}),
        ("{during: 09:00-17:00}", "{during: 09:00-18:00}", "now", {}),
        ("{case.opened_at: {older_than: 2 working days}}", "{case.opened_at: {older_than: 3 working days}}", "no longer", None),
        ("{order.value: {above: {EUR: 10}}}", "{order.value: {above: {EUR: 20}}}", "no longer",
         {"currency": "EUR", "facts": {"order.value": 11}}),
    ],
)  # fmt: skip
def test_a_difference_is_shown_by_a_small_case(
    tmp_path: Path, old: str, new: str, how: str, case: dict[str, object] | None
) -> None:
    result = compared(tmp_path, rule("one", old, CALL), rule("one", new, CALL))
    if how == "now" and "during" in new and not result.effects:
        pytest.fail(str(result.not_compared))
    change = next(each for each in result.effects if each.how == how)
    assert (change.head, change.actions, change.because) == ("recommend", ("call",), ("one",))
    if case is not None:
        assert {key: value for key, value in change.witness.case.items() if key != "id"} == case


def test_a_conclusion_that_was_changed_is_found_where_it_leads(tmp_path: Path) -> None:
    def both(bound: int) -> str:
        return rule("far", f"{{order.count: {{at_least: {bound}}}}}", "{conclude: order.hopeless}") + rule(
            "then-call", "{order.hopeless: true}", CALL
        )

    (change,) = compared(tmp_path, both(3), both(5)).effects
    assert (change.how, change.because, dict(change.witness.case["facts"])) == (
        "no longer",
        ("far",),
        {"order.count": 3},
    )


def test_only_words_were_changed(tmp_path: Path) -> None:
    old = rule("one", "{order.late: true}", CALL)
    result = compared(tmp_path, old, old.replace("because: so", "because: it is so"))
    assert [(each.rule, each.parts) for each in result.rules] == [("one", ("because",))]
    assert result.equivalent
    assert result.compared == 0  # equal rules need no solver


def test_a_doubt_that_no_longer_holds_is_told(tmp_path: Path) -> None:
    old = rule("one", "{order.late: true}", "{forbid: refund}")
    new = rule("one", "{order.late: true}", "{forbid: refund, when_unknown: allow}")
    (change,) = compared(tmp_path, old, new).effects
    assert (change.how, change.head, change.actions) == ("no longer", "forbid", ("refund",))
    assert change.before[0]["undecided"] is True


def test_cases_are_as_large_as_a_rule_counts(tmp_path: Path) -> None:
    old = rule("one", "{count: items, at_least: 5}", CALL)
    result = compared(tmp_path, old, rule("one", "{count: items, at_least: 6}", CALL))
    assert [each.how for each in result.effects] == ["no longer"]
    assert result.to_dict()["within"] == {"records": 3, "acts": 3}


def test_the_data_can_be_written_as_json(tmp_path: Path) -> None:
    result = compared(
        tmp_path, rule("one", "{order.late: true}", CALL), rule("two", "{order.late: false}", CALL)
    )
    data = json.loads(json.dumps(result.to_dict("en")))
    assert [(each["how"], each["actions"], each["witness"]["case"]["facts"]) for each in data["effects"]] == [
        ("now", ["call"], {"order.late": False}),
        ("no longer", ["call"], {"order.late": True}),
    ]
    assert [(each["rule"], each["kind"]) for each in data["rules"]] == [("one", "removed"), ("two", "added")]


def test_the_same_policies_give_the_same_comparison(tmp_path: Path) -> None:
    old = policy(tmp_path, "old", rule("one", "{order.late: true, order.count: {above: 2}}", CALL))
    new = policy(tmp_path, "new", rule("one", "{order.late: true, order.count: {above: 7}}", CALL))
    assert json.dumps(compare(old, new).to_dict()) == json.dumps(compare(old, new).to_dict())


def test_without_the_solver_it_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("escalation_rules.solving.solver_available", lambda: False)
    one = policy(tmp_path, "one", rule("one", "{order.late: true}", CALL))
    with pytest.raises(RequestError, match=r"pip install 'escalation-rules\[analysis\]'"):
        compare(one, one)
    assert compare(one, one, in_cases=False).rules == ()


def test_two_changes_that_lead_to_the_same_step_are_both_told(tmp_path: Path) -> None:
    def both(count: int, value: int) -> str:
        return rule("one", f"{{order.count: {{at_least: {count}}}}}", CALL) + rule(
            "two", f"{{order.value: {{above: {{EUR: {value}}}}}}}", CALL
        )

    result = compared(tmp_path, both(3, 30), both(2, 20))
    assert sorted((each.how, each.because) for each in result.effects) == [
        ("now", ("one",)),
        ("now", ("two",)),
    ]


def test_a_rule_that_only_draws_a_conclusion_more_is_told_where_it_leads(tmp_path: Path) -> None:
    reading = rule("far", "{order.count: {at_least: 3}}", "{conclude: order.hopeless}") + rule(
        "not-hopeless", "{order.hopeless: false}", CALL
    )
    more = rule("late", "{order.late: true}", "{conclude: order.hopeless}")
    changes = compared(tmp_path, reading, reading + more).effects
    assert [(each.how, each.because) for each in changes] == [("no longer", ("late",))]


WITHOUT = """
import sys
sys.modules["z3"] = None
from escalation_rules import Policy, compare
from escalation_rules.tools.lint import lint
policy = Policy.load(sys.argv[1], engine="plain")
print(len(lint(policy.model)), compare(policy, policy, in_cases=False).rules)
"""


def test_everything_else_works_where_the_solver_is_not_installed(tmp_path: Path) -> None:
    policy(tmp_path, "one", rule("one", "{order.late: true}", CALL))
    done = subprocess.run([sys.executable, "-c", WITHOUT, str(tmp_path / "one")], capture_output=True, encoding="utf-8",
                          check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith("()\n")


def test_a_deadline_is_told_beside_another_change_of_the_same_rule(tmp_path: Path) -> None:
    """A difference in when a rule holds does not stand for one in what it says."""
    call = "{recommend: call, within: 1 hour of case.opened_at}"
    found = compared(
        tmp_path,
        rule("one", "{order.late: true}", call),
        rule("one", "{order.late: true, order.count: {at_least: 2}}", call.replace("1 hour", "2 hours")),
    )
    assert [(each.how, each.actions, each.because) for each in found.effects] == [
        ("no longer", ("call",), ("one",)),
        ("otherwise", ("call",), ("one",)),
    ]
    (otherwise,) = (each for each in found.effects if each.how == "otherwise")
    assert dict(otherwise.witness.case["facts"])["order.count"] >= 2


def test_whom_a_prohibition_is_for_is_told_beside_another_change_of_the_same_rule(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        rule("one", "{order.late: true}", "{forbid: call}"),
        rule("one", "{order.late: true, order.count: {at_least: 2}}", "{forbid: call, by: lead}"),
    )
    assert [(each.how, each.head) for each in found.effects] == [
        ("no longer", "forbid"),
        ("otherwise", "forbid"),
    ]


COVERED = """
- {id: owed, then: [{recommend: pay, total: x.amount}]}
- {id: limit, then: [{hold: pay, until: {done: {action: approve, covers: total}}}]}
"""
APPROVE = "format: 1\nvocabulary:\n  actions:\n    approve: {phase: inquire, owner: boss, params: {total: {type: amount}}}\n"


def test_an_approval_that_no_longer_has_to_cover_the_amount(tmp_path: Path) -> None:
    """The case has an approval of less than what is asked about: what acts say is looked into."""
    old = load(tmp_path / "old", "plain", COVERED, more=[APPROVE])
    new = load(tmp_path / "new", "plain", COVERED.replace(", covers: total", ""), more=[APPROVE])
    result = compare(old, new)
    (found,) = [each for each in result.effects if each.head == "hold"]
    assert (found.how, found.actions, result.not_compared) == ("no longer", ("pay",), ())
    (approval,) = found.witness.case["acts"]
    verdicts = [
        each.check(found.witness.case, "pay", at=found.witness.at, params=found.witness.params).verdict
        for each in (old, new)
    ]
    assert verdicts == ["held", "allowed"]
    assert approval["action"] == "approve"


def test_a_reminder_that_a_small_approval_ends(tmp_path: Path) -> None:
    rule = """
- {id: remind, when: {x.a: true, not_done: {action: approve, covers: {total: x.amount}}}, then: [{recommend: call}]}
"""
    old = load(tmp_path / "old", "plain", rule, more=[APPROVE])
    new = load(tmp_path / "new", "plain", rule.replace(", covers: {total: x.amount}", ""), more=[APPROVE])
    for one, other, how in ((old, new, "no longer"), (new, old, "now")):
        (found,) = compare(one, other).effects
        assert (found.how, found.actions) == (how, ("call",))
        plans = [
            [step.action for step in each.decide(found.witness.case, at=found.witness.at).plan]
            for each in (one, other)
        ]
        assert sorted(plans) == [[], ["call"]]


def test_the_same_approval_is_proven_to_be_the_same(tmp_path: Path) -> None:
    old, new = (load(tmp_path / name, "plain", COVERED, more=[APPROVE]) for name in ("old", "new"))
    assert compare(old, new).equivalent


def test_whom_a_prohibition_concerns_is_compared_while_it_is_only_ever_undecided(tmp_path: Path) -> None:
    never = "{all: [{order.count: {above: 5}}, {order.count: {below: 3}}]}"
    old, new = (rule("it", never, f"{{forbid: call, by: {roles}}}") for roles in ("[agent, lead]", "[agent]"))
    found = compared(tmp_path, old, new)
    assert not found.equivalent
    assert [(each.how, each.head, each.actions) for each in found.effects] == [
        ("otherwise", "forbid", ("call",))
    ]


def test_what_was_not_looked_for_in_cases_is_not_proven(tmp_path: Path) -> None:
    old = policy(tmp_path, "old", rule("one", "{order.late: true}", CALL))
    new = policy(tmp_path, "new", rule("one", "{order.late: true}", "forbid: call"))
    result = compare(old, new, in_cases=False)
    assert (result.effects, result.proven, result.equivalent) == ((), False, False)


def test_elapsed_time_does_not_depend_on_the_default_calendar(tmp_path: Path) -> None:
    within = "recommend: call, within: 2 {} of case.opened_at"
    second = "    evening: {timezone: Europe/Berlin, hours: {mon-fri: ['12:00-20:00']}}\n"
    compared = []
    for unit in ("hours", "working hours"):
        rules = rule("one", "{order.late: true}", f"{{{within.format(unit)}}}")
        texts = [VOCABULARY.replace("ruleset: small\nlabel", f"{second}ruleset: small\nlabel") + rules]
        texts.append(texts[0].replace("calendar: office", "calendar: evening"))
        folders = [tmp_path / f"{unit}-{number}" for number in range(2)]
        for folder, text in zip(folders, texts, strict=True):
            folder.mkdir()
            (folder / "policy.yaml").write_text(text, encoding="utf-8")
        old, new = (Policy.load(folder, engine="plain") for folder in folders)
        result = compare(old, new)
        compared.append((result.compared, result.proven, [each.because for each in result.effects]))
    assert compared == [(0, True, []), (1, True, [("calendar",)])]


def test_a_deadline_that_became_a_target_is_named(tmp_path: Path) -> None:
    when = "{order.late: true}"
    old = "{recommend: call, within: 1 day of case.opened_at}"
    new = "{recommend: call, within: 1 day of case.opened_at, target: true}"
    result = compared(tmp_path, rule("one", when, old), rule("one", when, new))
    assert not result.proven
    assert [
        (each.actions, each.because, each.part)
        for each in result.not_compared
        if each.why == "not-looked-for"
    ] == [(("call",), ("one",), "audit")]
