"""Detects holds that wait for each other and so can never end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs

from escalation_rules.errors import Diagnostic, Problems
from escalation_rules.policy.conditions import AllOf, Condition, exclude, implies
from escalation_rules.policy.model import PolicyModel, Prohibit, Rule

_MOST_PATHS = 2000
"""The maximum number of paths followed from an action before it is assumed that it is in no cycle."""


def check_holds(model: PolicyModel, layers: Mapping[str, int], problems: Problems) -> None:
    """Report holds that wait for each other, at the one in the highest layer. `layers` are those of the rules."""
    waits: dict[str, list[Wait]] = {}
    for rule in model.rules:
        for effect in rule.prohibits:
            needed = sorted(effect.acts_needed)
            for action in effect.actions:
                waits.setdefault(action, []).extend(Wait(rule, effect, act) for act in needed)
    circle = _circle(waits, model)
    if circle:
        names = [*(wait.needed for wait in circle[-1:]), *(wait.needed for wait in circle)]
        blamed = max((wait.rule.id for wait in circle), key=lambda name: layers[name])
        place = next(wait.effect.position for wait in circle if wait.rule.id == blamed)
        problems.add(Diagnostic("hold-deadlock", "these holds wait for each other: " + " → ".join(names), place,
                                expected="a hold that can end without the others"))  # fmt: skip


@attrs.frozen(eq=False)
class Wait:
    """A hold of a rule, and one act that it waits for."""

    rule: Rule
    effect: Prohibit
    needed: str


def _circle(waits: Mapping[str, Sequence[Wait]], model: PolicyModel) -> tuple[Wait, ...]:
    """Holds that wait for each other in a cycle, of rules that may apply to the same case; empty if there are none."""
    for start in sorted(waits):
        stack: list[tuple[str, tuple[Wait, ...]]] = [(start, ())]
        for _ in range(_MOST_PATHS):
            if not stack:
                break
            action, path = stack.pop()
            for wait in sorted(
                waits.get(action, ()), key=lambda wait: (wait.needed, wait.rule.id), reverse=True
            ):
                if any(_apart(wait.rule, earlier.rule, model) for earlier in path):
                    continue
                if wait.needed == start:
                    return (*path, wait)
                if all(wait.needed != earlier.needed for earlier in path):
                    stack.append((wait.needed, (*path, wait)))
    return ()


def _apart(one: Rule, other: Rule, model: PolicyModel) -> bool:
    """Whether the two rules never apply to the same case."""
    mine, its = _condition(one, model), _condition(other, model)
    lifted = any(
        rule.unless is not None and implies(condition, rule.unless)
        for rule, condition in ((one, its), (other, mine))
        if rule.for_each is None
    )
    return one is not other and (lifted or exclude(mine, its))


def _condition(rule: Rule, model: PolicyModel) -> Condition:
    gate = model.rulesets[rule.ruleset].applies_while if rule.ruleset in model.rulesets else None
    return AllOf(tuple(condition for condition in (gate, rule.when) if condition is not None))
