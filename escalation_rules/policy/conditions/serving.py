"""Does an act answer what happened at an instant? What comes later does; at the same instant the order of things says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from escalation_rules.policy.conditions.condition import Act

_MINUTE = timedelta(minutes=1)


def serves(act: Act, moment: datetime, order: int | None) -> bool:
    """Whether the act came after `moment`, or then and not before it.

    `order` is the place in the history that brought what happened then. In a history an act at that very instant comes not
    before it if its own place does not; so does an act that was logged to the minute, within that minute. A plain case says
    no order: there the same instant serves.
    """
    if act.order is None:
        return act.at >= moment
    if act.at > moment:
        return True
    return (act.at == moment or _minute_of(act, moment)) and act.order >= (order or 0)


def served(acts: Sequence[Act], moment: datetime, order: int | None) -> bool:
    """Whether one of the acts, which are in order of time, serves."""
    for act in reversed(acts):
        if serves(act, moment, order):
            return True
        if moment - act.at >= _MINUTE:
            return False
    return False


def _minute_of(act: Act, moment: datetime) -> bool:
    """Whether the act is logged to the minute in which the moment lies."""
    on_the_minute = act.at.second == 0 and act.at.microsecond == 0
    return on_the_minute and act.at <= moment < act.at + _MINUTE
