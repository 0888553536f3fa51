"""The random policies have every operator, type of fact and key of an effect: a new one cannot be left out of the comparison
with the oracle in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from escalation_rules.policy.conditions import OPERATORS
from escalation_rules.policy.reading.effect_keys import EFFECT_KEYS
from escalation_rules.values import VALUE_TYPES
from tests.oracle.dice import Seeded
from tests.oracle.generate import policy
from tests.oracle.make_conditions import fitting
from tests.oracle.make_vocabulary import KINDS

REFERENCES = {"reference", "references"}
"""Types that only fields have; every list gets such fields."""
NOT_DECIDED = {"say", "say_to", "target", "in_order"}
"""Texts, what only an audit reads, and another form of several holds: the oracle is not asked about them."""


def effects(made: Any) -> Iterator[Any]:
    for ruleset in made["rulesets"]:
        for rule in ruleset["rules"]:
            yield from rule.get("then", ())


def test_every_operator() -> None:
    assert {key for kind in KINDS for key in fitting(kind)} == {*OPERATORS}


def test_every_type_of_fact() -> None:
    assert {*KINDS} == {each.kind for each in VALUE_TYPES} - REFERENCES


def test_every_key_of_an_effect() -> None:
    drawn = {
        key for seed in range(100) for effect in effects(policy(Seeded(f"keys {seed}"))) for key in effect
    }
    assert EFFECT_KEYS - drawn == NOT_DECIDED
