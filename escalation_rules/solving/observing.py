"""Evaluates a case with the engine, which confirms what the solver found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import attrs

from escalation_rules.case import Case as ReadCase
from escalation_rules.decision import Decision, Forbidden, Held, Step
from escalation_rules.engine import Assessment, Program
from escalation_rules.engine.prohibitions import Prohibition
from escalation_rules.engine.steps import Draft
from escalation_rules.errors import CaseError
from escalation_rules.policy.conditions import RecordView, Truth, step_record
from escalation_rules.policy.model import Rule
from escalation_rules.policy.vocabulary import Action
from escalation_rules.solving.cases import Case, readable
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.witness import PARAMETERS
from escalation_rules.values import ValueProblem, parsed

Seen = tuple[Any, ...]
"""What a policy says of a subject, in a comparable form; for a prohibition, whom it concerns and whether it
is undecided."""
ANYBODY = "*"


@attrs.frozen(eq=False)
class Observed:
    """A case as decided by one policy."""

    program: Program
    assessment: Assessment
    decision: Decision
    case: Case
    params: Mapping[str, Any]

    @classmethod
    def of(cls, program: Program, case: Case, at: datetime) -> Observed | None:
        """Decide a case, reduced to the names that the policy knows; None if it is invalid."""
        moment = at.astimezone(UTC)
        try:
            read = ReadCase.from_mapping(program.model.vocabulary, readable(case, program.model.vocabulary))
        except CaseError:
            return None
        assessment = program.assessment(read, read.at(moment), moment)
        decision = program.decision(read, assessment, moment)
        return cls(program, assessment, decision, case, case.get(PARAMETERS, {}))

    def steps(self, action: str, about: str | None) -> list[Step | Held | Forbidden]:
        """The wanted steps: in the plan, or blocked."""
        against: list[Held | Forbidden] = [*self.decision.held, *self.decision.forbidden]
        found: list[Step | Held | Forbidden] = [
            *self.decision.plan,
            *(restriction for restriction in against if restriction.wanted),
        ]
        return [part for part in found if (part.action, part.about) == (action, about)]

    def is_open(self, subject: Subject, about: str | None) -> bool:
        """Whether a step is in the plan."""
        return any(isinstance(part, Step) for part in self.steps(subject.action, about))

    def is_surely_blocked(self, subject: Subject, about: str | None) -> bool:
        """Whether a wanted step is blocked by a prohibition of which this is decided."""
        return any(truth is True for key, blocked in self.assessment.blocked.items()
                   if (key.action, key.about) == (subject.action, about) for _, truth in blocked.covering)  # fmt: skip

    def says(self, subject: Subject, about: str | None) -> frozenset[Seen]:
        """What the policy says of a subject; empty if nothing. Includes undecided prohibitions, if they block."""
        if subject.head == "recommend":
            return frozenset(_step(part) for part in self.steps(subject.action, about))
        return frozenset((role, truth is None) for prohibition, truth in self.against(subject, about)
                         if truth or not prohibition.effect.when_unknown_allow
                         for role in prohibition.effect.by or (ANYBODY,))  # fmt: skip

    def against(self, subject: Subject, about: str | None) -> list[tuple[Prohibition, Truth]]:
        """The prohibitions that cover an act of the subject with these parameters, with their truths."""
        action = self.program.model.vocabulary.actions.get(subject.action)
        if action is None:
            return []
        found = self.assessment.prohibitions.covering(
            subject.action, about, None, self._record(action), self.assessment.situation, strictly=False
        )
        wanted = about if subject.to else None
        return [
            (prohibition, truth)
            for prohibition, truth in found
            if (prohibition.effect.head, prohibition.about) == (subject.head, wanted)
        ]

    def _record(self, action: Action) -> RecordView | None:
        known = {}
        for name, value in self.params.items():
            if name in action.params:
                try:
                    known[name] = parsed(value, action.params[name].type, self.decision.currency)
                except ValueProblem:  # a parameter of this name of another action has another type
                    continue
        return step_record(known) if known else None

    def rules(self, subject: Subject, about: str | None) -> set[str]:
        """The rules that are the reasons for it."""
        if subject.head == "recommend":
            return {reason.rule for part in self.steps(subject.action, about) for reason in part.because}
        return {prohibition.rule.id for prohibition, _ in self.against(subject, about)}

    def contradicting(self, subject: Subject, about: str | None) -> frozenset[str]:
        """The rules that state different values for a wanted step, which is held for no other reason."""
        found = set[str]()
        for key, blocked in self.assessment.blocked.items() if subject.head == "recommend" else ():
            if (key.action, key.about) == (subject.action, about) and not blocked.covering:
                found |= {
                    rule for name in blocked.draft.conflicts for rule in self._stating(blocked.draft, name)
                }
        return frozenset(found)

    def _stating(self, step: Draft, name: str) -> set[str]:
        """The rules that decide the owner or a parameter of a step."""
        rules = [
            recommendation.rule.id
            for recommendation in step.recommendations
            if (
                recommendation.effect.owner
                if name == "owner"
                else dict(recommendation.effect.params).get(name)
            )
            is not None
        ]
        return self.assessment.rule_index.precedence.last(rules)

    def holds(self, rule: Rule) -> bool:
        """Whether a rule holds, for the case or for any record."""
        return any(instance.truth for instance in self.assessment.outcome.of(rule.id))


def decisive(seen: frozenset[Seen]) -> frozenset[Seen]:
    """The decided parts. A prohibition for everybody includes all others."""
    found = frozenset(entry for entry in seen if entry[0] == "step" or not entry[-1])
    return frozenset({(ANYBODY, False)}) if (ANYBODY, False) in found else found


def _step(step: Step | Held | Forbidden) -> Seen:
    if not isinstance(step, Step):
        return "step", "blocked"
    params = tuple(sorted((name, str(value)) for name, value in step.params.items()))
    return "step", step.owner, step.phase, step.due, step.within, params, step.incomplete, step.paused
