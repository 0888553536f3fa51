"""Renders tests on acts as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from escalation_rules.calendar import StartOf
from escalation_rules.policy.conditions.act_filter import ActFilter, Covered, Followed
from escalation_rules.policy.conditions.acts import Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.open_steps import StepDue, StepTest
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.conditions.timing import NewerThan, OlderThan
from escalation_rules.words.labels import Labels, length_said, start_said
from escalation_rules.words.sentences.comparisons import name_of, shifted_said


def act_sentence(labels: Labels, condition: Done, depth: int) -> str:
    """The sentence for `done` and `not_done`. `not_done` with `not_followed_by` has no sentence of its own:
    negate that of `done`."""
    slots = {
        **_filters(labels, condition.acts, depth),
        "times": "",
        "outcome": "",
        "covers": "",
        "followed": "",
    }
    if condition.at_least != 1:
        slots["times"] = _say(labels, "times", count=labels.formats.number(condition.at_least))
    slots["outcome"] = _outcome(labels, condition.acts.actions, condition.outcomes)
    if condition.covers is not None:
        slots["covers"] = _covered(labels, condition.covers, next(iter(condition.acts.actions)), depth)
    if condition.not_followed_by is not None:
        slots["followed"] = _followed(labels, condition.not_followed_by)
    named = condition.acts.named
    if not isinstance(condition, NotDone):
        return _say(labels, "done", actions=_actions(labels, named), **slots)
    label, is_group = labels.done_by(named[0])
    if len(named) > 1:
        return _say(labels, "none_done", actions=_actions(labels, named, denied=True), **slots)
    return _say(labels, "none_of_group_done" if is_group else "not_done",
                **{"group" if is_group else "actions": labels.quoted(label)}, **slots)  # fmt: skip


def _covered(labels: Labels, covers: Covered, action: str, depth: int) -> str:
    """The covered parameters, each with the value that it is compared with, unless that is the same parameter
    of a held step."""
    names = []
    for key, name in covers.wanted:
        parameter = labels.parameter(action, key)
        if not covers.of_step:
            value = name_of(labels, name, depth)
            parameter = _say(labels, "covers_value", parameter=parameter, value=value)
        names.append(parameter)
    return _say(labels, "covers", parameters=labels.listed(names, "all"))


def silence_sentence(labels: Labels, condition: NothingDoneFor, depth: int) -> str:
    """The sentence for `nothing_done_for`."""
    slots = _filters(labels, condition.acts, depth)
    slots["value"] = length_said(condition.duration, labels.language, labels.formats)
    slots["since"] = name_of(labels, condition.start, depth)
    if not condition.acts.named:
        return _say(labels, "nothing_done_for", **slots)
    actions = labels.listed([labels.quoted(labels.done_by(action)[0]) for action in condition.acts.named])
    return _say(labels, "not_done_for", actions=actions, **slots)


def step_sentence(labels: Labels, condition: StepTest) -> str:
    """The sentence for `step_overdue` and `step_due`."""
    slots = _step_slots(labels, condition)
    if isinstance(condition, StepDue):
        return labels.say("act.step_due", **slots)
    return labels.say("act.step_overdue_for" if "value" in slots else "act.step_overdue", **slots)


def step_moment(labels: Labels, condition: StepTest) -> str:
    """The instant since which such a test holds."""
    slots = _step_slots(labels, condition)
    if isinstance(condition, StepDue):
        return labels.say("act.step_due_moment", **slots)
    return labels.say(
        "act.step_overdue_for_moment" if "value" in slots else "act.step_overdue_moment", **slots
    )


def _step_slots(labels: Labels, condition: StepTest) -> dict[str, str]:
    slots = {"actions": _actions(labels, condition.acts.named)}
    if condition.length is not None:
        slots["value"] = length_said(condition.length, labels.language, labels.formats)
    return slots


def acts_named(labels: Labels, acts: ActFilter, outcomes: Sequence[str], depth: int) -> dict[str, str]:
    """Which acts are meant, as parts of a phrase: the actions, by whom, when, about what, with which outcome."""
    outcome = _outcome(labels, acts.actions, outcomes)
    return {"actions": _actions(labels, acts.named), **_filters(labels, acts, depth), "outcome": outcome}


def _outcome(labels: Labels, actions: Iterable[str], outcomes: Sequence[str]) -> str:
    names = [labels.quoted(labels.outcome(actions, outcome)) for outcome in outcomes]
    return _say(labels, "outcome", values=labels.listed(names)) if names else ""


def _say(labels: Labels, phrase: str, **slots: str) -> str:
    return labels.say(f"act.{phrase}", **slots)


def _actions(labels: Labels, named: Sequence[str], *, denied: bool = False) -> str:
    group = "group_denied" if denied else "group"
    found = []
    for action in named:
        label, is_group = labels.done_by(action)
        found.append(_say(labels, group, group=labels.quoted(label)) if is_group else labels.quoted(label))
    return labels.listed(found, "all" if denied else "or")


def _filters(labels: Labels, acts: ActFilter, depth: int) -> dict[str, str]:
    """By whom, when and about what, each as a phrase or empty."""
    when = []
    for kind, age in ((NewerThan, acts.newer_than), (OlderThan, acts.older_than)):
        if isinstance(age, StartOf):
            when.append(_say(labels, kind.key_of_period, value=start_said(age, labels.language)))
        elif age is not None:
            when.append(_say(labels, kind.key, value=length_said(age, labels.language, labels.formats)))
    for key, limit in (("after", acts.after), ("before", acts.before)):
        if limit is not None:
            when.append(_say(labels, key, value=_limit(labels, limit, depth)))
    return {"by": _by(labels, acts.roles), "when": "".join(when), "about": _about(labels, acts, depth)}


def _about(labels: Labels, acts: ActFilter, depth: int) -> str:
    if acts.reference is not None:
        return _say(labels, "referred", name=name_of(labels, acts.reference, depth))
    return "" if acts.scope is None or acts.scope == "any" else _say(labels, acts.scope)


def _limit(labels: Labels, limit: Name | Shifted, depth: int) -> str:
    return shifted_said(labels, limit, depth) if isinstance(limit, Shifted) else name_of(labels, limit, depth)


def _by(labels: Labels, roles: Sequence[str]) -> str:
    return _say(labels, "by", roles=labels.listed([labels.role(role) for role in roles])) if roles else ""


def _followed(labels: Labels, followed: Followed) -> str:
    within = ""
    if followed.within is not None:
        within = _say(labels, "within", value=length_said(followed.within, labels.language, labels.formats))
    by, outcome = _by(labels, followed.roles), _outcome(labels, followed.actions, followed.outcomes)
    actions = _actions(labels, followed.named)
    return _say(labels, "followed", actions=actions, by=by, outcome=outcome, within=within)
