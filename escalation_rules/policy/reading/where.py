"""`where:` below `forbid` and `hold`: for which parameters it goes."""

from __future__ import annotations

from escalation_rules.errors import listing
from escalation_rules.policy.conditions import WORDS, Condition, Context, read_condition
from escalation_rules.policy.vocabulary import Fact, RecordList
from escalation_rules.source import Mapping, Node, Scalar

_MOST = 4


def read_where(context: Context, node: Node, actions: tuple[str, ...]) -> Condition | None:
    """The condition on the parameters that all of the actions have in common."""
    known = context.vocabulary.actions
    shared: dict[str, Fact] = {}
    for name, parameter in (known[actions[0]].params if actions else {}).items():
        if all(
            known[each].params.get(name) and known[each].params[name].type == parameter.type
            for each in actions
        ):
            shared[name] = Fact(name, parameter.type, position=parameter.position)
    inside = context.within(context.scope.inside(RecordList("(parameters)", "(act)", shared)))
    if isinstance(node, Mapping):
        for key, _ in node.entries:
            if key.text not in shared and _is_parameter(inside, key, actions):
                return None
    return read_condition(inside, node)


def _is_parameter(context: Context, key: Scalar, actions: tuple[str, ...]) -> bool:
    """Whether a name in a `where:` is meant as a parameter and is not one of all the actions: a problem, which is reported."""
    if "." in key.text or key.text in WORDS or context.scope.resolve(key.text) is not None:
        return False
    known = context.vocabulary.actions
    having = [each for each in actions if key.text in known[each].params]
    lacking = [each for each in actions if each not in having]
    if not having:
        shared = context.scope.lists[-1].fields
        close = context.problems.nearest(key.text, shared)
        message = f"the parameter {key.text!r} is none of {listing(actions, _MOST)}"
        wanted = listing(sorted(shared)) if shared else "no `where:`, or actions that have the parameter"
        context.error("unknown-parameter", key, message, None if close else wanted, close)
        return True
    if lacking:
        message = f"`where:` is about all of these actions, but {listing(lacking, _MOST)} has no parameter {key.text}"
        wanted = f"the actions that have it: {listing(having, _MOST)}"
    else:
        message = f"the parameter {key.text} is of several types in these actions"
        wanted = "an effect for each type"
    context.error("does-not-fit", key, message, wanted)
    return True
