"""Explains decisions, rules that did not fire, and actions that are not in the plan."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.decision import (
    Decision,
    DoneStep,
    Explanation,
    Forbidden,
    Gone,
    Held,
    Part,
    PartView,
    RuleView,
    Step,
    TimeView,
)
from escalation_rules.engine import Assessment
from escalation_rules.engine.steps import Due
from escalation_rules.errors import RequestError, unknown_name
from escalation_rules.policy.model import Removed, Rule
from escalation_rules.tools.explain.acts import uncounted_acts
from escalation_rules.tools.explain.rules import explain_rule

__all__ = ["explain"]


def explain(assessment: Assessment, decision: Decision, about: str | None = None) -> Explanation:
    """Explain the whole decision, one rule (by its id), or one action (in the plan or not).

    For a rule that a later layer removed, the explanation says so. Raises `RequestError` if there is no such
    rule or action.
    """
    if about is None:
        parts: list[Part] = [
            *decision.plan,
            *decision.done,
            *decision.forbidden,
            *decision.held,
            *decision.missing,
        ]
        return Explanation(None, tuple(PartView(part, _behind(assessment, part)) for part in parts))
    rule = assessment.model.rule(about)
    if rule is not None:
        return Explanation(about, (), _shortest_first(explain_rule(assessment, rule)))
    if about in assessment.vocabulary.actions:
        return _action(assessment, decision, about)
    if about in assessment.model.removed:
        return Explanation(about, (), (), _gone(assessment, assessment.model.removed[about]))
    rules = (*(listed_rule.id for listed_rule in assessment.model.rules), *assessment.model.removed)
    known = [*assessment.vocabulary.actions, *rules]
    raise RequestError([unknown_name("unknown-name", f"unknown rule or action {about!r}", about, known)])


def _gone(assessment: Assessment, removed: Removed) -> Gone:
    """Why and by what a rule was removed; the replacing rule states the reason."""
    by, place = removed.by, removed.position
    if by is None:
        return Gone(removed.rule.id, None, place, removed.because)
    return Gone(removed.rule.id, by.id, place, assessment.words.because(by, ()))


def _action(assessment: Assessment, decision: Decision, action: str) -> Explanation:
    all_parts: list[Step | DoneStep | Forbidden | Held] = [
        *decision.plan, *decision.forbidden, *decision.held, *decision.done
    ]  # fmt: skip
    parts = [part for part in all_parts if part.action == action]
    rules: list[RuleView] = []
    for rule in assessment.model.rules:
        if any(effect.action == action for effect in rule.recommends):
            rules += (view for view in explain_rule(assessment, rule) if view.standing != "holds")
    views = tuple(PartView(part, _behind(assessment, part), _times(assessment, part)) for part in parts)
    shown = {view.rule for part in views for view in part.rules}
    limits = [
        view
        for rule in assessment.model.rules
        if rule.id not in shown
        if any(action in effect.actions for effect in rule.prohibits)
        for view in explain_rule(assessment, rule)
    ]
    return Explanation(
        action,
        views,
        _shortest_first(rules),
        uncounted=uncounted_acts(assessment, action),
        limits=_shortest_first(limits),
    )


def _times(assessment: Assessment, part: Part) -> tuple[TimeView, ...]:
    """The time limits of a step of the plan, the earliest first; those that do not count come last. Of a held step, those
    that count although it is held."""
    if isinstance(part, Held):
        held = [
            (key, dues) for key, dues in assessment.fixed_dues.items() if key[:2] == (part.action, part.about)
        ]
        return tuple(_time(due) for _, dues in held for due in dues)
    found = [key for key, step in assessment.steps if step == part] if isinstance(part, Step) else []
    times: list[TimeView] = []
    for key in found:
        times += map(_time, assessment.dues[key])
        gone = assessment.clock.taken_over(assessment.free[key])
        times += (TimeView(recommendation.rule.id, str(start.length), start.moment, None, taken_over=True)
                  for recommendation in gone for start in recommendation.starts)  # fmt: skip
    return tuple(times)


def _time(due: Due) -> TimeView:
    anew, stood_still = due.begin != due.start.moment, due.stopped and not due.paused
    rule, within = due.recommendation.rule.id, str(due.start.length)
    return TimeView(rule, within, due.begin, due.at, anew, stood_still, due.paused)


def _behind(assessment: Assessment, part: Part) -> tuple[RuleView, ...]:
    names = [reason.rule for reason in getattr(part, "because", ())] or list(getattr(part, "needed_by", ()))
    about = getattr(part, "about", None)
    return tuple(
        view
        for name in dict.fromkeys(names)
        for view in _views(assessment, assessment.model.rule(name), about)
    )


def _views(assessment: Assessment, rule: Rule | None, about: object) -> Iterator[RuleView]:
    if rule is None:
        return
    views = explain_rule(assessment, rule)
    exact = [view for view in views if view.about == about]
    telling = exact or [view for view in views if view.standing != "does_not_hold"]
    yield from telling or views


def _shortest_first(views: list[RuleView]) -> tuple[RuleView, ...]:
    order = {"holds": 0, "undecided": 1, "does_not_hold": 1}

    def length(view: RuleView) -> tuple[int, bool, bool, int, str, str]:
        hopeless = not view.in_the_way and view.standing != "holds"
        recordless = any(atom.part == "for_each" for atom in view.in_the_way)  # the rest is unknown
        return order[view.standing], hopeless, recordless, len(view.in_the_way), view.rule, view.about or ""

    return tuple(sorted(views, key=length))
