"""Replays one history under one policy, from its first entry to an end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

import attrs

from escalation_rules.case import Case
from escalation_rules.decision import Decision, Forbidden, Held, Reason, Step, to_plain
from escalation_rules.engine import Assessment, Program
from escalation_rules.engine.replay import Moment
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.tools.replay.model import Kind, Replay, Span

Key = tuple[Kind, str, str | None, tuple[str, ...]]
"""The kind, name and record of a thing, and its other distinguishing values."""


class Audited(Protocol):
    """The part of an `Audit` that is needed here."""

    @property
    def breaches(self) -> tuple[Any, ...]: ...
    @property
    def unverified(self) -> tuple[Any, ...]: ...


Audit = Callable[[Program, Case, datetime, Callable[[Moment], None]], Audited]
"""Audits a history and passes each of its moments to a callback."""


def replay(program: Program, case: Case, until: datetime, audit: Audit) -> Replay:
    """Replay a history, or a plain case from its beginning, up to `until` (UTC)."""
    following = _Following(program.model.vocabulary)
    audited = audit(program, case, until, following.see)
    return Replay(
        policy=program.model.digest,
        until=until,
        moments=following.moments,
        said=following.ended(),
        fired=tuple(sorted(following.fired)),
        overruled=tuple(sorted(following.overruled)),
        breaches=audited.breaches,
        unverified=audited.unverified,
    )


def said_at(program: Program, case: Case, at: datetime) -> list[dict[str, Any]]:
    """What a policy says of a history at an instant (UTC), as plain data of spans that begin then."""
    decision = program.decision(case, program.assessment(case, case.at(at), at), at)
    return [
        to_plain(Span(kind, name, about, value, because, at, None), None)
        for (kind, name, about, _), (value, because) in _said(decision, program.model.vocabulary)
    ]


@attrs.define
class _Following:
    """Tracks from when to when each thing was said in a history."""

    vocabulary: Vocabulary
    moments: int = 0
    fired: set[str] = attrs.Factory(set)
    overruled: set[str] = attrs.Factory(set)
    open: dict[Key, Span] = attrs.Factory(dict)
    closed: list[Span] = attrs.Factory(list)

    def see(self, moment: Moment) -> None:
        """Process the next moment."""
        self.moments += 1
        self._see_rules(moment.assessment)
        said = dict(_said(moment.decision, self.vocabulary))
        for key in [key for key in self.open if key not in said]:
            self.closed.append(attrs.evolve(self.open.pop(key), until=moment.at))
        for key, (value, because) in said.items():
            before = self.open.get(key)
            if before is not None and before.value == value:
                continue
            if before is not None:
                self.closed.append(attrs.evolve(before, until=moment.at))
            kind, name, about, _ = key
            self.open[key] = Span(kind, name, about, value, because, moment.at, None)

    def ended(self) -> tuple[Span, ...]:
        """All spans, in order of time."""
        return tuple(sorted((*self.closed, *self.open.values()), key=lambda span: (span.since, span.key)))

    def _see_rules(self, assessment: Assessment) -> None:
        outcome, overriders = assessment.outcome, assessment.rule_index.overriders
        for instance in outcome.live:
            if instance.truth is not True:
                continue
            rule = instance.rule.id
            self.fired.add(rule)
            if any(
                outcome.truth(overrider, instance.records) is True for overrider in overriders.get(rule, ())
            ):
                self.overruled.add(rule)
        for blocked in assessment.blocked.values():
            if blocked.forbidden:
                self.overruled.update(
                    recommendation.rule.id for recommendation in blocked.draft.recommendations
                )


def _said(
    decision: Decision, vocabulary: Vocabulary
) -> Iterator[tuple[Key, tuple[Mapping[str, Any], tuple[str, ...]]]]:
    """Yield each thing that a decision says: its key, its value, and the rules behind it."""
    for step in decision.plan:
        value = _of_step(step, vocabulary)
        yield (
            ("do", step.action, step.about, tuple(map(str, value["apart"].items()))),
            (value, _rules(step.because)),
        )
    bars: tuple[tuple[Kind, tuple[Forbidden | Held, ...]], ...] = (
        ("must_not", decision.forbidden),
        ("must_wait", decision.held),
    )
    for kind, listed in bars:
        for bar in listed:
            value = {"by": list(bar.by), "wanted": bar.wanted}
            yield (kind, bar.action, bar.about, bar.by), (value, _rules(bar.because))
    for question in decision.missing:
        for about in question.about or (None,):
            yield ("find_out", question.fact, about, ()), ({"ask": question.ask}, question.needed_by)
    for finding in (*decision.findings, *decision.conclusions):
        if finding.value is not None:
            yield ("found", finding.fact, finding.about, ()), ({"value": finding.value}, ())


def _of_step(step: Step, vocabulary: Vocabulary) -> dict[str, Any]:
    plain = to_plain(step, None)
    apart = vocabulary.actions[step.action].apart
    params = plain["params"]
    return {
        "owner": step.owner,
        "due": plain["due"],
        "within": step.within,
        "incomplete": plain["incomplete"],
        "params": {name: value for name, value in params.items() if name not in apart},
        "apart": {name: value for name, value in params.items() if name in apart},
    }


def _rules(reasons: tuple[Reason, ...]) -> tuple[str, ...]:
    return tuple(sorted({reason.rule for reason in reasons}))
