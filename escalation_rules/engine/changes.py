"""Determines when a case changed, and which facts, lists and acts each change affects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.policy.conditions import ACTS, LIST


@attrs.frozen(eq=False)
class Change:
    """An instant at which something was learned or done, with the names that may have changed (None: any)."""

    at: datetime
    names: frozenset[str] | None

    def touches(self, names: Collection[str]) -> bool:
        """Whether one of the names may have changed."""
        return self.names is None or not self.names.isdisjoint(names)


def changes(case: Case, learning: Sequence[datetime]) -> tuple[Change, ...]:
    """All changes of a case, in order of time. `learning` are the instants at which a plain case learned something."""
    found = [*_of_entries(case), *(Change(at, None) for at in learning)]
    found += [Change(act.at, frozenset((ACTS + act.action,))) for act in case.acts]
    return tuple(sorted(found, key=lambda change: change.at))


def _of_entries(case: Case) -> Iterator[Change]:
    for number, entry in enumerate(case.entries):
        if entry.at is None:
            continue
        names = {*entry.facts, *(LIST + name for name in entry.records)}
        if "parties" in entry.records:  # roles affect all values that name a party
            names.update(_different(*case.folded[number : number + 2]))
        yield Change(entry.at, frozenset(names))


def _different(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """The names of the facts and lists that differ."""
    for name in before.facts.keys() | after.facts.keys():
        if before.facts.get(name) != after.facts.get(name):
            yield name
    for name in before.records.keys() | after.records.keys():
        if before.records.get(name) != after.records.get(name):
            yield LIST + name
