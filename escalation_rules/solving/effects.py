"""What rules do, as terms: when an effect is in force about a record, or about the case."""

from __future__ import annotations

from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import (
    NO,
    Truths,
    both,
    conj,
    constant,
    decided,
    disj,
    either,
    negated,
)
from escalation_rules.solving.subjects import Subject, overriding
from escalation_rules.solving.symbols import Slot


def in_force(encoder: Encoder, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Truths:
    """When an effect of a rule is in force: about the case, or about the first record of the subject's list."""
    target = encoder.symbols.records(subject.to)[0] if subject.to else None
    found = [both((_there(slot), _aims(encoder, effect, slot, target), _of(encoder, rule, effect, slot)))
             for slot in encoder.slots(rule)]  # fmt: skip
    if rule.for_each is not None and not subject.to:
        found.append(Truths(NO, encoder.symbols.is_listed(rule.for_each)))
    return either(found)


def _there(slot: Slot | None) -> Truths:
    return constant(True) if slot is None else decided(slot.present)


def _aims(encoder: Encoder, effect: Recommend | Prohibit, slot: Slot | None, target: Slot | None) -> Truths:
    if target is None or slot is None:
        return constant(True)
    if effect.aim.target == "record":
        return constant(slot is target)
    return both((decided(target.present), encoder.refers(effect.aim.via, slot, target)))


def _of(encoder: Encoder, rule: Rule, effect: Recommend | Prohibit, slot: Slot | None) -> Truths:
    truth = encoder.rule(rule, slot)
    if isinstance(effect, Recommend):
        return truth
    truth = both((truth, *(encoder.rule(each, slot).contrary for each in overriding(encoder.model, rule))))
    if effect.where is not None:
        scope = (*(() if slot is None else (slot,)), encoder.symbols.parameters())
        truth = both((truth, encoder.truth(effect.where, scope)))
    if effect.until is not None:
        over = encoder.truth(effect.until, () if slot is None else (slot,)).yes
        truth = Truths(conj(truth.yes, negated(over)), disj(truth.no, over))
    return truth
