"""Renders effects of rules as sentences: what to do, what not to do or not yet, and what is concluded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from escalation_rules.policy.model import (
    ActAnchor,
    Aim,
    Anchor,
    Conclude,
    Effect,
    FoundAnchor,
    Hold,
    NameAnchor,
    Prohibit,
    Recommend,
    StepAnchor,
)
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.words.labels import Labels, deadline_said, length_said
from escalation_rules.words.sentences.acts import step_moment
from escalation_rules.words.sentences.comparisons import name_of
from escalation_rules.words.sentences.records import Nested
from escalation_rules.words.sentences.values import value_said


def effect_sentences(
    labels: Labels, effect: Effect, for_each: str | None, said: Nested, nested: Nested
) -> list[str]:
    """An effect as clauses: the action followed by each parameter, or each of several conclusions.

    `said` renders conditions, `nested` those inside a clause.
    """
    depth = 1 if for_each else 0
    match effect:
        case Recommend():
            return [
                "".join(_step(labels, effect, for_each, said)),
                *_parameters(labels, effect, depth, nested),
            ]
        case Prohibit():
            return ["".join(_ban(labels, effect, for_each, said))]
        case Conclude():
            return list(_conclusion(labels, effect, depth, said))


def due_in_words(labels: Labels, effect: Recommend, for_each: str | None) -> str:
    """The deadline of a step; "" if it has none."""
    if effect.within is None:
        return ""
    anchor = _anchor(labels, effect.before or effect.anchor, for_each)
    return deadline_said(effect.within, anchor, labels.language, labels.formats)


def effects_in_short(labels: Labels, effects: Sequence[Effect]) -> str:
    """The subjects of effects on one line: the actions grouped by effect, and the conclusions."""
    heads: dict[str, list[str]] = {}
    for effect in effects:
        heads.setdefault(effect.head, []).append(_in_short(labels, effect))
    comma, semicolon = (labels.say(f"punctuation.{key}") for key in ("comma", "semicolon"))
    said = [_say(labels, head, items=comma.join(dict.fromkeys(items))) for head, items in heads.items()]
    return semicolon.join(said)


def _in_short(labels: Labels, effect: Effect) -> str:
    match effect:
        case Recommend():
            return labels.quoted(labels.action(effect.action))
        case Prohibit():
            is_limited = effect.where is not None or effect.by
            return _meant(labels, effect.named) + (_say(labels, "limited") if is_limited else "")
        case Conclude():
            return labels.quoted(labels.fact(effect.name))


def _meant(labels: Labels, named: str) -> str:
    """The label of an action, or of the actions in a group."""
    label, is_group = labels.done_by(named)
    quoted = labels.quoted(label)
    return labels.say("act.group_denied", group=quoted) if is_group else quoted


def _say(labels: Labels, phrase: str, **slots: str) -> str:
    return labels.say(f"effect.{phrase}", **slots)


def _step(labels: Labels, effect: Recommend, for_each: str | None, said: Nested) -> Iterator[str]:
    depth = 1 if for_each else 0
    yield labels.action(effect.action)
    yield _aim(labels, effect.aim, (effect.action,), for_each)
    if time := due_in_words(labels, effect, for_each):
        yield _say(labels, "within", time=time)
    if effect.target:
        yield _say(labels, "target")
    if effect.fixed:
        yield _say(labels, "fixed")
    if effect.again is not None:
        yield _say(labels, "again", span=length_said(effect.again, labels.language, labels.formats))
    if effect.lapses_after is not None:
        yield _say(
            labels, "lapses_after", span=length_said(effect.lapses_after, labels.language, labels.formats)
        )
    if effect.owner is not None:
        yield _say(labels, "owner", role=labels.role(effect.owner))
    if effect.paused_while is not None:
        yield _say(labels, "paused", condition=said(effect.paused_while, depth))


def _parameters(labels: Labels, effect: Recommend, depth: int, nested: Nested) -> Iterator[str]:
    for name, value in effect.params:
        label = labels.parameter(effect.action, name)
        declared = labels.vocabulary.actions[effect.action].params[name]
        fact = Fact(name, declared.type, values=declared.values)
        yield _say(labels, "with", label=label, value=value_said(labels, fact, value, depth, nested))


def _ban(labels: Labels, effect: Prohibit, for_each: str | None, said: Nested) -> Iterator[str]:
    depth = 1 if for_each else 0
    yield (
        _meant(labels, effect.named)
        if effect.named in labels.vocabulary.groups
        else labels.action(effect.named)
    )
    yield _aim(labels, effect.aim, effect.actions, for_each)
    group = labels.vocabulary.groups.get(effect.named)
    if group is not None and (out := [action for action in group.actions if action not in effect.actions]):
        yield _say(
            labels, "except", actions=labels.listed([labels.quoted(labels.action(action)) for action in out])
        )
    if effect.free:
        yield _say(labels, "by", roles=labels.all_but(effect.free))
    elif effect.by:
        yield _say(labels, "by", roles=labels.listed([labels.role(role) for role in effect.by]))
    if effect.where is not None:
        yield _say(labels, "where", where=said(effect.where, depth + 1))
    if isinstance(effect, Hold):
        yield _say(labels, "until", until=said(effect.until, depth))
        if effect.waits_for is not None:
            yield _say(labels, f"waits_for_{effect.waits_for}")
    if effect.when_unknown_allow:
        yield _say(labels, "allowed")


def _aim(labels: Labels, aim: Aim, actions: tuple[str, ...], for_each: str | None) -> str:
    """What the effect is about, unless that is the record of the rule."""
    if aim.via is not None:
        return _say(labels, "about", via=name_of(labels, aim.via, 1))
    about = {
        labels.vocabulary.actions[action].about for action in actions if action in labels.vocabulary.actions
    }
    if for_each and aim.target == "case" and about != {"case"}:
        return labels.say("act.case")
    return ""


def _anchor(labels: Labels, anchor: Anchor | None, for_each: str | None) -> str:
    """The start of a time; "" if there is none."""
    if anchor is None:
        return ""
    if isinstance(anchor, ActAnchor):
        action, outcomes = anchor.action, anchor.test.outcomes if anchor.test is not None else ()
        said = _say(labels, "act", action=labels.quoted(labels.action(action)))
        values = labels.listed([labels.quoted(labels.outcome([action], outcome)) for outcome in outcomes])
        said += labels.say("act.outcome", values=values) if outcomes else ""
        least = anchor.test.at_least if anchor.test is not None else 1
        return said + (_say(labels, "from_number", count=labels.formats.number(least)) if least > 1 else "")
    if isinstance(anchor, FoundAnchor):
        listed = anchor.test.selection.list
        name = labels.quoted(labels.fact(f"{listed}.{anchor.field}"))
        return labels.say("name.outer", name=name, list=labels.quoted(labels.records(listed)))
    if isinstance(anchor, StepAnchor):
        return step_moment(labels, anchor.test)
    depth = 1 if for_each else 0
    if isinstance(anchor, NameAnchor):
        return name_of(labels, anchor.name, depth)
    if anchor.name is None:
        return _say(labels, "recording", list=labels.quoted(labels.records(for_each or "")))
    return _say(labels, "learning", name=name_of(labels, anchor.name, depth))


def _conclusion(labels: Labels, effect: Conclude, depth: int, said: Nested) -> Iterator[str]:
    name = labels.quoted(labels.fact(effect.name))
    if not effect.alternatives:
        yield labels.say("comparison.flag.true", name=name)
        return
    declared = labels.vocabulary.declaration(effect.name)
    key = "first"
    for value, condition in effect.alternatives:
        found = labels.quoted(labels.value(declared, value))
        yield _say(labels, key, name=name, value=found, condition=said(condition, depth))
        key = "next"
    yield _say(labels, "otherwise", value=labels.quoted(labels.value(declared, effect.otherwise or "")))
