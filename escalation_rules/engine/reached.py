"""Determines which acts fulfil a step: an amount must be paid in full, a level must be reached.

Acts are processed in order. At each act, the open reasons that count at that time state a combined target. If
the acts since their anchor, including this one, reach it, the act serves all of these reasons; otherwise
none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from escalation_rules.engine.combining import Asked, Combined, added, combined
from escalation_rules.policy.conditions import Act, Situation
from escalation_rules.policy.conditions.serving import served, serves
from escalation_rules.policy.precedence import Precedence
from escalation_rules.policy.vocabulary import Action, Parameter
from escalation_rules.values import EXACT, Value


class Anchored(NamedTuple):
    """An instant from which a step counts, its position in the history, and when it was learned.

    If it is that of an act of the step's `own` action, only a later act answers it.
    """

    moment: datetime
    order: int | None = None
    learned: datetime | None = None
    own: bool = False

    def is_answered_by(self, act: Act) -> bool:
        """Whether an act came late enough to answer it."""
        return serves(act, self.moment, self.order, strictly=self.own)

    def is_answered(self, acts: Sequence[Act]) -> bool:
        """Whether one of the acts, which are in order of time, answers it."""
        return served(acts, self.moment, self.order, strictly=self.own)


@attrs.frozen(eq=False)
class Reason:
    """A reason for a step, with the instants from which it counts, in order; none if it counts from the start.

    `ends` are the instants before which it is due, if it is due before one.
    """

    asked: Asked
    anchors: tuple[Anchored, ...]
    ends: tuple[Anchored, ...] = ()


@attrs.frozen(eq=False)
class _Start:
    """From when acts count for a reason (None: from the start)."""

    anchor: Anchored | None = None

    def has(self, act: Act) -> bool:
        """Whether the act counts."""
        return self.anchor is None or self.anchor.is_answered_by(act)


FROM_THE_START = _Start()


def acts_that_serve(
    reasons: Sequence[Reason],
    acts: Sequence[Act],
    action: Action,
    precedence: Precedence,
    situation: Situation,
) -> list[list[Act]]:
    """For each reason of a step, the acts that serve it. `acts` are those that count for the step, in order of time."""
    if not action.reached:
        return [[*acts] for _ in reasons]
    found: list[list[Act]] = [[] for _ in reasons]
    wanted: dict[tuple[int, ...], Mapping[str, Combined]] = {}
    for number, act in enumerate(acts, start=1):
        open_ones = {
            index: start
            for index, reason in enumerate(reasons)
            if (start := _open_from(reason, found[index], act, situation)) is not None
        }
        group = tuple(open_ones)
        if group not in wanted:
            asked = [reasons[index].asked for index in group]
            wanted[group] = {
                each.name: combined(each, asked, precedence, situation) for each in action.reached
            }
        counted = [each for each in acts[:number] if any(start.has(each) for start in open_ones.values())]
        done = all(_is_reached(each, wanted[group][each.name], counted) for each in action.reached)
        for index, before in enumerate(found):
            if done or index not in open_ones:
                before.append(act)
    return found


def _open_from(reason: Reason, before: Sequence[Act], act: Act, situation: Situation) -> _Start | None:
    """From when acts count for a reason that is open when the act is done; None if it is not open."""
    come = [each for each in reason.anchors if each.is_answered_by(act)]
    waiting = [each for each in come if not each.is_answered(before)]
    if waiting:
        return _Start(waiting[0])
    if reason.anchors and not come:
        return None
    if not before:
        return FROM_THE_START
    again = reason.asked.effect.again
    returns = situation.interval_after(before[-1].at, again) if again is not None else None
    return _Start(Anchored(returns)) if returns is not None and act.at >= returns else None


def grown_since(reason: Reason, acts: Sequence[Act], action: Action, situation: Situation) -> datetime | None:
    """Since when the target of a reason is more than what had met it; None if nothing had. `acts` as above.

    A list may grow after its total was paid: nobody is late with the rest before it was known.
    """
    if not acts or not action.reached:
        return None
    stated = dict(reason.asked.effect.params)
    targets = [(each, stated[each.name]) for each in action.reached if each.name in stated]
    first = _Start(reason.anchors[0]) if reason.anchors else FROM_THE_START
    counted = [act for act in acts if first.has(act)]
    for number in range(len(counted) if targets else 0, 0, -1):
        moment, records = counted[number - 1].at, reason.asked.records
        if all(
            _attains(parameter, value.as_of(moment, situation, records), counted[:number])
            for parameter, value in targets
        ):
            changes = (each for _, value in targets for each in value.changes(situation, records))
            return min((each for each in changes if moment < each <= situation.at), default=None)
    return None


def _is_reached(parameter: Parameter, wanted: Combined, acts: Sequence[Act]) -> bool:
    """Whether the acts reach the target, if one is stated."""
    return not wanted.stated or _attains(parameter, wanted.value, acts)


def _attains(parameter: Parameter, wanted: Value | None, acts: Sequence[Act]) -> bool:
    """Whether the acts reach a value. An act without an amount counts as complete."""
    values = [act.params.get(parameter.name) for act in acts]
    if None in values:
        return True
    if wanted is None:
        return False
    attained = added(values) if parameter.type.adds_up else max(values, key=parameter.rank)
    return bool(parameter.rank(attained) >= parameter.rank(wanted))


def rest(parameter: Parameter, wanted: Value, acts: Sequence[Act]) -> Value:
    """The remaining amount after the acts; values that are not added up are unchanged."""
    zero = parameter.type.zero
    if zero is None or not parameter.reached or not acts:
        return wanted
    values = [act.params.get(parameter.name) for act in acts]
    return zero if None in values else max(zero, _less(wanted, added(values)))


def _less(wanted: Any, done: Any) -> Any:
    return EXACT.subtract(wanted, done) if isinstance(wanted, Decimal) else wanted - done
