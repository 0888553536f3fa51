"""The base of tests that go through records or acts: what does not depend on the records in scope is worked out once."""

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
    """A test whose answers are kept with the situation, and with the memory of the case if time alone changes nothing."""

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
        """`evaluate`, worked out."""

    @abstractmethod
    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        """`since`, worked out."""

    @abstractmethod
    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """`flips`, worked out."""

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
        """Whether it looks at a record in scope; what is asked only once need not be kept either."""
        if not records:
            return situation.memory is None
        return self.reach.outermost < len(records)

    def _kept(self, what: str, steady: bool, situation: Situation, work: Callable[[], T]) -> T:
        return situation.recalled((id(self), what), self.reach.names if steady else None, work)
