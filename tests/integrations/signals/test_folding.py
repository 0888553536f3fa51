"""A word is found however it is dressed up, and every offset is that of the text as it was written."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escalation_rules.integrations.signals import propose
from escalation_rules.integrations.signals.folding import Span, fold
from escalation_rules.integrations.signals.hiding import hidden
from tests.integrations.signals.said import AT, proposed, said

ANYTHING = st.text(st.characters(codec="utf-16", categories=None, exclude_categories=()), max_size=120)
WORDS = st.lists(
    st.sampled_from(["It caught fire", "起火", "錄音", "refund", "I want", "?", "!", "\n", "> ", "-- ", "\u202e", "\u0301", "$",
                     "20", "元", " ", "On x wrote:", "by Friday", "第三次", "I’ll sue you", "\ufeff", "😀", "If", "no", ","]),
    max_size=25,
).map("".join)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "It CAUGHT FIRE.",
        "It ｃａｕｇｈｔ　ｆｉｒｅ.",
        "It caught  \t fire.",
        "It caught\nfire while the whole family was asleep upstairs.",
        "It caug\u200bht fi\u00adre.",
        "It c\u0301a\u0308ught fire\u0336.",
        "It \u202ecaught fire\u202c.",
        "It cáught fïre.",
        "插座起火了",
        "插座起\u200d火了",
    ],
)
def test_a_word_in_disguise(text: str) -> None:
    [found] = [each for each in proposed(text) if each.path == "hazard.happened"]
    assert found.quote == text[found.start : found.end]
    assert "caught" not in unicodedata.normalize("NFKC", text) or "f" in unicodedata.normalize(
        "NFKC", found.quote
    )


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("我要录音，发到网上", "我要錄音，發到網上"),
        ("我会请律师发存证信函", "我會請律師發存證信函"),
        ("手被烫伤了", "手被燙傷了"),
    ],
)
def test_script_is_folded_for_matching_only(simplified: str, traditional: str) -> None:
    one, other = proposed(simplified), proposed(traditional)
    assert [(each.path, each.start, each.end) for each in one] == [
        (each.path, each.start, each.end) for each in other
    ]
    assert [each.quote for each in other] == [traditional[each.start : each.end] for each in other]
    assert one


@pytest.mark.parametrize(
    "text", ["It catfished.", "recaught firewood", "The bonfire tvs", "refunderson", "suehart"]
)
def test_part_of_a_longer_word_is_no_word(text: str) -> None:
    assert proposed(text) == ()


@given(WORDS | ANYTHING)
def test_any_text_can_be_read_and_every_quote_stands_in_it(text: str) -> None:
    found = propose([said(text)], currency="TWD")
    assert all(each.quote == text[each.start : each.end] and each.quote for each in found)
    assert all(one.quote == text[one.start : one.end] for each in found for one in each.against)
    assert found == propose([{"id": "m1", "text": text, "at": AT, "role": "customer"}], currency="TWD")


@given(WORDS | ANYTHING)
def test_origins_never_go_back_and_hidden_spans_are_in_order(text: str) -> None:
    spans = hidden(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
    folded = fold(text, spans)
    assert list(folded.origin) == sorted(folded.origin)
    assert len(folded.origin) == len(folded.text)
    for place in range(len(folded.text)):
        original = folded.original(Span(place, place + 1))
        assert 0 <= original.start < original.end <= len(text)
        assert folded.text[place] == " " or not any(original.overlaps(each) for each in spans)


@given(ANYTHING)
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text).text
    assert fold(once).text.replace(" ", "") == once.replace(" ", "") or not once.isascii()
