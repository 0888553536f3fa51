"""The differences found so far, each with its case. A question that one of them answers already is not asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import attrs

from escalation_rules.solving.cases import Case
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Found, Search
from escalation_rules.solving.sizes import Size, Sizes, enough_for
from escalation_rules.solving.subjects import Subject, against
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.compare.calendars import Calendars
from escalation_rules.tools.compare.causes import Causes, all_of
from escalation_rules.tools.compare.following import Followers
from escalation_rules.tools.compare.keys import Keys
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about
from escalation_rules.tools.compare.questions import Question
from escalation_rules.tools.compare.result import EffectChange, How, NotCompared, Why


class Findings:
    """Finds and records cases that answer questions, and what could not be decided."""

    def __init__(self, policies: Policies, causes: Causes, calendars: Calendars, search: Search) -> None:
        self._policies = policies
        self._causes = causes
        self._calendars = calendars
        self._solver = search
        self._sizes = [Sizes(model) for model in policies.models]
        self.found: list[EffectChange] = []
        self.left: list[NotCompared] = []

    def reported(self, subject: Subject, how: How | None = None) -> set[str]:
        """The changes already reported as affecting the subject (in this way, if `how` is given)."""
        return {cause for change in self.found if is_about(change, subject) and how in (None, change.how)
                for cause in change.because}  # fmt: skip

    def reported_blocking(self, step: Subject, how: How) -> set[str]:
        """The changes reported as deciding whether a step is blocked."""
        return {cause for change in self.found if is_about(change, step) and change.how == how and change.is_of_blocking
                for cause in change.because}  # fmt: skip

    def told(self) -> dict[Subject, frozenset[str]]:
        """The subjects that are reported or named as not compared, with the changes behind that."""
        found: dict[Subject, frozenset[str]] = {}
        told: list[EffectChange | NotCompared] = [*self.found, *self.left]
        for finding in told:
            for action in finding.actions:
                subject = Subject(finding.head, action, finding.about or "")
                found[subject] = found.get(subject, frozenset()) | {*finding.because}
        return found

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
                and self._causes.of_difference(subject, pair, question.seen) == known.because
                and {*question.because} <= {*known.because}
                and (question.how != "otherwise" or self._decided_otherwise(subject, pair, question.how)
                     == (known.before, known.after))
            ):  # fmt: skip
                return number
        return None

    # --- search ---------------------------------------------------------------------------------------------------------

    def find(self, question: Question) -> bool:
        """Find a case and record it. Whether there is one, or may be one."""
        number = self._showing(question)
        if number is not None:
            self._add(question, number)
            return True
        found = self.search(question)
        self.record(question, found)
        return found.outcome != "none"

    def find_certain(self, question: Question, certain: Question) -> bool:
        """The same, where a case that also answers `certain` is recorded rather than another one, be it in another currency."""
        number = len(self.found)
        found = self.find(question)
        if len(self.found) > number:
            shown = self.found[number].witness
            if not self._is_answer(certain, shown.found(), shown.at):
                better = self.search(certain)
                if better.outcome == "case":
                    del self.found[number]
                    self.record(certain, better)
        return found

    def search(self, question: Question, near: Sequence[datetime] | None = None) -> Found:
        """Search for a case, at these instants if they are given."""
        if near is None:
            near = self._near(self._causes.of(question.subject))
        keeps = partial(self._is_answer, question)
        return self._solver.find(question.query, keeps, self._size(question), near)

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

    def _size(self, question: Question) -> Size:
        """What the rules that decide a question need to be told apart."""
        deciding = [
            question.subject,
            *question.besides,
            *(against(question.subject) if question.subject.head == "recommend" else ()),
        ]
        names = {
            rule.id
            for whose in (OLD, NEW)
            for term in deciding
            for rule, _ in self._policies.effects_of(whose, term)
        }
        return enough_for(sizes.of_rules([name]) for sizes in self._sizes for name in sorted(names))

    def _is_answer(self, question: Question, case: Case, at: datetime) -> int:
        """How well the decisions on a case confirm it; 0: not at all."""
        pair = self._decided(case, at)
        return 0 if pair is None else self._answers(question, pair)

    def _answers(self, question: Question, pair: Pair) -> int:
        """How well two decisions answer the question, because of the changes it asks about; 0: not at all."""
        shown = question.shown(pair)
        causes = (
            self._causes.of_difference(question.subject, pair, question.seen)
            if shown and question.changes
            else ()
        )
        return shown if not question.changes or not question.changes.isdisjoint(causes) else 0

    def _decided(self, case: Case, at: datetime) -> Pair | None:
        """A case as decided by both policies; None if it is invalid for one of them."""
        old, new = (Observed.of(program, case, at) for program in self._policies.programs)
        return None if old is None or new is None else (old, new)

    # --- results --------------------------------------------------------------------------------------------------------

    def record_shown(self, question: Question, left: NotCompared, keys: Keys) -> None:
        """Search for a case, and record it if there is one."""
        found = self.search(question)
        pair = None if found.case is None or found.at is None else self._decided(found.case, found.at)
        if pair is not None:
            self.record(keys.answered(question, left, pair), found)

    def record_following(self, followers: Followers, action: str) -> None:
        """Search for a case in which a step differs because of a hold that waits for it, and record it."""
        question = followers.question(action)
        found = self.search(question)
        pair = None if found.case is None or found.at is None else self._decided(found.case, found.at)
        if pair is not None:
            self.record(followers.answered(question, pair), found)
        elif found.outcome != "none":
            because = tuple(sorted(followers.changed[action]))
            why: Why = "unconfirmed" if found.outcome == "case" else found.outcome
            self.left.append(NotCompared("recommend", (action,), None, because, why, found.apart))

    def record(self, question: Question, found: Found) -> None:
        """Add the difference that was found, or that it could not be decided."""
        if found.case is not None and found.at is not None:
            change = self._change(question, found.case, found.at)
            rivals = (rival for rival in self.found
                      if question.currency in (None, rival.witness.case.get("currency")))  # fmt: skip
            if not any(_same(change, rival) for rival in rivals):
                self.found.append(change)
        elif found.outcome != "none" and not question.again:
            subject = question.subject
            why: Why = "unconfirmed" if found.outcome == "case" else found.outcome
            because = tuple(sorted(self._causes.of(subject) or question.changes))
            if question.contradicting:
                why, because = "contradiction" if why == "unconfirmed" else why, question.contradicting
            left = NotCompared(
                subject.head, (subject.action,), subject.to or None, because, why, found.apart, question.part
            )
            known = {
                (difference.head, difference.actions, difference.about, difference.part)
                for difference in self.left
            }
            key = left.head, left.actions, left.about
            if question.contradicting or ((*key, "presence") not in known and (*key, left.part) not in known):
                self.left.append(left)

    def _change(self, question: Question, case: Case, at: datetime) -> EffectChange:
        subject, pair = question.subject, self._decided(case, at)
        if pair is None:  # it was confirmed
            raise AssertionError(case)
        before, after = self._decided_otherwise(subject, pair, question.how)
        because = question.because or self._causes.of_difference(subject, pair, question.seen)
        if question.because and question.part == "times":  # a calendar; a rule may move the time as well
            others = self._causes.of_subject(subject, pair)
            because = tuple(sorted({*because, *self._causes.decisive(others, subject, pair)}))
        about = self._policies.about(subject)
        rules = (
            all_of(observed.contradicting(subject, about) for observed in pair)
            if question.contradicting
            else ()
        )
        return EffectChange(question.how, subject.head, (subject.action,), subject.to or None, because,
                            Witness.of(case, at), before, after, tuple(sorted(rules)))  # fmt: skip

    def _decided_otherwise(
        self, subject: Subject, pair: Pair, how: How
    ) -> tuple[tuple[Mapping[str, Any], ...], ...]:
        """What the old and the new policy decided about the subject; if only one of them has the effect, only what differs."""
        about = self._policies.about(subject)
        before, after = (tuple(decided_about(observed, subject, about)) for observed in pair)
        if how == "otherwise":
            return before, after
        return tuple(part for part in before if part not in after), tuple(
            part for part in after if part not in before
        )


def is_about(change: EffectChange, subject: Subject) -> bool:
    """Whether a difference is about a subject."""
    return (change.head, change.about) == (
        subject.head,
        subject.to or None,
    ) and subject.action in change.actions


def _said(change: EffectChange) -> tuple[object, ...]:
    """What the policies say of the actions."""
    return change.before, change.after, change.contradicting


def _same(one: EffectChange, other: EffectChange) -> bool:
    """Whether two changes are equal except for their cases."""
    return attrs.evolve(one, witness=other.witness, actions=other.actions) == other and set(
        one.actions
    ) <= set(other.actions)
