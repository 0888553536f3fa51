"""Converts a decision to a line of a log, and reads logs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.decision import Decision
from escalation_rules.errors import Diagnostic, Position, Problems, RequestError
from escalation_rules.frozen import frozen
from escalation_rules.source import parse_json
from escalation_rules.values import Instant, ValueProblem, plain_instant

FORMAT = 1
KIND = "decision"
_KEYS = ("format", "kind", "policy", "case", "at", "asked_by", "decision", "given")


@attrs.frozen
class Receipt:
    """One line of a log: the decision as plain data, who asked, and the input case."""

    case: str | None
    at: datetime
    digest: str
    asked_by: str | None
    decision: Mapping[str, Any] = attrs.field(converter=frozen)
    given: Mapping[str, Any] | None = attrs.field(default=None, converter=frozen)

    def to_dict(self) -> dict[str, Any]:
        """The receipt as plain data, as written to the log."""
        return {
            "format": FORMAT,
            "kind": KIND,
            "policy": dict(self.decision["policy"]),
            "case": self.case,
            "at": plain_instant(self.at),
            "asked_by": self.asked_by,
            "decision": dict(self.decision),
            "given": dict(self.given) if self.given is not None else None,
        }


@attrs.frozen
class NotAReceipt:
    """A line of a log that cannot be read, and why."""

    problems: tuple[Diagnostic, ...]


def receipt_line(
    decision: Decision,
    given: Mapping[str, Any] | None = None,
    *,
    asked_by: str | None = None,
    language: str | None = None,
) -> str:
    """The log line of a decision, ending with a newline. Append it in a single write.

    `given` is the case as plain data. Without it, the decision can be read, but neither verified nor
    replayed.
    """
    receipt = Receipt(
        decision.case, decision.at, decision.policy.digest, asked_by, decision.to_dict(language), given
    )
    return _json(receipt.to_dict()) + "\n"


def receipts(lines: Iterable[str], name: str = "<log>") -> Iterator[Receipt | NotAReceipt]:
    """Yield the decisions of a log lazily. An invalid line yields a `NotAReceipt`; empty lines are skipped."""
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _receipt(line, Position(name, number, 1))


def is_receipt(data: object) -> bool:
    """Whether plain data has the form of a log line."""
    return isinstance(data, Mapping) and data.get("kind") == KIND and "decision" in data


def _receipt(line: str, place: Position) -> Receipt | NotAReceipt:
    problems = Problems()
    data = parse_json(line, place.file, problems)
    if problems.errors:
        return NotAReceipt(tuple(attrs.evolve(diagnostic, position=place) for diagnostic in problems.errors))
    try:
        return _read(data)
    except RequestError as error:
        return NotAReceipt(
            tuple(attrs.evolve(diagnostic, position=place) for diagnostic in error.diagnostics)
        )


def _read(data: object) -> Receipt:
    if not isinstance(data, Mapping) or not is_receipt(data):
        raise _wrong("this is not the receipt of a decision", "a line that receipt_line() wrote")
    if data.get("format") != FORMAT:
        raise _wrong(f"format {data.get('format')} of a receipt is unknown", f"format {FORMAT}")
    if unknown := [part for part in data if part not in _KEYS]:
        raise _wrong(f"unknown key {unknown[0]!r}", "a line that receipt_line() wrote")
    given, asked_by = data.get("given"), data.get("asked_by")
    if not isinstance(given, Mapping | None) or not isinstance(asked_by, str | None):
        raise _wrong("`given` is not a case, or `asked_by` not a text", "a line that receipt_line() wrote")
    decision = Decision.from_dict(_in_all_languages(data["decision"]))
    try:
        at = Instant().parse(data.get("at"))
    except ValueProblem as problem:
        raise _wrong(f"at: {problem.message}", problem.expected) from None
    if (decision.case, decision.at) != (data.get("case"), at):
        raise _wrong("`case` and `at` are not those of the decision", "a line that receipt_line() wrote")
    return Receipt(decision.case, at, decision.policy.digest, asked_by, data["decision"], given)


def _in_all_languages(decision: Any) -> Any:
    """Convert a decision written in one language so that it can be read like any other."""
    if isinstance(decision, Mapping):
        return {
            key: {"en": value}
            if key in {"text", "say", "question"} and isinstance(value, str)
            else _in_all_languages(value)
            for key, value in decision.items()
        }
    return [_in_all_languages(part) for part in decision] if isinstance(decision, list) else decision


def _wrong(message: str, expected: str | None) -> RequestError:
    return RequestError([Diagnostic("not-a-receipt", message, expected=expected)])


def _json(value: object) -> str:
    """JSON on one line; exact numbers keep all digits."""
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_json(str(key))}:{_json(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_json, value)) + "]"
    if isinstance(value, Decimal) and value.is_finite():
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(value.isoformat() if isinstance(value, datetime) else str(value), ensure_ascii=False)
