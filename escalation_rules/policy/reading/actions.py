"""Reads actions, groups of actions, and the order of actions within a phase."""

from __future__ import annotations

import heapq
from collections.abc import Collection
from collections.abc import Mapping as MappingABC

import attrs

from escalation_rules.errors import Position, article, listing
from escalation_rules.policy.conditions import Context
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.reading.barred import parties_named
from escalation_rules.policy.reading.common import (
    NAME,
    PARAMETERS_RESERVED,
    Slots,
    flag,
    is_name,
    item_named,
    labelled,
    mapping,
    names_listed,
    required,
    text,
    word,
)
from escalation_rules.policy.reading.cycles import find_cycle
from escalation_rules.policy.reading.facts import PARAMETER_TYPES, read_type
from escalation_rules.policy.vocabulary import (
    COLLEAGUE,
    Action,
    Combine,
    Group,
    Named,
    Parameter,
    Reversible,
    Vocabulary,
)
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more
from escalation_rules.values import ORDERED, ZEROS, ValueType

EXTENDED_KEYS = ("by",)
"""The keys of an action that a later layer may extend."""
ANYBODY = "anybody"
"""The value of `by:` for an action that anybody may do."""

ACTION_KEYS = ("label", "phase", "owner", "by", "not_by", "about", "outcomes", "counts", "params", "anchor", "paused_while",
               "before", "after", "priority", "reversible", "say", "say_to", "replaces")  # fmt: skip
GROUP_KEYS = ("label", "actions", "in_one_go", "replaces")
PARAMETER_KEYS = ("type", "label", "values", "to", "combine", "apart", "reached", "required")
REVERSIBLE: tuple[Reversible, ...] = ("fully", "partly", "no")
COMBINES: dict[Combine, frozenset[str]] = {
    "same": frozenset(PARAMETER_TYPES) | {"references"},
    "sum": frozenset(ZEROS),
    "max": ORDERED,
    "min": ORDERED,
    "union": frozenset(("references",)),
}
"""The ways to combine several values, each with the kinds of values that it applies to."""
REACHED = frozenset(("sum", "max"))
"""The ways to combine for which acts must reach the value by default."""
DOING = {"combine": "combine", "reached": "reach"}


def read_action(context: Context, key: Scalar, node: Node) -> Action | None:
    """Read the declaration of an action; None if it is unusable. Actions named in it are checked later."""
    parts = mapping(context, node, f"the declaration of {key.text}")
    if parts is None:
        return None
    vocabulary = context.vocabulary
    before = context.problems.count
    context.only_keys(parts, ACTION_KEYS, "an action")

    def one(name: str, what: str, known: Collection[str]) -> str | None:
        value = parts.get(name)
        return context.named(value, what, known) if value is not None else None

    def several(name: str, what: str, known: Collection[str]) -> tuple[str, ...]:
        value = parts.get(name)
        return context.several(value, what, known) if value is not None else ()

    ends = _outcomes(context, parts.get("outcomes"))
    outcomes = tuple(end.name for end in ends)
    params = _params(context, parts.get("params"))
    about = one("about", "record list", (*vocabulary.records, "case"))
    action = Action(
        key.text,
        phase=one("phase", "phase", vocabulary.phases),
        owner=one("owner", "role", vocabulary.roles),
        by=_by(context, parts.get("by")),
        about=about,
        outcomes=outcomes,
        counts=several("counts", "outcome", outcomes) or outcomes[:1],
        outcome_labels=ends,
        params=params,
        anchor=_anchor(context, parts, about),
        before=tuple(name.text for name in names_listed(context, parts.get("before"), "actions")),
        after=tuple(name.text for name in names_listed(context, parts.get("after"), "actions")),
        priority=_priority(context, parts.get("priority")),
        reversible=word(context, parts.get("reversible"), "reversibility", REVERSIBLE, None),
        say_to=read_say_to(context, parts.get("say_to")),
        position=key.position,
    )
    sound = context.problems.count == before
    label = text(context, parts.get("label"))
    say = text(context, parts.get("say"), Slots.among((*params, "due", "about")))
    return attrs.evolve(action, label=label, say=say) if sound else None


def read_say_to(context: Context, node: Node | None) -> str | None:
    """Whom a wording is for: a role, or a colleague."""
    if node is None or (isinstance(node, Scalar) and node.text == COLLEAGUE):
        return None if node is None else COLLEAGUE
    return context.named(node, "role", context.vocabulary.roles)


def _by(context: Context, node: Node | None) -> tuple[str, ...]:
    """The roles that may do it; empty for anybody."""
    roles = context.vocabulary.roles
    if node is None or (isinstance(node, Scalar) and node.text == ANYBODY and ANYBODY not in roles):
        return ()
    named = parties_named(node)  # these are read when all facts, lists and actions are known
    if not named:
        return context.several(node, "role", roles)
    left = [entry for entry in one_or_more(node) if entry not in named]
    return context.several(Sequence(node.position, tuple(left), True), "role", roles) if left else ()


def extended_action(context: Context, key: Scalar, action: Action, node: Node) -> Action:
    """The action with additional roles that may do it."""
    parts = mapping(
        context, node, f"more roles for {action.name}", f"`by:` below {action.name}, with more roles"
    )
    if parts is None:
        return action
    context.only_keys(parts, EXTENDED_KEYS, f"`extend:` of the action {action.name}")
    by = parts.get("by")
    if by is None:
        context.missing(
            parts, "by", f"missing `by:` in `extend:` of {action.name}", "`by:` with more roles", key
        )
        return action
    if not action.by:
        context.error("does-not-fit", key, f"anybody may do {action.name} already", "no `extend:` of it")
        return action
    more = context.several(by, "role", context.vocabulary.roles)
    return attrs.evolve(action, by=(*action.by, *(role for role in more if role not in action.by)))


def _outcomes(context: Context, node: Node | None) -> tuple[Named, ...]:
    return labelled(context, node, "outcome") or (Named("done"),)


def _params(context: Context, node: Node | None) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    declared = mapping(context, node, "the parameters")
    for key, value in declared.entries if declared else ():
        parts = mapping(context, value, f"the parameter {key.text}")
        if parts is None or not is_name(context, key, "parameter", NAME, PARAMETERS_RESERVED):
            continue
        context.only_keys(parts, PARAMETER_KEYS, "a parameter")
        vocabulary = context.vocabulary
        typed = read_type(context, parts, vocabulary.roles, vocabulary.records, PARAMETER_TYPES)
        if typed is not None:
            found[key.text] = _param(context, key, parts, *typed)
    return found


def _param(
    context: Context, key: Scalar, parts: Mapping, of: ValueType, values: tuple[Named, ...]
) -> Parameter:
    combine = _combine(context, parts.get("combine"), of)
    apart = flag(context, parts.get("apart"))
    reached = flag(context, parts.get("reached")) if parts.get("reached") is not None else combine in REACHED
    if apart:
        for other in ("combine", "reached"):
            if (place := parts.key(other)) is not None:
                message = f"each {key.text} is a separate step, so there are no values to {DOING[other]}"
                context.error("does-not-fit", place, message, f"`apart:` or `{other}:`")
    elif reached and of.kind not in COMBINES["max"] and (place := parts.key("reached")) is not None:
        message = f"{article(of.kind)} cannot have `reached:`, because its values have no order"
        context.error("does-not-fit", place, message, listing(sorted(COMBINES["max"])))
    label, needed = text(context, parts.get("label")), flag(context, parts.get("required"))
    return Parameter(key.text, of, label, combine, values, key.position, apart, reached, needed)


def _combine(context: Context, node: Node | None, of: ValueType) -> Combine:
    if node is None:
        return "same"
    fitting = [name for name, kinds in COMBINES.items() if of.kind in kinds]
    return word(context, node, f"way to combine {of.kind}s:", fitting, "same")


def _anchor(context: Context, parts: Mapping, about: str | None) -> str | None:
    node = parts.get("anchor")
    if node is None or (about is None and parts.get("about") is not None):
        return None  # in the latter case, the list of the field is unknown
    listed = context.vocabulary.records.get(about or "")
    named = (context.within(context.scope.inside(listed)) if listed is not None else context).name(node)
    name = context.instant(node, named)
    return name.text if name else None


def _priority(context: Context, node: Node | None) -> int:
    if node is None:
        return 0
    if isinstance(node, Scalar) and type(node.value) is int and abs(node.value) <= 1000:
        return node.value
    context.error(
        "wrong-value", node, f"{describe(node)} is not a priority", "a whole number from -1000 to 1000"
    )
    return 0


def read_group(context: Context, key: Scalar, node: Node) -> Group | None:
    """Read the declaration of a group of actions."""
    parts = mapping(context, node, f"the group {key.text}", "`actions:` below it, with a list")
    if parts is None:
        return None
    context.only_keys(parts, GROUP_KEYS, "a group")
    listed = required(context, parts, "actions", f"the group {key.text}", key)
    for what, names in (
        ("an action", context.vocabulary.actions),
        ("a record list", context.vocabulary.records),
    ):
        if key.text in names:
            context.error("duplicate", key, f"{key.text!r} is also the name of {what}", "another name")
    actions = context.several(listed, "action", context.vocabulary.actions) if listed is not None else ()
    label = text(context, parts.get("label"))
    in_one_go, each_list = _in_one_go(context, parts.get("in_one_go"))
    return (
        Group(key.text, tuple(sorted(actions)), label, key.position, in_one_go, each_list)
        if actions
        else None
    )


def _in_one_go(context: Context, node: Node | None) -> tuple[bool, str | None]:
    """Whether the actions are done together, and the list for whose records this is done separately."""
    if node is None or (isinstance(node, Scalar) and isinstance(node.value, bool)):
        return flag(context, node), None
    each_list = context.named(node, "record list", context.vocabulary.records)
    return each_list is not None, each_list


def read_goes(context: Context, groups: MappingABC[str, Group]) -> dict[str, Group]:
    """The group with which each action is done together; at most one."""
    found: dict[str, Group] = {}
    for group in groups.values():
        for name in group.actions if group.in_one_go else ():
            if name in found:
                message = f"{name} is already done in one go with the group {found[name].name}"
                context.error(
                    "duplicate", group.position, message, "each action in one group with `in_one_go:`"
                )
            found.setdefault(name, group)
    return found


def check_orders(
    context: Context, nodes: MappingABC[str, Mapping]
) -> tuple[dict[str, int], dict[str, frozenset[str]]]:
    """The rank of every action by `before` / `after`, `priority` and name, and the actions that come after it
    by `before` / `after`. Reports cycles. `nodes` are the declarations, for positions."""
    vocabulary = context.vocabulary
    later: dict[str, set[str]] = {name: set() for name in vocabulary.actions}
    for name, action in vocabulary.actions.items():
        for key, others in (("before", action.before), ("after", action.after)):
            for other in others:
                if _may_order(
                    context, item_named(nodes[name], key, other) or nodes[name], key, action, other
                ):
                    first, second = (name, other) if key == "before" else (other, name)
                    later[first].add(second)
    ranks = _ranked(context, vocabulary, later)
    return ranks, _followers(later, ranks)


def _followers(later: dict[str, set[str]], ranks: dict[str, int]) -> dict[str, frozenset[str]]:
    """The actions that come after each one, directly or indirectly."""
    found: dict[str, frozenset[str]] = {}
    for name in reversed(ranks):
        known = (found[action] for action in later[name] if action in found)  # those in a circle have no rank
        found[name] = frozenset(later[name]).union(*known)
    return found


def _may_order(context: Context, place: Node, key: str, action: Action, other: str) -> bool:
    known = context.vocabulary.actions
    if other not in known:
        context.undeclared("unknown-action", place, "action", other, known)
    elif other == action.name:
        context.error("cycle", place, f"{other} cannot come {key} itself")
    elif known[other].phase != action.phase:
        context.error(
            "does-not-fit",
            place,
            f"{action.name} and {other} are already ordered by their phases",
            "an action of the same phase",
        )
    else:
        return True
    return False


def _ranked(context: Context, vocabulary: Vocabulary, later: dict[str, set[str]]) -> dict[str, int]:
    waiting = dict.fromkeys(later, 0)
    for followers in later.values():
        for follower in followers:
            waiting[follower] += 1

    def entry(name: str) -> tuple[int, str]:
        return -vocabulary.actions[name].priority, name

    ready = [entry(name) for name, count in waiting.items() if count == 0]
    heapq.heapify(ready)
    ranks: dict[str, int] = {}
    while ready:
        _, name = heapq.heappop(ready)
        ranks[name] = len(ranks)
        for action in later[name]:
            waiting[action] -= 1
            if waiting[action] == 0:
                heapq.heappush(ready, entry(action))
    stuck = sorted(set(later) - set(ranks))
    if stuck:
        path = find_cycle({name: sorted(later[name] & set(stuck)) for name in stuck})
        place: Position = vocabulary.actions[path[0]].position
        context.error("cycle", place, f"the order of actions is circular: {' → '.join(path)}")
    return ranks
