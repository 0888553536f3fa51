"""Finds the rules nearest to a case: those that would apply to it but for one condition, or but for their exception."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs

from escalation_rules.engine.instances import Instance
from escalation_rules.policy.conditions import AllOf, Condition
from escalation_rules.policy.model import Rule
from escalation_rules.solving.kleene_terms import YES, Term, conj, disj, negated
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Frame


@attrs.frozen
class Near:
    """A rule that would apply but for one of its conditions, or for its exception."""

    rule: str
    but_for: Condition = attrs.field(eq=False)
    is_exception: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The rule as plain data for JSON."""
        return {
            "rule": self.rule,
            "but_for": self.but_for.to_data(),
            "is_exception": self.is_exception,
        }


SIMPLE = 3
"""How many tests a condition has that is named as what a rule still needs."""


def nearest(seen: Observed, rules: Sequence[Rule]) -> Iterator[Near]:
    """The rules of which one condition fails in a case while another one holds; those of which more hold come first."""
    found: list[tuple[int, int, Near]] = []
    for number, rule in enumerate(rules):
        distances = [_near(seen, rule, instance) for instance in seen.assessment.outcome.of(rule.id)]
        known = [one for one in distances if one is not None]
        if known:
            held, near = max(known, key=lambda one: one[0])
            found.append((-held, number, near))
    yield from (near for _, _, near in sorted(found, key=lambda one: one[:2]))


def _near(seen: Observed, rule: Rule, instance: Instance) -> tuple[int, Near] | None:
    """How many conditions hold, and what fails."""
    if not instance.listed:
        return None
    situation = seen.assessment.situation
    truths = [(part, part.evaluate(situation, instance.records)) for part in _parts(rule.when)]
    held = sum(truth is True for _, truth in truths)
    failing = [condition for condition, truth in truths if truth is False]
    if held and len(failing) == 1 and _is_simple(failing[0]):
        return held, Near(rule.id, failing[0])
    stopped = rule.unless is not None and rule.unless.evaluate(situation, instance.records)
    if rule.unless is not None and held and not failing and stopped and _is_simple(rule.unless):
        return held, Near(rule.id, rule.unless, is_exception=True)
    return None


def is_near(frame: Frame, rule: Rule) -> Term:
    """The same as a term, for the case or for any record."""
    encoder, found = frame.encoders[0], []
    for slot in encoder.slots(rule):
        scope, there = ((), YES) if slot is None else ((slot,), slot.present)
        said = _parts(rule.when)
        parts = [encoder.truth(condition, scope) for condition in said]
        for number in (number for number, condition in enumerate(said) if _is_simple(condition)):
            failing = parts[number]
            others = [*parts[:number], *parts[number + 1 :]]
            held = disj(*(truth.yes for truth in others))
            found.append(conj(there, failing.no, held, *(negated(truth.no) for truth in others)))
        if rule.unless is not None and _is_simple(rule.unless):
            stopped = encoder.truth(rule.unless, scope).yes
            found.append(
                conj(
                    there,
                    stopped,
                    disj(*(truth.yes for truth in parts)),
                    *(negated(truth.no) for truth in parts),
                )
            )
    return disj(*found)


def _is_simple(condition: Condition) -> bool:
    return sum(1 for _ in condition.walk()) <= SIMPLE


def _parts(condition: Condition | None) -> tuple[Condition, ...]:
    if condition is None:
        return ()
    return tuple(condition.conditions) if isinstance(condition, AllOf) else (condition,)
