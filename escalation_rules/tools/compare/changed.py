"""Compares the texts of two policies: changed rules and declarations, and the rules affected by them. Needs no solver."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.engine import Program
from escalation_rules.errors import EscalationRulesError
from escalation_rules.policy.conditions import ACTS, DUES, LIST, ActFilter, Condition, Name
from escalation_rules.policy.conditions.act_filter import Followed
from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.due_steps import rules_behind
from escalation_rules.policy.model import ActAnchor, PolicyModel, Prohibit, Recommend, Rule, overriding
from escalation_rules.policy.rebinding import rebound, rebound_part
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.solving.written import durations_in, parts_of
from escalation_rules.tools.compare.contents import calendars_of
from escalation_rules.tools.compare.result import Kind, NameChange, RuleChange
from escalation_rules.tools.compare.texts import same_as_written

PARTS = (
    "ruleset",
    "for_each",
    "when",
    "unless",
    "effects",
    "overrides",
    "escalates",
    "principle",
    "source",
    "because",
)
DECIDING = ("while", "for_each", "when", "unless", "effects", "overrides", "escalates")
"""The parts of a rule that can affect decisions; all others are texts."""
HOLDING = ("while", "for_each", "when", "unless", "overrides")
"""Those that can affect when it holds."""


def rules_changed(old: PolicyModel, new: PolicyModel) -> tuple[RuleChange, ...]:
    """The rules that differ, by id."""
    before, after = ({rule.id: rule for rule in model.rules} for model in (old, new))
    found = []
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            found.append(RuleChange("added" if name in after else "removed", name))
        elif parts := _parts_changed(before[name], after[name], old, new):
            found.append(RuleChange("changed", name, parts))
    return tuple(found)


def _parts_changed(before: Rule, after: Rule, old: PolicyModel, new: PolicyModel) -> tuple[str, ...]:
    actions = (old.vocabulary.actions, new.vocabulary.actions)
    written = _with_groups(before, old.vocabulary, new.vocabulary)
    parts = [
        part for part in PARTS if not same_as_written(getattr(written, part), getattr(after, part), *actions)
    ]
    gates = [model.rulesets[rule.ruleset].applies_while for model, rule in ((old, written), (new, after))]
    same = same_as_written(gates[0], gates[1], *actions)
    return tuple(parts if same else ["while", *parts])


def _with_groups(rule: Rule, old: Vocabulary, new: Vocabulary) -> Rule:
    """A rule of the old policy, with the groups that it names as they are in the new one."""
    if old.groups == new.groups or not _groups_named(rule, old):
        return rule
    try:
        return rebound(rule, old, attrs.evolve(old, groups=new.groups))
    except LookupError:  # a group, or an action of it, is only in one of them
        return rule


def _groups_named(part: object, vocabulary: Vocabulary) -> set[str]:
    """The groups that a rule or a condition names."""
    found: set[str] = set()
    for inner in parts_of(part):
        if isinstance(inner, (ActFilter, Followed)):
            found.update(inner.named)
        elif isinstance(inner, Prohibit):
            found.add(inner.named)
    return found & vocabulary.groups.keys()


# --- vocabulary -------------------------------------------------------------------------------------------------------

NAMED = ("facts", "records", "actions", "groups", "phases", "roles", "principles", "calendars")
SINGULAR = {"facts": "fact", "records": "list", "actions": "action", "groups": "group", "phases": "phase", "roles": "role",
            "principles": "principle", "calendars": "calendar"}  # fmt: skip
DEFAULT = "calendar"
"""The setting that names the default calendar."""
WORDS = ("label", "question", "say", "say_to", "position", "outcome_labels")
"""The parts of a declaration that are only texts."""


def names_changed(old: PolicyModel, new: PolicyModel) -> tuple[NameChange, ...]:
    """The differences in the vocabulary, for lists field by field, and in the headings of rulesets and of cases."""
    found: list[NameChange] = []
    for section in NAMED:
        before, after = getattr(old.vocabulary, section), getattr(new.vocabulary, section)
        if section == "records":
            found += _all_changed("field", _fields(before), _fields(after))
        changed = list(_all_changed(SINGULAR[section], before, after, without=("fields",)))
        found += _with_pauses(changed, old, new) if section == "actions" else changed
    settings = [
        part
        for part in (DEFAULT, "outside")
        if getattr(old.vocabulary, part) != getattr(new.vocabulary, part)
    ]
    if old.only_what_is_recommended != new.only_what_is_recommended:
        settings.append("only_what_is_recommended")
    if orders_differ(old, new):
        settings.append("phase_order")
    if old.heading != new.heading:
        settings.append("heading")
    both = sorted(old.rulesets.keys() & new.rulesets.keys())
    found += (NameChange("changed", "ruleset", ruleset, ("label",)) for ruleset in both
              if old.rulesets[ruleset].label != new.rulesets[ruleset].label)  # fmt: skip
    return (*found, *(NameChange("changed", "vocabulary", setting, ("value",)) for setting in settings))


def orders_differ(old: PolicyModel, new: PolicyModel) -> bool:
    """Whether the order of phases differs, in some cases at least, so that the same steps may come in another order."""
    phases = [list(model.vocabulary.phases) for model in (old, new)]
    actions = (old.vocabulary.actions, new.vocabulary.actions)
    return phases[0] != phases[1] or not same_as_written(old.phase_orders, new.phase_orders, *actions)


def _with_pauses(changes: list[NameChange], old: PolicyModel, new: PolicyModel) -> list[NameChange]:
    """The changes of actions, with `paused_while`, which a policy keeps apart from the declaration."""
    names = sorted(old.vocabulary.actions.keys() & new.vocabulary.actions.keys())
    actions = (old.vocabulary.actions, new.vocabulary.actions)
    paused = [
        name for name in names if not same_as_written(old.pauses.get(name), new.pauses.get(name), *actions)
    ]
    parts = {change.name: change.parts for change in changes if change.kind == "changed"}
    both = {
        name: (*parts.get(name, ()), *(("paused_while",) if name in paused else ()))
        for name in {*parts, *paused}
    }
    others = [change for change in changes if change.kind != "changed"]
    made = [NameChange("changed", "action", name, found) for name, found in both.items()]
    return sorted((*others, *made), key=lambda change: change.name)


def _fields(records: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{listed.name}.{name}": field for listed in records.values() for name, field in listed.fields.items()
    }


def _all_changed(
    of: str, before: Mapping[str, Any], after: Mapping[str, Any], without: tuple[str, ...] = ()
) -> Iterator[NameChange]:
    for name in sorted(before.keys() | after.keys()):
        if name not in before or name not in after:
            kind: Kind = "added" if name in after else "removed"
            yield NameChange(kind, of, name)
        elif parts := _declared_otherwise(before[name], after[name], without):
            yield NameChange("changed", of, name, parts)


def _declared_otherwise(before: Any, after: Any, without: tuple[str, ...]) -> tuple[str, ...]:
    if not attrs.has(type(before)):
        return () if before == after else ("hours",)
    names = [field.name for field in attrs.fields(type(before)) if field.name not in without and field.eq]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def deciding(change: NameChange) -> bool:
    """Whether the change of a declaration can affect decisions."""
    return change.kind != "changed" or any(part not in WORDS for part in change.parts)


def only_later(change: NameChange) -> bool:
    """Whether the change of a fact only decides how long a value counts: a case without a history has no value that is stale."""
    others = {part for part in change.parts if part not in WORDS}
    return change.of == "fact" and change.kind == "changed" and others == {"stale_after"}


def _of_the_step(change: NameChange) -> bool:
    """Whether the change of an action affects only steps, and not conditions on acts."""
    done = {"outcomes", "counts", "about", "params", "by", "barred"}
    return change.of == "action" and change.kind == "changed" and done.isdisjoint(change.parts)


# --- affected rules ---------------------------------------------------------------------------------------------------


class Touched:
    """Determines which changes affect a rule: its own, those of the names it reads, and those of rules that
    conclude these names. `timed`: including those of the calendars by which the times of its steps are counted, and of how long
    a fact counts, which only histories show."""

    def __init__(
        self,
        model: PolicyModel,
        rules: tuple[RuleChange, ...],
        names: tuple[NameChange, ...],
        *,
        timed: bool = True,
    ) -> None:
        self.model = model
        self._timed = timed
        names = names if timed else tuple(change for change in names if not only_later(change))
        self.rules = {
            change.rule for change in rules if change.kind != "changed" or set(change.parts) & set(DECIDING)
        }
        self._when = {
            change.rule for change in rules if change.kind != "changed" or set(change.parts) & set(HOLDING)
        }
        self.names = {name.name for name in names if deciding(name)}
        self._read = {name.name for name in names if deciding(name) and not _of_the_step(name)}
        self._concluders: dict[str, list[Rule]] = {}
        for rule in model.rules:
            for effect in rule.concludes:
                self._concluders.setdefault(effect.name, []).append(rule)
        self._known: dict[tuple[str, bool], frozenset[str]] = {}

    def by(self, rule: Rule, *, only_when: bool = False) -> frozenset[str]:
        """The changes that affect the rule, including the rule's own id if it was changed; or only those that can affect
        when it holds."""
        key = rule.id, only_when
        if key not in self._known:
            self._known[key] = frozenset()  # recursion guard: a cycle back to this rule adds nothing
            self._known[key] = frozenset(self._reaching(rule, only_when=only_when))
        return self._known[key]

    def _reaching(self, rule: Rule, *, only_when: bool) -> Iterator[str]:
        if rule.id in (self._when if only_when else self.rules):
            yield rule.id
        names = set(self._names(rule, only_when=only_when))
        yield from names & self._read
        for name in names:
            for other in self._deciding(name):
                yield from self.by(other)
        for other in overriding(self.model, rule):
            yield from self.by(other)

    def changed_names(self, names: Iterable[str]) -> bool:
        """Whether one of these names was changed, or is concluded by a rule that a change affects."""
        found = set(names)
        rules = (rule for name in found for rule in self._deciding(name))
        return bool(found & self._read) or any(self.by(rule) for rule in rules)

    def _deciding(self, name: str) -> Iterator[Rule]:
        """The rules that conclude a name, or decide about the steps of an action whose open steps are read."""
        yield from self._concluders.get(name, ())
        if name.startswith(DUES):
            rules = rules_behind(name.removeprefix(DUES), self.model)
            yield from (rule for rule in self.model.rules if rule.id in rules)

    def _names(self, rule: Rule, *, only_when: bool) -> Iterator[str]:
        """The names that the rule reads. Excludes the actions of its effects, which are compared separately."""
        gate = self.model.rulesets[rule.ruleset].applies_while
        parts: list[object] = [gate, rule.when, rule.unless]
        if rule.for_each is not None:
            yield rule.for_each
        for effect in () if only_when else rule.effects:
            if isinstance(effect, Recommend):
                parts += [
                    effect.paused_while,
                    self.model.pauses.get(effect.action),
                    effect.anchor,
                    effect.before,
                ]
                parts += [value for _, value in effect.params]
                for time in (effect.within, effect.again, effect.lapses_after) if self._timed else ():
                    yield from _calendar_names(time, self.model) if time is not None else ()
            elif isinstance(effect, Prohibit):
                parts += [effect.where, effect.until]
                yield from {effect.named} & self.model.vocabulary.groups.keys()
            else:
                parts += [condition for _, condition in effect.alternatives]
        for part in parts:
            yield from names_read(part)
            for length in durations_in(part):
                yield from _calendar_names(length, self.model)


def names_read(part: object) -> Iterator[str]:
    """The facts, lists, fields and actions that a condition, a value or an anchor reads; actions whose open steps it reads
    with the prefix `DUES`."""
    for inner in parts_of(part):
        if isinstance(inner, Name):
            yield inner.full
        elif isinstance(inner, Condition):
            yield from (name for name, _ in inner.all_reads())
            yield from (name.removeprefix(LIST).removeprefix(ACTS) for name in inner.reach.names)
        elif isinstance(inner, StatedValue):
            yield from inner.reads()
        elif isinstance(inner, ActAnchor):
            yield inner.action
        elif isinstance(inner, (ActFilter, Followed)):
            yield from (*inner.actions, *inner.named)


def _calendar_names(time: Deadline | Duration, model: PolicyModel) -> Iterator[str]:
    """The calendars by which a time is counted; where it names none, also the setting that names the default one."""
    for name in calendars_of(time):
        yield from (DEFAULT, model.vocabulary.calendar or "") if name is None else (name,)


# --- reverting one change ---------------------------------------------------------------------------------------------


def swapped(model: PolicyModel, other: PolicyModel, name: str) -> Program | None:
    """A policy in which one rule or declaration is replaced by that of another policy (or removed, if that has none). What the
    rules take over from declarations is as declared in the result. None if the result is not a valid policy."""
    try:
        if other.rule(name) is not None or model.rule(name) is not None:
            changed = _with_rule(model, other, name)
        else:
            vocabulary = _with_declaration(model.vocabulary, other.vocabulary, name)
            if vocabulary is not None:
                changed = _with_vocabulary(model, other, vocabulary, name)
            elif (counted := _with_calendar(model, other, name)) is not None:
                changed = counted
            else:
                return None
        return Program(changed, "plain")
    except (EscalationRulesError, LookupError):  # it depends on something else in the other policy
        return None


def _with_rule(model: PolicyModel, other: PolicyModel, name: str) -> PolicyModel:
    rules = [kept for kept in model.rules if kept.id != name]
    if (rule := other.rule(name)) is not None:
        rules.append(rebound(rule, other.vocabulary, model.vocabulary, model.rule(name)))
    return attrs.evolve(model, rules=tuple(sorted(rules, key=lambda kept: kept.id)))


def _with_declaration(mine: Vocabulary, its: Vocabulary, name: str) -> Vocabulary | None:
    """A vocabulary with one fact, list, field, action or group of another one; None if the name is none of these."""
    listed, _, field = name.partition(".")
    for section in ("facts", "records", "actions", "groups"):
        here, there = getattr(mine, section), getattr(its, section)
        if name in here or name in there:
            changes: dict[str, Any] = {section: _with_entry(here, there, name)}
            return attrs.evolve(mine, **changes)
    if field and listed in mine.records and listed in its.records:
        here, there = mine.records[listed], its.records[listed]
        fields = _with_entry(here.fields, there.fields, field)
        return attrs.evolve(mine, records={**mine.records, listed: attrs.evolve(here, fields=fields)})
    return None


def _with_entry(mine: Mapping[str, Any], its: Mapping[str, Any], name: str) -> dict[str, Any]:
    left = {field: value for field, value in mine.items() if field != name or field in its}
    return {**left, name: its[name]} if name in its else left


def _with_vocabulary(
    model: PolicyModel, other: PolicyModel, vocabulary: Vocabulary, name: str
) -> PolicyModel:
    """A policy with other declarations."""
    binding = model.vocabulary, vocabulary
    rules = tuple(rebound(rule, *binding, other.rule(rule.id)) for rule in model.rules)
    gates = {one: attrs.evolve(ruleset, applies_while=rebound_part(ruleset.applies_while, *binding))
             for one, ruleset in model.rulesets.items()}  # fmt: skip
    pauses = {
        action: rebound_part(pause, *binding) for action, pause in model.pauses.items() if action != name
    }
    if (paused := (other if name in vocabulary.actions else model).pauses.get(name)) is not None:
        pauses[name] = rebound_part(paused, other.vocabulary, vocabulary)
    orders = tuple(
        attrs.evolve(order, when=rebound_part(order.when, *binding)) for order in model.phase_orders
    )
    return attrs.evolve(
        model, vocabulary=vocabulary, rules=rules, rulesets=gates, pauses=pauses, phase_orders=orders
    )


def _with_calendar(model: PolicyModel, other: PolicyModel, name: str) -> PolicyModel | None:
    """A policy with a calendar of another policy, or with its default one; None if there is none."""
    mine, its = model.vocabulary, other.vocabulary
    named = its.calendar if name == DEFAULT else name
    if named is None or named not in its.calendars:
        return None
    calendars = {**mine.calendars, named: its.calendars[named]}
    default = named if name == DEFAULT else mine.calendar
    return attrs.evolve(model, vocabulary=attrs.evolve(mine, calendar=default, calendars=calendars))
