"""Determines whether an act answers an event: it must come later or, at the same instant, not before it in the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation_rules.policy.conditions.condition import Act

_MINUTE = timedelta(minutes=1)


def serves(act: Act, moment: datetime, order: int | None, *, strictly: bool = False) -> bool:
    """Whether the act came after `moment`, or (unless `strictly`) at the same time but not before it.

    `order` is the event's position in the history. At the same instant, the act's own position must not be
    lower (`strictly`: must be higher); the same applies within a minute if the act was logged to the minute. A plain
    case has no order, so an act at the same instant counts (`strictly`: it does not).
    """
    if act.order is None:
        return act.at > moment or (act.at == moment and not strictly)
    if act.at > moment:
        return True
    return (act.at == moment or _minute_of(act, moment)) and act.order >= (order or 0) + strictly


def served(acts: Sequence[Act], moment: datetime, order: int | None, *, strictly: bool = False) -> bool:
    """Whether one of the acts, which are in order of time, answers it."""
    for act in reversed(acts):
        if serves(act, moment, order, strictly=strictly):
            return True
        if moment - act.at >= _MINUTE:
            return False
    return False


def _minute_of(act: Act, moment: datetime) -> bool:
    """Whether the act was logged to the minute that contains the moment."""
    on_the_minute = act.at.second == 0 and act.at.microsecond == 0
    return on_the_minute and act.at <= moment < act.at + _MINUTE
