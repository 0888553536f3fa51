"""The compiled policy: `Program.decide` turns a case and an instant into a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from datetime import datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.decision import Decision, PolicyRef
from escalation_rules.engine.compile import compile_policy
from escalation_rules.engine.concluded import conclusions, findings
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.evaluate import Outcome, evaluate
from escalation_rules.engine.flips import RuleTimes
from escalation_rules.engine.network import durable_available
from escalation_rules.engine.past import Clocks, Past
from escalation_rules.engine.review import flips, next_change
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.situation import SituationBuilder
from escalation_rules.policy.conditions import Known, Memory, Situation
from escalation_rules.policy.model import PolicyModel
from escalation_rules.values import Value
from escalation_rules.words.labels import FormatsOf, PlainFormats

__all__ = ["Assessment", "Outcome", "Past", "Program", "Situation", "durable_available"]


class Program:
    """A policy compiled for one engine (`durable` or `plain`); safe to share between threads."""

    def __init__(self, model: PolicyModel, engine: str) -> None:
        self.model = model
        self.engine = engine
        self._formats: FormatsOf = PlainFormats
        self._compiled = compile_policy(model, engine)
        self._situation_builder = SituationBuilder(model.vocabulary)
        self._rule_index = RuleIndex.of(model)
        self._clocks = Clocks(self._rule_index, self._situation_builder)
        self._times = RuleTimes.of(model)
        self._ref = PolicyRef(model.name, model.digest)

    def with_formats(self, formats: FormatsOf) -> Program:
        """The same program, which writes numbers, money and times in its texts with other formats."""
        other = copy(self)
        other._formats = formats
        return other

    @property
    def formats(self) -> FormatsOf:
        """How numbers, money and times are written in its texts."""
        return self._formats

    def situation(
        self, snapshot: Snapshot, currency: str | None, at: datetime, memory: Memory | None = None
    ) -> tuple[Situation, Outcome]:
        """What is known at `at` (UTC), with all conclusions, and the truth of every rule."""
        situation = self._situation_builder.situation(snapshot, currency, at, memory)
        return situation, evaluate(self._compiled, situation)

    def past(self, case: Case) -> Past:
        """The past of a case; whoever decides it at several instants makes it once."""
        return Past(self._clocks, case)

    def assessment(
        self,
        case: Case,
        snapshot: Snapshot,
        at: datetime,
        past: Past | None = None,
        until: datetime | None = None,
    ) -> Assessment:
        """The decision with everything that led to it, for the tools that explain and check.

        `until` is the last instant at which something may have been learned, if that is not `at`.
        """
        memory = past.memory if past is not None else None  # what is decided once has nothing to remember
        situation, outcome = self.situation(snapshot, case.currency, at, memory)
        past = past or self.past(case)

        def outcome_with(name: str, value: Value) -> Outcome:
            other = attrs.evolve(snapshot, facts={**snapshot.facts, name: Known(value, None)})
            return self.situation(other, case.currency, at)[1]

        return Assessment(
            self._rule_index, outcome, situation, case.id, self._formats, past, until or at, outcome_with
        )

    def decide(self, case: Case, at: datetime) -> Decision:
        """What to do next about the case at `at` (UTC)."""
        assessment = self.assessment(case, case.at(at), at)
        return self.decision(case, assessment, at)

    def decision(self, case: Case, assessment: Assessment, at: datetime) -> Decision:
        """The decision that `assessment` comes to; it looks ahead only when asked for `review_at`."""
        decision = self._said(case, assessment, at)
        return decision.looking_again(lambda: self.next_change(case, assessment, decision))

    def next_change(
        self, case: Case, assessment: Assessment, decision: Decision, end: datetime | None = None
    ) -> datetime | None:
        """The earliest instant after the decision, up to `end` (else within a year), at which it would differ."""
        snapshot = case.at(decision.at)

        def later(moment: datetime) -> tuple[Decision, Iterator[datetime]]:
            until = decision.at if case.is_history else moment
            other = self.assessment(case, snapshot, moment, assessment.past, until)
            return self._said(case, other, moment), flips(self._times, other)

        return next_change(decision, flips(self._times, assessment), later, end)

    def _said(self, case: Case, assessment: Assessment, at: datetime) -> Decision:
        later: dict[str, Callable[[], object]] = {
            "done": lambda: assessment.done,
            "forbidden": lambda: assessment.forbidden,
            "held": lambda: assessment.held,
            "missing": lambda: assessment.missing,
            "findings": lambda: findings(self._rule_index, assessment.situation),
            "conclusions": lambda: conclusions(self._rule_index, assessment.situation),
        }
        return Decision.deferred(
            case.id, at, self._ref, case.currency, assessment.phase, assessment.plan, later
        )

    def close(self) -> None:
        """Free what the engine holds; the program must not be used afterwards."""
        self._compiled.close()
