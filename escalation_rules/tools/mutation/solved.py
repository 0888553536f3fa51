"""Uses the solver to find a case in which a changed rule has another result, or holds and has other effects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.policy.model import (
    Conclude,
    Effect,
    Hold,
    PolicyModel,
    Prohibit,
    Recommend,
    Rule,
    overriding,
)
from escalation_rules.solving.effects import aims, ended, in_force, while_open
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene import conditions_of, differ, holding
from escalation_rules.solving.kleene_terms import (
    NO,
    YES,
    Term,
    Truths,
    conj,
    disj,
    either,
    negated,
    of_formula,
)
from escalation_rules.solving.search import Frame, Search
from escalation_rules.solving.sizes import Bounds, Size, Sizes, enough_for
from escalation_rules.solving.subjects import BLOCKING, Head, Subject, subjects
from escalation_rules.solving.symbols import Slot
from escalation_rules.solving.value_terms import names_known
from escalation_rules.tools.mutation.policy_changes import Mutant


class Differing:
    """Queries the solver about the mutants of a policy."""

    def __init__(self, model: PolicyModel, bounds: Bounds | None = None) -> None:
        self._model = model
        self._does = subjects(model)
        self._bounds = bounds or Bounds()
        self._sizes = Sizes(model)

    def find(
        self, rule: Rule, mutant: Mutant, keeps: Callable[[dict[str, Any], datetime], bool]
    ) -> tuple[str, dict[str, Any] | None, datetime | None]:
        """Search for a case that `keeps` confirms. Returns the outcome (`none`: proven that there is no such
        case), the case and its instant."""

        def query(frame: Frame) -> tuple[Term, ...]:
            encoder = frame.encoders[0]
            slot = None if rule.for_each is None else frame.symbols.records(rule.for_each)[0]
            there = YES if slot is None else slot.present
            if not mutant.in_condition:
                chooses = any(conclusion.alternatives for conclusion in rule.concludes)
                truth = encoder.rule(rule, slot)
                if mutant.kind == "when_unknown changed":
                    return self._undecided(encoder, rule, mutant, conj(there, _open(truth)))
                also = [
                    encoder.anywhere(overrider).yes for overrider in self._no_longer_overridden(rule, mutant)
                ]
                base = conj(there, YES if chooses else truth.yes, *also)
                telling = [
                    *self._telling(encoder, rule, mutant, slot),
                    *_values_differ(encoder, rule, mutant, slot),
                ]
                return (*(conj(base, term) for term in telling), base)
            changed = mutant.rule or rule
            forms = [holding(self._parts(encoder, version, slot)) for version in (rule, changed)]
            base = conj(there, of_formula(differ(*forms)).yes)
            before, after = map(of_formula, forms)
            certainly = conj(base, disj(conj(before.yes, after.no), conj(before.no, after.yes)))
            shown = list(self._shown(encoder, rule, slot))
            return (*(conj(term, way) for term in (certainly, base) for way in shown), certainly, base)

        # A search of its own: what was asked about other changes must not change a result.
        found = Search([self._model], self._bounds).find(query, keeps, self._size(rule, mutant.rule))
        return found.outcome, found.case, found.at

    def _size(self, rule: Rule, changed: Rule | None) -> Size:
        """What the rule needs, before and after."""
        parts = (
            []
            if changed is None
            else [condition for condition in (changed.when, changed.unless) if condition is not None]
        )
        return enough_for((self._sizes.of_rules([rule.id]), self._sizes.of(parts)))

    def _telling(self, encoder: Encoder, rule: Rule, mutant: Mutant, slot: Slot | None) -> Iterator[Term]:
        """Terms that make it likely that a changed effect is visible. For a prohibition: the step is wanted,
        and the prohibition starts or ends with the change. For a recommendation: the step is not blocked, and
        it was done before or is paused."""
        before, after = _changed_effect(rule, mutant.rule or rule)
        for subject, found in self._does.items():
            if not any(one is rule and effect is before for one, effect in found):
                continue
            if isinstance(before, Prohibit):
                wanted, starts_or_ends = (
                    self._any(encoder, subject, "recommend"),
                    in_force(encoder, subject, rule, before).yes,
                )
                if isinstance(after, Prohibit) and after.by == before.by:
                    other = in_force(encoder, subject, rule, after).yes
                    starts_or_ends = disj(
                        conj(starts_or_ends, negated(other)), conj(negated(starts_or_ends), other)
                    )
                alone = conj(*self._without_others(encoder, subject, rule))
                yield conj(starts_or_ends, alone, wanted)
                yield conj(starts_or_ends, alone)
                yield conj(starts_or_ends, wanted)
                yield wanted
            elif isinstance(before, Recommend):
                blocked = (self._any(encoder, subject, head) for head in BLOCKING)
                free = conj(in_force(encoder, subject, rule, before).yes, *map(negated, blocked))
                yield from (conj(free, term) for term in self._of_step(encoder, before, subject, slot))
                yield from while_open(encoder, subject, free)

    def _undecided(self, encoder: Encoder, rule: Rule, mutant: Mutant, base: Term) -> tuple[Term, ...]:
        """Forms of a query about a case in which it is undecided whether a prohibition is in force."""
        before, _ = _changed_effect(rule, mutant.rule or rule)
        undecided, alone = [base], []
        for subject, found in self._does.items():
            for effect in (effect for one, effect in found if one is rule and effect is before):
                undecided.append(_open(in_force(encoder, subject, rule, effect)))
                alone.append(conj(undecided[-1], *self._without_others(encoder, subject, rule)))
        return (*alone, disj(*undecided))

    def _shown(self, encoder: Encoder, rule: Rule, slot: Slot | None) -> Iterator[Term]:
        """Terms that make it likely that it is visible whether a rule holds: one of its prohibitions applies to an
        act with some parameters, and nothing else prohibits it; or its step is open, and nothing prohibits it."""
        of_rule = () if slot is None else (slot,)
        of_step = (*of_rule, encoder.symbols.parameters())
        for subject, found in self._does.items():
            for effect in (effect for one, effect in found if one is rule):
                about = encoder.symbols.records(subject.to)[0] if subject.to else None
                alone = conj(
                    aims(encoder, effect, slot, about).yes, *self._without_others(encoder, subject, rule)
                )
                if isinstance(effect, Recommend):
                    yield from while_open(encoder, subject, alone)
                else:
                    limit = YES if effect.where is None else encoder.truth(effect.where, of_step).yes
                    lasts = negated(ended(encoder, effect, slot).yes) if isinstance(effect, Hold) else YES
                    yield conj(limit, lasts, alone)

    def _without_others(self, encoder: Encoder, subject: Subject, rule: Rule) -> Iterator[Term]:
        """That no other rule prohibits the subject's action, and none overrides this one."""
        for head in BLOCKING:
            for to in dict.fromkeys((subject.to, "")):
                other = attrs.evolve(subject, head=head, to=to)
                for one, effect in self._does.get(other, ()):
                    if one is not rule:
                        yield in_force(encoder, other, one, effect).no
        yield from (negated(encoder.anywhere(overrider).yes) for overrider in overriding(self._model, rule))

    def _of_step(
        self, encoder: Encoder, step: Recommend, subject: Subject, slot: Slot | None
    ) -> Iterator[Term]:
        if step.again is not None:
            counts = self._model.vocabulary.actions[step.action].counts
            about = encoder.symbols.records(subject.to)[0] if subject.to else None
            yield encoder.acts.counting(step.action, frozenset(counts), about)
        if step.paused_while is not None:
            yield encoder.truth(step.paused_while, () if slot is None else (slot,)).yes

    def _any(self, encoder: Encoder, subject: Subject, head: Head) -> Term:
        """Whether any rule has this effect on the subject's action."""
        heads = (attrs.evolve(subject, head=head, to=to) for to in dict.fromkeys((subject.to, "")))
        return either(in_force(encoder, ban, *one) for ban in heads for one in self._does.get(ban, ())).yes

    def _no_longer_overridden(self, rule: Rule, mutant: Mutant) -> list[Rule]:
        kept = rule.overrides if mutant.rule is None else mutant.rule.overrides
        return [
            overrider
            for overrider in self._model.rules
            if overrider.id in rule.overrides and overrider.id not in kept
        ]

    def _parts(self, encoder: Encoder, rule: Rule, slot: Slot | None) -> list[Truths]:
        gate, when, unless = conditions_of(rule, self._model.rulesets[rule.ruleset])
        scope = () if slot is None else (slot,)
        return [encoder.truth(gate, ()), encoder.truth(when, scope), encoder.truth(unless, scope)]


def _open(truth: Truths) -> Term:
    return conj(negated(truth.yes), negated(truth.no))


def _values_differ(encoder: Encoder, rule: Rule, mutant: Mutant, slot: Slot | None) -> Iterator[Term]:
    """Terms that make it likely that a changed effect gives another value: another choice is concluded, or one is at all, or a
    parameter can be worked out."""
    before, after = _changed_effect(rule, mutant.rule or rule)
    scope = () if slot is None else (slot,)
    if isinstance(before, Conclude) and isinstance(after, Conclude) and before.alternatives:
        yield encoder.chosen_otherwise(before, after, slot)
    elif isinstance(before, Conclude) and before.alternatives:
        chosen = encoder.chosen(before, slot)
        yield NO if chosen is None else chosen.known
    if isinstance(before, Recommend):
        yield conj(*(term for _, value in before.params for term in names_known(encoder, value, scope)))


def _changed_effect(rule: Rule, changed: Rule) -> tuple[Effect | None, Effect | None]:
    """The effect that differs in the changed rule, before and after (None if removed)."""
    for number, effect in enumerate(rule.effects):
        if changed.effects[number : number + 1] != (effect,):
            same = len(changed.effects) == len(rule.effects)
            return effect, changed.effects[number] if same else None
    return None, None
