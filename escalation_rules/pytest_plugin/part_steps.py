"""Steps that compare a whole part of the decision with a table: the plan, the holds, the questions …"""

from __future__ import annotations

from collections.abc import Callable

from escalation_rules.pytest_plugin.compare import differences, written
from escalation_rules.pytest_plugin.phrases import one_of, phrase
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable, Row, rows_of
from escalation_rules.pytest_plugin.view import Item, described, elsewhere, items_of, part_lines

_PARTS = {
    "plan": ("the plan", "計畫", "计划"),
    "done": ("the done steps", "已完成步驟", "已完成步骤"),
    "forbidden": ("the prohibitions", "禁止事項", "禁止事项"),
    "forbidden wanted": (
        "the prohibitions on wanted steps",
        "原本建議卻被禁止的事項",
        "原本建议却被禁止的事项",
    ),
    "held": ("the holds", "暫緩事項", "暂缓事项"),
    "held wanted": ("the holds on wanted steps", "原本建議但被暫緩的事項", "原本建议但被暂缓的事项"),
    "missing": ("the questions", "待問事項", "待问事项"),
    "findings": ("the findings", "認定", "认定"),
    "conclusions": ("the conclusions", "結論", "结论"),
}
_MODES = {
    "exactly": ("is exactly", "are exactly", "正好是", "正好是"),
    "start": ("starts with", "start with", "開頭是", "开头是"),
    "order": ("includes in this order", "include in this order", "依序包含", "依次包含"),
    "include": ("includes", "include", "包含", "包含"),
    "exclude": ("does not include", "do not include", "不包含", "不包含"),
    "empty": ("is empty", "are empty", "是空的", "是空的"),
}
_ORDERED = ("plan", "missing")
_REASONS = ("rule", "principle", "source", "text")
_COLUMNS: dict[str, tuple[str, ...] | None] = {
    "plan": None,
    "done": None,
    "forbidden": ("action", "about", "by", "wanted", *_REASONS),
    "held": ("action", "about", "by", "wanted", "until", "needs", *_REASONS),
    "missing": ("fact", "about", "question", "ask", "needed_by"),
    "findings": ("claim", "finding", "fact", "about", "value"),
    "conclusions": ("fact", "about", "value"),
}
_WITHOUT_HEADER = {"missing": ("fact",), "findings": ("claim", "finding"), "conclusions": ("fact", "value")}
KINDS = {"part": one_of(_PARTS), "mode": one_of(_MODES)}

Misfits = list[str]


@phrase("then", en="{part} {mode}", tw="{part}{mode}", cn="{part}{mode}", kinds=KINDS)
def compare_part(scene: Scene, part: str, mode: str, datatable: RawTable | None = None) -> None:
    """Compare a part of the decision with the table below the step."""
    items = items_of(scene.decision, part)
    name = part.partition(" ")[0]
    if mode == "empty":
        misfits = [f"not expected: {described(item)}" for item in items]
    else:
        with scene.problems_as_failures():
            rows = rows_of(datatable, _COLUMNS[name], default=_WITHOUT_HEADER.get(name, ()))
            misfits = _compare(scene, mode, name in _ORDERED, rows, items)
    if misfits:
        lines = [*misfits, "", *part_lines(scene.decision, part)]
        scene.fail(f"{_PARTS[part][0]} is not as expected:", *lines)


def _compare(scene: Scene, mode: str, ordered: bool, rows: list[Row], items: list[Item]) -> Misfits:
    if mode == "exactly":
        return _pairwise(scene, rows, items, whole=True) if ordered else _set(scene, rows, items)
    compare: dict[str, Callable[[Scene, list[Row], list[Item]], Misfits]] = {
        "start": lambda scene, rows, items: _pairwise(scene, rows, items, whole=False),
        "order": _in_order,
        "include": _include,
        "exclude": _exclude,
    }
    return compare[mode](scene, rows, items)


def _pairwise(scene: Scene, rows: list[Row], items: list[Item], whole: bool) -> Misfits:
    misfits = []
    for number, row in enumerate(rows):
        if number >= len(items):
            misfits.append(f"{number + 1}. expected {written(row)}, but nothing comes there")
        elif wrong := differences(row, items[number], scene.zone):
            misfits.append(f"{number + 1}. expected {written(row)}, but there is {described(items[number])}")
            misfits += [f"     {each}" for each in wrong]
    extra = items[len(rows) :] if whole else []
    return misfits + [
        f"{len(rows) + number}. not expected: {described(item)}" for number, item in enumerate(extra, 1)
    ]


def _set(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    left, misfits = list(items), []
    for row in sorted(rows, key=len, reverse=True):
        fitting = next((item for item in left if not differences(row, item, scene.zone)), None)
        if fitting is None:
            misfits += _nowhere(scene, row, items)
        else:
            left.remove(fitting)
    return misfits + [f"not expected: {described(item)}" for item in left]


def _in_order(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    start = 0
    for row in rows:
        fitting = [number for number, item in enumerate(items) if not differences(row, item, scene.zone)]
        after = [number for number in fitting if number >= start]
        if not fitting:
            return _nowhere(scene, row, items)
        if not after:
            return [f"expected {written(row)} after {described(items[start - 1])}, but it comes before"]
        start = after[0] + 1
    return []


def _include(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    missing = [row for row in rows if all(differences(row, item, scene.zone) for item in items)]
    return [line for row in missing for line in _nowhere(scene, row, items)]


def _exclude(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    return [
        f"not expected: {described(item)}"
        for row in rows
        for item in items
        if not differences(row, item, scene.zone)
    ]


def _nowhere(scene: Scene, row: Row, items: list[Item]) -> Misfits:
    """Why no entry fits the row: what is different in the nearest one, or where else its action is."""
    key = next((column for column in ("action", "fact", "claim") if column in row), None)
    same = [item for item in items if key and not differences({key: row[key]}, item, scene.zone)]
    near = min(
        ((differences(row, item, scene.zone), item) for item in same),
        key=lambda each: len(each[0]),
        default=None,
    )
    lines = [
        f"expected {written(row)}, but {'there is no such entry' if near is None else 'it is different:'}"
    ]
    if near is not None:
        lines += [f"     {each}" for each in near[0]]
    elif "action" in row:
        lines += [f"     {line}" for line in elsewhere(scene.decision, row["action"])]
    return lines + [f"     {hint}" for hint in scene.rule_hints(row.get("rule", ""))]
