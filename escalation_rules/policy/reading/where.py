"""Reads `where:` of `forbid` and `hold`, and `until:` of holds: conditions on the parameters of a step."""

from __future__ import annotations

import attrs

from escalation_rules.errors import listing
from escalation_rules.policy.conditions import STEP, WORDS, Condition, Context, read_condition
from escalation_rules.policy.vocabulary import Fact, RecordList
from escalation_rules.source import Mapping, Node, Scalar, Sequence

_MOST = 4


def read_until(context: Context, node: Node, actions: tuple[str, ...]) -> Condition | None:
    """Read the end of a hold of the actions. If an act must cover the held step's parameters, these are in scope.

    Without actions, which an error elsewhere makes unknown, the parameters are in doubt.
    """
    if _covers_step(node):
        step = attrs.evolve(_step(context, actions), position=node.position)
        if not actions:
            context.problems.doubt((step.position, STEP))
        scope = context.scope.inside(step)
        return read_condition(context.within(attrs.evolve(scope, unnamed=True)), node)
    return read_condition(context, node)


def _covers_step(node: Node) -> bool:
    """Whether it contains, at any depth, a `covers:` without values, which refers to the held step."""
    if isinstance(node, Mapping):
        return any(
            (key.text == "covers" and not isinstance(inner, Mapping)) or _covers_step(inner)
            for key, inner in node.entries
        )
    return isinstance(node, Sequence) and any(_covers_step(entry) for entry in node.items)


def _step(context: Context, actions: tuple[str, ...]) -> RecordList:
    """The parameters that all of the actions have in common."""
    known = context.vocabulary.actions
    shared: dict[str, Fact] = {}
    for name, parameter in (known[actions[0]].params if actions else {}).items():
        if all(
            known[action].params.get(name) and known[action].params[name].type == parameter.type
            for action in actions
        ):
            shared[name] = Fact(name, parameter.type, position=parameter.position)
    return RecordList(STEP, "(act)", shared)


def read_where(context: Context, node: Node, actions: tuple[str, ...]) -> Condition | None:
    """Read the condition on the parameters that all of the actions have in common."""
    step = _step(context, actions)
    shared = step.fields
    inside = context.within(context.scope.inside(step))
    if isinstance(node, Mapping):
        for key, _ in node.entries:
            if key.text not in shared and _is_parameter(inside, key, actions):
                return None
    return read_condition(inside, node)


def _is_parameter(context: Context, key: Scalar, actions: tuple[str, ...]) -> bool:
    """Whether a name in `where:` is a parameter of only some of the actions; if so, it is reported."""
    if "." in key.text or key.text in WORDS or context.scope.resolve(key.text) is not None:
        return False
    known = context.vocabulary.actions
    having = [action for action in actions if key.text in known[action].params]
    lacking = [action for action in actions if action not in having]
    if not having:
        shared = context.scope.lists[-1].fields
        message = f"{listing(actions, _MOST)} has no parameter {key.text!r}"
        if outer := context.scope.outer(key.text):
            context.error("unknown-parameter", key, message, None, outer)
            return True
        wanted = None if shared else "no `where:`, or actions that have the parameter"
        context.problems.unknown("unknown-parameter", message, key.text, shared,
                                 position=key.position, expected=wanted)  # fmt: skip
        return True
    if lacking:
        message = f"`where:` is about all of these actions, but {listing(lacking, _MOST)} has no parameter {key.text}"
        wanted = f"the actions that have it: {listing(having, _MOST)}"
    else:
        message = f"the parameter {key.text} is of several types in these actions"
        wanted = "an effect for each type"
    context.error("does-not-fit", key, message, wanted)
    return True
