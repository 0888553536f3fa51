"""Compiled policies: `Program.decide` computes the decision for a case and an instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.decision import Decision, Explanation, PolicyRef
from escalation_rules.engine.compile import compile_policy
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.decision_cache import CachedParts, DecisionCache, parts_of
from escalation_rules.engine.evaluate import Outcome, evaluate
from escalation_rules.engine.known import KnownTimes
from escalation_rules.engine.network import durable_available
from escalation_rules.engine.open_steps import CaseSteps, OpenSteps
from escalation_rules.engine.past import Clocks, Past
from escalation_rules.engine.review import Same, flips, next_change
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.situation import SituationBuilder
from escalation_rules.policy.conditions import Condition, Known, Memory, Situation
from escalation_rules.policy.model import PolicyModel
from escalation_rules.values import Value
from escalation_rules.words.labels import FormatsOf, PlainFormats

__all__ = ["Assessment", "Outcome", "Past", "Program", "Situation", "durable_available"]


Explain = Callable[[str | None], Explanation]
"""Explains a whole decision (None), or one rule or action."""


_NOTHING: Mapping[str, Any] = {}


class Program:
    """A policy compiled for one engine (`durable` or `plain`). Thread-safe."""

    def __init__(self, model: PolicyModel, engine: str) -> None:
        self.model = model
        self.engine = engine
        self._formats: FormatsOf = PlainFormats
        self._compiled = compile_policy(model, engine)
        self._situation_builder = SituationBuilder(model.vocabulary)
        self._rule_index = RuleIndex.of(model)
        self._open_steps = OpenSteps(model, lambda part: Program(part, "plain"))
        self._clocks = Clocks(self._rule_index, self._situation_builder, self._open_steps)
        self._ref = PolicyRef(model.name, model.digest)
        self._cache = DecisionCache(self._compiled.covered)

    def with_formats(self, formats: FormatsOf) -> Program:
        """The same program with other formats for numbers, money and times in texts."""
        other = copy(self)
        other._formats = formats
        other._cache = DecisionCache(self._compiled.covered)
        return other

    @property
    def formats(self) -> FormatsOf:
        """The formats of numbers, money and times in texts."""
        return self._formats

    @property
    def engine_failures(self) -> int:
        """How often the engine has failed in this process and plain Python was used instead."""
        return self._compiled.failures

    def situation(self, case: Case, at: datetime) -> tuple[Situation, Outcome]:
        """The situation of a case at `at` (UTC) with all conclusions, and the truth of every rule."""
        return self._situation(case, case.at(at), at, at, CaseSteps(self._open_steps, case))

    def _situation(
        self,
        case: Case,
        snapshot: Snapshot,
        at: datetime,
        until: datetime,
        open_steps: CaseSteps,
        memory: Memory | None = None,
    ) -> tuple[Situation, Outcome]:
        situation = self._situation_builder.situation(snapshot, case.currency, at, memory)
        open_steps.add_to(situation, self._open_steps.actions, snapshot, until)
        return situation, evaluate(self._compiled, situation)

    def tests(self) -> Iterator[tuple[str | None, tuple[Condition, ...]]]:
        """The tests in rules, each once for a scope: a list, or None for the case."""
        for block in self._compiled.blocks:
            yield block.scope, tuple(block.atoms)

    def past(self, case: Case, open_steps: CaseSteps | None = None) -> Past:
        """Create the past of a case, which can be shared by decisions at several instants."""
        return Past(self._clocks, case, open_steps or CaseSteps(self._open_steps, case))

    def assessment(
        self,
        case: Case,
        snapshot: Snapshot,
        at: datetime,
        past: Past | None = None,
        until: datetime | None = None,
    ) -> Assessment:
        """The decision with all intermediate results, for tools that explain and check.

        `until` is the last instant at which something may have been learned, if different from `at`.
        """
        memory = past.memory if past is not None else None  # no past: a single decision needs no cache
        past = past or self.past(case)
        situation, outcome = self._situation(case, snapshot, at, until or at, past.open_steps, memory)
        return self._assess(case, snapshot, outcome, past, until or at, situation, case.id)

    def flips(self, assessment: Assessment) -> Iterator[datetime]:
        """The instants at which the decision may change by time alone; a superset."""
        return flips(self._clocks.times, assessment)

    def _assess(
        self,
        case: Case,
        snapshot: Snapshot,
        outcome: Outcome,
        past: Past,
        until: datetime,
        situation: Situation,
        case_id: str | None,
    ) -> Assessment:
        def outcome_with(name: str, value: Value) -> Outcome:
            other = attrs.evolve(snapshot, facts={**snapshot.facts, name: Known(value, None)})
            return self._situation(case, other, situation.at, until, past.open_steps, situation.memory)[1]

        known = KnownTimes(self._rule_index, outcome, self._clocks)
        situation.conclusion_times = known  # for tests on when a conclusion became known
        return Assessment(
            self._rule_index, outcome, situation, case_id, self._formats, past, until, known, outcome_with
        )

    def decide(self, case: Case, at: datetime, explain: Explain | None = None) -> Decision:
        """Decide what to do next about the case at `at` (UTC). `explain` and `review_at` are evaluated only when used."""
        snapshot = case.at(at)
        open_steps = CaseSteps(self._open_steps, case)
        situation, outcome = self._situation(case, snapshot, at, at, open_steps)

        def assess(seen: Situation, case_id: str | None) -> Assessment:
            return self._assess(case, snapshot, outcome, self.past(case, open_steps), at, seen, case_id)

        parts = CachedParts(self._cache, outcome, situation, case.id, assess)

        def look() -> datetime | None:
            # Do not refer to the returned decision: the reference cycle would delay its release until garbage
            # collection.
            return self.next_change(case, parts.assessment, self._said(case, at, parts.part))

        return self._said(case, at, parts.part, parts.known(), look, explain)

    def decision(self, case: Case, assessment: Assessment, at: datetime) -> Decision:
        """The decision of an assessment. `review_at` is computed only when used."""
        decision = self._said(case, at, parts_of(assessment))
        return decision.looking_again(lambda: self.next_change(case, assessment, decision))

    def next_change(
        self, case: Case, assessment: Assessment, decision: Decision, same: Same = Decision.same_as
    ) -> datetime | None:
        """The earliest instant after the decision, within a year, at which it would change if nothing were learned."""
        until = decision.at if case.is_history else None
        found = self._ahead(case, assessment, decision, until, None, same)
        return found.situation.at if found is not None else None

    def next_assessment(
        self, case: Case, assessment: Assessment, decision: Decision, end: datetime, same: Same
    ) -> Assessment | None:
        """The assessment of the earliest instant after the decision, up to `end`, at which the decision
        changes, provided that nothing is learned or done before."""
        return self._ahead(case, assessment, decision, None, end, same)

    def _ahead(
        self,
        case: Case,
        assessment: Assessment,
        decision: Decision,
        until: datetime | None,
        end: datetime | None,
        same: Same,
    ) -> Assessment | None:
        snapshot, other = case.at(decision.at), assessment

        def later(moment: datetime) -> tuple[Decision, Iterator[datetime]]:
            nonlocal other
            other = self.assessment(case, snapshot, moment, assessment.past, until or moment)
            return self._said(case, moment, parts_of(other)), self.flips(other)

        first = self.flips(assessment)
        return other if next_change(decision, first, later, end, same) is not None else None

    def _said(
        self,
        case: Case,
        at: datetime,
        part: Callable[[str], Any],
        known: Mapping[str, Any] = _NOTHING,
        *behind: Any,
    ) -> Decision:
        plan = known["plan"] if "plan" in known else part("plan")
        phase = plan[0].phase if plan else None
        said = {**known, "plan": plan}
        return Decision.deferred(case.id, at, self._ref, case.currency, phase, said, part, *behind)

    def close(self) -> None:
        """Free the engine's resources. The program must not be used afterwards."""
        self._compiled.close()
