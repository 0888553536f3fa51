"""Amounts, other parameters and due times are compared, and so is what they are worked out from; cases are as large as a rule
counts."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from pathlib import Path

import pytest

from escalation_rules import Comparison, Policy, analyse, compare
from escalation_rules.tools.compare import compare as compare_programs
from tests.compare.proofs import few_tries, pairs, plain_cases, wrong_proofs
from tests.oracle.dice import Seeded

TRIP = """\
format: 1
languages: [en]
name: trip
vocabulary:
  phases: [{settle: settle}]
  roles: [{agent: agent}, {leader: leader}, {bank: bank}]
  outside: [bank]
  principles: [{fair: fair}]
  calendar: office
  calendars: {office: {timezone: Europe/Vienna, hours: {mon-fri: ["09:00-17:00"]}}}
  facts:
    trip.delay: {type: duration, label: delay, question: How late?}
    trip.fare: {type: amount, label: fare, question: How much?}
    trip.share: {type: choice, values: [quarter: a quarter, half: half], label: share, concluded: true}
    trip.at: {type: instant, label: when, question: When?}
    trip.over: {type: instant, label: over, question: When was it over?}
  records:
    bags:
      each: bag
      label: bags
      absent: none
      fields:
        lost: {type: flag, label: lost, question: Is it lost?}
        worth: {type: amount, label: worth, question: What is it worth?}
        share: {type: choice, values: [none: nothing, all: all of it], label: share, concluded: true}
  actions:
    offer: {label: offer, phase: settle, owner: agent, about: case, params: {amount: {type: amount, label: amount}}}
    pay_bag: {label: pay the bag, phase: settle, owner: agent, about: bags, params: {amount: {type: amount, label: amount}}}
    approve: {label: approve, phase: settle, owner: leader, by: [leader], about: case,
              params: {amount: {type: amount, label: amount}}}
    chargeback: {label: end the chargeback, by: [bank], about: case, outcomes: [won, lost], counts: [won]}
    remind: {label: remind, phase: settle, owner: agent, about: case}
    letter: {label: send a letter, phase: settle, owner: agent, about: case}
ruleset: trip
label: trip
principle: fair
rules:
"""
SHARE = """\
  - id: the-share
    source: x
    then:
      - conclude: trip.share
        first_that_applies: [half: {trip.delay: {at_least: 120 minutes}}]
        otherwise: quarter
    because: so
"""
OFFER = """\
  - id: offer-it
    source: x
    when: {trip.delay: given}
    then:
      - recommend: offer
        amount: {first_that_applies: [{value: {EUR: 300}, when: {trip.share: half}}], otherwise: {EUR: 100}}
    because: so
"""
HOLD = """\
  - id: leader-looks
    source: x
    when: {trip.delay: given}
    then:
      - hold: offer
        where: {amount: {above: {EUR: 200}}}
        until: {done: {action: approve, covers: amount}}
    because: so
"""
BAG = """\
  - id: share-of-a-bag
    source: x
    for_each: bags
    table:
      hit: first
      inputs: [lost, worth]
      outputs: [share]
      rows: [[true, {above: {EUR: 50}}, all]]
      otherwise: none
    because: so
  - id: pay-it
    source: x
    for_each: bags
    when: {lost: given}
    then:
      - recommend: pay_bag
        amount: {first_that_applies: [{value: {share: 50%, of: bag.worth}, when: {share: all}}], otherwise: {EUR: 10}}
    because: so
"""


def loaded(folder: Path, rules: str) -> Policy:
    folder.mkdir()
    (folder / "policy.yaml").write_text(TRIP + rules, encoding="utf-8")
    return Policy.load(folder, engine="plain")


def compared(tmp_path: Path, old: str, *changes: tuple[str, str]) -> tuple[Comparison, tuple[Policy, Policy]]:
    new = old
    for before, after in changes:
        assert before in new
        new = new.replace(before, after)
    both = loaded(tmp_path / "old", old), loaded(tmp_path / "new", new)
    return compare(*both), both


def amounts(policy: Policy, result: Comparison) -> list[str]:
    (effect,) = result.effects
    decision = policy.decide(effect.witness.case, at=effect.witness.at)
    steps = [each for each in decision.plan if each.action in effect.actions]
    return [str(each.params.get("amount", "unknown")) for each in steps]


def test_a_conclusion_that_an_amount_reads(tmp_path: Path) -> None:
    result, both = compared(tmp_path, SHARE + OFFER, ("120 minutes", "180 minutes"))
    (effect,) = result.effects
    assert (effect.how, effect.head, effect.actions, effect.because) == (
        "otherwise",
        "recommend",
        ("offer",),
        ("the-share",),
    )
    one, other = (amounts(each, result) for each in both)
    assert ("300" in one[0], "100" in other[0]) == (True, True)


def test_a_hold_that_an_amount_decides(tmp_path: Path) -> None:
    """The step is held in one policy only, by a rule that was not changed."""
    result, (old, new) = compared(tmp_path, SHARE + OFFER + HOLD, ("120 minutes", "180 minutes"))
    amount, effect = result.effects
    assert (amount.how, effect.how, effect.is_of_blocking) == ("otherwise", "now", True)
    before, after = (each.decide(effect.witness.case, at=effect.witness.at) for each in (old, new))
    assert [each.action for each in before.held if each.wanted] == ["offer"]
    assert [each.action for each in after.plan] == ["offer"]
    assert effect.because == ("the-share",)


def test_a_table_about_records(tmp_path: Path) -> None:
    result, both = compared(tmp_path, BAG, ("above: {EUR: 50}", "above: {EUR: 80}"))
    (effect,) = result.effects
    assert (effect.how, effect.about, effect.because) == ("otherwise", "bags", ("share-of-a-bag",))
    one, other = (amounts(each, result) for each in both)
    assert one != other


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{EUR: 7}", "{EUR: 8}"),
        ("{share: 50%, of: trip.fare}", "{share: 60%, of: trip.fare}"),
        ("{least_of: [trip.fare, {EUR: 70}]}", "{least_of: [trip.fare, {EUR: 80}]}"),
        ("{total_of: [trip.fare, {EUR: 1}]}", "{total_of: [trip.fare, {EUR: 2}]}"),
        ("{sum: bags.worth}", "{sum: bags.worth, where: {lost: true}}"),
        ("{CHF: 7, EUR: 7}", "{CHF: 8, EUR: 7}"),
        (
            "{times: {EUR: 35}, of: {full: 12 hours, since: trip.at, until: trip.over}}",
            "{times: {EUR: 35}, of: {started: 12 hours, since: trip.at, until: trip.over}}",
        ),
    ],
)
def test_an_amount_that_the_rule_itself_states(tmp_path: Path, before: str, after: str) -> None:
    rule = "  - {id: offer-it, source: x, when: {trip.delay: given}, then: [{recommend: offer, amount: %s}], because: so}\n"
    result, both = compared(tmp_path, rule % before, (before, after))
    (effect,) = result.effects
    assert (effect.how, effect.head, result.not_compared) == ("otherwise", "recommend", ())
    one, other = (amounts(each, result) for each in both)
    assert one != other
    assert one != []


def test_a_limit_that_is_worked_out(tmp_path: Path) -> None:
    rule = """\
  - id: limit
    source: x
    then: [{forbid: offer, where: {amount: {above: {from: {EUR: 50}, less: {sum: bags.worth}}}}}]
    because: so
"""
    result, (old, new) = compared(tmp_path, rule, ("EUR: 50", "EUR: 60"))
    (effect,) = result.effects
    assert (effect.how, effect.head) == ("no longer", "forbid")
    verdicts = [each.check(effect.witness.case, "offer", at=effect.witness.at, params=effect.witness.params).verdict
                for each in (old, new)]  # fmt: skip
    assert verdicts == ["forbidden", "allowed"]


def test_the_same_amount_of_another_form_is_proven_to_be_the_same(tmp_path: Path) -> None:
    """The condition of an amount is another one in words only."""
    result, _ = compared(tmp_path, SHARE + OFFER, ("{at_least: 120 minutes}", "{at_least: 2 hours}"))
    assert result.equivalent
    other = tmp_path / "other"
    other.mkdir()
    result, _ = compared(other, SHARE + OFFER, ("{trip.delay: {at_least: 120 minutes}}",
                                                "{none: [{trip.delay: {below: 2 hours}}]}"))  # fmt: skip
    assert result.equivalent


@pytest.mark.parametrize("number", [3, 4, 5])
def test_acts_as_many_as_a_rule_counts(tmp_path: Path, number: int) -> None:
    rule = """\
  - id: letter-it
    source: x
    when: {all: [{done: {action: remind, at_least: %d}}, {not_done: approve}]}
    then: [{recommend: letter, within: 7 days}]
    because: so
"""
    result, (old, new) = compared(tmp_path, rule % number, (", {not_done: approve}", ""))
    (effect,) = result.effects
    assert (effect.how, result.not_compared) == ("now", ())
    plans = [
        [step.action for step in each.decide(effect.witness.case, at=effect.witness.at).plan]
        for each in (old, new)
    ]
    assert plans == [[], ["letter"]]


def test_a_number_beyond_all_cases_is_not_compared(tmp_path: Path) -> None:
    rule = "  - {id: r, source: x, when: {done: {action: remind, at_least: 30}}, then: [{recommend: letter}], because: so}\n"
    result, (old, _) = compared(tmp_path, rule, ("30", "31"))
    (left,) = result.not_compared
    assert (left.why, left.actions, result.proven, result.equivalent) == (
        "too-large",
        ("letter",),
        False,
        False,
    )
    assert [each.kind for each in analyse(old).undecided] == ["never-fires", "no-deadline"]


def test_a_rule_that_counts_further_than_usual_can_apply(tmp_path: Path) -> None:
    rules = """\
  - {id: acted, source: x, when: {done: {action: remind, at_least: 4}}, then: [{recommend: letter, within: 1 day}], because: so}
  - {id: counted, source: x, when: {count: bags, where: {lost: true}, at_least: 5}, then: [{recommend: offer, within: 1 day}],
     because: so}
  - {id: never, source: x, when: {count: bags, where: {all: [{lost: true}, {lost: false}]}, at_least: 4},
     then: [{recommend: remind, within: 1 day}], because: so}
"""
    found = analyse(loaded(tmp_path / "policy", rules))
    assert [each.rules for each in found.concerns if each.kind == "never-fires"] == [("never",)]
    assert not found.undecided


def test_a_time_that_can_differ_is_named(tmp_path: Path) -> None:
    """Since when a rule has held is not what the solver looks at; it decides when a step is due."""
    rule = """\
  - {id: one, source: x, when: {done: remind}, then: [{recommend: letter, within: 1 day of trip.at}], because: so}
  - {id: two, source: x, when: {trip.fare: given}, then: [{recommend: letter, within: 1 day of trip.at}], because: so}
"""
    result, _ = compared(
        tmp_path, rule, ("{trip.fare: given}", "{all: [{trip.fare: given}, {not_done: remind}]}")
    )
    differ = {(each.head, each.actions) for each in result.effects}
    told = differ | {(each.head, each.actions) for each in result.not_compared}
    assert told == {("recommend", ("letter",))}


@pytest.mark.parametrize(
    ("before", "after", "action"),
    [
        ("owner: leader, by: [leader]", "owner: agent, by: [leader, agent]", "approve"),
        (
            "bags:\n      each: bag\n      label: bags\n      absent: none",
            "bags:\n      each: bag\n      label: bags",
            "remind",
        ),
        ('mon-fri: ["09:00-17:00"]', 'mon-tue: ["09:00-17:00"]', "letter"),
    ],
    ids=["who approves", "what a list means that is not mentioned", "hours of the default calendar"],
)
def test_a_declaration_that_rules_use(tmp_path: Path, before: str, after: str, action: str) -> None:
    rules = (
        SHARE
        + OFFER
        + HOLD
        + """\
  - {id: no-bags, source: x, when: {none: bags}, then: [{recommend: remind}], because: so}
  - {id: late, source: x, when: {trip.at: {older_than: 3 working days}}, then: [{recommend: letter}], because: so}
"""
    )
    for name, text in (("old", TRIP), ("new", TRIP.replace(before, after))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + rules, encoding="utf-8")
    assert before in TRIP
    both = [Policy.load(tmp_path / each, engine="plain") for each in ("old", "new")]
    result = compare(*both)
    told = {name for each in result.effects for name in each.actions}
    assert action in told | {name for each in result.not_compared for name in each.actions}
    for each in result.effects if action != "approve" else ():  # the hold is asked about with parameters
        one, other = (policy.decide(each.witness.case, at=each.witness.at) for policy in both)
        assert one.plan != other.plan


def test_a_pause_that_an_action_declares(tmp_path: Path) -> None:
    """Found by `tests.compare.proofs`."""
    rule = "  - {id: r, source: x, then: [{recommend: letter, within: 1 day of trip.at}], because: so}\n"
    letter = "letter: {label: send a letter, phase: settle, owner: agent, about: case"
    text = TRIP.replace(letter, letter + ", paused_while: {trip.delay: given}")
    assert text != TRIP
    for name, each in (("old", text), ("new", text.replace("trip.delay: given", "trip.fare: given"))):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(each + rule, encoding="utf-8")
    result = compare(*(Policy.load(tmp_path / each, engine="plain") for each in ("old", "new")))
    assert [(each.name, each.parts) for each in result.vocabulary] == [("letter", ("paused_while",))]
    told = {name for each in result.effects for name in each.actions} | {
        name for each in result.not_compared for name in each.actions
    }
    assert told == {"letter"}


def test_parameters_of_one_name_and_two_types(tmp_path: Path) -> None:
    """Found by `tests.compare.proofs`: the parameter of one action is no value for that of the other."""
    text = TRIP.replace(
        "remind: {label: remind,",
        "remind: {label: remind, params: {amount: {type: duration, label: length}},",
    )
    rules = """\
  - {id: one, source: x, then: [{forbid: offer, where: {amount: {above: {EUR: 5}}}}], because: so}
  - {id: two, source: x, then: [{forbid: remind, where: {amount: {above: 5 minutes}}}], because: so}
"""
    for name, each in (
        ("old", rules),
        ("new", rules.replace("EUR: 5", "EUR: 6").replace("5 minutes", "6 minutes")),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(text + each, encoding="utf-8")
    result = compare(*(Policy.load(tmp_path / each, engine="plain") for each in ("old", "new")))
    assert sorted((each.how, each.actions) for each in result.effects) == [
        ("no longer", ("offer",)), ("no longer", ("remind",))
    ]  # fmt: skip


def test_what_is_forbidden_by_default_is_named(tmp_path: Path) -> None:
    both = [loaded(tmp_path / "old", SHARE + OFFER)]
    (tmp_path / "new").mkdir()
    text = TRIP.replace("name: trip\n", "name: trip\nonly_what_is_recommended: true\n", 1)
    (tmp_path / "new" / "policy.yaml").write_text(text + SHARE + OFFER, encoding="utf-8")
    result = compare(both[0], Policy.load(tmp_path / "new", engine="plain"))
    (left,) = result.not_compared
    assert (left.head, left.because, result.proven) == ("forbid", ("only_what_is_recommended",), False)
    assert "letter" in left.actions


@pytest.mark.parametrize("seed", range(6))
def test_no_difference_where_none_is_reported(seed: int) -> None:
    """A short form of `python -m tests.compare.proofs`."""
    for number, (made, old, new, mutant) in enumerate(islice(pairs(f"short/{seed}", 2), 2)):
        with few_tries():
            found = compare_programs(old, new)
        wrong = list(
            islice(wrong_proofs(old, new, found, plain_cases(Seeded(f"{seed} {number}"), made, 150)), 1)
        )
        assert not wrong, (mutant.owner, mutant.kind, mutant.before, mutant.after)


LATE = """\
  - id: pay-what-is-late
    source: x
    when: {trip.at: {after: 2 working days after trip.promised_at}}
    then: [{recommend: offer, amount: {least_of: [trip.fare, {EUR: 50}]}}]
    because: so
"""


@pytest.mark.parametrize(
    "time",
    ["after: 2 working days after trip.promised_at", "before: 3 working hours after trip.promised_at",
     "overdue_after: 2 working days"],
)  # fmt: skip
def test_a_case_is_found_although_a_rule_depends_on_the_calendar(tmp_path: Path, time: str) -> None:
    old = LATE.replace("after: 2 working days after trip.promised_at", time)
    promised = "    trip.promised_at: {type: instant, label: promised, question: When?}\n  records:\n"
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    for name, text in (("old", old), ("new", old.replace("EUR: 50", "EUR: 60"))):
        whole = TRIP.replace("  records:\n", promised, 1) + text
        (tmp_path / name / "policy.yaml").write_text(whole, encoding="utf-8")
    both = [Policy.load(tmp_path / name, engine="plain") for name in ("old", "new")]
    result = compare(*both)
    (effect,) = result.effects
    assert (effect.how, effect.head, effect.actions) == ("otherwise", "recommend", ("offer",))
    one, other = (amounts(each, result) for each in both)
    assert ("50" in one[0], "50" in other[0]) == (True, False)


def test_the_same_parameter_of_two_approvals(tmp_path: Path) -> None:
    """A smaller limit beside it waits for an approval of its own, with a parameter of the same name."""
    agree = "    agree: {label: agree, by: [leader], about: case, params: {amount: {type: amount, label: amount}}}\n"
    two = TRIP.replace("    chargeback:", f"{agree}    chargeback:")
    small = HOLD.replace("leader-looks", "leader-agrees").replace("200", "100").replace("approve", "agree")
    for name, text in (("old", HOLD + small), ("new", HOLD.replace(", covers: amount", "") + small)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.yaml").write_text(two + text, encoding="utf-8")
    result = compare(*(Policy.load(tmp_path / name, engine="plain") for name in ("old", "new")))
    (effect,) = result.effects
    assert (effect.how, effect.actions, effect.because) == ("no longer", ("offer",), ("leader-looks",))
    assert sorted(each["action"] for each in effect.witness.case["acts"]) == ["agree", "approve"]


AGED = """\
  - id: leader-looks
    source: x
    then: [{hold: offer, until: {done: {action: approve, newer_than: 12 months}}}]
    because: so
"""


def test_an_approval_that_ages_earlier(tmp_path: Path) -> None:
    """The clocks change between the approval and the decision: six months are not so many hours."""
    result, _ = compared(tmp_path, AGED, ("12 months", "6 months"))
    assert [(each.how, each.head, each.actions) for each in result.effects] == [("now", "hold", ("offer",))]
    assert result.proven


def test_an_example_is_of_the_past_if_possible(tmp_path: Path) -> None:
    rule = HOLD.replace("trip.delay: given", "trip.at: {newer_than: 2 working days}")
    result, _ = compared(tmp_path, rule, ("EUR: 200", "EUR: 300"))
    (effect,) = result.effects
    assert datetime.fromisoformat(effect.witness.case["facts"]["trip.at"]) <= effect.witness.at
