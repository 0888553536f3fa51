"""Finds the rules that the scenarios of feature files name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import attrs

from escalation_rules.errors import Diagnostic, Position, RequestError

_KEYWORDS = (
    *("Scenario Outline", "Scenario Template", "Scenario", "Example"),
    *("場景大綱", "劇本大綱", "場景", "劇本", "场景大纲", "剧本大纲", "场景", "剧本"),
)
_START = re.compile(rf"^\s*(?:{'|'.join(_KEYWORDS)})\s*[:：]\s*(.*)$")
_WORD = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)+|[a-z0-9]+")


@attrs.frozen
class Scenario:
    """A scenario: its title, its position, and all words in it that could be rule ids."""

    title: str
    position: Position
    words: frozenset[str]


def scenarios(paths: Iterable[str]) -> tuple[Scenario, ...]:
    """The scenarios of feature files and folders. Raises `RequestError` if one cannot be read."""
    found: list[Scenario] = []
    for path in map(Path, paths):
        files = sorted(path.rglob("*.feature")) if path.is_dir() else [path]
        for file in files:
            try:
                text = file.read_text(encoding="utf-8-sig")
            except (OSError, ValueError) as error:
                reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
                place = Position(str(file), 1, 1)
                raise RequestError(
                    [Diagnostic("unreadable", f"the feature file cannot be read: {reason}", place)]
                ) from None
            found += _of_text(text, str(file))
    return tuple(found)


def _of_text(text: str, file: str) -> list[Scenario]:
    lines = text.splitlines()
    starts = [
        (number, found[1].strip()) for number, line in enumerate(lines) if (found := _START.match(line))
    ]
    ends = [number for number, _ in starts[1:]] + [len(lines)]
    return [
        Scenario(
            title, Position(file, start + 1, 1), frozenset(_WORD.findall("\n".join(lines[start + 1 : end])))
        )
        for (start, title), end in zip(starts, ends, strict=True)
    ]
