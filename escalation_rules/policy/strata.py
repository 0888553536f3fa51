"""Orders rules into strata by what they conclude and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import Rule, Ruleset


@attrs.frozen
class Strata:
    """The stratum of each rule, from 0, and their `count`. `cycle` names the rules of a cycle, which has no strata."""

    of_rule: Mapping[str, int]
    count: int
    cycle: tuple[str, ...] = ()


def conditions_of(rule: Rule, rulesets: Mapping[str, Ruleset]) -> Iterator[Condition]:
    """The conditions that decide whether the rule holds and what it concludes."""
    yield from rulesets[rule.ruleset].conditions if rule.ruleset in rulesets else ()
    yield from rule.deciding


def names_read(rule: Rule, rulesets: Mapping[str, Ruleset]) -> frozenset[tuple[str, bool]]:
    """The names that these conditions read, each with whether it is a conclusion."""
    return rule.reads | rulesets[rule.ruleset].reads if rule.ruleset in rulesets else rule.reads


def conclusions_read(rule: Rule, rulesets: Mapping[str, Ruleset]) -> set[str]:
    """The conclusions that the rule's conditions read."""
    return {name for name, concluded in names_read(rule, rulesets) if concluded}


def sort_rules(rules: Sequence[Rule], rulesets: Mapping[str, Ruleset]) -> Strata:
    """The strata of the rules, independent of their given order."""
    concluders: dict[str, list[str]] = {}
    for rule in rules:
        for conclusion in rule.concludes:
            concluders.setdefault(conclusion.name, []).append(rule.id)
    needs = {
        rule.id: sorted(conclusions_read(rule, rulesets)) for rule in sorted(rules, key=lambda rule: rule.id)
    }
    numbers: dict[str, int] = {}
    waiting = dict(needs)
    level = 0
    while waiting:
        ready = [
            rule
            for rule, names in waiting.items()
            if all(numbers.get(other, level) < level for name in names for other in concluders.get(name, ()))
        ]
        if not ready:
            return Strata({}, 0, _cycle(waiting, concluders))
        for name in ready:
            numbers[name] = level
            del waiting[name]
        level += 1
    return Strata(numbers, max(level, 1))


def _cycle(waiting: Mapping[str, Sequence[str]], concluders: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    path: list[str] = []
    rule = next(iter(waiting))
    while rule not in path:
        path.append(rule)
        rule = next(other for name in waiting[rule] for other in concluders.get(name, ()) if other in waiting)
    return (*path[path.index(rule) :], rule)
