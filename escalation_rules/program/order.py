"""In which order steps are to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from escalation_rules.decision import Step
from escalation_rules.program.steps import apart_order
from escalation_rules.program.wanted import Key
from escalation_rules.vocabulary import Vocabulary

_NEVER = datetime.max.replace(tzinfo=UTC)


def in_order(
    steps: Sequence[tuple[Key, Step]], phases: Sequence[str], vocabulary: Vocabulary
) -> list[tuple[Key, Step]]:
    """Steps by phase; within a phase what is due first comes first, then the action's static rank, then the record, then
    what else tells steps apart.

    A step is as pressing as what has to come after it, so that the declared order of two actions is kept. Nothing
    depends on the instant of the decision.
    """
    place = {phase: index for index, phase in enumerate(phases)}
    dues: dict[str, datetime] = {}
    for _, step in steps:
        if step.due is not None:
            dues[step.action] = min(step.due, dues.get(step.action, _NEVER))

    def order(each: tuple[Key, Step]) -> tuple[Any, ...]:
        key, step = each
        followers = vocabulary.followers.get(step.action, ())
        pressing = _earliest([step.due, *(dues.get(name) for name in followers)])
        phase = place.get(step.phase, len(place))
        rank, apart = vocabulary.ranks[step.action], apart_order(key, vocabulary.actions[key.action])
        return phase, pressing is None, pressing or _NEVER, rank, step.about or "", apart

    return sorted(steps, key=order)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
