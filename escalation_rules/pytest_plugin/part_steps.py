"""Steps that compare a part of the decision with a table: the plan, the holds, the questions …"""

from __future__ import annotations

from escalation_rules.pytest_plugin.compare import REASONS
from escalation_rules.pytest_plugin.messages import Message, message
from escalation_rules.pytest_plugin.modes import MODE, misfits, rows_for
from escalation_rules.pytest_plugin.phrases import one_of, phrase
from escalation_rules.pytest_plugin.row_names import named_rows
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable
from escalation_rules.pytest_plugin.view import items_of

_PARTS = {
    "plan": "the plan",
    "done": "the done steps",
    "forbidden": "the prohibitions",
    "forbidden wanted": "the prohibitions on wanted steps",
    "held": "the holds",
    "held wanted": "the holds on wanted steps",
    "missing": "the questions",
    "findings": "the findings",
    "conclusions": "the conclusions",
    "instead": "the steps to do instead",
}
_ORDERED = ("plan", "missing", "instead")
_STEP = (
    "id",
    "action",
    "about",
    "phase",
    "owner",
    "by",
    "due",
    "within",
    "overdue",
    "incomplete",
    "paused",
    "say",
)
_COLUMNS: dict[str, tuple[str, ...]] = {
    "plan": (*_STEP, *REASONS),
    "done": ("id", "action", "about", "at", "by", *REASONS),
    "instead": (*_STEP, *REASONS),
    "forbidden": ("action", "about", "by", "wanted", *REASONS),
    "held": ("action", "about", "by", "wanted", "until", "needs", "due", "overdue", *REASONS),
    "missing": ("fact", "about", "question", "ask", "needed_by"),
    "findings": ("claim", "finding", "fact", "about", "value"),
    "conclusions": ("fact", "about", "value"),
}
_WITH_PARAMETERS = ("plan", "done", "instead", "held")
_WITHOUT_HEADER = {"missing": ("fact",), "findings": ("claim", "finding"), "conclusions": ("fact", "value")}
_KINDS = {"part": one_of(_PARTS), "mode": MODE}
_TABLES = [
    (Message(_PARTS[name], {}), (*columns, "…") if name in _WITH_PARAMETERS else columns)
    for name, columns in _COLUMNS.items()
]


@phrase("then", en="{part} {mode}", kinds=_KINDS, tables=_TABLES)
def compare_part(scene: Scene, part: str, mode: str, datatable: RawTable | None = None) -> None:
    """Compare a part of the decision, or the alternatives in a verdict, with the table below the step."""
    answer, name = scene.verdict if part == "instead" else scene.decision, part.partition(" ")[0]
    default = _WITHOUT_HEADER.get(name, ())
    with scene.problems_as_failures():
        rows = rows_for(mode, datatable, None, default)
    rows = named_rows(scene, rows, _COLUMNS[name], name in _WITH_PARAMETERS)
    with scene.problems_as_failures():
        found = misfits(scene, mode, rows, items_of(answer, part), ordered=name in _ORDERED)
    if found:
        title = message("{part}: not as expected", part=Message(_PARTS[part], {}))
        scene.fail(title, *found, "", *scene.part_lines(answer, part))
