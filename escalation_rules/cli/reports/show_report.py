"""Prints a rule, an action, a fact, a list or a group of a policy."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo

import attrs

from escalation_rules import Policy
from escalation_rules.calendar import WorkingCalendar
from escalation_rules.cli import names
from escalation_rules.cli.reports.part_report import PartDescription, calendar_rows
from escalation_rules.cli.reports.policy_data import escalating, replaced_by
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.cli.text import streams
from escalation_rules.cli.text.page import TITLE, Page, Row
from escalation_rules.errors import Position
from escalation_rules.once import once
from escalation_rules.policy.conditions import Condition
from escalation_rules.policy.model import PolicyModel, Removed, Rule, overriding
from escalation_rules.policy.vocabulary import Action, Fact, Group, NamedAmount, Parameter, RecordList
from escalation_rules.tools.lint.unused import ALWAYS_THERE
from escalation_rules.values import ValueType
from escalation_rules.words.labels import barred_names, doer_names, length_said

Rows = Iterator[tuple[str, list[str]]]
"""The label of a row, by its name in the catalogue, and its paragraphs."""


def print_things(
    policy: Policy, found: Sequence[tuple[str, names.Thing]], *, language: str, zone: tzinfo | None
) -> None:
    """Print the things that a word refers to."""
    voice = Voice.of_policy(policy, language, zone)
    description = Description(voice)
    sections = [section for pair in found for section in description.sections(*pair)]
    labels = [voice.say("label", label=voice.say(key)) for _, rows in sections for key, _ in rows]
    page = Page(labels, is_terminal=sys.stdout.isatty())
    for number, (title, rows) in enumerate(sections):
        if number:
            page.space()
        page.line(title, TITLE)
        page.rows([Row.plain(voice.say("label", label=voice.say(key)), *said) for key, said in rows])
    streams.write(page.text())


@attrs.frozen(slots=False)
class Description:
    """Describes parts of a policy as rows. `whole`: conditions are not cut short where rules are only mentioned."""

    voice: Voice
    whole: bool = False

    @once
    def readers(self) -> dict[str, list[Rule]]:
        """The rules that read each fact, field and list."""
        return names.readers(self.model)

    @property
    def model(self) -> PolicyModel:
        return self.voice.policy.model

    def sections(self, name: str, thing: names.Thing) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
        """The thing as sections, each with its first line and its rows. Rows without a text are left out."""
        say = self.voice.say
        match thing:
            case Rule():
                yield self.voice.title(say("rule", rule=thing.id)), _filled(self._rule(thing))
            case Removed():
                yield self._end(thing), _filled(self._removal(thing))
                yield say("as_it_was"), _filled(self._rule(thing.rule))
            case Action():
                yield self._name(self.voice.text(thing.label), name), _filled(self._action(thing))
            case Group():
                yield self._name(self.voice.text(thing.label), name), _filled(self._group(thing))
            case RecordList():
                yield self._name(self.voice.text(thing.label), name), _filled(self._list(thing))
            case names.Part():
                title = self._name(self.voice.text(thing.named.label), name)
                yield title, _filled(self._part(thing))
            case WorkingCalendar():
                yield name, _filled(calendar_rows(self.voice, thing))
            case NamedAmount():
                yield name, _filled(self._amount(name, thing))
            case Fact():
                yield self._name(self.voice.text(thing.label), name), _filled(self._fact(name, thing))

    def _name(self, label: str, name: str) -> str:
        return self.voice.title(self.voice.say("namely", text=label, value=name)) if label else name

    # --- rules --------------------------------------------------------------------------------------------------------

    def _rule(self, rule: Rule) -> Rows:
        voice, labels = self.voice, self.voice.labels
        ruleset = self.model.rulesets[rule.ruleset]
        yield "ruleset", [self._name(voice.text(ruleset.label), ruleset.id)]
        yield "principle", [labels.principle(rule.principle or "")]
        yield "source", [labels.source(rule.source or "")]
        if rule.for_each is not None:
            yield "for_each", [voice.say("entry", list=labels.quoted(labels.records(rule.for_each)))]
        yield "while", self._clauses(ruleset.applies_while, None)
        always = rule.when is None and not any(conclusion.alternatives for conclusion in rule.concludes)
        yield "when", [voice.say("always")] if always else self._clauses(rule.when, rule.for_each)
        yield "unless", self._clauses(rule.unless, rule.for_each)
        for effect in rule.effects:
            yield (
                f"effect.{effect.head}",
                [voice.title(sentence) for sentence in voice.wording.effect(effect, rule.for_each)],
            )
        yield "why", [voice.wording.reason(rule)]
        yield "overrides", [voice.joined(rule.overrides)]
        yield "overridden_by", [self._ids(overriding(self.model, rule))]
        yield "escalates", [voice.joined(rule.escalates)]
        yield "escalated_by", [self._ids(escalating(self.model, rule))]
        if (before := replaced_by(self.model, rule)) is not None:
            yield (
                "replaces",
                [voice.say("namely", text=before.rule.id, value=streams.place(before.rule.position))],
            )
        yield "where", [streams.place(rule.position)]

    def _clauses(self, condition: Condition | None, for_each: str | None) -> list[str]:
        return self.voice.wording.clauses(condition, for_each) if condition is not None else []

    def _end(self, removed: Removed) -> str:
        if removed.by is None:
            return self.voice.say("rule.disabled", rule=removed.rule.id)
        return self.voice.say("rule.replaced", rule=removed.rule.id, by=removed.by.id)

    def _removal(self, removed: Removed) -> Rows:
        """What removed the rule, and why."""
        text = self.voice.text(removed.because)
        yield "why", [text if removed.by is None else self.voice.wording.reason(removed.by)]
        yield "where", [streams.place(removed.position)]

    def _ids(self, rules: Iterable[Rule]) -> str:
        return self.voice.joined([rule.id for rule in rules])

    # --- actions ------------------------------------------------------------------------------------------------------

    def _action(self, action: Action) -> Rows:
        voice, labels, name = self.voice, self.voice.labels, action.name
        yield "phase", [labels.phase(action.phase or "")]
        yield "who", [labels.role(action.owner or "")]
        yield (
            "may",
            [
                labels.listed([*doer_names(action, self.model.vocabulary, labels.language)])
                or voice.say("anybody")
            ],
        )
        barred = list(barred_names(action, self.model.vocabulary, labels.language))
        if barred:
            yield "may_not", [labels.listed(barred)]
        yield "about", [self._about(action.about)]
        if action.anchor is not None:
            listed = f"{action.about}.{action.anchor.rpartition('.')[2]}"
            known = self.model.vocabulary.facts
            yield (
                "counted_from",
                [labels.quoted(labels.fact(action.anchor if action.anchor in known else listed))],
            )
        pause = self.model.pauses.get(name)
        if pause is not None:
            yield "paused_while", [voice.wording.sentence(pause, self.model.scope_of(name))]
        if action.outcomes != ("done",):
            yield "outcomes", [self._outcome(action, outcome) for outcome in action.outcomes]
        yield (
            "with",
            [
                self._parameter(labels.parameter(name, parameter.name), parameter)
                for parameter in action.params.values()
            ],
        )
        yield "undo", [voice.say(f"undo.{action.reversible}")] if action.reversible else []
        yield "say", [voice.said(self._wording(action), action.say_to)] if action.say else []
        groups = self.model.vocabulary.groups.values()
        yield (
            "part_of",
            [self._name(voice.text(group.label), group.name) for group in groups if name in group.actions],
        )
        yield from self._spoken_of(name)
        yield self._declared_at(action.position)

    def _parameter(self, label: str, parameter: Parameter) -> str:
        text = self._typed(label, parameter.type)
        if parameter.combine != "same":
            text = self.voice.say(f"combine.{parameter.combine}", text=text)
        key = "is_apart" if parameter.apart else "is_reached" if parameter.reached else None
        text = self.voice.say(key, text=text) if key else text
        return self.voice.say("is_required", text=text) if parameter.required else text

    def _about(self, about: str | None) -> str:
        if about is None or about == "case":
            return self.voice.say("whole_case" if about else "as_the_rule")
        return self.voice.say("entry", list=self.voice.labels.quoted(self.voice.labels.records(about)))

    def _outcome(self, action: Action, outcome: str) -> str:
        text = self.voice.labels.quoted(self.voice.labels.outcome((action.name,), outcome))
        return self.voice.say("counts", text=text) if outcome in action.counts else text

    def _wording(self, action: Action) -> str:
        """The text to say, with the names of its slots."""
        labels = self.voice.labels

        def fill(slot: str, _: str) -> str:
            return labels.quoted(
                labels.parameter(action.name, slot)
                if slot in action.params
                else self.voice.say(f"slot.{slot}")
            )

        return self.voice.text(action.say.filled(fill))

    def _part(self, part: names.Part) -> Rows:
        described = PartDescription(self.voice)
        return (attrs.evolve(described, most=None) if self.whole else described).rows(part)

    def _group(self, group: Group) -> Rows:
        labels = self.voice.labels
        yield "actions", [self._name(labels.action(action), action) for action in group.actions]
        yield "note", [self._in_one_go(group)] if group.in_one_go else []
        yield from self._spoken_of(group.name)
        yield self._declared_at(group.position)

    def _in_one_go(self, group: Group) -> str:
        if group.go_for_each is None:
            return self.voice.say("in_one_go")
        return self.voice.say("in_one_go_each", list=self.voice.labels.records(group.go_for_each))

    def _spoken_of(self, name: str) -> Rows:
        """The rules that use an action or a group."""
        found = [(key, self._ids(names.speaking(self.model, head, name)))
                 for key, head in (("asked_by", "recommend"), ("forbidden_by", "forbid"), ("held_by", "hold"))]  # fmt: skip
        found.insert(1, ("needed_by", self._ids(names.needing(self.model, name))))
        for key, ids in found:
            yield key, [ids]
        if not any(ids for _, ids in found):
            yield "asked_by", [self.voice.say("no_rules")]

    # --- facts and lists ----------------------------------------------------------------------------------------------

    def _fact(self, name: str, fact: Fact) -> Rows:
        voice, labels = self.voice, self.voice.labels
        yield "type", [self._type(fact.type)]
        yield (
            "values",
            [self._name(labels.quoted(labels.value(fact, value.name)), value.name) for value in fact.values],
        )
        if fact.presume is not None:
            text = labels.value(fact, fact.presume)
            yield "presumed", [text if isinstance(fact.presume, bool) else labels.quoted(text)]
        if fact.stale_after is not None:
            yield (
                "stale",
                [voice.say("stale_after", span=length_said(fact.stale_after, voice.language, voice.formats))],
            )
        yield from self._asked(fact)
        notes = [
            ("is_failure", fact.failure),
            ("is_confirmed", fact.confirm),
            ("for_people", fact.for_people),
        ]
        yield "note", [voice.say(key) for key, holds in notes if holds]
        yield "found_by", [self._ids(names.concluding(self.model, name))]
        yield from self._read(name)
        yield self._declared_at(fact.position)

    def _amount(self, name: str, amount: NamedAmount) -> Rows:
        yield "values", [self.voice.formats.amount(value, currency) for currency, value in amount.amounts]
        yield from self._read(name)
        yield self._declared_at(amount.position)

    def _list(self, listed: RecordList) -> Rows:
        voice, labels = self.voice, self.voice.labels
        yield (
            "note",
            [voice.say(f"absent.{listed.absent}"), *([voice.say("for_people")] if listed.for_people else [])],
        )
        if listed.question or listed.absent == "unknown":
            yield from self._asked(listed)
        yield (
            "fields",
            [
                self._typed(
                    self._name(labels.fact(f"{listed.name}.{field.name}"), f"{listed.each}.{field.name}"),
                    field.type,
                )
                for field in listed.fields.values()
                if field.name not in ALWAYS_THERE
            ],
        )
        yield from self._read(listed.name)
        yield self._declared_at(listed.position)

    def _asked(self, asked: Fact | RecordList) -> Rows:
        voice = self.voice
        yield "ask_how", [voice.text(asked.question)]
        if not (isinstance(asked, Fact) and asked.concluded):
            yield "ask_whom", [voice.say(f"from.{asked.ask}")]
        yield "comes_from", [voice.say(f"from.{asked.comes_from}")] if asked.comes_from else []

    def _read(self, name: str) -> Rows:
        yield "read_by", [self._ids(self.readers.get(name, [])) or self.voice.say("no_rules")]

    def _typed(self, label: str, of: ValueType) -> str:
        return self.voice.say("parameter", label=label, value=self._type(of))

    def _type(self, of: ValueType) -> str:
        listed = getattr(of, "to", "")
        return self.voice.say(
            f"type.{of.kind}", list=self.voice.labels.quoted(self.voice.labels.records(listed))
        )

    @staticmethod
    def _declared_at(position: Position) -> tuple[str, list[str]]:
        return "where", [streams.place(position)]


def _filled(rows: Rows) -> list[tuple[str, list[str]]]:
    kept = [(key, [text for text in said if text]) for key, said in rows]
    return [(key, said) for key, said in kept if said]
