"""The compiled policy: `Program.decide` turns a case and an instant into a decision."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.decision import Decision, Explanation, PolicyRef
from escalation_rules.engine.answers import Answer, Answers, parts_of
from escalation_rules.engine.compile import compile_policy
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.evaluate import Outcome, evaluate
from escalation_rules.engine.network import durable_available
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
"""Says why: of a whole decision, or of one rule or action."""


_NOTHING: Mapping[str, Any] = {}


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
        self._ref = PolicyRef(model.name, model.digest)
        self._answers = Answers(self._compiled.covered)

    def with_formats(self, formats: FormatsOf) -> Program:
        """The same program, which writes numbers, money and times in its texts with other formats."""
        other = copy(self)
        other._formats = formats
        other._answers = Answers(self._compiled.covered)
        return other

    @property
    def formats(self) -> FormatsOf:
        """How numbers, money and times are written in its texts."""
        return self._formats

    @property
    def engine_failures(self) -> int:
        """How often the engine failed in this process, and plain Python answered in its place."""
        return self._compiled.failures

    def situation(
        self, snapshot: Snapshot, currency: str | None, at: datetime, memory: Memory | None = None
    ) -> tuple[Situation, Outcome]:
        """What is known at `at` (UTC), with all conclusions, and the truth of every rule."""
        situation = self._situation_builder.situation(snapshot, currency, at, memory)
        return situation, evaluate(self._compiled, situation)

    def tests(self) -> Iterator[tuple[str | None, tuple[Condition, ...]]]:
        """The tests that decide the rules, each once for a scope: a list, or None for the case."""
        for block in self._compiled.blocks:
            yield block.scope, tuple(block.atoms)

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
        return self._assess(case, snapshot, outcome, past or self.past(case), until or at, situation, case.id)

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
            return self.situation(other, situation.currency, situation.at, situation.memory)[1]

        return Assessment(
            self._rule_index, outcome, situation, case_id, self._formats, past, until, outcome_with
        )

    def decide(self, case: Case, at: datetime, explain: Explain | None = None) -> Decision:
        """What to do next about the case at `at` (UTC), which asks `explain` for its reasons; it looks ahead only when asked
        for `review_at`.
        """
        snapshot = case.at(at)
        situation, outcome = self.situation(snapshot, case.currency, at)

        def assess(seen: Situation, case_id: str | None) -> Assessment:
            return self._assess(case, snapshot, outcome, self.past(case), at, seen, case_id)

        answer = Answer(self._answers, outcome, situation, case.id, assess)

        def look() -> datetime | None:
            # Not the decision that is returned: it would hold itself, and stay until the garbage collector finds it.
            return self.next_change(case, answer.assessment, self._said(case, at, answer.part))

        return self._said(case, at, answer.part, answer.known(), look, explain)

    def decision(self, case: Case, assessment: Assessment, at: datetime) -> Decision:
        """The decision that `assessment` comes to; it looks ahead only when asked for `review_at`."""
        decision = self._said(case, at, parts_of(assessment))
        return decision.looking_again(lambda: self.next_change(case, assessment, decision))

    def next_change(
        self, case: Case, assessment: Assessment, decision: Decision, same: Same = Decision.same_as
    ) -> datetime | None:
        """The earliest instant after the decision, within a year, at which it would not be the same if nothing were learned."""
        until = decision.at if case.is_history else None
        found = self._ahead(case, assessment, decision, until, None, same)
        return found.situation.at if found is not None else None

    def next_assessment(
        self, case: Case, assessment: Assessment, decision: Decision, end: datetime, same: Same
    ) -> Assessment | None:
        """That of the earliest instant after the decision, up to `end`, at which it is not the same; nothing is learned or
        done before that."""
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
            return self._said(case, moment, parts_of(other)), flips(self._clocks.times, other)

        first = flips(self._clocks.times, assessment)
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
        """Free what the engine holds; the program must not be used afterwards."""
        self._compiled.close()
