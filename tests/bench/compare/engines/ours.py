"""escalation_rules itself: from a `Case` that was read before, and from plain data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from escalation_rules import BUILTIN, Case, Decision, Policy
from escalation_rules.decision import Forbidden, Held, Step
from tests.bench.compare.problem import Facts, Problem

AT = datetime(2026, 3, 3, 10, 30, tzinfo=UTC)


class Ours:
    """`decide`, of which the plan, what is forbidden, what is held and what is missing are read."""

    package = None

    def __init__(self, problem: Problem, folder: Path) -> None:
        self.problem = problem
        self.policy = Policy.load(*([BUILTIN] if not problem.shown else []), folder)
        self._names = {fact.key: fact.name for fact in problem.facts}

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """Each a `Case` of its own, so that nothing that is kept with a `Case` is found again."""
        return [self.policy.case(each) for each in self.plain(cases)]

    def plain(self, cases: Sequence[Facts]) -> list[dict[str, Any]]:
        """The cases as data of ours."""
        names = self._names
        return [
            {"id": f"B-{number}", "facts": {names[key]: value for key, value in case.items()}}
            for number, case in enumerate(cases)
        ]

    def answer(self, case: Case) -> Decision:
        """A decision of which all four parts were read."""
        decision = self.policy.decide(case, at=AT)
        _ = decision.plan, decision.forbidden, decision.held, decision.missing
        return decision

    def found(self, case: Any) -> set[str]:
        """The rules that hold."""
        return self.found_for(case, self.answer(case))

    def found_for(self, case: Case, answer: Decision) -> set[str]:
        """The rules behind steps, prohibitions and holds that are not undecided.

        Where a decision does not show every rule that holds: those of which the engine says so, and what the decision
        shows of them must be among these.
        """
        parts: tuple[Step | Forbidden | Held, ...] = (*answer.plan, *answer.forbidden, *answer.held)
        shown = {reason.rule for part in parts for reason in part.because if not reason.undecided}
        if self.problem.shown:
            return shown
        outcome = self.policy._program.assessment(case, case.at(AT), AT).outcome
        common = {rule.id for rule in self.problem.rules}
        return (shown & common) | {each for each in common if outcome.truth(each, ())}


class OursFromData(Ours):
    """The same with `policy.case` in the time."""

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """Plain data."""
        return self.plain(cases)

    def answer(self, case: Any) -> Decision:
        """A decision, from plain data."""
        return super().answer(self.policy.case(case))

    def found(self, case: Any) -> set[str]:
        """As from a `Case`."""
        return self.found_for(self.policy.case(case), self.answer(case))
