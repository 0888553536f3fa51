"""Audits a history: acts that broke the policy, steps that were late or omitted, and declared failures.

The history is replayed at each entry and at each review in between. Each act is judged by what was known just
before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import attrs

from escalation_rules.case import Case
from escalation_rules.case.entries import PARTIES
from escalation_rules.decision import Decision, Reason, Step, Verdict, to_plain
from escalation_rules.engine import Assessment, Past, Program
from escalation_rules.engine.concluded import concluded_by, failures
from escalation_rules.engine.recommendations import Key, acts_for, undecided_acts
from escalation_rules.engine.replay import Moment, moments
from escalation_rules.engine.verdict import verdict
from escalation_rules.policy.conditions import Act, Situation, latest, step_record
from escalation_rules.policy.conditions.barring import is_another, kept_from_since
from escalation_rules.policy.vocabulary import Action
from escalation_rules.texts import known_language
from escalation_rules.values import Party, Value

Kind = Literal["forbidden", "premature", "late", "omitted", "failure", "unverified"]
_KINDS: dict[str, Kind] = {"forbidden": "forbidden", "held": "premature"}


@attrs.frozen
class Breach:
    """A breach of the policy.

    `at` (UTC) is the instant of the act, or when the step became overdue or the failure became true.
    `done_at` is when a late step was done. `known_from` is the earliest instant at which the prohibition, the
    step or the failure could have been known. `action` is null for a failure, `fact` for the other kinds. `by` is
    the role of whoever did it, or whose step it was, `person` the id of the party who did it, if the act names one.
    """

    at: datetime
    kind: Kind
    action: str | None
    about: str | None
    by: str | None
    because: tuple[Reason, ...]
    known_from: datetime
    done_at: datetime | None = None
    fact: str | None = None
    step: str | None = None
    person: str | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that were broken, or that concluded the failure."""
        return tuple(reason.rule for reason in self.because)

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The breach as plain data for JSON; texts in `language`, or in all languages if None."""
        return to_plain(self, language)


@attrs.frozen
class Audit:
    """The result of an audit, in order of time: breaches, and acts that could not be judged because a fact was unknown."""

    breaches: tuple[Breach, ...]
    unverified: tuple[Breach, ...]

    def __iter__(self) -> Iterator[Breach]:
        return iter(self.breaches)

    def __len__(self) -> int:
        return len(self.breaches)

    def to_dict(self, language: str | None = None) -> dict[str, Any]:
        """The audit as plain data for JSON; texts in `language`, or in all languages if None."""
        language = known_language(language)
        return {"breaches": [breach.to_dict(language) for breach in self.breaches],
                "unverified": [breach.to_dict(language) for breach in self.unverified]}  # fmt: skip


def audit(program: Program, case: Case, end: datetime, show: Callable[[Moment], None] | None = None) -> Audit:
    """Audit a history, or the acts of a plain case, up to `end` (UTC). `show` is called with each moment that
    is evaluated."""
    watch, past = _Watch(), program.past(case)
    judged: list[_Judged] = []
    for moment in moments(
        program, case, end, past, case.begun(), _same if show is None else Decision.same_as
    ):
        judged += _acts(program, case, moment.at, len(judged), past)
        watch.see(moment)
        if show is not None:
            show(moment)
    found = [*watch.steps(program, case, end), *watch.failures, *_against(judged, watch)]
    found = [breach for breach in found if not _was_done(breach, program, case)]
    found.sort(
        key=lambda breach: (
            breach.at,
            breach.kind,
            breach.action or breach.fact or "",
            breach.about or "",
            breach.rules,
        )
    )
    return Audit(
        tuple(breach for breach in found if breach.kind != "unverified"),
        tuple(breach for breach in found if breach.kind == "unverified"),
    )


def _was_done(breach: Breach, program: Program, case: Case) -> bool:
    """Whether the case tells later that by then it was done: what was done counts by when it was done, not by when it was
    logged. Of acts the judgement stands: they were judged by what was known when they were done."""
    if breach.kind not in {"failure", "late", "omitted"}:
        return False
    snapshot = case.in_hindsight(breach.at)
    if snapshot is None:
        return False
    assessment = program.assessment(case, snapshot, breach.at)
    if breach.fact is not None:
        return (breach.fact, breach.about) not in failures(assessment.rule_index, assessment.situation)
    wanted = {(key.action, key.about) for key, _ in assessment.wanted()}
    return (breach.action, breach.about) not in wanted


def _same(one: Decision, other: Decision) -> bool:
    """Whether two decisions are the same for an audit. Ignores `missing`, so that it need not be computed."""
    parts = ("plan", "forbidden", "held", "findings", "conclusions")
    return all(getattr(one, name) == getattr(other, name) for name in parts)


@attrs.frozen
class _Owed:
    """Some reasons for a step: when they become overdue (`at`), since when they have been in the plan with
    this due time (`known_from`), and whether the due time is only a `target`."""

    key: Key
    step: Step
    because: tuple[Reason, ...]
    at: datetime
    known_from: datetime
    target: bool


_Reason = tuple[str, datetime]
"""The key of a step, as it was first seen, and a due time of some of its reasons."""


class _Watch:
    """Tracks steps, prohibitions and failures through the moments of a history."""

    def __init__(self) -> None:
        self.planned: dict[_Reason, _Owed] = {}
        self.owed: dict[_Reason, _Owed] = {}
        self.left: dict[_Reason, datetime] = {}
        self.failed: frozenset[tuple[str, str | None]] = frozenset()
        self.failures: list[Breach] = []
        self.in_force: dict[tuple[str, str, str | None], datetime] = {}
        self.spans: list[tuple[str, str, str | None, datetime, datetime]] = []
        self.begun: datetime | None = None

    def see(self, moment: Moment) -> None:
        """Process the next moment."""
        self.begun = self.begun or moment.at
        self._overdue(lambda obligation: obligation.at < moment.at)
        seen: dict[_Reason, _Owed] = {}
        names = {(obligation.key, due): (name, due) for (name, due), obligation in self.planned.items()}
        for key, step in (*moment.assessment.steps, *moment.assessment.held_with_due):
            for due, (because, target) in moment.assessment.reasons_due(key).items():
                # An act that does only a part of a step changes its id.
                name = names.get((key, due), (_key(step), due))
                before = self.planned.get(name)
                at, known = (before.at, before.known_from) if before else (max(due, moment.at), moment.at)
                seen[name] = _Owed(key, step, because, at, known, target)
        self._taken_over(moment)
        for name in self.planned.keys() - seen.keys():
            self.left.setdefault(name, moment.at)
        self.planned = seen
        self._overdue(lambda obligation: obligation.at == moment.at)
        self._see_failures(moment)
        self._see_prohibitions(moment)

    def _taken_over(self, moment: Moment) -> None:
        """Keep the reasons that become overdue at this moment, at which another rule takes their step over."""
        rules = {_key(step): {reason.rule for reason in step.because} for _, step in moment.assessment.steps}
        self._overdue(
            lambda obligation: (
                obligation.at == moment.at
                and {reason.rule for reason in obligation.because} <= rules.get(_key(obligation.step), set())
            )
        )

    def _overdue(self, is_late: Callable[[_Owed], bool]) -> None:
        """Keep the reasons of the last moment for which `is_late` holds, unless the same reasons are already kept."""
        for key, obligation in self.planned.items():
            if is_late(obligation):
                self.owed.setdefault(key, obligation)

    def _see_failures(self, moment: Moment) -> None:
        assessment = moment.assessment
        now = failures(assessment.rule_index, assessment.situation)
        for fact, about in sorted(now - self.failed, key=lambda key: (key[0], key[1] or "")):
            reasons = concluded_by(assessment.rule_index, assessment.outcome, assessment.words, fact, about)
            self.failures.append(
                Breach(moment.at, "failure", None, about, None, reasons, moment.at, fact=fact)
            )
        self.failed = now

    def _see_prohibitions(self, moment: Moment) -> None:
        """Track from when to when each prohibition is in force."""
        in_force = moment.assessment.prohibitions.by_action
        now = {(prohibition.rule.id, action, prohibition.about) for action, listed in in_force.items()
               for prohibition in listed if prohibition.truth is True}  # fmt: skip
        for key in [key for key in self.in_force if key not in now]:
            self.spans.append((*key, self.in_force.pop(key), moment.at))
        for key in now:
            self.in_force.setdefault(key, moment.at)

    def in_force_since(self, judged: _Judged, reasons: tuple[Reason, ...]) -> datetime:
        """The earliest instant since which the doer could not do the act, or one of the rules that blocked it was in force
        and concerned such an act (`covered`, by rule); the act's own instant if none was."""
        act, covered = judged.act, judged.covered
        rules = {reason.rule for reason in reasons}
        spans = [*self.spans, *((*key, start, act.at) for key, start in self.in_force.items())]
        starts = [max(start, covered.get(rule, start)) for rule, action, about, start, end in spans
                  if rule in rules and action == act.action and (about is None or act.about in {None, about})
                  and start <= act.at <= end]  # fmt: skip
        begun = self.begun or act.at
        starts += [begun if start is None else max(start, begun) for start in judged.barred]
        return min((*starts, act.at))

    def steps(self, program: Program, case: Case, end: datetime) -> Iterator[Breach]:
        """Yield a breach for each step that was overdue: late, or omitted until `end`. A step that was only
        late for a target is not a breach, nor one that was done in time by an act which could not be judged."""
        self._overdue(lambda obligation: obligation.at <= end)
        situation, _ = program.situation(case, end)
        for name, owed in self._failings():
            step, action = owed.step, program.model.vocabulary.actions[owed.step.action]
            acts = [act for act in acts_for(owed.key, action, situation) if act.at >= owed.at]
            if action.reached:  # by the last act before the step left the plan
                left = None if name in self.planned else self.left.get(name)
                acts = [act for act in acts if left is not None and act.at <= left][-1:]
            late = next(iter(acts), None)
            if late and owed.target:
                continue
            may_be_done = undecided_acts(owed.key, action, situation) if late is None else ()
            if any(owed.known_from <= act.at <= owed.at for act in may_be_done):
                continue
            doer = late.by.known_as if late else step.owner
            person = late.by.person if late else None
            yield Breach(owed.at, "late" if late else "omitted", step.action, step.about, doer, owed.because,
                         owed.known_from, late.at if late else None, step=step.id, person=person)  # fmt: skip

    def _failings(self) -> Iterator[tuple[_Reason, _Owed]]:
        """Group overdue reasons into one failure per step, each with the name of its first reason. Reasons known before the
        step was overdue belong to the same failure; later ones start a new failure."""
        found: dict[str, list[tuple[_Reason, _Owed]]] = {}
        for name, obligation in sorted(self.owed.items(), key=lambda owed: owed[1].at):
            earlier = found.setdefault(name[0], [])
            first, last = earlier[-1] if earlier else (name, obligation)
            if earlier and obligation.known_from < last.at:
                because = sorted(
                    {*last.because, *obligation.because}, key=lambda reason: (reason.rule, reason.effect)
                )
                known, target = min(last.known_from, obligation.known_from), last.target and obligation.target
                earlier[-1] = (
                    first,
                    attrs.evolve(last, because=tuple(because), known_from=known, target=target),
                )
            else:
                earlier.append((name, obligation))
        for failings in found.values():
            yield from failings


def _key(step: Step) -> str:
    return step.id or f"{step.action}/{step.about}"


class _Judged(NamedTuple):
    """An act, the verdict on it, since when the prohibitions that apply have concerned such an act, by rule; and since
    when each part of the action's declaration has kept the doer from it (None: always)."""

    act: Act
    answer: Verdict
    covered: Mapping[str, datetime]
    barred: tuple[datetime | None, ...]


def _acts(program: Program, case: Case, at: datetime, first: int, past: Past) -> Iterator[_Judged]:
    """The verdicts on the acts of an instant, each based on what was known just before it."""
    for number in range(first, len(case.acts)):
        act = case.acts[number]
        if act.at > at:
            return
        assessment = program.assessment(case, case.just_before(number), act.at, past)
        params = _params(act, assessment.situation)
        action = assessment.vocabulary.actions[act.action]
        answer = verdict(assessment, action, act.about, act.by, params, of_act=True)
        covered = {} if answer.allowed else _covered_since(assessment, act, params)
        barred = () if answer.allowed else tuple(_barred_since(action, act, assessment.situation))
        yield _Judged(act, answer, covered, barred)


def _covered_since(assessment: Assessment, act: Act, params: Mapping[str, Value]) -> Mapping[str, datetime]:
    """Since when the `where` of each prohibition of an act has been true and, of a hold, its end false; by rule."""
    situation, record, found = assessment.situation, step_record(params), dict[str, datetime]()
    prohibitions = assessment.prohibitions
    for prohibition, _ in prohibitions.covering(
        act.action, act.about, act.by, record, situation, strictly=False
    ):
        conditions = (
            []
            if prohibition.effect.where is None
            else [(prohibition.effect.where, (*prohibition.records, record))]
        )
        end = prohibition.over(record)
        conditions += [end] if end is not None else []
        since = latest(
            condition.since(situation, records)
            for condition, records in conditions
            if condition.evaluate(situation, records) is not None
        )
        if since is not None:
            found[prohibition.rule.id] = min(since, found.get(prohibition.rule.id, since))
    return found


def _barred_since(action: Action, act: Act, situation: Situation) -> Iterator[datetime | None]:
    """Since when each part of the declaration has kept the doer from the act: the roles that may do it, and each person
    who may not. None if that has no date."""
    if act.by.is_one_of(action.by) is False:
        party = situation.by_id(PARTIES).get(act.by.name)
        yield None if party is None else party.since("role")
    for barred_party in action.barred:
        if is_another((barred_party,), act.by, act.about, situation, act) is False:
            yield kept_from_since(barred_party, act, situation)


def _against(judged: Iterable[_Judged], watch: _Watch) -> Iterator[Breach]:
    """The acts that were not allowed, or could not be judged."""
    for judgement in judged:
        act, answer = judgement.act, judgement.answer
        if answer.allowed:
            continue
        decided = tuple(reason for reason in answer.because if not reason.undecided)
        kind: Kind = _KINDS[answer.verdict] if decided else "unverified"
        reasons = decided or answer.because
        yield Breach(
            act.at,
            kind,
            act.action,
            act.about,
            answer.by,
            reasons,
            watch.in_force_since(judgement, reasons),
            person=act.by.person,
        )


def _params(act: Act, situation: Situation) -> dict[str, Value]:
    """The parameters of the act; parties as they were known at that time."""
    return {
        name: situation.as_known(value) if isinstance(value, Party) else value
        for name, value in act.params.items()
    }
