"""One complaint case: plain data → typed facts, records and acts; a history is folded up to an instant."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, cast

import attrs

from escalation_rules.case.entries import Intake
from escalation_rules.case.folding import Folding, Snapshot, facts_of, is_by_id
from escalation_rules.case.last import LastAnswer
from escalation_rules.case.rows import Entry
from escalation_rules.errors import CaseError, Position, Problems, reading
from escalation_rules.once import once
from escalation_rules.policy.conditions import Act
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import Party, Value

_LOOKED_AT = frozenset({type(None), Party})
"""Types of values that are not always what is stated."""


@attrs.frozen(slots=False)
class Case:
    """A case, read and checked against a vocabulary. Make it with `policy.case(data)`; pass it as often as you like.

    `id` and `currency` (ISO 4217) are None if not given. `entries` hold what was learned: one entry without an instant for
    a plain case, else the history in order of time. `acts` is all that was done, whatever entry brought it, in order of
    time, each by a doer in the role held then. `vocabulary` is the digest of the vocabulary against which it was read.
    `last_answer` is what was decided of it last.
    """

    id: str | None
    currency: str | None
    entries: tuple[Entry, ...]
    acts: tuple[Act, ...] = ()
    vocabulary: str = attrs.field(default="", eq=False, repr=False)
    last_answer: LastAnswer = attrs.field(factory=LastAnswer, eq=False, repr=False, init=False)

    @classmethod
    def from_mapping(
        cls, vocabulary: Vocabulary, data: Mapping[str, Any], positions: Mapping[str, Position] | None = None
    ) -> Case:
        """The case that plain data describes; `positions` places paths of the data in a file, for messages.

        Raises `CaseError` with every problem: unknown keys, facts, actions or parties, values that do not fit their
        type, conclusions (which only rules may set), naive instants, ids used twice; and for data that fails while it is
        read, or that another thread changes meanwhile.
        """
        problems = Problems()
        intake = Intake(vocabulary, problems, {} if positions is None else positions)
        with reading("the case", CaseError):
            read = intake.read(data)
        if problems.errors or read is None:
            raise CaseError(problems.errors)
        return cls(*read, vocabulary.digest)

    @property
    def is_history(self) -> bool:
        """Whether the case was given as a history of entries."""
        entries = self.entries
        return (
            entries[0].at is not None if len(entries) == 1 else any(each.at is not None for each in entries)
        )

    def begun(self) -> tuple[datetime, ...]:
        """When a plain case began: the earliest instant that it names, if any. All that it says is taken as known from then;
        what a history says it dates itself."""
        if self.is_history:
            return ()
        named = (value for entry in self.entries for value in (*_values(entry), *entry.learned_at.values()))
        instants = [each for each in named if isinstance(each, datetime)]
        return (min((*instants, *(act.at for act in self.acts))),) if instants or self.acts else ()

    def at(self, moment: datetime) -> Snapshot:
        """The case as it stood at `moment` (aware): what was learned by then, the later upon the earlier, and what was done
        by then, whenever it was logged; also acts to come, if an entry up to then says so."""
        if not self.is_history:
            return self._whole
        count = bisect_right(self.entries, moment, key=lambda each: each.at or moment)
        unknown = self.entries[count].order if count < len(self.entries) else None
        acts = (
            act
            for act in self.acts
            if act.at <= moment or unknown is None or (act.order is not None and act.order < unknown)
        )
        return attrs.evolve(self.folded[count], acts=tuple(acts))

    def just_before(self, number: int) -> Snapshot:
        """What was known just before act `number`: earlier entries, the facts of its own, and earlier acts.

        Of entries at the instant of the act, those that the file has after it were not known yet.
        """
        act = self.acts[number]
        count = len(self.entries)
        if self.is_history and act.order is not None:
            place = act.at, act.order
            count = bisect_left(self.entries, place, key=lambda each: (each.at or act.at, each.order))
        return attrs.evolve(self.folded[count], acts=self.acts[:number])

    @once
    def _whole(self) -> Snapshot:
        """All of a plain case, which stands at any moment as it stands now."""
        if len(self.entries) == 1 and not self.entries[0].records:
            values = _stated(self.entries[0].facts)
            if values is not None:
                return Snapshot.of_facts(values, self.acts, partial(facts_of, self.entries[0]))
        return attrs.evolve(self.folded[-1], acts=self.acts)

    @once
    def folded(self) -> tuple[Snapshot, ...]:
        """What the entries add up to, after none, one, two … of them; each is folded once. Acts are left out."""
        folding = Folding()
        found = [folding.snapshot(())]
        for entry in self.entries:
            folding.learn(entry)
            found.append(folding.snapshot(()))
        return tuple(found)


def _stated(facts: Mapping[str, Value | None]) -> Mapping[str, Value] | None:
    """The facts that are stated; None if a party among them is named by its id, and so the records have to be asked."""
    if _LOOKED_AT.isdisjoint(map(type, facts.values())):
        return cast(Mapping[str, Value], facts)
    values = {name: each for name, each in facts.items() if each is not None}
    return None if any(map(is_by_id, values.values())) else values


def _values(entry: Entry) -> Iterator[Value | None]:
    """All values that an entry states."""
    yield from entry.facts.values()
    for rows in entry.records.values():
        for row in rows or ():
            yield from row.fields.values()
