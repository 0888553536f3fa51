"""Every sentence is traced to rules that exist, every rule to a sentence, and the page is the one made from both."""

from __future__ import annotations

import pytest

from escalation_rules import Policy
from tests.trace import trace

WORDS = {"legal-floor"}
"""Compounds in the right column that are no rules."""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load()


def test_the_page_is_made_from_the_sentences(policy: Policy) -> None:
    assert trace.page(policy) == trace.PAGE.read_text(encoding="utf-8"), "run `python -m tests.trace.trace`"


def test_every_rule_that_is_named_exists(policy: Policy) -> None:
    rules = {each.id for each in policy.model.rules}
    missing = {
        (each["says"], name)
        for section in trace.sections()
        for each in section["sentences"]
        for name in trace.named(each["rules"])
        if name not in rules | WORDS
    }
    assert missing == set()


def test_every_rule_comes_from_a_sentence(policy: Policy) -> None:
    traced = {
        name
        for section in trace.sections()
        for each in section["sentences"]
        for name in trace.named(each["rules"])
    }
    assert {each.id for each in policy.model.rules} - traced == set()


def test_every_sentence_has_a_rule_or_says_what_sees_to_it() -> None:
    assert all(each["rules"].strip() for section in trace.sections() for each in section["sentences"])
