"""Finds cases in which two policies differ. Only subjects reached by a change are searched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

import attrs

from escalation_rules.engine import Program
from escalation_rules.policy.model import Prohibit
from escalation_rules.policy.reading.effect_keys import HEADS
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.solving.contradictions import Contradiction
from escalation_rules.solving.search import Search
from escalation_rules.solving.sizes import Bounds
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.witness import Witness
from escalation_rules.tools.compare.apart import TermsApart, shows_less
from escalation_rules.tools.compare.aspects import Aspects
from escalation_rules.tools.compare.blocking import Blocker
from escalation_rules.tools.compare.calendars import MOST_ASKED, MOST_CASES, Calendars
from escalation_rules.tools.compare.causes import Causes, all_of
from escalation_rules.tools.compare.changed import names_read
from escalation_rules.tools.compare.contents import Content
from escalation_rules.tools.compare.doers import NOTHING_KNOWN, DoersChange, doers_changed
from escalation_rules.tools.compare.findings import Findings, is_about
from escalation_rules.tools.compare.following import Followers
from escalation_rules.tools.compare.keys import Keys
from escalation_rules.tools.compare.limits import limited_otherwise
from escalation_rules.tools.compare.opening import Opening, blocked_otherwise
from escalation_rules.tools.compare.policies import NEW, OLD, Policies
from escalation_rules.tools.compare.questions import Blocked, Question, Questions
from escalation_rules.tools.compare.result import (
    EffectChange,
    Following,
    How,
    NameChange,
    NotCompared,
    Part,
    RuleChange,
    Why,
)
from escalation_rules.tools.compare.retiring import RETIRING, retired_otherwise
from escalation_rules.tools.compare.unasked import OF_STEPS, not_asked

_SIDES: tuple[tuple[How, int], ...] = (("now", NEW), ("no longer", OLD))
"""How a difference is called if only this policy has the effect."""
_OPENED: tuple[tuple[How, int], ...] = (("now", OLD), ("no longer", NEW))
"""How it is called if only this policy blocks a step."""
_TOLD = frozenset({*RETIRING, *OF_STEPS, "calendars"})
"""The parts of a content that other questions ask about (how long a step is there), or that are only named."""
Proceed = Callable[[float], bool]
"""Called with the part of the work that is done. False: stop here; what is left is named."""


@attrs.frozen
class CasesCompared:
    """The effects that differ, what could not be compared, and how many subjects were."""

    effects: tuple[EffectChange, ...]
    left: tuple[NotCompared, ...]
    compared: int
    following: tuple[Following, ...]


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
    for change in doers:
        search.compare_doers(change)
    subjects = [subject for subject in sorted(policies.known, key=_order(policies)) if causes.of(subject)]
    steps = {
        subject: changes
        for subject in sorted(policies.known)
        if (changes := search.changes_of_blocking(subject))
    }
    counted = {name: calendars.steps(name) for name in sorted(calendars.changed)}
    total = len(subjects) + len(steps) + len(counted)
    done = 0
    while done < len(subjects) and proceed(done / total):
        search.compare(
            subjects[done], next((change for change in doers if change.action == subjects[done].action), None)
        )
        done += 1
    search.results.left += _not_reached(subjects[done:], causes.of, "presence")
    for number, step in enumerate(steps, start=len(subjects)):
        if not proceed(number / total):
            search.results.left += _not_reached(
                [*steps][number - len(subjects) :], steps.__getitem__, "blocked"
            )
            break
        search.compare_blocking(step)
    for number, (name, timed) in enumerate(counted.items(), start=len(subjects) + len(steps)):
        if timed and not proceed(number / total):
            search.results.left.append(_same_time(timed, name, "no-time"))
        else:
            search.compare_times(name, timed)
    search.results.left += _denied_by_default(policies)
    search.try_keys(proceed)
    following = search.compare_following(proceed)
    effects = tuple(sorted(search.results.found, key=lambda change: HEADS.index(change.head)))
    return CasesCompared(
        effects,
        tuple(search.results.left),
        len({*subjects, *steps, *(subject for timed in counted.values() for subject in timed)}),
        following,
    )


def _order(policies: Policies) -> Callable[[Subject], tuple[bool, Subject]]:
    """What is compared first: actions and rules that only one of the policies has, as these are the plainest differences."""
    old, new = (model.vocabulary.actions.keys() for model in policies.models)
    rules = [{rule.id for rule in model.rules} for model in policies.models]
    only = rules[OLD] ^ rules[NEW]

    def order(subject: Subject) -> tuple[bool, Subject]:
        effects = (*policies.effects_of(OLD, subject), *policies.effects_of(NEW, subject))
        in_one = subject.action in old ^ new or any(rule.id in only for rule, _ in effects)
        return not in_one, subject

    return order


def _not_reached(
    subjects: Sequence[Subject], causes: Callable[[Subject], frozenset[str]], part: Part
) -> list[NotCompared]:
    """What was not compared because the time was up, by what kind of effect it is."""
    found = []
    for head, group in groupby(subjects, key=lambda subject: subject.head):
        several = list(group)
        because = tuple(sorted(all_of(map(causes, several))))
        actions = tuple(dict.fromkeys(subject.action for subject in several))
        found.append(NotCompared(head, actions, None, because, "no-time", part=part))
    return found


def _same_time(steps: Sequence[Subject], calendar: str, why: Why) -> NotCompared:
    """That the times of steps that are counted by a changed calendar were not compared."""
    actions = tuple(sorted({step.action for step in steps}))
    return NotCompared("recommend", actions, None, (calendar,), why, part="times")


def _denied_by_default(policies: Policies) -> list[NotCompared]:
    """If only one policy forbids everything that it does not recommend: that no action was compared in this respect."""
    old, new = policies.models
    if old.only_what_is_recommended == new.only_what_is_recommended:
        return []
    cause = ("only_what_is_recommended",)
    return [NotCompared("forbid", tuple(sorted(new.vocabulary.actions)), None, cause, "unconfirmed")]


class _Differences:
    """Asks in which ways the policies differ."""

    def __init__(self, policies: Policies, causes: Causes, calendars: Calendars, search: Search) -> None:
        self._policies = policies
        self._calendars = calendars
        self._causes = causes
        self._solver = search
        self._questions = Questions.about(policies)
        self._aspects = Aspects(policies, causes, self._questions)
        self._terms = TermsApart(policies, self._questions, self._aspects)
        self._followers = Followers(policies, causes, calendars, self._questions.blocking)
        self.results = Findings(policies, causes, calendars, search)

    def compare_doers(self, change: DoersChange) -> None:
        """Show to whom an action is now forbidden, or no longer, because of its declaration."""
        for how, roles in change.sides:
            at = self._solver.moments[0]
            shown = tuple(role for role in roles if change.shows(self._policies, role, at))
            if shown:
                said = ({"by": list(shown), "until": None, "undecided": False, "rule": None},)
                before, after = ((), said) if how == "now" else (said, ())
                case = Witness.of(NOTHING_KNOWN, at)
                self.results.found.append(
                    EffectChange(how, "forbid", (change.action,), None, (change.action,), case, before, after)
                )
        for how, barred in change.sides_barred:
            self._compare_barred(change, how, barred)

    def _compare_barred(self, change: DoersChange, how: How, barred: Barred) -> None:
        """Show that an action is now forbidden to whoever did or is something, or no longer."""
        at = self._solver.moments[0]
        asking = change.shown_barred(self._policies, barred, at)
        if asking is None:
            left = NotCompared("forbid", (change.action,), None, (change.action,), "unconfirmed")
            self.results.left.append(left)
            return
        said = ({"by": [], "barred": [barred.named], "until": None, "undecided": False, "rule": None},)
        before, after = ((), said) if how == "now" else (said, ())
        about = self._policies.models[NEW].scope_of(change.action)
        self.results.found.append(EffectChange(
            how, "forbid", (change.action,), about, (change.action,), Witness.of(asking.case, at), before, after
        ))  # fmt: skip

    def compare_times(self, name: str, steps: Sequence[Subject]) -> None:
        """Show of some steps that a changed calendar moves their due time; the others are named."""
        near, shown, asked = self._calendars.moments(name), 0, list[Subject]()
        for step in steps:
            if shown == MOST_CASES or len(asked) == MOST_ASKED:
                break
            asked.append(step)
            question = self._questions.counted_otherwise(step, name, self._causes)
            found = self.results.search(question, near)
            if found.outcome == "case":
                shown += 1
                self.results.record(question, found)
            elif found.outcome == "none":
                continue
            else:
                self.results.left.append(_same_time([step], name, "unconfirmed"))
        if left := [step for step in steps if step not in asked]:
            self.results.left.append(_same_time(left, name, "alike"))

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
                self.results.find(question)
        if subject.head == "recommend":
            for question in self._terms.of(subject, self.results.found):
                self._find_term(question)

    def _find_term(self, question: Question) -> None:
        """Show a term of a step that differs. Its case takes the place of one that shows less, and of what was named instead."""
        results, number = self.results, len(self.results.found)
        results.find(question)
        for shown in results.found[number:]:
            results.found[:number] = [
                known for known in results.found[:number] if not shows_less(known, shown)
            ]
            results.left[:] = [
                left
                for left in results.left
                if (left.head, left.actions, left.about, left.part)
                != (shown.head, shown.actions, shown.about, question.part)
                or not {*left.because} <= {*shown.because}
            ]

    def try_keys(self, proceed: Proceed) -> None:
        """Name the changes of keys for which there are no proofs; show each by a case, if one is found."""
        keys = Keys(self._policies, self._questions)
        for left in not_asked(self._policies):
            self.results.left.append(left)
            question = keys.question(left) if proceed(1) else None
            if question is not None:
                self.results.record_shown(question, left, keys)

    def compare_following(self, proceed: Proceed) -> tuple[Following, ...]:
        """The steps that may follow what is told by now. The others that a change reaches through a hold are asked about."""
        asked = set[str]()
        while True:
            found = self._followers.following(self.results.told())
            left = self._followers.changed.keys() - {follower.action for follower in found} - asked
            if not left:
                return tuple(found)
            if not proceed(1):
                because = tuple(sorted(all_of(self._followers.changed[rule] for rule in left)))
                self.results.left.append(
                    NotCompared("recommend", tuple(sorted(left)), None, because, "no-time")
                )
                return tuple(found)
            asked.add(min(left))
            self.results.record_following(self._followers, min(left))

    def compare_blocking(self, step: Subject) -> None:
        """Show where only one of the policies lets a step be taken that both want, for each change that has this effect."""
        says = self._says_otherwise(step)
        same = not says and step not in self._policies.releasing
        for how, one in _OPENED:
            blockers = self._blockers(step, one)
            reported = set[str]()
            while left := [(blocker, changes) for blocker, changes in blockers if changes - reported]:
                found, changes = (
                    [blocker for blocker, _ in left],
                    all_of(its_changes - reported for _, its_changes in left),
                )
                asked = Opening(step, how, found, changes, bool(reported), same, beside=not changes <= says)
                certain = attrs.evolve(asked, certainly=True)
                self.results.find_certain(
                    *(blocked_otherwise(self._questions, opening) for opening in (asked, certain))
                )
                known = self.results.reported_blocking(step, how)
                if known <= reported:
                    break
                reported |= known | (
                    says if known & says else set()
                )  # what a step says moves it across a limit: shown once

    def changes_of_blocking(self, step: Subject) -> frozenset[str]:
        """The changes that can affect whether a step is blocked."""
        if step.head != "recommend":
            return frozenset()
        return all_of(changes for _, one in _OPENED for _, changes in self._blockers(step, one))

    def _says_otherwise(self, step: Subject) -> frozenset[str]:
        """The changes that can affect what prohibitions read of a step."""
        found = (blocker.reads for one in (OLD, NEW) for blocker in self._questions.blocking.of(one, step))
        return self._aspects.says_otherwise(step, all_of(found))

    def _blockers(self, step: Subject, whose: int) -> list[tuple[Blocker, frozenset[str]]]:
        """What may block a step in a policy, each with the changes that can affect whether it does."""
        found = []
        for blocker in self._questions.blocking.of(whose, step):
            changes = self._causes.of_rule(blocker.rule.id)
            changes |= self._aspects.says_otherwise(step, blocker.reads)
            if changes:
                found.append((blocker, changes))
        return found

    def _compare_prohibition(self, subject: Subject) -> None:
        questions = self._questions
        self._find_in_each_currency(subject)
        for asked in (questions.to_whom, questions.to_whom_in_doubt):
            if not self._are_reported(subject, self._causes.of(subject)):
                for _, one in _SIDES:
                    self.results.find(asked(subject, one))
        for _, one in _SIDES:
            self._find_only_in_doubt(subject, one)

    def _compare_step(self, subject: Subject, doers: DoersChange | None) -> None:
        questions = self._questions
        for _, one in _SIDES:
            self._find_contradictions(subject, one)
        for question in retired_otherwise(self._policies, questions, subject):
            self.results.find(question)
        for content, whose in self._stated_otherwise(subject):
            causes = self._causes.of_content(subject, content, whose)
            fields = self._policies.restated(subject, content, whose)
            told = bool(fields) and fields <= _TOLD
            if not told and not self._are_reported(subject, causes, content):
                question = questions.otherwise(subject, content, whose)
                self.results.find(attrs.evolve(question, changes=causes))
        for how, roles in doers.sides if doers is not None else ():
            self.results.find(questions.retired_by(subject, how, roles))
        for how, barred in doers.sides_barred if doers is not None else ():
            self.results.find(questions.retired_by_barred(subject, how, barred))

    def _find_for_each_change(self, subject: Subject, how: How, one: int) -> None:
        """Show that one policy has the effect where the other has not. Repeats the question for rules whose changes are not
        reported yet."""
        reported = set[str]()
        effects = self._policies.effects_of(one, subject)
        while left := [effect for effect in effects if self._causes.of_rule(effect[0].id) - reported]:
            changes = all_of(self._causes.of_rule(rule.id) - reported for rule, _ in left)
            if subject.head == "recommend":
                question = self._questions.presence(subject, how, left, reported)
                found = self.results.find(attrs.evolve(question, changes=changes, again=bool(reported)))
            else:
                found = self._find_blocked(Blocked(subject, how, left, reported), changes)
            known = self.results.reported(subject)
            if not found or known <= reported:
                return
            reported |= known

    def _find_blocked(self, blocked: Blocked, changes: frozenset[str]) -> bool:
        """Find a case in which only one policy blocks the action: one in which that is certain, be it in another currency,
        rather than one in which it is undecided. Whether there is one, or may be one."""
        questions = [attrs.evolve(self._questions.blocked(attrs.evolve(blocked, certainly=blocking)), changes=changes,
                                  again=bool(blocked.reported)) for blocking in (False, True)]  # fmt: skip
        return self.results.find_certain(*questions)

    def _find_in_each_currency(self, subject: Subject) -> None:
        """Find cases in which only one policy blocks the action: in each currency in which only one of them has a limit, and in
        one in which the limit is another amount."""
        for change in limited_otherwise(self._policies, subject):
            for currency in change.only_one:
                if currency not in self._shown_in(subject, change.rule):
                    self._find_in(subject, change.rule, currency)
                if subject.head == "forbid":
                    self._find_in_doubt_in(subject, change.rule, currency)
            for currency in change.moved:
                if self._shown_in(subject, change.rule).isdisjoint(change.moved):
                    self._find_in(subject, change.rule, currency)

    def _shown_in(self, subject: Subject, rule: str) -> set[object]:
        """The currencies of the cases that show the change of a rule."""
        return {change.witness.case.get("currency") for change in self.results.found
                if is_about(change, subject) and rule in change.because}  # fmt: skip

    def _find_in(self, subject: Subject, rule: str, currency: str) -> None:
        changes = self._causes.of_rule(rule)
        for how, one in _SIDES:
            effects = [pair for pair in self._policies.effects_of(one, subject) if pair[0].id == rule]
            self._find_blocked(
                Blocked(subject, how, effects, self.results.reported(subject), currency), changes
            )

    def _find_in_doubt_in(self, subject: Subject, rule: str, currency: str) -> None:
        """Show that what one policy prohibits by its limit in a currency, the other one leaves undecided, as it has none."""
        for _, one in _SIDES:
            effects = [pair for pair in self._policies.effects_of(one, subject) if pair[0].id == rule]
            question = self._questions.only_in_doubt(subject, one, effects, currency)
            self.results.find(attrs.evolve(question, changes=self._causes.of_rule(rule), again=True))

    def _find_only_in_doubt(self, subject: Subject, one: int) -> None:
        """Show that a prohibition of one policy is only undecided in the other one, if nothing else is shown of a change."""
        reported = self.results.reported(subject)
        left = [
            pair
            for pair in self._policies.effects_of(one, subject)
            if self._causes.of_rule(pair[0].id) - reported
        ]
        if left:
            changes = all_of(self._causes.of_rule(rule.id) - reported for rule, _ in left)
            question = self._questions.only_in_doubt(subject, one, left)
            self.results.find(attrs.evolve(question, changes=changes, again=bool(reported)))

    def _find_contradictions(self, subject: Subject, whose: int) -> None:
        """Show where a step is held in one of the policies only because rules contradict each other, for each pair of rules."""
        found = self._policies.contradictions[whose].get(subject, ())
        asked = [
            contradiction
            for contradiction in found
            if self._contradicts_otherwise(subject, contradiction, whose)
        ]
        while asked:
            number = len(self.results.found)
            self.results.find(self._questions.contradiction(subject, whose, asked))
            shown = {rule for change in self.results.found[number:] for rule in change.contradicting}
            left = [contradiction for contradiction in asked if not shown.issuperset(contradiction.rules)]
            asked = left if len(left) < len(asked) else []

    def _contradicts_otherwise(self, subject: Subject, found: Contradiction, whose: int) -> bool:
        """Whether the rules can contradict each other in cases in which they do not in the other policy."""
        theirs = self._policies.contradictions[1 - whose].get(subject, ())
        if (found.rules, found.values) not in [
            (contradiction.rules, contradiction.values) for contradiction in theirs
        ]:
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
        return changes <= self.results.reported(subject, "otherwise" if restated else None)

    def _are_told_otherwise(self, subject: Subject) -> bool:
        """Whether a difference is reported for all changes that affect the subject; of a step, one in how it is done."""
        how: How | None = "otherwise" if subject.head == "recommend" else None
        return self._causes.of(subject) <= self.results.reported(subject, how)

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
