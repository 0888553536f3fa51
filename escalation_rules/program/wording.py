"""Slots in texts → what is known of the case, in the words of the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from escalation_rules.conditions import Name, Records, Situation
from escalation_rules.decision import ParameterValue
from escalation_rules.model import Rule
from escalation_rules.texts import Text
from escalation_rules.values import Money, Value, to_plain
from escalation_rules.vocabulary import Fact, Named, Vocabulary

NOT_KNOWN = Text.of({"en": "(not known yet)", "zh-TW": "（尚待確認）", "zh-CN": "（尚待确认）"})


def because(rule: Rule, vocabulary: Vocabulary, situation: Situation, records: Records) -> Text:
    """The rule's reason, with its slots filled."""

    def fill(slot: str, language: str) -> str:
        name = rule.because_names[slot]
        value = _reachable(name, situation, records)
        return (
            NOT_KNOWN.in_language(language)
            if value is None
            else spoken(value, name.fact, vocabulary, situation, language)
        )

    return rule.because.filled(fill)


def _reachable(name: Name, situation: Situation, records: Records) -> Value | None:
    depth = getattr(name, "depth", -1)
    return name.get(situation, records) if depth < len(records) else None


def spoken(value: Value, fact: Fact, vocabulary: Vocabulary, situation: Situation, language: str) -> str:
    """A value as people say it: labels of choices, levels and roles, money with its currency."""
    if isinstance(value, Decimal):
        return str(Money(value, situation.currency or ""))
    plain = to_plain(value)
    named = _named(str(plain), fact.values, vocabulary.roles)
    return named.label.in_language(language) if named is not None and named.label else str(plain)


def _named(text: str, values: tuple[Named, ...], roles: Mapping[str, Named]) -> Named | None:
    return next((each for each in values if each.name == text), None) or roles.get(text)


def say(text: Text, params: Mapping[str, ParameterValue], extra: Mapping[str, str | None]) -> Text:
    """The wording of a step, with parameters, `{due}` and `{about}` filled in."""

    def fill(slot: str, language: str) -> str:
        value = params.get(slot, extra.get(slot))
        return NOT_KNOWN.in_language(language) if value is None else shown(value)

    return text.filled(fill)


def shown(value: ParameterValue) -> str:
    """A parameter's value as text."""
    if isinstance(value, tuple):
        return ", ".join(value)
    if isinstance(value, Money):
        return str(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
