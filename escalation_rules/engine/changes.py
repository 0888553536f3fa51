"""When a case changed in a way that somebody looks at: what each entry, each act and each thing learned touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Snapshot
from escalation_rules.policy.conditions import ACTS, LIST


@attrs.frozen(eq=False)
class Change:
    """An instant at which something was learned or done: the names of what may be different since (None: anything)."""

    at: datetime
    names: frozenset[str] | None

    def touches(self, names: Collection[str]) -> bool:
        """Whether one of these may be different since."""
        return self.names is None or not self.names.isdisjoint(names)


def changes(case: Case, learning: Sequence[datetime]) -> tuple[Change, ...]:
    """All changes of a case, in order of time; `learning` are the instants at which a plain case says that it learned."""
    found = [*_of_entries(case), *(Change(at, None) for at in learning)]
    found += [Change(act.at, frozenset((ACTS + act.action,))) for act in case.acts]
    return tuple(sorted(found, key=lambda each: each.at))


def _of_entries(case: Case) -> Iterator[Change]:
    for number, entry in enumerate(case.entries):
        if entry.at is None:
            continue
        names = {*entry.facts, *(LIST + name for name in entry.records)}
        if "parties" in entry.records:  # roles are told wherever a party is named
            names.update(_different(*case.folded[number : number + 2]))
        yield Change(entry.at, frozenset(names))


def _different(before: Snapshot, after: Snapshot) -> Iterator[str]:
    """The names of the facts and lists that are not the same."""
    for name in before.facts.keys() | after.facts.keys():
        if before.facts.get(name) != after.facts.get(name):
            yield name
    for name in before.records.keys() | after.records.keys():
        if before.records.get(name) != after.records.get(name):
            yield LIST + name
