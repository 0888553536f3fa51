"""Plain data, changed a little: what a fuzzer that only knows bytes would need ages for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

SCALARS: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2, 0.1, 1e300, -0.0, 10**15, 10**16, 10**400, "", "0", "-1", "1e9", "nan", "true",
    "given", "case", "this", "x", "T-1", "TWD", "JPY", "ZZZ", "2 days", "1 working day", "0 seconds", "-2 days", "9" *
    30, "2026-03-02T01:00:00+00:00", "2026-03-02T01:00:00", "2026-03-02", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-12:00", "2026-02-30T00:00:00Z", "2026-03-29T02:30:00+01:00", "\ud800", "\u202e",
    "e\u0301\u0323", "客訴", "\x00", "a\nb", "a.b", ".", "a" * 300,
)  # fmt: skip


def places(data: Any) -> list[tuple[Any, Any]]:
    """Every place in plain data: what holds it, and its key or index."""
    found: list[tuple[Any, Any]] = []
    waiting = [data]
    while waiting:
        each = waiting.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each)) if isinstance(each, list) else ()
        found += [(each, key) for key in keys]
        waiting += [each[key] for key in keys]
    return found


def _replace(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    holder[key] = dice.choice(SCALARS)


def _take_another(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    there, where = dice.choice(others)
    holder[key] = json.loads(json.dumps(there[where]))


def _delete(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    del holder[key]


def _repeat(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    if isinstance(holder, list):
        holder.insert(dice.randrange(len(holder) + 1), json.loads(json.dumps(holder[key])))
    else:
        holder[str(dice.choice(SCALARS))] = json.loads(json.dumps(holder[key]))


def _rename(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    names = [name for _, name in others if isinstance(name, str)]
    if isinstance(holder, dict) and names:
        holder[dice.choice(names)] = holder.pop(key)


def _wrap(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    holder[key] = dice.choice(
        [[holder[key]], {"id": holder[key]}, {"amount": holder[key], "currency": "TWD"}]
    )


def _swap(dice: random.Random, holder: Any, key: Any, others: list[tuple[Any, Any]]) -> None:
    if isinstance(holder, list):
        other = dice.randrange(len(holder))
        holder[key], holder[other] = holder[other], holder[key]


CHANGES: tuple[Callable[[random.Random, Any, Any, list[tuple[Any, Any]]], None], ...] = (
    _replace, _replace, _take_another, _take_another, _delete, _repeat, _rename, _wrap, _swap
)  # fmt: skip


def changed(data: Any, dice: random.Random) -> Any:
    """The data with a few changes."""
    whole = [data]
    for _ in range(dice.choice([1, 1, 2, 3, 8])):
        known = places(whole)
        holder, key = dice.choice(known)
        if holder is whole:
            continue
        dice.choice(CHANGES)(dice, holder, key, known)
    return whole[0]


def changed_text(text: bytes, dice: random.Random) -> bytes | None:
    """A text in JSON with a few changes, or None if it is none."""
    try:
        data = changed(json.loads(text), dice)
        return json.dumps(data, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return None


def changed_lines(text: bytes, dice: random.Random) -> bytes:
    """A text with a line gone, doubled, moved, or indented otherwise."""
    lines = text.split(b"\n")
    at = dice.randrange(len(lines))
    match dice.randrange(5):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[dice.randrange(len(lines))])
        case 2:
            lines[at] = b" " * dice.randrange(9) + lines[at].strip()
        case 3:
            name, colon, _ = lines[at].partition(b":")
            lines[at] = name + colon + b" " + str(dice.choice(SCALARS)).encode("utf-8", "replace")
        case _:
            _, _, value = lines[dice.randrange(len(lines))].partition(b":")
            lines[at] = lines[at].partition(b":")[0] + b":" + value
    return b"\n".join(lines)
