"""The due times of open steps that rules test, decided by the part of the policy that decides about each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.policy.conditions import DUES, DueStep, Situation
from escalation_rules.policy.due_steps import rules_behind, tested_actions
from escalation_rules.policy.model import PolicyModel

if TYPE_CHECKING:
    from escalation_rules.engine.decide import Assessment
    from escalation_rules.engine.past import Past

Pasts = dict[str, "Past"]
"""The past of a case for each part of the policy, by action."""


class Part(Protocol):
    """A program for a part of a policy."""

    def past(self, case: Case) -> Past:
        """Create the past of a case."""

    def assessment(
        self, case: Case, snapshot: Snapshot, at: datetime, past: Past | None, until: datetime | None
    ) -> Assessment:
        """The decision with all intermediate results."""

    def flips(self, assessment: Assessment) -> Iterator[datetime]:
        """The instants at which the decision may change by time alone."""


class OpenSteps:
    """The parts of a policy that decide about the steps that its rules test, each made on first use."""

    def __init__(self, model: PolicyModel, make: Callable[[PolicyModel], Part]) -> None:
        self.actions = tuple(sorted(tested_actions(model)))
        self._model = model
        self._make = make
        self._parts: dict[str, Part] = {}

    def part(self, action: str) -> Part:
        """The part that decides about the steps of an action."""
        if action not in self._parts:
            rules = rules_behind(action, self._model)
            kept = tuple(rule for rule in self._model.rules if rule.id in rules)
            rulesets = {rule.ruleset: self._model.rulesets[rule.ruleset] for rule in kept}
            part = attrs.evolve(self._model, rules=kept, rulesets=rulesets, phase_orders=())
            self._parts.setdefault(action, self._make(part))
        return self._parts[action]

    def add_to(
        self, situation: Situation, case: Case, snapshot: Snapshot, until: datetime, pasts: Pasts
    ) -> None:
        """Let the tests of a situation see the steps that are open in it. `until` is the last instant at which something
        may have been learned."""
        if not self.actions:
            return
        found = situation.due_times = _OpenIn(self, case, snapshot, situation.at, until, pasts)
        memory = situation.memory
        if memory is not None:
            for action in self.actions:
                name = f"{DUES}{action}"
                seen = found.of(action), found.flips(action)
                situation.versions[name] = memory.version(name, seen, by_identity=False)


class _OpenIn:
    """The open steps of one situation, worked out on first use."""

    def __init__(
        self, steps: OpenSteps, case: Case, snapshot: Snapshot, at: datetime, until: datetime, pasts: Pasts
    ) -> None:
        self._steps = steps
        self._case = case
        self._snapshot = snapshot
        self._at = at
        self._until = until
        self._pasts = pasts
        self._assessments: dict[str, Assessment] = {}
        self._flips: dict[str, tuple[datetime, ...]] = {}
        self._found: dict[str, dict[str | None, DueStep]] = {}

    def of(self, action: str) -> Mapping[str | None, DueStep]:
        """The open steps of an action that are due first, by record: of the plan, and held ones with a fixed time."""
        if action not in self._found:
            self._found[action] = self._due_first(action)
        return self._found[action]

    def _due_first(self, action: str) -> dict[str | None, DueStep]:
        assessment = self._assessment(action)
        drafts = {**assessment.free, **{key: each.draft for key, each in assessment.blocked.items()}}
        found: dict[str | None, DueStep] = {}
        for dues in (assessment.dues, assessment.fixed_dues):
            for key, listed in dues.items():
                for each in listed if key.action == action else ():
                    before = found.get(key.about)
                    if each.at is not None and (before is None or each.at <= before.due):
                        step = DueStep(each.at, assessment.clock.open_since(drafts[key], each))
                        if before is None or step.due < before.due or _earlier(step.since, before.since):
                            found[key.about] = step
        return found

    def flips(self, action: str) -> tuple[datetime, ...]:
        """The later instants at which these may change by time alone."""
        if action not in self._flips:
            found = self._steps.part(action).flips(self._assessment(action))
            self._flips[action] = tuple(sorted({each for each in found if each > self._at}))
        return self._flips[action]

    def _assessment(self, action: str) -> Assessment:
        if action not in self._assessments:
            part = self._steps.part(action)
            if action not in self._pasts:
                self._pasts[action] = part.past(self._case)
            self._assessments[action] = part.assessment(
                self._case, self._snapshot, self._at, self._pasts[action], self._until
            )
        return self._assessments[action]


def _earlier(one: datetime | None, other: datetime | None) -> bool:
    """Whether one instant is earlier than another, where None is earlier than all others."""
    return other is not None and (one is None or one < other)
