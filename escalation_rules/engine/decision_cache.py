"""The cache of decisions: their parts, by the signature of the case and by the other values that they read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from functools import reduce
from typing import Any

import attrs

from escalation_rules.engine.caches import keep
from escalation_rules.engine.concluded import conclusions, findings
from escalation_rules.engine.decide import Assessment
from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.steps import NO_CASE, AnyCase
from escalation_rules.engine.traced import Covered, Reads, TracedSituation
from escalation_rules.once import once
from escalation_rules.policy.conditions import Situation

MAX_VARIANTS = 8
"""The maximum number of cached answers for one part of a signature. A part with more is not cached at all."""

PARTS: Mapping[str, Callable[[Assessment], Any]] = {
    "plan": lambda assessment: assessment.plan,
    "done": lambda assessment: assessment.done,
    "forbidden": lambda assessment: assessment.forbidden,
    "held": lambda assessment: assessment.held,
    "missing": lambda assessment: assessment.missing,
    "findings": lambda assessment: findings(assessment.rule_index, assessment.situation),
    "conclusions": lambda assessment: conclusions(assessment.rule_index, assessment.situation),
}
"""The parts of a decision, each with the function that computes it."""

_WITH_IDS = frozenset({"plan", "done"})


@attrs.frozen(eq=False)
class Together:
    """The parts with exactly one answer each, and everything that they read."""

    reads: Reads
    parts: Mapping[str, Any]
    with_ids: tuple[str, ...]

    @classmethod
    def of(cls, found: Mapping[str, list[tuple[Reads, Any]]]) -> Together:
        """The parts in `found` with exactly one answer."""
        single = {name: known[0] for name, known in found.items() if len(known) == 1}
        reads = reduce(Reads.with_, (reads for reads, _ in single.values()), Reads())
        return cls(
            reads, {name: answer for name, (_, answer) in single.items()}, tuple(_WITH_IDS & single.keys())
        )

    def of_case(self, case_id: str | None) -> dict[str, Any]:
        """The parts for a case with this id."""
        found = dict(self.parts)
        for name in self.with_ids:
            found[name] = found[name].of_case(case_id)
        return found


@attrs.define(eq=False)
class Variants:
    """The cached answers for one signature: for each part, the values read and the answer.

    `together` are the parts with exactly one answer, usually all that are ever requested.
    """

    found: dict[str, list[tuple[Reads, Any]]] = attrs.Factory(dict)
    changing: set[str] = attrs.Factory(set)
    together: Together | None = None

    def find(self, part: str, situation: Situation) -> Any:
        """The answer for a situation with this signature; None if it is not cached."""
        for reads, answer in self.found.get(part, ()):
            if reads.match(situation):
                return answer
        return None

    def add(self, part: str, reads: Reads | None, answer: object) -> None:
        """Cache a part. If its reads could not be recorded (None) or it has too many variants, it is never cached again."""
        known = self.found.get(part, [])
        if reads is None or len(known) >= MAX_VARIANTS:
            self.changing.add(part)
        else:
            self.found[part] = [*known, (reads, answer)]
            self.together = Together.of(self.found)


_NEW = Variants()


class DecisionCache:
    """The cache of a program's decisions. It needs no lock, since concurrent threads compute equal answers."""

    def __init__(self, covered: Covered) -> None:
        self.covered = covered
        self._of: dict[Outcome, Variants | None] = {}

    def of(self, outcome: Outcome) -> Variants | None:
        """The cached answers for the signature of an outcome. None when it is new: only what comes again is cached."""
        found = self._of.get(outcome, _NEW)
        if found is _NEW:
            return keep(self._of, outcome, None)
        if found is None:
            found = self._of[outcome] = Variants()
        return found


def parts_of(assessment: Assessment) -> Callable[[str], Any]:
    """A function that computes the parts of an assessment's decision by name."""
    return lambda name: PARTS[name](assessment)


Assess = Callable[[Situation, str | None], Assessment]
"""Creates the assessment of a situation for a case with this id."""


class CachedParts:
    """The parts of one case's decision: cached ones, and an assessment for the others, created on first use."""

    def __init__(
        self,
        cache: DecisionCache,
        outcome: Outcome,
        situation: Situation,
        case_id: str | None,
        assess: Assess,
    ) -> None:
        self._covered = cache.covered
        self._variants = cache.of(outcome) if outcome.by_signature else None
        self._situation = situation
        self._case_id = case_id
        self._assess = assess

    @once
    def assessment(self) -> Assessment:
        """The decision with all intermediate results."""
        return self._assess(self._situation, self._case_id)

    @once
    def _traced(self) -> Traced:
        """The assessment that records what is read."""
        return Traced.of(TracedSituation(self._situation, self._covered), self._assess)

    def known(self) -> dict[str, Any]:
        """The cached parts if all of them match; empty if this case reads something different."""
        together = self._variants.together if self._variants is not None else None
        if together is None or not together.reads.match(self._situation):
            return {}
        return together.of_case(self._case_id)

    def part(self, name: str) -> Any:
        """A part of the decision."""
        variants = self._variants
        if variants is None:
            return PARTS[name](self.assessment)
        found = variants.find(name, self._situation)
        if found is None:
            if name in variants.changing:
                return PARTS[name](self.assessment)
            found, reads = self._traced.part(name)
            variants.add(name, reads, found)
        return found.of_case(self._case_id) if isinstance(found, AnyCase) else found


@attrs.frozen(eq=False)
class Traced:
    """An assessment that records what is read: for itself (`reads`), and for each part."""

    situation: TracedSituation
    assessment: Assessment
    reads: Reads | None

    @classmethod
    def of(cls, situation: TracedSituation, assess: Assess) -> Traced:
        """Create the assessment."""
        return cls(situation, assess(situation, NO_CASE), situation.reads())

    def part(self, name: str) -> tuple[Any, Reads | None]:
        """A part with everything read to compute it. Results of other parts are not reused."""
        self.situation.begin()
        found = PARTS[name](copy(self.assessment))
        reads = self.situation.reads()
        whole = None if reads is None or self.reads is None else self.reads.with_(reads)
        return (AnyCase.of(found) if name in _WITH_IDS else found), whole
