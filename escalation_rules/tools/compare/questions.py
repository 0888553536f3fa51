"""Questions to the solver: is there a case in which the two policies differ about a subject, and how?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import attrs

from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.policy.vocabulary import Barred
from escalation_rules.solving.act_terms import Acts
from escalation_rules.solving.contradictions import Contradiction
from escalation_rules.solving.effects import in_force, stated, while_open
from escalation_rules.solving.kleene_terms import NO, YES, Term, Truths, both, conj, disj, either, negated
from escalation_rules.solving.observing import decisive
from escalation_rules.solving.search import Frame, Query
from escalation_rules.solving.subjects import Effects, Subject, against
from escalation_rules.solving.symbols import Scope, Slot
from escalation_rules.solving.value_terms import differ, names_known, value_of
from escalation_rules.tools.compare.blocking import Blocking, passes
from escalation_rules.tools.compare.causes import Causes, Seen
from escalation_rules.tools.compare.contents import Content
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about
from escalation_rules.tools.compare.result import How, Part
from escalation_rules.tools.compare.timing import in_time, instants, is_recent, lately_begun


@attrs.frozen(eq=False)
class Question:
    """Asks for a case in which the subject differs, as confirmed by `shown` on both decisions (0: no; else how well), because
    of one of `changes` (if given)."""

    how: How
    subject: Subject
    query: Query
    shown: Callable[[Pair], int]
    part: Part = "presence"
    changes: frozenset[str] = frozenset()
    again: bool = False
    """The same difference is already reported, because of other changes."""
    currency: str | None = None
    """The only currency that it asks about."""
    contradicting: tuple[str, ...] = ()
    """The rules of which it asks whether they contradict each other in one policy only, so that the step is held there."""
    because: tuple[str, ...] = ()
    """The changes that the case shows to be the cause; if empty, they are found out."""
    besides: tuple[Subject, ...] = ()
    """Subjects of other actions, whose rules decide it as well."""
    seen: Seen | None = None
    """What differs; None: anything that is decided about the subject."""


@attrs.frozen
class Blocked:
    """What is asked about an action that only one policy blocks: by one of `effects`, and not because of the changes already
    `reported`, if possible; in one currency, if given; with `certainly` only where it is not undecided."""

    subject: Subject
    how: How
    effects: Effects
    reported: set[str]
    currency: str | None = None
    certainly: bool = False


@attrs.frozen
class Questions:
    """Puts the questions about two policies."""

    policies: Policies
    blocking: Blocking

    @classmethod
    def about(cls, policies: Policies) -> Questions:
        """The questions about two policies."""
        return cls(policies, Blocking(policies))

    def presence(self, subject: Subject, how: How, effects: Effects, reported: set[str]) -> Question:
        """Ask for a case in which one policy recommends the step, by one of `effects`, and the other does not;
        preferably not because of the changes already reported."""
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            mine = self._by(frame, one, subject, effects)
            base = conj(mine.yes, negated(self._does(frame, other, subject).yes))
            return self._preferring(frame, open_step(frame, subject, base), reported)

        def shown(pair: Pair) -> bool:
            does = [decisive(observed.says(subject, self.policies.about(subject))) for observed in pair]
            return bool(does[one]) and not does[other]

        return Question(how, subject, query, shown)

    def blocked(self, asked: Blocked) -> Question:
        """Ask for a case in which one policy blocks the action, and the other allows it; preferably not because of the
        changes already reported, not only while undecided, and where nothing else prohibits it."""
        subject, how, effects = asked.subject, asked.how, asked.effects
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)
        others = [ban for ban in against(subject) if ban != subject]

        def query(frame: Frame) -> Sequence[Term]:
            allowed = [*self._allowing(frame, other, subject)]
            if not _is_in(frame, asked.currency):
                return (NO,)
            if asked.currency is not None:
                allowed += self._beyond_limit(frame, other, subject, effects)
            blocking = [pair for pair in effects if not passes(pair[1])]
            sure = conj(self._by(frame, one, subject, effects).yes, *allowed)
            open_ = conj(negated(self._by(frame, one, subject, blocking).no), *allowed)
            free = [term for ban in others for term in self._allowing(frame, other, ban)]
            forms = (
                (conj(sure, *free), sure) if asked.certainly else (conj(sure, *free), sure, disj(sure, open_))
            )
            return self._preferring(frame, forms, asked.reported)

        def shown(pair: Pair) -> int:
            about = self.policies.about(subject)
            says = [observed.says(subject, about) for observed in pair]
            sure = bool(decisive(says[one]))
            if says[other] or not says[one] or (asked.certainly and not sure):
                return 0
            if asked.currency not in (None, pair[one].decision.currency):
                return 0
            elsewhere = any(pair[other].says(ban, about) for ban in others)
            return 1 if not sure else 2 if elsewhere else 3

        return Question(how, subject, query, shown, currency=asked.currency)

    def _beyond_limit(self, frame: Frame, whose: int, subject: Subject, effects: Effects) -> Iterator[Term]:
        """The terms for: the rules of these effects do not apply in a policy, or their limit does not cover the action."""
        names = {rule.id for rule, _ in effects}
        for rule, effect in self.policies.effects_of(whose, subject):
            if rule.id in names and isinstance(effect, Prohibit):
                yield stated(frame.encoders[whose], subject, rule, effect).no

    def only_in_doubt(
        self, subject: Subject, one: int, effects: Effects, currency: str | None = None
    ) -> Question:
        """Ask for a case in which one policy prohibits the action, by one of `effects`, and the other one only while that is
        undecided; in one currency, if given."""
        other = 1 - one

        def query(frame: Frame) -> Sequence[Term]:
            if not _is_in(frame, currency):
                return (NO,)
            mine, its = self._by(frame, one, subject, effects), self._does(frame, other, subject)
            base = conj(mine.yes, negated(its.yes))
            return (base,) if currency is None else (conj(base, negated(its.no)),)

        def shown(pair: Pair) -> bool:
            says = [observed.says(subject, self.policies.about(subject)) for observed in pair]
            if currency is not None and (pair[one].decision.currency != currency or not says[other]):
                return False
            return bool(decisive(says[one])) and not decisive(says[other])

        return Question("otherwise", subject, query, shown, currency=currency)

    def _by(self, frame: Frame, whose: int, subject: Subject, effects: Effects) -> Truths:
        return either([self._in_force(frame, whose, subject, rule, effect) for rule, effect in effects])

    def _preferring(self, frame: Frame, forms: Sequence[Term], reported: set[str]) -> Sequence[Term]:
        """Forms of a query, those first in which the changes already reported do not matter."""
        alike = [term for name in sorted(reported) for term in self._holds_alike(frame, name)]
        return (*(conj(form, *alike) for form in forms if alike), *forms)

    def contradiction(self, subject: Subject, whose: int, found: Sequence[Contradiction]) -> Question:
        """Ask for a case in which a step is in the plan of one policy, and held in the other one (`whose`) because of one
        of these contradictions."""
        other = 1 - whose

        def query(frame: Frame) -> Sequence[Term]:
            encoder, does = frame.encoders[whose], self._does(frame, other, subject).yes
            there = self.policies.contradictions[other].get(subject, ())
            does = conj(
                does,
                *(negated(contradiction.sure(frame.encoders[other], subject)) for contradiction in there),
            )
            likely = conj(does, disj(*(contradiction.likely(encoder, subject) for contradiction in found)))
            apart = (negated(contradiction.holds(frame.encoders[other], subject)) for contradiction in there)
            allowed = self.free(frame, subject)
            forms = open_step(frame, subject, likely)
            base = conj(does, disj(*(contradiction.holds(encoder, subject) for contradiction in found)))
            return (conj(forms[0], *apart, *allowed), conj(forms[0], *allowed), *forms, base)

        def shown(pair: Pair) -> bool:
            about = self.policies.about(subject)
            rules = pair[whose].contradicting(subject, about)
            return pair[other].is_open(subject, about) and any(
                rules.issuperset(contradiction.rules) for contradiction in found
            )

        how: How = "no longer" if whose == NEW else "now"
        return Question(
            how,
            subject,
            query,
            shown,
            contradicting=tuple(sorted({rule for contradiction in found for rule in contradiction.rules})),
        )

    def _holds_alike(self, frame: Frame, name: str) -> Iterator[Term]:
        """The terms for: a rule holds in both policies or in neither. A rule that only one of them has must hold."""
        found = [model.rule(name) for model in self.policies.models]
        truths = [
            encoder.anywhere(rule)
            for encoder, rule in zip(frame.encoders, found, strict=True)
            if rule is not None
        ]
        if len(truths) == 2:
            yield either([both([truths[OLD], truths[NEW]]), both([truth.contrary for truth in truths])]).yes
        else:
            yield from (truth.no for truth in truths)

    def to_whom(self, subject: Subject, one: int) -> Question:
        """Ask for a case in which both policies prohibit the action, but one of them also to a role to which
        the other does not."""
        roles = self._doers(subject)

        def query(frame: Frame) -> Sequence[Term]:
            prohibited = self.in_both(frame, subject)
            more = []
            for role in roles:
                mine, its = (self._prohibited(frame, side, subject, role).yes for side in (one, 1 - one))
                more.append(conj(mine, negated(its)))
            return (conj(prohibited, disj(*more)),)

        return Question("otherwise", subject, query, lambda pair: self._differ(subject, pair), "values")

    def to_whom_in_doubt(self, subject: Subject, one: int) -> Question:
        """Ask for a case in which one policy holds the action of a role because a prohibition is undecided, and the other
        allows it to that role."""
        roles = self._doers(subject)

        def query(frame: Frame) -> Sequence[Term]:
            more = []
            for role in roles:
                mine, its = (self._prohibited(frame, side, subject, role).no for side in (one, 1 - one))
                more.append(conj(negated(mine), its))
            return (disj(*more),)

        def shown(pair: Pair) -> bool:
            about = self.policies.about(subject)
            doers = [[decided["by"] for decided in decided_about(one, subject, about)] for one in pair]
            whom = [{role for role in roles if any(not by or role in by for by in found)} for found in doers]
            return bool(whom[OLD]) and bool(whom[NEW]) and whom[OLD] != whom[NEW]

        return Question("otherwise", subject, query, shown, "values")

    def _doers(self, subject: Subject) -> tuple[str | None, ...]:
        """The roles that the prohibitions of either policy name, and None for any other role."""
        effects = [effect for whose in (OLD, NEW) for _, effect in self.policies.effects_of(whose, subject)]
        return None, *sorted({role for pair in effects if isinstance(pair, Prohibit) for role in pair.by})

    def both(self, subject: Subject, part: Part, query: Query) -> Question:
        """Ask for a case in which both policies have the effect, with different values or times."""
        return Question("otherwise", subject, query, lambda pair: self._differ(subject, pair), part)

    def ends_otherwise(self, subject: Subject) -> Question:
        """Ask for a case in which both policies hold the action until something else."""

        def query(frame: Frame) -> Sequence[Term]:
            return (self.in_both(frame, subject),)

        def shown(pair: Pair) -> bool:
            about = self.policies.about(subject)
            until = [{str(decided["until"]) for decided in decided_about(one, subject, about) if not decided["undecided"]}
                     for one in pair]  # fmt: skip
            return bool(until[OLD]) and bool(until[NEW]) and until[OLD] != until[NEW]

        return Question("otherwise", subject, query, shown, "values")

    def pairs(self, frame: Frame, subject: Subject) -> Iterator[tuple[Recommend, Recommend, Scope]]:
        """The recommendations of both policies that state the same or are of the same rule, for each record of the rule."""
        for rule, effect in self.policies.effects_of(OLD, subject):
            content = self.policies.content(OLD, rule, effect)
            for other, its in self.policies.effects_of(NEW, subject):
                if (
                    not isinstance(effect, Recommend)
                    or not isinstance(its, Recommend)
                    or rule.for_each != other.for_each
                ):
                    continue
                if rule.id == other.id or self.policies.content(NEW, other, its) == content:
                    for slot in frame.encoders[OLD].slots(rule):
                        yield effect, its, () if slot is None else (slot,)

    def likely(self, frame: Frame, subject: Subject) -> Term:
        """That a parameter of the step differs, as far as the values can be worked out in terms."""
        return disj(*(term for pair in self.pairs(frame, subject) for term in _likely(frame, *pair)))

    def any_case(self, subject: Subject, how: How, unmentioned: str) -> Question:
        """Ask for any case in which only one policy has the effect, first for one that does not mention a list."""
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            mine = self._does(frame, one, subject).yes
            return (conj(mine, negated(frame.symbols.is_listed(unmentioned))), mine, YES)

        def shown(pair: Pair) -> bool:
            says = [observed.says(subject, self.policies.about(subject)) for observed in pair]
            return bool(says[one]) and not says[other]

        return Question(how, subject, query, shown)

    def in_both(self, frame: Frame, subject: Subject) -> Term:
        """The term for: both policies have the effect."""
        return conj(*(self._does(frame, side, subject).yes for side in (OLD, NEW)))

    def _differ(self, subject: Subject, pair: Pair) -> bool:
        """Whether both policies have the effect, with different content. A step is in the plan of both: whether it may be taken
        is another question."""
        about = self.policies.about(subject)
        does = [decisive(observed.says(subject, about)) for observed in pair]
        if subject.head == "recommend" and not all(observed.is_open(subject, about) for observed in pair):
            return False
        return bool(does[OLD]) and bool(does[NEW]) and does[OLD] != does[NEW]

    def retired_by(self, subject: Subject, how: How, roles: Sequence[str]) -> Question:
        """Ask for a case in which an act of one of these roles completes the step in one policy only."""
        return self._retired_by(
            subject, how, lambda acts, *done: acts.by_roles(*done[:2], frozenset(roles), done[2])
        )

    def retired_by_barred(self, subject: Subject, how: How, barred: Barred) -> Question:
        """The same for an act of somebody whom only one policy bars."""
        return self._retired_by(subject, how, lambda acts, *done: acts.by_barred(*done[:2], barred, done[2]))

    def _retired_by(
        self, subject: Subject, how: How, done: Callable[[Acts, str, frozenset[str], Slot | None], Term]
    ) -> Question:
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            encoder = frame.encoders[one]
            counts = encoder.model.vocabulary.actions[subject.action].counts
            about = frame.symbols.records(subject.to)[0] if subject.to else None
            acted = done(encoder.acts, subject.action, frozenset(counts), about)
            return (conj(self.in_both(frame, subject), acted),)

        def shown(pair: Pair) -> bool:
            says = [observed.says(subject, self.policies.about(subject)) for observed in pair]
            return bool(says[one]) and not says[other]

        action = frozenset({subject.action})
        return Question(how, subject, query, shown, changes=action, because=(subject.action,))

    def counted_otherwise(self, subject: Subject, calendar: str, causes: Causes) -> Question:
        """Ask for a case in which a step is due at another time because of a changed calendar."""

        def query(frame: Frame) -> Sequence[Term]:
            base = self.in_both(frame, subject)
            forms = open_step(frame, subject, base)
            soon = lately_begun(self.policies, frame, subject)
            recent = [disj(negated(quantity.given), is_recent(quantity)) for quantity in instants(frame)]
            return (conj(forms[0], *soon, *recent), conj(forms[0], *recent), base)

        def shown(pair: Pair) -> bool:
            return self._differ(subject, pair) and causes.matters(calendar, NEW, subject, pair[NEW])

        return Question("otherwise", subject, query, shown, "times", because=(calendar,))

    def otherwise(self, subject: Subject, content: Content, whose: int) -> Question:
        """Ask for a case in which both policies have the effect, but only one with this content."""

        def query(frame: Frame) -> Sequence[Term]:
            mine, its = (self._does(frame, side, subject, content).yes for side in (whose, 1 - whose))
            base = conj(mine, negated(its), self.in_both(frame, subject), *self.may_be_open(frame, subject))
            others = self._does(frame, whose, subject, content, other_than=True)
            forms, alone, likely = (
                open_step(frame, subject, base),
                negated(others.yes),
                self.likely(frame, subject),
            )
            free = conj(forms[0], *self.free(frame, subject))
            first = conj(free, alone)
            fields = self.policies.restated(subject, content, whose)
            if "params" not in fields:
                first = conj(first, self.blocking.as_stated(frame, whose, subject))
            timed = [conj(first, *term) for term in in_time(self.policies, frame, subject, fields)]
            return (*timed, conj(first, likely), conj(free, likely), first, free, conj(base, likely), *forms)

        return Question("otherwise", subject, query, lambda pair: self._differ(subject, pair), "values")

    def retired(self, subject: Subject, how: How, acted: Callable[[Frame], Term]) -> Question:
        """Ask for a case in which what is `acted` leaves the step in one policy only."""
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            base = conj(self.in_both(frame, subject), acted(frame))
            return (conj(base, *self.free(frame, subject)), base)

        def shown(pair: Pair) -> bool:
            says = [observed.says(subject, self.policies.about(subject)) for observed in pair]
            return bool(says[one]) and not says[other]

        return Question(how, subject, query, shown)

    def free(self, frame: Frame, subject: Subject) -> list[Term]:
        """The terms for: neither policy blocks the step, whatever it says."""
        return [term for one in (OLD, NEW) for term in self.blocking.is_open(frame, one, subject)]

    def may_be_open(self, frame: Frame, subject: Subject) -> list[Term]:
        """What holds in each case in which neither policy blocks the step."""
        return [term for one in (OLD, NEW) for term in self.blocking.may_be_open(frame, one, subject)]

    # --- terms ----------------------------------------------------------------------------------------------------------

    def _does(
        self,
        frame: Frame,
        whose: int,
        subject: Subject,
        content: Content | None = None,
        *,
        other_than: bool = False,
    ) -> Truths:
        """When a policy has the effect: with this content, with any other content (`other_than`), or with any."""
        effects = self.policies.effects_of(whose, subject)
        if content is not None:
            effects = [(rule, effect) for rule, effect in effects
                       if (self.policies.content(whose, rule, effect) == content) is not other_than]  # fmt: skip
        return either([self._in_force(frame, whose, subject, rule, effect) for rule, effect in effects])

    def _prohibited(self, frame: Frame, whose: int, subject: Subject, role: str | None) -> Truths:
        """When the action is prohibited to a role (None: to any role that is not named)."""
        effects = [(rule, effect) for rule, effect in self.policies.effects_of(whose, subject)
                   if isinstance(effect, Prohibit) and (not effect.by or role in effect.by)]  # fmt: skip
        return either([self._in_force(frame, whose, subject, rule, effect) for rule, effect in effects])

    def _in_force(
        self, frame: Frame, whose: int, subject: Subject, rule: Rule, effect: Recommend | Prohibit
    ) -> Truths:
        return in_force(frame.encoders[whose], subject, rule, effect)

    def _allowing(self, frame: Frame, whose: int, subject: Subject) -> Iterator[Term]:
        """The terms for: no effect of a policy blocks the action, neither certainly nor while undecided."""
        for rule, effect in self.policies.effects_of(whose, subject):
            truth = self._in_force(frame, whose, subject, rule, effect)
            yield negated(truth.yes) if passes(effect) else truth.no


def _is_in(frame: Frame, currency: str | None) -> bool:
    """Whether cases are in this currency, if one is asked about."""
    frame.symbols.used_currency |= currency is not None
    return currency in (None, frame.symbols.currency)


def open_step(frame: Frame, subject: Subject, base: Term) -> tuple[Term, ...]:
    """Alternative forms of a query; the first ones also ask for an open step."""
    return while_open(frame.encoders[NEW], subject, base) if subject.head == "recommend" else (base,)


def _likely(frame: Frame, one: Recommend, other: Recommend, scope: Scope) -> Iterator[Term]:
    """That a parameter of a recommendation is known and differs, as far as it can be worked out in terms."""
    mine, its = dict(one.params), dict(other.params)
    before, after = frame.pair
    for name in mine.keys() & its.keys():
        first, second = (
            value_of(before, mine[name], scope),
            value_of(after, its[name], scope),
        )
        if first is not None and second is not None and first.term.sort() == second.term.sort():
            known = names_known(before, mine[name], scope)
            yield conj(first.known, second.known, first.term != second.term, *known)
            yield differ(first, second)
        else:
            yield conj(
                *names_known(before, mine[name], scope),
                *names_known(after, its[name], scope),
            )
