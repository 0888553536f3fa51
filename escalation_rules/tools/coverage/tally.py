"""Counts what happened while tests ran. A tally is plain data, so tallies of several processes can be added."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Literal

import attrs

from escalation_rules.policy.conditions import Truth

Standing = Literal["fired", "overruled", "pending"]
STANDINGS: tuple[Standing, ...] = ("fired", "overruled", "pending")
Counts = dict[str, Counter[str]]


@attrs.define(eq=False)
class Tally:
    """Counts of a policy's use: how often each rule and effect (by key) fired, was overruled or was pending,
    with which truths each test (by the key of its condition and its number) decided, and the number of
    questions."""

    rules: Counts = attrs.Factory(dict)
    effects: Counts = attrs.Factory(dict)
    tests: dict[tuple[str, int], set[Truth]] = attrs.Factory(dict)
    asked: int = 0

    def rule(self, key: str, standing: Standing) -> None:
        """Count the standing of a rule in one case."""
        self.rules.setdefault(key, Counter())[standing] += 1

    def effect(self, key: str, standing: Standing) -> None:
        """Count the standing of an effect in one case."""
        self.effects.setdefault(key, Counter())[standing] += 1

    def test(self, key: str, number: int, truth: Truth) -> None:
        """Count a test that decided with this truth."""
        self.tests.setdefault((key, number), set()).add(truth)

    def add(self, other: Tally) -> None:
        """Add the counts of another tally."""
        for mine, its in ((self.rules, other.rules), (self.effects, other.effects)):
            _add(mine, its)
        for key, truths in other.tests.items():
            self.tests.setdefault(key, set()).update(truths)
        self.asked += other.asked

    def to_data(self) -> dict[str, Any]:
        """The tally as plain data, to send it to another process."""
        tests = [[key, number, sorted(truths, key=str)] for (key, number), truths in self.tests.items()]
        rules, effects = (
            {key: dict(counter) for key, counter in counts.items()} for counts in (self.rules, self.effects)
        )
        return {"rules": rules, "effects": effects, "tests": tests, "asked": self.asked}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Tally:
        """Read a tally from the plain data of another process."""
        return cls(
            {key: Counter(rule) for key, rule in data["rules"].items()},
            {key: Counter(effect) for key, effect in data["effects"].items()},
            {(key, number): set(truths) for key, number, truths in data["tests"]},
            data["asked"],
        )


def _add(mine: Counts, its: Mapping[str, Counter[str]]) -> None:
    for key, counts in its.items():
        mine.setdefault(key, Counter()).update(counts)
