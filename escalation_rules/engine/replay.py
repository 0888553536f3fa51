"""Replays a history: yields each instant at which the decision changes, from the first entry to an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.decision import Decision
from escalation_rules.engine import Assessment, Past, Program
from escalation_rules.engine.review import Same
from escalation_rules.once import once


@attrs.frozen(eq=False, slots=False)
class Moment:
    """One instant of a history: the decision after everything learned and done up to and including it.

    Computed on first use, with the cached results of `past`.
    """

    at: datetime
    _program: Program
    _case: Case
    _past: Past
    _ahead: Assessment | None = None

    @once
    def assessment(self) -> Assessment:
        """The decision with all intermediate results."""
        found = self._ahead or self._program.assessment(
            self._case, self._case.at(self.at), self.at, self._past
        )
        self._past.see(found.situation, found.outcome, found.prohibitions)
        return found

    @once
    def decision(self) -> Decision:
        return self._program.decision(self._case, self.assessment, self.at)


def moments(
    program: Program,
    case: Case,
    until: datetime,
    past: Past | None = None,
    also: Iterable[datetime] = (),
    same: Same = Decision.same_as,
) -> Iterator[Moment]:
    """Yield the moments of a history up to and including `until` lazily: entries, acts, each review in
    between, and the instants in `also`. A review is an instant at which the decision is no longer the `same`.
    """
    past = past or program.past(case)
    events = sorted({at for at in (*_events(case), *also) if at <= until})
    for index, event in enumerate(events):
        following = events[index + 1] if index + 1 < len(events) else None
        moment: Moment | None = Moment(event, program, case, past)
        while moment is not None:
            yield moment
            end = following or until
            ahead = program.next_assessment(case, moment.assessment, moment.decision, end, same)
            at = ahead.situation.at if ahead is not None else None
            moment = Moment(at, program, case, past, ahead) if at is not None and at != following else None


def _events(case: Case) -> Iterator[datetime]:
    yield from (entry.at for entry in case.entries if entry.at is not None)
    yield from (act.at for act in case.acts)
