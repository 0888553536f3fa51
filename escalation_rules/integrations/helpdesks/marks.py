"""Marks that `changes_for` writes at the end of its notes, so that a later run knows what is already in the ticket."""

from __future__ import annotations

import hashlib
import re

_MARK = re.compile(r"\[escalation-rules((?: [0-9a-f]{12}){1,400})\]")


def mark(*parts: str | None) -> str:
    """The mark of a step, a prohibition or a question: twelve letters derived from its identity alone."""
    return hashlib.sha256("\n".join(part or "" for part in parts).encode()).hexdigest()[:12]


def marked(marks: tuple[str, ...]) -> str:
    """The last line of a note."""
    return f"[escalation-rules {' '.join(marks)}]"


def marks_in(text: str) -> frozenset[str]:
    """The marks in a note; empty if it was not written by `changes_for`."""
    return frozenset(word for match in _MARK.finditer(text) for word in match[1].split())
