"""In which order steps are to be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from escalation_rules.decision import Step
from escalation_rules.vocabulary import Vocabulary

_NEVER = datetime.max.replace(tzinfo=UTC)


def in_order(steps: Sequence[Step], phases: Sequence[str], vocabulary: Vocabulary) -> list[Step]:
    """Steps by phase; within a phase what is due first comes first, then the action's static rank, then the record.

    A step is as pressing as what has to come after it, so that the declared order of two actions is kept. Nothing
    depends on the instant of the decision.
    """
    place = {phase: index for index, phase in enumerate(phases)}
    dues: dict[str, datetime] = {}
    for step in steps:
        if step.due is not None:
            dues[step.action] = min(step.due, dues.get(step.action, _NEVER))

    def key(step: Step) -> tuple[int, bool, datetime, int, str]:
        pressing = _earliest(
            [step.due, *(dues.get(each) for each in vocabulary.followers.get(step.action, ()))]
        )
        phase = place.get(step.phase, len(place))
        return phase, pressing is None, pressing or _NEVER, vocabulary.ranks[step.action], step.about or ""

    return sorted(steps, key=key)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in moments if each is not None), default=None)
