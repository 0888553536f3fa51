"""Reads the argument CASE (a YAML or JSON file, or stdin) as plain data, with positions for messages."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from escalation_rules import Case, Policy
from escalation_rules.errors import CaseError, Diagnostic, Position, Problems
from escalation_rules.source import MAX_CHARACTERS
from escalation_rules.source.documents import plain_data

STDIN = "-"
_MOST = 4 * MAX_CHARACTERS + 1  # bytes


@attrs.frozen
class Document:
    """A text that was read, with its `name` for messages."""

    name: str
    text: str
    is_json: bool


def read_case(policy: Policy, source: str) -> Case:
    """Read a case of the policy. Raises `CaseError` with all problems and their positions."""
    return policy.case(*_read(source))


def read_case_data(source: str) -> Mapping[str, Any]:
    """The plain data of a case, of which only the form is checked. Raises `CaseError`."""
    return _read(source)[0]


def _read(source: str) -> tuple[Mapping[str, Any], dict[str, Position]]:
    document = read_document(source)
    problems = Problems()
    data, places = plain_data(document.text, document.name, problems, is_json=document.is_json)
    if problems.errors:
        raise CaseError(problems.errors)
    if not isinstance(data, Mapping):
        place = Position(document.name, 1, 1)
        raise CaseError(
            [
                Diagnostic(
                    "wrong-form", "the case is not a mapping", place, expected="`id`, `facts`, record lists"
                )
            ]
        )
    return data, places


def read_document(source: str, what: str = "the case") -> Document:
    """Read a file, or stdin if `source` is `-`. `what` is its content, in messages."""
    name = "<stdin>" if source == STDIN else source
    try:
        data = _read_bytes(source)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise _unread("unreadable", f"{what} cannot be read: {reason}", name) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise _unread("not-utf-8", f"{what} is not UTF-8 text", name, line) from None
    suffix = Path(source).suffix.lower()
    is_json = suffix == ".json" or (suffix not in {".yaml", ".yml"} and text.lstrip().startswith("{"))
    return Document(name, text, is_json)


def _unread(code: str, message: str, name: str, line: int = 1) -> CaseError:
    return CaseError([Diagnostic(code, message, Position(name, line, 1))])


def _read_bytes(source: str) -> bytes:
    if source != STDIN:
        with Path(source).open("rb") as stream:
            return stream.read(_MOST)
    buffer = getattr(sys.stdin, "buffer", None)
    if buffer is not None:
        return bytes(buffer.read(_MOST))
    return sys.stdin.read(_MOST).encode() if sys.stdin is not None else b""
