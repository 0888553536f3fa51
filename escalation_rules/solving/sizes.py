"""How large a case has to be to show what rules count: at least as large as the numbers that they compare with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from escalation_rules.policy.conditions import (
    ActFilter,
    Condition,
    RecordCondition,
    Selection,
    ViaName,
    references_of,
)
from escalation_rules.policy.conditions.acts import Done, NothingDoneFor
from escalation_rules.policy.conditions.computed import conditions_in
from escalation_rules.policy.conditions.counting import Count, numbers_in
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.model import Conclude, PolicyModel, Rule, overriding
from escalation_rules.policy.parameter_values import ParameterValue

RECORDS = ACTS = 3
"""The number of records in a list, and of acts, up to which cases are searched at first."""
STEPS = (5, 8)
"""The larger numbers that are tried where rules need them. Beyond the last one, the solver takes too long."""


@attrs.frozen
class Bounds:
    """The maximum number of records in each list (or `more` in some), and of acts."""

    records: int = RECORDS
    acts: int = ACTS
    more: tuple[tuple[str, int], ...] = ()

    def of(self, name: str) -> int:
        """The maximum number of records in a list."""
        return max(self.records, dict(self.more).get(name, 0))


@attrs.frozen
class Size:
    """What some conditions need: acts and records for all of their tests together, and the largest number that a
    single test compares with, plus one."""

    acts: int = 0
    records: tuple[tuple[str, int], ...] = ()
    largest_acts: int = 0
    largest_records: tuple[tuple[str, int], ...] = ()

    def bounds(self, least: Bounds) -> tuple[Bounds, ...]:
        """The bounds to search: `least`, and larger ones if these conditions need them, as far as that is possible."""
        acts = _step(max(least.acts, self.acts, self.largest_acts))
        more = tuple((name, _step(count)) for name, count in self.records if count > least.records)
        found = attrs.evolve(least, acts=acts, more=more)
        return (least,) if found == least else (least, found)

    def is_counted_in(self, bounds: Bounds) -> bool:
        """Whether cases of this size are large enough for each single test."""
        within = all(count <= bounds.of(name) for name, count in self.largest_records)
        return self.largest_acts <= bounds.acts and within

    def fits(self, bounds: Bounds) -> bool:
        """Whether cases of this size are large enough for all tests together."""
        return self.acts <= bounds.acts and all(count <= bounds.of(name) for name, count in self.records)


def _step(count: int) -> int:
    """The number that is tried for a number that is needed."""
    return count if count <= RECORDS else next((size for size in STEPS if size >= count), STEPS[-1])


class Sizes:
    """The sizes that the conditions of a policy need, including those of the conclusions that they read."""

    def __init__(self, model: PolicyModel) -> None:
        self._model = model
        self._concluders: dict[str, list[tuple[Rule, Conclude]]] = {}
        for rule in model.rules:
            for effect in rule.concludes:
                self._concluders.setdefault(effect.name, []).append((rule, effect))

    def of_rules(self, names: Iterable[str]) -> Size:
        """What these rules need, together with those that override them."""
        rules = [rule for rule in map(self._model.rule, names) if rule is not None]
        over = [other for rule in rules for other in overriding(self._model, rule)]
        values = [value for rule in rules for one in rule.recommends for _, value in one.params]
        conditions = (condition for rule in (*rules, *over) for condition in self._of_rule(rule))
        return self.of(conditions, values)

    def of(self, conditions: Iterable[Condition], values: Iterable[ParameterValue] = ()) -> Size:
        """What these conditions and values need."""
        tally = _Tally()
        read: set[str] = set()
        waiting: list[Condition | ParameterValue] = [*conditions, *values]
        while waiting:
            part = waiting.pop()
            names = set(_concluded(part))
            for name in names - read:
                for rule, effect in self._concluders.get(name, ()):
                    waiting += [*self._of_rule(rule), *(condition for _, condition in effect.alternatives)]
            read |= names
            if isinstance(part, Condition):
                for one in part.walk():
                    tally.add(one)
                    for value in _computed(one):
                        tally.add_value(value)
            else:
                tally.add_value(part)
                waiting += conditions_in(part)
        return tally.size()

    def _of_rule(self, rule: Rule) -> list[Condition]:
        found = [self._model.rulesets[rule.ruleset].applies_while, rule.when, rule.unless]
        found += [condition for ban in rule.prohibits for condition in (ban.where, ban.until)]
        return [condition for condition in found if condition is not None]


@attrs.define
class _Tally:
    acts: int = 0
    records: dict[str, int] = attrs.Factory(dict)
    largest_acts: int = 0
    largest_records: dict[str, int] = attrs.Factory(dict)

    def add(self, condition: Condition) -> None:
        match condition:
            case Done():
                self.acts += condition.at_least + (condition.not_followed_by is not None)
                if condition.at_least > 1:
                    self.largest_acts = max(self.largest_acts, condition.at_least + 1)
            case NothingDoneFor():
                self.acts += 1
            case Count():
                name = condition.selection.list
                numbers = (number for test in condition.tests for number in numbers_in(test.to_data()))
                largest = max(numbers, default=0) + 1
                self.largest_records[name] = max(self.largest_records.get(name, 0), largest)
                self._more(name, largest)
            case RecordCondition():
                self._more(condition.selection.list, 1)
        for root in condition.names():
            for followed in (root, *references_of(root)):
                if isinstance(followed, ViaName):
                    self._more(followed.target, 1)

    def add_value(self, value: ParameterValue) -> None:
        for source in value.sources():
            if isinstance(source, Selection):
                self._more(source.list, 1)
            elif isinstance(source, ActFilter):
                self.acts += 1

    def _more(self, name: str, count: int) -> None:
        self.records[name] = self.records.get(name, 0) + count

    def size(self) -> Size:
        return Size(
            self.acts,
            tuple(sorted(self.records.items())),
            self.largest_acts,
            tuple(sorted(self.largest_records.items())),
        )


def enough_for(sizes: Iterable[Size]) -> Size:
    """A size that is enough for each of them alone."""
    acts = largest_acts = 0
    records: dict[str, int] = {}
    largest: dict[str, int] = {}
    for size in sizes:
        acts, largest_acts = max(acts, size.acts), max(largest_acts, size.largest_acts)
        for found, needed in ((records, size.records), (largest, size.largest_records)):
            found.update({name: max(count, found.get(name, 0)) for name, count in needed})
    return Size(acts, tuple(sorted(records.items())), largest_acts, tuple(sorted(largest.items())))


def _concluded(part: Condition | ParameterValue) -> Iterator[str]:
    if isinstance(part, Condition):
        yield from (name for name, concluded in part.all_reads() if concluded)
        return
    yield from (name.full for name in part.names() if name.fact.concluded)


def _computed(condition: Condition) -> Iterator[ParameterValue]:
    """The values that are worked out in a test; conditions inside them are parts of the test."""
    operators: list[Operator | None] = [
        getattr(condition, "operator", None),
        *getattr(condition, "tests", ()),
    ]
    for operator in operators:
        if operator is not None:
            yield from (value for value in operator.values() if isinstance(value, ParameterValue))
