"""Schemas of tables, in rules and for parameters."""

from __future__ import annotations

from escalation_rules.policy.reading.tables import HITS, ROW_KEYS, TABLE_KEYS
from escalation_rules.tools.schema.parts import Schema, array, closed, described, exactly, one_of

_DOCS = {
    "hit": "Which row counts if several apply.",
    "inputs": "The facts and fields that the first cells of each row test.",
    "outputs": "The conclusions that the last cells of each row set.",
    "rows": "The rows: a cell for each input (a value, a list, operators, or `any`), then its results.",
    "otherwise": "The results if no row applies.",
}


def table(names: Schema, outputs: Schema | None, because: Schema) -> Schema:
    """A table with inputs of these names. `outputs` are the allowed conclusions (None: the table gives a
    value to a parameter).

    The allowed cells depend on their column, which a schema cannot express; the loader checks them.
    """
    cells: Schema = {"type": "array", "minItems": 2}
    reasoned = closed(exactly(ROW_KEYS, {"row": cells, "because": because}), ["row"])
    row: Schema = {"if": {"type": "object"}, "then": reasoned, "else": cells}
    listed = {"anyOf": [names, array(names) | {"uniqueItems": True}]}
    said = {} if outputs is None else {"anyOf": [outputs, array(outputs) | {"uniqueItems": True}]}
    parts: dict[str, Schema] = {
        "hit": one_of(HITS),
        "inputs": listed,
        "outputs": said,
        "rows": array(row),
        "otherwise": {},
    }
    known = {
        key: described({"allOf": [part]}, _DOCS[key]) for key, part in exactly(TABLE_KEYS, parts).items()
    }
    required = ["hit", "inputs", "rows", *(["outputs"] if outputs is not None else [])]
    if outputs is None:
        del known["outputs"]
    return closed(known, required)
