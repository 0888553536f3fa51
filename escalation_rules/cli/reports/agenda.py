"""A plan as a person takes it: what comes first, what is for now, next and after that; one reason, one block."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Literal

import attrs

from escalation_rules.decision import Decision, Reason, Step

When = Literal["first", "now", "next", "then"]
WHEN: tuple[When, ...] = ("first", "now", "next", "then")
SOON, LATER = timedelta(hours=1), timedelta(days=1)
"""What is due within the first is for now, within the second for next."""


@attrs.frozen
class Item:
    """A step and its number on the page."""

    number: int
    step: Step


@attrs.frozen
class Block:
    """Steps one after the other that have a reason in common; `shared` are the texts that all of them have."""

    when: When
    items: tuple[Item, ...]
    shared: tuple[str, ...]


@attrs.frozen
class Agenda:
    """The blocks that are shown, in order, and the steps that are left out."""

    blocks: tuple[Block, ...]
    left: tuple[Step, ...]


def agenda(
    decision: Decision,
    steps: Sequence[Step],
    followers: Mapping[str, frozenset[str]],
    said: Callable[[Reason], str],
    most: int | None,
) -> Agenda:
    """The agenda of some steps of a decision, at most so many; `said` is what a reason says.

    Within each part the order of the plan is kept; `followers` are the actions that come after an action, so that no
    step is put behind one that has to come after it.
    """
    parts: dict[When, list[Step]] = {each: [] for each in WHEN}
    for index, step in enumerate(steps):
        after = [each for each in steps if each.action in followers.get(step.action, ())]
        places = [WHEN.index(_when(each, decision)) for each in (step, *after)]
        parts["first" if index == 0 else WHEN[min(places)]].append(step)
    ordered = [(when, step) for when in WHEN for step in parts[when]]
    left = () if most is None else tuple(step for _, step in ordered[most:])
    return Agenda(tuple(_blocks(ordered[:most], said)), left)


def _blocks(ordered: Sequence[tuple[When, Step]], said: Callable[[Reason], str]) -> list[Block]:
    blocks: list[Block] = []
    for number, (when, step) in enumerate(ordered, 1):
        texts = tuple(dict.fromkeys(said(each) for each in step.because))
        last = blocks[-1] if blocks else None
        shared = tuple(each for each in last.shared if each in texts) if last is not None else ()
        if last is not None and last.when == when and shared:
            blocks[-1] = Block(when, (*last.items, Item(number, step)), shared)
        else:
            blocks.append(Block(when, (Item(number, step),), texts))
    return blocks


def _when(step: Step, decision: Decision) -> When:
    """A step without a due time is for now while its phase is the current one."""
    if step.due is None:
        return "now" if step.phase == decision.phase else "then"
    if step.due - decision.at <= SOON:
        return "now"
    return "next" if step.due - decision.at <= LATER else "then"
