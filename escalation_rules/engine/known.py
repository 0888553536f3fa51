"""Determines since when rules have held and conclusions been known."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from datetime import datetime

from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.past import Clocks
from escalation_rules.engine.questions import Questions
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import Condition, Records, Situation, earliest, latest
from escalation_rules.policy.model import Conclude, Rule


class KnownTimes:
    """The instants for one outcome, computed on demand. None: from the start."""

    def __init__(self, rule_index: RuleIndex, outcome: Outcome, clocks: Clocks) -> None:
        self._rule_index = rule_index
        self._outcome = outcome
        self._clocks = clocks
        self._concluded: dict[tuple[str, str | None], datetime | None] = {}

    def of_rule(self, rule: Rule, records: Records, situation: Situation) -> datetime | None:
        """Since when a rule has held for a record or the case; not before the record existed. Of a rule that might hold,
        only the decided parts count."""
        key = ("since", rule.id, records[0].id if records else None)
        return self._recalled(key, rule, situation, lambda: self._of_rule(rule, records, situation))

    def _recalled(
        self, key: Hashable, rule: Rule, situation: Situation, work: Callable[[], datetime | None]
    ) -> datetime | None:
        """The cached result of `work`. Valid while the grounds of the rule are unchanged and time does not affect them."""
        versions = situation.versions
        if versions is None:
            return work()
        grounds = self._clocks.grounds(rule)

        def lasting() -> tuple[datetime | None, datetime | None]:
            end = self._clocks.times.last(grounds.rules, self._outcome, situation) if grounds.timed else None
            return work(), end

        return versions.memory.recall(key, versions.number(grounds.read), situation.at, lasting)

    def _of_rule(self, rule: Rule, records: Records, situation: Situation) -> datetime | None:
        moments = [
            self._held(rule, condition, situation, scope)
            for condition, scope in self._conditions(rule, records)
        ]
        return latest((*(record.recorded for record in records), *moments))

    def _held(
        self, rule: Rule, condition: Condition, situation: Situation, records: Records
    ) -> datetime | None:
        if condition.evaluate(situation, records) is not None:
            return condition.since(situation, records)
        return self._ended(condition, situation, records) if condition is rule.unless else None

    def _ended(self, unless: Condition, situation: Situation, records: Records) -> datetime | None:
        """Since when an undecided exception no longer holds: since the last of the values that it asks for became stale."""
        needs = unless.undecided(situation, records)
        return latest(
            situation.lapsed_at(need.name, need.about)
            for need in Questions(self._rule_index, self._outcome, situation).facts(needs)
        )

    def since(self, name: str, about: str | None, situation: Situation) -> datetime | None:
        """Since when the conclusion `name` about the record `about` (None: the case) has had its value."""
        key = (name, about)
        if key not in self._concluded:
            self._concluded[key] = self._drawn(name, about, situation)
        return self._concluded[key]

    def _drawn(self, name: str, about: str | None, situation: Situation) -> datetime | None:
        held: list[datetime | None] = []
        failed: list[datetime | None] = []
        for effect, instance in self._concluding(name, about):
            if effect.alternatives:
                return _chosen(effect, instance.records, situation)
            if instance.truth:
                held.append(self.of_rule(instance.rule, instance.records, situation))
            elif instance.truth is False:
                failed.append(self._failed(instance, situation))
        return earliest(held) if held else latest(failed)

    def _concluding(self, name: str, about: str | None) -> Iterator[tuple[Conclude, Instance]]:
        for rule in self._rule_index.concluders.get(name, ()):
            for effect in rule.concludes:
                if effect.name == name and effect.of_record:
                    found = self._outcome.about(rule.id, about)
                    yield from ((effect, instance) for instance in found if instance.record_id == about)
                elif effect.name == name:
                    yield from ((effect, instance) for instance in self._outcome.of(rule.id))

    def _failed(self, instance: Instance, situation: Situation) -> datetime | None:
        """Since when a rule has been false. If its list is unknown, only its ruleset can make it false."""
        key = ("failed", instance.rule.id, instance.record_id)
        return self._recalled(key, instance.rule, situation, lambda: self._not_held(instance, situation))

    def _not_held(self, instance: Instance, situation: Situation) -> datetime | None:
        rule = instance.rule
        reasons: list[datetime | None] = []
        for condition, scope in (
            self._conditions(rule, instance.records) if instance.listed else self._gate(rule)
        ):
            if condition.evaluate(situation, scope) is (condition is rule.unless):
                reasons.append(condition.since(situation, scope))
        return earliest(reasons)

    def _conditions(self, rule: Rule, records: Records) -> Iterator[tuple[Condition, Records]]:
        yield from self._gate(rule)
        for condition in (rule.when, rule.unless):
            if condition is not None:
                yield condition, records

    def _gate(self, rule: Rule) -> Iterator[tuple[Condition, Records]]:
        gate = self._rule_index.model.rulesets[rule.ruleset].applies_while
        if gate is not None:
            yield gate, ()


def _chosen(effect: Conclude, records: Records, situation: Situation) -> datetime | None:
    """Since when the first applicable alternative has applied and those before it have not.

    Undecided alternatives are ignored, since the choice is the same either way.
    """
    moments = []
    for _, condition in effect.alternatives:
        truth = condition.evaluate(situation, records)
        if truth is not None:
            moments.append(condition.since(situation, records))
        if truth:
            break
    return latest(moments)
