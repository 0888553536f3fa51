"""The context in which conditions are read from YAML: scope, vocabulary, and problems."""

from __future__ import annotations

from collections.abc import Callable, Collection
from collections.abc import Mapping as MappingABC
from datetime import timedelta
from typing import TypeVar

import attrs

from escalation_rules import source
from escalation_rules.calendar import Duration, StartOf, WorkingCalendar
from escalation_rules.calendar.lengths import EXAMPLE
from escalation_rules.calendar.periods import START
from escalation_rules.calendar.periods import meant as started
from escalation_rules.errors import article
from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.human_values import length_said, value_said
from escalation_rules.policy.conditions.names import Name, Scope, looks_like_name
from escalation_rules.policy.conditions.synonyms import Guess, by_label, key_meant
from escalation_rules.policy.conditions.unknown_names import UnknownNames, cut_by_comma
from escalation_rules.policy.vocabulary import RecordList
from escalation_rules.source import Mapping, Node, Scalar, Sequence, one_or_more
from escalation_rules.values import Instant, Value, ValueProblem, ValueType, show

Word = TypeVar("Word", bound=str)


@attrs.frozen
class Computing:
    """Reads operands that are worked out: mappings with one of the `heads`. `read` returns None after reporting a problem.

    `misspelt` reports a mapping that has almost such a form, and returns whether it did.
    """

    heads: frozenset[str]
    read: Callable[[Context, Mapping, ValueType], StatedValue | None]
    misspelt: Callable[[Context, Mapping], bool]


@attrs.frozen
class Context(UnknownNames):
    """Where a part of a file is being read: names are resolved in `scope`, problems added to `problems`."""

    computing: Computing | None = None

    @property
    def for_each(self) -> RecordList | None:
        """The list of the outermost record in scope, i.e. of the rule's `for_each`."""
        return self.scope.lists[0] if self.scope.lists else None

    def within(self, scope: Scope) -> Context:
        """A copy with another scope."""
        return attrs.evolve(self, scope=scope)

    def is_computed(self, node: Node) -> bool:
        """Whether it has the form of a value that is worked out."""
        heads = self.computing.heads if self.computing is not None else ()
        return isinstance(node, Mapping) and any(key.text in heads for key, _ in node.entries)

    def scalar(self, node: Node, what: str, expected: str | None = None) -> str | None:
        """The text of a plain scalar that is a name or a phrase; None, with a problem, for anything else."""
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value:
            return node.value
        self.error("wrong-form", node, f"found {describe(node)} instead of {what}", expected or what)
        return None

    def named(self, node: Node, what: str, known: Collection[str]) -> str | None:
        """A scalar that must be one of the declared names `known`."""
        name = self.scalar(node, f"the name of {article(what)}")
        if name is not None and what == "role" and name not in known and looks_like_name(name):
            self.error("unknown-role", node, f"{show(name)} is a field, not a role",
                       "a role; an action's `not_by:` names fields, of those who may not do it")  # fmt: skip
            return None
        if name is not None and (name not in known or self.problems.doubts(name)):
            meant = by_label(name, known) if isinstance(known, MappingABC) else None
            self.undeclared(f"unknown-{what.replace(' ', '-')}", node, what, name, known, meant)
            return None
        return name

    def word(
        self,
        node: Node,
        what: str,
        known: Collection[Word],
        code: str = "wrong-value",
        others: MappingABC[str, str] | None = None,
    ) -> Word | None:
        """A scalar that must be one of a few fixed words. `others` maps common mistakes to them."""
        found = (
            next((known_word for known_word in known if known_word == node.text), None)
            if isinstance(node, Scalar)
            else None
        )
        if found is not None:
            return found
        said = node.text if isinstance(node, Scalar) else describe(node)
        word = (others or {}).get(said.lower())
        self.unknown(code, node, what, said, known, meant=Guess(word) if word in known else None)
        return None

    def several(self, node: Node, what: str, known: Collection[str]) -> tuple[str, ...]:
        """One name, or a list of distinct names, each in `known`."""
        names: list[str] = []
        for entry in one_or_more(node):
            name = self.named(entry, what, known)
            if name is not None and name in names:
                self.error("repeated", entry, f"{name!r} is named twice")
            elif name is not None:
                names.append(name)
        if isinstance(node, Sequence) and not node.items:
            self.error("empty", node, "the list is empty", f"the name of {article(what)}")
        return tuple(names)

    def literal(self, node: Node, of: ValueType) -> Value | None:
        """A literal of the type `of`; None, with a problem, if it is invalid."""
        try:
            return of.parse(source.to_plain(node))
        except ValueProblem as problem:
            said = node.text if isinstance(node, Scalar) else ""
            meant = problem.suggestion or value_said(said, of)
            if meant == said:  # a number or a flag in quotes
                meant, problem.expected = None, f"{problem.expected}, without quotes"
            self.error("wrong-value", node, problem.message, problem.expected, meant)
            return None

    def name(self, node: Node, code: str = "unknown-name", of: ValueType | None = None) -> Name | None:
        """A scalar that names a fact or a field visible here. If it is unknown, only names of type `of` are suggested."""
        text = self.scalar(node, "the name of a fact or field")
        if text is None:
            return None
        name = self.scope.resolve(text)
        if name is not None and not self.problems.doubts(text):
            return name
        if self._is_excused(text):
            self.problems.excuse(node.position)
        else:
            known = (
                known_name for known_name in self.known() if of is None or self._has_type(known_name, of)
            )
            self.unseen(code, node, "fact or field", text, known)
        return None

    def instant(self, node: Node, name: Name | None) -> Name | None:
        """The name, if it is that of an instant; else None, with a problem if there is a name."""
        if name is None or isinstance(name.fact.type, Instant):
            return name
        self.error("not-comparable", node, f"{name.text} is {article(name.fact.type.kind)}", "an instant")
        return None

    def _has_type(self, name: str, of: ValueType) -> bool:
        found = self.scope.resolve(name)
        return found is not None and found.fact.type == of

    def _is_excused(self, text: str) -> bool:
        """Whether the record list, or a referring field, in the name has an invalid declaration."""
        found = self.scope.astray(text)
        doubted = [text.partition(".")[0]]
        if found is not None:
            target = found[1].name if isinstance(found[1], RecordList) else ""
            doubted += [*text.split("."), target, f"{target}.{found[2]}"]
        return any(self.problems.doubts(name) for name in doubted if name)

    def sees(self, text: str) -> bool:
        """Whether a slot with this name can be filled here; also true if its declaration is invalid."""
        return self.scope.resolve(text) is not None or self.problems.doubts(text) or self._is_excused(text)

    def duration(self, node: Node, *, in_months: bool = True) -> Duration | None:
        """A duration such as `30 minutes` or `2 working days`. `in_months`: whether a message may suggest months."""
        text = self.scalar(node, "a length of time", f"a number and a unit, {EXAMPLE}")
        if text is None:
            return None
        try:
            duration = Duration.parse(text)
        except ValueError as problem:
            message, expected, meant = spoken(problem)
            self.error(
                "bad-duration", node, message, expected, length_said(text, in_months=in_months) or meant
            )
            return None
        if not duration.is_elapsed and self.calendar(node, duration.calendar) is None:
            return None
        return duration

    def age(self, node: Node) -> Duration | StartOf | None:
        """How old an instant may be: a duration, or `start of the month`."""
        said = str(node.value).strip() if isinstance(node, Scalar) else ""
        stated = said if said.startswith(START) else started(said)
        if stated is None:
            return self.duration(node)
        try:
            start = StartOf.parse(said)
        except ValueError as problem:
            message, expected, near = spoken(problem)
            self.error("bad-duration", node, message, expected, started(said) or near)
            return None
        return None if self.calendar(node, start.calendar) is None else start

    def calendar(self, node: Node, name: str | None) -> WorkingCalendar | None:
        """The calendar with that name, or the default one; None, with a problem, if there is none."""
        vocabulary = self.vocabulary
        wanted = vocabulary.calendar if name is None else name
        if wanted is not None and wanted in vocabulary.calendars:
            return vocabulary.calendars[wanted]
        if name is not None:
            self.undeclared("unknown-calendar", node, "calendar", name, vocabulary.calendars)
        elif self.problems.blind or self.problems.doubts(DEFAULT_CALENDAR):
            self.problems.excuse(node.position)
        else:
            self.error(
                "no-calendar",
                node,
                "working time, calendar days and months need a calendar, but the policy declares none",
                "`calendar:` in the vocabulary",
            )
        return None

    def plain_duration(self, node: Node) -> timedelta | None:
        """A duration that is not working time."""
        duration = self.duration(node, in_months=False)
        if duration is not None and not duration.is_elapsed:
            what = "working time" if duration.is_working else "as long as the calendar says"
            days = round(duration.amount * _DAYS_OF_A_MONTH) if duration.unit.endswith("month") else None
            self.error(
                "bad-duration",
                node,
                f"{duration} is {what}, which is not allowed here",
                f"days, such as {days} days" if days is not None else "e.g. 24 hours",
            )
            return None
        return duration.as_timedelta() if duration else None

    def only_keys(self, node: Mapping, known: Collection[str], what: str) -> None:
        """Report keys of `node` that are not in `known`. The keys that were probably meant are then not
        reported as missing."""
        for key, _ in node.entries:
            if key.text not in known and not self.problems.doubts(key.position):
                message = f"unknown key {show(key.text)} in {what}"
                if (cut := cut_by_comma(key.text)) is not None:
                    self.error("unknown-key", key, message, cut.expected)
                    continue
                close = self.problems.unknown(
                    "unknown-key", message, key.text, sorted(known), position=key.position, search=key_meant
                )
                self.problems.doubt((node.position, close))

    def missing(
        self, node: Mapping, key: str, message: str, expected: str, place: Node | None = None
    ) -> None:
        """Report that `node` has no `key`, unless a misspelt key was probably meant."""
        if self.problems.doubts((node.position, key)):
            self.problems.excuse(node.position)
        else:
            self.error("missing-key", place or node, message, expected)


_DAYS_OF_A_MONTH = 30.44


DEFAULT_CALENDAR = ("calendar",)
"""Marked as doubted if the policy's default calendar is invalid."""


def spoken(problem: ValueError) -> tuple[str, str | None, str | None]:
    """The message, expectation and suggestion in an error about working time."""
    rest, _, hint = str(problem).partition("; did you mean ")
    message, _, expected = rest.partition(": expected ")
    return message[:300], expected or None, hint.removesuffix("?").strip("'\"") or None


def describe(node: Node) -> str:
    """A node in a message: a list, a mapping, or the value itself."""
    if isinstance(node, Scalar):
        return show(node.value) if node.text or node.quoted else "an empty value"
    return "a list" if isinstance(node, Sequence) else "a mapping"
