"""In which order steps are to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from escalation_rules.decision import Step
from escalation_rules.engine.recommendations import Key
from escalation_rules.engine.steps import apart_order
from escalation_rules.policy.vocabulary import Vocabulary

_NEVER = datetime.max.replace(tzinfo=UTC)


def in_order(
    found: Sequence[tuple[Key, Step]], phases: Sequence[str], vocabulary: Vocabulary
) -> list[tuple[Key, Step]]:
    """Steps by phase; within a phase what is due first comes first, then the action's static rank, then the record, then
    what tells steps apart.

    A step is as pressing as what has to come after it, so that the declared order of two actions is kept. Nothing
    depends on the instant of the decision.
    """
    place = {phase: index for index, phase in enumerate(phases)}
    dues: dict[str, datetime] = {}
    for _, step in found:
        if step.due is not None:
            dues[step.action] = min(step.due, dues.get(step.action, _NEVER))

    def place_of(each: tuple[Key, Step]) -> tuple[Any, ...]:
        key, step = each
        pressing = _earliest(
            [step.due, *(dues.get(each) for each in vocabulary.followers.get(step.action, ()))]
        )
        phase = place.get(step.phase, len(place))
        rank, apart = vocabulary.ranks[step.action], apart_order(key, vocabulary.actions[step.action])
        return phase, pressing is None, pressing or _NEVER, rank, step.about or "", apart

    return sorted(found, key=place_of)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
