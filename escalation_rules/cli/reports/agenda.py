"""Arranges a plan for display: first step, now, next and later, with steps grouped by common reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal

import attrs

from escalation_rules.decision import Decision, Reason, Step, goes
from escalation_rules.policy.vocabulary import Group, Vocabulary

When = Literal["first", "now", "next", "then"]
WHEN: tuple[When, ...] = ("first", "now", "next", "then")
SOON, LATER = timedelta(hours=1), timedelta(days=1)
"""The time limits of the sections `now` and `next`."""


@attrs.frozen
class Item:
    """A step with its number on the page, and the steps that are done together with it (`parts`)."""

    number: int
    step: Step
    parts: tuple[Step, ...] = ()

    @property
    def whole(self) -> tuple[Step, ...]:
        """The step and its parts."""
        return (self.step, *self.parts)

    @property
    def pressing(self) -> Step:
        """The step or part that is due first."""
        timed = [step for step in self.whole if step.due is not None]
        return min(timed, key=_due, default=self.step)


@attrs.frozen
class Block:
    """Consecutive steps with a common reason. `shared` are the texts that all of them have."""

    when: When
    items: tuple[Item, ...]
    shared: tuple[str, ...]


@attrs.frozen
class Agenda:
    """The blocks to show, in order, and the items left out."""

    blocks: tuple[Block, ...]
    left: tuple[Item, ...]


def agenda(
    decision: Decision,
    steps: Sequence[Step],
    vocabulary: Vocabulary,
    said: Callable[[Reason], str],
    most: int | None,
) -> Agenda:
    """Arrange steps of a decision, at most `most` (None: all, each in its own block). `said` is the text of a
    reason.

    The order of the plan is kept within each section, and no step is moved behind those that must come after it. Steps
    that are done together form one item.
    """
    followers = vocabulary.followers
    by_go = _in_one_go(goes(steps), vocabulary) if most is not None else [(step,) for step in steps]
    places = [min(WHEN.index(_when(step, decision)) for step in go) for go in by_go]
    parts: dict[When, list[tuple[Step, ...]]] = {when: [] for when in WHEN}
    for index, go in enumerate(by_go):
        later = frozenset().union(*(followers.get(step.action, frozenset()) for step in go))
        after = [place for place, other in zip(places, by_go, strict=True)
                 if any(step.action in later for step in other)]  # fmt: skip
        parts["first" if index == 0 else WHEN[min([places[index], *after])]].append(go)
    ordered = [(when, go) for when in WHEN for go in parts[when]]
    items = [
        (when, Item(number, step, tuple(more))) for number, (when, (step, *more)) in enumerate(ordered, 1)
    ]
    left = () if most is None else tuple(step for _, step in items[most:])
    return Agenda(tuple(_blocks(items[:most], said)), left)


def _in_one_go(by_go: Sequence[tuple[Step, ...]], vocabulary: Vocabulary) -> list[tuple[Step, ...]]:
    """Join the steps of one group, owner and record that the plan keeps apart because another phase than the first one declared
    is first in this case. Those of the first one declared stay alone: they are the most urgent in any case."""
    urgent = next(iter(vocabulary.phases), None)
    found: list[tuple[Step, ...]] = []
    begun: dict[tuple[str, str | None], list[int]] = {}
    for go in by_go:
        group = vocabulary.goes.get(go[0].action)
        if group is None or go[0].phase == urgent:
            found.append(go)
            continue
        record, others = _record(go, group, vocabulary), begun.setdefault((group.name, go[0].owner), [])
        fits = (number for number in others if record is None
                or _record(found[number], group, vocabulary) in {None, record})  # fmt: skip
        index = next(fits, None)
        if index is None:
            others.append(len(found))
            found.append(go)
        else:
            found[index] += go
    return found


def _record(go: Sequence[Step], group: Group, vocabulary: Vocabulary) -> str | None:
    """The record that steps of a group are done for in one go, if there is one."""
    listed = group.go_for_each
    about = (step.about for step in go if listed and vocabulary.actions[step.action].about == listed)
    return next((record for record in about if record is not None), None)


def _blocks(items: Sequence[tuple[When, Item]], said: Callable[[Reason], str]) -> list[Block]:
    blocks: list[Block] = []
    for when, step in items:
        texts = tuple(dict.fromkeys(said(reason) for reason in step.step.because))
        last = blocks[-1] if blocks else None
        shared = tuple(text for text in last.shared if text in texts) if last is not None else ()
        if last is not None and last.when == when and shared:
            blocks[-1] = Block(when, (*last.items, step), shared)
        else:
            blocks.append(Block(when, (step,), texts))
    return blocks


def _due(step: Step) -> datetime:
    return step.due or datetime.max.replace(tzinfo=UTC)


def _when(step: Step, decision: Decision) -> When:
    """The section of a step. A step without a due time belongs to `now` if its phase is the current one."""
    if step.due is None:
        return "now" if step.phase == decision.phase else "then"
    if step.due - decision.at <= SOON:
        return "now"
    return "next" if step.due - decision.at <= LATER else "then"
