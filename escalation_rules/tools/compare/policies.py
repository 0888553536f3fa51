"""The two policies of a comparison, what their effects state, and what they decide about a subject."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.engine import Program
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.subjects import Effects, Subject, subjects

OLD, NEW = 0, 1
Stated = tuple[Any, ...]
"""The content of an effect apart from its conditions: owner, time and parameters. Effects with equal content
are equivalent."""
Pair = tuple[Observed, Observed]
"""A case as decided by the old and by the new policy."""


@attrs.frozen(eq=False)
class Policies:
    """The old and the new policy, with the effects of each by subject."""

    programs: tuple[Program, Program]
    models: tuple[PolicyModel, PolicyModel]
    effects: tuple[Mapping[Subject, Effects], Mapping[Subject, Effects]]

    @classmethod
    def of(cls, old: Program, new: Program) -> Policies:
        """The policies of two programs."""
        return cls((old, new), (old.model, new.model), (subjects(old.model), subjects(new.model)))

    def effects_of(self, whose: int, subject: Subject) -> Effects:
        """The effects of a policy on a subject, each with its rule."""
        return self.effects[whose].get(subject, [])

    @property
    def releasing(self) -> set[Subject]:
        """The steps, about the case or the record of a hold, that are in the plan if they end it."""
        holds = (
            (subject, effect)
            for found in self.effects
            for subject, effects in found.items()
            for _, effect in effects
        )
        return {Subject("recommend", action, to) for subject, effect in holds if isinstance(effect, Prohibit)
                for action in effect.acts_needed for to in {"", subject.to}}  # fmt: skip

    def stated(self, whose: int, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Stated:
        """The content of an effect of a rule; that of a prohibition is compared by whom it concerns instead."""
        if isinstance(effect, Prohibit):
            return ()
        return stated_by(self.models[whose], subject, effect) + _read_by(rule, effect)

    def about(self, subject: Subject) -> str | None:
        """The id of the record that the subject is about in cases found; None: the whole case."""
        if not subject.to:
            return None
        lists = (each.vocabulary.records.get(subject.to) for each in self.models)
        return next(f"{each.each}-1" for each in lists if each is not None)


def stated_by(model: PolicyModel, subject: Subject, effect: Recommend) -> Stated:
    """The content of a recommendation, including the defaults of the action's declaration."""
    action = model.vocabulary.actions[subject.action]
    return (effect.owner or action.owner, action.phase, effect.within, effect.anchor, effect.before, effect.again, effect.params,
            effect.paused_while, effect.fixed, model.pauses.get(subject.action), effect.lapses_after,
            *(_calendar(model, each) for each in (effect.within, effect.again, effect.lapses_after)))  # fmt: skip


def _read_by(rule: Rule, effect: Recommend) -> Stated:
    """What the content means: the rules taken further and, if it reads a record, which one."""
    reads = effect.params or effect.anchor is not None or effect.before is not None
    return rule.escalates, *((rule.for_each, effect.aim) if reads else ())


def _calendar(model: PolicyModel, stated: Any) -> object:
    """The calendar used to count a time; None for elapsed time."""
    length = stated if isinstance(stated, Duration) else getattr(stated, "length", None)
    if stated is None or (length is not None and length.is_elapsed and not getattr(stated, "moved", False)):
        return None
    name = (length.calendar if length is not None else None) or stated.calendar or model.vocabulary.calendar
    return model.vocabulary.calendars.get(name or "")


def decided_about(observed: Observed, subject: Subject, about: str | None) -> list[Mapping[str, Any]]:
    """What a policy decided about the subject, as plain data without texts."""
    if subject.head != "recommend":
        return [
            {
                "by": list(each.effect.by),
                "until": None if each.effect.until is None else each.effect.until.to_data(),
                "undecided": truth is None,
                "rule": each.rule.id,
            }
            for each, truth in observed.against(subject, about)
        ]
    found = [each.to_dict() for each in observed.steps(subject.action, about)]
    left_out = {"id", "because", "say", "action", "about"}
    return [{key: value for key, value in each.items() if key not in left_out} for each in found]
