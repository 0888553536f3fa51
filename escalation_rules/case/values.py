"""Reads plain values of a case. All problems are reported with their paths; none stops the reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.values import MAX_ID, Party, Value, ValueProblem, ValueType, parsed, plain_text, show

MAX_ITEMS = 10_000
"""The maximum number of records in a list, of acts, and of entries of a history, in one case."""

MAX_IN_ALL = 30_000
"""The maximum number of items in all lists of one case."""

_LONGEST_KEY = 200


class Reader:
    """Reads values. Problems are added to `problems`, with the position of their path if `positions` contains
    it.

    `named_parties` collects the places where a party is given by an id, for checking when all records are
    known.
    """

    def __init__(self, vocabulary: Vocabulary, problems: Problems, positions: Mapping[str, Position]) -> None:
        self.vocabulary = vocabulary
        self.problems = problems
        self.positions = positions
        self.named_parties: list[tuple[str, str]] = []
        self.currency: str | None = None
        self._left = MAX_IN_ALL

    def value(self, raw: object, of: ValueType, path: str) -> Value | None:
        """Read a value of the type `of`. None if it is unknown (null) or invalid (reported)."""
        if raw is None:
            return None
        try:
            value = parsed(raw, of, self.currency)
        except ValueProblem as problem:
            close = None if self.problems.many else problem.suggestion
            self.error("wrong-value", path, problem.message, problem.expected, close)
            return None
        if isinstance(value, Party) and value.role is None:
            self.named_parties.append((path, value.name))
        return value

    def identifier(self, raw: object, path: str) -> str | None:
        """Read an id: a text of 1 to 200 characters."""
        if isinstance(raw, str) and 0 < len(raw) <= MAX_ID and raw.isprintable():
            return plain_text(raw)
        expected = f"a printable text of 1 to {MAX_ID} characters"
        if raw is None:
            self.error("missing-key", path, "missing `id:`", expected)
        else:
            self.error("wrong-value", path, f"{show(raw)} is not an id", expected)
        return None

    def flag(self, raw: object, path: str) -> bool:
        """Read a flag; false if missing or invalid (reported)."""
        if raw is not None and not isinstance(raw, bool):
            self.error("wrong-value", path, f"{show(raw)} is not true or false", "true or false")
        return raw is True

    def mapping(self, data: object, path: str) -> Mapping[str, Any]:
        """Read a mapping; empty if missing or invalid (reported)."""
        if isinstance(data, Mapping):
            return data
        if data is not None:
            self.error("wrong-form", path, f"found {show(data)} instead of a mapping", "a mapping")
        return {}

    def items(self, data: object, path: str) -> Sequence[Any]:
        """Read a list of at most `MAX_ITEMS`; empty if missing or invalid (reported)."""
        if isinstance(data, Sequence) and not isinstance(data, (str, bytes)):
            if len(data) <= MAX_ITEMS:
                items = tuple(islice(data, MAX_ITEMS + 1))  # a finite copy that the caller cannot change
                if len(items) <= MAX_ITEMS:
                    return self._within(items, path)
            self.error("too-many", path, f"more than {MAX_ITEMS:,} items", f"at most {MAX_ITEMS:,}")
        elif data is not None:
            self.error("wrong-form", path, f"found {show(data)} instead of a list", "a list")
        return ()

    def _within(self, items: Sequence[Any], path: str) -> Sequence[Any]:
        """The items, unless the case has too many in total (reported once)."""
        before, self._left = self._left, self._left - len(items)
        if self._left >= 0:
            return items
        if before >= 0:
            self.error("too-many", path, f"more than {MAX_IN_ALL:,} items in all", f"at most {MAX_IN_ALL:,}")
        return ()

    def only_keys(self, data: Iterable[Any], known: Iterable[str], path: str, what: str) -> None:
        """Report unknown keys."""
        names = tuple(known)
        for key in data:
            if key not in names:
                place = f"{path}.{key_text(key)}" if path else key_text(key)
                self.unknown("unknown-key", place, "key", show(key).strip("'"), names, f" in {what}")

    def unknown(
        self, code: str, path: str, what: str, name: object, known: Iterable[str], where: str = ""
    ) -> None:
        """Report an unknown name with the nearest known one; `where` is appended to it."""
        said = repr(name) if isinstance(name, str) else show(name)
        self.problems.unknown(
            code,
            f"unknown {what} {said}{where}",
            name,
            known,
            position=self._position(path),
            path=path or None,
        )

    def error(
        self, code: str, path: str, message: str, expected: str | None = None, suggestion: str | None = None
    ) -> None:
        """Report a problem at a path of the data."""
        if self.problems.full:
            return
        self.problems.add(
            Diagnostic(
                code, message, self._position(path), path or None, expected=expected, suggestion=suggestion
            )
        )

    def _position(self, path: str) -> Position | None:
        while path and path not in self.positions:
            path = path.rpartition(".")[0] if path.rfind(".") > path.rfind("[") else path.rpartition("[")[0]
        place = self.positions.get(path)
        return place if isinstance(place, Position) else None


def key_text(key: object) -> str:
    """A key of plain data as text for names and paths: limited in length, and always encodable."""
    if not isinstance(key, str):
        return show(key)
    text = plain_text(key)
    text = text if len(text) <= _LONGEST_KEY else f"{text[:_LONGEST_KEY]}…"
    return text if text.isprintable() else text.encode("utf-8", "backslashreplace").decode("utf-8")
