"""Determines which acts fulfil a step: an amount must be paid in full, a level must be reached.

Acts are processed in order. At each act, the open reasons that count at that time state a combined target. If
the acts since their anchor, including this one, reach it, the act serves all of these reasons; otherwise
none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import attrs

from escalation_rules.engine.combining import Asked, Combined, added, combined
from escalation_rules.policy.conditions import Act, Situation
from escalation_rules.policy.conditions.counting import without
from escalation_rules.policy.conditions.serving import served, serves
from escalation_rules.policy.precedence import Precedence
from escalation_rules.policy.vocabulary import Action, Parameter
from escalation_rules.values import Value


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
                parameter.name: combined(parameter, asked, precedence, situation)
                for parameter in action.reached
            }
        counted = [
            candidate
            for candidate in acts[:number]
            if any(start.has(candidate) for start in open_ones.values())
        ]
        done = all(
            _is_reached(parameter, wanted[group][parameter.name], counted) for parameter in action.reached
        )
        for index, before in enumerate(found):
            if done or index not in open_ones:
                before.append(act)
    return found


def _open_from(reason: Reason, before: Sequence[Act], act: Act, situation: Situation) -> _Start | None:
    """From when acts count for a reason that is open when the act is done; None if it is not open."""
    come = [anchor for anchor in reason.anchors if anchor.is_answered_by(act)]
    waiting = [anchor for anchor in come if not anchor.is_answered(before)]
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
    stated = dict(reason.asked.effect.params)
    targets = [parameter for parameter in action.reached if parameter.name in stated]
    if not acts or not targets:
        return None
    first = _Start(reason.anchors[0]) if reason.anchors else FROM_THE_START
    counted = [act for act in acts if first.has(act)]
    courses = [stated[target.name].course(situation, reason.asked.records) for target in targets]
    attained = zip(*(_attained(target, counted) for target in targets), strict=True)
    met = None
    for act, values in zip(counted, attained, strict=True):
        pairs = zip(targets, values, courses, strict=True)
        if all(_is_enough(parameter, value, course.at(act.at)) for parameter, value, course in pairs):
            met = act.at
    if met is None:
        return None
    changes = (moment for course in courses for moment in course.changes)
    return min((moment for moment in changes if met < moment <= situation.at), default=None)


def _attained(parameter: Parameter, acts: Sequence[Act]) -> Iterator[Value | None]:
    """What the acts come to, after each of them. None: one of them states nothing, so it counts as complete."""
    so_far: Value | None = None
    is_complete = False
    for act in acts:
        said = act.params.get(parameter.name)
        is_complete = is_complete or said is None
        if not is_complete:
            so_far = said if so_far is None else _joined(parameter, (so_far, said))
        yield None if is_complete else so_far


def _joined(parameter: Parameter, values: Sequence[Any]) -> Value:
    """What acts with these values come to."""
    return added(values) if parameter.type.adds_up else max(values, key=parameter.rank)


def _is_reached(parameter: Parameter, wanted: Combined, acts: Sequence[Act]) -> bool:
    """Whether the acts reach the target, if one is stated."""
    if not wanted.stated:
        return True
    values = [act.params.get(parameter.name) for act in acts]
    return _is_enough(parameter, None if None in values else _joined(parameter, values), wanted.value)


def _is_enough(parameter: Parameter, attained: Value | None, wanted: Value | None) -> bool:
    """Whether what acts come to (None: it counts as complete) reaches a value (None: unknown)."""
    if attained is None:
        return True
    return wanted is not None and bool(parameter.rank(attained) >= parameter.rank(wanted))


def rest(parameter: Parameter, wanted: Value, acts: Sequence[Act]) -> Value:
    """The remaining amount after the acts; values that are not added up are unchanged."""
    zero = parameter.type.zero
    if zero is None or not parameter.reached or not acts:
        return wanted
    values = [act.params.get(parameter.name) for act in acts]
    return zero if None in values else max(zero, without(wanted, added(values)))
