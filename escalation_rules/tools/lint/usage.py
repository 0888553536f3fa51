"""Collects the names that rules use: what they read, conclude, recommend, forbid, wait for and cite."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.errors import Position
from escalation_rules.policy.conditions import ActFilter, Selection
from escalation_rules.policy.conditions.act_filter import Followed
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.names import FieldName, Name, ViaName, references_of
from escalation_rules.policy.conditions.operands import PerCurrency
from escalation_rules.policy.conditions.records import Latest
from escalation_rules.policy.model import ActAnchor, Conclude, FoundAnchor, Headed, Prohibit, Recommend, Rule
from escalation_rules.policy.parameter_values import OfLast, Summed
from escalation_rules.policy.vocabulary import Fact, Vocabulary
from escalation_rules.texts import Text
from escalation_rules.values import Party

_LEAVES = (Position, Text, Fact, WorkingCalendar)


def fields_of(part: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a model object, without declarations, texts and positions."""
    for name in _names_of(part) or ():
        value = getattr(part, name)
        if not isinstance(value, _LEAVES):
            yield name, value


_USING = (
    Name, Selection, ActFilter, Followed, Recommend, Prohibit, Conclude, ActAnchor, FoundAnchor, Party, Sum, Summed, Latest,
    OfLast, Count, PerCurrency,
)  # fmt: skip
_uses: dict[type, bool] = {}
"""Whether parts of a class use names: to ask this of each part is slow, as these are abstract classes."""
_names: dict[type, tuple[str, ...] | None] = {}


def _names_of(part: object) -> tuple[str, ...] | None:
    """The names of the fields of a model object, kept for its class; None for another object."""
    kind = type(part)
    if kind not in _names:
        _names[kind] = (
            tuple(field.name for field in attrs.fields(kind) if field.init) if attrs.has(kind) else None
        )
    return _names[kind]


def parts_of(root: object) -> Iterator[Any]:
    """A model object and all objects inside it, as written, without declarations, texts and positions."""
    pending = [root]
    while pending:
        part = pending.pop()
        if isinstance(part, (tuple, list)):
            pending += reversed(part)
        elif _names_of(part) is not None:
            yield part
            pending += reversed([value for _, value in fields_of(part)])


def _named(name: Name) -> Iterator[str]:
    """The name of a fact, or of a field with the lists that lead to it."""
    for part in (name, *references_of(name)):
        yield part.full
        if isinstance(part, FieldName):
            yield part.list
        if isinstance(part, ViaName):
            yield part.target


class Usage:
    """The names in use. `read` holds facts, lists and `list.field`; `told` those that reasons quote, which
    affects no decision; `observed` the actions whose acts are tested."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.read: set[str] = set()
        self.told: set[str] = set()
        self.concluded: set[str] = set()
        self.recommended: set[str] = set()
        self.prohibited: set[str] = set()
        self.observed: set[str] = set()
        self.awaited: set[str] = set()
        self.groups: set[str] = set()
        self.roles: set[str] = set()
        self.principles: set[str | None] = set()
        self.sources: set[str] = set()
        self.amounts: set[str] = set()

    @property
    def used(self) -> set[str]:
        """All names that are read or quoted."""
        return self.read | self.told

    def of_rule(self, rule: Rule) -> None:
        """Add the names that one rule uses."""
        self.principles.add(rule.principle)
        self.sources.update(part.strip() for part in (rule.source or "").split(";"))
        for name in rule.because_names.values():
            self.told.update(_named(name))
        if rule.for_each is not None:
            self.read.add(rule.for_each)
        self.of_parts(parts_of((rule.when, rule.unless, rule.effects)))
        for effect in rule.effects:
            if isinstance(effect, (Recommend, Prohibit)) and effect.aim.via is not None:
                self.read.update(_named(effect.aim.via))

    def of_heading(self, part: Headed) -> None:
        """Add the names that a part of the heading shows, which affects no decision."""
        inner = Usage(self.vocabulary)
        inner.of_parts(parts_of(part.selection))
        self.roles |= inner.roles
        self.told |= inner.read | ({part.fact} if part.fact is not None else set())
        if part.selection is not None:
            self.told.update(f"{part.selection.list}.{field}" for field in part.fields)

    def of_parts(self, parts: Iterable[Any]) -> None:
        """Add the names that parts of a condition or an effect use."""
        for part in parts:
            kind = type(part)
            if kind not in _uses:
                _uses[kind] = issubclass(kind, _USING)
            if not _uses[kind]:
                continue
            match part:
                case Name():
                    self.read.update(_named(part))
                case Selection():
                    self.read |= {part.list, f"{part.list}.{part.via}"}
                case ActFilter() | Followed():
                    self._acts(part)
                case Recommend() | Prohibit() | Conclude() | ActAnchor() | FoundAnchor():
                    self._effect(part)
                case Party():
                    self.roles.add(part.name)
                case PerCurrency(named=str() as name):
                    self.amounts.add(name)
            if isinstance(part, (Sum, Summed, OfLast)):
                self.read.add(f"{part.selection.list}.{part.field}")
            if isinstance(part, (Latest, OfLast)) or (isinstance(part, Count) and part.window is not None):
                self.read.add(f"{part.selection.list}.{part.order}")

    def _acts(self, part: ActFilter | Followed) -> None:
        self.groups.update(part.named)
        self.roles.update(part.roles)
        if part.named:  # without a name all acts are meant, which uses none in particular
            self.observed.update(part.actions)

    def _effect(self, part: Recommend | Prohibit | Conclude | ActAnchor | FoundAnchor) -> None:
        match part:
            case Recommend():
                self.recommended.add(part.action)
                self.roles.update({part.owner or "", part.say_to or ""})
            case Prohibit():
                self.prohibited.update(part.actions)
                self.groups.add(part.named)
                self.roles.update(part.free or part.by)
                for inner in parts_of(part.until):
                    if isinstance(inner, ActFilter):
                        self.awaited.update(inner.actions)
            case Conclude():
                self.concluded.add(part.name)
            case ActAnchor():
                self.observed.add(part.action)
            case FoundAnchor():
                self.read.add(f"{part.test.selection.list}.{part.field}")
