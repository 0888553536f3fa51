"""Converts rows of a database, a Parquet file or an Arrow batch to the plain data of cases.

| column | holds |
|---|---|
| `id`, `currency` | as in a case |
| `case` | a case, or a part of one, as JSON text; other columns override it |
| `customer.need` … | a fact, under its name |
| `charges`, `acts`, `history` … | a list: of structs, or as JSON text |
| `at` | the instant of the decision |

Null values are unknown and omitted. To withdraw something in a history, provide the history as JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules import CaseError, Diagnostic
from escalation_rules.errors import Problems
from escalation_rules.source import parse_json

OWN = ("id", "currency")
WHOLE = "case"
AT = "at"


def case_of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """The case in a row. Raises `CaseError` for invalid JSON."""
    given = {name: _plain(value) for name, value in row.items() if value is not None and name != AT}
    whole = given.pop(WHOLE, {})
    data = _parsed(whole, WHOLE) if isinstance(whole, str) else whole
    if not isinstance(data, Mapping):
        raise _wrong(WHOLE, "is not a mapping", "`id`, `facts`, record lists")
    case = dict(data)
    facts = {name: value for name, value in given.items() if "." in name}
    if facts:
        earlier = case.get("facts")
        case["facts"] = {**(earlier if isinstance(earlier, Mapping) else {}), **facts}
    for name, value in given.items():
        if name not in facts:
            is_text = isinstance(value, str) and name not in OWN
            case[name] = _parsed(value, name) if is_text else value
    return case


def _parsed(text: str, column: str) -> Any:
    problems = Problems()
    data = parse_json(text, column, problems)
    if problems.errors:
        raise CaseError(
            attrs.evolve(diagnostic, message=f"{column}: {diagnostic.message}", path=column, position=None)
            for diagnostic in problems.errors
        )
    return data


def _wrong(column: str, message: str, expected: str) -> CaseError:
    return CaseError([Diagnostic("wrong-form", f"{column} {message}", path=column, expected=expected)])


def _plain(value: Any) -> Any:
    """A value in the form used in cases, without null parts."""
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items() if part is not None}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    if isinstance(value, (bool, int, str, Decimal, datetime, timedelta)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    return value.item() if hasattr(value, "item") else value


def json_text(data: object) -> str:
    """Plain data as compact JSON; the same data gives the same bytes."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
