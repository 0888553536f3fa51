"""Compares two decisions about one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Literal, Protocol, TypeVar

import attrs

from escalation_rules.decision.parts import DoneStep, Forbidden, Held, Missing, Step
from escalation_rules.decision.plain import to_plain
from escalation_rules.frozen import frozen

COMPARED = ("owner", "due", "overdue", "within", "params", "incomplete", "phase")
"""The fields of a step whose changes are reported."""

T = TypeVar("T")


class Compared(Protocol):
    """The parts of a decision that are compared."""

    @property
    def plan(self) -> tuple[Step, ...]: ...
    @property
    def done(self) -> tuple[DoneStep, ...]: ...
    @property
    def forbidden(self) -> tuple[Forbidden, ...]: ...
    @property
    def held(self) -> tuple[Held, ...]: ...
    @property
    def missing(self) -> tuple[Missing, ...]: ...


@attrs.frozen
class Withdrawn:
    """A step that is no longer in the plan, and what happened to it."""

    step: Step
    now: Literal["done", "held", "forbidden", "gone"]


@attrs.frozen
class Changed:
    """A step that is still in the plan, with one field that changed. Values are plain data."""

    step: Step
    part: str
    before: Any = attrs.field(converter=frozen)
    after: Any = attrs.field(converter=frozen)


@attrs.frozen
class Changes:
    """The differences between an earlier and a later decision."""

    recommended: tuple[Step, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    changed: tuple[Changed, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    held: tuple[Held, ...] = ()
    released: tuple[Forbidden | Held, ...] = ()
    asked: tuple[Missing, ...] = ()
    answered: tuple[Missing, ...] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in attrs.fields(Changes))

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The changes as plain data for JSON; texts in `language`, or in all languages if None."""
        return to_plain(self, language)


def changes(earlier: Compared, later: Compared) -> Changes:
    """Compare two decisions about one case.

    Steps are matched by id; without a case id, by action and record, and by parameters where that is
    ambiguous.
    """
    before, after = _both(earlier.plan, later.plan, _step_key)
    barred_before, barred_after = _both(_bars(earlier), _bars(later), _bar_key)
    asked_before, asked_after = _by(earlier.missing, _question_key), _by(later.missing, _question_key)
    return Changes(
        tuple(step for key, step in after.items() if key not in before),
        tuple(Withdrawn(step, _fate(step, later)) for key, step in before.items() if key not in after),
        tuple(
            change
            for key, step in after.items()
            if key in before
            for change in _differences(before[key], step)
        ),
        tuple(
            restriction
            for key, restriction in barred_after.items()
            if isinstance(restriction, Forbidden) and key not in barred_before
        ),
        tuple(
            restriction
            for key, restriction in barred_after.items()
            if isinstance(restriction, Held) and key not in barred_before
        ),
        tuple(
            restriction
            for key, restriction in barred_before.items()
            if key not in barred_after and not _still(restriction, later)
        ),
        tuple(missing for key, missing in asked_after.items() if key not in asked_before),
        tuple(missing for key, missing in asked_before.items() if key not in asked_after),
    )


def _by(items: Iterable[T], key: Any) -> dict[Hashable, T]:
    return {key(part): part for part in items}


def _both(earlier: Sequence[T], later: Sequence[T], key: Any) -> tuple[dict[Hashable, T], dict[Hashable, T]]:
    """Both sequences as dicts by key. Where several items have the same key, parameters are added to it."""
    several = {
        repeated
        for items in (earlier, later)
        for repeated, number in Counter(map(key, items)).items()
        if number > 1
    }

    def whole(item: T) -> Hashable:
        params = getattr(item, "params", {})
        return key(item), tuple(sorted(params.items())) if key(item) in several else ()

    return _by(earlier, whole), _by(later, whole)


def _bars(decision: Compared) -> list[Forbidden | Held]:
    return [*decision.forbidden, *decision.held]


def _step_key(step: Step) -> Hashable:
    return step.id or (step.action, step.about)


def _bar_key(bar: Forbidden | Held) -> Hashable:
    return type(bar).__name__, bar.action, bar.about, bar.by


def _question_key(question: Missing) -> Hashable:
    return question.fact, question.about


def _fate(step: Step, later: Compared) -> Literal["done", "held", "forbidden", "gone"]:
    fates: Sequence[tuple[Literal["done", "held", "forbidden"], Iterable[Any]]] = (
        ("done", (*later.done, *later.plan)),  # a step with another id in the plan: done and due again
        ("forbidden", (forbidden for forbidden in later.forbidden if forbidden.wanted)),
        ("held", (held_step for held_step in later.held if held_step.wanted)),
    )
    return next((name for name, parts in fates if any(_is_of(part, step) for part in parts)), "gone")


def _is_of(part: Any, step: Step) -> bool:
    """Whether a part of a later decision is about the same step. A done step is identified by its
    distinguishing parameters."""
    if (part.action, part.about) != (step.action, step.about):
        return False
    if isinstance(part, Step) and part.id is not None and step.id is not None:
        return part.id.rpartition("/")[0] == step.id.rpartition("/")[0]
    return not isinstance(part, DoneStep) or part.params.items() <= step.params.items()


def _still(bar: Forbidden | Held, later: Compared) -> bool:
    """Whether the action is still blocked, but in the other way: held instead of forbidden, or the reverse."""
    key = (bar.action, bar.about, bar.by)
    return any((restriction.action, restriction.about, restriction.by) == key for restriction in _bars(later))


def _differences(before: Step, after: Step) -> Iterable[Changed]:
    old, new = to_plain(before, None), to_plain(after, None)
    for part in COMPARED:
        if old[part] != new[part]:
            yield Changed(after, part, old[part], new[part])
