"""The ways to compare a table with entries: exactly, from the start, in this order, among them, or absent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from escalation_rules.pytest_plugin.below import NO_TABLE
from escalation_rules.pytest_plugin.compare import differences, written
from escalation_rules.pytest_plugin.messages import Message, Wrong, message
from escalation_rules.pytest_plugin.phrases import one_of
from escalation_rules.pytest_plugin.scene import Scene
from escalation_rules.pytest_plugin.tables import RawTable, Row, rows_of
from escalation_rules.pytest_plugin.view import Item

MODE = one_of(
    {
        "exactly": ("is exactly", "are exactly"),
        "start": ("starts with", "start with"),
        "order": ("includes in this order", "include in this order"),
        "include": ("includes", "include"),
        "exclude": ("does not include", "do not include"),
        "empty": ("is empty", "are empty"),
    }
)
"""The slot for the mode."""

Misfits = list[Message | str]


def rows_for(
    mode: str, table: RawTable | None, columns: Collection[str] | None, default: Sequence[str] = ()
) -> list[Row]:
    """The rows to compare. `empty` takes no table, which would not be compared with anything."""
    if mode != "empty":
        return rows_of(table, columns, default)
    if table:
        raise Wrong(NO_TABLE)
    return []


def misfits(scene: Scene, mode: str, rows: list[Row], items: list[Item], ordered: bool = False) -> Misfits:
    """The mismatches between rows and entries, one a line. `ordered`: `exactly` includes the order."""
    if mode == "empty":
        return [_surplus(scene, entry) for entry in items]
    if mode == "exactly":
        return _pairwise(scene, rows, items, whole=True) if ordered else _set(scene, rows, items)
    compare: dict[str, Callable[[Scene, list[Row], list[Item]], Misfits]] = {
        "start": lambda scene, rows, items: _pairwise(scene, rows, items, whole=False),
        "order": _in_order,
        "include": _include,
        "exclude": _exclude,
    }
    return compare[mode](scene, rows, items)


def _surplus(scene: Scene, item: Item) -> Message:
    return message("not expected: {item}", item=scene.described(item))


def _pairwise(scene: Scene, rows: list[Row], items: list[Item], whole: bool) -> Misfits:
    found: Misfits = []
    told = list(items) if not whole else []
    for number, row in enumerate(rows, 1):
        there = items[number - 1] if number <= len(items) else None
        if there is not None and not differences(row, there, scene.voice):
            told.append(there)
            continue
        said = {"number": number, "row": written(row)}
        places = [place for place, entry in enumerate(items, 1) if not differences(row, entry, scene.voice)]
        if places:
            found.append(
                message("{number}. expected {row}, but it is number {place}", **said, place=places[0])
            )
            told.append(items[places[0] - 1])
        elif there is None:
            found.append(message("{number}. expected {row}, but the list is shorter", **said))
        else:
            item = scene.described(there)
            found.append(message("{number}. expected {row}, but there is {item}", **said, item=item))
            found += _indented(scene, differences(row, there, scene.voice))
            told.append(there)
    return found + [_surplus(scene, entry) for entry in items if entry not in told]


def _indented(scene: Scene, lines: Sequence[Message | str]) -> list[str]:
    return [f"     {scene.voice.say(line)}" for line in lines]


def _set(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    left = list(items)
    found: Misfits = []
    for row in sorted(rows, key=len, reverse=True):
        fitting = next((entry for entry in left if not differences(row, entry, scene.voice)), None)
        if fitting is None:
            found += _nowhere(scene, row, items)
        else:
            left.remove(fitting)
    return found + [_surplus(scene, entry) for entry in left]


def _in_order(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    start = 0
    for row in rows:
        fitting = [number for number, entry in enumerate(items) if not differences(row, entry, scene.voice)]
        after = [number for number in fitting if number >= start]
        if not fitting:
            return _nowhere(scene, row, items)
        if not after:
            before = scene.described(items[start - 1])
            template = "expected {row} after {item}, but it comes before"
            return [message(template, row=written(row), item=before)]
        start = after[0] + 1
    return []


def _include(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    missing = [row for row in rows if all(differences(row, entry, scene.voice) for entry in items)]
    return [line for row in missing for line in _nowhere(scene, row, items)]


def _exclude(scene: Scene, rows: list[Row], items: list[Item]) -> Misfits:
    return [
        _surplus(scene, entry) for row in rows for entry in items if not differences(row, entry, scene.voice)
    ]


def _nowhere(scene: Scene, row: Row, items: list[Item]) -> Misfits:
    """Why no entry matches the row: the differences from the nearest one, or where else its action is."""
    key = next((column for column in ("action", "what") if column in row), None)
    same = [entry for entry in items if key and not differences({key: row[key]}, entry, scene.voice)]
    near = min((differences(row, entry, scene.voice) for entry in same), key=len, default=None)
    said = written(row)
    if near is None:
        lines: Misfits = [message("expected {row}, but there is no such entry", row=said)]
        return lines + _indented(scene, scene.elsewhere(row["action"]) if "action" in row else [])
    if not near:
        return [message("expected {row} once more, but there is no further such entry", row=said)]
    return [message("expected {row}, but it is different:", row=said), *_indented(scene, near)]
