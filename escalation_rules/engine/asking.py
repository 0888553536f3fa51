"""Finds out what is unknown and matters: for rules that may add a step, for what blocks one, and for the steps themselves."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from escalation_rules.decision import Missing
from escalation_rules.engine.confirm import other_outcomes
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.prohibitions import Prohibition, uncovered
from escalation_rules.engine.questions import PRESUMED, PROHIBITION, START, Questions, rank_of
from escalation_rules.engine.recommendations import Key, Recommendation, aimed, alike, key_of, undecided_acts
from escalation_rules.engine.steps import Draft, draft
from escalation_rules.once import once
from escalation_rules.policy.conditions import Need, Records, Truth
from escalation_rules.policy.conditions.barring import unknown_doer
from escalation_rules.policy.model import NameAnchor, Recommend, Rule

if TYPE_CHECKING:
    from escalation_rules.engine.decide import Assessment


class Asking:
    """The questions of one assessment."""

    def __init__(self, assessment: Assessment) -> None:
        self._of = assessment
        self._ranks: dict[str | None, int] = {}

    def answer(self) -> tuple[Missing, ...]:
        """The facts to find out, most important first."""
        to = Questions(self._of.rule_index, self._of.outcome, self._of.situation)  # one for each thread
        for instance, action in self._may_add:
            to.ask(to.undecided(instance), instance.rule.id, self._rank(action))
        for instance, effect, need in self._of.recommendations.unaimed:
            to.ask((need,), instance.rule.id, self._rank(effect.action))
        for key, blocked in self._of.blocked.items():
            for prohibition, truth in blocked.covering:
                needs = self._of.open_in(prohibition, truth, blocked.draft.as_record())
                to.ask(needs, prohibition.rule.id, min(PROHIBITION, self._rank(key.action)))
            self._ask_params(blocked.draft, to)
            asked = {unknown.name for unknown in blocked.draft.unknown}
            for prohibition, _ in blocked.covering:
                unsaid = set(uncovered([prohibition], blocked.draft.as_record())) - asked
                self._ask_unsaid(key, unsaid, prohibition, to)
        for key, step in self._of.free.items():
            if key.action in self._of.states:
                continue  # it has no parameters, start or act to ask for
            self._ask_params(step, to)
            self._ask_doers(key, step, to)
            self._ask_start(key, step, to)
            stated = {unknown.name for unknown in step.unknown}
            for prohibition, names in self._of.left_open(step):
                self._ask_unsaid(key, names - stated, prohibition, to)
        self._confirm(to)
        return to.answer()

    def _confirm(self, to: Questions) -> None:
        """Ask to confirm a presumption if otherwise some rule would not recommend (or not possibly recommend)
        a step any more."""
        confirmed = self._of.rule_index.confirmed
        for name in sorted([name for name in confirmed if name not in self._of.situation.stated]):
            depending = confirmed[name]
            waiting = [entry for entry in self._wanting() if entry[0].id in depending]
            others = other_outcomes(self._of.vocabulary.facts[name], self._of.outcome_with)
            while waiting and (other := next(others, None)) is not None:
                left = []
                for entry in waiting:
                    rule, records, possible = entry
                    if other.truth(rule.id, records) in possible:
                        left.append(entry)
                    else:
                        to.ask((Need(name),), rule.id, PRESUMED)
                waiting = left

    def _wanting(self) -> Iterator[tuple[Rule, Records, tuple[Truth, ...]]]:
        """The rules that recommend, or may recommend, a step of the plan, and the truths with which this stays so."""
        for step in self._of.free.values():
            yield from (
                (recommendation.rule, recommendation.records, (True,))
                for recommendation in step.recommendations
            )
        for instance in dict.fromkeys(instance for instance, _ in self._may_add):
            yield instance.rule, instance.records, (True, None)

    @once
    def _may_add(self) -> tuple[tuple[Instance, str], ...]:
        """The undecided rules that would change the plan if they held, each with the action that it recommends."""
        states = self._of.states
        found = [pair for state in states.values() for pair in state.may_add]
        found += [
            (instance, effect.action)
            for instance in self._of.others
            if instance.truth is None
            for effect, always in zip(
                instance.rule.recommends, alike(instance.rule, self._of.rule_index), strict=True
            )
            if effect.action not in states and self._could_add(instance, effect, always)
        ]
        return tuple(found)

    def _could_add(self, instance: Instance, effect: Recommend, always: Recommendation | None) -> bool:
        if always is not None and always.key not in self._of.free:
            return always.key not in self._of.blocked and (
                not self._of.situation.acts_of((effect.action,))
                or self._of.possible(instance, effect, None).is_open
            )
        if not instance.listed:
            return True
        known, about = aimed(effect.aim, self._of.situation, instance.records)
        if not known:
            return True
        action = self._of.vocabulary.actions[effect.action]
        key = key_of(effect, about, instance.records, action, self._of.situation)
        if key in self._of.free:
            return self._could_change(self._of.free[key], self._of.possible(instance, effect, about))
        if key in self._of.blocked:
            return False
        if effect.lapses_after is None and not self._of.situation.acts_of((effect.action,)):
            return True  # without any act, it would be open
        return self._of.possible(instance, effect, about).is_open

    def _could_change(self, step: Draft, possible: Recommendation) -> bool:
        """Whether an additional reason would change the owner or a parameter of a step in the plan, or make
        it due earlier."""
        if not possible.is_open:
            return False
        other = draft(step.key, (*step.recommendations, possible), self._of.rule_index, self._of.situation)
        if (other.owner, other.values, other.conflicts) != (step.owner, step.values, step.conflicts):
            return True
        due, sooner = (
            dues[0].at if dues else None for dues in (self._of.dues[step.key], self._of.clock.dues(other))
        )
        return sooner is not None and (due is None or sooner < due)

    def _ask_params(self, step: Draft, to: Questions) -> None:
        for unknown in step.unknown:
            for rule_id, needs in unknown.waiting:
                to.ask(needs, rule_id, self._rank(step.key.action))

    def _ask_doers(self, key: Key, step: Draft, to: Questions) -> None:
        """Ask who did what may have been this step, or who may not do it."""
        action = self._of.vocabulary.actions[key.action]
        for act in undecided_acts(key, action, self._of.situation):
            needs = unknown_doer(action.by, action.barred, act, self._of.situation)
            for recommendation in step.recommendations:
                to.ask(needs, recommendation.rule.id, self._rank(key.action))

    def _ask_start(self, key: Key, step: Draft, to: Questions) -> None:
        """Ask for the start of a step's time if no reason knows it, since the step would otherwise never be overdue."""
        if any(recommendation.starts for recommendation in step.recommendations):
            return
        for recommendation in step.recommendations:
            anchor = (
                (recommendation.effect.before or recommendation.effect.anchor)
                if recommendation.effect.within is not None
                else None
            )
            name = anchor.name if isinstance(anchor, NameAnchor) else None
            if name is not None and name.get(self._of.situation, recommendation.records) is None:
                to.ask(
                    (name.need(self._of.situation, recommendation.records),), recommendation.rule.id, START
                )

    def _ask_unsaid(self, key: Key, names: AbstractSet[str], prohibition: Prohibition, to: Questions) -> None:
        """Ask for parameters that no rule states but a prohibition depends on."""
        needs = tuple(Need(f"{key.action}.{name}", key.about) for name in sorted(names))
        to.ask(needs, prohibition.rule.id, min(PROHIBITION, self._rank(key.action)))

    def _rank(self, action: str) -> int:
        phase = self._of.vocabulary.actions[action].phase
        if phase not in self._ranks:
            first = self._of.order[0] if self._of.order else None
            self._ranks[phase] = rank_of(phase, self._of.phase, first)
        return self._ranks[phase]
