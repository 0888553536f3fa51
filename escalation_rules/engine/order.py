"""Orders the steps of a plan, and groups steps that are done together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from typing import Any

import attrs

from escalation_rules.decision import Step
from escalation_rules.engine.recommendations import Key
from escalation_rules.engine.steps import apart_order
from escalation_rules.policy.vocabulary import Vocabulary

_NEVER = datetime.max.replace(tzinfo=UTC)


class KeyQueue:
    """A queue of distinct keys; the one with the lowest place comes first."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self._keys: set[Key] = set()
        self._numbers = count()  # for equal places, first in, first out
        self._heap: list[tuple[Any, int, Key]] = []
        for key in keys:
            self.add(key)

    def __bool__(self) -> bool:
        return bool(self._keys)

    def add(self, key: Key) -> None:
        """Add a key, unless it is already in the queue."""
        if key not in self._keys:
            self._keys.add(key)
            heappush(self._heap, (key.place, next(self._numbers), key))

    def first(self) -> Key:
        """Remove and return the first key."""
        key = heappop(self._heap)[-1]
        self._keys.remove(key)
        return key


def in_order(
    found: Sequence[tuple[Key, Step]], phases: Sequence[str], vocabulary: Vocabulary
) -> list[tuple[Key, Step]]:
    """Order steps by phase; within a phase by due time, rank of the action, record, and distinguishing
    parameters. Steps that are done together get the id of the step that they are part of.

    A step is as urgent as the steps that must come after it, so that the declared order of two actions is
    kept. The order does not depend on the instant of the decision.
    """
    if len(found) < 2:
        return [*found]
    place = {phase: index for index, phase in enumerate(phases)}
    dues: dict[str, datetime] = {}
    for _, step in found:
        if step.due is not None:
            dues[step.action] = min(step.due, dues.get(step.action, _NEVER))

    def place_of(pair: tuple[Key, Step]) -> tuple[Any, ...]:
        key, step = pair
        phase, rank = place.get(step.phase, len(place)), vocabulary.ranks[step.action]
        apart = apart_order(key, vocabulary.actions[step.action]) if key.apart else ()
        if not dues:
            return phase, rank, step.about or "", apart
        pressing = _earliest(
            [step.due, *(dues.get(follower) for follower in vocabulary.followers.get(step.action, ()))]
        )
        return phase, pressing is None, pressing or _NEVER, rank, step.about or "", apart

    ordered = sorted(found, key=place_of)
    if not vocabulary.goes:
        return ordered
    return list(_with_parts(ordered, phases[0] if phases else None, vocabulary))


@attrs.define
class _Go:
    """Steps that are done together: the id of the first one, and their common record."""

    leading: str
    record: str | None


def _with_parts(
    ordered: Sequence[tuple[Key, Step]], urgent: str | None, vocabulary: Vocabulary
) -> Iterator[tuple[Key, Step]]:
    """Yield the steps, each with the step that it is part of. Steps of the most `urgent` phase are not grouped."""
    begun: dict[tuple[str, str | None], list[_Go]] = {}
    for key, step in ordered:
        group = vocabulary.goes.get(step.action)
        if group is None or step.id is None or step.phase == urgent:
            yield key, step
            continue
        listed = group.go_for_each
        record = step.about if listed and vocabulary.actions[step.action].about == listed else None
        goes = begun.setdefault((group.name, step.owner), [])
        go = next(
            (together for together in goes if record is None or together.record in (None, record)), None
        )
        if go is None:
            goes.append(_Go(step.id, record))
            yield key, step
        else:
            go.record = go.record or record
            yield key, attrs.evolve(step, part_of=go.leading)


def _earliest(moments: Iterable[datetime | None]) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
