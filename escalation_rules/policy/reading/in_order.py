"""Expands `in_order: [a, b, c]` in `then:`: each step is held until all before it are done."""

from __future__ import annotations

from escalation_rules.policy.conditions import Context
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.reading.effect_keys import IN_ORDER
from escalation_rules.source import Mapping, Node, Scalar, Sequence


def expanded(context: Context, node: Node) -> tuple[Node, ...]:
    """The effects of one item of `then:`: itself, or a hold of each action of `in_order` but the first."""
    key = node.key(IN_ORDER) if isinstance(node, Mapping) else None
    if key is None or not isinstance(node, Mapping):
        return (node,)
    listed = node.get(IN_ORDER)
    context.only_keys(node, (IN_ORDER,), f"`{IN_ORDER}`")
    if not isinstance(listed, Sequence) or len(listed.items) < 2:
        found = (
            f"found {describe(listed)}"
            if listed is not None and not isinstance(listed, Sequence)
            else "`in_order` is empty"
        )
        context.error("wrong-form", listed or node, f"{found} instead of a list of actions",
                      f"two actions or more, such as `{IN_ORDER}: [listen, decide, pay]`")  # fmt: skip
        return ()
    actions = context.several(listed, "action", context.vocabulary.actions)
    if len(actions) < len(listed.items):
        return ()
    names = [name for name in listed.items if isinstance(name, Scalar)]
    return tuple(_hold(names[:place], names[place]) for place in range(1, len(names)))


def _hold(before: list[Scalar], action: Scalar) -> Mapping:
    """A hold of the action until all before it are done, at the action's position.

    All, because the one just before it may have been done out of order.
    """
    tests = tuple(Mapping(action.position, ((_word("done", action), scalar),)) for scalar in before)
    every = Mapping(action.position, ((_word("all", action), Sequence(action.position, tests)),))
    until = tests[0] if len(tests) == 1 else every
    return Mapping(action.position, ((_word("hold", action), action), (_word("until", action), until)))


def _word(text: str, place: Scalar) -> Scalar:
    return Scalar(place.position, text, text)
