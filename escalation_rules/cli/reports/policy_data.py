"""Converts rules, actions, facts, lists and groups to plain data, for `rules --json` and `show --json`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from escalation_rules.calendar import DAYS, WorkingCalendar
from escalation_rules.cli import names
from escalation_rules.errors import Position
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import Effect, PolicyModel, Prohibit, Recommend, Removed, Rule, overriding
from escalation_rules.policy.vocabulary import Action, Fact, Group, Named, NamedAmount, RecordList
from escalation_rules.values import ValueType, plain_amount, plain_duration, to_plain
from escalation_rules.words.sentences import Wording

Plain = dict[str, Any]


def in_short(wording: Wording, rule: Rule) -> Plain:
    """A rule as an item of a list."""
    return {
        "id": rule.id,
        "ruleset": rule.ruleset,
        "principle": rule.principle,
        "source": rule.source,
        "for_each": rule.for_each,
        "effects": [_effect(wording, effect, rule.for_each) for effect in rule.effects],
        "in_short": wording.in_short(rule.effects),
        "text": wording.reason(rule),
        "place": place(rule.position),
    }


def data_of(wording: Wording, model: PolicyModel, name: str, thing: names.Thing) -> Plain:
    """The data of anything that a word refers to, by its full name."""
    match thing:
        case Rule():
            return {"kind": "rule", **_rule(wording, model, thing), "gone": None}
        case Removed():
            return {"kind": "rule", **_rule(wording, model, thing.rule), "gone": _gone(wording, thing)}
        case Action():
            return {"kind": "action", **_action(wording, model, thing)}
        case Group():
            return {"kind": "group", **_group(wording, model, thing)}
        case RecordList():
            return {"kind": "list", **_list(wording, model, thing)}
        case names.Part():
            return _part(model, wording.labels.language, thing)
        case WorkingCalendar():
            return {"kind": "calendar", **_calendar(thing)}
        case NamedAmount():
            return {"kind": "amount", "name": name, **_amount(model, name, thing)}
        case Fact():
            return {"kind": "fact", "name": name, **_fact(wording, model, name, thing)}


def _rule(wording: Wording, model: PolicyModel, rule: Rule) -> Plain:
    """A rule with its conditions, and its relations to other rules."""
    before = replaced_by(model, rule)
    return {
        **in_short(wording, rule),
        "applies_while": _condition(wording, model.rulesets[rule.ruleset].applies_while, None),
        "when": _condition(wording, rule.when, rule.for_each),
        "unless": _condition(wording, rule.unless, rule.for_each),
        "overrides": list(rule.overrides),
        "overridden_by": _ids(overriding(model, rule)),
        "escalates": list(rule.escalates),
        "escalated_by": _ids(escalating(model, rule)),
        "replaces": {"rule": before.rule.id, "place": place(before.rule.position)} if before else None,
    }


def escalating(model: PolicyModel, rule: Rule) -> list[Rule]:
    """The rules that escalate this one."""
    return [escalating_rule for escalating_rule in model.rules if rule.id in escalating_rule.escalates]


def replaced_by(model: PolicyModel, rule: Rule) -> Removed | None:
    """The rule of a lower layer that this rule replaces, if any."""
    return next(
        (removal for removal in model.removed.values() if removal.by is not None and removal.by == rule), None
    )


def _gone(wording: Wording, removed: Removed) -> Plain:
    text = removed.because.in_language(wording.labels.language)
    return {
        "by": removed.by.id if removed.by is not None else None,
        "place": place(removed.position),
        "text": wording.reason(removed.by) if removed.by is not None else text,
    }


def _effect(wording: Wording, effect: Effect, for_each: str | None) -> Plain:
    named: Plain
    if isinstance(effect, Recommend):
        named = {"action": effect.action}
    elif isinstance(effect, Prohibit):
        named = {"action": effect.named, "actions": list(effect.actions)}
    else:
        named = {"fact": effect.name}
    return {"effect": effect.head, **named, "clauses": wording.effect(effect, for_each)}


def _condition(wording: Wording, condition: Condition | None, for_each: str | None) -> Plain | None:
    if condition is None:
        return None
    return {"test": condition.to_data(), "text": wording.sentence(condition, for_each)}


# --- the vocabulary ---------------------------------------------------------------------------------------------------


def _action(wording: Wording, model: PolicyModel, action: Action) -> Plain:
    name, language = action.name, wording.labels.language
    return {
        "name": name,
        "label": action.label.in_language(language),
        "phase": action.phase,
        "owner": action.owner,
        "by": [
            *action.by,
            *(
                name
                for barred_party in action.barred
                if barred_party.only
                for name in (*barred_party.roles, barred_party.named)
            ),
        ],
        "not_by": [barred_party.named for barred_party in action.barred if not barred_party.only],
        "about": action.about,
        "anchor": action.anchor,
        "paused_while": _condition(wording, model.pauses.get(name), model.scope_of(name)),
        "outcomes": [
            {**_named(label, language), "counts": label.name in action.counts}
            for label in action.outcome_labels
        ],
        "params": [
            {
                "name": parameter.name,
                "label": parameter.label.in_language(language),
                **_type(parameter.type),
                "combine": parameter.combine,
                "apart": parameter.apart,
                "reached": parameter.reached,
                "required": parameter.required,
            }
            for parameter in action.params.values()
        ],
        "before": list(action.before),
        "after": list(action.after),
        "priority": action.priority,
        "reversible": action.reversible,
        "say": action.say.in_language(language),
        "say_to": action.say_to,
        "groups": [group.name for group in model.vocabulary.groups.values() if name in group.actions],
        **_spoken_of(model, name),
        "place": place(action.position),
    }


def _group(wording: Wording, model: PolicyModel, group: Group) -> Plain:
    return {
        "name": group.name,
        "label": group.label.in_language(wording.labels.language),
        "actions": list(group.actions),
        "in_one_go": group.go_for_each or group.in_one_go,
        **_spoken_of(model, group.name),
        "place": place(group.position),
    }


def _spoken_of(model: PolicyModel, name: str) -> Plain:
    keys = {"recommended_by": "recommend", "forbidden_by": "forbid", "held_by": "hold"}
    found = {key: _ids(names.speaking(model, head, name)) for key, head in keys.items()}
    return {**found, "needed_by": _ids(names.needing(model, name))}


def _part(model: PolicyModel, language: str, part: names.Part) -> Plain:
    """A role with its actions, a phase with its actions, or a principle with its rules."""
    name = part.named.name
    if part.kind == "everybody":
        banned = [rule for rule in model.rules if any(not effect.by for effect in rule.prohibits)]
        return {"kind": part.kind, **_named(part.named, language), "forbidden_by": _ids(banned)}
    data = {"kind": part.kind, **_named(part.named, language), "place": place(part.named.position)}
    actions = model.vocabulary.actions.values()
    match part.kind:
        case "role":
            barred = [rule for rule in model.rules if any(name in effect.by for effect in rule.prohibits)]
            return {
                **data,
                "outside": name in model.vocabulary.outside,
                "owns": [action.name for action in actions if action.owner == name],
                "may": [action.name for action in actions if name in action.roles_named],
                "forbidden_by": _ids(barred),
            }
        case "phase":
            return {**data, "actions": [action.name for action in actions if action.phase == name]}
    return {**data, "rules": _ids(rule for rule in model.rules if rule.principle == name)}


def _amount(model: PolicyModel, name: str, amount: NamedAmount) -> Plain:
    return {
        "amounts": {currency: plain_amount(value) for currency, value in amount.amounts},
        "read_by": _ids(names.reading(model, name)),
        "place": place(amount.position),
    }


def _calendar(calendar: WorkingCalendar) -> Plain:
    return {
        "name": calendar.name,
        "zone": calendar.zone,
        "hours": {day: [list(map(_clock, span)) for span in spans]
                  for day, spans in zip(DAYS, calendar.hours, strict=True)},
        "holidays": calendar.holidays,
        "closed": [day.isoformat() for day in calendar.closed],
        "open": [day.isoformat() for day in calendar.open],
        "other_hours": {day.isoformat(): [list(map(_clock, span)) for span in spans] for day, spans in calendar.other_hours},
    }  # fmt: skip


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _fact(wording: Wording, model: PolicyModel, name: str, fact: Fact) -> Plain:
    language = wording.labels.language
    return {
        "label": fact.label.in_language(language),
        **_type(fact.type),
        "values": [_named(value, language) for value in fact.values],
        "presume": to_plain(fact.presume) if fact.presume is not None else None,
        "confirm": fact.confirm,
        "stale_after": plain_duration(fact.stale_after) if fact.stale_after is not None else None,
        "ask": fact.ask if not fact.concluded else None,
        "question": fact.question.in_language(language),
        "comes_from": fact.comes_from,
        "concluded": fact.concluded,
        "failure": fact.failure,
        "for_people": fact.for_people,
        "concluded_by": _ids(names.concluding(model, name)),
        "read_by": _ids(names.reading(model, name)),
        "place": place(fact.position),
    }


def _list(wording: Wording, model: PolicyModel, listed: RecordList) -> Plain:
    name, language = listed.name, wording.labels.language
    return {
        "name": name,
        "label": listed.label.in_language(language),
        "each": listed.each,
        "absent": listed.absent,
        "ask": listed.ask,
        "question": listed.question.in_language(language),
        "comes_from": listed.comes_from,
        "ordered_by": listed.ordered_by,
        "takes_place_of": listed.takes_place_of,
        "for_people": listed.for_people,
        "fields": [
            {"name": f"{name}.{field}", "label": fact.label.in_language(language), **_type(fact.type)}
            for field, fact in listed.fields.items()
        ],
        "read_by": _ids(names.reading(model, name)),
        "place": place(listed.position),
    }


def _type(of: ValueType) -> Plain:
    to = getattr(of, "to", None)
    return {"type": of.kind, **({"to": to} if to else {})}


def _named(named: Named, language: str) -> Plain:
    return {"name": named.name, "label": named.label.in_language(language)}


def _ids(rules: Iterable[Rule]) -> list[str]:
    return [rule.id for rule in rules]


def place(position: Position) -> Plain:
    """A position in a file."""
    return {"file": position.file, "line": position.line, "column": position.column}
