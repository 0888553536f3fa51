"""Renders a rule in words, part by part, for comparison."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.words.labels import Formats
from escalation_rules.words.sentences import Wording

Parts = dict[str, tuple[str, ...]]


def parts_of(model: PolicyModel, rule_id: str, language: str, formats: Formats | None = None) -> Parts:
    """The parts of a rule in words; empty if the policy has no such rule."""
    rule = model.rule(rule_id)
    if rule is None:
        return {}
    found: Parts = {}
    for name, said in _parts(Wording.of(model.vocabulary, language, formats=formats), model, rule):
        kept = tuple(text for text in said if text)
        if kept:
            found[name] = (*found.get(name, ()), *kept)
    return found


def _parts(wording: Wording, model: PolicyModel, rule: Rule) -> Iterator[tuple[str, list[str]]]:
    labels, ruleset = wording.labels, model.rulesets[rule.ruleset]

    def clauses(condition: Condition | None, for_each: str | None) -> list[str]:
        return wording.clauses(condition, for_each) if condition is not None else []

    yield "ruleset", [ruleset.label.in_language(labels.language) or ruleset.id]
    yield "principle", [labels.principle(rule.principle or "")]
    yield "source", [labels.source(rule.source or "")]
    yield "for_each", [labels.quoted(labels.records(rule.for_each))] if rule.for_each is not None else []
    yield "while", clauses(ruleset.applies_while, None)
    yield "when", clauses(rule.when, rule.for_each)
    yield "unless", clauses(rule.unless, rule.for_each)
    for effect in rule.effects:
        yield effect.head, wording.effect(effect, rule.for_each)
    yield "overrides", list(rule.overrides)
    yield "escalates", list(rule.escalates)
    yield "because", [wording.reason(rule)]
