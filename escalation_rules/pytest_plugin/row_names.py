"""Resolves the names in table rows, ids or labels of the policy and the case; errors name the row."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from escalation_rules.pytest_plugin.cells import value_of
from escalation_rules.pytest_plugin.messages import WHOLE_CASE, Wrong, wordings_of
from escalation_rules.pytest_plugin.names import Kind, found
from escalation_rules.pytest_plugin.phrases import Target, names, unquoted
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import Row, no_column
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.words.catalogue import find

_KINDS: Mapping[str, Kind] = {
    "action": "action",
    "about": "record",
    "by": "role",
    "owner": "role",
    "phase": "phase",
    "rule": "rule",
    "principle": "principle",
    "source": "source",
    "fact": "fact",
    "claim": "record",
    "needs": "fact",
    "until": "action",
    "needed_by": "rule",
    "incomplete": "parameter",
}
_FIXED = {
    "kind": ("forbidden", "premature", "late", "omitted", "failure", "unverified"),
    "ask": ("agent", "customer", "system"),
    "effect": ("recommend", "forbid", "hold", "conclude"),
    "overdue": ("true", "false"),
    "wanted": ("true", "false"),
    "undecided": ("true", "false"),
    "paused": ("true", "false"),
}
_NOTHING = ("null", "true", "false", *wordings_of(WHOLE_CASE)[1:])


def named_rows(
    scene: Scene, rows: list[Row], columns: Collection[str] | None = None, with_parameters: bool = False
) -> list[Row]:
    """The rows with labels replaced by ids. The scenario fails at a row with an unknown name.

    `columns` are the allowed ones; `with_parameters` also allows the parameters of the row's action.
    """
    return [_named(scene, row, columns, with_parameters) for row in rows]


def _named(scene: Scene, row: Row, columns: Collection[str] | None, with_parameters: bool) -> Row:
    known = Row()
    known.number = row.number
    with scene.problems_as_failures(row.number):
        action = scene.named("action", _one(row["action"]), row.number) if "action" in row else None
        for column, cell in row.items():
            if columns is None or column in columns:
                known[column] = _cell(scene, row, column, cell, action)
            elif with_parameters:
                known[_parameter(scene, column, action, columns)] = cell
            else:
                raise no_column(column, columns)
    return known


def _parameter(scene: Scene, column: str, action: str | None, columns: Collection[str]) -> str:
    """The parameter that a column refers to."""
    actions = scene.names.vocabulary.actions
    try:
        return scene.names.parameter(column, () if action is None else (action,))
    except Wrong:
        some = actions.values() if action is None else [actions[action]]
        params = dict.fromkeys(name for declared_action in some for name in declared_action.params)
        raise no_column(column, [*columns, *params]) from None


def _one(cell: str) -> str:
    return unquoted(cell)


def _cell(scene: Scene, row: Row, column: str, cell: str, action: str | None) -> str:
    if column in _FIXED:
        return found("value", unquoted(cell), {name: _word(column, name) for name in _FIXED[column]})
    if column == "what" and (named := _label(scene, unquoted(cell))):
        return named
    if column == "what":
        return str(_what(scene, Target.read(cell), row.number))
    if column in ("value", "finding") and "fact" in row:
        told = scene.names.value(row["fact"], value_of(cell)) if _is_word(cell) else cell
        return str(told).lower() if isinstance(told, bool) else str(told)
    kind = _KINDS.get(column)
    if kind is None or cell in _NOTHING:
        return cell
    if kind == "parameter":
        return ", ".join(
            scene.names.parameter(name, () if action is None else (action,)) for name in names(cell)
        )
    if kind == "source":
        return scene.named(kind, unquoted(cell), row.number)
    whole = unquoted(cell)
    if kind != "record" and any(
        whole == word for label in scene.names.kinds[kind].values() for _, word in label.versions
    ):
        return scene.named(kind, whole, row.number)
    return ", ".join(scene.named(kind, name, row.number) for name in names(cell) or (whole,))


def _word(column: str, name: str) -> Text:
    """What the languages call a fixed value: in their reports, or as a flag."""
    if name in ("true", "false"):
        return Text(tuple(zip(LANGUAGES, wordings_of(name), strict=True)))
    found = ((language, find(f"screen.{column}.{name}", language)) for language in LANGUAGES)
    return Text(tuple((language, word) for language, word in found if word))


def _label(scene: Scene, text: str) -> str | None:
    """The action or fact with a label, which may have spaces; None if there is none."""
    kinds: tuple[Kind, ...] = ("action", "fact")
    labelled = (
        kind
        for kind in kinds
        if any(text == word for label in scene.names.kinds[kind].values() for _, word in label.versions)
    )
    kind = next(labelled, None)
    return None if kind is None else scene.named(kind, text)


def _is_word(cell: str) -> bool:
    return isinstance(value_of(cell), str)


def _what(scene: Scene, target: Target, row: int) -> Target:
    """The subject of a row of an audit: an act, or a fact for failures."""
    kind: Kind = "fact" if target.action in scene.names.kinds["fact"] else "action"
    return scene.target(target, kind, row)
