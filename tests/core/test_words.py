"""Issue 9, L: `contains` finds whole words where a script separates them, and parts of a text where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escalation_rules.policy.conditions.words import folded, holds_word
from tests.core.policies import Make
from tests.core.test_truth import rule, truth


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("sue", "I have an issue", False),
        ("sue", "I sue you", True),
        ("sue", "issue; sue", True),
        ("sue", "Sue!", True),
        ("Lawyer", "my lawyer", True),
        ("lawyer", "MY LAWYER'S LETTER", True),
        ("lawyer", "my lawyers", False),
        ("call me", "Please call me.", True),
        ("call me", "recall me", False),
        ("AI", "said", False),
        ("5", "15 days", False),
        ("straße", "In der STRASSE", True),
        ("café", "the CAFE\u0301 there", True),
        ("cafe", "the café there", False),
        ("адвокат", "Мой Адвокат позвонит", True),
        ("адвокат", "адвокаты", False),
        ("क", "कि", False),
        ("abc", "ａｂｃ", False),
        ("ａｂｃ", "ＡＢＣ", True),
        ("律師", "我要找律師了", True),
        ("律師", "我要找律师了", False),
        ("iPhone", "我的iphone壞了", True),
        ("弁護士", "弁護士に相談します", True),
        ("カメラ", "新しいカメラです", True),
        ("ทนาย", "ฉันจะหาทนายความ", True),
        ("변호사", "변호사가 전화합니다", True),
        ("律師 lawyer", "找律師 lawyers", False),
        (":-(", "so :-((", True),
    ],
)
def test_words_in_texts(make: Make, word: str, text: str, found: bool) -> None:
    policy = make(rule(f"{{x.text: {{contains: '{word}'}}}}"))
    assert truth(policy, x__text=text) is found


def test_what_is_written_is_kept(make: Make) -> None:
    policy = make(rule("{x.text: {contains: [Sue, 律師]}}"))
    (condition,) = [each.when for each in policy.model.rules if each.when is not None]
    assert condition.to_data() == {"x.text": {"contains": ["Sue", "律師"]}}


texts = st.text(st.sampled_from("aSsß é\u0301İ律カ-1ก"), max_size=12)


@settings(deadline=None)
@given(texts, texts.filter(bool), texts)
def test_a_word_between_spaces_is_found_whatever_its_case(before: str, word: str, after: str) -> None:
    text = folded(f"{before} {word} {after}")
    assert holds_word(text, folded(word)) or folded(word) not in text
    assert folded(word.upper()) == folded(word.lower()) or "İ" in word
