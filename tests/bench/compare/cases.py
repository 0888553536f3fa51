"""Streams of cases, always the same for the same seed: signatures that come again, and signatures that never do."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.bench.compare.problem import Facts, Problem, Value, signature, thresholds

Draw = Callable[[random.Random], Facts]
SHARE_OF_NEW = 0.1
"""In the mixed stream: how many cases have a signature that was not seen before."""


class Cases:
    """Draws cases of a problem."""

    def __init__(self, problem: Problem, draw: Draw, seed: int, kinds: int) -> None:
        self.problem, self.draw = problem, draw
        self.dice = random.Random(seed)
        self.limits = thresholds(problem)
        self.seen: set[tuple[object, ...]] = set()
        self.popular = [self.new() for _ in range(kinds)]
        # Zipf's law: the second most frequent kind of case comes half as often as the first, the third a third as often.
        self.weights = [1 / (rank + 1) for rank in range(kinds)]

    def new(self) -> Facts:
        """A case whose signature was not drawn before."""
        for _ in range(10_000):
            case = self.draw(self.dice)
            found = signature(self.problem, self.limits, case)
            if found not in self.seen:
                self.seen.add(found)
                return case
        raise ValueError(f"{self.problem.name}: no further signatures")

    def known(self) -> Facts:
        """A case of one of the popular signatures, with numbers of its own."""
        (case,) = self.dice.choices(self.popular, self.weights)
        return {key: self._other(key, value) for key, value in case.items()}

    def stream(self, kind: str, count: int) -> list[Facts]:
        """So many cases: `hot`, all of popular signatures; `cold`, all of new ones; `mixed`, nine in ten popular."""
        share = {"hot": 0.0, "cold": 1.0, "mixed": SHARE_OF_NEW}[kind]
        return [self.new() if self.dice.random() < share else self.known() for _ in range(count)]

    def _other(self, key: str, value: Value) -> Value:
        """Another number between the same thresholds."""
        if isinstance(value, bool) or not isinstance(value, int):
            return value
        limits = self.limits.get(key, [])
        low = max((each for each in limits if each <= value), default=0)
        high = min((each for each in limits if each > value), default=low + 10)
        return self.dice.randrange(low, high)
