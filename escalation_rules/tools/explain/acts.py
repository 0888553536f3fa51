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
    open_ones = [
        recommendation
        for key, found in wanted.open.items()
        if key.action == action
        for recommendation in found
    ]
    done = [
        recommendation
        for key, found in wanted.done.items()
        if key.action == action
        for recommendation in found
    ]
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
    return tuple(sorted(found, key=lambda act: act.at))


def _why_not(act: Act, action: Action, assessment: Assessment) -> WhyUncounted | None:
    """Why an act does not count at all; None if it counts."""
    if act.outcome not in action.counts:
        return "outcome"
    may = act.by.is_one_of(action.by)
    if may is not True:
        return "role" if may is False else "unknown_role"
    only = tuple(barred_party for barred_party in action.barred if barred_party.only)
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

    def fits(recommendation: Recommendation) -> bool:
        return is_of(act, recommendation.key.apart, assessment.situation)

    if (
        act.about is None
        and action.about not in {None, "case"}
        and not any(recommendation.key.about is None for recommendation in (*open_ones, *done))
    ):
        return "no_record", None
    here = list(_about(act, action, open_ones))
    fitting = [recommendation for recommendation in here if fits(recommendation)]
    if not here or any(fits(recommendation) for recommendation in _about(act, action, done)):
        return None, None
    if not fitting:
        return "value", None
    if any(recommendation.counts(act) for recommendation in fitting):
        return None, None
    return "too_early", min(
        recommendation.anchor.moment for recommendation in fitting if recommendation.anchor is not None
    )


def _about(act: Act, action: Action, found: Sequence[Recommendation]) -> Iterator[Recommendation]:
    return (
        recommendation
        for recommendation in found
        if recommendation.key.about == act.about or action.about == "case"
    )
