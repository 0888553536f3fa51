"""Steps that audit a history."""

from __future__ import annotations

from escalation_rules.pytest_plugin.compare import REASONS
from escalation_rules.pytest_plugin.messages import Message, Wrong, message, translated
from escalation_rules.pytest_plugin.modes import MODE, misfits, rows_for
from escalation_rules.pytest_plugin.phrases import Phrase, one_of, phrase
from escalation_rules.pytest_plugin.row_names import named_rows
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable, Row, rows_of
from escalation_rules.pytest_plugin.view import items_of
from escalation_rules.tools.audit import Audit

_PARTS = {
    "breaches": "the breaches",
    "unverified": "the unverified acts",
}
_COLUMNS = ("at", "what", "kind", "by", "known_from", "done_at", *REASONS)
_ALSO = "also"
_IS_ALSO = Phrase(_ALSO, *translated("step", _ALSO))


@phrase(
    "when",
    "given",
    en="the history is audited until {at:instant}",
    target_fixture="audit",
)
def audit(scene: Scene, at: str) -> Audit:
    """Audit the history up to an instant. The fixture `audit` holds the result."""
    return scene.audit_until(scene.moment(at))


@phrase(
    "then",
    en="{part} {mode}",
    kinds={"part": one_of(_PARTS), "mode": MODE},
    tables=(("", _COLUMNS),),
)
def compare_breaches(scene: Scene, part: str, mode: str, datatable: RawTable | None = None) -> None:
    """Compare the breaches with the table. `exactly` also allows those that the scenario lists under `also`."""
    with scene.problems_as_failures():
        rows = rows_for(mode, datatable, _COLUMNS)
    rows = named_rows(scene, rows)
    with scene.problems_as_failures():
        if mode == "exactly" and part == "breaches":
            rows += [row for table in scene.tables_of(_IS_ALSO) for row in _also(table)]
        found = misfits(scene, mode, rows, items_of(scene.audit, part))
    if found:
        title = message("{part}: not as expected", part=Message(_PARTS[part], {}))
        scene.fail(title, *found, "", *scene.part_lines(scene.audit, part))


@phrase("then", en=_ALSO, tables=(("", (*_COLUMNS, "why")),))
def compare_others(scene: Scene, datatable: RawTable | None = None) -> None:
    """List further expected breaches, each with its reason in the column `why`."""
    with scene.problems_as_failures():
        rows = _also(datatable)
    rows = named_rows(scene, rows)
    with scene.problems_as_failures():
        found = misfits(scene, "include", rows, items_of(scene.audit, "breaches"))
    if found:
        title = message("{part}: not as expected", part=message("the breaches"))
        scene.fail(title, *found, "", *scene.part_lines(scene.audit, "breaches"))


def _also(table: RawTable | None) -> list[Row]:
    rows = rows_of(table, (*_COLUMNS, "why"))
    if any("why" not in row for row in rows):
        raise Wrong("each row under 'also' needs a reason in the column 'why'")
    for row in rows:
        del row["why"]
    return rows
