"""Defines the checks of the analysis: for each, a query for the solver and how the engine confirms its result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import combinations

import attrs

from escalation_rules.decision import Forbidden, Held
from escalation_rules.engine import Program
from escalation_rules.policy.model import Hold, Prohibit, Recommend, Rule
from escalation_rules.policy.precedence import Precedence, narrower
from escalation_rules.solving.cases import Case
from escalation_rules.solving.contradictions import Contradiction, contradictions
from escalation_rules.solving.effects import blocked_as_stated, ended, in_force, while_open
from escalation_rules.solving.kleene_terms import Term, conj, either, negated
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Frame, Search
from escalation_rules.solving.sizes import Size
from escalation_rules.solving.subjects import Effects, Subject, subjects
from escalation_rules.tools.analysis.result import Kind
from escalation_rules.tools.analysis.stuck import lasts_against

Confirms = Callable[[Observed], bool]


@attrs.frozen(eq=False)
class Question:
    """A possible concern: `query` finds a case, and `confirms` checks it with the engine.

    With `proof`, the concern exists only if the proof's terms are unsatisfiable; `query`, if given, then
    finds a case in which it matters.
    """

    kind: Kind
    rules: tuple[str, ...]
    action: str | None
    query: Callable[[Frame], Sequence[Term]] | None
    confirms: Confirms = lambda _: True
    proof: Callable[[Frame], Sequence[Term]] | None = None


class Checks:
    """Generates all questions about the rules of one policy."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.model = program.model
        self.precedence = Precedence.of(program.model)
        self.does = subjects(program.model)
        self.recommended = {
            subject: found for subject, found in sorted(self.does.items()) if subject.head == "recommend"
        }

    def questions(self) -> Iterator[Question]:
        """All questions, grouped by kind of concern."""
        yield from self.conflicts()
        yield from self.in_two_ways()
        yield from self.with_two_deadlines()
        yield from self.endless_holds()
        yield from self.never_firing()
        yield from self.always_covered()
        yield from self.without_deadline()

    # --- terms ----------------------------------------------------------------------------------------------------------

    def _yes(self, frame: Frame, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Term:
        return in_force(frame.encoders[0], subject, rule, effect).yes

    def _open(self, frame: Frame, subject: Subject, *terms: Term) -> Sequence[Term]:
        """The terms, and as a preferred form the terms together with an open step."""
        return while_open(frame.encoders[0], subject, conj(*terms))

    def _about(self, subject: Subject) -> str | None:
        return f"{self.model.vocabulary.records[subject.to].each}-1" if subject.to else None

    def _owner(self, effect: Recommend) -> str | None:
        return effect.owner or self.model.vocabulary.actions[effect.action].owner

    # --- conflicts ------------------------------------------------------------------------------------------------------

    def conflicts(self) -> Iterator[Question]:
        """Steps that one rule recommends and another forbids to their owner, with the parameters that they have."""
        for subject, wanting in self.recommended.items():
            for to in dict.fromkeys((subject.to, "")):
                against = Subject("forbid", subject.action, to)
                for ban, forbid in self.does.get(against, ()):
                    for rule, effect in wanting:
                        if (
                            isinstance(effect, Recommend)
                            and isinstance(forbid, Prohibit)
                            and self._concerns(forbid, effect)
                        ):
                            yield self._conflict(subject, (rule, effect), against, (ban, forbid))

    def _blocked(
        self, frame: Frame, subject: Subject, wanting: Effects, against: Subject, ban: tuple[Rule, Prohibit]
    ) -> Sequence[Term]:
        """The terms for: a rule recommends a step, and a prohibition covers it; those first in which it is most likely open."""
        encoder, bars = frame.encoders[0], (against, *ban)
        if ban[1].always:
            wanted = either(in_force(encoder, subject, *pair) for pair in wanting).yes
            return self._open(frame, subject, wanted, self._yes(frame, *bars))
        found = [
            blocked_as_stated(encoder, (subject, rule, effect), bars, self.recommended[subject])
            for rule, effect in wanting
            if isinstance(effect, Recommend)
        ]
        sure, likely = (negated(conj(*map(negated, terms))) for terms in zip(*found, strict=True))
        return *self._open(frame, subject, likely), *self._open(frame, subject, sure)

    def _concerns(self, forbid: Prohibit, effect: Recommend) -> bool:
        """Whether the prohibition applies to the step's owner."""
        return not forbid.by or self._owner(effect) in forbid.by

    def _conflict(
        self, subject: Subject, wanting: tuple[Rule, Recommend], against: Subject, ban: tuple[Rule, Prohibit]
    ) -> Question:
        rules = {wanting[0].id, ban[0].id}

        def query(frame: Frame) -> Sequence[Term]:
            return self._blocked(frame, subject, [wanting], against, ban)

        def confirms(seen: Observed) -> bool:
            return _wanted(seen.decision.forbidden, subject.action, rules)

        return Question("conflict", (wanting[0].id, ban[0].id), subject.action, query, confirms)

    def in_two_ways(self) -> Iterator[Question]:
        """Steps for which two rules, or one rule for two records, state different owners or parameters, with no precedence
        between them."""
        for subject, found in sorted(contradictions(self.model).items()):
            for contradiction in found:
                yield self._contradiction(subject, contradiction)

    def _contradiction(self, subject: Subject, found: Contradiction) -> Question:
        rules = {*found.rules}

        def query(frame: Frame) -> Sequence[Term]:
            encoder = frame.encoders[0]
            forms = self._open(frame, subject, found.holds(encoder, subject))
            likely = found.likely(encoder, subject)
            return conj(forms[0], likely), conj(forms[-1], likely), *forms

        def confirms(seen: Observed) -> bool:
            return any(
                held_step.wanted
                and held_step.action == subject.action
                and rules <= {reason.rule for reason in held_step.because}
                and any(need.kind == "parameter" for need in held_step.needs)
                for held_step in seen.decision.held
            )

        return Question("two-ways", tuple(sorted(rules)), subject.action, query, confirms)

    def with_two_deadlines(self) -> Iterator[Question]:
        """Steps for which two rules set different times from the same instant, with no precedence between them."""
        for subject, wanting in self.recommended.items():
            for (one, first), (other, second) in combinations(wanting, 2):
                if not (isinstance(first, Recommend) and isinstance(second, Recommend)) or one is other:
                    continue
                stated = (
                    first.within is not None
                    and second.within is not None
                    and (first.anchor, first.before) == (second.anchor, second.before)
                )
                if stated and first.within != second.within and not self._ordered(one, other):
                    yield self._pair("two-deadlines", (one, first), (other, second), lambda rules, seen: any(
                        rules <= {reason.rule for reason in step.because} for step in seen.decision.plan), subject)  # fmt: skip

    def _ordered(self, one: Rule, other: Rule) -> bool:
        rulesets = self.model.rulesets
        above = self.precedence.above
        escalates = other.id in above.get(one.id, ()) or one.id in above.get(other.id, ())
        return escalates or narrower(one, other, rulesets) or narrower(other, one, rulesets)

    def _pair(
        self,
        kind: Kind,
        one: tuple[Rule, Recommend],
        other: tuple[Rule, Recommend],
        confirms: Callable[[set[str], Observed], bool],
        about: Subject,
    ) -> Question:
        rules = {one[0].id, other[0].id}

        def query(frame: Frame) -> Sequence[Term]:
            return self._open(frame, about, self._yes(frame, about, *one), self._yes(frame, about, *other))

        return Question(
            kind, (one[0].id, other[0].id), about.action, query, lambda seen: confirms(rules, seen)
        )

    # --- holds ----------------------------------------------------------------------------------------------------------

    def endless_holds(self) -> Iterator[Question]:
        """Holds that cannot end: their end is impossible, or needs an act that is forbidden while they last,
        or that is forbidden in some case in which they keep a step waiting."""
        for subject, holding in self.does.items():
            for rule, effect in holding if subject.head == "hold" else ():
                if not isinstance(effect, Hold):
                    continue
                yield self._endless(subject, rule, effect, self._ending(rule, effect))
                for name in effect.acts_needed:
                    against = [Subject("forbid", name, to) for to in dict.fromkeys((subject.to, ""))]
                    if any(ban in self.does for ban in against):
                        ends = self._released(subject, rule, effect, against)
                        yield self._endless(subject, rule, effect, ends)
                    yield from self._barred(subject, rule, effect, name)

    def _endless(
        self, subject: Subject, rule: Rule, effect: Prohibit, ends: Callable[[Frame], Sequence[Term]]
    ) -> Question:
        def query(frame: Frame) -> Sequence[Term]:
            return (self._yes(frame, subject, rule, effect),)

        def confirms(seen: Observed) -> bool:
            """Whether the hold is known to be in force: one of which that is not known is only to be found out first."""
            return any(
                prohibition.rule is rule and truth
                for prohibition, truth in seen.against(subject, self._about(subject))
            )

        return Question("endless-hold", (rule.id,), subject.action, query, confirms, ends)

    @staticmethod
    def _ending(rule: Rule, hold: Hold) -> Callable[[Frame], Sequence[Term]]:
        def query(frame: Frame) -> Sequence[Term]:
            return (ended(frame.encoders[0], hold, frame.encoders[0].slots(rule)[0]).yes,)

        return query

    def _released(
        self, subject: Subject, rule: Rule, effect: Prohibit, against: Sequence[Subject]
    ) -> Callable[[Frame], Sequence[Term]]:
        """The terms for: the hold is in force, and the act that ends it is not forbidden to everybody."""
        bans = [(one, ban, its_effect) for one in against for ban, its_effect in self.does.get(one, ())
                if isinstance(its_effect, Prohibit) and not its_effect.by and its_effect.where is None]  # fmt: skip

        def query(frame: Frame) -> Sequence[Term]:
            forbidden = either(in_force(frame.encoders[0], *ban) for ban in bans)
            return (conj(self._yes(frame, subject, rule, effect), negated(forbidden.yes)),)

        return query

    def _barred(self, subject: Subject, rule: Rule, effect: Prohibit, name: str) -> Iterator[Question]:
        """Questions about rules other than the hold itself that forbid, to everybody, the act a step waits for."""
        step = Subject("recommend", subject.action, subject.to)
        for to in dict.fromkeys((subject.to, "")):
            against = Subject("forbid", name, to)
            for ban, forbid in self.does.get(against, ()):
                if not isinstance(forbid, Prohibit) or ban is rule or not self._to_everybody(forbid, name):
                    continue
                if lasts_against(self.model, ban):
                    yield self._kept_waiting(step, (rule, effect), against, (ban, forbid))

    def _to_everybody(self, forbid: Prohibit, name: str) -> bool:
        able = self.model.vocabulary.actions[name].by
        return forbid.where is None and (not forbid.by or (bool(able) and {*able} <= {*forbid.by}))

    def _kept_waiting(
        self, step: Subject, hold: tuple[Rule, Prohibit], against: Subject, ban: tuple[Rule, Prohibit]
    ) -> Question:
        held, rules = attrs.evolve(step, head="hold"), {hold[0].id, ban[0].id}

        def query(frame: Frame) -> Sequence[Term]:
            forms = self._blocked(frame, step, self.recommended.get(step, []), held, hold)
            barred = self._yes(frame, against, *ban)
            return [conj(form, barred) for form in forms]

        def confirms(seen: Observed) -> bool:
            waits = _wanted(seen.decision.held, step.action, {hold[0].id})
            return waits and _wanted(seen.decision.forbidden, against.action, rules)

        return Question("endless-hold", (hold[0].id, ban[0].id), step.action, query, confirms)

    # --- rules without effect -----------------------------------------------------------------------------------------------

    def never_firing(self) -> Iterator[Question]:
        """Rules that can never hold."""
        for rule in self.model.rules:
            if not rule.concludes or any(not conclusion.alternatives for conclusion in rule.concludes):
                yield Question("never-fires", (rule.id,), None, None, proof=self._firing(rule))

    @staticmethod
    def _firing(rule: Rule) -> Callable[[Frame], Sequence[Term]]:
        return lambda frame: (frame.encoders[0].anywhere(rule).yes,)

    def always_covered(self) -> Iterator[Question]:
        """Rules whose effects are always covered by other rules."""
        for rule in self.model.rules:
            others = [(subject, effect, self._alike(subject, rule, effect)) for subject, found in self.does.items()
                      for other, effect in found if other is rule]  # fmt: skip
            acting = not rule.concludes and not rule.overrides and not rule.escalates
            if others and acting and all(found for _, _, found in others):
                names = sorted({other.id for _, _, found in others for other, _ in found})
                yield Question("always-covered", (rule.id, *names), others[0][0].action, self._firing(rule),
                               self._firing_seen(rule), self._alone(rule, others))  # fmt: skip

    def _alike(self, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Effects:
        """The effects of other rules that state the same about the subject."""
        return [
            (other, its_effect)
            for other, its_effect in self.does[subject]
            if other is not rule and _same(effect, its_effect)
        ]

    def _alone(
        self, rule: Rule, others: Sequence[tuple[Subject, Recommend | Prohibit, Effects]]
    ) -> Callable[[Frame], Sequence[Term]]:
        """The terms for: the rule does something that no other rule does."""

        def query(frame: Frame) -> Sequence[Term]:
            alone = [
                conj(self._yes(frame, subject, rule, effect),
                     negated(either(in_force(frame.encoders[0], subject, *pair) for pair in found).yes))
                for subject, effect, found in others
            ]  # fmt: skip
            return (negated(conj(*(negated(term) for term in alone))),)

        return query

    @staticmethod
    def _firing_seen(rule: Rule) -> Confirms:
        return lambda seen: seen.holds(rule)

    # --- steps ----------------------------------------------------------------------------------------------------------

    def without_deadline(self) -> Iterator[Question]:
        """Steps that may stay open indefinitely because no rule sets a time, or none that starts."""
        for subject, wanting in self.recommended.items():
            for rule, effect in wanting:
                if not _is_dated(effect):
                    yield self._undated(subject, rule, effect)

    def _undated(self, subject: Subject, rule: Rule, effect: Recommend | Prohibit) -> Question:
        def query(frame: Frame) -> Sequence[Term]:
            others = [in_force(frame.encoders[0], subject, *pair) for pair in self.recommended[subject]
                      if _is_dated(pair[1])]  # fmt: skip
            return self._open(
                frame, subject, self._yes(frame, subject, rule, effect), negated(either(others).yes)
            )

        def confirms(seen: Observed) -> bool:
            return any(rule.id in {reason.rule for reason in part.because} and getattr(part, "due", None) is None
                       for part in seen.steps(subject.action, self._about(subject)))  # fmt: skip

        return Question("no-deadline", (rule.id,), subject.action, query, confirms)


def _wanted(barred: Sequence[Held | Forbidden], action: str, rules: set[str]) -> bool:
    """Whether a step is wanted and blocked, with all of these rules among the reasons."""
    return any(
        restriction.wanted
        and restriction.action == action
        and rules <= {reason.rule for reason in restriction.because}
        for restriction in barred
    )


def _is_dated(effect: Recommend | Prohibit) -> bool:
    """Whether a recommendation sets a time that starts at some instant."""
    if not isinstance(effect, Recommend) or effect.within is None:
        return False
    return effect.anchor is not None or effect.before is not None


def _same(one: Recommend | Prohibit, other: Recommend | Prohibit) -> bool:
    """Whether two effects are equal except for their texts."""
    if isinstance(one, Recommend) and isinstance(other, Recommend):
        return attrs.evolve(other, say=one.say, aim=one.aim) == one
    if isinstance(one, Prohibit) and isinstance(other, Prohibit):
        return (one.by, one.where, one.until, one.when_unknown_allow) == (
            other.by, other.where, other.until, other.when_unknown_allow
        )  # fmt: skip
    return False


def asked(
    search: Search, program: Program, question: Question, size: Size
) -> tuple[str, Case | None, datetime | None]:
    """Answer a question about rules of this size: `none`, `found` (with a case, if one shows it) or `undecided`."""
    proven = question.proof is None or search.impossible(question.proof, size)
    if not proven:
        return "none" if proven is False else "undecided", None, None
    if question.query is None:
        return "found", None, None

    def keeps(case: Case, at: datetime) -> bool:
        seen = Observed.of(program, case, at)
        return seen is not None and question.confirms(seen)

    found = search.find(question.query, keeps, size)
    return {"case": "found", "none": "none"}.get(found.outcome, "undecided"), found.case, found.at
