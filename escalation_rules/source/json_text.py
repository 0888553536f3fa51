"""Reads JSON as plain data, with limits on depth and numbers. Duplicate keys are errors."""

from __future__ import annotations

import json
import re
from typing import Any

from escalation_rules.errors import Diagnostic, Position, Problems
from escalation_rules.source.nodes import decimal_of
from escalation_rules.source.places import Places

MAX_JSON_DEPTH = 200  # a decision is more deeply nested than its policy
_JSON_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{\]}]', re.DOTALL)


def parse_json(text: str, file: str, problems: Problems) -> Any:
    """Read JSON as plain data (fractions as Decimal). None, with a problem, if it is invalid or has duplicate keys."""

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        known: dict[str, Any] = {}
        for key, value in items:
            if key in known:
                _report(problems, "duplicate-key", f"duplicate key {key!r}", Position(file, 1, 1))
            known[key] = value
        return known

    def constant(name: str) -> None:
        _report(problems, "not-finite", f"{name} is not a number", Position(file, 1, 1), "a finite number")

    if deep := _too_deep_json(text):
        place = Places(file, text).of_index(deep)
        _report(
            problems, "too-deep", "the JSON is nested too deeply", place, f"at most {MAX_JSON_DEPTH} levels"
        )
        return None
    try:
        return json.loads(text, parse_float=decimal_of, parse_constant=constant, object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        _report(
            problems, "json-syntax", f"not valid JSON: {error.msg}", Position(file, error.lineno, error.colno)
        )
    except ValueError:
        _report(
            problems, "number-too-long", "the JSON contains a number that is too long", Position(file, 1, 1)
        )
    return None


def _too_deep_json(text: str) -> int | None:
    """Where JSON exceeds the maximum depth; counted here, as the limit of Python's parser depends on the release."""
    depth = 0
    for match in _JSON_MARK.finditer(text):
        depth += 1 if match[0] in "[{" else -1 if match[0] in "]}" else 0
        if depth > MAX_JSON_DEPTH:
            return match.start()
    return None


def _report(
    problems: Problems, code: str, message: str, place: Position, expected: str | None = None
) -> None:
    problems.add(Diagnostic(code, message, place, expected=expected))
