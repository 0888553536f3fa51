"""Judges mutants: which test fails with a changed policy. Runs only tests that the change can affect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

import attrs

from escalation_rules.case import Asked, Case
from escalation_rules.engine import Outcome, Program
from escalation_rules.engine.replay import moments
from escalation_rules.errors import EscalationRulesError, PolicyError
from escalation_rules.policy.conditions import Situation, Truth, both
from escalation_rules.policy.model import Conclude, PolicyModel, Rule
from escalation_rules.tools.mutation.policy_changes import Mutant

P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class PolicyTest(Protocol[P_contra]):
    """A test of a policy: a scenario, or the examples of a rule."""

    @property
    def name(self) -> str:
        """The name shown to people."""

    @property
    def about(self) -> frozenset[str]:
        """The ids of the rules that it names."""

    def fails(self, policy: P_contra) -> bool:
        """Whether it fails with this policy."""


State = tuple[Situation, Outcome]


@attrs.frozen(eq=False)
class Ready(Generic[P]):
    """A test with the states of all questions that it asks the policy."""

    test: PolicyTest[P]
    states: tuple[State, ...]
    asked: tuple[Asked, ...]


@attrs.frozen
class Judged:
    """The outcome for a mutant: `by` is the test that fails; `invalid` means that the changed policy cannot be loaded."""

    number: int
    outcome: str
    by: str | None = None


class Judge(Generic[P]):
    """Judges the mutants of a policy by tests that pass with the original policy.

    `tests` pairs each test with the questions that it asks. `make` creates a policy from a model.
    """

    def __init__(
        self,
        model: PolicyModel,
        tests: Sequence[tuple[PolicyTest[P], Sequence[Asked]]],
        make: Callable[[PolicyModel], P],
    ) -> None:
        self.model = model
        self._make = make
        self._program = Program(model, "plain")
        self._tests = [Ready(test, tuple(self._states(asked)), tuple(asked)) for test, asked in tests]
        self._gates = {rule.id: model.rulesets[rule.ruleset].applies_while for rule in model.rules}

    def _states(self, asked: Sequence[Asked]) -> Iterator[State]:
        seen: set[tuple[int, Any]] = set()
        for question in asked:
            if (id(question.case), question.at) in seen:
                continue
            seen.add((id(question.case), question.at))
            if question.how in {"decide", "check", "explain"}:
                yield self._program.situation(question.case, question.at)
            else:
                for moment in moments(self._program, question.case, question.at):
                    yield moment.assessment.situation, moment.assessment.outcome

    def judge(self, mutant: Mutant) -> Judged:
        """The outcome for a mutant, with the test that fails, if any."""
        try:
            policy = self._make(mutant.apply(self.model))
        except PolicyError:
            return Judged(mutant.number, "invalid")
        for ready in self._likely_first(mutant):
            if _fails(ready.test, policy):
                return Judged(mutant.number, "killed", ready.test.name)
        return Judged(mutant.number, "survived")

    def cases(self, mutant: Mutant) -> Iterator[tuple[Case, datetime]]:
        """The cases and instants of the tests, first those of the tests that are likely to be affected by the change; each
        once."""
        seen: set[tuple[int, datetime]] = set()
        for ready in (*self._likely_first(mutant), *self._tests):
            for request in ready.asked:
                if (id(request.case), request.at) not in seen:
                    seen.add((id(request.case), request.at))
                    yield request.case, request.at

    def _likely_first(self, mutant: Mutant) -> Iterator[Ready[P]]:
        """Order the tests by the chance that they fail: first those that name the rule, then those in which
        its result changes, then those in which it is in force."""
        if mutant.rule is None:
            yield from self._tests
            return
        rule = mutant.rule
        named = [ready_test for ready_test in self._tests if rule.id in ready_test.test.about]
        yield from named
        left = [ready_test for ready_test in self._tests if rule.id not in ready_test.test.about]
        differing = [
            ready_test
            for ready_test in left
            if any(self._differs(mutant, rule, state) for state in ready_test.states)
        ]
        yield from differing
        if mutant.in_condition:
            done = set(map(id, differing))
            yield from (
                ready_test
                for ready_test in left
                if id(ready_test) not in done and any(_is_live(rule, state) for state in ready_test.states)
            )

    def _differs(self, mutant: Mutant, rule: Rule, state: State) -> bool:
        """Whether the changed rule has another result or, if its effects were changed, is in force."""
        if not mutant.in_condition:
            return _is_live(rule, state)
        situation, outcome = state
        gate = self._gates[rule.id]
        before: Truth = True if gate is None else gate.evaluate(situation, ())
        return any(
            instance.listed and _truth(before, rule, situation, instance.records) is not instance.truth
            for instance in outcome.of(rule.id)
        )


def _is_live(rule: Rule, state: State) -> bool:
    chooses = any(isinstance(effect, Conclude) and effect.alternatives for effect in rule.effects)
    return any(chooses or instance.truth is not False for instance in state[1].of(rule.id))


def _truth(gate: Truth, rule: Rule, situation: Situation, records: Any) -> Truth:
    if rule.unless is not None and rule.unless.evaluate(situation, records):
        return False
    when: Truth = True if rule.when is None else rule.when.evaluate(situation, records)
    return both((gate, when))


def _fails(test: PolicyTest[P], policy: P) -> bool:
    try:
        return test.fails(policy)
    except EscalationRulesError:
        return True
