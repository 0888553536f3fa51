"""Steps that both policies want, and only one of them lets be taken."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from escalation_rules.solving.effects import in_force
from escalation_rules.solving.kleene_terms import YES, Term, conj, disj
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.blocking import Blocker
from escalation_rules.tools.compare.policies import NEW, OLD, Pair
from escalation_rules.tools.compare.questions import Question, Questions, open_step
from escalation_rules.tools.compare.result import How


@attrs.frozen
class Opening:
    """What is asked about a step that both policies want: a case in which one has it in its plan, and the other blocks it by
    one of these prohibitions, because of one of `changes`; with `certainly` only where the prohibition is not undecided.

    `says_the_same`: the parameters of the step are the same in both policies. `beside`: some of the changes concern the
    prohibitions and not what the step says.
    """

    step: Subject
    how: How
    blockers: Sequence[Blocker]
    changes: frozenset[str]
    again: bool
    says_the_same: bool
    certainly: bool = False
    beside: bool = False


def blocked_otherwise(questions: Questions, asked: Opening) -> Question:
    """Ask for such a case."""
    step, same = asked.step, asked.says_the_same
    one, other = (NEW, OLD) if asked.how == "no longer" else (OLD, NEW)
    blocking = questions.blocking

    def query(frame: Frame) -> Sequence[Term]:
        wanted = (blocking.wanted(frame, side, step) for side in (OLD, NEW))
        truths = [
            in_force(frame.encoders[one], blocker.subject, blocker.rule, blocker.effect)
            for blocker in asked.blockers
        ]
        blocks = (blocking.blocks(frame, one, blocker, as_asked=same) for blocker in asked.blockers)
        free = blocking.may_be_open(frame, other, step, as_asked=same)
        base = conj(*wanted, *free, disj(*blocks))
        sure = conj(base, disj(*(truth.yes for truth in truths)))
        stated = conj(
            *blocking.is_open(frame, other, step, whatever=not same), blocking.as_stated(frame, one, step)
        )
        alike = conj(sure, *blocking.is_open(frame, other, step), blocking.as_stated(frame, one, step))
        likely = YES if same else questions.likely(frame, step)
        guided = [conj(sure, stated, likely), sure]
        if (
            not same
        ):  # what the step says may be the same all the same, in the cases in which something else matters
            guided.insert(0 if asked.beside else 1, alike)
        forms = [open_step(frame, step, term)[0] for term in guided]
        if asked.certainly:
            return (*forms, sure)
        return (*forms, open_step(frame, step, conj(base, stated))[0], sure, base)

    def shown(pair: Pair) -> bool:
        about = questions.policies.about(step)
        if not pair[other].is_open(step, about) or pair[one].is_open(step, about):
            return False
        if not pair[one].steps(step.action, about) or pair[one].contradicting(step, about):
            return False
        return not asked.certainly or pair[one].is_surely_blocked(step, about)

    def seen(decided: Observed) -> bool:
        return decided.is_open(step, questions.policies.about(step))

    return Question(asked.how, step, query, shown, "blocked", asked.changes, asked.again, seen=seen)
