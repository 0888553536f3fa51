"""Reads the effects of a rule."""

from __future__ import annotations

from collections.abc import Callable

from escalation_rules.errors import listing
from escalation_rules.policy.conditions import Context, FieldName, read_condition, root_of, target_of
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.conditions.synonyms import Guess
from escalation_rules.policy.model import (
    Aim,
    Effect,
    Forbid,
    Hold,
    Recommend,
    Waits,
)
from escalation_rules.policy.reading.actions import read_say_to
from escalation_rules.policy.reading.common import Slots, flag, text, word
from escalation_rules.policy.reading.conclusions import read_conclude
from escalation_rules.policy.reading.due import Tests, read_again, read_lapse, read_within
from escalation_rules.policy.reading.effect_keys import HEADS, KEYS_OF, RECOMMEND_KEYS
from escalation_rules.policy.reading.parameters import read_value
from escalation_rules.policy.reading.where import read_until, read_where
from escalation_rules.policy.vocabulary import Action, RecordList
from escalation_rules.source import Mapping, Node, Scalar, one_or_more
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.suggestions import nearest

WAITS: tuple[Waits, ...] = ("customer", "us")
"""Whom a hold may wait for."""
HEAD_WORDS = {
    **dict.fromkeys(("do", "suggest", "require", "must", "should", "step", "action", "start"), "recommend"),
    **dict.fromkeys(
        ("deny", "ban", "block", "prohibit", "disallow", "prevent", "never", "must_not"), "forbid"
    ),
    **dict.fromkeys(("wait", "delay", "pause", "postpone", "suspend"), "hold"),
    **dict.fromkeys(("set", "infer", "mark", "assert", "find"), "conclude"),
}
"""Common mistakes for the keywords of effects."""

Reader = Callable[[Context, Mapping, Tests], "Effect | None"]


def read_effect(context: Context, node: Node, tests: Tests) -> Effect | None:
    """Read one item of `then:`."""
    if not isinstance(node, Mapping):
        context.error(
            "wrong-form",
            node,
            f"an effect cannot be {describe(node)}",
            "a mapping such as `recommend: apologise`",
        )
        return None
    heads = [key for key, _ in node.entries if key.text in HEADS]
    if len(heads) != 1:
        if heads:
            context.error(
                "several-heads",
                heads[1],
                f"`{heads[1].text}` and `{heads[0].text}` in one effect",
                "a list item for each",
            )
        else:
            _no_head(context, node)
        return None
    before = context.problems.count
    effect = _READERS[heads[0].text](context, node, tests)
    if effect is None and context.problems.count == before:
        context.problems.excuse(node.position)
    return effect if context.problems.count == before else None


def _no_head(context: Context, node: Mapping) -> None:
    """Report an effect without a keyword, at the most similar key."""
    if not node.entries:
        context.error("empty", node, "the effect is empty", f"one of {listing(HEADS)}")
        return
    keys = [key for key, _ in node.entries]
    place = next((key for key in keys if key.text in HEAD_WORDS or nearest(key.text, HEADS)), keys[0])
    meant = HEAD_WORDS.get(place.text)
    if not meant and any(place.text in known_keys for known_keys in KEYS_OF.values()):
        message = f"`{place.text}:` is not an effect"
        wanted = f"`{place.text}:` without `- `, as part of the effect above it"
        context.error("unknown-effect", place, message, wanted)
        return
    context.unknown(
        "unknown-effect", place, "effect", place.text, HEADS, meant=Guess(meant) if meant else None
    )


def _single(context: Context, node: Mapping, head: str) -> Node | None:
    """The value of the keyword; a list is reported."""
    target = node.get(head)
    if not isinstance(target, SequenceNode):
        return target
    group = "" if head == "recommend" else ", or a group of them"
    context.error("wrong-form", target, f"`{head}` takes one action", f"one effect for each{group}")
    return None


# --- recommend --------------------------------------------------------------------------------------------------------


def _recommend(context: Context, node: Mapping, tests: Tests) -> Effect | None:
    vocabulary = context.vocabulary
    name_node = _single(context, node, "recommend")
    group = vocabulary.groups.get(getattr(name_node, "text", ""))
    if group is not None and name_node is not None:
        wanted = f"one of its actions: {listing(group.actions)}"
        context.error(
            "unknown-action", name_node, f"{group.name} is a group, but a step needs one action", wanted
        )
        _read_the_rest(context, node, tests)
        return None
    name = context.named(name_node, "action", vocabulary.actions) if name_node is not None else None
    if name is None or name_node is None:
        _read_the_rest(context, node, tests)
        return None
    action = vocabulary.actions[name]
    if action.phase is None:
        context.error(
            "no-phase",
            name_node,
            f"{name} has no phase, so it cannot be recommended",
            "`phase:` in the action's declaration",
        )
    _check_parameters(context, node, action)
    context.only_keys(node, (*RECOMMEND_KEYS, *action.params), f"`recommend: {name}`")
    aim = _aim(context, node, (name,))
    params = tuple(
        (key.text, value)
        for key, entry in node.entries
        if key.text in action.params
        and (value := read_value(context, entry, action.params[key.text])) is not None
    )
    limit = read_within(context, node.get("within"), tests, action, aim)
    if limit.before is not None:
        _check_not_stopped(context, node)
    owner, again, pause = node.get("owner"), node.get("again"), node.get("paused_while")
    if (addressed := node.key("say_to")) is not None and node.get("say") is None:
        message = "`say_to:` is whom `say:` is for, and this step has no `say:` of its own"
        context.missing(node, "say", message, "`say:`, or `say_to:` of the action", addressed)
    return Recommend(
        name,
        aim,
        params=tuple(sorted(params, key=lambda pair: pair[0])),
        owner=context.named(owner, "role", vocabulary.roles) if owner is not None else None,
        within=limit.within,
        anchor=limit.anchor,
        before=limit.before,
        again=read_again(context, again) if again is not None else None,
        say=text(context, node.get("say"), Slots.among((*action.params, "due", "about"))),
        say_to=read_say_to(context, node.get("say_to")),
        paused_while=read_condition(context, pause) if pause is not None else None,
        lapses_after=read_lapse(context, node, limit.anchor),
        target=_of_time(context, node, "target"),
        fixed=_of_time(context, node, "fixed"),
        position=node.position,
    )


def _read_the_rest(context: Context, node: Mapping, tests: Tests) -> None:
    """Read the parts of a step that do not depend on its unknown action, to report their problems as well."""
    owner, again, lapses, pause = (
        node.get(key) for key in ("owner", "again", "lapses_after", "paused_while")
    )
    read_within(context, node.get("within"), tests, None, Aim("case"))
    if owner is not None:
        context.named(owner, "role", context.vocabulary.roles)
    if again is not None:
        read_again(context, again)
    if lapses is not None:
        context.duration(lapses)
    if pause is not None:
        read_condition(context, pause)


def _check_not_stopped(context: Context, node: Mapping) -> None:
    """Report what would stop the clock of a time before an instant, which waits for nobody."""
    for key, fault in (("paused_while", "cannot be paused"), ("fixed", "is fixed anyway")):
        if (place := node.key(key)) is not None:
            context.error("does-not-fit", place, f"a time before an instant {fault}", f"no `{key}:`")


def _of_time(context: Context, node: Mapping, key: str) -> bool:
    """A flag about the step's time."""
    if (place := node.key(key)) is not None and node.get("within") is None:
        context.error("missing-key", place, f"`{key}` needs a time limit", "`within:` beside it")
    return flag(context, node.get(key))


def _check_parameters(context: Context, node: Mapping, action: Action) -> None:
    """Report parameters of other actions, each once."""
    for key, _ in node.entries:
        takers = [
            declared_action.name
            for declared_action in context.vocabulary.actions.values()
            if key.text in declared_action.params
        ]
        if takers and key.text not in (*action.params, *RECOMMEND_KEYS):
            own = f"one of its parameters ({listing(action.params)}), or " if action.params else ""
            message = f"{action.name} does not have the parameter {key.text!r}"
            context.error("unknown-key", key, message, f"{own}an action that has it: {listing(takers)}")
            context.problems.doubt(key.position)


# --- forbid and hold --------------------------------------------------------------------------------------------------


def _prohibit(context: Context, node: Mapping, _: Tests) -> Effect | None:
    vocabulary = context.vocabulary
    head = "forbid" if node.get("forbid") is not None else "hold"
    if head == "forbid":
        _check_no_end(context, node)
    context.only_keys(node, KEYS_OF[head], f"`{head}`")
    target = _single(context, node, head)
    name = (
        context.named(target, "action", {**vocabulary.actions, **vocabulary.groups})
        if target is not None
        else None
    )
    until_node, by, where = node.get("until"), node.get("by"), node.get("where")
    if head == "hold" and until_node is None:
        context.missing(
            node, "until", "missing `until:` in the hold", "`until:` with a condition, or `forbid`"
        )
    out = node.get("except_by")
    free = context.several(out, "role", vocabulary.roles) if out is not None else ()
    roles = context.several(by, "role", vocabulary.roles) if by is not None else _all_but(context, out, free)
    unknown = word(context, node.get("when_unknown"), "answer", ("allow",), None)
    waits_for = word(context, node.get("waits_for"), "party to wait for:", WAITS, None)
    actions = _without(context, node, name) if name is not None else ()
    if by is not None and (both := node.key("except_by")) is not None:
        context.error("does-not-fit", both, "`except_by` and `by` in one effect", "one of them")
    until = read_until(context, until_node, actions) if until_node is not None else None
    if name is None:
        return None
    aim = _aim(context, node, actions)
    condition = read_where(context, where, actions) if where is not None else None
    allow, place = unknown == "allow", node.position
    if head == "forbid":
        return Forbid(actions, name, aim, roles, condition, allow, free, position=place)
    if until is None:
        return None
    return Hold(
        actions, name, aim, roles, condition, allow, free, until=until, waits_for=waits_for, position=place
    )


def _all_but(context: Context, node: Node | None, free: tuple[str, ...]) -> tuple[str, ...]:
    """The roles that a prohibition binds because `except_by:` does not name them; () if there is no such key."""
    if node is None:
        return ()
    bound = tuple(role for role in context.vocabulary.roles if role not in free)
    if free and not bound:
        context.error("empty", node, "`except_by` leaves nobody who is bound", "at least one role less")
    return bound


def _check_no_end(context: Context, node: Mapping) -> None:
    """Report an `until:` below `forbid`, which belongs to `hold`."""
    key, target = node.key("until"), node.get("forbid")
    if key is not None:
        what = target.text[:100] if isinstance(target, Scalar) else "…"
        context.error("does-not-fit", key, "what is forbidden stays forbidden: `forbid` has no `until:`",
                      f"`hold: {what}`, which ends with `until:`")  # fmt: skip
        context.problems.doubt(key.position)


def _without(context: Context, node: Mapping, name: str) -> tuple[str, ...]:
    group = context.vocabulary.groups.get(name)
    out = node.get("except")
    if group is None:
        if out is not None:
            context.error(
                "does-not-fit",
                node.key("except") or out,
                f"`except` needs a group, but {name} is one action",
                "a group of actions",
            )
        return (name,)
    known = context.vocabulary.actions
    left_out = context.several(out, "action", known) if out is not None else ()
    for entry in one_or_more(out):
        if isinstance(entry, Scalar) and entry.text in known and entry.text not in group.actions:
            context.error(
                "does-not-fit", entry, f"{entry.text} is not in the group {name}", listing(group.actions)
            )
    rest = tuple(action for action in group.actions if action not in left_out)
    if not rest:
        context.error(
            "empty", out or node, f"`except` excludes all actions of the group {name}", "at least one action"
        )
    return rest


# --- aim --------------------------------------------------------------------------------------------------------------


def _aim(context: Context, node: Mapping, actions: tuple[str, ...]) -> Aim:
    place, for_each = node.get("about"), context.for_each
    about = {context.vocabulary.actions[action].about for action in actions}
    if place is not None:
        return _explicit_aim(context, place, for_each, about)
    if for_each is None or about == {"case"}:
        return Aim("case")
    others = sorted(name for name in about if name not in {None, "case", for_each.name})
    if others:
        context.error(
            "unclear-aim",
            node,
            f"the rule is about {for_each.name}, but the action is about {others[0]}",
            "`about:` with a field that refers to the record, or `about: case`",
        )
    return Aim("record", to=for_each.name)


def _no_target(context: Context, node: Scalar, known: tuple[str, ...]) -> None:
    """Report an invalid `about:`: an unknown name, or a record list that needs `for_each`."""
    records = context.vocabulary.records
    listed = next(
        (
            record_list
            for record_list in records.values()
            if node.text in (record_list.name, record_list.each)
        ),
        None,
    )
    if not node.text:
        context.error("empty", node, "`about:` is empty", f"{listing(known)}, or no `about:`")
    elif listed is not None and nearest(node.text, known[1:]) is None:
        message = f"a step is about one record, and {node.text!r} does not say which"
        context.error("unknown-aim", node, message,
                      f"no `about:` in a rule with `for_each: {listed.name}`, or {listing(known)}")  # fmt: skip
    else:
        context.unknown("unknown-aim", node, "target", node.text, known)


def _explicit_aim(context: Context, node: Node, for_each: RecordList | None, about: set[str | None]) -> Aim:
    fields = [name for name, field in for_each.fields.items() if target_of(field.type)] if for_each else []
    known = ("case", *fields)
    if not isinstance(node, Scalar):
        message = f"found {describe(node)} instead of what the step is about"
        context.error("wrong-form", node, message, f"one of: {listing(known)}")
        return Aim("case")
    if context.problems.doubts(node.text):
        context.problems.excuse(node.position)
        return Aim("case")
    if node.text == "case":
        return Aim("case")
    name = context.scope.resolve(node.text) if for_each is not None else None
    if name is None and "." in node.text and for_each is not None:
        context.name(node, "unknown-aim")
        return Aim("case")
    target = target_of(name.fact.type) if name is not None else None
    if name is None or target is None or not isinstance(root_of(name), FieldName):
        _no_target(context, node, known)
        return Aim("case")
    if not about <= {None, target}:
        context.error(
            "unclear-aim",
            node,
            f"{name.text} is a record of {target}, but the action is about another list",
            f"an action about {target}",
        )
    return Aim("via", name, target)


_READERS: dict[str, Reader] = {
    "recommend": _recommend,
    "forbid": _prohibit,
    "hold": _prohibit,
    "conclude": lambda context, node, _: read_conclude(context, node),
}
