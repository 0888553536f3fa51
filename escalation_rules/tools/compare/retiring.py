"""What leaves a step in one policy only: an outcome that counts, the time after which it comes back, or at which it lapses."""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.calendar import Duration
from escalation_rules.policy.model import Recommend
from escalation_rules.solving.kleene_terms import Term
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.questions import Question, Questions
from escalation_rules.tools.compare.result import How
from escalation_rules.tools.compare.timing import begun_before, done_before, shorter, span

RETIRING = frozenset({"again", "lapses_after"})
"""The parts of a content that decide how long a step is in the plan."""


def retired_otherwise(policies: Policies, questions: Questions, subject: Subject) -> Iterator[Question]:
    """The questions about a step that is retired at another time, or by another outcome."""
    yield from _by_outcomes(policies, questions, subject)
    asked = set[tuple[Duration | None, Duration | None, str]]()
    for name, effect in _effects(policies, OLD, subject):
        for other, its in _effects(policies, NEW, subject):
            if name == other:
                asked |= {(getattr(effect, key), getattr(its, key), key) for key in sorted(RETIRING)}
    for before, after, part in sorted(asked, key=str):
        if before != after:
            yield _by_time(questions, subject, before, after, part)


def _effects(policies: Policies, whose: int, subject: Subject) -> Iterator[tuple[str, Recommend]]:
    for rule, effect in policies.effects_of(whose, subject):
        if isinstance(effect, Recommend):
            yield rule.id, effect


def _by_outcomes(policies: Policies, questions: Questions, subject: Subject) -> Iterator[Question]:
    actions = [model.vocabulary.actions.get(subject.action) for model in policies.models]
    old, new = (frozenset(() if action is None else action.counts) for action in actions)
    if None in actions:
        return
    sides: tuple[tuple[How, frozenset[str]], ...] = (("no longer", new - old), ("now", old - new))
    for how, outcomes in sides:
        if outcomes:

            def acted(frame: Frame, outcomes: frozenset[str] = outcomes) -> Term:
                about = frame.symbols.records(subject.to)[0] if subject.to else None
                return frame.encoders[OLD].acts.counting(subject.action, outcomes, about)

            yield questions.retired(subject, how, acted)


def _by_time(
    questions: Questions, subject: Subject, before: Duration | None, after: Duration | None, part: str
) -> Question:
    """Ask for a step between two times: it is back, or has lapsed, in the policy with the shorter one."""
    sooner = shorter(after, before)
    short, long = (after, before) if sooner else (before, after)
    how: How = "now" if sooner is (part == "again") else "no longer"

    def acted(frame: Frame) -> Term:
        if short is None:  # then both are None
            raise AssertionError(part)
        ago = span(frame, short, long)
        if part == "again":
            return done_before(frame, subject, ago)
        return begun_before(questions.policies, frame, subject, ago)

    return questions.retired(subject, how, acted)
