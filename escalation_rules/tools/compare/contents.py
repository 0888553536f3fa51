"""The content of a step: what a recommendation and the declaration of its action say about it, apart from when it applies."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import Aim, Anchor, FoundAnchor, NameAnchor, PolicyModel, Recommend, Rule
from escalation_rules.policy.parameter_values import ParameterValue

DECLARED = frozenset({"owner", "phase", "anchor", "paused_while"})
"""The parts of an action's declaration that are part of the content of its steps."""
DESCRIBING = frozenset({"label", "say", "say_to", "before", "after", "priority", "reversible"})
"""Those that only order and describe steps."""


@attrs.frozen
class Content:
    """The content of an effect. Effects with equal content are equivalent while they apply.

    Of a prohibition, it is at most whom it concerns (`by`). `of_rule` is what the content means in its
    rule: the list and the aim, if it reads a record.
    """

    owner: str | None = None
    phase: str | None = None
    within: Deadline | None = None
    anchor: Anchor | None = None
    before: NameAnchor | FoundAnchor | None = None
    again: Duration | None = None
    params: tuple[tuple[str, ParameterValue], ...] = ()
    paused_while: Condition | None = None
    paused_always_while: Condition | None = None
    fixed: bool = False
    lapses_after: Duration | None = None
    calendars: tuple[str, ...] = ()
    escalates: tuple[str, ...] = ()
    of_rule: tuple[str | None, Aim] | None = None
    by: tuple[str, ...] = ()


def differing_fields(one: Content, other: Content) -> frozenset[str]:
    """The names of the fields in which two contents differ."""
    names = (field.name for field in attrs.fields(Content))
    return frozenset(name for name in names if getattr(one, name) != getattr(other, name))


def content_of(model: PolicyModel, rule: Rule, effect: Recommend) -> Content:
    """The content of a recommendation, including the defaults of the action's declaration."""
    action = model.vocabulary.actions[effect.action]
    reads = effect.params or effect.anchor is not None or effect.before is not None
    return Content(
        effect.owner or action.owner,
        action.phase,
        effect.within,
        effect.anchor,
        effect.before,
        effect.again,
        effect.params,
        effect.paused_while,
        model.pauses.get(effect.action),
        effect.fixed,
        effect.lapses_after,
        tuple(calendars_of_step(effect)),
        rule.escalates,
        (rule.for_each, effect.aim) if reads else None,
    )


def calendars_of_step(effect: Recommend) -> Iterator[str]:
    """The names of the calendars by which the times of a recommendation are counted ("": the default one)."""
    for length in (effect.within, effect.again, effect.lapses_after):
        if length is not None:
            yield from (name or "" for name in calendars_of(length))


def calendars_of(time: Deadline | Duration) -> Iterator[str | None]:
    """The names of the calendars by which a time is counted (None: the default one); no calendar counts elapsed time."""
    length = time.length if isinstance(time, Deadline) else time
    if length is not None and not length.is_elapsed:
        yield length.calendar
    if isinstance(time, Deadline) and not time.before and (length is None or time.moved):
        yield time.calendar
