"""Reads the table of parameters below a step about one action: `| parameter | value |`, or without this header."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.messages import Wrong
from escalation_rules.pytest_plugin.phrases import unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import Column, RawTable, Row, column_named, rows_of

COLUMNS = ("parameter", "value")
_PREFIX = "params."
"""What a column of a table of acts has before the name of a parameter."""


def parameters_below(
    scene: Scene, action: str, table: RawTable | None, besides: Collection[str] = ()
) -> dict[str, Any]:
    """The parameters in the table, by id. `besides` are columns of a table of acts that may stand among them.

    The scenario fails at a row that names no parameter of the action.
    """
    if table is None:
        return {}
    with scene.problems_as_failures():
        if len(table[0]) != len(COLUMNS):
            columns = " | ".join(Column(column).in_language(scene.language) for column in COLUMNS)
            raise Wrong("a table of parameters has the columns {columns}", columns=columns)
        rows = rows_of(table, COLUMNS, default=COLUMNS)
    found: dict[str, Any] = {}
    for row in rows:
        with scene.problems_as_failures(row.number):
            name, value = _read(scene, action, row, besides)
            if name in found:
                raise Wrong("{name} occurs twice in the table", name=repr(name))
            found[name] = value
    return found


def _read(scene: Scene, action: str, row: Row, besides: Collection[str]) -> tuple[str, Any]:
    told = unquoted(row.get("parameter", "")).removeprefix(_PREFIX)
    value = value_of(row.get("value", "null"), scene.zone)
    column = column_named(told)
    if column in besides and not scene.is_parameter(action, told):
        return column, scene.told_outcome(action, value) if column == "outcome" else value
    name = scene.told_parameter(action, told)
    return name, scene.told_parameter_value(action, name, value)
