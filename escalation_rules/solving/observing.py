"""What the engine itself says of a case: the only thing that confirms what the solver found."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import attrs

from escalation_rules.case import Case as ReadCase
from escalation_rules.decision import Decision, Forbidden, Held, Step
from escalation_rules.engine import Assessment, Program
from escalation_rules.errors import CaseError
from escalation_rules.policy.model import Rule
from escalation_rules.solving.cases import Case, readable
from escalation_rules.solving.effects import Subject

Seen = tuple[Any, ...]
"""What a policy says of a subject, in a form that can be compared."""


@attrs.frozen(eq=False)
class Observed:
    """A case as one policy decides it."""

    program: Program
    assessment: Assessment
    decision: Decision

    @classmethod
    def of(cls, program: Program, case: Case, at: datetime) -> Observed | None:
        """Decide a case, as far as the policy knows what it says; None if it cannot be read."""
        moment = at.astimezone(UTC)
        try:
            read = ReadCase.from_mapping(program.model.vocabulary, readable(case, program.model.vocabulary))
        except CaseError:
            return None
        assessment = program.assessment(read, read.at(moment), moment)
        return cls(program, assessment, program.decision(read, assessment, moment))

    def steps(self, action: str, about: str | None) -> list[Step | Held | Forbidden]:
        """The steps that are wanted: to be done, or if only nothing stood in the way."""
        blocked = [each for each in (*self.decision.held, *self.decision.forbidden) if each.wanted]
        return [
            each for each in (*self.decision.plan, *blocked) if (each.action, each.about) == (action, about)
        ]

    def says(self, subject: Subject, about: str | None) -> frozenset[Seen]:
        """What it says of a subject; empty if nothing. Of a prohibition also what is not decided."""
        if subject.head == "recommend":
            return frozenset(_step(each) for each in self.steps(subject.action, about))
        found = self.assessment.prohibitions.covering(
            subject.action, about, None, None, self.assessment.situation, strictly=False
        )
        return frozenset((each.effect.head, each.effect.by, str(_data(each.effect.where)), str(_data(each.effect.until)),
                          each.effect.when_unknown_allow, each.effect.waits_for_us, each.truth is None)
                         for each, _ in found
                         if each.effect.head == subject.head and each.about == (about if subject.to else None))  # fmt: skip

    def rules(self, subject: Subject, about: str | None) -> set[str]:
        """The rules because of which it says so."""
        if subject.head == "recommend":
            return {reason.rule for each in self.steps(subject.action, about) for reason in each.because}
        found = self.assessment.prohibitions.covering(
            subject.action, about, None, None, self.assessment.situation, strictly=False
        )
        return {each.rule.id for each, _ in found if each.effect.head == subject.head}

    def holds(self, rule: Rule) -> bool:
        """Whether a rule holds, for the case or for some record."""
        return any(each.truth for each in self.assessment.outcome.of(rule.id))


def decisive(seen: frozenset[Seen]) -> frozenset[Seen]:
    """What is decided of it."""
    return frozenset(each for each in seen if each[0] == "step" or not each[-1])


def _step(step: Step | Held | Forbidden) -> Seen:
    if not isinstance(step, Step):
        return "step", "blocked"
    params = tuple(sorted((name, str(value)) for name, value in step.params.items()))
    return "step", step.owner, step.phase, step.due, step.within, params, step.incomplete, step.paused


def _data(condition: Any) -> object:
    return None if condition is None else condition.to_data()
