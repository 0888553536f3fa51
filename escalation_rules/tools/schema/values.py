"""Schemas of values, as written in policies and as given in cases."""

from __future__ import annotations

from escalation_rules.calendar.lengths import FIXED_PATTERN
from escalation_rules.policy.conditions.human_values import NO_CODES
from escalation_rules.policy.conditions.operands import literal_schema
from escalation_rules.policy.vocabulary import Named
from escalation_rules.tools.schema.parts import Schema, one_of, spoken
from escalation_rules.values import MAX_AMOUNT, MAX_COUNT, MAX_ID, MAX_TEXT, References, ValueType

ID: Schema = {"type": "string", "minLength": 1, "maxLength": MAX_ID}
MONEY: Schema = {"type": "number", "minimum": 0, "maximum": int(MAX_AMOUNT)}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$"}
INSTANT: Schema = {
    "type": "string",
    "pattern": r"^[0-9][0-9W-]{6,9}[Tt][0-9:.,]{2,16}([Zz]|[+-][0-9:.]{2,15})$",
    "maxLength": 40,
    "description": "A date and time with its offset, such as 2026-03-01T10:00:00+08:00.",
}
PER_CURRENCY: Schema = {
    "type": "object",
    "propertyNames": {**CURRENCY, "not": {"enum": list(NO_CODES)}},
    "additionalProperties": MONEY,
    "minProperties": 1,
    "description": "An amount per currency, such as {TWD: 800, CNY: 180}.",
}
_REFINED: dict[str, Schema] = {
    "count": {"maximum": MAX_COUNT},
    "text": {"maxLength": MAX_TEXT},
    "instant": INSTANT,
    "duration": {"pattern": f"^({FIXED_PATTERN})$", "minLength": 3},
    "reference": ID,
}


def literal(of: ValueType, values: tuple[Named, ...] = ()) -> Schema:
    """A literal in a policy. An amount is 0 or a mapping by currency; a party is a role."""
    if isinstance(of, References):
        return {"type": "array", "items": ID}
    if values:
        return one_of({declared.name: spoken(declared.label) for declared in values})
    schema: Schema = {**literal_schema(of, PER_CURRENCY), **_REFINED.get(of.kind, {})}
    return schema if schema.get("enum", True) else {"not": {}}


def value(of: ValueType, values: tuple[Named, ...] = ()) -> Schema:
    """A value in a case. An amount is a number; a party is a role or the id of a record in `parties`."""
    if of.kind == "amount":
        return MONEY
    if of.kind == "party":
        known = literal(of)
        return {"anyOf": [known, ID]} if "enum" in known else ID
    return literal(of, values)


def or_null(schema: Schema) -> Schema:
    """The schema, or null for an unknown value."""
    if "enum" in schema:
        meant = (
            {"enumDescriptions": [*schema["enumDescriptions"], "not known"]}
            if "enumDescriptions" in schema
            else {}
        )
        return {**schema, "enum": [*schema["enum"], None], **meant}
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
