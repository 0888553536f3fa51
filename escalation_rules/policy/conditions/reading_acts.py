"""Reads tests on acts from YAML."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Mapped
from typing import Any

import attrs

from escalation_rules.errors import listing
from escalation_rules.policy.conditions.act_filter import SCOPES, ActFilter, Covered, Followed, Meant
from escalation_rules.policy.conditions.acts import Done, NotDone, NothingDoneFor
from escalation_rules.policy.conditions.condition import STEP, Condition
from escalation_rules.policy.conditions.context import Context, describe
from escalation_rules.policy.conditions.names import FieldName, Name
from escalation_rules.policy.conditions.open_steps import STEP_HEADS, StepDue, StepOverdue, StepTest
from escalation_rules.policy.conditions.operands import SHIFTED, read_shifted
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.source import Mapping, Node, Scalar, one_or_more
from escalation_rules.values import Instant, PartyType, Reference, ValueType, show

FILTER_KEYS = ("by", "about", "outcome", "newer_than", "older_than", "after", "before")
ACT_KEYS = {
    "done": ("action", *FILTER_KEYS, "at_least", "not_followed_by", "covers"),
    "not_done": ("action", *FILTER_KEYS, "at_least", "not_followed_by", "covers"),
    "nothing_done_for": ("for", "since", "action", "by", "about"),
    "step_overdue": ("action", "about", "for"),
    "step_due": ("action", "about", "within"),
}
"""The keys below each keyword."""
OPENED = "case.opened_at"
CUSTOMER = "customer"
"""The role that is never ours, whether or not the policy lists it as `outside`."""
_SINCE = re.compile(r"(?P<length>.+?) (since|of|from|after) (?P<start>[\w.]+)")


def read_act_test(context: Context, head: Scalar, value: Node) -> Condition | None:
    """Read the test `done: …`, `not_done: …`, `nothing_done_for: …`, `step_overdue: …` or `step_due: …`."""
    before = context.problems.count
    if isinstance(value, Mapping):
        if (most := value.key("at_most")) is not None and head.text in (Done.head, NotDone.head):
            _no_most(context, head, most, value.get("at_most"))
            return None
        context.only_keys(value, ACT_KEYS[head.text], f"`{head.text}`")
    if head.text == NothingDoneFor.head:
        condition: Condition | None = _nothing_done_for(context, head, value)
    elif head.text in STEP_HEADS:
        condition = _step_test(context, head, value, STEP_HEADS[head.text])
    else:
        condition = _done(context, head, value)
    return condition if context.problems.count == before else None


def _step_test(
    context: Context, head: Scalar, value: Node, kind: type[StepOverdue] | type[StepDue]
) -> StepTest | None:
    """Read `step_overdue: call_back`, or `step_due: {action: call_back, within: 1 hour}`."""
    parts = value if isinstance(value, Mapping) else None
    action = parts.get("action") if parts is not None else value
    if parts is not None and action is None:
        context.missing(parts, "action", f"missing `action:` in `{head.text}`", "`action:`", head)
    if action is None:
        return None
    length = parts.get(kind.length_key) if parts is not None else None
    if length is None and kind is StepDue:
        message, expected = (
            f"missing `within:` in `{head.text}`",
            f"`within: 1 hour` below it, or `{StepOverdue.head}:`",
        )
        if parts is not None:
            context.missing(parts, "within", message, expected, head)
        else:
            context.error("missing-key", head, message, expected)
        return None
    named, actions = _actions(context, action)
    acts = ActFilter(actions, named)
    about = parts.get("about") if parts is not None else None
    acts = _about(context, about, acts) if about is not None else acts
    duration = context.duration(length) if length is not None else None
    return kind(acts, duration, position=head.position)


def _no_most(context: Context, head: Scalar, key: Scalar, value: Node | None) -> None:
    """Report `at_most:`, which must not be corrected to `at_least:`."""
    number = value.value if isinstance(value, Scalar) else None
    more = f"{number + 1}" if type(number) is int else "one more"
    other = NotDone.head if head.text == Done.head else Done.head
    context.error(
        "unknown-key", key, f"`{head.text}` cannot have `at_most:`", f"`{other}:` with `at_least: {more}`"
    )


def _done(context: Context, head: Scalar, value: Node) -> Condition | None:
    if isinstance(value, Mapping):
        action = value.get("action")
        if action is None:
            context.missing(value, "action", f"missing `action:` in `{head.text}`", "`action:`", head)
            return None
    else:
        action = value
    named, actions = _actions(context, action)
    outcomes: tuple[str, ...] = ()
    extra: dict[str, Any] = {}
    if isinstance(value, Mapping):
        outcomes, actions = _outcomes(context, value, actions)
        extra = {"at_least": _at_least(context, value), "not_followed_by": _followed(context, value)}
        extra |= {"covers": _covered(context, head, value, actions)}
    acts = ActFilter(actions, named)
    if isinstance(value, Mapping):
        acts = _filter(context, value, acts)
    kind = NotDone if head.text == NotDone.head else Done
    return kind(acts, outcomes=outcomes, position=head.position, **extra)


def read_acts(context: Context, node: Mapping, action: Node) -> tuple[ActFilter, tuple[str, ...]]:
    """Read which acts of an action are meant by the keys beside it (`FILTER_KEYS`), and the outcomes that they name."""
    named, actions = _actions(context, action)
    outcomes, actions = _outcomes(context, node, actions)
    return _filter(context, node, ActFilter(actions, named)), outcomes


def _nothing_done_for(context: Context, head: Scalar, value: Node) -> Condition | None:
    parts = value if isinstance(value, Mapping) else None
    length = parts.get("for") if parts else value
    if length is None:
        if parts is not None:
            context.missing(parts, "for", "missing `for:` in `nothing_done_for`", "`for:`", head)
        return None
    if isinstance(length, Scalar) and (said := _SINCE.fullmatch(length.text)):
        meant = f"{{for: {said['length']}, since: {said['start']}}}"
        context.error(
            "bad-duration", length, f"{show(length.text)} is more than a length of time", None, meant
        )
        return None
    duration = context.duration(length)
    since = _since(context, parts, head)
    action = parts.get("action") if parts else None
    every = {
        name: Meant(frozenset(declared_action.outcomes), about=declared_action.about)  # by anybody
        for name, declared_action in context.vocabulary.actions.items()
    }
    named, actions = _actions(context, action) if action is not None else ((), every)
    acts = ActFilter(actions, named)
    if parts is not None:
        acts = _filter(context, parts, acts)
    if duration is None or since is None:
        return None
    return NothingDoneFor(acts, duration, since, position=head.position)


def _actions(context: Context, node: Node) -> tuple[tuple[str, ...], dict[str, Meant]]:
    vocabulary = context.vocabulary
    known = {**vocabulary.actions, **vocabulary.groups}
    named = context.several(node, "action", known)
    names: list[str] = []
    for name in named:
        names += vocabulary.groups[name].actions if name in vocabulary.groups else (name,)
    return named, {name: _meant(context, name) for name in names if name in vocabulary.actions}


def _meant(context: Context, name: str) -> Meant:
    """The default filter of an action: counting outcomes, about the nearest record of its list."""
    action, lists = context.vocabulary.actions[name], context.scope.lists
    depths = [depth for depth, record_list in enumerate(lists) if record_list.name == action.about]
    return Meant(
        frozenset(action.counts), action.by, action.about, depths[-1] if depths else None, action.barred,
        frozenset((CUSTOMER, *context.vocabulary.outside)),
    )  # fmt: skip


def _outcomes(
    context: Context, value: Mapping, actions: dict[str, Meant]
) -> tuple[tuple[str, ...], dict[str, Meant]]:
    node = value.get("outcome")
    if node is None or not actions:
        return (), actions
    known = sorted({outcome for name in actions for outcome in context.vocabulary.actions[name].outcomes})
    outcomes = context.several(node, "outcome", known)
    wanted = frozenset(outcomes)
    return outcomes, {name: attrs.evolve(criteria, outcomes=wanted) for name, criteria in actions.items()}


def _at_least(context: Context, value: Mapping) -> int:
    node = value.get("at_least")
    if node is None:
        return 1
    if isinstance(node, Scalar) and type(node.value) is int and node.value >= 1:
        return node.value
    context.error(
        "wrong-value", node, f"{describe(node)} is not a number of acts", "a whole number of at least 1"
    )
    return 1


def _followed(context: Context, value: Mapping) -> Followed | None:
    node = value.get("not_followed_by")
    if node is None:
        return None
    if not isinstance(node, Mapping):
        named, actions = _actions(context, node)
        return Followed(actions, named) if named else None
    context.only_keys(node, ("action", "by", "outcome", "within"), "`not_followed_by`")
    action, by, within = (node.get(key) for key in ("action", "by", "within"))
    if action is None:
        context.error("wrong-form", node, "`not_followed_by` needs an action", "`action:` with its name")
        return None
    named, actions = _actions(context, action)
    outcomes, actions = _outcomes(context, node, actions)
    roles = _roles(context, by) if by is not None else ()
    actions = _by(actions, roles) if by is not None else actions
    length = context.duration(within) if within is not None else None
    return Followed(actions, named, roles, outcomes, length) if named else None


def _covered(context: Context, head: Scalar, value: Mapping, actions: Mapped[str, Meant]) -> Covered | None:
    """Read the parameters that an act must cover. All of the actions must have them, with the same type."""
    node = value.get("covers")
    if node is None or not actions:
        return None
    declared = [context.vocabulary.actions[name].params for name in actions]
    shared = {
        name: parameter.type
        for name, parameter in declared[0].items()
        if all(name in params and params[name].type == parameter.type for params in declared)
        and not isinstance(parameter.type, PartyType)
    }
    if _covers_party(context, node, declared):
        return None
    if isinstance(node, Mapping):
        of_step, wanted = False, _of_names(context, node, shared)
    else:
        of_step, wanted = True, _of_step(context, head, node, shared)
    for parameter, _ in wanted:
        if any(params[parameter].reached for params in declared):
            message = (
                f"`covers` looks at one act, but acts add up to the parameter {parameter} (`reached: true`)"
            )
            context.error(
                "does-not-fit",
                node,
                message,
                f"`reached: false` at {parameter} of {listing(sorted(actions))}",
            )
    at_least = frozenset(parameter for parameter, _ in wanted if shared[parameter].adds_up)
    return Covered(wanted, at_least, of_step) if wanted else None


def _covers_party(context: Context, node: Node, declared: Iterable[Mapped[str, Parameter]]) -> bool:
    """Whether a parameter that is a party is named below `covers`; if so, it is reported."""
    keys = [key for key, _ in node.entries] if isinstance(node, Mapping) else one_or_more(node)
    parties = {
        name
        for params in declared
        for name, parameter in params.items()
        if isinstance(parameter.type, PartyType)
    }
    found = [key for key in keys if isinstance(key, Scalar) and key.text in parties]
    for key in found:
        context.error("does-not-fit", key, f"the parameter {key.text} is a party, so `covers` cannot compare it",
                      "`by:` with the roles whose acts count, or a test over a list with a field for the party")  # fmt: skip
    return bool(found)


def _of_step(
    context: Context, head: Scalar, node: Node, shared: Mapped[str, ValueType]
) -> tuple[tuple[str, Name], ...]:
    """Read `covers: amount`, i.e. the same parameter of the held step."""
    held = context.scope.step
    if held is None or head.text == NotDone.head:
        said = node.text if isinstance(node, Scalar) and node.text in shared else "amount"
        context.error("does-not-fit", node, f"`covers: {said}` compares an act with a step that is held",
                      f"what the act has to cover, such as `covers: {{{said}: RECORD.{said}}}`, or `covers: {said}` in the "
                      "`until:` of a hold, or in its `where:`")  # fmt: skip
        return ()
    step = context.scope.lists[held]
    if context.problems.doubts((step.position, step.name)):
        context.problems.excuse(node.position)
        return ()
    fields = {name: fact for name, fact in step.fields.items() if shared.get(name) == fact.type}
    names = context.several(node, "parameter", fields)
    return tuple((name, FieldName(name, fields[name], step.name, name, held)) for name in names)


def _of_names(
    context: Context, node: Mapping, shared: Mapped[str, ValueType]
) -> tuple[tuple[str, Name], ...]:
    """Read `covers: {amount: claim.amount}`, with a fact or field of the parameter's type."""
    found: list[tuple[str, Name]] = []
    for key, value in node.entries:
        parameter = context.word(key, "parameter", tuple(shared))
        name = context.name(value)
        if parameter is None or name is None:
            continue
        if name.fact.type == shared[parameter]:
            found.append((parameter, name))
        else:
            context.error("not-comparable", value, f"{name.text} is {name.fact.type.article} {name.fact.type.kind}",
                          f"{shared[parameter].article} {shared[parameter].kind}, as the parameter {parameter}")  # fmt: skip
    return tuple(found)


def _filter(context: Context, value: Mapping, acts: ActFilter) -> ActFilter:
    changes: dict[str, Any] = {}
    for key, node in value.entries:
        match key.text:
            case "by":
                roles = _roles(context, node)
                acts = attrs.evolve(acts, roles=roles, actions=_by(acts.actions, roles))
            case "about":
                acts = _about(context, node, acts)
            case "newer_than" | "older_than":
                changes[key.text] = context.age(node)
            case "after" | "before":
                changes[key.text] = _limit(context, node)
    return attrs.evolve(acts, **changes)


def _limit(context: Context, node: Node) -> Name | Shifted | None:
    """Read an instant, or a length of time after or before it."""
    if isinstance(node, Scalar) and SHIFTED.fullmatch(node.text):
        shifted = read_shifted(context, node, Instant())
        return shifted if isinstance(shifted, Shifted) else None
    return context.instant(node, context.name(node))


def _roles(context: Context, node: Node) -> tuple[str, ...]:
    return context.several(node, "role", context.vocabulary.roles)


def _by(actions: Mapped[str, Meant], roles: tuple[str, ...]) -> dict[str, Meant]:
    return {name: attrs.evolve(criteria, roles=roles) for name, criteria in actions.items()}


def _about(context: Context, node: Node, acts: ActFilter) -> ActFilter:
    reference = _reference(context, node)
    if reference is not None:
        return _about_referred(context, node, acts, reference)
    fields = _references(context)
    if isinstance(node, Scalar) and "." in node.text and context.scope.resolve(node.text) is None:
        context.name(node)
        return acts
    text = context.word(node, "scope of acts", (*SCOPES, *fields))
    innermost = max(
        (depth for depth, record_list in enumerate(context.scope.lists) if record_list.name != STEP),
        default=-1,
    )
    if text == "this" and innermost < 0:
        context.error("no-record", node, "`about: this` needs a record", "a rule with `for_each`")
    if text != "this":
        actions = _about_any(acts)
    else:
        depths = {
            name: innermost if criteria.depth is None else criteria.depth
            for name, criteria in acts.actions.items()
        }
        actions = {name: attrs.evolve(acts.actions[name], depth=depth) for name, depth in depths.items()}
    return attrs.evolve(acts, about=text, actions=actions)


def _references(context: Context) -> tuple[str, ...]:
    """The fields of the innermost record that refer to a record."""
    inside = [record_list for record_list in context.scope.lists if record_list.name != STEP]
    return tuple(inside[-1].references) if inside else ()


def _reference(context: Context, node: Node) -> Name | None:
    """A field that refers to a record; None for anything else."""
    if not isinstance(node, Scalar) or node.text in SCOPES:
        return None
    name = context.scope.resolve(node.text)
    return name if name is not None and isinstance(name.fact.type, Reference) else None


def _about_referred(context: Context, node: Node, acts: ActFilter, reference: Name) -> ActFilter:
    """Only acts about the record that a field refers to."""
    listed = reference.fact.type.to if isinstance(reference.fact.type, Reference) else ""
    others = sorted(name for name, criteria in acts.actions.items() if criteria.about != listed)
    if others:
        about = acts.actions[others[0]].about or "the case or a record"
        context.error("does-not-fit", node, f"{reference.text} is a record of {listed}, but {others[0]} is about {about}",
                      f"an action about {listed}")  # fmt: skip
    return attrs.evolve(acts, about=reference.text, reference=reference, actions=_about_any(acts))


def _about_any(acts: ActFilter) -> dict[str, Meant]:
    """The actions without a record in scope that their acts must be about."""
    return {name: attrs.evolve(criteria, depth=None) for name, criteria in acts.actions.items()}


def _since(context: Context, parts: Mapping | None, head: Scalar) -> Name | None:
    node = parts.get("since") if parts is not None else None
    if node is not None:
        return context.instant(node, context.name(node))
    name = context.scope.resolve(OPENED)
    if name is None and not context.problems.blind and not context.problems.doubts(OPENED):
        place = Mapping(head.position, ()) if parts is None else parts
        context.missing(
            place, "since", f"missing `since:`, and the fact {OPENED} is not declared", "`since:`", head
        )
    return context.instant(head, name)
