"""Divides the rules that are true or undecided by action, and keeps what follows for an action: its state.

The state of an action is the same in all cases in which the same rules of the case speak about it, as long as what they say
depends on nothing else: no record, no act, no anchor, no parameter, no text with values. Other actions are left to
`recommendations` and `prohibitions`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import attrs

from escalation_rules.decision import Forbidden
from escalation_rules.engine.caches import keep
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.prohibitions import (
    Concerned,
    Prohibition,
    Prohibitions,
    alike_prohibitions,
    standing,
)
from escalation_rules.engine.recommendations import Key, Recommendation, alike
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.steps import AnyCase, Draft, draft
from escalation_rules.policy.conditions import Condition, Situation, Truth
from escalation_rules.policy.model import Prohibit, Recommend, Rule


@attrs.frozen(eq=False)
class Blocked:
    """What blocks one wanted step."""

    draft: Draft
    covering: tuple[tuple[Prohibition, Truth], ...]

    @property
    def forbidden(self) -> bool:
        """Whether a decided prohibition forbids it."""
        return any(prohibition.forbids and truth for prohibition, truth in self.covering)


@attrs.frozen(eq=False)
class Possible:
    """The recommendation of an undecided rule."""

    instance: Instance
    recommendation: Recommendation


Part = Recommendation | Prohibition | Possible
"""What a rule says about an action."""


class ActionParts(NamedTuple):
    """What a rule says while it is true or undecided.

    `alike` are the parts that are the same in all cases, each with its actions and, of a hold, the condition that ends it.
    `others` are the actions about which it says something that depends on the case.
    """

    alike: tuple[tuple[tuple[str, ...], Part, Condition | None], ...]
    others: frozenset[str]


@attrs.define(eq=False)
class ActionState:
    """What follows for one action: its step (`draft`) or what blocks it, its prohibitions, and the undecided rules that may
    add or change the step.

    `forbidding` and `holding` are the certain prohibitions to list, unless the step itself is listed as forbidden or held.
    `by_acts`: it is valid only while there is no act of the action. `forbids`: something is listed as forbidden. `step` and
    `forbidden` are those of the decision, made when first used.
    """

    key: Key
    prohibitions: list[Prohibition]
    draft: Draft | None
    blocked: Blocked | None
    may_add: tuple[tuple[Instance, str], ...]
    forbidding: tuple[tuple[Concerned, list[Prohibition]], ...]
    holding: tuple[tuple[Concerned, list[Prohibition]], ...]
    by_acts: bool
    forbids: bool
    step: AnyCase | None = None
    forbidden: tuple[Forbidden, ...] | None = None

    @classmethod
    def of(
        cls, action: str, parts: Sequence[Part], rule_index: RuleIndex, situation: Situation
    ) -> ActionState:
        """The state of an action about which rules say this, in the order of rules."""
        key = Key(action)
        wanted = [part for part in parts if isinstance(part, Recommendation)]
        possible = [part for part in parts if isinstance(part, Possible)]
        listed = [part for part in parts if isinstance(part, Prohibition)]
        one = draft(key, wanted, rule_index, situation) if wanted else None
        blocked = None
        if one is not None:
            against = Prohibitions({action: listed})
            covering = tuple(against.covering(action, None, one.doer, one.as_record(), situation))
            blocked = Blocked(one, covering) if covering or one.conflicts else None
        may_add = tuple(
            (possibility.instance, action)
            for possibility in possible
            if blocked is None and _changes(one, possibility.recommendation, rule_index, situation)
        )
        forbidding, holding = standing({action: listed})
        is_forbidden = blocked is not None and blocked.forbidden
        return cls(
            key,
            listed,
            draft=one if blocked is None else None,
            blocked=blocked,
            may_add=may_add,
            forbidding=tuple(forbidding.items()) if not is_forbidden else (),
            holding=tuple(pair for pair in holding.items() if pair[0] not in forbidding)
            if not blocked
            else (),
            by_acts=bool(wanted or possible),
            forbids=bool(is_forbidden or forbidding),
        )


def _changes(
    step: Draft | None, possible: Recommendation, rule_index: RuleIndex, situation: Situation
) -> bool:
    """Whether another reason would add a step, or change its owner."""
    if step is None:
        return True
    other = draft(step.key, (*step.recommendations, possible), rule_index, situation)
    return (other.owner, other.values, other.conflicts) != (step.owner, step.values, step.conflicts)


def by_action(
    live: Sequence[Instance], situation: Situation, rule_index: RuleIndex
) -> tuple[Mapping[str, ActionState], Sequence[Instance]]:
    """The state of each action that has one, and the instances that also speak about other actions.

    `live` are the rules that are true or undecided.
    """
    found: dict[str, list[Part]] = {}
    open_ones: set[str] = set()
    kept = rule_index.alike.said
    for instance in live:
        said = kept.get(instance) or _said(instance, rule_index)
        for actions, part, until in said.alike:
            if until is not None and until.evaluate(situation, ()) is True:
                continue  # the hold has ended
            for action in actions:
                if action in found:
                    found[action].append(part)
                else:
                    found[action] = [part]
        if said.others:
            open_ones |= said.others
    # A situation that records what is read must be asked about each action.
    has_acts = situation.noting or situation.acts
    states = {}
    for action, parts in found.items():
        if action in open_ones:
            continue
        state = _state(action, parts, rule_index, situation)
        if has_acts and state.by_acts and situation.acts_of((action,)):
            open_ones.add(action)
        else:
            states[action] = state
    return states, live if open_ones else ()


def _state(action: str, parts: Sequence[Part], rule_index: RuleIndex, situation: Situation) -> ActionState:
    kept, key = rule_index.alike.states, (action, *parts)
    found = kept.get(key)
    if found is None:
        found = keep(kept, key, ActionState.of(action, parts, rule_index, situation))
    return found


def _said(instance: Instance, rule_index: RuleIndex) -> ActionParts:
    """What the rule of an instance says; kept by instance, which is the same in all cases, or by rule if it is of a record."""
    kept, rule = rule_index.alike.said, instance.rule
    key = instance if rule.for_each is None else rule.id
    found = kept.get(key)
    if found is None:
        found = keep(kept, key, _all_said(instance, rule_index))
    return found


def _all_said(instance: Instance, rule_index: RuleIndex) -> ActionParts:
    rule = instance.rule
    parts: list[tuple[tuple[str, ...], Part, Condition | None]] = []
    others: set[str] = set()
    for effect, always in zip(rule.recommends, alike(rule, rule_index), strict=True):
        if always is None or not _is_plain(rule, effect, rule_index):
            others.add(effect.action)
        else:
            part = always if instance.truth else Possible(instance, always)
            parts.append(((effect.action,), part, None))
    for prohibition in alike_prohibitions(instance, instance.truth, (), rule_index):
        against = prohibition.effect
        if _depends(rule, against, rule_index):
            others.update(against.actions, against.acts_needed)
        elif instance.truth or not against.when_unknown_allow:
            parts.append((against.actions, prohibition, against.until))
    if rule.for_each is not None:
        others.update(name for effect in rule.prohibits for name in (*effect.actions, *effect.acts_needed))
    return ActionParts(tuple(parts), frozenset(others))


def _is_plain(rule: Rule, effect: Recommend, rule_index: RuleIndex) -> bool:
    """Whether a step is the same in all cases if the rule recommends it: it has no parameters, and no text has slots."""
    texts = (effect.say, rule_index.model.vocabulary.actions[effect.action].say, rule.because)
    return not effect.params and not any(True for text in texts for _ in text.slots())


def _depends(rule: Rule, effect: Prohibit, rule_index: RuleIndex) -> bool:
    """Whether a prohibition depends on more than the truth of its rule and the end of the hold, or waits for an act."""
    return bool(
        effect.by_params
        or any(True for _ in effect.awaited)
        or rule.because_names
        or rule.id in rule_index.overriders
        or rule.id in rule_index.limited
    )
