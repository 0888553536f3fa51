"""The due times of open steps that rules test, decided by the part of the policy that decides about each of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.engine.caches import keep
from escalation_rules.policy.conditions import DUES, DueStep, Situation
from escalation_rules.policy.due_steps import dependencies, rules_behind
from escalation_rules.policy.model import PolicyModel

if TYPE_CHECKING:
    from escalation_rules.engine.decide import Assessment
    from escalation_rules.engine.past import Past


class Part(Protocol):
    """A program for a part of a policy."""

    def past(self, case: Case, open_steps: CaseSteps) -> Past:
        """Create the past of a case, which shares its open steps with the whole policy."""

    def assessment(
        self, case: Case, snapshot: Snapshot, at: datetime, past: Past | None, until: datetime | None
    ) -> Assessment:
        """The decision with all intermediate results."""

    def flips(self, assessment: Assessment) -> Iterator[datetime]:
        """The instants at which the decision may change by time alone."""


class OpenSteps:
    """The parts of a policy that decide about the steps that its rules test, each made on first use.

    `actions` are the tested ones, each after those that its own steps depend on.
    """

    def __init__(self, model: PolicyModel, make: Callable[[PolicyModel], Part]) -> None:
        self.actions = _in_order(dependencies(model))
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

    def before(self, action: str) -> tuple[str, ...]:
        """The tested actions up to this one, in an order in which they can be decided."""
        return self.actions[: self.actions.index(action) + 1]


MOST_KEPT = 512
"""The maximum number of situations of a case whose open steps are kept."""


class CaseSteps:
    """The open steps of one case, shared by all parts of the policy: in each situation, each part decides once."""

    def __init__(self, steps: OpenSteps, case: Case) -> None:
        self.steps = steps
        self.case = case
        self._pasts: dict[tuple[str, bool], Past] = {}
        self._found: dict[Hashable, _OpenIn] = {}

    def add_to(
        self,
        situation: Situation,
        tested: Sequence[str],
        snapshot: Snapshot,
        until: datetime,
        earlier: Hashable = None,
    ) -> None:
        """Let the tests of a situation see the steps that are open in it. `tested` are the actions whose steps they read.

        `until` is the last instant at which something may have been learned, `earlier` what tells apart situations of the past.
        """
        if not tested:
            return
        key = earlier if earlier is not None else (situation.at, until, id(snapshot))
        found = self._found.get(key)
        if found is None:
            found = _OpenIn(self, snapshot, situation.at, until, earlier is not None)
            keep(self._found, key, found, MOST_KEPT)
        situation.due_times = found
        if situation.versions is not None:
            for action in tested:
                situation.versions.tell(f"{DUES}{action}", (found.of(action), found.flips(action)))

    def past(self, action: str, earlier: bool) -> Past:
        """The past of the case for one part of the policy; that of earlier situations has a memory of its own."""
        if (action, earlier) not in self._pasts:
            self._pasts[action, earlier] = self.steps.part(action).past(self.case, self)
        return self._pasts[action, earlier]


class _OpenIn:
    """The open steps of one situation, worked out on first use."""

    def __init__(
        self, case: CaseSteps, snapshot: Snapshot, at: datetime, until: datetime, earlier: bool
    ) -> None:
        self._case = case
        self._snapshot = snapshot
        self._at = at
        self._until = until
        self._earlier = earlier
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
        drafts = {**assessment.free, **{key: blocked.draft for key, blocked in assessment.blocked.items()}}
        found: dict[str | None, DueStep] = {}
        for dues in (assessment.dues, assessment.fixed_dues):
            for key, listed in dues.items():
                for due in listed if key.action == action else ():
                    before = found.get(key.about)
                    if due.at is not None and (before is None or due.at <= before.due):
                        step = DueStep(due.at, assessment.clock.open_since(drafts[key], due))
                        if before is None or step.due < before.due or _earlier(step.since, before.since):
                            found[key.about] = step
        return found

    def flips(self, action: str) -> tuple[datetime, ...]:
        """The later instants at which these may change by time alone."""
        if action not in self._flips:
            found = self._case.steps.part(action).flips(self._assessment(action))
            self._flips[action] = tuple(sorted({moment for moment in found if moment > self._at}))
        return self._flips[action]

    def _assessment(self, action: str) -> Assessment:
        """The decision about the steps of an action, after those that it depends on: so no call is nested deeply."""
        if action not in self._assessments:
            for name in self._case.steps.before(action):
                if name not in self._assessments:
                    self._assessments[name] = self._case.steps.part(name).assessment(
                        self._case.case,
                        self._snapshot,
                        self._at,
                        self._case.past(name, self._earlier),
                        self._until,
                    )
                    self.of(name)
        return self._assessments[action]


def _in_order(following: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The actions, each after those that it depends on. There is no circle."""
    found: dict[str, None] = {}
    while len(found) < len(following):
        ready = [name for name, needed in following.items() if name not in found and needed <= found.keys()]
        if not ready:
            raise ValueError("steps depend on tests of themselves")
        found |= dict.fromkeys(ready)
    return tuple(found)


def _earlier(one: datetime | None, other: datetime | None) -> bool:
    """Whether one instant is earlier than another, where None is earlier than all others."""
    return other is not None and (one is None or one < other)
