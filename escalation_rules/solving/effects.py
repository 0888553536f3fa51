"""What rules do, as terms: when an effect is in force about a record, or about the case."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import attrs

from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule
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
from escalation_rules.solving.symbols import Slot

Head = Literal["recommend", "forbid", "hold"]


@attrs.frozen(order=True)
class Subject:
    """What an effect does: to an action, about a record of the list `to` (None: the case, or whatever record)."""

    head: Head
    action: str
    to: str = ""


Effects = list[tuple[Rule, "Recommend | Prohibit"]]


def subjects(model: PolicyModel) -> dict[Subject, Effects]:
    """What a policy does, each with the rules that do it."""
    found: dict[Subject, Effects] = {}
    for rule in model.rules:
        for effect, action in _acting(rule):
            whole = model.vocabulary.actions[action].about == "case"
            to = "" if whole or effect.aim.target == "case" else effect.aim.to or ""
            found.setdefault(Subject(effect.head, action, to), []).append((rule, effect))
    return found


def _acting(rule: Rule) -> Iterator[tuple[Recommend | Prohibit, str]]:
    yield from ((each, each.action) for each in rule.recommends)
    yield from ((each, action) for each in rule.prohibits for action in each.actions)


def overriding(model: PolicyModel, rule: Rule) -> list[Rule]:
    """The rules that take the prohibitions of a rule away."""
    return [each for each in model.rules if rule.id in each.overrides]


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
    if effect.until is not None:
        over = encoder.truth(effect.until, () if slot is None else (slot,)).yes
        truth = Truths(conj(truth.yes, negated(over)), disj(truth.no, over))
    return truth
