"""Detects limits in money that cannot be tested for lack of an amount in the case's currency, or of a currency.

With `when_unknown: allow`, an unknown fact lets an action pass; a limit that cannot be tested does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import CURRENCY_NEED, Condition, Need, Records, Situation, open_needs


class Limits:
    """Finds out whether undecided rules are undecided because of such a limit."""

    def __init__(self, rule_index: RuleIndex, outcome: Outcome, situation: Situation) -> None:
        self.rule_index = rule_index
        self.outcome = outcome
        self.situation = situation

    def leaves_open(self, instance: Instance) -> bool:
        """Whether such a limit contributes to a prohibition of the rule being undecided."""
        if instance.rule.id not in self.rule_index.limited:
            return False
        overriding = (
            overriding_instance
            for name in self.rule_index.overriders.get(instance.rule.id, ())
            for overriding_instance in self.outcome.of(name)
            if overriding_instance.record_id == instance.record_id
        )
        return any(self._open(involved, set()) for involved in (instance, *overriding))

    def in_where(self, condition: Condition | None, records: Records) -> bool:
        """Whether such a limit contributes to the condition being undecided."""
        if condition is None:
            return False
        return self._traced(open_needs(condition, self.situation, records), set())

    def _open(self, instance: Instance, seen: set[Need]) -> bool:
        if instance.truth is not None or not instance.listed:
            return False
        gate = self.rule_index.model.rulesets[instance.rule.ruleset].applies_while
        parts = [(gate, ()), (instance.rule.when, instance.records)]
        return any(
            self._traced(open_needs(condition, self.situation, records), seen)
            for condition, records in parts if condition is not None
        )  # fmt: skip

    def _traced(self, needs: Iterator[Need], seen: set[Need]) -> bool:
        """Whether one of the needs is the currency, or a conclusion that depends on it."""
        for need in needs:
            if need.name == CURRENCY_NEED:
                return True
            if need.concluded and need not in seen:
                seen.add(need)
                if any(self._concluding(instance, need, seen) for instance in self._concluders(need)):
                    return True
        return False

    def _concluders(self, need: Need) -> Iterator[Instance]:
        for rule in self.rule_index.concluders.get(need.name, ()):
            for instance in self.outcome.of(rule.id):
                if need.about is None or instance.record_id == need.about:
                    yield instance

    def _concluding(self, instance: Instance, need: Need, seen: set[Need]) -> bool:
        effect = next(conclusion for conclusion in instance.rule.concludes if conclusion.name == need.name)
        if not effect.alternatives or not instance.listed:
            return self._open(instance, seen)
        for _, condition in effect.alternatives:
            if self._traced(open_needs(condition, self.situation, instance.records), seen):
                return True
            if condition.evaluate(self.situation, instance.records):
                break  # later alternatives do not count
        return False
