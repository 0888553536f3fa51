"""Finds cases in which two policies differ. Only subjects reached by a change are searched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.engine import Program
from escalation_rules.engine.prohibitions import Prohibition
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule
from escalation_rules.solving.cases import Case
from escalation_rules.solving.effects import in_force, while_open
from escalation_rules.solving.kleene_terms import Term, Truths, both, conj, disj, either, negated
from escalation_rules.solving.observing import Observed, decisive
from escalation_rules.solving.search import Found, Frame, Query, Search
from escalation_rules.solving.subjects import Effects, Subject, subjects
from escalation_rules.solving.symbols import Bounds
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.compare.changed import Touched, swapped
from escalation_rules.tools.compare.result import (
    EffectChange,
    How,
    NameChange,
    NotCompared,
    RuleChange,
)

OLD, NEW = 0, 1
HEADS = ("recommend", "forbid", "hold")
"""The order in which differences are listed."""
Stated = tuple[Any, ...]
"""The content of an effect apart from its conditions: owner, time and parameters. Effects with equal content
are equivalent."""
Pair = tuple[Observed, Observed]


@attrs.frozen(eq=False)
class _Question:
    """Asks for a case in which the subject differs, as confirmed by `shown` on both decisions, because of one
    of `changes` (if given)."""

    how: How
    subject: Subject
    query: Query
    shown: Callable[[Pair], bool]
    changes: frozenset[str] = frozenset()
    again: bool = False
    """The same difference is already reported, because of other changes."""


class CasesCompared:
    """The effects that differ, and the questions that could not be decided."""

    def __init__(
        self,
        old: Program,
        new: Program,
        rules: Sequence[RuleChange],
        names: Sequence[NameChange],
        records: int,
        acts: int,
    ) -> None:
        self.programs = (old, new)
        self.models = (old.model, new.model)
        touched = [Touched(each, tuple(rules), tuple(names)) for each in self.models]
        self._names = touched[NEW].names
        self._by: dict[str, frozenset[str]] = {}
        for each in touched:
            for rule in each.model.rules:
                self._by[rule.id] = self._by.get(rule.id, frozenset()) | each.by(rule)
        self.search = Search(self.models, Bounds(records, acts))
        self.does = [subjects(each) for each in self.models]
        self._swapped: dict[tuple[str, int], Program | None] = {}
        self._found: list[EffectChange] = []
        self._left: list[NotCompared] = []
        self.compared = 0
        for subject in sorted(self.does[OLD].keys() | self.does[NEW].keys()):
            if self._causes(subject):
                self.compared += 1
                self._compare(subject)
        self.effects = tuple(sorted(self._found, key=lambda each: HEADS.index(each.head)))
        self.left = tuple(self._left)

    # --- questions ------------------------------------------------------------------------------------------------------

    def _compare(self, subject: Subject) -> None:
        differs = [self._ask_for_each_change(subject, "now"), self._ask_for_each_change(subject, "no longer")]
        if subject.head != "recommend" and not any(differs):
            self._ask(self._doubt(subject, NEW))
            self._ask(self._doubt(subject, OLD))
        if subject.head != "recommend" and not self._are_told(subject, self._causes(subject)):
            self._ask(self._to_whom(subject, NEW))
            self._ask(self._to_whom(subject, OLD))
        for stated, whose in self._stated_otherwise(subject):
            if not self._are_told(subject, self._causes_of(subject, stated, whose), stated):
                self._ask(self._otherwise(subject, stated, whose))

    def _are_told(self, subject: Subject, causes: frozenset[str], stated: Stated | None = None) -> bool:
        """Whether the differences reported so far for the subject cover all of these changes.

        If a rule now states something else about the subject, or states it in one policy only, this needs a
        reported difference in how it is done; a difference in when the rule holds is not enough.
        """
        before, after = (self._stated_by_rules(whose, subject) for whose in (OLD, NEW))
        restated = any(before[rule] != after[rule] and (stated is None or stated in before[rule] | after[rule])
                       for rule in before.keys() & after.keys())  # fmt: skip
        return causes <= self._told_of(subject, "otherwise" if restated else None)

    def _stated_by_rules(self, whose: int, subject: Subject) -> dict[str, frozenset[Stated]]:
        found: dict[str, frozenset[Stated]] = {}
        for rule, effect in self.does[whose].get(subject, ()):
            said = effect.by if isinstance(effect, Prohibit) else self._states(whose, subject, effect)
            found[rule.id] = found.get(rule.id, frozenset()) | {said}
        return found

    def _told_of(self, subject: Subject, how: How | None = None) -> set[str]:
        """The changes already reported as affecting the subject (in this way, if `how` is given)."""
        return {cause for each in self._found if self._is_about(each, subject) and how in (None, each.how)
                for cause in each.because}  # fmt: skip

    def _ask_for_each_change(self, subject: Subject, how: How) -> bool:
        """Whether one policy has the effect where the other has not. Repeats the question for rules whose
        changes are not reported yet."""
        one, told, differs = NEW if how == "now" else OLD, set[str](), False
        while left := [each for each in self.does[one].get(subject, ()) if self._by[each[0].id] - told]:
            changes = _all(self._by[rule.id] - told for rule, _ in left)
            question = attrs.evolve(
                self._presence(subject, how, left, told), changes=changes, again=bool(told)
            )
            if not self._ask(question):
                return differs
            differs, known = True, self._told_of(subject)
            if known <= told:
                return True
            told |= known
        return differs

    def _presence(self, subject: Subject, how: How, effects: Effects, told: set[str]) -> _Question:
        """Ask for a case in which one policy has the effect, by one of `effects`, and the other has not;
        preferably not because of the changes already reported."""
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            mine = either([self._in_force(frame, one, subject, rule, effect) for rule, effect in effects])
            base = conj(mine.yes, negated(self._does(frame, other, subject).yes))
            alike = [each for name in sorted(told) for each in self._holds_alike(frame, name)]
            forms = self._open(frame, subject, base)
            return (*(conj(each, *alike) for each in forms if alike), *forms)

        def shown(pair: Pair) -> bool:
            does = [decisive(each.says(subject, self._about(subject))) for each in pair]
            return bool(does[one]) and not does[other]

        return _Question(how, subject, query, shown)

    def _holds_alike(self, frame: Frame, name: str) -> Iterator[Term]:
        """The terms for: a rule holds in both policies or in neither. A rule that only one of them has must hold."""
        found = [model.rule(name) for model in self.models]
        truths = [
            encoder.anywhere(rule)
            for encoder, rule in zip(frame.encoders, found, strict=True)
            if rule is not None
        ]
        if len(truths) == 2:
            yield either([both([truths[OLD], truths[NEW]]), both([each.contrary for each in truths])]).yes
        else:
            yield from (each.no for each in truths)

    def _doubt(self, subject: Subject, one: int) -> _Question:
        """Ask for a case in which one policy holds the action because a prohibition is undecided, and the
        other allows it."""
        other = 1 - one

        def query(frame: Frame) -> Sequence[Term]:
            mine = [self._in_force(frame, one, subject, rule, effect) for rule, effect in self.does[one].get(subject, ())
                    if not (isinstance(effect, Prohibit) and effect.when_unknown_allow)]  # fmt: skip
            return (conj(negated(either(mine).no), *self._allowing(frame, other, subject)),)

        def shown(pair: Pair) -> bool:
            does = [each.says(subject, self._about(subject)) for each in pair]
            return bool(does[one]) and not does[other]

        return _Question("now" if one == NEW else "no longer", subject, query, shown)

    def _to_whom(self, subject: Subject, one: int) -> _Question:
        """Ask for a case in which both policies prohibit the action, but one of them also to a role to which
        the other does not."""
        roles = {role for found in self.does for _, effect in found.get(subject, ()) if isinstance(effect, Prohibit)
                 for role in effect.by}  # fmt: skip

        def query(frame: Frame) -> Sequence[Term]:
            prohibited = conj(*(self._does(frame, each, subject).yes for each in (OLD, NEW)))
            more = []
            for role in (None, *sorted(roles)):
                mine, its = (self._prohibited(frame, each, subject, role).yes for each in (one, 1 - one))
                more.append(conj(mine, negated(its)))
            return (conj(prohibited, disj(*more)),)

        return _Question("otherwise", subject, query, lambda pair: self._differ(subject, pair))

    def _differ(self, subject: Subject, pair: Pair) -> bool:
        """Whether both policies have the effect, with different content."""
        does = [decisive(each.says(subject, self._about(subject))) for each in pair]
        return bool(does[OLD]) and bool(does[NEW]) and does[OLD] != does[NEW]

    def _otherwise(self, subject: Subject, stated: Stated, whose: int) -> _Question:
        """Ask for a case in which both policies have the effect, but only one with this content."""

        def query(frame: Frame) -> Sequence[Term]:
            mine, its = (self._does(frame, each, subject, stated).yes for each in (whose, 1 - whose))
            base = conj(mine, negated(its), *(self._does(frame, each, subject).yes for each in (OLD, NEW)))
            others = self._does(frame, whose, subject, stated, other_than=True)
            forms = self._open(frame, subject, base)
            return (conj(forms[0], negated(others.yes)), *forms)

        return _Question("otherwise", subject, query, lambda pair: self._differ(subject, pair))

    # --- terms ----------------------------------------------------------------------------------------------------------

    def _does(
        self,
        frame: Frame,
        whose: int,
        subject: Subject,
        stated: Stated | None = None,
        *,
        other_than: bool = False,
    ) -> Truths:
        """When a policy has the effect: with the stated content, with any other content (`other_than`), or with any."""
        effects = self.does[whose].get(subject, [])
        if stated is not None:
            effects = [(rule, effect) for rule, effect in effects
                       if (self._states(whose, subject, effect) == stated) is not other_than]  # fmt: skip
        return either([self._in_force(frame, whose, subject, rule, effect) for rule, effect in effects])

    def _prohibited(self, frame: Frame, whose: int, subject: Subject, role: str | None) -> Truths:
        """When the action is prohibited to a role (None: to any role that is not named)."""
        return either([self._in_force(frame, whose, subject, rule, effect) for rule, effect in self.does[whose].get(subject, ())
                       if isinstance(effect, Prohibit) and (not effect.by or role in effect.by)])  # fmt: skip

    def _in_force(
        self, frame: Frame, whose: int, subject: Subject, rule: Rule, effect: Recommend | Prohibit
    ) -> Truths:
        return in_force(frame.encoders[whose], subject, rule, effect)

    def _allowing(self, frame: Frame, whose: int, subject: Subject) -> Iterator[Term]:
        """The terms for: no effect of a policy blocks the action, neither certainly nor while undecided."""
        for rule, effect in self.does[whose].get(subject, ()):
            truth = self._in_force(frame, whose, subject, rule, effect)
            passes = isinstance(effect, Prohibit) and effect.when_unknown_allow
            yield negated(truth.yes) if passes else truth.no

    @staticmethod
    def _open(frame: Frame, subject: Subject, base: Term) -> tuple[Term, ...]:
        """Alternative forms of a query; the first ones also ask for an open step."""
        return while_open(frame.encoders[NEW], subject, base) if subject.head == "recommend" else (base,)

    # --- contents of effects --------------------------------------------------------------------------------------------

    def _states(self, whose: int, subject: Subject, effect: Recommend | Prohibit) -> Stated:
        return stated_by(self.models[whose], subject, effect) if isinstance(effect, Recommend) else ()

    def _stated_otherwise(self, subject: Subject) -> list[tuple[Stated, int]]:
        """The contents that changed rules state for a step in only one of the policies, those of the new policy first."""
        found: list[tuple[Stated, int]] = []
        for whose in (NEW, OLD):
            for rule, effect in self.does[whose].get(subject, ()) if subject.head == "recommend" else ():
                stated = self._states(whose, subject, effect)
                if (self._by[rule.id] or self._declared(subject)) and (stated, whose) not in found:
                    found.append((stated, whose))
        return found

    def _causes_of(self, subject: Subject, stated: Stated, whose: int) -> frozenset[str]:
        return self._declared(subject) | _all(self._by[rule.id] for rule, effect in self.does[whose].get(subject, ())
                    if self._states(whose, subject, effect) == stated)  # fmt: skip

    def _causes(self, subject: Subject) -> frozenset[str]:
        """The changes that affect a rule with this effect, or the declaration of the action."""
        rules = (self._by[rule.id] for whose in (OLD, NEW) for rule, _ in self.does[whose].get(subject, ()))
        return _all((*rules, self._declared(subject)))

    def _declared(self, subject: Subject) -> frozenset[str]:
        """The action's own declaration, if it was changed in a way that can affect a step."""
        is_step = subject.head == "recommend"
        return frozenset({subject.action} if is_step and subject.action in self._names else ())

    # --- answers --------------------------------------------------------------------------------------------------------

    def _ask(self, question: _Question) -> bool:
        """Whether a case exists, or may exist. A case that is found is recorded."""
        subject = question.subject
        for index, known in enumerate(self._found):
            if (known.how, known.head) == (question.how, subject.head) and self._is_shown_by(known, question):
                if subject.action not in known.actions:
                    self._found[index] = attrs.evolve(
                        known, actions=tuple(sorted((*known.actions, subject.action)))
                    )
                return True
        found = self.search.find(question.query, lambda case, at: self._shows(question, case, at))
        if found.case is not None and found.at is not None:
            change = self._change(question, found.case, found.at)
            if not any(_same(change, each) for each in self._found):
                self._found.append(change)
        elif found.outcome != "none" and not question.again:
            self._leave(question, found)
        return found.outcome != "none"

    def _observed(self, case: Case, at: datetime) -> Pair | None:
        old, new = (Observed.of(each, case, at) for each in self.programs)
        return None if old is None or new is None else (old, new)

    def _shows(self, question: _Question, case: Case, at: datetime) -> bool:
        pair = self._observed(case, at)
        return pair is not None and self._answers(question, pair)

    def _answers(self, question: _Question, pair: Pair) -> bool:
        """Whether two decisions answer the question, because of the changes it asks about."""
        if not question.shown(pair):
            return False
        return not question.changes or not question.changes.isdisjoint(self._because(question.subject, pair))

    def _is_shown_by(self, known: EffectChange, question: _Question) -> bool:
        """Whether the case of a reported difference also shows this one, because of the same changes."""
        subject = question.subject
        if known.about != (subject.to or None) or (
            question.how == "otherwise" and subject.head == "recommend"
        ):
            return False
        pair = self._observed(known.witness.found(), known.witness.at)
        if pair is None or not self._answers(question, pair) or self._because(subject, pair) != known.because:
            return False
        return question.how != "otherwise" or self._told(subject, pair, question.how) == (
            known.before,
            known.after,
        )

    def _change(self, question: _Question, case: Case, at: datetime) -> EffectChange:
        subject, pair = question.subject, self._observed(case, at)
        if pair is None:  # it was confirmed
            raise AssertionError(case)
        before, after = self._told(subject, pair, question.how)
        return EffectChange(
            question.how, subject.head, (subject.action,), subject.to or None, self._because(subject, pair),
            Witness.of(case, at), before, after,
        )  # fmt: skip

    def _told(self, subject: Subject, pair: Pair, how: How) -> tuple[tuple[Mapping[str, Any], ...], ...]:
        """What the two policies decided about the subject: everything, or only the difference if one of them
        has the effect."""
        before, after = (tuple(_said(each, subject, self._about(subject))) for each in pair)
        if how == "otherwise":
            return before, after
        return tuple(each for each in before if each not in after), tuple(
            each for each in after if each not in before
        )

    def _because(self, subject: Subject, pair: Pair) -> tuple[str, ...]:
        """The changes that cause the difference: those without which the new policy, or with which alone the
        old policy, would decide otherwise. Considers the changes that affect rules named by only one of the
        decisions."""
        about = self._about(subject)
        spoken = [each.rules(subject, about) for each in pair]
        rules = spoken[OLD] ^ spoken[NEW] or spoken[OLD] | spoken[NEW]
        causes = self._declared(subject) | _all(
            self._by[rule.id] for model in self.models for rule in model.rules if rule.id in rules
        )
        if len(causes) > 1:
            for whose in (NEW, OLD):
                told = {each for each in causes if self._matters(each, whose, subject, pair[whose])}
                if told:
                    return tuple(sorted(told))
        return tuple(sorted(causes))

    def _matters(self, name: str, whose: int, subject: Subject, seen: Observed) -> bool:
        """Whether a policy would decide otherwise about the subject if the named rule or action were as in
        the other policy."""
        if (name, whose) not in self._swapped:
            self._swapped[name, whose] = swapped(self.models[whose], self.models[1 - whose], name)
        program = self._swapped[name, whose]
        other = None if program is None else Observed.of(program, seen.case, seen.decision.at)
        if other is None:
            return True
        about = self._about(subject)
        return _said(other, subject, about) != _said(seen, subject, about)

    def _leave(self, question: _Question, found: Found) -> None:
        subject, why = question.subject, "gave-up" if found.outcome == "gave-up" else "unconfirmed"
        left = NotCompared(subject.head, (subject.action,), subject.to or None, tuple(sorted(self._causes(subject))),
                           why, found.apart)  # type: ignore[arg-type]  # fmt: skip
        if left not in self._left:
            self._left.append(left)

    def _about(self, subject: Subject) -> str | None:
        return f"{self._list(subject).each}-1" if subject.to else None

    def _list(self, subject: Subject) -> Any:
        return next(
            each.vocabulary.records[subject.to]
            for each in self.models
            if subject.to in each.vocabulary.records
        )

    @staticmethod
    def _is_about(change: EffectChange, subject: Subject) -> bool:
        return (change.head, change.about) == (
            subject.head,
            subject.to or None,
        ) and subject.action in change.actions


def _same(one: EffectChange, other: EffectChange) -> bool:
    """Whether two changes are equal except for their cases."""
    return attrs.evolve(one, witness=other.witness, actions=other.actions) == other and set(
        one.actions
    ) <= set(other.actions)


def stated_by(model: PolicyModel, subject: Subject, effect: Recommend) -> Stated:
    """The content of a recommendation, including the defaults of the action's declaration."""
    action = model.vocabulary.actions[subject.action]
    return (effect.owner or action.owner, action.phase, effect.within, effect.anchor, effect.before, effect.again, effect.params,
            effect.paused_while, effect.fixed, model.pauses.get(subject.action), effect.lapses_after,
            *(_calendar(model, each) for each in (effect.within, effect.again, effect.lapses_after)))  # fmt: skip


def _calendar(model: PolicyModel, stated: Any) -> object:
    """The calendar used to count a time; None for elapsed time."""
    length = stated if isinstance(stated, Duration) else getattr(stated, "length", None)
    if stated is None or (length is not None and length.is_elapsed and not getattr(stated, "moved", False)):
        return None
    name = (length.calendar if length is not None else None) or stated.calendar or model.vocabulary.calendar
    return model.vocabulary.calendars.get(name or "")


def _said(observed: Observed, subject: Subject, about: str | None) -> list[Mapping[str, Any]]:
    """What a policy decided about the subject, as plain data without texts."""
    if subject.head != "recommend":
        return [_said_against(each, truth is None) for each, truth in observed.against(subject, about)]
    found = [each.to_dict() for each in observed.steps(subject.action, about)]
    left_out = {"id", "because", "say", "action", "about"}
    return [{key: value for key, value in each.items() if key not in left_out} for each in found]


def _said_against(prohibition: Prohibition, undecided: bool) -> Mapping[str, Any]:
    effect = prohibition.effect
    until = None if effect.until is None else effect.until.to_data()
    return {"by": list(effect.by), "until": until, "undecided": undecided, "rule": prohibition.rule.id}


def _all(causes: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset(name for each in causes for name in each)
