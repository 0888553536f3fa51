"""What follows from a rule, in words: every form of an effect, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from escalation_rules.policy.model import (
    ActAnchor,
    Conclude,
    Forbid,
    FoundAnchor,
    Hold,
    NameAnchor,
    PolicyModel,
    Recommend,
)
from escalation_rules.policy.parameter_values import (
    Aggregate,
    Chosen,
    Counted,
    DoneTotal,
    FirstThatApplies,
    Given,
    Less,
    ParameterValue,
    Rounded,
    Share,
    Summed,
    Times,
    WorkedOut,
)
from escalation_rules.policy.reading import read_policy
from escalation_rules.texts import LANGUAGES
from escalation_rules.words.sentences import Wording

WORDS = Path(__file__).parent / "words"
SAID = yaml.safe_load((WORDS / "effects" / "said.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def model() -> PolicyModel:
    return read_policy([WORDS / "vocabulary.yaml", WORDS / "effects" / "rules.yaml"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule_id", SAID)
def test_the_effects_of_a_rule_say_this(model: PolicyModel, rule_id: str, language: str) -> None:
    rule, wording = model.rule(rule_id), Wording.of(model.vocabulary, language)
    assert rule is not None
    assert SAID[rule_id][language] == {
        "clauses": [each for effect in rule.effects for each in wording.effect(effect, rule.for_each)],
        "in_short": wording.in_short(rule.effects),
    }


def _within(value: ParameterValue) -> Iterator[ParameterValue]:
    yield value
    for each in value.parts if isinstance(value, WorkedOut) else ():
        yield from _within(each)


def test_every_form_of_an_effect_is_among_them(model: PolicyModel) -> None:
    assert sorted(SAID) == [each.id for each in model.rules]
    effects = [effect for rule in model.rules for effect in rule.effects]
    steps = [each for each in effects if isinstance(each, Recommend)]
    assert {type(each) for each in effects} == {Recommend, Forbid, Hold, Conclude}
    assert {type(each.anchor) for each in steps} == {NameAnchor, FoundAnchor, ActAnchor, type(None)}
    values = {value for each in steps for _, given in each.params for value in _within(given)}
    assert {type(value) for value in values} == {
        Given, Summed, Counted, DoneTotal, Chosen, FirstThatApplies, Times, Share, Less, Aggregate, Rounded
    }  # fmt: skip
    assert {each.aim.target for each in steps} == {"case", "record", "via"}


def test_a_condition_is_told_as_its_parts(model: PolicyModel) -> None:
    rule = model.rule("whose-doing")
    assert rule is not None
    _, condition = rule.concludes[0].alternatives[0]
    said = {each: Wording.of(model.vocabulary, each).clauses(condition) for each in LANGUAGES}
    assert said == {
        "en": ["“urgent” applies, and", "“paid” does not apply"],
        "zh-TW": ["「緊急」為「是」，且", "「已付款」為「否」"],
        "zh-CN": ["“紧急”为“是”，且", "“已付款”为“否”"],
    }
