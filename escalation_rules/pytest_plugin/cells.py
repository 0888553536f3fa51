"""Reads the contents of table cells and slots: values, instants, durations."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any, TypeGuard

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.calendar.lengths import CHINESE, MEASURE_WORDS, SECONDS, UNIT_OF, english, read_iso
from escalation_rules.errors import Problems
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.pytest_plugin.messages import Wrong, wordings_of
from escalation_rules.pytest_plugin.phrases import unquoted
from escalation_rules.source import Mapping, Node, Scalar, Sequence, parse_yaml

_CLOCK = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?(Z|[+-]\d\d:?\d\d))?")
_LENGTH = re.compile(r"(\d+) ?([A-Za-z][A-Za-z ]*|[^\d\s]+)")
_UNIT_OF = {**UNIT_OF, **{word: unit for unit, words in CHINESE.items() for word in words}}


def value_of(text: str, zone: tzinfo | None = None) -> Any:
    """The plain value of `text`, read as in a case file.

    Quoted text stays text. With `zone`, an instant without an offset is in this zone.
    """
    text = text.strip()
    if text[:1] in {"「", "“"}:
        return unquoted(text)
    problems = Problems()
    node = parse_yaml(text, "cell", problems)
    flow = text[:1] in {"[", "{", '"', "'"}
    whole = isinstance(node, Scalar) and (node.quoted or node.text == text)
    if problems.errors and flow:
        raise Wrong("cannot read {text}: {reason}", text=repr(text), reason=problems.errors[0].message)
    if node is None or problems.errors or not (flow or whole):
        return instant_text(text, zone)
    return _plain(node, zone)


def _plain(node: Node, zone: tzinfo | None) -> Any:
    if isinstance(node, Mapping):
        return {key.text: _plain(value, zone) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [_plain(entry, zone) for entry in node.items]
    if is_number(node.value) and plain_number(node.value) != node.text:
        return node.text  # `+49` is no number that could be written back
    return instant_text(node.value, zone) if isinstance(node.value, str) and not node.quoted else node.value


def is_number(value: object) -> TypeGuard[int | Decimal]:
    """Whether a value is a number."""
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def plain_number(value: int | Decimal) -> str:
    """A number as a text of digits."""
    return f"{Decimal(value):f}"


def instant_text(text: str, zone: tzinfo | None) -> str:
    """Convert an instant in any accepted form to ISO 8601, in `zone` if it has no offset. Other text is unchanged."""
    match = _CLOCK.fullmatch(unquoted(text))
    if match is None:
        return text
    day, clock, offset = match.groups()
    if offset is None and zone is not None:
        return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=zone).isoformat()
    return f"{day}T{clock}{offset or ''}"


def instant_of(text: str, zone: tzinfo | None = None) -> datetime:
    """The instant in `text`. Raises `ValueError` if it is invalid or has no offset."""
    iso = instant_text(text, zone)
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        raise Wrong(
            "{text} is not an instant; write it like 2026-03-01T10:00:00+08:00", text=repr(text)
        ) from None
    if moment.tzinfo is None:
        raise Wrong(
            "{text} has no offset; write 2026-03-01T10:00:00+08:00, or begin with a step such as "
            "'Given all times are in Asia/Taipei'",
            text=repr(text),
        )
    return moment


def later(start: datetime, length: str, vocabulary: Vocabulary) -> datetime:
    """The instant some time after `start`. Working time uses the policy's calendars."""
    number, unit = length_of(length)
    if unit == "second":
        return start + timedelta(seconds=int(number))
    return Duration.parse(f"{number} {unit}").interval_after(
        start, vocabulary.calendars, vocabulary.calendar or ""
    )


def length_of(text: str) -> tuple[Decimal, str]:
    """A duration as a comparable pair: (60, "second") for `1 minute`, `1 分鐘` and `PT1M`.

    Working time and durations with a calendar keep their unit: (1, "working day in taipei").
    """
    text = unquoted(text)
    if (seconds := read_iso(text)) is not None:
        return seconds, "second"
    plain, _, calendar = text.partition(" in ")
    match = _LENGTH.fullmatch(plain.strip())
    unit = _UNIT_OF.get(match[2].strip().lstrip(MEASURE_WORDS)) if match else None
    if match is None or unit is None:
        raise Wrong(
            "{text} is not a length of time; write it like 30 minutes or 1 working day", text=repr(text)
        )
    number = Decimal(match[1])
    if unit in SECONDS:
        return number * SECONDS[unit], "second"
    return number, english(unit) + (f" in {calendar.strip()}" if calendar else "")


def plain_length(text: str) -> str:
    """A duration as in a case file; Chinese units are translated. Other text is unchanged."""
    try:
        number, unit = length_of(text)
    except Wrong:
        return text
    return text if text.isascii() else f"{number:f} {unit}"


def same_length(expected: str, actual: str) -> bool:
    """Whether two durations are equal. Calendars are compared only if both name one."""
    (number, unit), (other, other_unit) = length_of(expected), length_of(actual)
    if " in " not in unit or " in " not in other_unit:
        unit, other_unit = unit.partition(" in ")[0], other_unit.partition(" in ")[0]
    return (number, unit) == (other, other_unit)


def same_deadline(expected: str, actual: str) -> bool:
    """Whether a time limit in a feature equals that of a step: as a duration, or as written in the policy."""
    stated = Deadline.parse(actual)
    if stated.length is not None and not stated.moved:
        return same_length(expected, actual)
    return " ".join(unquoted(expected).split()) == str(stated)


def same_value(expected: Any, actual: Any) -> bool:
    """Whether a value in a feature equals the one in a decision's plain data.

    Numbers are compared as numbers, instants as instants, lists as sets; `unknown` and null mean no value.
    """
    if expected is None or expected in wordings_of("unknown"):
        return actual is None or actual == expected
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(actual, list):
        wanted = expected if isinstance(expected, list) else [expected]
        return sorted(map(str, wanted)) == sorted(map(str, actual))
    if isinstance(actual, dict) and "amount" in actual:
        return _same_money(expected, actual)
    if _number(expected) is not None:
        return _number(expected) == _number(actual)
    return str(expected) == str(actual) or _same_time(str(expected), str(actual))


def _same_money(expected: Any, actual: dict[str, Any]) -> bool:
    if isinstance(expected, dict):
        return all(same_value(value, actual.get(key)) for key, value in expected.items())
    words = str(expected).split()
    number = next((parsed for word in words if (parsed := _number(word)) is not None), None)
    currency = next((word for word in words if word.isalpha()), actual.get("currency"))
    return number == _number(actual["amount"]) and currency == actual.get("currency")


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, str)):
        return None
    if isinstance(value, str) and not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return None
    return Decimal(value)


def _same_time(expected: str, actual: str) -> bool:
    for read in (instant_of, length_of):
        try:
            return bool(read(expected) == read(actual))
        except ValueError:
            continue
    return False
