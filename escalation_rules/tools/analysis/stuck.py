"""Steps that are recommended but forbidden or held for ever in a case: nobody may take them as long as nothing else is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from escalation_rules.engine.by_action import Blocked
from escalation_rules.engine.recommendations import Key
from escalation_rules.policy.conditions.memory import ACTS
from escalation_rules.policy.model import PolicyModel, Prohibit, Recommend, Rule, overriding
from escalation_rules.policy.strata import conclusions_read, conditions_of
from escalation_rules.solving.effects import by_slot
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import NO, YES, Term, Truths, conj, disj, either, negated
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.subjects import Effects, Subject, against, subject_of, subjects
from escalation_rules.solving.value_terms import names_known


def lasts(model: PolicyModel, rule: Rule) -> bool:
    """Whether a rule's result changes only when new facts are learned, not by time or acts."""
    conditions = conditions_of(rule, model.rulesets)
    if any(
        condition.timed or any(name.startswith(ACTS) for name in condition.reach.names)
        for condition in conditions
    ):
        return False
    read = conclusions_read(rule, model.rulesets)
    return all(lasts(model, other) for other in model.rules for one in other.concludes if one.name in read)


def lasts_against(model: PolicyModel, rule: Rule) -> bool:
    """Whether that holds of a prohibition, too: neither the rule nor those that override it end by time or acts."""
    return all(lasts(model, involved) for involved in (rule, *overriding(model, rule)))


@attrs.frozen(eq=False)
class Stuck:
    """What is forbidden or held for ever, by the prohibitions of a policy that last."""

    model: PolicyModel
    lasting: Mapping[Subject, Effects]

    @classmethod
    def of(cls, model: PolicyModel) -> Stuck:
        """Of a policy."""
        found: dict[Subject, Effects] = {}
        for subject, effects in subjects(model).items():
            kept = [pair for pair in effects if subject.head != "recommend" and lasts_against(model, pair[0])]
            if kept:
                found[subject] = kept
        return cls(model, found)

    # --- as decided -----------------------------------------------------------------------------------------------------

    def is_all_stuck(self, seen: Observed, rules: frozenset[str] | None = None) -> bool:
        """Whether each wanted step of a case, or each that one of these rules recommends, is forbidden or held for ever."""
        blocked = seen.assessment.blocked
        return all(self._is_stuck(other, blocked, frozenset()) for other in self.wanted(seen, rules))

    @staticmethod
    def wanted(seen: Observed, rules: frozenset[str] | None = None) -> list[Key]:
        """The wanted steps of a case that are forbidden or held; those that one of these rules recommends."""
        return [
            key
            for key, blocked in seen.assessment.blocked.items()
            if rules is None or any(made.rule.id in rules for made in blocked.draft.recommendations)
        ]

    def _is_stuck(self, key: Key, blocked: Mapping[Key, Blocked], seen: frozenset[Key]) -> bool:
        for prohibition, truth in blocked[key].covering:
            if truth is not True or not lasts_against(self.model, prohibition.rule):
                continue
            if prohibition.forbids:
                return True
            needed = {*prohibition.effect.acts_needed}
            waits = (other for other in blocked if other.action in needed and other not in {*seen, key})
            if any(self._is_stuck(other, blocked, seen | {key}) for other in waits):
                return True
        return False

    # --- as terms -------------------------------------------------------------------------------------------------------

    def free(self, encoder: Encoder, rule: Rule, effect: Recommend) -> Truths | None:
        """When an effect of a rule recommends a step about the case or any record that may not be stuck; None if steps of this
        action never are."""
        step = subject_of(self.model, effect, effect.action)
        if not self._against(step, effect):
            return None
        places = range(len(encoder.symbols.records(step.to))) if step.to else range(1)
        found = []
        for place in places:
            stuck = self._stuck(encoder, step, effect, place)
            for _, truth in by_slot(encoder, step, rule, effect, place):
                found.append(Truths(conj(truth.yes, negated(stuck)), disj(truth.no, stuck)))
        listed = encoder.symbols.is_listed(rule.for_each) if rule.for_each is not None else None
        return either([*found, Truths(NO, listed)] if listed is not None else found)

    def params_known(self, encoder: Encoder, rule: Rule, effect: Recommend) -> Term:
        """That nothing has to be asked for a step that may be stuck."""
        if not self._against(subject_of(self.model, effect, effect.action), effect):
            return YES
        known = []
        for slot in encoder.slots(rule):
            scope = () if slot is None else (slot,)
            there = YES if slot is None else slot.present
            names = (name for _, value in effect.params for name in names_known(encoder, value, scope))
            known.append(disj(negated(conj(there, encoder.rule(rule, slot).yes)), conj(*names)))
        return conj(*known)

    def _against(self, step: Subject, effect: Recommend) -> list[tuple[Subject, Rule, Prohibit]]:
        """The lasting prohibitions that concern a step; of holds, those that end by an act that may be forbidden for ever."""
        owner = effect.owner or self.model.vocabulary.actions[step.action].owner
        return [
            (subject, rule, ban)
            for subject in against(step)
            for rule, ban in self.lasting.get(subject, ())
            if isinstance(ban, Prohibit)
            and (not ban.by or owner is None or owner in ban.by)
            and (subject.head == "forbid" or any(self._ending(step, ban)))
        ]

    def _ending(self, step: Subject, hold: Prohibit) -> Iterator[tuple[Subject, Rule, Prohibit]]:
        """The lasting prohibitions of the acts that end a hold."""
        for name in hold.acts_needed:
            for to in dict.fromkeys((step.to, "")):
                against = Subject("forbid", name, to)
                yield from (
                    (against, rule, ban)
                    for rule, ban in self.lasting.get(against, ())
                    if isinstance(ban, Prohibit)
                )

    def _stuck(self, encoder: Encoder, step: Subject, effect: Recommend, place: int) -> Term:
        """What holds in each case in which a step about a record (or the case) is stuck."""

        def in_force(subject: Subject, rule: Rule, ban: Prohibit) -> Term:
            return disj(*(truth.yes for _, truth in by_slot(encoder, subject, rule, ban, place)))

        found = []
        for subject, rule, ban in self._against(step, effect):
            term = in_force(subject, rule, ban)
            if subject.head == "hold":
                term = conj(term, disj(*(in_force(*entry) for entry in self._ending(step, ban))))
            found.append(term)
        return disj(*found)
