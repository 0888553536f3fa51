"""Values that a host may pass by mistake, or a stranger on purpose."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any, NoReturn

FORGED = "x\nERROR: all is well \x1b[31m\x1b]0;owned\x07\u202e\u2066\u2028\x00"
"""A key or an id that would write a line of the log, colour a terminal, or turn the text round."""


class Broken(Mapping[str, Any]):
    """A mapping that fails when it is used."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def __getitem__(self, key: str) -> NoReturn:
        raise self.error(FORGED)

    def __iter__(self) -> Iterator[str]:
        return iter(["id", "facts", "history"])

    def __len__(self) -> int:
        return 3


class Endless(Sequence[Any]):
    """A list that says it is short and never ends."""

    def __getitem__(self, index: Any) -> Any:
        return {"id": f"r{index}"}

    def __len__(self) -> int:
        return 3


class Changing(dict[str, Any]):
    """A case that another thread changes while it is read."""

    def __contains__(self, key: object) -> bool:
        self[f"new{len(self)}"] = 1
        return super().__contains__(key)


class Unequal:
    """An object that cannot be compared, printed or hashed."""

    def __eq__(self, other: object) -> NoReturn:
        raise RuntimeError("eq")

    def __hash__(self) -> NoReturn:
        raise RuntimeError("hash")

    def __repr__(self) -> NoReturn:
        raise RuntimeError("repr")

    def __bool__(self) -> NoReturn:
        raise RuntimeError("bool")


class Text(str):
    """A text that prints as another one."""

    def __str__(self) -> str:
        return FORGED

    __repr__ = __str__


class Colour(Enum):
    """An enumeration of the host."""

    RED = "red"


class BadZone(tzinfo):
    """A zone that fails."""

    def utcoffset(self, moment: datetime | None) -> NoReturn:
        raise ValueError(FORGED)

    dst = tzname = utcoffset


def deep(levels: int) -> dict[str, Any]:
    """Nested data."""
    found: dict[str, Any] = {}
    for _ in range(levels):
        found = {"facts": found, "history": [found]}
    return found


def circular() -> dict[str, Any]:
    """Data that contains itself."""
    data: dict[str, Any] = {"id": "c"}
    data["facts"] = {"case": data, "customer": [data]}
    data["history"] = [data]
    return data


MAKERS: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "true": lambda: True,
    "zero": lambda: 0,
    "minus one": lambda: -1,
    "huge number": lambda: 10**5000,
    "nan": lambda: math.nan,
    "infinity": lambda: -math.inf,
    "decimal nan": lambda: Decimal("sNaN"),
    "hundred million digits": lambda: Decimal("1e100000000"),
    "no digits": lambda: Decimal("1e-100000000"),
    "complex": lambda: 1j,
    "bytes": lambda: b"\xff\x00",
    "bytearray": lambda: bytearray(b"x" * 100),
    "empty text": lambda: "",
    "forged text": lambda: FORGED,
    "half a character": lambda: "\ud800",
    "long text": lambda: "x" * 1_000_000,
    "marks": lambda: "a" + "\u0301\u0323" * 49_999,
    "digits as text": lambda: "1e100000000",
    "text that lies": lambda: Text("waive_charge"),
    "enumeration": lambda: Colour.RED,
    "empty list": list,
    "list": lambda: [1, None, "x", {}],
    "list of itself": lambda: circular()["history"],
    "long list": lambda: [None] * 100_000,
    "endless list": Endless,
    "tuple": lambda: (1, "x"),
    "set": lambda: {1, "x"},
    "generator": lambda: (each for each in "xy"),
    "empty dict": dict,
    "dict": lambda: {"id": 5, "facts": [], "acts": {}, 7: None, None: 1, (1, 2): 3},
    "forged keys": lambda: {FORGED: 1, "facts": {FORGED: 1, "case": {FORGED: 1}}, "acts": [{FORGED: 1}]},
    "many keys": lambda: {f"key{number}": number for number in range(20_000)},
    "deep dict": lambda: deep(5_000),
    "circular dict": circular,
    "money": lambda: {"amount": "1e100000000", "currency": "T" * 10_000_000},
    "broken mapping": lambda: Broken(RuntimeError),
    "mapping without keys": lambda: Broken(KeyError),
    "mapping of bad values": lambda: Broken(ValueError),
    "changing dict": lambda: Changing({"id": "c"}),
    "incomparable": Unequal,
    "type": lambda: int,
    "function": lambda: print,
    "exception": lambda: ValueError("x"),
    "path": lambda: Path("/proc/self/mem"),
    "nul path": lambda: "a\0b",
    "folder of devices": lambda: "/dev/null",
    "naive datetime": lambda: datetime(2026, 3, 2),  # noqa: DTZ001
    "first datetime": lambda: datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
    "last datetime": lambda: datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
    "first of all": lambda: datetime.min.replace(tzinfo=UTC),
    "last of all": lambda: datetime.max.replace(tzinfo=UTC),
    "datetime of a bad zone": lambda: datetime(2026, 3, 2, tzinfo=BadZone()),
    "date": lambda: date(2026, 3, 2),
    "timedelta": lambda: timedelta(days=-1),
    "instant as text": lambda: "2026-03-02 15:40:00+08:00",
}
"""Each makes a fresh value: some change, and some are used up."""
