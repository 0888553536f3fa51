"""The connectives `all`, `any`, `none` and `not`, in Kleene's logic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from escalation_rules.policy.conditions.condition import (
    Condition,
    Need,
    Records,
    Situation,
    Truth,
    both,
    earliest,
    either,
    latest,
    opposite,
)
from escalation_rules.policy.conditions.names import Name


@attrs.frozen
class _Connective(Condition):
    """A condition made of others. A single part with the truth `settling` decides it. For `meant_by`, see `Operator`."""

    key: ClassVar[str]
    doc: ClassVar[str]
    meant_by: ClassVar[tuple[str, ...]] = ()
    settling: ClassVar[bool] = True
    conditions: tuple[Condition, ...]

    def parts(self) -> Sequence[Condition]:
        return self.conditions

    def names(self) -> Iterator[Name]:
        for condition in self.conditions:
            yield from condition.names()

    def reads(self) -> Iterator[tuple[str, bool]]:
        return iter(())

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        for condition in self.conditions:
            yield from condition.flips(situation, records)

    @property
    def timed(self) -> bool:
        return any(condition.timed for condition in self.conditions)

    def since(self, situation: Situation, records: Records) -> datetime | None:
        truths = [(condition, condition.evaluate(situation, records)) for condition in self.conditions]
        settled = [
            condition.since(situation, records) for condition, truth in truths if truth is self.settling
        ]
        if settled:
            return earliest(settled)
        if any(truth is None for _, truth in truths):
            return None
        return latest(condition.since(situation, records) for condition in self.conditions)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if self.evaluate(situation, records) is not None:
            return ()
        return next(
            filter(None, (condition.undecided(situation, records) for condition in self.conditions)), ()
        )

    def to_data(self) -> dict[str, object]:
        return {self.key: [condition.to_data() for condition in self.conditions]}


@attrs.frozen
class AllOf(_Connective):
    """All parts hold."""

    key = "all"
    doc = "all of these conditions hold"
    meant_by = ("and", "all_of", "both", "every_of")
    settling = False

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return both(condition.evaluate(situation, records) for condition in self.conditions)


@attrs.frozen
class AnyOf(_Connective):
    """At least one part holds."""

    key = "any"
    doc = "at least one of these conditions holds"
    meant_by = ("or", "any_of", "one_of", "either")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return either(condition.evaluate(situation, records) for condition in self.conditions)


@attrs.frozen
class NoneOf(_Connective):
    """No part holds."""

    key = "none"
    doc = "none of these conditions holds; with the name of a list: it has no such record"
    meant_by = ("nor", "none_of", "neither")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return opposite(either(condition.evaluate(situation, records) for condition in self.conditions))


@attrs.frozen
class Not(_Connective):
    """The part does not hold."""

    key = "not"
    doc = "this condition does not hold"
    meant_by = ("is_not", "isnt", "not_true")

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        return opposite(self.conditions[0].evaluate(situation, records))

    def to_data(self) -> dict[str, object]:
        return {self.key: self.conditions[0].to_data()}


def all_of(conditions: Sequence[Condition]) -> Condition:
    """One condition for several that must all hold."""
    return conditions[0] if len(conditions) == 1 else AllOf(tuple(conditions))
