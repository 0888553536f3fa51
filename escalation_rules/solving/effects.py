"""Encodes when an effect of a rule is in force, about a record or the case."""

from __future__ import annotations

from collections.abc import Sequence

import z3

from escalation_rules.policy.model import Hold, Prohibit, Recommend, Rule, overriding
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import (
    NO,
    Term,
    Truths,
    both,
    conj,
    constant,
    decided,
    disj,
    either,
    negated,
)
from escalation_rules.solving.stated import stated_by
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.symbols import Slot

_DAY = 24 * 60 * 60


def in_force(encoder: Encoder, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Truths:
    """When an effect of a rule is in force, about the case or the first record of the subject's list."""
    found = [truth for _, truth in by_slot(encoder, subject, rule, effect)]
    if rule.for_each is not None and not subject.to:
        found.append(Truths(NO, encoder.symbols.is_listed(rule.for_each)))
    return either(found)


def by_slot(
    encoder: Encoder,
    subject: Subject,
    rule: Rule,
    effect: Recommend | Prohibit,
    place: int = 0,
    said: Slot | None = None,
) -> list[tuple[Slot | None, Truths]]:
    """The same for each record of the rule's list, or for the case (None), about the record at this place. `said`: the
    parameters of the step, by default those of the act in question."""
    target = encoder.symbols.records(subject.to)[place] if subject.to else None
    return [(slot, both((_there(slot), aims(encoder, effect, slot, target), _of(encoder, rule, effect, slot, said))))
            for slot in encoder.slots(rule)]  # fmt: skip


def blocked_as_stated(
    encoder: Encoder,
    step: tuple[Subject, Rule, Recommend],
    ban: tuple[Subject, Rule, Prohibit],
    together: Sequence[tuple[Rule, Recommend | Prohibit]],
) -> tuple[Term, Term]:
    """What holds in each case in which a rule recommends a step, and a prohibition of another one covers it with the parameters
    that it has; and the same with what these parameters probably are. `together`: all recommendations of such a step."""
    stating = [
        (rule, effect, slot, truth.yes)
        for rule, effect in together
        if isinstance(effect, Recommend)
        for slot, truth in by_slot(encoder, step[0], rule, effect)
    ]
    found: list[Term] = []
    likely: list[Term] = []
    for mine in stating:
        if mine[:2] != step[1:]:
            continue
        stated = stated_by(encoder, mine, [entry for entry in stating if entry is not mine])
        barred = either(truth for _, truth in by_slot(encoder, *ban, said=stated.params))
        found.append(conj(mine[3], barred.yes, stated.facts))
        likely.append(conj(found[-1], stated.hints))
    return disj(*found), disj(*likely)


def recommended(encoder: Encoder, rule: Rule, effect: Recommend) -> Truths:
    """When an effect of a rule recommends a step about the case or about any record."""
    anywhere = encoder.anywhere(rule)
    if effect.aim.target in {"case", "record"}:
        return anywhere
    found = [
        conj(_there(slot).yes, aims(encoder, effect, slot, target).yes, encoder.rule(rule, slot).yes)
        for slot in encoder.slots(rule)
        for target in encoder.symbols.records(effect.aim.to or "")
    ]
    return Truths(disj(*found), anywhere.no)


def _there(slot: Slot | None) -> Truths:
    return constant(True) if slot is None else decided(slot.present)


def aims(encoder: Encoder, effect: Recommend | Prohibit, slot: Slot | None, target: Slot | None) -> Truths:
    """Whether an effect of a rule about a record is about the target (None: the case)."""
    if target is None or slot is None:
        return constant(True)
    if effect.aim.target == "record":
        return constant(slot is target)
    if effect.aim.via is None:
        return decided(target.present)
    refers = encoder.refers(encoder.quantity(effect.aim.via, (slot,)), target, by_role=False)
    return both((decided(target.present), refers))


def stated(encoder: Encoder, subject: Subject, rule: Rule, effect: Prohibit) -> Truths:
    """When a rule and the limit of its prohibition hold, be it overridden or over."""
    target = encoder.symbols.records(subject.to)[0] if subject.to else None
    return either(
        both((_there(slot), aims(encoder, effect, slot, target), _limited(encoder, rule, effect, slot)))
        for slot in encoder.slots(rule)
    )


def _limited(
    encoder: Encoder, rule: Rule, effect: Prohibit, slot: Slot | None, said: Slot | None = None
) -> Truths:
    truth = encoder.rule(rule, slot)
    if effect.where is None:
        return truth
    return both((truth, encoder.truth(effect.where, _of_step(encoder, slot, said))))


def _of(
    encoder: Encoder, rule: Rule, effect: Recommend | Prohibit, slot: Slot | None, said: Slot | None
) -> Truths:
    if isinstance(effect, Recommend):
        return encoder.rule(rule, slot)
    overridden = (encoder.rule(overrider, slot).contrary for overrider in overriding(encoder.model, rule))
    truth = both((_limited(encoder, rule, effect, slot, said), *overridden))
    if isinstance(effect, Hold):
        over = ended(encoder, effect, slot, said).yes
        truth = Truths(conj(truth.yes, negated(over)), disj(truth.no, over))
    return truth


def ended(encoder: Encoder, hold: Hold, slot: Slot | None, said: Slot | None = None) -> Truths:
    """The end of a hold, for the record of its rule."""
    scope = _of_step(encoder, slot, said) if hold.ends_by_step else () if slot is None else (slot,)
    return encoder.truth(hold.until, scope)


def _of_step(encoder: Encoder, slot: Slot | None, said: Slot | None) -> tuple[Slot, ...]:
    """The record of a rule, if any, and the parameters of a step."""
    return (*(() if slot is None else (slot,)), said or encoder.symbols.parameters())


def while_open(encoder: Encoder, subject: Subject, base: Term) -> tuple[Term, ...]:
    """Alternative forms of a query about a step, those first in which it is most likely open: not done at
    all; done days before everything else; any."""
    symbols, acts = encoder.symbols, encoder.acts
    about = symbols.records(subject.to)[0] if subject.to else None
    declared = next(
        vocabulary.actions[subject.action]
        for vocabulary in symbols.vocabularies
        if subject.action in vocabulary.actions
    )
    done = acts.counting(subject.action, frozenset(declared.counts), about)
    number = symbols.actions.index(subject.action)
    long_ago = [z3.Implies(act.action == number, act.at <= -2 * _DAY) for act in symbols.acts]
    recent = [
        z3.Implies(quantity.given, quantity.term >= -_DAY)
        for quantity in symbols.fields.values()
        if quantity.kind == "instant"
    ]
    return conj(base, negated(done)), conj(base, *long_ago, *recent), base
