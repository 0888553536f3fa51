"""Generates policies with one small change each, from the parsed policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.errors import PolicyError, Position
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import (
    Conclude,
    Effect,
    Forbid,
    Hold,
    PolicyModel,
    Prohibit,
    Recommend,
    Rule,
)
from escalation_rules.policy.rebinding import rebound, rebound_part
from escalation_rules.policy.vocabulary import NOWHERE, Action
from escalation_rules.solving.written import one_line
from escalation_rules.tools.mutation.anchors import anchored
from escalation_rules.tools.mutation.condition_changes import changes, neighbours, with_part

KINDS = (
    "dropped", "negated", "bound moved", "bound dropped", "level shifted", "value dropped", "effect dropped",
    "alternative dropped", "alternatives swapped", "recommend and forbid swapped", "owner changed", "within dropped",
    "within moved", "fixed dropped", "again dropped", "lapse dropped", "pause dropped", "parameter dropped", "by dropped",
    "by narrowed", "until dropped", "when_unknown changed", "override dropped", "escalation dropped", "phase order changed",
    "not_by dropped",
)  # fmt: skip


@attrs.frozen(eq=False)
class Mutant:
    """One change: its kind, the rule or ruleset (`owner`), its position, and the old and new text.

    `rule` is the changed rule, if the change is in a rule; `condition` is the changed part of a condition.
    """

    number: int
    kind: str
    owner: str
    place: Position
    before: str
    after: str
    rule: Rule | None
    apply: Callable[[PolicyModel], PolicyModel]
    in_condition: bool = False

    @property
    def key(self) -> str:
        """An identifier that is the same in every run."""
        return f"{self.owner} {self.kind} {self.number}"


@attrs.frozen(eq=False)
class _Change:
    kind: str
    place: Position
    before: str
    after: str
    rule: Rule
    in_condition: bool = False


def mutants(model: PolicyModel) -> tuple[Mutant, ...]:
    """All policies with one change, in the order of the rules."""
    found: list[Mutant] = []
    for rule in model.rules:
        for change in _of_rule(rule, model):
            if change.rule != rule:
                changed, apply = _whole(change.rule)
                found.append(Mutant(len(found), change.kind, rule.id, change.place, change.before, change.after, changed,
                                    apply, change.in_condition))  # fmt: skip
    for kind, owner, place, before, after, apply in _of_policy(model):
        found.append(Mutant(len(found), kind, owner, place, before, after, None, apply))
    return tuple(found)


def _whole(rule: Rule) -> tuple[Rule, Callable[[PolicyModel], PolicyModel]]:
    """The changed rule with its times, and the change of a policy, which fails if they have no start."""
    try:
        rule = anchored(rule)
    except PolicyError as problem:
        return rule, partial(_refused, problem)
    return rule, _replacing(rule)


def _refused(problem: PolicyError, _: PolicyModel) -> PolicyModel:
    raise PolicyError(problem.diagnostics)


def _replacing(rule: Rule) -> Callable[[PolicyModel], PolicyModel]:
    def apply(model: PolicyModel) -> PolicyModel:
        return attrs.evolve(
            model, rules=tuple(rule if other.id == rule.id else other for other in model.rules)
        )

    return apply


# --- rules ------------------------------------------------------------------------------------------------------------


def _of_rule(rule: Rule, model: PolicyModel) -> Iterator[_Change]:
    for part in ("when", "unless"):
        condition = getattr(rule, part)
        if condition is not None:
            for kind, place, before, after, new in _changed(condition):
                yield _Change(kind, place, before, after, with_part(rule, part, new), True)
    for number, effect in enumerate(rule.effects):
        without = (*rule.effects[:number], *rule.effects[number + 1 :])
        yield _Change(
            "effect dropped", effect.position, _named(effect), "", attrs.evolve(rule, effects=without)
        )
        for kind, place, before, after, new in _of_effect(effect, model):
            effects = (*rule.effects[:number], new, *rule.effects[number + 1 :])
            yield _Change(kind, place, before, after, attrs.evolve(rule, effects=effects))
    for part, kind in (("overrides", "override dropped"), ("escalates", "escalation dropped")):
        names: tuple[str, ...] = getattr(rule, part)
        for name in names:
            left = tuple(other for other in names if other != name)
            yield _Change(kind, rule.position, f"{part}: {name}", "", with_part(rule, part, left))


_Changed = tuple[str, Position, str, str, Any]


def _changed(condition: Condition) -> Iterator[_Changed]:
    for changed in changes(condition):
        place = changed.place if changed.place != NOWHERE else condition.position
        after = one_line(changed.after) if changed.after is not None else ""
        yield changed.kind, place, one_line(changed.before), after, changed.condition


def _of_effect(effect: Effect, model: PolicyModel) -> Iterator[_Changed]:
    for kind, before, after, new in _of_head(effect, model):
        yield kind, effect.position, before, after, new
    for part in ("where", "until", "paused_while"):
        condition = getattr(effect, part, None)
        if condition is not None:
            for kind, place, before, after, changed in _changed(condition):
                if changed is not None:
                    yield kind, place, before, after, with_part(effect, part, changed)
    if isinstance(effect, Conclude):
        for number, (value, condition) in enumerate(effect.alternatives):
            for kind, place, before, after, changed in _changed(condition):
                if changed is not None:
                    others = (
                        *effect.alternatives[:number],
                        (value, changed),
                        *effect.alternatives[number + 1 :],
                    )
                    yield kind, place, before, after, attrs.evolve(effect, alternatives=others)


_InEffect = tuple[str, str, str, Effect]


def _of_head(effect: Effect, model: PolicyModel) -> Iterator[_InEffect]:
    match effect:
        case Recommend():
            return _of_recommendation(effect, model)
        case Prohibit():
            return _of_prohibition(effect, model)
        case Conclude():
            return _of_conclusion(effect)


def _of_recommendation(effect: Recommend, model: PolicyModel) -> Iterator[_InEffect]:
    declared = model.vocabulary.actions[effect.action]
    swapped = Forbid((effect.action,), effect.action, effect.aim, position=effect.position)
    yield "recommend and forbid swapped", _named(effect), _named(swapped), swapped
    owner = effect.owner or declared.owner
    other = next((role for role in model.vocabulary.roles if role != owner), None)
    if other is not None:
        yield "owner changed", f"owner: {owner}", f"owner: {other}", attrs.evolve(effect, owner=other)
    if effect.within is not None:
        yield "within dropped", f"within: {effect.within}", "", attrs.evolve(effect, within=None)
        for deadline in _later(effect.within):
            yield (
                "within moved",
                f"within: {effect.within}",
                f"within: {deadline}",
                attrs.evolve(effect, within=deadline),
            )
    if effect.fixed:
        yield "fixed dropped", "fixed: true", "", attrs.evolve(effect, fixed=False)
    for part, kind in (
        ("again", "again dropped"),
        ("lapses_after", "lapse dropped"),
        ("paused_while", "pause dropped"),
    ):
        if getattr(effect, part) is not None:
            yield kind, part, "", with_part(effect, part, None)
    for name, _ in effect.params:
        left = tuple(pair for pair in effect.params if pair[0] != name)
        yield "parameter dropped", name, "", attrs.evolve(effect, params=left)


def _later(deadline: Deadline) -> Iterator[Deadline]:
    if deadline.length is not None:
        yield from (attrs.evolve(deadline, length=length) for length in neighbours(deadline.length))
    elif deadline.at_instant:
        yield attrs.evolve(deadline, length=Duration(1, "day"))


def _of_prohibition(effect: Forbid | Hold, model: PolicyModel) -> Iterator[_InEffect]:
    declared = [name for name in effect.actions if model.vocabulary.actions[name].phase is not None]
    if declared:
        swapped = Recommend(declared[0], effect.aim, position=effect.position)
        yield "recommend and forbid swapped", _named(effect), _named(swapped), swapped
    if effect.by:
        yield "by dropped", f"by: {', '.join(effect.by)}", "", attrs.evolve(effect, by=())
    elif model.vocabulary.roles:
        role = next(iter(model.vocabulary.roles))
        yield "by narrowed", "", f"by: {role}", attrs.evolve(effect, by=(role,))
    if isinstance(effect, Hold):
        yield "until dropped", f"until: {one_line(effect.until)}", "", _without_end(effect)
    if effect.where is not None:
        yield "dropped", f"where: {one_line(effect.where)}", "", attrs.evolve(effect, where=None)
    other = not effect.when_unknown_allow
    yield (
        "when_unknown changed",
        "",
        f"when_unknown: {'allow' if other else 'hold'}",
        attrs.evolve(effect, when_unknown_allow=other),
    )


def _without_end(hold: Hold) -> Forbid:
    return Forbid(
        hold.actions,
        hold.named,
        hold.aim,
        hold.by,
        hold.where,
        hold.when_unknown_allow,
        position=hold.position,
    )


def _of_conclusion(effect: Conclude) -> Iterator[_InEffect]:
    found = effect.alternatives
    for number, (value, _) in enumerate(found):
        if len(found) > 1:
            left = (*found[:number], *found[number + 1 :])
            yield "alternative dropped", value, "", attrs.evolve(effect, alternatives=left)
        if number and value != found[number - 1][0]:
            pair = (found[number], found[number - 1])
            swapped = (*found[: number - 1], *pair, *found[number + 1 :])
            yield (
                "alternatives swapped",
                f"{pair[1][0]}, {value}",
                f"{value}, {pair[1][0]}",
                attrs.evolve(effect, alternatives=swapped),
            )


# --- rulesets and vocabulary ------------------------------------------------------------------------------------------

_OfPolicy = tuple[str, str, Position, str, str, Callable[[PolicyModel], PolicyModel]]


def _of_policy(model: PolicyModel) -> Iterator[_OfPolicy]:
    for name, ruleset in model.rulesets.items():
        if ruleset.applies_while is not None:
            for kind, place, before, after, new in _changed(ruleset.applies_while):
                changed = {**model.rulesets, name: attrs.evolve(ruleset, applies_while=new)}
                yield kind, name, place, before, after, _setting("rulesets", changed)
    for number, order in enumerate(model.phase_orders):
        for kind, place, before, after, new in _changed(order.when):
            if new is not None:
                yield (
                    kind,
                    "phase_order",
                    place,
                    before,
                    after,
                    _ordering(model, number, attrs.evolve(order, when=new)),
                )
        for one, other in _swaps(order.order):
            swapped = attrs.evolve(order, order=other)
            yield (
                "phase order changed",
                "phase_order",
                order.position,
                one,
                ", ".join(other),
                _ordering(model, number, swapped),
            )
    for name, declared_action in model.vocabulary.actions.items():
        for number, barred in enumerate(declared_action.barred):
            left = (*declared_action.barred[:number], *declared_action.barred[number + 1 :])
            declared = attrs.evolve(declared_action, barred=left)
            yield (
                "by dropped" if barred.only else "not_by dropped",
                name,
                declared_action.position,
                f"{'by' if barred.only else 'not_by'}: {barred.named}",
                "",
                partial(_declaring, declared),
            )
    for action, condition in model.pauses.items():
        for kind, place, before, after, new in _changed(condition):
            pauses = {name: test for name, test in model.pauses.items() if name != action}
            yield (
                kind,
                action,
                place,
                before,
                after,
                _setting("pauses", pauses | ({} if new is None else {action: new})),
            )


def _declaring(action: Action, model: PolicyModel) -> PolicyModel:
    """A policy with another declaration of an action, which its rules read."""
    before = model.vocabulary
    after = attrs.evolve(before, actions={**before.actions, action.name: action})
    rules = tuple(rebound(rule, before, after) for rule in model.rules)
    gates = {name: attrs.evolve(ruleset, applies_while=rebound_part(ruleset.applies_while, before, after))
             for name, ruleset in model.rulesets.items()}  # fmt: skip
    pauses = {name: rebound_part(condition, before, after) for name, condition in model.pauses.items()}
    orders = tuple(
        attrs.evolve(order, when=rebound_part(order.when, before, after)) for order in model.phase_orders
    )
    return attrs.evolve(
        model, vocabulary=after, rules=rules, rulesets=gates, pauses=pauses, phase_orders=orders
    )


def _swaps(order: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for place in range(len(order) - 1):
        yield ", ".join(order), (*order[:place], order[place + 1], order[place], *order[place + 2 :])


def _setting(part: str, value: Any) -> Callable[[PolicyModel], PolicyModel]:
    return lambda model: _changed_model(model, part, value)


def _changed_model(model: PolicyModel, part: str, value: object) -> PolicyModel:
    changed: PolicyModel = with_part(model, part, value)
    return changed


def _ordering(model: PolicyModel, number: int, order: Any) -> Callable[[PolicyModel], PolicyModel]:
    orders = (*model.phase_orders[:number], order, *model.phase_orders[number + 1 :])
    return _setting("phase_orders", orders)


# --- words ------------------------------------------------------------------------------------------------------------


def _named(effect: Effect) -> str:
    match effect:
        case Recommend():
            return f"{effect.head}: {effect.action}"
        case Prohibit():
            return f"{effect.head}: {effect.named}"
        case Conclude():
            return f"{effect.head}: {effect.name}"
