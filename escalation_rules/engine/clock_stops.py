"""Determines what can stop the clock of an action's steps: rules that forbid or hold it, and pauses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from escalation_rules.engine.changes import Change
from escalation_rules.engine.compile import Compiled, compile_policy
from escalation_rules.engine.flips import RuleTimes
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.policy.conditions import DUES, LIST
from escalation_rules.policy.model import Pause, PolicyModel, Rule
from escalation_rules.policy.strata import conclusions_read, conditions_of

Reasons = tuple[tuple[str, ...], tuple[Pause, ...]]
"""What can stop a clock: rules, including all whose conclusions they read, and pauses."""


def reasons_to_stop(action: str, rule_index: RuleIndex) -> Reasons | None:
    """What can stop the clocks of an action's steps; None if nothing can."""
    model = rule_index.model
    rules = {rule.id: rule for rule in model.rules}
    wanted = [rule.id for rule in model.rules if any(action in effect.actions for effect in rule.prohibits)]
    pauses = rule_index.pauses.get(action, ())
    if not wanted and not pauses:
        return None
    wanted += [name for rule_id in wanted for name in rule_index.overriders.get(rule_id, ())]
    named = {name for condition, _ in pauses for name, concluded in condition.all_reads() if concluded}
    wanted += _concluding(named, rule_index)
    found: set[str] = set()
    while wanted:
        rule = rules[wanted.pop()]
        if rule.id not in found:
            found.add(rule.id)
            wanted += _concluding(_read(rule, model), rule_index)
    return tuple(sorted(found)), pauses


@attrs.frozen(eq=False)
class Stops:
    """The rules and pauses that can stop a clock, each with its list. Shared by actions with the same ones.

    `by_params`: some prohibition depends on parameters of the step; `by_time`: such a dependency also changes
    with time. `looks_at` are the names of all facts, lists and acts that affect whether something stops the
    clock.
    """

    times: RuleTimes
    compiled: Compiled
    pauses: tuple[Pause, ...]
    by_params: bool
    by_time: bool
    looks_at: frozenset[str]

    def looks_at_one_of(self, change: Change) -> bool:
        """Whether a change may affect whether something stops the clock. What open steps depend on is not listed here."""
        return change.touches(self.looks_at) or any(name.startswith(DUES) for name in self.looks_at)

    @classmethod
    def of(cls, reasons: Reasons, model: PolicyModel) -> Stops:
        """Compile what can stop a clock."""
        found, pauses = reasons
        kept = tuple(rule for rule in model.rules if rule.id in found)
        rulesets = {rule.ruleset: model.rulesets[rule.ruleset] for rule in kept}
        part = attrs.evolve(model, rules=kept, rulesets=rulesets, phase_orders=())
        by_params = [
            condition for rule in kept for effect in rule.prohibits for condition in effect.by_params
        ]
        return cls(
            RuleTimes.of(part),
            compile_policy(part, "plain", model),
            pauses,
            bool(by_params),
            any(condition.timed for condition in by_params),
            frozenset(_looked_at(part, pauses)),
        )


def _looked_at(part: PolicyModel, pauses: Sequence[Pause]) -> Iterator[str]:
    """The names that rules and pauses read."""
    for rule in part.rules:
        for condition in (*conditions_of(rule, part.rulesets), *rule.of_prohibitions):
            yield from condition.reach.names
    for condition, _ in pauses:
        yield from condition.reach.names
    lists = (*(rule.for_each for rule in part.rules), *(listed for _, listed in pauses))
    yield from (LIST + name for name in lists if name is not None)


def _read(rule: Rule, model: PolicyModel) -> set[str]:
    """The conclusions that a rule reads, including those inside its prohibitions."""
    found = conclusions_read(rule, model.rulesets)
    for condition in rule.of_prohibitions:
        found |= {name for name, concluded in condition.all_reads() if concluded}
    return found


def _concluding(names: set[str], rule_index: RuleIndex) -> list[str]:
    return [rule.id for name in sorted(names) for rule in rule_index.concluders.get(name, ())]
