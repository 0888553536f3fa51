"""Reads the `vocabulary:` of all files of all layers as one vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from escalation_rules.errors import Position, Problems, article
from escalation_rules.policy.conditions import Context, Scope, read_literal
from escalation_rules.policy.conditions.context import DEFAULT_CALENDAR
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.conditions.unknown_names import NO_VOCABULARY
from escalation_rules.policy.reading.actions import (
    check_orders,
    extended_action,
    read_action,
    read_goes,
    read_group,
)
from escalation_rules.policy.reading.barred import with_barred
from escalation_rules.policy.reading.calendars import extended as extended_calendar
from escalation_rules.policy.reading.calendars import read_calendar
from escalation_rules.policy.reading.common import (
    FACT_NAME,
    LISTS_RESERVED,
    NAME,
    RESERVED,
    RULE_ID,
    is_name,
    labelled,
    mapping,
    names_in_order,
    text,
)
from escalation_rules.policy.reading.facts import (
    check_singulars,
    duplicate,
    extended,
    read_fact,
    read_fields,
    read_record_list,
)
from escalation_rules.policy.reading.files import VOCABULARY_KEYS, PolicyFile
from escalation_rules.policy.reading.policy_languages import read_languages
from escalation_rules.policy.vocabulary import Fact, Group, Named, NamedAmount, RecordList, Vocabulary
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.texts import Text
from escalation_rules.values import Amount, Choice

KEYS = VOCABULARY_KEYS

T = TypeVar("T")
Read = Callable[[Context, Scalar, Node], T | None]


@attrs.frozen
class Section:
    """The `vocabulary:` of one file."""

    layer: int
    root: Mapping


def read_vocabulary(files: Sequence[PolicyFile], problems: Problems) -> Vocabulary:
    """Read the vocabulary of all files. Problems are added to `problems`."""
    start = Context(Scope(Vocabulary()), problems)
    sections: list[Section] = []
    for file in files:
        node = file.root.get("vocabulary")
        if isinstance(node, Scalar) and problems.doubts((file.root.position, "vocabulary")):
            continue  # its keys are at the top level, which is reported
        root = mapping(start, node, "the vocabulary")
        if root is not None:
            before = problems.count
            start.only_keys(root, KEYS, "the vocabulary")
            # the content of an unknown key declares names, too
            problems.blind |= problems.count > before
            sections.append(Section(file.layer, root))
    if not sections:
        problems.doubt(NO_VOCABULARY)
    return _Builder(sections, problems, read_languages(files, problems)).build()


class _Builder:
    """Reads the parts in the order of their dependencies."""

    def __init__(self, sections: Sequence[Section], problems: Problems, languages: tuple[str, ...]) -> None:
        self.sections = sections
        self.problems = problems
        self.vocabulary = Vocabulary(languages=languages)

    @property
    def context(self) -> Context:
        return Context(Scope(self.vocabulary), self.problems)

    def build(self) -> Vocabulary:
        self._add(
            phases=self._phases(), roles=self._named("roles"), principles=self._named("principles", RULE_ID)
        )
        self._add(outside=self._outside())
        self._add(sources=self._sources())
        self._add(amounts=self._amounts())
        self._add(calendars=self._declared("calendars", NAME, read_calendar))
        self._extend_calendars()
        self._add(calendar=self._calendar())
        lists = [key.text for _, key, _ in self._entries("records")]
        roles = self.vocabulary.roles
        self._add(
            facts=self._declared(
                "facts", FACT_NAME, lambda context, key, node: read_fact(context, key, node, roles, lists)
            )
        )
        self._add(
            records=self._declared(
                "records", NAME, lambda context, key, node: read_record_list(context, key, node, roles, lists)
            )
        )
        self._extend_lists(lists)
        self._check_amounts()
        check_singulars(
            self.context, list(self.vocabulary.records.values()), list(self.vocabulary.facts.values())
        )
        self._add(actions=self._declared("actions", NAME, read_action))
        self._extend_actions()
        declarations = {
            key.text: node for _, key, node in self._entries("actions") if isinstance(node, Mapping)
        }
        self._add(actions=with_barred(self.context, declarations))
        ranks, followers = check_orders(self.context, declarations)
        self._add(ranks=ranks, followers=followers)
        self._add(groups=self._declared("groups", NAME, read_group))
        self._extend_groups()
        self._add(goes=read_goes(self.context, self.vocabulary.groups))
        return self.vocabulary

    def _add(self, **parts: Any) -> None:
        self.vocabulary = attrs.evolve(self.vocabulary, **parts)

    def _parts(self, key: str) -> list[tuple[int, Scalar, Node]]:
        found = []
        for section in self.sections:
            name, node = section.root.key(key), section.root.get(key)
            if name is not None and node is not None:
                found.append((section.layer, name, node))
        return found

    def _entries(self, key: str) -> list[tuple[int, Scalar, Node]]:
        found: list[tuple[int, Scalar, Node]] = []
        for layer, _, node in self._parts(key):
            parts = mapping(self.context, node, f"`{key}:`")
            found += [(layer, name, value) for name, value in parts.entries] if parts else []
        return found

    def _declared(self, key: str, pattern: Any, read: Read[T]) -> dict[str, T]:
        found: dict[str, T] = {}
        first: dict[str, tuple[int, Position]] = {}
        for layer, name, node in self._entries(key):
            reserved = LISTS_RESERVED if key == "records" else RESERVED
            if not is_name(self.context, name, key.rstrip("s"), pattern, reserved):
                continue
            if name.text in first and not self._replaces(node, layer, first[name.text][0]):
                duplicate(self.context, name, first[name.text][1], layer > first[name.text][0])
                continue
            if name.text not in first and isinstance(node, Mapping) and (place := node.key("replaces")):
                self.context.error(
                    "nothing-replaced", place, f"no lower layer declares {name.text!r}", "no `replaces:`"
                )
            first[name.text] = (layer, name.position)
            value = read(self.context, name, node)
            if value is not None:
                found[name.text] = value
            else:
                self.problems.doubt(name.text)
        return found

    def _replaces(self, node: Node, layer: int, lower: int) -> bool:
        asked = node.get("replaces") if isinstance(node, Mapping) else None
        return isinstance(asked, Scalar) and asked.value is True and layer > lower

    def _named(self, key: str, pattern: Any = NAME) -> dict[str, Named]:
        found: dict[str, Named] = {}
        for _, _, node in self._parts(key):
            for declared in labelled(self.context, node, key.rstrip("s"), pattern):
                if declared.name in found:
                    self.context.error(
                        "duplicate",
                        declared.position,
                        f"{declared.name!r} is already declared at {found[declared.name].position}",
                    )
                found.setdefault(declared.name, declared)
        return found

    def _outside(self) -> tuple[str, ...]:
        """The external roles of all layers."""
        found: dict[str, None] = {}
        for _, _, node in self._parts("outside"):
            found |= dict.fromkeys(self.context.several(node, "role", self.vocabulary.roles))
        return tuple(found)

    def _phases(self) -> dict[str, Named]:
        """The phases in the last layer's order, which must contain those of lower layers, whose labels are kept."""
        found: dict[str, Named] = {}
        said: dict[int, Position] = {}
        for layer, key, node in self._parts("phases"):
            if layer in said:
                self.context.error("duplicate", key, f"the phases are already listed at {said[layer]}")
                continue
            said[layer] = key.position
            phases = names_in_order(labelled(self.context, node, "phase"))
            self.problems.doubt(*(set(found) - set(phases)))
            for missing in sorted(set(found) - set(phases)):
                self.context.error("missing-phase", key, f"the phase {missing!r} of a lower layer is missing")
            found = {name: phase if phase.label else found.get(name, phase) for name, phase in phases.items()}
        return found

    def _sources(self) -> dict[str, Text]:
        found: dict[str, Text] = {}
        first: dict[str, Position] = {}
        for _, key, node in self._entries("sources"):
            if key.text in first:
                duplicate(self.context, key, first[key.text], later=False)
            first.setdefault(key.text, key.position)
            found.setdefault(key.text, text(self.context, node))
        return found

    def _amounts(self) -> dict[str, NamedAmount]:
        """The named amounts; a later layer adds currencies, or states another amount."""
        found: dict[str, dict[str, Decimal]] = {}
        said: dict[tuple[int, str], Position] = {}
        for layer, key, node in self._entries("amounts"):
            if not is_name(self.context, key, "amount", FACT_NAME, ()):
                continue
            if (layer, key.text) in said:
                duplicate(self.context, key, said[layer, key.text], later=False)
            said.setdefault((layer, key.text), key.position)
            stated = read_literal(self.context, node, Amount())
            if isinstance(stated, PerCurrency):
                found[key.text] = {**found.get(key.text, {}), **dict(stated.amounts)}
            elif isinstance(stated, Literal):
                self.context.error("no-currency", node, "a named amount has a currency", "e.g. {TWD: 800}")
            if key.text not in found:
                self.problems.doubt(key.text)
        places = {name: position for (_, name), position in reversed(said.items())}
        return {
            name: NamedAmount(tuple(sorted(amounts.items())), places[name]) for name, amounts in found.items()
        }

    def _check_amounts(self) -> None:
        """Report names that a fact has as well."""
        for _, key, _ in self._entries("amounts"):
            if key.text in self.vocabulary.facts:
                message = f"{key.text!r} is also the name of a fact"
                self.context.error("duplicate", key, message, "another name")

    def _calendar(self) -> str | None:
        chosen = None
        for _, _, node in self._parts("calendar"):
            chosen = self.context.named(node, "calendar", self.vocabulary.calendars)
            if chosen is None:
                self.problems.doubt(DEFAULT_CALENDAR)
        return chosen

    def _extend_calendars(self) -> None:
        calendars = dict(self.vocabulary.calendars)
        for _, key, node in self._entries("extend"):
            if key.text in calendars:
                calendars[key.text] = extended_calendar(self.context, key, calendars[key.text], node)
        self._add(calendars=calendars)

    def _extend_lists(self, lists: Sequence[str]) -> None:
        facts, records = dict(self.vocabulary.facts), dict(self.vocabulary.records)
        for _, key, node in self._entries("extend"):
            head, _, field = key.text.partition(".")
            if key.text in facts:
                facts[key.text] = self._extended(key, facts[key.text], node)
            elif field and head in records and field in records[head].fields:
                fields = dict(records[head].fields)
                fields[field] = self._extended(key, fields[field], node)
                records[head] = attrs.evolve(records[head], fields=fields)
            elif key.text in records:
                fresh = self._more_fields(records[key.text], node, lists)
                records[key.text] = attrs.evolve(
                    records[key.text], fields={**fresh, **records[key.text].fields}
                )
        self._add(facts=facts, records=records)

    def _more_fields(self, listed: RecordList, node: Node, lists: Sequence[str]) -> dict[str, Fact]:
        more = mapping(self.context, node, "more fields")
        fresh = read_fields(self.context, more, (listed.name, listed.each), self.vocabulary.roles, lists)
        for name in sorted(set(fresh) & set(listed.fields)):
            duplicate(
                self.context,
                Scalar(fresh[name].position, name, name),
                listed.fields[name].position,
                later=False,
            )
        return fresh

    def _extended(self, key: Scalar, fact: Fact, node: Node) -> Fact:
        if not isinstance(fact.type, Choice):
            self.context.error("does-not-fit", key, f"{key.text} is {article(fact.type.kind)}",
                               "a choice, whose values have no order")  # fmt: skip
            return fact
        before = self.problems.count
        fresh = labelled(self.context, node, "value")
        if self.problems.count > before:
            self.problems.doubt(key.text, fact.name)
        known = frozenset(fact.type.names)
        for declared in fresh:
            if declared.name in known:
                self.context.error(
                    "duplicate", declared.position, f"{declared.name!r} is already a value of {key.text}"
                )
        return extended(fact, tuple(declared for declared in fresh if declared.name not in known))

    def _extend_actions(self) -> None:
        """Allow more roles to do an action."""
        actions = dict(self.vocabulary.actions)
        for _, key, node in self._entries("extend"):
            old = actions.get(key.text)
            if old is not None:
                actions[key.text] = extended_action(self.context, key, old, node)
        self._add(actions=actions)

    def _extend_groups(self) -> None:
        groups = dict(self.vocabulary.groups)
        for _, key, node in self._entries("extend"):
            if key.text in groups:
                more = self.context.several(node, "action", self.vocabulary.actions)
                old: Group = groups[key.text]
                groups[key.text] = attrs.evolve(old, actions=tuple(sorted({*old.actions, *more})))
            elif key.text not in self._extensible():
                known = [*groups, *self._extensible()]
                self.context.undeclared(
                    "unknown-name", key, "choice, record list, action, group or calendar", key.text, known
                )
        self._add(groups=groups)

    def _extensible(self) -> list[str]:
        """The parts that `extend:` may name, besides groups."""
        lists = self.vocabulary.records.values()
        fields = [f"{record_list.name}.{field}" for record_list in lists for field in record_list.fields]
        names = (*self.vocabulary.facts, *self.vocabulary.records, *self.vocabulary.actions)
        return [*names, *fields, *self.vocabulary.calendars]
