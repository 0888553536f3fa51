"""Operands that are worked out for the case: the forms that the value of a parameter may have, too."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime

import attrs

from escalation_rules.policy.conditions.act_filter import ActFilter
from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation, latest
from escalation_rules.policy.conditions.memory import Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.selection import Selection
from escalation_rules.values import Value

ValueSource = Selection | ActFilter | Condition
"""What a value is worked out from, apart from facts and fields."""


@attrs.frozen
class StatedValue(ABC):
    """A value that a policy states by one of its forms. It is worked out for a situation and the records in scope."""

    @abstractmethod
    def get(self, situation: Situation, records: Records) -> Value | None:
        """The value, or None if unknown."""

    @abstractmethod
    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """What must be found out first to know it."""

    @abstractmethod
    def sources(self) -> Sequence[ValueSource]:
        """The selections of records and acts, and the conditions, that it reads, including those of its parts."""

    @abstractmethod
    def names(self) -> Iterator[Name]:
        """The facts and fields that it is worked out from, in the scope of the value itself."""

    @abstractmethod
    def to_data(self) -> object:
        """The value in its YAML form."""

    def reads(self) -> Iterator[str]:
        """The lists and fields that it reads to select records, apart from conditions."""
        for source in self.sources():
            if isinstance(source, Selection):
                yield source.list
                if source.via:
                    yield f"{source.list}.{source.via}"

    def since(self, situation: Situation, records: Records) -> datetime | None:
        """Since when what it reads has been as it is; None: from the start, or unknown."""
        moments = [name.since(situation, records) for name in self.names()]
        for source in self.sources():
            if isinstance(source, Selection):
                moments += [moment for moment, _, _ in source.comings(situation, records)]
            elif isinstance(source, ActFilter):
                moments += source.changes(situation, records)
            else:
                moments.append(source.since(situation, records))
        return latest(moments)

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        """The instants at which it may change by time alone, since other records may match."""
        for source in self.sources():
            yield from source.flips(situation, records)

    @property
    def timed(self) -> bool:
        """Whether it may ever change by time alone."""
        return any(source.timed for source in self.sources())

    @property
    def reach(self) -> Reach:
        """What its selections and conditions read."""
        return united(
            [source.reach() if isinstance(source, ActFilter) else source.reach for source in self.sources()]
        )

    @property
    def written_in_money(self) -> bool:
        """Whether it contains amounts by currency."""
        return False


def conditions_in(value: StatedValue) -> Iterator[Condition]:
    """The conditions directly inside a value: those on its records, and those that choose between values."""
    for source in value.sources():
        if isinstance(source, Selection) and source.where is not None:
            yield source.where
        elif isinstance(source, Condition):
            yield source
