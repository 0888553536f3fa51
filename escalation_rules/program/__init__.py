"""The compiled policy: `Program.decide` turns a case and an instant into a decision."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from escalation_rules.case import Case, Snapshot
from escalation_rules.conditions import Situation
from escalation_rules.decision import Decision, PolicyRef
from escalation_rules.model import PolicyModel
from escalation_rules.network import durable_available
from escalation_rules.program.compile import compile_policy
from escalation_rules.program.decide import Deciding
from escalation_rules.program.evaluate import Outcome, evaluate
from escalation_rules.program.review import flips, next_change
from escalation_rules.program.situation import Observer

__all__ = ["Deciding", "Outcome", "Program", "Situation", "durable_available"]


class Program:
    """A policy compiled for one engine (`durable` or `plain`); safe to share between threads."""

    def __init__(self, model: PolicyModel, engine: str) -> None:
        self.model = model
        self.engine = engine
        self._compiled = compile_policy(model, engine)
        self._observer = Observer(model.vocabulary)
        self._ref = PolicyRef(model.name, model.digest)

    def situation(self, snapshot: Snapshot, currency: str | None, at: datetime) -> tuple[Situation, Outcome]:
        """What is known at `at` (UTC), with all conclusions, and the truth of every rule."""
        situation = self._observer.situation(snapshot, currency, at)
        return situation, evaluate(self._compiled, situation)

    def deciding(self, case: Case, snapshot: Snapshot, at: datetime) -> Deciding:
        """The decision with everything that led to it, for the tools that explain and check."""
        situation, outcome = self.situation(snapshot, case.currency, at)
        return Deciding(self.model, outcome, situation, case.id)

    def decide(self, case: Case, at: datetime) -> Decision:
        """What to do next about the case at `at` (UTC)."""
        snapshot = case.at(at)
        deciding = self.deciding(case, snapshot, at)

        def later(moment: datetime) -> tuple[Decision, Iterator[datetime]]:
            other = self.deciding(case, snapshot, moment)
            return self._decision(case, other, moment), flips(self.model, other)

        decision = self._decision(case, deciding, at)
        return self._looking_again(decision, deciding, later)

    def _looking_again(self, decision: Decision, deciding: Deciding, later: object) -> Decision:
        def look() -> datetime | None:
            return next_change(decision, flips(self.model, deciding), later)  # type: ignore[arg-type]

        # The decision is frozen; what it looks ahead with is not part of what it says.
        object.__setattr__(decision, "_look_again", look)
        return decision

    def _decision(self, case: Case, deciding: Deciding, at: datetime) -> Decision:
        deciding.ask()
        return Decision(
            case.id,
            at,
            self._ref,
            case.currency,
            deciding.phase,
            deciding.plan,
            deciding.done(),
            deciding.forbidden(),
            deciding.held(),
            deciding.questions.answer(),
            deciding.findings(),
            deciding.conclusions(),
        )

    def close(self) -> None:
        """Free what the engine holds; the program must not be used afterwards."""
        self._compiled.close()
