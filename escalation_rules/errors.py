"""Diagnostics and exceptions: each names the place, the problem, what was expected, and the nearest name."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

import attrs

from escalation_rules.codes import Severity
from escalation_rules.suggestions import nearest

_MOST_PROBLEMS = 999
"""The maximum number of problems reported; one more entry says that there are others."""
_LONGEST_PART = 2000
"""The maximum length of a part of a diagnostic."""
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Control characters, bidirectional marks, surrogates, and line and paragraph separators."""


def printable(text: str, most: int = _LONGEST_PART) -> str:
    """The text on one line, shortened to `most` characters, with invisible and control characters escaped.

    Messages end up in logs and quote untrusted input, which must not be able to forge a log line.
    """
    text = text if len(text) <= most else f"{text[:most]}…"
    if text.isprintable():
        return text
    return "".join(
        _escape(character) if unicodedata.category(character) in _INVISIBLE else character
        for character in text
    )


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _printable(text: str | None) -> str | None:
    return None if text is None else printable(text)


@attrs.frozen(order=True)
class Position:
    """A position in a text: `file` as the caller named it, `line` and `column` counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{printable(self.file)}:{self.line}:{self.column}"

    def to_dict(self) -> dict[str, object]:
        """The position as plain data for JSON."""
        return {"file": self.file, "line": self.line, "column": self.column}


@attrs.frozen
class Diagnostic:
    """One problem: a stable `code` (declared in `codes`), its place, what is wrong, what was expected, and
    the nearest name.

    `position` is a place in a file, `path` a place in plain data (`charges[0].amount`). At least one is set
    unless the problem has no place. All parts are `printable`.
    """

    code: str
    message: str = attrs.field(converter=printable)
    position: Position | None = None
    path: str | None = attrs.field(default=None, converter=_printable)
    severity: Severity = "error"
    expected: str | None = attrs.field(default=None, converter=_printable)
    suggestion: str | None = attrs.field(default=None, converter=_printable)

    def __str__(self) -> str:
        place = str(self.position) if self.position else self.path
        text = f"{place}: " if place else ""
        text += f"{self.severity}: {self.message}"
        if self.position and self.path:
            text += f" (at {self.path})"
        if self.expected:
            text += f"; expected {self.expected}"
        if self.suggestion:
            text += f"; did you mean {self.suggestion!r}?"
        return f"{text} [{self.code}]"

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Sort key: file, line and column. Diagnostics without a position come first, sorted by path."""
        place = self.position
        known = (place.file, place.line, place.column) if place else ("", 0, 0)
        return (*known, self.path or "", self.code, self.message)

    def to_dict(self) -> dict[str, object]:
        """The diagnostic as plain data for JSON. Missing parts are null."""
        place = self.position
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": place.file if place else None,
            "line": place.line if place else None,
            "column": place.column if place else None,
            "path": self.path,
            "expected": self.expected,
            "suggestion": self.suggestion,
        }


Search = Callable[[str, Sequence[str]], str | None]
"""Finds the name that was probably meant."""


def unknown_name(
    code: str,
    message: str,
    name: object,
    known: Iterable[str],
    *,
    position: Position | None = None,
    path: str | None = None,
    expected: str | None = None,
    search: Search = nearest,
) -> Diagnostic:
    """The problem of a `name` that is not in `known`: suggests the nearest of them; if none is near, says what is
    `expected` (default: a list of them, sorted unless they are a tuple)."""
    names = known if isinstance(known, tuple) else sorted(known)
    close = search(name, names) if isinstance(name, str) else None
    instead = None if close else expected or listing(names)
    return Diagnostic(code, message, position, path, expected=instead, suggestion=close)


class EngineWarning(RuntimeWarning):
    """durable-rules failed and was switched off. The decision was made by the plain engine and is correct."""


class EscalationRulesError(Exception):
    """Base class of all errors that this library raises deliberately. `diagnostics` holds all problems found."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        return type(self), (self.diagnostics,)


class PolicyError(EscalationRulesError):
    """The policy's files are invalid."""


class CaseError(EscalationRulesError):
    """The case, the history or the instant is invalid."""


class RequestError(EscalationRulesError):
    """A request is invalid, for example names an action, a rule or a role that the policy does not have."""


_FAILURES_OF_DATA = (
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
    AttributeError,
    ArithmeticError,
    MemoryError,
)
"""Errors raised by objects that only resemble plain data, and by dicts that change while they are read. Not
every `Exception`: one raised by a signal handler, such as a time limit, must reach the host."""


@contextmanager
def reading(what: str, kind: type[EscalationRulesError]) -> Iterator[None]:
    """Context manager for reading the caller's data: turns any exception inside into an error of type `kind`."""
    try:
        yield
    except _FAILURES_OF_DATA as error:
        message = f"{what} cannot be read: it raised {type(error).__name__}"
        expected = "plain data that does not change meanwhile"
        raise kind([Diagnostic("unreadable-data", message, expected=expected)]) from error


class Problems:
    """Collects diagnostics while something is read, so that all problems are reported together, each once.

    Consequential errors are suppressed: a name with a broken declaration is *doubted*, and problems that
    mention it are dropped. While `blind`, part of the policy could not be read and may declare any name.
    """

    def __init__(self) -> None:
        self._found: list[Diagnostic] = []
        self._doubted: set[object] = set()
        self._spoilt: set[Position | None] = set()
        self._excused: list[Position | None] = []
        self.blind = False
        self.count = 0
        """The number of errors so far, including suppressed ones but no warnings."""

    def add(self, diagnostic: Diagnostic) -> None:
        """Add a problem."""
        self.count += diagnostic.severity == "error"
        if len(self._found) < _MOST_PROBLEMS and diagnostic.position not in self._spoilt:
            self._found.append(diagnostic)

    def spoil(self, diagnostic: Diagnostic) -> None:
        """Add a problem and suppress further problems at the same place."""
        self.add(diagnostic)
        self._spoilt.add(diagnostic.position)

    def excuse(self, position: Position | None) -> None:
        """Record that something cannot be read because of a problem that is reported elsewhere. If there is none, this
        place is reported: nothing of a policy is left out in silence."""
        self.count += 1
        self._excused.append(position)

    def doubt(self, *names: object) -> None:
        """Mark names as declared with an error, so that their use is not checked."""
        self._doubted.update(names)

    def doubts(self, name: object) -> bool:
        """Whether the declaration of `name` is broken."""
        return name in self._doubted

    def doubted(self) -> Iterator[str]:
        """The doubted names, as candidates for suggestions."""
        return (name for name in self._doubted if isinstance(name, str))

    @property
    def many(self) -> bool:
        """Whether there are too many problems to look for nearest names, which is slow."""
        return len(self._found) > _MOST_PROBLEMS // 10

    def nearest(self, name: str, candidates: Iterable[str]) -> str | None:
        """The nearest candidate, or None if there are already too many problems to look for it."""
        return None if self.many else nearest(name, candidates)

    def unknown(
        self,
        code: str,
        message: str,
        name: object,
        known: Iterable[str],
        *,
        position: Position | None = None,
        path: str | None = None,
        expected: str | None = None,
        search: Search | None = None,
    ) -> str | None:
        """Add the problem of a name that is not in `known`, as `unknown_name` does. Returns the suggestion."""
        if self.full:
            self.excuse(position)
            return None
        found = unknown_name(code, message, name, known, position=position, path=path, expected=expected,
                        search=search if search and not self.many else self.nearest)  # fmt: skip
        self.add(found)
        return found.suggestion

    @property
    def full(self) -> bool:
        """Whether the limit is reached and no more problems are kept."""
        return len(self._found) >= _MOST_PROBLEMS

    def __iter__(self) -> Iterator[Diagnostic]:
        yield from sorted(dict.fromkeys(self._found), key=lambda diagnostic: diagnostic.sort_key)
        if self.full:
            message = f"only the first {_MOST_PROBLEMS:,} problems are shown"
            yield Diagnostic("too-many-problems", message, expected="the first ones to be corrected")

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The errors in file order. With any of them, the input cannot be used."""
        found = tuple(diagnostic for diagnostic in self if diagnostic.severity == "error")
        if found or not self._excused:
            return found
        message = "this cannot be used in this form"
        return (
            Diagnostic("wrong-form", message, self._excused[0], expected="another form that the pages show"),
        )

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings in file order: valid but suspicious input."""
        return tuple(diagnostic for diagnostic in self if diagnostic.severity == "warning")


def article(noun: str) -> str:
    """The noun with its article, `a` or `an`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def listing(names: Iterable[str], most: int = 12) -> str:
    """Join names into `a, b or c`. Names past the first `most` are only counted."""
    known = list(names)
    if len(known) > most:
        return ", ".join(known[:most]) + f" … ({len(known)} in all)"
    return known[0] if len(known) == 1 else ", ".join(known[:-1]) + " or " + known[-1] if known else "nothing"
