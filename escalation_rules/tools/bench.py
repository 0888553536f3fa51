"""Measures the time that decisions take on given cases, and which cases, rules and tests take most of it."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import attrs

from escalation_rules.case import Case
from escalation_rules.decision import Decision
from escalation_rules.engine import Program
from escalation_rules.engine.decision_cache import PARTS
from escalation_rules.policy.conditions import Condition, Situation
from escalation_rules.policy.model import PolicyModel, Rule

MOST = 10
"""The maximum number of cases, rules and tests listed."""

_TIMES = 5
"""The number of timings of a test on one case; the fastest counts."""


@attrs.frozen
class Cost:
    """The cost of a case, rule or test: its name, where it is written (`file:line`, or null), and
    microseconds per decision."""

    name: str
    place: str | None
    microseconds: float


@attrs.frozen
class Measured:
    """The cost of decisions in microseconds, with all parts computed except `review_at`.

    `first` is the median for cases decided for the first time, `again` for the same cases decided again;
    `first_95` and `again_95` are the 95th percentiles. `reading` is the median for reading a case from plain
    data. Tests of a single value cost next to nothing and are not in `tests`; a rule costs as much as its
    tests.
    """

    cases: int
    decisions: int
    reading: float
    first: float
    first_95: float
    again: float
    again_95: float
    per_second: int
    slowest_cases: tuple[Cost, ...]
    rules: tuple[Cost, ...]
    tests: tuple[Cost, ...]

    def to_dict(self) -> dict[str, Any]:
        """The measurements as plain data for JSON."""
        return attrs.asdict(self)


class Asked(Protocol):
    """The part of a `Policy` that `measure` needs."""

    @property
    def model(self) -> PolicyModel:
        """The parsed policy."""

    def case(self, data: Mapping[str, Any]) -> Case:
        """Read and check a case."""

    def decide(self, case: Case, *, at: datetime) -> Decision:
        """Decide a case."""


def measure(
    policy: Asked,
    cases: Sequence[tuple[str, Mapping[str, Any]]],
    *,
    at: datetime,
    seconds: float,
    clock: Callable[[], float],
    progress: Callable[[float], None] = lambda _: None,
) -> Measured:
    """Decide the named cases repeatedly for about `seconds` seconds, each at least twice.

    `clock` returns the time in seconds; `progress` is called with the fraction done, 0 to 1. Raises the same
    errors as `policy.decide`.
    """
    begun = clock()
    reading, read = [], []
    for name, data in cases:
        start = clock()
        case = policy.case(data)
        reading.append(clock() - start)
        read.append((name, case))
    first = [_decided(policy, case, at, clock) for _, case in read]
    again: list[list[float]] = [[] for _ in read]
    while True:
        for index, (_, case) in enumerate(read):
            again[index].append(_decided(policy, case, at, clock))
            progress(min(1.0, (clock() - begun) / seconds))
        if clock() - begun >= seconds:
            break
    medians = [statistics.median(times) for times in again]
    every = [time for times in again for time in times]
    tests = _tests(policy.model, [case for _, case in read], at, clock)
    return Measured(
        cases=len(read),
        decisions=len(first) + len(every),
        reading=_micro(statistics.median(reading)),
        first=_micro(statistics.median(first)),
        first_95=_micro(_most(first)),
        again=_micro(statistics.median(every)),
        again_95=_micro(_most(every)),
        per_second=round(len(every) / sum(every)) if sum(every) else 0,
        slowest_cases=_top(Cost(name, None, _micro(median)) for (name, _), median in zip(read, medians, strict=True)),
        rules=_top(_of_rules(policy.model, tests)),
        tests=_top(_of_tests(policy.model, tests)),
    )  # fmt: skip


def _decided(policy: Asked, case: Case, at: datetime, clock: Callable[[], float]) -> float:
    start = clock()
    decision = policy.decide(case, at=at)
    for name in PARTS:
        getattr(decision, name)
    return clock() - start


def _tests(
    model: PolicyModel, cases: Sequence[Case], at: datetime, clock: Callable[[], float]
) -> dict[Condition, float]:
    """The average cost of each test in seconds per case; for tests on records, of all records together."""
    program = Program(model, "plain")
    found: dict[Condition, float] = {}
    for case in cases:
        situation, _ = program.situation(case, at)
        for scope, atoms in program.tests():
            for atom in atoms:
                found[atom] = found.get(atom, 0.0) + _tested(atom, scope, situation, clock)
    return {atom: total / len(cases) for atom, total in found.items()}


def _tested(atom: Condition, scope: str | None, situation: Situation, clock: Callable[[], float]) -> float:
    scopes = [()] if scope is None else [(record,) for record in situation.lists.get(scope) or ()]
    times = []
    for _ in range(_TIMES):
        start = clock()
        for records in scopes:
            atom.evaluate(situation, records)
        times.append(clock() - start)
    return min(times)


def _of_tests(model: PolicyModel, tests: Mapping[Condition, float]) -> Iterable[Cost]:
    places = {condition: condition.position for rule in model.rules for condition in _walk(rule)}
    for atom, cost in tests.items():
        place = places.get(atom)
        yield Cost(str(atom.to_data()), None if place is None else f"{place.file}:{place.line}", _micro(cost))


def _of_rules(model: PolicyModel, tests: Mapping[Condition, float]) -> Iterable[Cost]:
    for rule in model.rules:
        cost = sum(tests.get(condition, 0.0) for condition in set(_walk(rule)))
        yield Cost(rule.id, f"{rule.position.file}:{rule.position.line}", _micro(cost))


def _walk(rule: Rule) -> Iterable[Condition]:
    for condition in (rule.when, rule.unless):
        if condition is not None:
            yield from condition.walk()


def _top(costs: Iterable[Cost]) -> tuple[Cost, ...]:
    ordered = sorted(costs, key=lambda cost: (-cost.microseconds, cost.name))
    return tuple(cost for cost in ordered[:MOST] if cost.microseconds > 0)


def _most(times: Sequence[float]) -> float:
    """The 95th percentile of the times."""
    return sorted(times)[min(len(times) - 1, len(times) * 95 // 100)]


def _micro(seconds: float) -> float:
    return round(seconds * 1_000_000, 1)
