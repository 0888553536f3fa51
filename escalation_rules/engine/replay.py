"""A history replayed: every instant at which the decision changes, from the first entry to an end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.decision import Decision
from escalation_rules.engine import Assessment, Past, Program
from escalation_rules.engine.review import Same


@attrs.frozen(eq=False)
class Moment:
    """One instant of a timeline: the decision after everything that was learned and done up to and including it."""

    at: datetime
    decision: Decision
    assessment: Assessment


def moments(
    program: Program,
    case: Case,
    until: datetime,
    past: Past | None = None,
    also: Iterable[datetime] = (),
    same: Same = Decision.same_as,
) -> Iterator[Moment]:
    """The moments of a history up to and including `until`: entries, acts, and each review in between, lazily; and `also`
    those instants. A review is where the decision is not the `same` any more."""
    past = past or program.past(case)
    events = sorted({at for at in (*_events(case), *also) if at <= until})
    for index, event in enumerate(events):
        following = events[index + 1] if index + 1 < len(events) else None
        at: datetime | None = event
        while at is not None:
            moment = _moment(program, case, at, past)
            yield moment
            end = following or until
            after = program.next_change(case, moment.assessment, moment.decision, end, same)
            at = (
                after if after is not None and (after < end or (following is None and after == end)) else None
            )


def _events(case: Case) -> Iterator[datetime]:
    yield from (entry.at for entry in case.entries if entry.at is not None)
    yield from (act.at for act in case.acts)


def _moment(program: Program, case: Case, at: datetime, past: Past) -> Moment:
    assessment = program.assessment(case, case.at(at), at, past)
    past.see(assessment.situation, assessment.outcome, assessment.prohibitions)
    return Moment(at, program.decision(case, assessment, at), assessment)
