"""The schema of a decision as plain data, derived from the decision classes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

from escalation_rules.decision import FORMAT, Decision, PolicyRef
from escalation_rules.decision.whole import HEADING
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.tools.schema.parts import Schema, closed, described, document
from escalation_rules.tools.schema.values import CURRENCY
from escalation_rules.values import Money

_MOMENT: Schema = {
    "type": "string",
    "format": "date-time",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$",
}
_TEXT: Schema = {
    "anyOf": [{"type": "string"}, closed({key: {"type": "string"} for key in LANGUAGES})],
    "description": "A text in one language, or a mapping by language.",
}
_AMOUNT: Schema = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)?$"}
_CURRENCY: Schema = {"anyOf": [CURRENCY, {"const": ""}]}
_MONEY = closed({"amount": _AMOUNT, "currency": _CURRENCY}, ["amount", "currency"])
_PLAIN: dict[Any, Schema] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    str: {"type": "string"},
    NoneType: {"type": "null"},
    datetime: _MOMENT,
    Text: _TEXT,
    Money: described(_MONEY, "An amount as a decimal number in quotes, and its currency."),
    Any: {},
}


_HEADED = described(
    closed(
        {"fact": {"type": "string"}, "about": {"type": ["string", "null"]}, "value": {}},
        ["fact", "about", "value"],
    ),
    "A known fact, or a field of the record `about`, with its value (null: not known).",
)


def decision_schema() -> Schema:
    """The JSON Schema of the output of `Decision.to_dict()` and of `decide --json`."""
    defs: dict[str, Schema] = {}
    body = _mapping(Decision, defs)
    known = {"format": described({"const": FORMAT}, "The version of this format."), **body["properties"]}
    review = _of(datetime | None, defs)
    known["review_at"] = described(review, "When to decide again; null if time alone changes nothing.")
    # The command line also prints the heading, if the policy declares one, and names the engine.
    heading = described(
        {"type": "array", "items": _HEADED}, "What the case is about, as the policy declares it."
    )
    whole = {
        "title": "A decision",
        **described(closed({**known, HEADING: heading}, known), str(body["description"])),
    }
    defs[PolicyRef.__name__]["properties"]["engine"] = {"type": "string"}
    return document("decision", FORMAT, whole, defs)


def _mapping(kind: type, defs: dict[str, Schema]) -> Schema:
    """An attrs class as a mapping with all of its public fields."""
    hints = get_type_hints(kind)
    names = [field.name for field in attrs.fields(kind) if not field.name.startswith("_")]
    fields = {name: _of(hints[name], defs) for name in names}
    return described(closed(fields, fields), " ".join((kind.__doc__ or "").split()))


def _of(hint: Any, defs: dict[str, Schema]) -> Schema:
    if hint in _PLAIN:
        return _PLAIN[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in {UnionType, Union}:
        return {"anyOf": [_of(argument, defs) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], defs)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(arguments[1], defs)}
    if hint.__name__ not in defs:
        defs[hint.__name__] = _mapping(hint, defs)
    return {"$ref": f"#/$defs/{hint.__name__}"}
