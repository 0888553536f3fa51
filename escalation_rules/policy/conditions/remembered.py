"""The base class of tests on records or acts, which caches results that do not depend on the records in scope."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TypeVar

import attrs

from escalation_rules.policy.conditions.condition import Condition, Records, Situation, Truth
from escalation_rules.policy.conditions.memory import Reach

T = TypeVar("T")


@attrs.frozen
class Remembered(Condition):
    """A test whose results are cached in the situation and, if time does not affect them, in the memory of the case."""

    _reach: Reach | None = attrs.field(init=False, default=None, eq=False, repr=False)

    @property
    def reach(self) -> Reach:
        reach = self._reach
        if reach is None:
            reach = super().reach
            object.__setattr__(self, "_reach", reach)
        return reach

    @abstractmethod
    def test(self, situation: Situation, records: Records) -> Truth:
        """Compute `evaluate`."""

    @abstractmethod
    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        """Compute `since`."""

    @abstractmethod
    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """Compute `flips`."""

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        if self._depends(situation, records):
            return self.test(situation, records)
        return self._kept("evaluate", not self.timed, situation, lambda: self.test(situation, records))

    def since(self, situation: Situation, records: Records) -> datetime | None:
        if self._depends(situation, records):
            return self.test_since(situation, records)
        steady = not self.reach.concluded and not self.timed
        return self._kept("since", steady, situation, lambda: self.test_since(situation, records))

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        if self._depends(situation, records):
            return self.test_flips(situation, records)
        return iter(self._kept("flips", False, situation, lambda: tuple(self.test_flips(situation, records))))

    def _depends(self, situation: Situation, records: Records) -> bool:
        """Whether it reads a record in scope. Also true if caching is not worthwhile because it is evaluated only once."""
        if not records:
            return situation.versions is None
        return self.reach.outermost < len(records)

    def _kept(self, what: str, steady: bool, situation: Situation, work: Callable[[], T]) -> T:
        return situation.recalled((id(self), what), self.reach.read if steady else None, work)
