"""Finds what stands above a decision: the facts and records that the policy's `heading:` names."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.decision import HeadingPart
from escalation_rules.policy.conditions import Situation
from escalation_rules.policy.model import Headed, PolicyModel


def heading(model: PolicyModel, situation: Situation) -> tuple[HeadingPart, ...]:
    """The parts that are known, in the order of the policy. Presumed values are not: nobody has said them."""
    return tuple(part for headed in model.heading for part in _parts(model, headed, situation))


def _parts(model: PolicyModel, headed: Headed, situation: Situation) -> Iterator[HeadingPart]:
    if headed.fact is not None:
        concluded = model.vocabulary.facts[headed.fact].concluded
        found = (situation.facts if concluded else situation.stated).get(headed.fact)
        if found is not None:
            yield HeadingPart(headed.fact, None, found)
    if headed.selection is None:
        return
    listed = headed.selection.list
    fields = model.vocabulary.records[listed].fields
    for record, truth in headed.selection.members(situation, ()) or ():
        if truth is not True:
            continue
        if not headed.fields:
            yield HeadingPart(listed, record.id, None)
        for field in headed.fields:
            is_known = fields[field].concluded or field in record.given
            value = record.values.get(field) if is_known else None
            yield HeadingPart(f"{listed}.{field}", record.id, value)
