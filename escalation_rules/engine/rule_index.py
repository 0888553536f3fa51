"""Indices of a policy that are computed once, when it is loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import attrs

from escalation_rules.decision import Reason
from escalation_rules.engine.alike import Alike
from escalation_rules.engine.slots import Words
from escalation_rules.policy.conditions import Records, limits_money
from escalation_rules.policy.due_steps import rules_behind, tested_by
from escalation_rules.policy.model import Pause, PolicyModel, Rule
from escalation_rules.policy.precedence import Precedence
from escalation_rules.policy.strata import names_read

EffectName = Literal["recommend", "forbid", "hold", "conclude"]


@attrs.frozen(eq=False)
class RuleIndex:
    """A policy with its indices.

    `concluders` and `overriders` map to the rules that conclude a fact or override a rule. `case_actions` are
    actions with one step per case. `confirmed` maps facts whose presumption is to be confirmed to the rules
    that depend on them. `concluded_fields` pairs a record list with a concluded field and whether it is a
    flag. `pauses` is by action. `precedence` knows the precedence between rules. `limited` are the rules that
    a limit in money may leave undecided. `alike` keeps what is the same in all cases.
    """

    model: PolicyModel
    concluders: Mapping[str, tuple[Rule, ...]]
    overriders: Mapping[str, tuple[str, ...]]
    case_actions: frozenset[str]
    confirmed: Mapping[str, frozenset[str]]
    concluded_facts: tuple[str, ...]
    concluded_fields: tuple[tuple[str, str, bool], ...]
    pauses: Mapping[str, tuple[Pause, ...]]
    reasons: Mapping[tuple[str, EffectName, bool], Reason]
    precedence: Precedence
    limited: frozenset[str]
    alike: Alike = attrs.Factory(Alike)

    @classmethod
    def of(cls, model: PolicyModel) -> RuleIndex:
        """Index a policy."""
        concluders: dict[str, list[Rule]] = {}
        overriders: dict[str, list[str]] = {}
        for rule in model.rules:
            for conclusion in rule.concludes:
                concluders.setdefault(conclusion.name, []).append(rule)
            for name in rule.overrides:
                overriders.setdefault(name, []).append(rule.id)
        vocabulary = model.vocabulary
        return cls(
            model,
            {name: tuple(rules) for name, rules in concluders.items()},
            {name: tuple(rules) for name, rules in overriders.items()},
            frozenset(name for name, action in vocabulary.actions.items() if action.about == "case"),
            {name: depending_on(name, model) for name, fact in vocabulary.facts.items() if fact.confirm},
            tuple(sorted(name for name, fact in vocabulary.facts.items() if fact.concluded)),
            tuple(
                sorted(
                    (listed.name, fact.name, fact.type.kind == "flag")
                    for listed in vocabulary.records.values()
                    for fact in listed.fields.values()
                    if fact.concluded
                )
            ),
            {name: found for name in vocabulary.actions if (found := tuple(model.pauses_of(name)))},
            _reasons(model),
            Precedence.of(model),
            _limited(model),
        )

    def reason(
        self, rule: Rule, effect: EffectName, words: Words, records: Records, undecided: bool = False
    ) -> Reason:
        """A reason with the text of the rule. Only texts with slots are filled for each case."""
        known = self.reasons.get((rule.id, effect, undecided))
        if known is not None:
            return known
        text = words.because(rule, records)
        return Reason(rule.id, effect, rule.principle, rule.source, text, undecided)


def depending_on(fact: str, model: PolicyModel) -> frozenset[str]:
    """The rules whose truth depends on a fact, directly, through conclusions, or through open steps that they test."""
    reads = {rule.id: {*_names_read(rule, model), *_names_behind(rule, model)} for rule in model.rules}
    changing, found = {fact}, frozenset[str]()
    while True:
        reached = frozenset(rule.id for rule in model.rules if reads[rule.id] & changing)
        if reached == found:
            return found
        found = reached
        changing = {fact} | {
            conclusion.name for rule in model.rules if rule.id in found for conclusion in rule.concludes
        }


def _names_read(rule: Rule, model: PolicyModel) -> Iterator[str]:
    yield from (name for name, _ in names_read(rule, model.rulesets))


def _names_behind(rule: Rule, model: PolicyModel) -> Iterator[str]:
    """The names read by the rules that decide about the steps which a rule tests."""
    deciding = frozenset[str]().union(*(rules_behind(action, model) for action in tested_by(rule, model)))
    for other in model.rules if deciding else ():
        if other.id in deciding:
            yield from _names_read(other, model)


def _limited(model: PolicyModel) -> frozenset[str]:
    """The rules with a limit in money in a condition, in a conclusion that they read, or in an overriding rule."""
    concluding: frozenset[str] = frozenset()
    while True:
        found = [rule for rule in model.rules if _is_limited(rule, model, concluding)]
        reached = frozenset(conclusion.name for rule in found for conclusion in rule.concludes)
        if reached == concluding:
            return frozenset(name for rule in found for name in (rule.id, *rule.overrides))
        concluding = reached


def _is_limited(rule: Rule, model: PolicyModel, concluding: frozenset[str]) -> bool:
    found = [model.rulesets[rule.ruleset].applies_while, rule.when]
    found += [condition for conclusion in rule.concludes for _, condition in conclusion.alternatives]
    conditions = [condition for condition in found if condition is not None]
    return any(
        limits_money(condition) or any(name in concluding for name, _ in condition.all_reads())
        for condition in conditions
    )


def _reasons(model: PolicyModel) -> dict[tuple[str, EffectName, bool], Reason]:
    effects: tuple[EffectName, ...] = ("recommend", "forbid", "hold", "conclude")
    return {
        (rule.id, effect, undecided): Reason(
            rule.id, effect, rule.principle, rule.source, rule.because.filled(lambda slot, _: slot), undecided
        )
        for rule in model.rules
        if not rule.because_names
        for effect in effects
        for undecided in (False, True)
    }
