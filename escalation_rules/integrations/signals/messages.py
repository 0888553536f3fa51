"""Reads messages from the host's plain data and reports all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.errors import Diagnostic, EscalationRulesError, Problems
from escalation_rules.values import MAX_ID, Instant, ValueProblem, show

MAX_MESSAGES = 1000
MAX_CHARACTERS = 1_000_000
"""The maximum length of a message. Longer ones are rejected, so that nobody assumes they were read completely."""

_KEYS = ("id", "role", "at", "text")


class MessageError(EscalationRulesError):
    """The messages are invalid; `diagnostics` names each problem by its path."""


@attrs.frozen
class Message:
    """A message: its `id`, the `role` of its author (`customer`, `agent` …), when it was written, and its
    text.

    `at` is aware, in the zone given by the host; None if unknown.
    """

    id: str
    role: str
    text: str
    at: datetime | None = None


def read_messages(data: object) -> tuple[Message, ...]:
    """Read messages from plain mappings (`id`, `role`, `text`, `at`) or `Message` objects, in the given
    order.

    Raises `MessageError` with all problems: unknown or missing keys, duplicate ids, naive times, too much
    text.
    """
    problems = Problems()
    if not isinstance(data, Iterable) or isinstance(data, (str, bytes, Mapping)):
        _report(
            problems, "wrong-form", "messages", f"the messages cannot be {show(data)}", "a list of messages"
        )
        raise MessageError(problems)
    found: list[Message] = []
    seen: set[str] = set()
    for index, entry in enumerate(data):
        path = f"messages[{index}]"
        if index >= MAX_MESSAGES:
            _report(
                problems, "too-many", "messages", f"more than {MAX_MESSAGES:,} messages", "fewer messages"
            )
            break
        message = _read(entry, path, problems)
        if message is not None and message.id in seen:
            _report(problems, "duplicate", f"{path}.id", f"the message id {message.id!r} is used twice")
        elif message is not None:
            seen.add(message.id)
            found.append(message)
    if problems.count:
        raise MessageError(problems)
    return tuple(found)


def _read(data: object, path: str, problems: Problems) -> Message | None:
    if isinstance(data, Message):
        data = attrs.asdict(data)
    if not isinstance(data, Mapping):
        _report(problems, "wrong-form", path, f"a message cannot be {show(data)}", "a mapping with `text:`")
        return None
    before = problems.count
    for key in data:
        if key not in _KEYS:
            name = show(key).strip("'")
            message = f"unknown key {name!r} in the message"
            problems.unknown("unknown-key", message, name, _KEYS, path=f"{path}.{name}")
    name = _text(data, "id", path, problems, MAX_ID)
    role = _text(data, "role", path, problems, MAX_ID)
    text = _text(data, "text", path, problems, MAX_CHARACTERS, empty=True)
    at = _instant(data.get("at"), f"{path}.at", problems)
    return Message(name, role, text, at) if problems.count == before else None


def _text(
    data: Mapping[Any, Any], key: str, path: str, problems: Problems, most: int, empty: bool = False
) -> str:
    value = data.get(key)
    place = f"{path}.{key}"
    if isinstance(value, str) and (value or empty) and len(value) <= most:
        return value
    if value is None and key not in data:
        _report(problems, "missing-key", place, f"missing `{key}:` in the message", f"`{key}:`")
    elif isinstance(value, str) and len(value) > most:
        _report(problems, "too-many", place, f"{len(value):,} characters", f"at most {most:,}")
    else:
        _report(problems, "wrong-value", place, f"{show(value)} is not a text", "a text")
    return ""


def _instant(value: object, path: str, problems: Problems) -> datetime | None:
    """The instant in its original zone, which `on Friday` refers to."""
    if value is None:
        return None
    try:
        moment = Instant().parse(value)
    except ValueProblem as problem:
        _report(problems, "wrong-value", path, problem.message, problem.expected)
        return None
    return moment.astimezone(
        (value if isinstance(value, datetime) else datetime.fromisoformat(str(value))).tzinfo
    )


def _report(problems: Problems, code: str, path: str, message: str, expected: str | None = None) -> None:
    problems.add(Diagnostic(code, message, path=path, expected=expected))
