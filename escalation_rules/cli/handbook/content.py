"""The content of a handbook: the rules in words, by principle, role, situation and step."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise
from typing import Any

import attrs

from escalation_rules import Policy
from escalation_rules.cli.handbook.model import (
    Book,
    Chapter,
    Code,
    Diagram,
    Entry,
    Frame,
    Graph,
    Node,
    Paragraph,
    Place,
    Row,
    Section,
)
from escalation_rules.cli.handbook.scenarios import Scenario
from escalation_rules.cli.handbook.selection import Selection
from escalation_rules.cli.names import Part, Thing, everybody_of_all_roles, fact_names
from escalation_rules.cli.reports.part_report import PartDescription
from escalation_rules.cli.reports.show_report import Description
from escalation_rules.cli.reports.voice import Voice
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.strata import conclusions_read
from escalation_rules.policy.vocabulary import Action, Fact, Named, RecordList
from escalation_rules.source import Mapping as MappingNode
from escalation_rules.source import Node as SourceNode
from escalation_rules.source import one_or_more, to_plain

_EXAMPLES = {"fires": "book.applies_to", "not": "book.not_to", "undecided": "book.undecided"}
"""The keys of examples, with their names in the handbook."""
_WHAT_IT_DID = ("for_each", "while", "when", "unless")
"""The rows that say when a rule applied."""
_PLAIN = re.compile(r"[^\W\d_][\w .+/-]*(?<! )|\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[+-]\d\d:\d\d))?")
"""Texts that need no quotes in YAML: words, and dates."""


def book_of(
    policy: Policy,
    language: str,
    zone: tzinfo | None,
    known: Sequence[Scenario] = (),
    selection: Selection | None = None,
) -> Book:
    """The handbook of a policy in one language, or a part of it. `known` are scenarios that may test its rules."""
    voice, part = Voice.of_policy(policy, language, zone), selection or Selection(policy.model)
    return _Author(policy.model, voice, tuple(known), Description(voice, whole=True), part).book()


@attrs.frozen
class _Author:
    model: PolicyModel
    voice: Voice
    scenarios: tuple[Scenario, ...]
    description: Description
    part: Selection

    @property
    def rules(self) -> list[Rule]:
        """The rules that the book contains."""
        return [rule for rule in self.model.rules if self.part.has_rule(rule)]

    def book(self) -> Book:
        say = self.voice.say
        chapters: tuple[Chapter, ...] = (self._roles(), self._principles(), self._situations(), self._steps())
        if self.part.is_all:
            chapters = (self._overview(), self._calendars(), *chapters, self._removed())
        return Book(
            self.voice.language,
            say("book.title", name=self.model.name),
            say("book.version", digest=self.model.digest[:12]),
            tuple(chapter for chapter in chapters if chapter.sections or chapter.diagrams),
            frozenset(rule.id for rule in self.rules if "-" in rule.id),
            Frame(*(say(f"book.{name}") for name in ("contents", "search", "nothing", "back"))),
        )

    # --- phases of a case ---------------------------------------------------------------------------------------------

    def _overview(self) -> Chapter:
        say, parts = self.voice.say, PartDescription(self.voice)
        order = self.model.vocabulary.phase_order()
        boxes = tuple(
            Node(phase, f"{self.voice.title(self.voice.labels.phase(phase))}\n{self._number(len(parts.steps_of(phase)))}",
                 f"steps-{phase}")
            for phase in order
        )  # fmt: skip
        phases = Diagram(say("book.order"), say("book.phases"), Graph(boxes, tuple(pairwise(order))),
                         tuple(parts.other_orders()))  # fmt: skip
        findings = Diagram(say("book.findings"), say("book.findings_intro"), self._findings())
        diagrams = tuple(diagram for diagram in (phases, findings) if diagram.graph.nodes)
        return Chapter("overview", say("book.overview"), diagrams=diagrams)

    def _findings(self) -> Graph:
        """The conclusions that depend on each other; isolated ones are left out."""
        arrows = {
            (read, conclusion.name)
            for rule in self.model.rules
            for read in conclusions_read(rule, self.model.rulesets)
            for conclusion in rule.concludes
            if read != conclusion.name
        }
        names = sorted({name for arrow in arrows for name in arrow})
        read = self.description.readers
        boxes = [
            Node(
                name, self.voice.title(self.voice.labels.fact(name)), f"fact-{name}" if name in read else None
            )
            for name in names
        ]
        return Graph(tuple(boxes), tuple(sorted(arrows)))

    def _number(self, count: int) -> str:
        return self.voice.formats.plural("steps", count)

    # --- working hours ------------------------------------------------------------------------------------------------

    def _calendars(self) -> Chapter:
        vocabulary = self.model.vocabulary
        sections = []
        for name, calendar in vocabulary.calendars.items():
            entry = self._entry(f"calendar-{name}-all", name, calendar)
            if name == vocabulary.calendar and len(vocabulary.calendars) > 1:
                rows = (self._row("note", [self.voice.say("is_default")]), *entry.rows)
                entry = attrs.evolve(entry, rows=rows)
            sections.append(Section(f"calendar-{name}", name, (entry,)))
        say = self.voice.say
        return Chapter("calendars", say("book.calendars"), tuple(sections), intro=say("book.calendars_intro"))

    # --- rules that were removed ----------------------------------------------------------------------------------------

    def _removed(self) -> Chapter:
        """The rules that are disabled or replaced: why, and what they said."""
        entries = []
        for name, removal in self.model.removed.items():
            (title, why), (_, was) = self.description.sections(name, removal)
            said = [(key, texts) for key, texts in was if key in _WHAT_IT_DID or key.startswith("effect.")]
            rows = [self._said(removal, key, texts) for key, texts in (*why[:1], *said, *why[1:])]
            entries.append(Entry(f"removed-{name}", title, "", tuple(rows)))  # the title names the rule
        say = self.voice.say
        section = Section("removed-all", say("book.removed"), tuple(entries))
        sections = (section,) if entries else ()
        return Chapter("removed", say("book.removed"), sections, intro=say("book.removed_intro"))

    # --- roles --------------------------------------------------------------------------------------------------------

    def _roles(self) -> Chapter:
        say = self.voice.say
        sections = [
            Section(f"role-{name}", self.voice.title(self.voice.labels.role(name)), (self._role(name, role),))
            for name, role in self.model.vocabulary.roles.items()
            if name not in self.model.vocabulary.outside and self.part.has_role(name)
        ]
        everybody = self._entry("role-everybody-all", "everybody", everybody_of_all_roles())
        first = Section("role-everybody", say("book.everybody"), (everybody,))
        return Chapter(
            "roles", say("book.roles"), (first, *sections) if self.part.origin is None else tuple(sections)
        )

    def _role(self, name: str, named: Named) -> Entry:
        return self._entry(f"role-{name}-all", name, Part("role", named))

    # --- principles ---------------------------------------------------------------------------------------------------

    def _principles(self) -> Chapter:
        rules = self.rules
        sections = [
            Section(f"principle-{name}", self.voice.labels.principle(name),
                    tuple(self._rule(rule) for rule in rules if rule.principle == name))
            for name in self.model.vocabulary.principles
        ]  # fmt: skip
        others = tuple(
            self._rule(rule) for rule in rules if rule.principle not in self.model.vocabulary.principles
        )
        sections.append(Section("principle-none", self.voice.say("book.other"), others))
        return Chapter(
            "principles",
            self.voice.say("book.principles"),
            tuple(section for section in sections if section.entries),
        )

    def _rule(self, rule: Rule) -> Entry:
        entry = self._entry(f"rule-{rule.id}", rule.id, rule)
        title = self.voice.title(self.voice.wording.in_short(rule.effects)) if rule.effects else rule.id
        rows = [*entry.rows[:-1], *self._examples(rule.examples), *self._exercised(rule), *entry.rows[-1:]]
        return attrs.evolve(entry, title=title, name=rule.id, rows=tuple(rows))

    def _examples(self, examples: SourceNode | None) -> Iterator[Row]:
        for mapping in (one for one in one_or_more(examples) if isinstance(one, MappingNode)):
            for key, label in _EXAMPLES.items():
                if (value := mapping.get(key)) is not None:
                    yield Row(self.voice.say(label), (Code(_shown(to_plain(value))),))

    def _exercised(self, rule: Rule) -> Iterator[Row]:
        found = [scenario for scenario in self.scenarios if rule.id in scenario.words]
        if found:
            yield Row(
                self.voice.say("book.scenarios"),
                tuple(Place(scenario.title, scenario.position) for scenario in found),
            )

    # --- situations ---------------------------------------------------------------------------------------------------

    def _situations(self) -> Chapter:
        """Facts and lists that rules read; fields are listed with their list."""
        readers = self.description.readers
        vocabulary, shown = self.model.vocabulary, self.part.facts
        groups: dict[str, list[Entry]] = {}
        for name in dict.fromkeys(fact_names(vocabulary)):
            thing: Fact | RecordList | None = vocabulary.declaration(name) or vocabulary.records.get(name)
            if thing is None or not readers.get(name) or not (self.part.is_all or name in shown):
                continue
            entry = self._entry(f"fact-{name}", name, thing)
            groups.setdefault(name.partition(".")[0], []).append(entry)
        sections = []
        for head, entries in groups.items():
            listed = vocabulary.records.get(head)
            title = self.voice.labels.records(head) if listed else entries[0].title
            if not listed and len(entries) > 1:
                title = self.voice.joined([leading.title for leading in entries[:2]]) + (
                    "…" if len(entries) > 2 else ""
                )
            sections.append(Section(f"situation-{head}", self.voice.title(title), tuple(entries)))
        say = self.voice.say
        return Chapter(
            "situations", say("book.situations"), tuple(sections), intro=say("book.situations_intro")
        )

    # --- steps --------------------------------------------------------------------------------------------------------

    def _steps(self) -> Chapter:
        parts, vocabulary = PartDescription(self.voice), self.model.vocabulary
        sections = [
            Section(f"steps-{name}", self.voice.title(self.voice.labels.phase(name)),
                    tuple(self._step(action) for action in parts.steps_of(name) if self.part.has_action(action)))
            for name in vocabulary.phase_order()
        ]  # fmt: skip
        others = tuple(
            self._step(action)
            for action in vocabulary.actions.values()
            if action.phase is None and self.part.has_action(action)
        )
        sections.append(Section("steps-none", self.voice.say("book.no_phase"), others))
        return Chapter(
            "steps", self.voice.say("book.steps"), tuple(section for section in sections if section.entries)
        )

    def _step(self, action: Action) -> Entry:
        return self._entry(f"step-{action.name}", action.name, action)

    # --- entries ------------------------------------------------------------------------------------------------------

    def _entry(self, anchor: str, name: str, thing: Thing) -> Entry:
        """An entry with the rows that `show` prints."""
        ((title, rows),) = self.description.sections(name, thing)
        return Entry(
            anchor,
            title.removesuffix(f" ({name})").removesuffix(f"（{name}）"),
            name,
            tuple(self._said(thing, key, texts) for key, texts in rows),
        )

    def _said(self, thing: Thing, key: str, texts: Iterable[str]) -> Row:
        position = thing.named.position if isinstance(thing, Part) else getattr(thing, "position", None)
        if key == "where" and position is not None:
            return self._row(key, [Place(text, position) for text in texts])
        return self._row(key, list(texts))

    def _row(self, key: str, said: Sequence[Paragraph]) -> Row:
        return Row(self.voice.say(key), tuple(said))


def _shown(data: Any, depth: int = 0) -> str:
    """Plain data as lines similar to the YAML of an example."""
    pad = "  " * depth
    if isinstance(data, dict) and data:
        return "\n".join(
            f"{pad}{key}:\n{_shown(value, depth + 1)}"
            if _is_nested(value)
            else f"{pad}{key}: {_scalar(value)}"
            for key, value in data.items()
        )
    if isinstance(data, list) and data:
        return "\n".join(f"{pad}- {_scalar(part)}" for part in data)
    return pad + _scalar(data)


def _is_nested(value: Any) -> bool:
    return isinstance(value, (dict, list)) and bool(value)


def _scalar(value: Any) -> str:
    """A value on one line, as YAML."""
    if isinstance(value, str):
        is_plain = _PLAIN.fullmatch(value) and value.lower() not in {"true", "false", "null"}
        return value if is_plain else json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_scalar(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)
