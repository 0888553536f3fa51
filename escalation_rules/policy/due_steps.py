"""The tests on open steps (`step_overdue`, `step_due`), and the rules that decide about such a step (SEMANTICS 96).

Other rules may test a step only if nothing that decides about it depends on the test.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.conditions.nested import tested_steps
from escalation_rules.policy.model import PolicyModel, Rule


@attrs.frozen(eq=False)
class Behind:
    """What decides about the steps of an action: rules by id, and the other actions whose steps are tested by them."""

    rules: frozenset[str]
    tested: frozenset[str]


def tested_actions(model: PolicyModel) -> frozenset[str]:
    """The actions whose open steps are tested anywhere in the policy."""
    others = tested_steps((*(order.when for order in model.phase_orders), *model.pauses.values()))
    return others.union(*(tested_by(rule, model) for rule in model.rules))


def tested_by(rule: Rule, model: PolicyModel) -> frozenset[str]:
    """The actions whose open steps are tested by a rule."""
    return rule.tested_steps | model.rulesets[rule.ruleset].tested_steps


def dependencies(model: PolicyModel) -> dict[str, frozenset[str]]:
    """For each action whose open steps are tested, the tested actions that its own steps depend on."""
    return {action: behind(action, model).tested for action in sorted(tested_actions(model))}


def rules_behind(action: str, model: PolicyModel) -> frozenset[str]:
    """All rules, by id, that the steps of an action depend on, also through the steps that these rules test."""
    found: frozenset[str] = frozenset()
    seen: set[str] = set()
    waiting = [action]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            direct = behind(name, model)
            found |= direct.rules
            waiting += sorted(direct.tested)
    return found


def behind(action: str, model: PolicyModel) -> Behind:
    """What decides about the steps of an action: the rules that recommend it, forbid it, hold it, override or conclude
    for these, and those behind the steps that wait for it."""
    by_id = {rule.id: rule for rule in model.rules}
    concluders: dict[str, list[str]] = {}
    for rule in model.rules:
        for conclusion in rule.concludes:
            concluders.setdefault(conclusion.name, []).append(rule.id)
    actions, rules, tested = {action}, set[str](), set[str]()
    waiting_actions, waiting_rules = [action], list[str]()
    while waiting_actions or waiting_rules:
        if waiting_actions:
            name = waiting_actions.pop()
            following = [rule.id for rule in model.rules if _is_about(rule, name)]
            held = set(_held_for(name, model)) - actions
            actions |= held
            waiting_actions += sorted(held)
            conditions: tuple[Condition, ...] = (model.pauses[name],) if name in model.pauses else ()
            names = set[str]()
            tested |= tested_steps(conditions)
        else:
            rule = by_id[waiting_rules.pop()]
            following = [overrider.id for overrider in model.rules if rule.id in overrider.overrides]
            conditions = (*rule.every_condition, *model.rulesets[rule.ruleset].conditions)
            names = _values_read(rule)
            tested |= tested_by(rule, model)
        names |= {name for condition in conditions for name, concluded in condition.all_reads() if concluded}
        following += [rule for name in names for rule in concluders.get(name, ())]
        found = set(following) - rules
        rules |= found
        waiting_rules += sorted(found)
    return Behind(frozenset(rules), frozenset(tested))


def _is_about(rule: Rule, action: str) -> bool:
    return any(effect.action == action for effect in rule.recommends) or any(
        action in effect.actions for effect in rule.prohibits
    )


def _held_for(action: str, model: PolicyModel) -> Iterator[str]:
    """The actions that are held until this one is done: the act that releases a hold takes over their times."""
    for rule in model.rules:
        for effect in rule.prohibits:
            if action in effect.acts_needed:
                yield from effect.actions


def _values_read(rule: Rule) -> set[str]:
    """The conclusions that the parameters of a rule's steps read."""
    names = (name for effect in rule.recommends for _, value in effect.params for name in value.names())
    return {name.full for name in names if name.fact.concluded}
