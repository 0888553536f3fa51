"""Finds cases that must have a step but have none: different ones first, and all of them if they are few.

A gap is shown by a minimal case. A case that contains everything that is known in another one, and as far as this matters with
numbers and times in the same ranges, counts as the same gap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import islice

import attrs

from escalation_rules.engine import Program
from escalation_rules.policy.conditions import Condition, Situation
from escalation_rules.solving.cases import Case
from escalation_rules.solving.containing import (
    Presumed,
    Tests,
    by_presumption,
    contains,
    is_part,
    names_known_in,
    tests_in,
)
from escalation_rules.solving.effects import recommended
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj, either, negated
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Found, Frame, Search
from escalation_rules.solving.sizes import Sizes
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.analysis.near import Near, is_near, nearest
from escalation_rules.tools.analysis.stuck import Stuck

MOST_NEAR = 2
"""How many of the rules nearest to a gap are named."""


@attrs.frozen
class Gap:
    """A gap, with the rules nearest to it. `asks`: the facts that are still asked for; `blocked`: the actions that are
    recommended, but forbidden or held for ever."""

    witness: Witness
    near: tuple[Near, ...]
    asks: tuple[str, ...]
    blocked: tuple[str, ...]


@attrs.frozen
class Gaps:
    """The gaps found. `outcome` of the search for a further one: `none` is a proof."""

    found: tuple[Gap, ...]
    outcome: str


@attrs.frozen(eq=False)
class _Terms:
    """Terms of one frame: that no step is recommended that may be taken, for certain or so far."""

    none: Term
    none_so_far: Term
    nothing_asked: Term
    """That what recommended steps say is known, as far as they may be forbidden or held for ever."""


class Steps:
    """Whether steps are recommended, as terms; encoded once for all questions about gaps. `rules`: the only ones whose steps
    count."""

    def __init__(self, program: Program, search: Search, rules: frozenset[str] | None = None) -> None:
        self.program = program
        self.search = search
        self.only = rules
        self.rules = tuple(
            rule for rule in program.model.rules if rule.recommends and (rules is None or rule.id in rules)
        )
        self.stuck = Stuck.of(program.model)
        self.sizes = Sizes(program.model)
        self._terms: dict[Frame, _Terms] = {}
        self._near: dict[Frame, tuple[tuple[str, Term], ...]] = {}

    def of(self, frame: Frame) -> _Terms:
        """The terms of a frame."""
        if frame not in self._terms:
            encoder = frame.encoders[0]
            steps = either(
                [
                    self.stuck.free(encoder, rule, effect) or recommended(encoder, rule, effect)
                    for rule in self.rules
                    for effect in rule.recommends
                ]
            )
            known = (
                self.stuck.params_known(encoder, rule, effect)
                for rule in self.rules
                for effect in rule.recommends
            )
            self._terms[frame] = _Terms(steps.no, negated(steps.yes), conj(*known))
        return self._terms[frame]

    def are_none(self, seen: Observed) -> bool:
        """Whether a case has no step that may be taken."""
        if self.only is None:
            return not seen.decision.plan and self.stuck.is_all_stuck(seen)
        counted = any(reason.rule in self.only for step in seen.decision.plan for reason in step.because)
        return not counted and self.stuck.is_all_stuck(seen, self.only)

    def asked(self, seen: Observed) -> tuple[str, ...]:
        """What a case still asks for."""
        return tuple(
            missing.fact
            for missing in seen.decision.missing
            if self.only is None or not self.only.isdisjoint(missing.needed_by)
        )

    def near(self, frame: Frame) -> tuple[tuple[str, Term], ...]:
        """For each rule, that it is near."""
        if frame not in self._near:
            self._near[frame] = tuple((rule.id, is_near(frame, rule)) for rule in self.rules)
        return self._near[frame]


@attrs.frozen(eq=False)
class Cases:
    """Cases that meet a condition, unless an exception is known to hold."""

    condition: Condition
    unless: Condition | None = None

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Both conditions."""
        return (self.condition,) if self.unless is None else (self.condition, self.unless)

    def term(self, encoder: Encoder) -> Term:
        """That a case is one of these."""
        excepted = NO if self.unless is None else encoder.truth(self.unless, ()).yes
        return conj(encoder.truth(self.condition, ()).yes, negated(excepted))

    def has(self, situation: Situation) -> bool:
        """Whether a case is one of these."""
        excepted = self.unless is not None and self.unless.evaluate(situation, ()) is True
        return self.condition.evaluate(situation, ()) is True and not excepted


class GapSearch:
    """Searches for cases that are all of `needs` and none of `but`, and in which no step is recommended, or only such that are
    forbidden or held for ever."""

    def __init__(self, steps: Steps, needs: Sequence[Cases], but: Sequence[Cases] = ()) -> None:
        self.steps = steps
        self.search = steps.search
        self.needs = needs
        self.but = but
        self.size = steps.sizes.of([one for cases in (*needs, *but) for one in cases.conditions])
        self._same: dict[tuple[Frame, int], Term] = {}
        self._presumed: dict[int, Sequence[Presumed]] = {}
        self._tested: dict[Frame, Tests] = {}

    def is_about_nothing(self) -> bool:
        """Whether there is no such case, with or without a step. This is quicker to prove than the rest."""
        return bool(self.search.impossible(lambda frame: (self._needed(frame),), self.size))

    def decided(self, most: int, proceed: Callable[[], bool] = lambda: True) -> Gaps:
        """Up to `most` gaps in which every rule is decided and nothing is left to be asked, those near different rules first;
        `no-time` if that is not to proceed."""
        found: list[Gap] = []
        while True:
            if found and not proceed():
                return Gaps(tuple(found), "no-time")
            query = self._further(found)
            if len(found) >= most:
                return Gaps(tuple(found), "none" if self.search.impossible(query, self.size) else "more")
            answer = self.search.find(
                query, self._keeps(lambda seen: not self.steps.asked(seen), found), self.size
            )
            gap = self._gap(answer)
            if gap is None:
                return Gaps(tuple(found), answer.outcome)
            found.append(gap)

    def any(self) -> Gaps:
        """The smallest gap."""
        return self._one(lambda terms: terms.none_so_far, lambda _: True)

    def open(self) -> Gaps:
        """The smallest gap in which something is still asked for."""
        return self._one(
            lambda terms: conj(terms.none_so_far, negated(terms.none)),
            lambda seen: bool(self.steps.asked(seen)),
        )

    def _one(self, form: Callable[[_Terms], Term], confirms: Callable[[Observed], bool]) -> Gaps:
        answer = self.search.find(
            lambda frame: (conj(self._needed(frame), form(self.steps.of(frame))),),
            self._keeps(confirms),
            self.size,
        )
        gap = self._gap(answer)
        return Gaps(() if gap is None else (gap,), answer.outcome)

    def _further(self, known: Sequence[Gap]) -> Callable[[Frame], Sequence[Term]]:
        """A query for another gap; preferably one with other facts than those known, near a rule to which none of those is."""
        used = {near.rule for gap in known for near in gap.near}

        def query(frame: Frame) -> Sequence[Term]:
            terms = self.steps.of(frame)
            others = [negated(self._same_as(frame, number, gap)) for number, gap in enumerate(known)]
            base = conj(self._needed(frame), terms.none, *others)
            if frame.solve(base, None) is False:  # what is preferred then needs no terms
                return (base,)
            apart = conj(base, *(negated(names_known_in(frame, gap.witness)) for gap in known))
            near = disj(*(term for name, term in self.steps.near(frame) if name not in used))
            preferred = (conj(apart, near), apart) if known else (conj(base, near),)
            if not terms.nothing_asked.eq(YES):
                preferred = (*(conj(term, terms.nothing_asked) for term in (*preferred, base)), *preferred)
            return *(term for term in preferred if frame.solve(term, None) is not False), base

        return query

    def _same_as(self, frame: Frame, number: int, gap: Gap) -> Term:
        """That a case is the same gap as this one, the `number`-th found."""
        key = frame, number
        if key not in self._same:
            form = conj(self._needed(frame), self.steps.of(frame).none)
            presumed = self._presumed[number] = by_presumption(frame, gap.witness, form)
            self._same[key] = contains(frame, gap.witness, form, lambda: self._tests(frame, form), presumed)
        return self._same[key]

    def _tests(self, frame: Frame, form: Term) -> Tests:
        if frame not in self._tested:
            self._tested[frame] = tests_in(form)
        return self._tested[frame]

    def _needed(self, frame: Frame) -> Term:
        encoder = frame.encoders[0]
        left_out = [negated(exception.term(encoder)) for exception in self.but]
        return conj(*(need.term(encoder) for need in self.needs), *left_out)

    def _keeps(
        self, confirms: Callable[[Observed], bool], known: Sequence[Gap] = ()
    ) -> Callable[[Case, datetime], bool]:
        """Confirms with the engine that a case is a gap, and none of those known."""
        cases = [gap.witness.found() for gap in known]

        def keeps(case: Case, at: datetime) -> bool:
            seen = Observed.of(self.steps.program, case, at)
            if seen is None or not confirms(seen) or not self.steps.are_none(seen):
                return False
            situation = seen.assessment.situation
            met = all(need.has(situation) for need in self.needs)
            left_out = any(exception.has(situation) for exception in self.but)
            return (
                met
                and not left_out
                and not any(
                    is_part(other, case, self._presumed.get(number, ())) for number, other in enumerate(cases)
                )
            )

        return keeps

    def _gap(self, found: Found) -> Gap | None:
        if found.case is None or found.at is None:
            return None
        seen = Observed.of(self.steps.program, found.case, found.at)
        near = () if seen is None else tuple(islice(nearest(seen, self.steps.rules), MOST_NEAR))
        asks = () if seen is None else self.steps.asked(seen)
        keys = () if seen is None else self.steps.stuck.wanted(seen, self.steps.only)
        return Gap(
            Witness.of(found.case, found.at), near, asks, tuple(dict.fromkeys(key.action for key in keys))
        )
