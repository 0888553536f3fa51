"""Judges the mutants of a policy in a worker process, which reads policy and tests once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from escalation_rules import Policy
from escalation_rules.case import Asked
from escalation_rules.cli.loading import load_policy
from escalation_rules.cli.reports.scenario import feature_of, scenarios
from escalation_rules.cli.testing.rehearse import Tests
from escalation_rules.policy.model import Rule
from escalation_rules.tools.examples import run_example
from escalation_rules.tools.mutation import Judge, Mutant, MutantSeen, PolicyTest, Telling, Told, mutants

MOST_CASES = 20
"""The maximum number of tests whose cases are tried to show what a change does."""


@attrs.frozen(eq=False)
class Example:
    """A rule's example as a test."""

    rule: Rule

    @property
    def name(self) -> str:
        """The name shown to people."""
        return f"examples of {self.rule.id}"

    @property
    def about(self) -> frozenset[str]:
        return frozenset({self.rule.id})

    def fails(self, policy: Policy) -> bool:
        """Whether it fails with this policy, including if the rule is missing."""
        rule = policy.model.rule(self.rule.id)
        return rule is None or run_example(policy, rule).outcome == "failed"


@attrs.frozen(eq=False)
class ScenarioTest:
    """A scenario as a test."""

    play: Any
    run: Callable[[Any, Policy], bool]

    @property
    def name(self) -> str:
        """The name shown to people."""
        scenario = self.play.scenario
        return f"{Path(scenario.feature.filename).name}:{scenario.line_number}"

    @property
    def about(self) -> frozenset[str]:
        """The ids of the rules that it names."""
        names: frozenset[str] = self.play.names
        return names

    def fails(self, policy: Policy) -> bool:
        """Whether it fails with this policy."""
        return self.run(self.play, policy)


def runner(policy: Policy, root: Path) -> Callable[[Any, Policy], bool]:
    """A function that runs a scenario with a policy and returns whether it fails. Names are resolved with this policy."""
    from escalation_rules.pytest_plugin.names import Names
    from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, alone, failure

    stage, names = alone(root), Names.of(policy.model)

    def run(play: Any, other: Policy) -> bool:
        try:
            return failure(play, other, stage, names) is not None
        except NotRehearsed:
            return True

    return run


class Bench:
    """The policy, its tests and its mutants. `broken` are tests that fail with the original policy."""

    def __init__(self, tests: Tests, *, solver: bool) -> None:
        self.policy = load_policy(tests.layers)
        self.mutants = own_mutants(self.policy, tests)
        self.broken: list[str] = []
        self._run = runner(self.policy, Path.cwd()) if tests.plays else None
        self._make: Callable[..., Policy] = partial(Policy, engine="plain")
        found = list(self._passing(tests))
        self._judge: Judge[Policy] = Judge(self.policy.model, found, self._make)
        self._telling = Telling(self.policy.model, solver=solver)

    def _passing(self, tests: Tests) -> Iterable[tuple[PolicyTest[Policy], Sequence[Asked]]]:
        every: list[PolicyTest[Policy]] = [
            Example(rule) for rule in self.policy.model.rules if rule.examples is not None
        ]
        if self._run is not None:
            every += [ScenarioTest(play, self._run) for play in tests.plays]
        for test in every:
            asked: list[Asked] = []
            if test.fails(self.policy.observed(asked.append)):
                self.broken.append(test.name)
            else:
                yield test, asked

    def judged(self, number: int) -> MutantSeen:
        """The outcome of one mutant."""
        mutant = self.mutants[number]
        found = self._judge.judge(mutant)
        seen = MutantSeen(
            mutant.kind, mutant.owner, mutant.place, mutant.before, mutant.after, "invalid", found.by
        )
        if found.outcome == "killed":
            return attrs.evolve(seen, fate="killed")
        if found.outcome == "invalid":
            return seen
        other = self._make(mutant.apply(self.policy.model))
        shown: list[str] = []

        def says(told: Told) -> bool:
            tried = scenarios(f"{mutant.owner}: {mutant.kind}", told)
            shown.extend(next(([file] for file in tried if self._tells(file, other)), []))
            return bool(shown)

        told = self._telling.tell(mutant, says, islice(self._judge.cases(mutant), MOST_CASES))
        if told.outcome == "equivalent":
            return attrs.evolve(seen, fate="equivalent")
        differs = told.outcome == "case"
        return attrs.evolve(seen, fate="survived", scenario=shown[-1] if shown else None, differs=differs)

    def _tells(self, scenario: str, other: Policy) -> bool:
        """Whether a scenario passes with the original policy and fails with the changed one."""
        from importlib.util import find_spec

        if find_spec("pytest_bdd") is None:
            return True
        from escalation_rules.pytest_plugin.rehearsal import NotRehearsed, Unreadable, plays

        run = self._run or runner(self.policy, Path.cwd())
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "found.feature"
            file.write_text(feature_of(scenario), encoding="utf-8")
            try:
                (play,) = plays(file)
            except (NotRehearsed, Unreadable):
                return False
        return not run(play, self.policy) and run(play, other)


def own_mutants(policy: Policy, tests: Tests) -> tuple[Mutant, ...]:
    """The mutants of the selected layers."""
    paths = [path.resolve() for path in tests.own]
    found = mutants(policy.model)
    if not paths:
        return found
    files = {file: Path(file).resolve() for file in {mutant.place.file for mutant in found}}
    return tuple(mutant for mutant in found if any(path == files[mutant.place.file] or path in files[mutant.place.file].parents
                                               for path in paths))  # fmt: skip
