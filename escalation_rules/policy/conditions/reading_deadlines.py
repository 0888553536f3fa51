"""Reads time limits: `2 days`, `end of the working day`, `15 days …, moved to a working day`."""

from __future__ import annotations

from escalation_rules.calendar import Deadline
from escalation_rules.calendar.lengths import END_OF_DAY, EXAMPLE, MOVED, guess_deadline
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.unknown_names import part
from escalation_rules.source import Node, Scalar
from escalation_rules.values import show


def read_deadline(
    context: Context, node: Scalar, length: str, behind: int, moved: str | None
) -> Deadline | None:
    """Read `2 days` or `end of the working day`, and an optional working day that the end moves to (`moved`: what follows
    `moved to a working day`, at `behind` in the text; None if it does not move)."""
    if length.startswith(END_OF_DAY):
        tail, start = length.removeprefix(END_OF_DAY), len(END_OF_DAY)
        duration = None
    elif moved is None:
        duration = context.duration(part(node, 0, len(length)))
        return None if duration is None else Deadline(duration)
    else:
        tail, start = moved, behind
        duration = context.duration(part(node, 0, len(length)))
        if duration is None:
            return None
    named = tail.removeprefix(" in ") if tail.startswith(" in ") else None
    if tail and not named:
        context.error("bad-duration", part(node, start), f"{show(tail.strip())} is not valid here",
                      "nothing, or `in` and a calendar")  # fmt: skip
        return None
    if context.calendar(part(node, start + len(" in ")) if named else node, named) is None:
        return None
    try:
        return Deadline(duration, moved is not None, named)
    except ValueError as problem:
        context.error("bad-duration", node, str(problem).partition(": ")[2], f"{length} alone")
        return None


def misspelt(context: Context, node: Scalar) -> bool:
    """Whether the end of a working day, or the move to one, is written in another way; if so, it is reported."""
    meant = guess_deadline(node.text)
    if meant is not None:
        context.error("bad-duration", node, f"{show(node.text)} is not a valid time limit", None, meant)
    return meant is not None


def read_time_limit(context: Context, node: Node) -> Deadline | None:
    """Read a time limit without the instant from which it counts: `15 days, moved to a working day`."""
    text = context.scalar(node, "a length of time", f"a number and a unit, {EXAMPLE}")
    if text is None or not isinstance(node, Scalar):
        return None
    if misspelt(context, node):
        return None
    length, moves, moved = text.partition(MOVED)
    return read_deadline(context, node, length, len(length) + len(moves), moved if moves else None)
