"""Judges mutants: which test fails by a changed policy. Only tests are run in which the change can make a difference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Protocol, TypeVar

import attrs

from escalation_rules.case import Asked
from escalation_rules.engine import Outcome, Program
from escalation_rules.engine.replay import moments
from escalation_rules.errors import EscalationRulesError, PolicyError
from escalation_rules.policy.conditions import Situation, Truth, both
from escalation_rules.policy.model import Conclude, PolicyModel, Rule
from escalation_rules.tools.mutation.mutants import Mutant

P = TypeVar("P")
P_contra = TypeVar("P_contra", contravariant=True)


class PolicyTest(Protocol[P_contra]):
    """A test of a policy: a scenario, or the examples of a rule."""

    @property
    def name(self) -> str:
        """By which a person finds it."""

    @property
    def about(self) -> frozenset[str]:
        """The rules that it names."""

    def fails(self, policy: P_contra) -> bool:
        """Whether it fails by this policy."""


State = tuple[Situation, Outcome]


@attrs.frozen(eq=False)
class Ready(Generic[P]):
    """A test, and all that the policy is asked in it."""

    test: PolicyTest[P]
    states: tuple[State, ...]


@attrs.frozen
class Judged:
    """What came of a mutant: `by` is the test that fails; `invalid`: there cannot be such a policy."""

    number: int
    outcome: str
    by: str | None = None


class Judge(Generic[P]):
    """Judges the mutants of a policy by tests that pass with the policy itself.

    `asked` gives for each test all that it asks of the policy. `make` makes a policy of a model.
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
        self._tests = [Ready(test, tuple(self._states(asked))) for test, asked in tests]
        self._gates = {each.id: model.rulesets[each.ruleset].applies_while for each in model.rules}

    def _states(self, asked: Sequence[Asked]) -> Iterator[State]:
        seen: set[tuple[int, Any]] = set()
        for each in asked:
            if (id(each.case), each.at) in seen:
                continue
            seen.add((id(each.case), each.at))
            if each.how in {"decide", "check", "explain"}:
                yield self._program.situation(each.case.at(each.at), each.case.currency, each.at)
            else:
                for moment in moments(self._program, each.case, each.at):
                    yield moment.assessment.situation, moment.assessment.outcome

    def judge(self, mutant: Mutant) -> Judged:
        """Which test fails by the changed policy, if one does."""
        try:
            policy = self._make(mutant.apply(self.model))
        except PolicyError:
            return Judged(mutant.number, "invalid")
        for ready in self._likely_first(mutant):
            if _fails(ready.test, policy):
                return Judged(mutant.number, "killed", ready.test.name)
        return Judged(mutant.number, "survived")

    def _likely_first(self, mutant: Mutant) -> Iterator[Ready[P]]:
        """The tests that name the rule, then those in which the change makes a difference to it, then those where it is in
        force."""
        if mutant.rule is None:
            yield from self._tests
            return
        rule = mutant.rule
        named = [each for each in self._tests if rule.id in each.test.about]
        yield from named
        left = [each for each in self._tests if rule.id not in each.test.about]
        differing = [
            each for each in left if any(self._differs(mutant, rule, state) for state in each.states)
        ]
        yield from differing
        if mutant.in_condition:
            done = set(map(id, differing))
            yield from (
                each
                for each in left
                if id(each) not in done and any(_is_live(rule, state) for state in each.states)
            )

    def _differs(self, mutant: Mutant, rule: Rule, state: State) -> bool:
        """Whether the changed rule comes out otherwise, or (if its effects were changed) is in force."""
        if not mutant.in_condition:
            return _is_live(rule, state)
        situation, outcome = state
        gate = self._gates[rule.id]
        before: Truth = True if gate is None else gate.evaluate(situation, ())
        return any(
            each.listed and _truth(before, rule, situation, each.records) is not each.truth
            for each in outcome.of(rule.id)
        )


def _is_live(rule: Rule, state: State) -> bool:
    chooses = any(isinstance(each, Conclude) and each.alternatives for each in rule.effects)
    return any(chooses or each.truth is not False for each in state[1].of(rule.id))


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
