"""Expands `in_order: [a, b, c]` in `then:`: each step is held until the one before it is done."""

from __future__ import annotations

from itertools import pairwise

from escalation_rules.policy.conditions import Context
from escalation_rules.policy.conditions.context import describe
from escalation_rules.source import Mapping, Node, Scalar, Sequence

IN_ORDER = "in_order"


def expanded(context: Context, node: Node) -> tuple[Node, ...]:
    """The effects of one item of `then:`: itself, or a hold for each pair of `in_order`."""
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
    names = [each for each in listed.items if isinstance(each, Scalar)]
    return tuple(_hold(first, second) for first, second in pairwise(names))


def _hold(first: Scalar, second: Scalar) -> Mapping:
    """A hold of the second action until the first is done, at the second's position."""
    done = Mapping(second.position, ((_word("done", second), first),))
    return Mapping(second.position, ((_word("hold", second), second), (_word("until", second), done)))


def _word(text: str, place: Scalar) -> Scalar:
    return Scalar(place.position, text, text)
