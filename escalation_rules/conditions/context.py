"""What a condition needs while it is read from YAML: the scope, the vocabulary, and where problems go."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

import attrs

from escalation_rules import source
from escalation_rules.calendar import Duration
from escalation_rules.conditions.names import Name, Scope
from escalation_rules.errors import Diagnostic, Position, Problems, listing, nearest
from escalation_rules.source import Mapping, Node, Scalar, Sequence
from escalation_rules.values import Value, ValueProblem, ValueType, show
from escalation_rules.vocabulary import Vocabulary


@attrs.frozen
class Context:
    """Where a part of a file is being read: names resolve in `scope`, problems are kept in `problems`."""

    scope: Scope
    problems: Problems

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary that names are looked up in."""
        return self.scope.vocabulary

    def within(self, scope: Scope) -> Context:
        """The same reading, in another scope."""
        return attrs.evolve(self, scope=scope)

    def error(
        self, code: str, node: Node | Position, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        """Report a problem that forbids use."""
        place = node if isinstance(node, Position) else node.position
        self.problems.add(Diagnostic(code, message, place, expected=expected, suggestion=suggestion))

    def unknown(self, code: str, node: Node, what: str, name: str, known: Iterable[str]) -> None:
        """Report a name that does not exist, with the nearest that does."""
        names = list(known)
        close = nearest(name, names)
        self.error(code, node, f"there is no {what} {name!r}", None if close else listing(sorted(names)), close)

    def scalar(self, node: Node, what: str) -> str | None:
        """The text of a plain scalar that is a name or a phrase; None, with a problem, for anything else."""
        if isinstance(node, Scalar) and isinstance(node.value, str) and node.value:
            return node.value
        self.error("wrong-form", node, f"{describe(node)} where {what} belongs", what)
        return None

    def named(self, node: Node, what: str, known: Collection[str]) -> str | None:
        """A scalar that must be one of `known`."""
        name = self.scalar(node, f"the name of {_article(what)} {what}")
        if name is not None and name not in known:
            self.unknown(f"unknown-{what.replace(' ', '-')}", node, what, name, known)
            return None
        return name

    def several(self, node: Node, what: str, known: Collection[str]) -> tuple[str, ...]:
        """One name, or a list of names, each of `known`; no name twice."""
        names: list[str] = []
        for item in node.items if isinstance(node, Sequence) else (node,):
            name = self.named(item, what, known)
            if name is not None and name in names:
                self.error("repeated", item, f"{name!r} is named twice")
            elif name is not None:
                names.append(name)
        if isinstance(node, Sequence) and not node.items:
            self.error("empty", node, "the list is empty", f"the name of {_article(what)} {what}")
        return tuple(names)

    def literal(self, node: Node, of: ValueType) -> Value | None:
        """A literal of the type `of`; None, with a problem, if it is none."""
        try:
            return of.parse(source.to_plain(node))
        except ValueProblem as problem:
            self.error("wrong-value", node, problem.message, problem.expected, problem.suggestion)
            return None

    def name(self, node: Node, code: str = "unknown-name") -> Name | None:
        """A scalar that names a fact or a field that can be seen from here."""
        text = self.scalar(node, "the name of a fact or field")
        if text is None:
            return None
        name = self.scope.resolve(text)
        if name is None:
            self.unknown(code, node, "fact or field", text, self.scope.known())
        return name

    def duration(self, node: Node) -> Duration | None:
        """A length of time such as `30 minutes` or `2 working days`."""
        text = self.scalar(node, "a length of time such as 30 minutes or 2 working days")
        if text is None:
            return None
        try:
            duration = Duration.parse(text)
        except ValueError as problem:
            self.error("bad-duration", node, str(problem))
            return None
        calendars = self.vocabulary.calendars
        if duration.calendar is not None and duration.calendar not in calendars:
            self.unknown("unknown-calendar", node, "calendar", duration.calendar, calendars)
        elif duration.is_working and duration.calendar is None and self.vocabulary.calendar is None:
            self.error("no-calendar", node, "working time needs a calendar, and the policy declares none",
                       "`calendar:` in the vocabulary")
        else:
            return duration
        return None

    def plain_duration(self, node: Node) -> timedelta | None:
        """A length of time that is not working time."""
        duration = self.duration(node)
        if duration is not None and duration.is_working:
            self.error("bad-duration", node, f"{duration} is working time, which does not fit here", "e.g. 24 hours")
            return None
        return duration.as_timedelta() if duration else None

    def only_keys(self, node: Mapping, known: Collection[str], what: str) -> None:
        """Report every key of `node` that is not among `known`."""
        for key, _ in node.entries:
            if key.text not in known:
                self.unknown("unknown-key", key, f"key of {what},", key.text, known)


def describe(node: Node) -> str:
    """A node for a message: a list, a mapping, or the value itself."""
    if isinstance(node, Scalar):
        return show(node.value)
    return "a list" if isinstance(node, Sequence) else "a mapping"


def _article(what: str) -> str:
    return "an" if what[0] in "aeiou" else "a"
