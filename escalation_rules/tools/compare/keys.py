"""Searches for cases that show a change of a key that no other question is about. There is no proof that there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.policy.model import Prohibit
from escalation_rules.solving.effects import in_force
from escalation_rules.solving.kleene_terms import Term, conj, disj, negated
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about, how_differ
from escalation_rules.tools.compare.questions import Question, Questions
from escalation_rules.tools.compare.result import How, NotCompared
from escalation_rules.tools.compare.timing import lately_begun


@attrs.frozen(eq=False)
class Keys:
    """Asks for a case that shows a changed key."""

    policies: Policies
    questions: Questions

    def question(self, left: NotCompared) -> Question | None:
        """The question about a change that is to be named otherwise; None if it decides nothing."""
        steps = self._steps(left)
        if not steps or left.part == "audit":
            return None

        def query(frame: Frame) -> Sequence[Term]:
            bases = [(step, self._base(frame, left, step)) for step in steps]
            likely = [
                conj(base, term) for subject, base in bases for term in self._likely(frame, left, subject)
            ]
            return *likely, disj(*(base for _, base in bases))

        def shown(pair: Pair) -> bool:
            return any(self._how(step, pair) is not None for step in steps)

        return Question("otherwise", steps[0], query, shown, left.part, frozenset(left.because))

    def answered(self, question: Question, left: NotCompared, pair: Pair) -> Question:
        """The question as two decisions answer it: of which step, and how it differs."""
        found = ((step, self._how(step, pair)) for step in self._steps(left))
        subject, how = next((place, how) for place, how in found if how is not None)
        return attrs.evolve(question, subject=subject, how=how)

    def _steps(self, left: NotCompared) -> list[Subject]:
        """The steps that it may change: those of the action, or those that its holds wait for, and then what they hold."""
        known = sorted({*self.policies.effects[OLD]} & {*self.policies.effects[NEW]})
        steps = [
            subject for subject in known if subject.head == "recommend" and subject.action in left.actions
        ]
        if left.head != "hold":
            return [step for step in steps if self._is_of(left, step)]
        places = {
            subject.to for subject in known if subject.head == "hold" and subject.action in left.actions
        } | {""}
        needed = {name for whose in (OLD, NEW) for subject in known if subject.head == "hold" and subject.action in left.actions
                  for rule, effect in self.policies.effects_of(whose, subject) if rule.id in left.because
                  if isinstance(effect, Prohibit) for name in effect.acts_needed}  # fmt: skip
        return [*(Subject("recommend", name, to) for name in sorted(needed) for to in sorted(places)), *steps]

    def _is_of(self, left: NotCompared, step: Subject) -> bool:
        """Whether the change is of the action, or of a rule that recommends the step."""
        rules = {rule.id for whose in (OLD, NEW) for rule, _ in self.policies.effects_of(whose, step)}
        return step.action in left.because or not rules.isdisjoint(left.because)

    def _how(self, step: Subject, pair: Pair) -> How | None:
        about = self.policies.about(step)
        return how_differ(*(decided_about(observed, step, about) for observed in pair))

    # --- terms ----------------------------------------------------------------------------------------------------------

    def _base(self, frame: Frame, left: NotCompared, step: Subject) -> Term:
        """That both policies want the step, or want what they hold until it was done."""
        if left.head != "hold":
            return self.questions.in_both(frame, step)
        held = [subject for subject in {*self.policies.effects[OLD]} & {*self.policies.effects[NEW]}
                if subject.head == "hold" and subject.action in left.actions]  # fmt: skip
        return disj(
            *(
                conj(self.questions.in_both(frame, subject), self._wanted(frame, subject))
                for subject in sorted(held)
            )
        )

    def _wanted(self, frame: Frame, held: Subject) -> Term:
        return conj(
            *(
                self.questions.blocking.wanted(frame, whose, attrs.evolve(held, head="recommend"))
                for whose in (OLD, NEW)
            )
        )

    def _likely(self, frame: Frame, left: NotCompared, step: Subject) -> Iterator[Term]:
        """What is likely to show the change: a clock that runs while the step is held, or an act that states little."""
        timed = attrs.evolve(step, action=left.actions[0])
        begun = conj(*lately_begun(self.policies, frame, timed))
        if left.head == "hold":
            yield begun
        elif left.part == "times":
            holds = [in_force(frame.encoders[OLD], blocker.subject, blocker.rule, blocker.effect).yes
                     for blocker in self.questions.blocking.of(OLD, step) if blocker.subject.head == "hold"]  # fmt: skip
            yield conj(begun, disj(*holds))
            yield begun
        else:
            yield from self._acted(frame, step)

    def _acted(self, frame: Frame, step: Subject) -> Iterator[Term]:
        """That acts of the action state each of the parameters, or do not."""
        encoder, about = frame.encoders[NEW], frame.symbols.records(step.to)[0] if step.to else None
        declared = encoder.model.vocabulary.actions[step.action]
        acts = [(act, encoder.acts.counts(act, step.action, frozenset(declared.counts), about))
                for act in frame.symbols.acts]  # fmt: skip
        for name in sorted(declared.params):
            given = [(done, frame.symbols.said(act, name, (step.action,)).given) for act, done in acts]
            yield disj(*(conj(done, negated(said)) for done, said in given))
            yield disj(*(conj(done, said) for done, said in given))
