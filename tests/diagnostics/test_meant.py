"""What the operators say that people write instead of them: each such word leads to one of them, and to the right one."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from escalation_rules.policy.conditions import OPERATORS, WORDS, GivenTest
from escalation_rules.policy.conditions.facts import NOT_GIVEN
from escalation_rules.policy.conditions.reading import HEADS
from escalation_rules.policy.conditions.synonyms import Worded, guess
from escalation_rules.values import Kind

KINDS = sorted({kind for each in OPERATORS.values() for kind in each.kinds})
TESTS: list[tuple[str, Worded]] = [("given", GivenTest), ("not given", NOT_GIVEN)]
TWO_MEANINGS = {"within", "more_than", "less_than", "over"}
"""Of an instant: how long ago, or how soon; a time that has passed, or another instant."""


def meanings(words: Iterable[tuple[str, Worded]]) -> dict[str, list[str]]:
    """For each word that people write, the words of the language that claim it."""
    found: dict[str, list[str]] = {}
    for word, kind in words:
        for said in kind.meant_by:
            found.setdefault(said, []).append(word)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_for_an_operator_means_one_of_those_that_apply(kind: Kind) -> None:
    claimed = meanings([*((key, each) for key, each in OPERATORS.items() if kind in each.kinds), *TESTS])
    several = {said for said, words in claimed.items() if len(words) > 1}
    assert several == (TWO_MEANINGS if kind == "instant" else set())
    assert not set(claimed) & {*OPERATORS, "given"}, (
        "it would be read as the operator, and never be guessed at"
    )


def test_a_word_for_the_head_of_a_condition_means_one_head() -> None:
    claimed = meanings(HEADS)
    assert [said for said, words in claimed.items() if len(words) > 1] == []
    assert not set(claimed) & WORDS, "it would be read as the head, and never be guessed at"


@pytest.mark.parametrize("said", ["more_than", "More than", "more-than"])
def test_spelling_does_not_count(said: str) -> None:
    found = guess(said, [("above", OPERATORS["above"])])
    assert found is not None
    assert found.word == "above"


def test_a_word_that_nobody_claims_means_nothing() -> None:
    assert guess("notable", HEADS) is None
    assert guess("not_blue", HEADS) is None
