"""Which changes affect a subject, and which of them cause a difference between two decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from escalation_rules.engine import Program
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.changed import Touched, swapped
from escalation_rules.tools.compare.contents import Content
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about
from escalation_rules.tools.compare.result import NameChange, RuleChange

Seen = Callable[[Observed], object]
"""What is compared of a decision."""


class Causes:
    """The changes (rules and names) between two policies, by what they affect."""

    def __init__(self, policies: Policies, rules: Sequence[RuleChange], names: Sequence[NameChange]) -> None:
        self._policies = policies
        self.touched = [Touched(model, tuple(rules), tuple(names), timed=False) for model in policies.models]
        self._names = self.touched[NEW].names
        self._parts = {change.name: change.parts for change in names if change.of == "action"}
        self._by_rule: dict[str, frozenset[str]] = {}
        self._when: dict[str, frozenset[str]] = {}
        for touched in self.touched:
            for rule in touched.model.rules:
                self._by_rule[rule.id] = self.of_rule(rule.id) | touched.by(rule)
                self._when[rule.id] = self.of_conditions(rule.id) | touched.by(rule, only_when=True)
        self._swapped: dict[tuple[str, int], Program | None] = {}

    def of_rule(self, rule: str) -> frozenset[str]:
        """The changes that affect a rule."""
        return self._by_rule.get(rule, frozenset())

    def of_conditions(self, rule: str) -> frozenset[str]:
        """The changes that can affect when a rule holds."""
        return self._when.get(rule, frozenset())

    def parts_declared(self, action: str) -> frozenset[str]:
        """The parts of the declaration of an action that were changed."""
        return frozenset(self._parts.get(action, ()))

    def of(self, subject: Subject) -> frozenset[str]:
        """The changes that affect a rule with an effect on the subject, or the declaration of the action."""
        rules = (
            self.of_rule(rule.id)
            for whose in (OLD, NEW)
            for rule, _ in self._policies.effects_of(whose, subject)
        )
        return all_of((*rules, self.of_declaration(subject)))

    def of_declaration(self, subject: Subject) -> frozenset[str]:
        """The action's own declaration, if it was changed in a way that can affect a step."""
        is_step = subject.head == "recommend"
        return frozenset({subject.action} if is_step and subject.action in self._names else ())

    def of_content(self, subject: Subject, content: Content, whose: int) -> frozenset[str]:
        """The changes that affect the rules of a policy that state this content, or the declaration of the action."""
        rules = (self.of_rule(rule.id) for rule, effect in self._policies.effects_of(whose, subject)
                 if self._policies.content(whose, rule, effect) == content)  # fmt: skip
        return all_of((*rules, self.of_declaration(subject)))

    def of_difference(self, subject: Subject, pair: Pair, seen: Seen | None = None) -> tuple[str, ...]:
        """The changes that cause the difference in what is `seen` of a decision: those without which the new policy, or with
        which alone the old policy, would decide otherwise; if there are none, those that affect rules named by only one of the
        decisions."""
        causes = self.of_subject(subject, pair) or self.of(subject)
        if len(causes) > 1:
            about = self._policies.about(subject)
            named = [observed.rules(subject, about) for observed in pair]
            only_one = self.of_declaration(subject) | all_of(map(self.of_rule, named[OLD] ^ named[NEW]))
            causes = self.decisive(causes, subject, pair, seen) or only_one or causes
        return tuple(sorted(causes))

    def of_subject(self, subject: Subject, pair: Pair) -> frozenset[str]:
        """The changes that affect rules named by the decisions, or the declaration of the action."""
        about = self._policies.about(subject)
        rules = (rule for observed in pair for rule in observed.rules(subject, about))
        return self.of_declaration(subject) | all_of(map(self.of_rule, rules))

    def decisive(
        self, causes: frozenset[str], subject: Subject, pair: Pair, seen: Seen | None = None
    ) -> frozenset[str]:
        """Those of some changes without which the new policy would decide otherwise; else, with which alone the old one
        would."""
        seen = seen or self._decided(subject)
        for whose in (NEW, OLD):
            mine, theirs = seen(pair[whose]), seen(pair[1 - whose])
            without = {cause: self._without(cause, whose, pair[whose]) for cause in causes}
            said = {cause: seen(other) for cause, other in without.items() if other is not None}
            found = {cause for cause, other in said.items() if other != mine}
            if not any(other == theirs for other in said.values()):
                found |= without.keys() - said.keys()  # they cannot be tried, and may be needed
            if found:
                return frozenset(found)
        return frozenset()

    def matters(self, name: str, whose: int, subject: Subject, seen: Observed) -> bool:
        """Whether a policy would decide otherwise about the subject if the named rule, action or calendar were as in
        the other policy."""
        other, decided = self._without(name, whose, seen), self._decided(subject)
        return other is None or decided(other) != decided(seen)

    def _decided(self, subject: Subject) -> Seen:
        """All that a decision says about a subject."""
        about = self._policies.about(subject)
        return lambda observed: decided_about(observed, subject, about)

    def _without(self, name: str, whose: int, seen: Observed) -> Observed | None:
        """The case as decided by a policy without a change; None if the change cannot be undone alone."""
        models = self._policies.models
        if (name, whose) not in self._swapped:
            self._swapped[name, whose] = swapped(models[whose], models[1 - whose], name)
        program = self._swapped[name, whose]
        return None if program is None else Observed.of(program, seen.case, seen.decision.at)


def all_of(causes: Iterable[frozenset[str]]) -> frozenset[str]:
    """The union."""
    return frozenset(name for cause in causes for name in cause)
