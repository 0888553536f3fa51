"""Finds the recorded acts of an action that do not complete its steps, and says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from escalation_rules.decision import Uncounted, WhyUncounted
from escalation_rules.engine import Assessment
from escalation_rules.engine.recommendations import Recommendation, is_of
from escalation_rules.policy.conditions import Act
from escalation_rules.policy.conditions.barring import is_another
from escalation_rules.policy.vocabulary import Action


def uncounted_acts(assessment: Assessment, action: str) -> tuple[Uncounted, ...]:
    """The acts of an action that do not count, and those that count but complete none of its open steps, in order of time."""
    declared = assessment.vocabulary.actions[action]
    wanted = assessment.recommendations
    open_ones = [each for key, found in wanted.open.items() if key.action == action for each in found]
    done = [each for key, found in wanted.done.items() if key.action == action for each in found]
    found: list[Uncounted] = []
    for act in assessment.situation.acts_of((action,)):
        why, since = _why_not(act, declared, assessment), None
        if why is None:
            why, since = _why_unserved(act, declared, open_ones, done, assessment)
        if why is not None:
            found.append(Uncounted(act.at, act.by.name, act.about, act.outcome, why, since))
    found += (
        Uncounted(act.at, act.by.name, act.about, act.outcome, "incomplete")
        for act in assessment.situation.incomplete
        if act.action == action
    )
    return tuple(sorted(found, key=lambda each: each.at))


def _why_not(act: Act, action: Action, assessment: Assessment) -> WhyUncounted | None:
    """Why an act does not count at all; None if it counts."""
    if act.outcome not in action.counts:
        return "outcome"
    may = act.by.is_one_of(action.by)
    if may is not True:
        return "role" if may is False else "unknown_role"
    only = tuple(each for each in action.barred if each.only)
    may = is_another(only, act.by, act.about, assessment.situation, act, strictly=False)
    if may is not True:
        return "role" if may is False else "unknown_doer"
    other = is_another(action.barred, act.by, act.about, assessment.situation, act)
    if other is not False:
        return None if other else "unknown_doer"
    sure = is_another(action.barred, act.by, act.about, assessment.situation, act, strictly=False)
    return "barred" if sure is False else "same_role"


def _why_unserved(
    act: Act,
    action: Action,
    open_ones: Sequence[Recommendation],
    done: Sequence[Recommendation],
    assessment: Assessment,
) -> tuple[WhyUncounted | None, datetime | None]:
    """Why an act that counts completes none of the open steps about its record (None if it completed one, or none is
    open), and from when these count."""

    def fits(each: Recommendation) -> bool:
        return is_of(act, each.key.apart, assessment.situation)

    if (
        act.about is None
        and action.about not in {None, "case"}
        and not any(each.key.about is None for each in (*open_ones, *done))
    ):
        return "no_record", None
    here = list(_about(act, action, open_ones))
    fitting = [each for each in here if fits(each)]
    if not here or any(fits(each) for each in _about(act, action, done)):
        return None, None
    if not fitting:
        return "value", None
    if any(each.counts(act) for each in fitting):
        return None, None
    return "too_early", min(each.anchor.moment for each in fitting if each.anchor is not None)


def _about(act: Act, action: Action, found: Sequence[Recommendation]) -> Iterator[Recommendation]:
    return (each for each in found if each.key.about == act.about or action.about == "case")
