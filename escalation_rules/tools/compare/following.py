"""Steps that a hold waits for: they come and go with the hold, and with the step that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

import attrs

from escalation_rules.once import once
from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.solving.effects import in_force, while_open
from escalation_rules.solving.kleene_terms import FAILS, NO, YES, Term, conj, disj, negated
from escalation_rules.solving.moments import dated_parts
from escalation_rules.solving.observing import decisive
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.blocking import Blocking
from escalation_rules.tools.compare.calendars import Calendars
from escalation_rules.tools.compare.causes import Causes, all_of
from escalation_rules.tools.compare.changed import names_read
from escalation_rules.tools.compare.contents import DESCRIBING
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, how_differ
from escalation_rules.tools.compare.questions import Question
from escalation_rules.tools.compare.result import Following, How
from escalation_rules.tools.compare.texts import same_as_written

Told = Mapping[Subject, frozenset[str]]
"""The subjects that are shown to differ, or named as not compared, with the changes behind that."""
_OF_RULE = ("for_each", "overrides", "escalates")
_Effect = tuple[Rule, "Recommend | Prohibit"]


@attrs.frozen(eq=False, slots=False)
class Followers:
    """Determines which steps can differ because of a hold that waits for them."""

    policies: Policies
    causes: Causes
    calendars: Calendars
    blocking: Blocking

    def following(self, told: Told) -> list[Following]:
        """The steps that may follow what is told, be it through other such steps."""
        found: dict[str, Following] = {}
        leaders = {action: self._leaders(action) for action in self.changed}
        growing = True
        while growing:
            known, size = dict(told), len(found)
            for follower in found.values():
                step = _step(follower.action)
                known[step] = known.get(step, frozenset()) | {*follower.because}
            for action, subjects in leaders.items():
                reached = [one for one in known if any(_reaches(one, subject) for subject in subjects)]
                if action not in found and reached:
                    holding = tuple(sorted({one.action for one in reached}))
                    because = all_of(known[one] for one in reached)
                    because = because & self.changed[action] or because
                    found[action] = Following(action, holding, tuple(sorted(because)))
            growing = len(found) > size
        return sorted(found.values(), key=lambda follower: follower.action)

    @once
    def changed(self) -> Mapping[str, frozenset[str]]:
        """The actions whose steps a change reaches through a hold that waits for them, with these changes."""
        found = {action: self._changes(action, frozenset()) for action in sorted(self._awaited())}
        return {action: changes for action, changes in found.items() if changes}

    def _awaited(self) -> frozenset[str]:
        return frozenset(subject.action for subject in self.policies.releasing)

    def _holds(self, action: str) -> Iterator[tuple[int, Subject, Rule, Prohibit]]:
        """The holds that wait for an act of this action, in either policy."""
        for whose in (OLD, NEW):
            for subject, rule, effect in self.blocking.ended_by(whose, _step(action)):
                yield whose, subject, rule, effect

    def _leaders(self, action: str) -> set[Subject]:
        """What the steps that wait for an act of this action are, and what is said against them."""
        held = {subject for _, subject, _, _ in self._holds(action)}
        return {subject for subject in self.policies.known if any(_reaches(subject, one) for one in held)}

    def _changes(self, action: str, seen: frozenset[str]) -> frozenset[str]:
        """The changes that reach a step of this action through a hold that waits for it."""
        if action in seen:
            return frozenset()
        found = [self.causes.of_declaration(_step(action))] if self._is_step_in_one_only(action) else []
        for leader in self._leaders(action):
            found.append(self.causes.of(leader))
            if leader.head == "recommend":
                found += [
                    frozenset({name})
                    for name in self.calendars.changed
                    if leader in self.calendars.steps(name)
                ]
                found.append(self._changes(leader.action, seen | {action}))
        return all_of(found)

    def _is_step_in_one_only(self, action: str) -> bool:
        """Whether an action has a phase, so that it can be in a plan, in only one of the policies."""
        declared = (model.vocabulary.actions.get(action) for model in self.policies.models)
        return (
            len(
                {
                    declared_action is not None and declared_action.phase is not None
                    for declared_action in declared
                }
            )
            > 1
        )

    # --- the question ---------------------------------------------------------------------------------------------------

    def question(self, action: str) -> Question:
        """Ask for a case in which a step of this action differs, although nothing is told of what it comes from."""
        subjects = self._places(action)

        def query(frame: Frame) -> Sequence[Term]:
            waited = (negated(in_force(frame.encoders[whose], subject, rule, hold).no)
                      for whose, subject, rule, hold in self._holds(action))  # fmt: skip
            base = conj(disj(*waited), self._differ(frame, action))
            surely = (conj(in_force(frame.encoders[whose], subject, rule, hold).yes,
                           self.blocking.wanted(frame, whose, _step(subject.action, subject.to)))
                      for whose, subject, rule, hold in self._holds(action))  # fmt: skip
            likely = conj(base, disj(*surely))
            return *(
                form for subject in subjects for form in while_open(frame.encoders[NEW], subject, likely)[:1]
            ), base

        def shown(pair: Pair) -> bool:
            return any(self._how(subject, pair) is not None for subject in subjects)

        return Question("otherwise", subjects[0], query, shown, besides=tuple(sorted(self._leaders(action))))

    def answered(self, question: Question, pair: Pair) -> Question:
        """The question as two decisions answer it: about which record, how the step differs, and because of which changes."""
        action = question.subject.action
        found = ((place, self._how(place, pair)) for place in self._places(action))
        subject, how = next((place, how) for place, how in found if how is not None)
        changes = self.changed[action]
        because = self.causes.decisive(changes, subject, pair) or changes
        return attrs.evolve(question, subject=subject, how=how, because=tuple(sorted(because)))

    def _places(self, action: str) -> list[Subject]:
        """The step about the case, or about a record that the hold, its rule or the action is about."""
        lists = [
            name
            for _, subject, rule, _ in self._holds(action)
            for name in (subject.to, rule.for_each, rule.for_each and self._about(action))
        ]
        return [
            _step(action, record_list)
            for record_list in dict.fromkeys(("", *(record_list for record_list in lists if record_list)))
        ]

    def _about(self, action: str) -> str | None:
        """The list of the records that acts of this action are about."""
        declared = (model.vocabulary.actions.get(action) for model in self.policies.models)
        lists = self.policies.models[NEW].vocabulary.records
        return next(
            (
                declared_action.about
                for declared_action in declared
                if declared_action is not None and declared_action.about in lists
            ),
            None,
        )

    def _how(self, step: Subject, pair: Pair) -> How | None:
        about = self.policies.about(step)
        return how_differ(*(decisive(observed.says(step, about)) for observed in pair))

    # --- terms ----------------------------------------------------------------------------------------------------------

    def _differ(self, frame: Frame, action: str) -> Term:
        """What holds in each case in which something differs that a step of this action comes from."""
        if self._is_step_in_one_only(action):
            return YES
        return disj(
            *(
                term
                for leader in sorted(self._leaders(action))
                for term in self._of_subject(frame, action, leader)
            )
        )

    def _of_subject(self, frame: Frame, action: str, subject: Subject) -> Iterator[Term]:
        sides = [self._by_rule(whose, subject) for whose in (OLD, NEW)]
        awaiting = {rule.id for _, _, rule, _ in self._holds(action)}
        for name in sorted(sides[OLD].keys() | sides[NEW].keys()):
            if subject.head == "hold" and name not in awaiting and not self._is_timed(subject):
                continue  # it holds the same step until something else
            if (
                self.causes.of_rule(name)
                or self.causes.of_declaration(subject)
                or self._is_recounted(subject)
            ):
                for one, other in zip_longest(*(effects.get(name, []) for effects in sides)):
                    yield from self._of_pair(frame, subject, one, other)

    def _by_rule(self, whose: int, subject: Subject) -> dict[str, list[_Effect]]:
        found: dict[str, list[_Effect]] = {}
        for rule, effect in self.policies.effects_of(whose, subject):
            found.setdefault(rule.id, []).append((rule, effect))
        return found

    def _of_pair(
        self, frame: Frame, subject: Subject, one: _Effect | None, other: _Effect | None
    ) -> Iterator[Term]:
        """That an effect is in force in one policy only, or may say something else, or be in force since another time."""
        mine, its = (
            FAILS if pair is None else in_force(frame.encoders[whose], subject, *pair)
            for whose, pair in ((OLD, one), (NEW, other))
        )
        yield _apart(mine.yes, its.yes)
        if subject.head != "recommend":
            yield _apart(mine.no, its.no)
            if any(pair is not None and self._may_have_stopped(subject, whose, *pair)
                   for whose, pair in ((OLD, one), (NEW, other))):  # fmt: skip
                yield YES
        if one is not None and other is not None and not self._says_the_same(subject, one, other):
            yield conj(mine.yes, its.yes)

    def _says_the_same(self, subject: Subject, one: _Effect, other: _Effect) -> bool:
        (rule, mine), (its_rule, its) = one, other
        actions = [model.vocabulary.actions for model in self.policies.models]
        parts = [(mine, its), *((getattr(rule, part), getattr(its_rule, part)) for part in _OF_RULE)]
        if not all(same_as_written(*pair, *actions) for pair in parts):
            return False
        if any(
            self.causes.touched[whose].changed_names(self._read(whose, effect))
            for whose, effect in ((OLD, mine), (NEW, its))
        ):
            return False
        if subject.head == "recommend" and (
            self.causes.parts_declared(subject.action) - DESCRIBING or self._is_recounted(subject)
        ):
            return False
        dated = any(
            dated_parts(model, version)
            for model, version in zip(self.policies.models, (rule, its_rule), strict=True)
        )
        return not (dated and self.causes.of_conditions(rule.id) and self._is_timed(subject))

    def _read(self, whose: int, effect: Recommend | Prohibit) -> Iterator[str]:
        """What an effect reads for what it says, rather than for when it is in force."""
        if isinstance(effect, Recommend):
            values = tuple(value for _, value in effect.params)
            pause = self.policies.models[whose].pauses.get(effect.action)
            yield from names_read((values, effect.anchor, effect.before, effect.paused_while, pause))
            for value in values:
                yield from value.reads()
        else:
            yield from names_read(tuple(test.covers for test in effect.awaited))

    def _is_recounted(self, subject: Subject) -> bool:
        """Whether a changed calendar counts the time of a step."""
        return any(subject in self.calendars.steps(name) for name in self.calendars.changed)

    def _is_timed(self, subject: Subject) -> bool:
        """Whether a step that this is about, or against, may have a due time."""
        steps = (effect for whose in (OLD, NEW) for other, effects in self.policies.effects[whose].items()
                 for _, effect in effects if other.action == subject.action)  # fmt: skip
        timed = any(isinstance(effect, Recommend) and effect.within is not None for effect in steps)
        return timed or subject.action in self._awaited()

    def _may_have_stopped(
        self, subject: Subject, whose: int, rule: Rule, effect: Recommend | Prohibit
    ) -> bool:
        """Whether a prohibition may have stopped the clock of a step before, although it is in force in the same cases."""
        ends = isinstance(effect, Prohibit) and effect.until is not None
        dated = ends or bool(dated_parts(self.policies.models[whose], rule))
        return dated and self._is_timed(subject) and bool(self.causes.of_rule(rule.id))


def _apart(one: Term, other: Term) -> Term:
    return NO if one.eq(other) else one != other


def _step(action: str, to: str = "") -> Subject:
    return Subject("recommend", action, to)


def _reaches(subject: Subject, other: Subject) -> bool:
    """Whether two subjects may be about the same step."""
    return subject.action == other.action and (not subject.to or not other.to or subject.to == other.to)
