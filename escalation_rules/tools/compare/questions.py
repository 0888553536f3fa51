"""Questions to the solver: is there a case in which the two policies differ about a subject, and how?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import attrs

from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.solving.effects import in_force, while_open
from escalation_rules.solving.kleene_terms import Term, Truths, both, conj, disj, either, negated
from escalation_rules.solving.observing import decisive
from escalation_rules.solving.search import Frame, Query
from escalation_rules.solving.subjects import Effects, Subject
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, Stated
from escalation_rules.tools.compare.result import How


@attrs.frozen(eq=False)
class Question:
    """Asks for a case in which the subject differs, as confirmed by `shown` on both decisions, because of one
    of `changes` (if given)."""

    how: How
    subject: Subject
    query: Query
    shown: Callable[[Pair], bool]
    changes: frozenset[str] = frozenset()
    again: bool = False
    """The same difference is already reported, because of other changes."""


@attrs.frozen
class Questions:
    """Puts the questions about two policies."""

    policies: Policies

    def presence(self, subject: Subject, how: How, effects: Effects, reported: set[str]) -> Question:
        """Ask for a case in which one policy has the effect, by one of `effects`, and the other has not;
        preferably not because of the changes already reported."""
        one, other = (NEW, OLD) if how == "now" else (OLD, NEW)

        def query(frame: Frame) -> Sequence[Term]:
            mine = either([self._in_force(frame, one, subject, rule, effect) for rule, effect in effects])
            base = conj(mine.yes, negated(self._does(frame, other, subject).yes))
            alike = [each for name in sorted(reported) for each in self._holds_alike(frame, name)]
            forms = _open(frame, subject, base)
            return (*(conj(each, *alike) for each in forms if alike), *forms)

        def shown(pair: Pair) -> bool:
            does = [decisive(each.says(subject, self.policies.about(subject))) for each in pair]
            return bool(does[one]) and not does[other]

        return Question(how, subject, query, shown)

    def _holds_alike(self, frame: Frame, name: str) -> Iterator[Term]:
        """The terms for: a rule holds in both policies or in neither. A rule that only one of them has must hold."""
        found = [model.rule(name) for model in self.policies.models]
        truths = [
            encoder.anywhere(rule)
            for encoder, rule in zip(frame.encoders, found, strict=True)
            if rule is not None
        ]
        if len(truths) == 2:
            yield either([both([truths[OLD], truths[NEW]]), both([each.contrary for each in truths])]).yes
        else:
            yield from (each.no for each in truths)

    def doubt(self, subject: Subject, one: int) -> Question:
        """Ask for a case in which one policy holds the action because a prohibition is undecided, and the
        other allows it."""
        other = 1 - one

        def query(frame: Frame) -> Sequence[Term]:
            mine = [self._in_force(frame, one, subject, rule, effect) for rule, effect in self.policies.effects_of(one, subject)
                    if not (isinstance(effect, Prohibit) and effect.when_unknown_allow)]  # fmt: skip
            return (conj(negated(either(mine).no), *self._allowing(frame, other, subject)),)

        def shown(pair: Pair) -> bool:
            does = [each.says(subject, self.policies.about(subject)) for each in pair]
            return bool(does[one]) and not does[other]

        return Question("now" if one == NEW else "no longer", subject, query, shown)

    def to_whom(self, subject: Subject, one: int) -> Question:
        """Ask for a case in which both policies prohibit the action, but one of them also to a role to which
        the other does not."""
        both_effects = [each for whose in (OLD, NEW) for _, each in self.policies.effects_of(whose, subject)]
        roles = {role for each in both_effects if isinstance(each, Prohibit) for role in each.by}

        def query(frame: Frame) -> Sequence[Term]:
            prohibited = conj(*(self._does(frame, each, subject).yes for each in (OLD, NEW)))
            more = []
            for role in (None, *sorted(roles)):
                mine, its = (self._prohibited(frame, each, subject, role).yes for each in (one, 1 - one))
                more.append(conj(mine, negated(its)))
            return (conj(prohibited, disj(*more)),)

        return Question("otherwise", subject, query, lambda pair: self._differ(subject, pair))

    def _differ(self, subject: Subject, pair: Pair) -> bool:
        """Whether both policies have the effect, with different content."""
        does = [decisive(each.says(subject, self.policies.about(subject))) for each in pair]
        return bool(does[OLD]) and bool(does[NEW]) and does[OLD] != does[NEW]

    def otherwise(self, subject: Subject, stated: Stated, whose: int) -> Question:
        """Ask for a case in which both policies have the effect, but only one with this content."""

        def query(frame: Frame) -> Sequence[Term]:
            mine, its = (self._does(frame, each, subject, stated).yes for each in (whose, 1 - whose))
            base = conj(mine, negated(its), *(self._does(frame, each, subject).yes for each in (OLD, NEW)))
            others = self._does(frame, whose, subject, stated, other_than=True)
            forms = _open(frame, subject, base)
            return (conj(forms[0], negated(others.yes)), *forms)

        return Question("otherwise", subject, query, lambda pair: self._differ(subject, pair))

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
        effects = self.policies.effects_of(whose, subject)
        if stated is not None:
            effects = [(rule, effect) for rule, effect in effects
                       if (self.policies.stated(whose, subject, effect) == stated) is not other_than]  # fmt: skip
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
            passes = isinstance(effect, Prohibit) and effect.when_unknown_allow
            yield negated(truth.yes) if passes else truth.no


def _open(frame: Frame, subject: Subject, base: Term) -> tuple[Term, ...]:
    """Alternative forms of a query; the first ones also ask for an open step."""
    return while_open(frame.encoders[NEW], subject, base) if subject.head == "recommend" else (base,)
