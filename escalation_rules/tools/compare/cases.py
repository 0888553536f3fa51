"""Finds cases in which two policies differ. Only subjects reached by a change are searched."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any

import attrs

from escalation_rules.engine import Program
from escalation_rules.policy.model import Prohibit
from escalation_rules.policy.reading.effect_keys import HEADS
from escalation_rules.solving.cases import Case
from escalation_rules.solving.contradictions import Contradiction
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Found, Search
from escalation_rules.solving.sizes import Bounds, Size, Sizes, enough_for
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.compare.aspects import Aspects
from escalation_rules.tools.compare.calendars import MOST_ASKED, MOST_CASES, Calendars
from escalation_rules.tools.compare.causes import Causes, all_of
from escalation_rules.tools.compare.changed import names_read
from escalation_rules.tools.compare.contents import Content
from escalation_rules.tools.compare.doers import NOTHING_KNOWN, DoersChange, doers_changed
from escalation_rules.tools.compare.limits import limited_otherwise
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about
from escalation_rules.tools.compare.questions import Blocked, Question, Questions
from escalation_rules.tools.compare.result import EffectChange, How, NameChange, NotCompared, RuleChange, Why
from escalation_rules.tools.compare.retiring import RETIRING, retired_otherwise
from escalation_rules.tools.compare.unasked import OF_STEPS, not_asked

_SIDES: tuple[tuple[How, int], ...] = (("now", NEW), ("no longer", OLD))
"""How a difference is called if only this policy has the effect."""
_TOLD = frozenset({*RETIRING, *OF_STEPS, "calendars"})
"""The parts of a content that are not asked about as other terms: how long a step is there is, and others only named."""
Proceed = Callable[[float], bool]
"""Called with the part of the work that is done. False: stop here; what is left is named."""


@attrs.frozen
class CasesCompared:
    """The effects that differ, what could not be compared, and how many subjects were."""

    effects: tuple[EffectChange, ...]
    left: tuple[NotCompared, ...]
    compared: int


def compare_cases(
    old: Program,
    new: Program,
    rules: Sequence[RuleChange],
    names: Sequence[NameChange],
    *,
    records: int,
    acts: int,
    proceed: Proceed,
) -> CasesCompared:
    """Search for a case of each difference, with up to `records` records in a list and up to `acts` acts."""
    policies = Policies.of(old, new)
    causes = Causes(policies, rules, names)
    calendars = Calendars.of(policies)
    search = _Differences(policies, causes, calendars, Search(policies.models, Bounds(records, acts)))
    doers = doers_changed(policies)
    for each in doers:
        search.compare_doers(each)
    known = {*policies.effects[OLD], *policies.effects[NEW], *policies.releasing}
    subjects = [each for each in sorted(known) if causes.of(each)]
    counted = {name: calendars.steps(name) for name in sorted(calendars.changed)}
    total = len(subjects) + len(counted)
    done = 0
    while done < len(subjects) and proceed(done / total):
        search.compare(
            subjects[done], next((each for each in doers if each.action == subjects[done].action), None)
        )
        done += 1
    if done < len(subjects):
        search.left += _not_reached(subjects[done:], causes)
    for number, (name, steps) in enumerate(counted.items()):
        if steps and not proceed((len(subjects) + number) / total):
            search.left.append(_same_time(steps, name, "no-time"))
        else:
            search.compare_times(name, steps)
    search.left += [*_denied_by_default(policies), *not_asked(policies)]
    effects = tuple(sorted(search.found, key=lambda change: HEADS.index(change.head)))
    return CasesCompared(
        effects, tuple(search.left), len({*subjects, *(each for steps in counted.values() for each in steps)})
    )


def _not_reached(subjects: Sequence[Subject], causes: Causes) -> list[NotCompared]:
    """What was not compared because the time was up, by what kind of effect it is."""
    found = []
    for head, group in groupby(subjects, key=lambda each: each.head):
        several = list(group)
        because = tuple(sorted(all_of(causes.of(each) for each in several)))
        actions = tuple(dict.fromkeys(each.action for each in several))
        found.append(NotCompared(head, actions, None, because, "no-time"))
    return found


def _same_time(steps: Sequence[Subject], calendar: str, why: Why) -> NotCompared:
    """That the times of steps that are counted by a changed calendar were not compared."""
    actions = tuple(sorted({each.action for each in steps}))
    return NotCompared("recommend", actions, None, (calendar,), why, part="times")


def _denied_by_default(policies: Policies) -> list[NotCompared]:
    """If only one policy forbids everything that it does not recommend: that no action was compared in this respect."""
    old, new = policies.models
    if old.only_what_is_recommended == new.only_what_is_recommended:
        return []
    cause = ("only_what_is_recommended",)
    return [NotCompared("forbid", tuple(sorted(new.vocabulary.actions)), None, cause, "unconfirmed")]


class _Differences:
    """The differences found so far. A later question is not asked if they answer it already."""

    def __init__(self, policies: Policies, causes: Causes, calendars: Calendars, search: Search) -> None:
        self._policies = policies
        self._calendars = calendars
        self._causes = causes
        self._solver = search
        self._questions = Questions(policies)
        self._aspects = Aspects(policies, causes, self._questions)
        self._sizes = [Sizes(each) for each in policies.models]
        self.found: list[EffectChange] = []
        self.left: list[NotCompared] = []

    def compare_doers(self, change: DoersChange) -> None:
        """Show to whom an action is now forbidden, or no longer, because of its declaration."""
        for how, roles in change.sides:
            at = self._solver.moments[0]
            shown = tuple(role for role in roles if change.shows(self._policies, role, at))
            if shown:
                said = ({"by": list(shown), "until": None, "undecided": False, "rule": None},)
                before, after = ((), said) if how == "now" else (said, ())
                case = Witness.of(NOTHING_KNOWN, at)
                self.found.append(
                    EffectChange(how, "forbid", (change.action,), None, (change.action,), case, before, after)
                )

    def compare_times(self, name: str, steps: Sequence[Subject]) -> None:
        """Show of some steps that a changed calendar moves their due time; the others are named."""
        near, shown, asked = self._calendars.moments(name), 0, list[Subject]()
        for each in steps:
            if shown == MOST_CASES or len(asked) == MOST_ASKED:
                break
            asked.append(each)
            question = self._questions.counted_otherwise(each, name, self._causes)
            found = self._solver.find(
                question.query, partial(self._is_answer, question), self._size(each), near
            )
            if found.outcome == "case":
                shown += 1
                self._record(question, found)
            elif found.outcome == "none":
                continue
            else:
                self.left.append(_same_time([each], name, "unconfirmed"))
        if left := [each for each in steps if each not in asked]:
            self.left.append(_same_time(left, name, "alike"))

    def compare(self, subject: Subject, doers: DoersChange | None) -> None:
        """Ask in which ways the policies differ about a subject. `doers`: others may do the action."""
        for how, one in _SIDES:
            self._find_for_each_change(subject, how, one)
        if subject.head == "recommend":
            self._compare_step(subject, doers)
        else:
            self._compare_prohibition(subject)
        for question in self._aspects.of(subject):
            if not self._are_told_otherwise(subject):
                self._find(question)

    def _compare_prohibition(self, subject: Subject) -> None:
        questions = self._questions
        self._find_in_each_currency(subject)
        for asked in (questions.to_whom, questions.to_whom_in_doubt):
            if not self._are_reported(subject, self._causes.of(subject)):
                for _, one in _SIDES:
                    self._find(asked(subject, one))
        for _, one in _SIDES:
            self._find_only_in_doubt(subject, one)

    def _compare_step(self, subject: Subject, doers: DoersChange | None) -> None:
        questions = self._questions
        for _, one in _SIDES:
            self._find_contradictions(subject, one)
        for question in retired_otherwise(self._policies, questions, subject):
            self._find(question)
        for content, whose in self._stated_otherwise(subject):
            causes = self._causes.of_content(subject, content, whose)
            fields = self._policies.restated(subject, content, whose)
            told = bool(fields) and fields <= _TOLD
            if not told and not self._are_reported(subject, causes, content):
                self._find(questions.otherwise(subject, content, whose))
        for how, roles in doers.sides if doers is not None else ():
            self._find(questions.retired_by(subject, how, roles))

    def _find_for_each_change(self, subject: Subject, how: How, one: int) -> None:
        """Show that one policy has the effect where the other has not. Repeats the question for rules whose changes are not
        reported yet."""
        reported = set[str]()
        effects = self._policies.effects_of(one, subject)
        while left := [each for each in effects if self._causes.of_rule(each[0].id) - reported]:
            changes = all_of(self._causes.of_rule(rule.id) - reported for rule, _ in left)
            if subject.head == "recommend":
                question = self._questions.presence(subject, how, left, reported)
                found = self._find(attrs.evolve(question, changes=changes, again=bool(reported)))
            else:
                found = self._find_blocked(Blocked(subject, how, left, reported), changes)
            known = self._reported(subject)
            if not found or known <= reported:
                return
            reported |= known

    def _find_blocked(self, blocked: Blocked, changes: frozenset[str]) -> bool:
        """Find a case in which only one policy blocks the action: one in which that is certain, be it in another currency,
        rather than one in which it is undecided. Whether there is one, or may be one."""
        number, again = len(self.found), bool(blocked.reported)
        question = attrs.evolve(self._questions.blocked(blocked), changes=changes, again=again)
        found = self._find(question)
        if len(self.found) > number and _is_in_doubt(self.found[number]):
            sure = self._questions.blocked(attrs.evolve(blocked, certainly=True))
            better = self._search(attrs.evolve(sure, changes=changes))
            if better.outcome == "case":
                del self.found[number]
                self._record(question, better)
        return found

    def _find_in_each_currency(self, subject: Subject) -> None:
        """Find cases in which only one policy blocks the action: in each currency in which only one of them has a limit, and in
        one in which the limit is another amount."""
        for change in limited_otherwise(self._policies, subject):
            for currency in change.only_one:
                if currency not in self._shown_in(subject, change.rule):
                    self._find_in(subject, change.rule, currency)
            for currency in change.moved:
                if self._shown_in(subject, change.rule).isdisjoint(change.moved):
                    self._find_in(subject, change.rule, currency)

    def _shown_in(self, subject: Subject, rule: str) -> set[object]:
        """The currencies of the cases that show the change of a rule."""
        return {each.witness.case.get("currency") for each in self.found
                if _is_about(each, subject) and rule in each.because}  # fmt: skip

    def _find_in(self, subject: Subject, rule: str, currency: str) -> None:
        changes = self._causes.of_rule(rule)
        for how, one in _SIDES:
            effects = [each for each in self._policies.effects_of(one, subject) if each[0].id == rule]
            self._find_blocked(Blocked(subject, how, effects, self._reported(subject), currency), changes)

    def _find_only_in_doubt(self, subject: Subject, one: int) -> None:
        """Show that a prohibition of one policy is only undecided in the other one, if nothing else is shown of a change."""
        reported = self._reported(subject)
        left = [
            each
            for each in self._policies.effects_of(one, subject)
            if self._causes.of_rule(each[0].id) - reported
        ]
        if left:
            changes = all_of(self._causes.of_rule(rule.id) - reported for rule, _ in left)
            question = self._questions.only_in_doubt(subject, one, left)
            self._find(attrs.evolve(question, changes=changes, again=bool(reported)))

    def _find_contradictions(self, subject: Subject, whose: int) -> None:
        """Show where a step is held in one of the policies only because rules contradict each other, for each pair of rules."""
        found = self._policies.contradictions[whose].get(subject, ())
        asked = [each for each in found if self._contradicts_otherwise(subject, each, whose)]
        while asked:
            number = len(self.found)
            self._find(self._questions.contradiction(subject, whose, asked))
            shown = {rule for each in self.found[number:] for rule in each.contradicting}
            left = [each for each in asked if not shown.issuperset(each.rules)]
            asked = left if len(left) < len(asked) else []

    def _contradicts_otherwise(self, subject: Subject, found: Contradiction, whose: int) -> bool:
        """Whether the rules can contradict each other in cases in which they do not in the other policy."""
        theirs = self._policies.contradictions[1 - whose].get(subject, ())
        if (found.rules, found.values) not in [(each.rules, each.values) for each in theirs]:
            return True
        read = self._causes.touched[whose].changed_names(names_read(found.values))
        return read or any(map(self._causes.of_conditions, found.rules))

    def _stated_otherwise(self, subject: Subject) -> list[tuple[Content, int]]:
        """The contents that changed rules state for a step in only one of the policies, those of the new policy first."""
        found: list[tuple[Content, int]] = []
        for whose in (NEW, OLD):
            for rule, effect in self._policies.effects_of(whose, subject):
                content = self._policies.content(whose, rule, effect)
                is_changed = self._causes.of_rule(rule.id) or self._causes.of_declaration(subject)
                if is_changed and (content, whose) not in found:
                    found.append((content, whose))
        return found

    # --- what is reported already ---------------------------------------------------------------------------------------

    def _are_reported(
        self, subject: Subject, changes: frozenset[str], content: Content | None = None
    ) -> bool:
        """Whether the differences reported so far for the subject cover all of these changes.

        If a rule now states something else about the subject, or states it in one policy only, this needs a
        reported difference in how it is done; a difference in when the rule holds is not enough.
        """
        before, after = (self._stated_by_rules(whose, subject) for whose in (OLD, NEW))
        restated = any(before[rule] != after[rule] and (content is None or content in before[rule] | after[rule])
                       for rule in before.keys() & after.keys())  # fmt: skip
        return changes <= self._reported(subject, "otherwise" if restated else None)

    def _are_told_otherwise(self, subject: Subject) -> bool:
        """Whether a difference is reported for all changes that affect the subject; of a step, one in how it is done."""
        how: How | None = "otherwise" if subject.head == "recommend" else None
        return self._causes.of(subject) <= self._reported(subject, how)

    def _stated_by_rules(self, whose: int, subject: Subject) -> dict[str, frozenset[Content]]:
        found: dict[str, frozenset[Content]] = {}
        for rule, effect in self._policies.effects_of(whose, subject):
            content = (
                Content(by=effect.by)
                if isinstance(effect, Prohibit)
                else self._policies.content(whose, rule, effect)
            )
            found[rule.id] = found.get(rule.id, frozenset()) | {content}
        return found

    def _reported(self, subject: Subject, how: How | None = None) -> set[str]:
        """The changes already reported as affecting the subject (in this way, if `how` is given)."""
        return {cause for each in self.found if _is_about(each, subject) and how in (None, each.how)
                for cause in each.because}  # fmt: skip

    def _showing(self, question: Question) -> int | None:
        """The number of a reported difference whose case also answers the question, because of the same changes."""
        subject = question.subject
        if question.how == "otherwise" and subject.head == "recommend":
            return None
        about = subject.to or None
        for number, known in enumerate(self.found):
            if (known.how, known.head, known.about) != (question.how, subject.head, about):
                continue
            if bool(known.contradicting) != bool(question.contradicting):
                continue
            pair = self._decided(known.witness.found(), known.witness.at)
            if (
                pair is not None
                and self._answers(question, pair)
                and self._causes.of_difference(subject, pair) == known.because
                and (question.how != "otherwise" or self._decided_otherwise(subject, pair, question.how)
                     == (known.before, known.after))
            ):  # fmt: skip
                return number
        return None

    # --- search ---------------------------------------------------------------------------------------------------------

    def _find(self, question: Question) -> bool:
        """Find a case and record it. Whether there is one, or may be one."""
        number = self._showing(question)
        if number is not None:
            self._add(question, number)
            return True
        found = self._search(question)
        self._record(question, found)
        return found.outcome != "none"

    def _search(self, question: Question) -> Found:
        near = self._near(self._causes.of(question.subject))
        keeps = partial(self._is_answer, question)
        return self._solver.find(question.query, keeps, self._size(question.subject), near)

    def _near(self, causes: frozenset[str]) -> tuple[datetime, ...]:
        """The instants at which a difference can show if only calendars were changed."""
        if causes <= self._calendars.changed.keys():
            return tuple(dict.fromkeys(at for name in sorted(causes) for at in self._calendars.moments(name)))
        return ()

    def _add(self, question: Question, number: int) -> None:
        """Add that the case of a reported difference answers the question, too: to it, if the same is said of both actions."""
        known, subject = self.found[number], question.subject
        change = self._change(question, known.witness.found(), known.witness.at)
        alike = subject.head != "recommend" or _said(change) == _said(known)
        if alike:
            actions = tuple(sorted({*known.actions, subject.action}))
            self.found[number] = attrs.evolve(known, actions=actions)
        elif change not in self.found:
            self.found.append(change)

    def _size(self, subject: Subject) -> Size:
        """What the rules with an effect on the subject need to be told apart."""
        return enough_for(self._sizes[whose].of_rules([rule.id]) for whose in (OLD, NEW)
                          for rule, _ in self._policies.effects_of(whose, subject))  # fmt: skip

    def _is_answer(self, question: Question, case: Case, at: datetime) -> int:
        """How well the decisions on a case confirm it; 0: not at all."""
        pair = self._decided(case, at)
        return 0 if pair is None else self._answers(question, pair)

    def _answers(self, question: Question, pair: Pair) -> int:
        """How well two decisions answer the question, because of the changes it asks about; 0: not at all."""
        shown = question.shown(pair)
        causes = self._causes.of_difference(question.subject, pair) if shown and question.changes else ()
        return shown if not question.changes or not question.changes.isdisjoint(causes) else 0

    def _decided(self, case: Case, at: datetime) -> Pair | None:
        """A case as decided by both policies; None if it is invalid for one of them."""
        old, new = (Observed.of(each, case, at) for each in self._policies.programs)
        return None if old is None or new is None else (old, new)

    # --- results --------------------------------------------------------------------------------------------------------

    def _record(self, question: Question, found: Found) -> None:
        """Add the difference that was found, or that it could not be decided."""
        if found.case is not None and found.at is not None:
            change = self._change(question, found.case, found.at)
            rivals = (each for each in self.found
                      if question.currency in (None, each.witness.case.get("currency")))  # fmt: skip
            if not any(_same(change, each) for each in rivals):
                self.found.append(change)
        elif found.outcome != "none" and not question.again:
            subject = question.subject
            why: Why = "unconfirmed" if found.outcome == "case" else found.outcome
            because = tuple(sorted(self._causes.of(subject)))
            if question.contradicting:
                why, because = "contradiction" if why == "unconfirmed" else why, question.contradicting
            left = NotCompared(
                subject.head, (subject.action,), subject.to or None, because, why, found.apart, question.part
            )
            known = {(each.head, each.actions, each.about, each.part) for each in self.left}
            key = left.head, left.actions, left.about
            if question.contradicting or ((*key, "presence") not in known and (*key, left.part) not in known):
                self.left.append(left)

    def _change(self, question: Question, case: Case, at: datetime) -> EffectChange:
        subject, pair = question.subject, self._decided(case, at)
        if pair is None:  # it was confirmed
            raise AssertionError(case)
        before, after = self._decided_otherwise(subject, pair, question.how)
        because = question.because or self._causes.of_difference(subject, pair)
        if question.because and question.part == "times":  # a calendar; a rule may move the time as well
            others = self._causes.of_subject(subject, pair)
            because = tuple(sorted({*because, *self._causes.decisive(others, subject, pair)}))
        about = self._policies.about(subject)
        rules = all_of(each.contradicting(subject, about) for each in pair) if question.contradicting else ()
        return EffectChange(question.how, subject.head, (subject.action,), subject.to or None, because,
                            Witness.of(case, at), before, after, tuple(sorted(rules)))  # fmt: skip

    def _decided_otherwise(
        self, subject: Subject, pair: Pair, how: How
    ) -> tuple[tuple[Mapping[str, Any], ...], ...]:
        """What the old and the new policy decided about the subject; if only one of them has the effect, only what differs."""
        about = self._policies.about(subject)
        before, after = (tuple(decided_about(each, subject, about)) for each in pair)
        if how == "otherwise":
            return before, after
        return tuple(each for each in before if each not in after), tuple(
            each for each in after if each not in before
        )


def _is_about(change: EffectChange, subject: Subject) -> bool:
    return (change.head, change.about) == (
        subject.head,
        subject.to or None,
    ) and subject.action in change.actions


def _is_in_doubt(change: EffectChange) -> bool:
    """Whether a prohibition that only one of the policies has is only undecided."""
    found = change.after or change.before
    return change.how != "otherwise" and all(each["undecided"] for each in found)


def _said(change: EffectChange) -> tuple[object, ...]:
    """What the policies say of the actions."""
    return change.before, change.after, change.contradicting


def _same(one: EffectChange, other: EffectChange) -> bool:
    """Whether two changes are equal except for their cases."""
    return attrs.evolve(one, witness=other.witness, actions=other.actions) == other and set(
        one.actions
    ) <= set(other.actions)
