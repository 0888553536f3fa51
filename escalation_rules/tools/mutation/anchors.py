"""Makes the times of a changed rule count from what its changed condition finds, as if its text had been changed."""

from __future__ import annotations

import attrs

from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.conditions.required import required_acts
from escalation_rules.policy.model import ActAnchor, Effect, FoundAnchor, Recommend, Rule, StepAnchor
from escalation_rules.policy.reading.due import act_anchor, finding, step_anchor
from escalation_rules.policy.reading.rules import finding_tests, required_step_tests


def anchored(rule: Rule) -> Rule:
    """The rule with the starts of its times looked up again in its condition. Raises `PolicyError` if there is
    no such test any more, or more than one."""
    effects = tuple(_effect(effect, rule.when) for effect in rule.effects)
    return rule if effects == rule.effects else attrs.evolve(rule, effects=effects)


def _effect(effect: Effect, when: Condition | None) -> Effect:
    if not isinstance(effect, Recommend):
        return effect
    if isinstance(effect.before, FoundAnchor):
        effect = attrs.evolve(effect, before=_found(effect.before, effect, when))
    match effect.anchor:
        case FoundAnchor():
            return attrs.evolve(effect, anchor=_found(effect.anchor, effect, when))
        case ActAnchor(action=action):
            return attrs.evolve(effect, anchor=act_anchor(action, required_acts(when) if when else ()))
        case StepAnchor(test=test):
            found = step_anchor(test.head, required_step_tests(when) if when else ())
            if found is None:
                raise _no_start(effect)
            return attrs.evolve(effect, anchor=found)
    return effect


def _found(anchor: FoundAnchor, effect: Recommend, when: Condition | None) -> FoundAnchor:
    found = finding(finding_tests(when) if when else (), anchor.test.selection.list)
    if len(found) != 1:
        raise _no_start(effect)
    return FoundAnchor(found[0], anchor.field)


def _no_start(effect: Recommend) -> PolicyError:
    message = f"the time of {effect.action} has no start any more"
    return PolicyError([Diagnostic("unclear-anchor", message, effect.position)])
