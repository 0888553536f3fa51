"""A step that is held because rules contradict each other in one policy only is shown as such, with a case."""

from __future__ import annotations

from pathlib import Path

import pytest

from escalation_rules import Comparison, EffectChange, Policy, compare
from escalation_rules.policy.precedence import differing
from tests.compare.test_small import compared as compared_small
from tests.compare.test_small import rule
from tests.compare.test_values import loaded
from tests.core.policies import load

LATE, MANY = "{order.late: true}", "{order.count: {at_least: 3}}"
AGENT, LEAD = "{recommend: call, owner: agent}", "{recommend: call, owner: lead}"


def contradictions(result: Comparison) -> list[EffectChange]:
    return [each for each in result.effects if each.contradicting]


@pytest.mark.parametrize(("first", "second", "how"), [(AGENT, LEAD, "no longer"), (LEAD, AGENT, "now")])
def test_two_owners(tmp_path: Path, first: str, second: str, how: str) -> None:
    one = rule("one", LATE, AGENT)
    result = compared_small(tmp_path, one + rule("two", MANY, first), one + rule("two", MANY, second))
    (found,) = contradictions(result)
    assert (found.how, found.actions, found.contradicting) == (how, ("call",), ("one", "two"))
    assert found.because == ("two",)
    assert dict(found.witness.case["facts"]) == {"order.late": True, "order.count": 3}
    held = found.after if how == "no longer" else found.before
    assert [each["name"] for each in held[0]["needs"]] == ["owner"]
    assert result.proven


def test_rules_of_which_one_escalates_the_other_do_not_contradict_each_other(tmp_path: Path) -> None:
    more = "    escalates: one\n"
    result = compared_small(tmp_path, rule("one", LATE, AGENT) + rule("two", MANY, AGENT, more),
                            rule("one", LATE, AGENT) + rule("two", MANY, LEAD, more))  # fmt: skip
    assert contradictions(result) == []
    assert "contradiction" not in {each.why for each in result.not_compared}


def test_rules_that_never_apply_together_do_not_contradict_each_other(tmp_path: Path) -> None:
    few = "{order.count: {below: 3}}"
    result = compared_small(tmp_path, rule("one", few, AGENT) + rule("two", MANY, AGENT),
                            rule("one", few, AGENT) + rule("two", MANY, LEAD))  # fmt: skip
    assert contradictions(result) == []
    assert result.proven


def test_a_condition_that_lets_more_cases_contradict(tmp_path: Path) -> None:
    """The rules contradict each other in both policies, but in the new one in more cases."""
    one = rule("one", LATE, AGENT)
    old, new = (rule("two", f"{{order.count: {{at_least: {bound}}}}}", LEAD) for bound in (5, 3))
    (found,) = contradictions(compared_small(tmp_path, one + old, one + new))
    assert (found.how, found.because) == ("no longer", ("two",))
    assert 3 <= dict(found.witness.case["facts"])["order.count"] < 5


def test_each_pair_of_rules_is_shown(tmp_path: Path) -> None:
    rules = [
        rule("one", LATE, AGENT),
        rule("two", MANY, AGENT),
        rule("three", "{order.value: {above: {EUR: 5}}}", AGENT),
    ]
    new = [rules[0], *(each.replace("owner: agent", "owner: lead") for each in rules[1:])]
    found = contradictions(compared_small(tmp_path, "".join(rules), "".join(new)))
    assert {each.contradicting for each in found} == {("one", "two"), ("one", "three")}


BAGS = """\
  - id: pay-lost
    source: x
    for_each: bags
    when: {lost: true}
    then: [{recommend: pay_bag, amount: bag.worth}]
    because: so
  - id: pay-dear
    source: x
    for_each: bags
    when: {worth: {above: {EUR: 50}}}
    then: [{recommend: pay_bag, amount: bag.worth}]
    because: so
"""


def test_amounts_that_are_worked_out(tmp_path: Path) -> None:
    first, dear, rest = BAGS.partition("  - id: pay-dear")
    changed = first + dear + rest.replace("bag.worth", "{share: 90%, of: bag.worth}")
    old, new = loaded(tmp_path / "old", BAGS), loaded(tmp_path / "new", changed)
    (found,) = contradictions(compare(old, new))
    assert (found.how, found.because, found.contradicting) == (
        "no longer",
        ("pay-dear",),
        ("pay-dear", "pay-lost"),
    )
    _is_held(new, found)


TOTAL = """\
  - id: offer-for-bags
    source: x
    for_each: bags
    when: {lost: true}
    then: [{recommend: offer, amount: {EUR: 100}, about: case}]
    because: so
"""


def test_one_rule_for_two_records(tmp_path: Path) -> None:
    """The step is about the case; with two bags, the rule states two amounts for it."""
    old = loaded(tmp_path / "old", TOTAL)
    new = loaded(tmp_path / "new", TOTAL.replace("{EUR: 100}", "bag.worth"))
    (found,) = contradictions(compare(old, new))
    assert (found.how, found.because, found.contradicting) == (
        "no longer",
        ("offer-for-bags",),
        ("offer-for-bags",),
    )
    assert len(found.witness.case["bags"]) == 2
    _is_held(new, found)


OWED = (
    "- {id: owed, for_each: LIST, when: {open: true}, then: [{recommend: pay, whole: VALUE, about: case}]}\n"
)


@pytest.mark.parametrize(
    ("of", "value"), [("charges", "first.amount"), ("claims", "{sum: charges.amount, of: first}")]
)
def test_one_rule_that_reads_other_records(tmp_path: Path, of: str, value: str) -> None:
    """The value is that of a record to which the record of the rule refers, or of those that refer to it."""
    old, new = (load(tmp_path / name, "plain", OWED.replace("LIST", of).replace("VALUE", each))
                for name, each in (("old", "{EUR: 100}"), ("new", value)))  # fmt: skip
    (found,) = contradictions(compare(old, new))
    assert (found.how, found.because, found.contradicting) == ("no longer", ("owed",), ("owed",))
    _is_held(new, found)


def _is_held(policy: Policy, change: EffectChange) -> None:
    decision = policy.decide(change.witness.case, at=change.witness.at)
    assert [each.action for each in decision.plan] == []
    assert [each.action for each in decision.held if each.wanted] == [*change.actions]


def test_other_terms_are_shown_where_nothing_contradicts(tmp_path: Path) -> None:
    old = loaded(tmp_path / "old", BAGS.replace("bag.worth", "{EUR: 100}"))
    changed = BAGS.replace("bag.worth", "{EUR: 100}", 1).replace("bag.worth", "{EUR: 90}")
    new = loaded(tmp_path / "new", changed)
    result = compare(old, new)
    (found,) = [each for each in result.effects if each.how == "otherwise"]
    assert [each["params"]["amount"] for each in (*found.before, *found.after)]
    assert result.proven


MEET = """
- {id: asked, when: {x.a: true}, then: [{recommend: meet, chair: {one_of: parties, which: {upset: false}}}]}
- {id: claimed, for_each: claims, when: {open: true}, then: [{recommend: meet, chair: {one_of: parties, which: {upset: false}}}]}
"""
MEETING = """
format: 1
vocabulary:
  actions: {meet: {phase: inquire, owner: boss, about: case, params: {chair: {type: reference, to: parties}}}}
"""


def test_a_value_is_the_same_in_a_rule_for_each_record_and_in_one_for_the_case(tmp_path: Path) -> None:
    same = load(tmp_path / "same", "plain", MEET, more=[MEETING])
    assert list(differing(same.model)) == []
    other = load(tmp_path / "other", "plain", MEET.replace("upset: false", "upset: true", 1), more=[MEETING])
    assert [(one[0].id, two[0].id) for one, two in differing(other.model)] == [("asked", "claimed")]
    (found,) = contradictions(compare(same, other))
    assert (found.how, found.because, found.contradicting) == ("no longer", ("asked",), ("asked", "claimed"))
