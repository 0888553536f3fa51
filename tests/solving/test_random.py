"""What the solver proves of two random conditions is so in every random case, and what it finds, a case confirms."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest

from escalation_rules.case import Case
from escalation_rules.errors import CaseError
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.reading import read_policy
from escalation_rules.solving.kleene_terms import Term, conj, negated
from escalation_rules.solving.search import Found, Frame, Search
from escalation_rules.solving.sizes import Bounds
from tests.lint import test_soundness as soundness

MODEL = read_policy([soundness.BASE])
RULESET = next(iter(MODEL.rulesets))


def _model(*conditions: Condition) -> PolicyModel:
    rules = tuple(Rule(f"rule-{number}", RULESET, (), when=each) for number, each in enumerate(conditions))
    rulesets = {RULESET: attrs.evolve(MODEL.rulesets[RULESET], applies_while=None)}
    return attrs.evolve(MODEL, rules=rules, rulesets=rulesets)


def _found(one: Condition, other: Condition) -> Found:
    """A case in which the one is known to hold, and the other is not."""

    def query(frame: Frame) -> Sequence[Term]:
        mine, its = (frame.encoders[0].rule(each, None) for each in frame.encoders[0].model.rules)
        return (conj(mine.yes, negated(its.yes)),)

    def keeps(case: dict[str, Any], at: datetime) -> bool:
        try:
            read = Case.from_mapping(MODEL.vocabulary, case)
        except CaseError:  # what was left out is still referred to
            return False
        situation = soundness.OBSERVER.situation(read.at(at), read.currency, at.astimezone(UTC))
        return one.evaluate(situation, ()) is True and other.evaluate(situation, ()) is not True

    return Search([_model(one, other)], Bounds()).find(query, keeps)


@pytest.mark.parametrize("block", range(4))
def test_a_proof_is_one_and_a_case_is_one(block: int) -> None:
    told = {"none": 0, "case": 0, "unconfirmed": 0, "gave-up": 0}
    for seed in range(60 * block, 60 * (block + 1)):
        dice = random.Random(seed)
        one, other = (soundness._read(soundness._condition(dice, dice.randint(0, 2))) for _ in range(2))
        found = _found(one, other)
        told[found.outcome] += 1
        apart = [each for each in soundness.SITUATIONS
                 if one.evaluate(each, ()) is True and other.evaluate(each, ()) is not True]  # fmt: skip
        assert found.outcome != "none" or not apart, (one.to_data(), other.to_data())
        assert found.outcome != "unconfirmed", (one.to_data(), other.to_data())
    assert told["none"] > 2
    assert told["case"] > 10


def test_a_case_may_say_that_a_list_is_not_known() -> None:
    whatever = {"any": [{"some": "charges"}, {"none": "charges"}]}
    found = _found(soundness._read({"customer.vip": True}), soundness._read(whatever))
    assert found.case == {"id": "witness", "facts": {"customer.vip": True}, "charges": None}
