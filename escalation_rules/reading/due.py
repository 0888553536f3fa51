"""YAML → when a step is due, and how often it comes back."""

from __future__ import annotations

from collections.abc import Sequence

from escalation_rules.calendar import Duration
from escalation_rules.conditions import Context, Finding, Some
from escalation_rules.conditions.context import part
from escalation_rules.conditions.meant import Guess
from escalation_rules.conditions.operands import looks_like_name
from escalation_rules.conditions.spoken import length_said
from escalation_rules.errors import nearest
from escalation_rules.model import ActAnchor, Aim, Anchor, FoundAnchor, LearnedAnchor, NameAnchor
from escalation_rules.source import Node, Scalar
from escalation_rules.values import Instant, show
from escalation_rules.vocabulary import Action

LEARNING = "learning "
"""What stands before a name, if the time counts from when that was learned."""

Tests = Sequence[Finding] | None
"""The `some` tests in the rule's `when`, whose records may be anchors; None where `when` could not be read."""


def read_again(context: Context, node: Node) -> Duration | None:
    """How often a step comes back, as `every 2 days`."""
    spoken = context.scalar(node, "`every` and a length of time")
    if spoken is None or not isinstance(node, Scalar):
        return None
    if not spoken.startswith("every "):
        length = length_said(spoken)
        expected, meant = (None, f"every {length}") if length else ("e.g. every 2 days", None)
        context.error("wrong-form", node, f"{show(spoken)} does not say how often", expected, meant)
        return None
    return context.duration(part(node, len("every ")))


def read_within(
    context: Context, node: Node | None, tests: Tests, action: Action, aim: Aim
) -> tuple[Duration | None, Anchor | None]:
    """How long a step may take, and from when: what `of` names, or else the action's own anchor."""
    default = _default_anchor(context, action, aim)
    if node is None:
        return None, default
    spoken = context.scalar(node, "a length of time such as `2 days of case.opened_at`")
    if spoken is None or not isinstance(node, Scalar):
        return None, default
    length, of, _ = spoken.partition(" of ")
    other = next((each for each in (" after ", " from ", " since ") if each in spoken), "")
    if other and not of and spoken.endswith(f"{other}now"):
        _no_anchor(context, part(node, len(spoken) - len("now")))
        return None, default
    if other and not of:
        meant = spoken.replace(other, " of ", 1)
        context.error(
            "bad-duration", node, f"a time is counted `of` an instant, and not `{other.strip()}`", None, meant
        )
        return None, default
    duration = context.duration(part(node, 0, len(length)))
    if not of:
        return duration, default
    return duration, _anchor(context, part(node, len(length) + len(of)), tests, default)


def _default_anchor(context: Context, action: Action, aim: Aim) -> NameAnchor | None:
    if action.anchor is None:
        return None
    if action.anchor in context.vocabulary.facts:
        name = context.scope.resolve(action.anchor)
    else:  # an instant of the record that the step is about
        _, _, field = action.anchor.rpartition(".")
        for_each = context.for_each
        holder = aim.via if aim.via is not None else for_each.each if for_each is not None else ""
        name = context.scope.resolve(f"{holder}.{field}") if aim.to == action.about else None
    return NameAnchor(name) if name is not None else None


def _anchor(context: Context, node: Scalar, tests: Tests, default: NameAnchor | None) -> Anchor | None:
    if node.text.startswith(LEARNING):
        return _learned_anchor(context, part(node, len(LEARNING)), default)
    if node.text in context.vocabulary.actions:
        return ActAnchor(node.text)
    if not looks_like_name(node.text):
        _no_anchor(context, node)
        return None
    name = context.scope.resolve(node.text)
    if name is not None:
        if not isinstance(name.fact.type, Instant):
            context.error(
                "not-comparable",
                node,
                f"{name.text} is {name.fact.type.article} {name.fact.type.kind}",
                "an instant",
            )
            return None
        return NameAnchor(name)
    if tests is None or context.sees(node.text):
        context.problems.excuse()
        return None
    return _found_anchor(context, node, tests)


def _learned_anchor(context: Context, node: Scalar, default: NameAnchor | None) -> Anchor | None:
    """The instant at which a fact or field was learned, or the record in hand recorded."""
    if any(node.text == each.each for each in context.scope.lists):
        return LearnedAnchor(None, default)
    name = context.scope.resolve(node.text) if looks_like_name(node.text) else None
    if name is not None:
        return LearnedAnchor(name, default)
    if context.sees(node.text):
        context.problems.excuse()
    else:
        known = [
            *(each.each for each in context.scope.lists),
            *(each for each in context.known() if "." in each),
        ]
        context.undeclared("unknown-name", node, "fact, field or record", node.text, known)
    return None


def _no_anchor(context: Context, node: Scalar) -> None:
    """Report what is no name of an instant, and no action."""
    listed = context.for_each
    field = listed.fields.get(node.text) if listed is not None else None
    if node.text == "now":
        wanted = "an instant that stays where it is, as case.opened_at"
        context.error("unknown-name", node, "a time that is counted from now is never over", wanted)
    elif listed is not None and field is not None:
        message = f"{node.text!r} is a field of {listed.name}, and stands without its record"
        context.error("unknown-name", node, message, None, f"{listed.each}.{node.text}")
    else:
        dotted = (each for each in context.known() if "." in each)
        instants = [
            each
            for each in dotted
            if (name := context.scope.resolve(each)) and isinstance(name.fact.type, Instant)
        ]
        action = nearest(node.text, context.vocabulary.actions)
        meant = Guess(action) if action and not nearest(node.text, instants) else None
        context.undeclared("unknown-name", node, "instant or action", node.text, instants, meant)


def _found_anchor(context: Context, node: Scalar, tests: Sequence[Finding]) -> Anchor | None:
    head, _, field = node.text.partition(".")
    listed = context.vocabulary.records.get(context.vocabulary.singulars().get(head, ""))
    fact = listed.fields.get(field) if listed is not None else None
    if listed is None or fact is None:
        known = [*context.known(), *_instants(context)]
        context.undeclared("unknown-name", node, "instant", node.text, known)
        return None
    found = [each for each in tests if each.selection.list == listed.name]
    found = [
        each for each in found if isinstance(each, Some)
    ] or found  # `some` says which, the others also how many
    if not isinstance(fact.type, Instant):
        context.error(
            "not-comparable", node, f"{node.text} is {fact.type.article} {fact.type.kind}", "an instant"
        )
    elif len(found) != 1:
        how_many = "no" if not found else "more than one"
        context.error(
            "unclear-anchor",
            node,
            f"{how_many} test on {listed.name} says which {listed.each} is meant",
            f"one `some: {listed.name}` in `when` (or `latest:`, `earliest:`, `count:`), or `for_each: {listed.name}`",
        )
    else:
        return FoundAnchor(found[0], field)
    return None


def _instants(context: Context) -> list[str]:
    return [
        f"{each.each}.{fact.name}"
        for each in context.vocabulary.records.values()
        for fact in each.fields.values()
        if isinstance(fact.type, Instant)
    ]
