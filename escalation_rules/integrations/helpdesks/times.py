"""Reads times of help desks as aware instants in UTC. A time without a zone is rejected unless the profile sets one."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import attrs

_EPOCH = re.compile(r"-?[0-9]{9,17}(\.[0-9]{1,9})?")
_HOUR = (
    r",?[T ](?P<h>[0-9]{1,2}):(?P<mi>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,](?P<f>[0-9]{1,9}))?)?"
    r"\s?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_TIME = re.compile(r"(?P<y>[0-9]{4})[-/](?P<mo>[0-9]{1,2})[-/](?P<d>[0-9]{1,2})" + _HOUR)
_ORDERS = {
    "day first": re.compile(r"(?P<d>[0-9]{1,2})[-/.](?P<mo>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + _HOUR),
    "month first": re.compile(r"(?P<mo>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})[-/.](?P<y>[0-9]{4})" + _HOUR),
}
ORDERS = tuple(_ORDERS)
"""The orders of day and month for dates that end with the year, as named in profiles."""

_MILLISECONDS = 100_000_000_000
_FIRST, _LAST = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class NoTime(ValueError):
    """The value is not an instant; the message says why."""


@attrs.frozen
class Moment:
    """An instant (UTC). `guess` says what had to be assumed."""

    at: datetime
    guess: str | None = None


def read_time(
    raw: Any, zone: tzinfo | None, unset: Collection[str] = (), order: str | None = None
) -> Moment | None:
    """The instant in `raw`; None if the value means that there is none. Raises `NoTime`.

    Accepts ISO 8601 in its common forms, and seconds or milliseconds since 1970 as number or text. `zone` is
    used for times without one, `order` (one of `ORDERS`) for dates that end with the year. Times before 1971
    mean "never".
    """
    if raw is None or raw in ("", 0, "0") or (isinstance(raw, str) and raw.strip() in unset):
        return None
    if isinstance(raw, datetime):
        raw = raw.isoformat()
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str)):
        raise NoTime("this is not a time")
    text = str(raw).strip() if len(str(raw)) < 60 else ""
    moment = _epoch(text) if _EPOCH.fullmatch(text) else _written(text, zone, order)
    if moment.at < _FIRST:
        return None
    if moment.at > _LAST:
        raise NoTime("the year is out of range")
    return moment


def _epoch(text: str) -> Moment:
    number = float(text)
    seconds = number / 1000 if abs(number) >= _MILLISECONDS else number
    try:
        return Moment(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))
    except OverflowError:
        raise NoTime("the number is out of range for a time") from None


def _written(text: str, zone: tzinfo | None, order: str | None) -> Moment:
    found = _TIME.fullmatch(text) or (_ORDERS[order].fullmatch(text) if order else None)
    if not found:
        if order is None and any(pattern.fullmatch(text) for pattern in _ORDERS.values()):
            raise NoTime(
                "day or month comes first; write `dates: day first` or `dates: month first` in the profile"
            )
        raise NoTime("this is not a time")
    micro = int((found["f"] or "0").ljust(6, "0")[:6])
    try:
        numbers = [int(found[unit] or 0) for unit in ("y", "mo", "d", "h", "mi", "s")]
        year, month, day, hour, minute, second = numbers
        naive = datetime(year, month, day, hour, minute, second, micro, tzinfo=UTC)
        if found["zone"]:
            return Moment(naive - _offset(found["zone"]))
        if zone is None and year > _FIRST.year:
            raise NoTime("the time has no zone; write `zone:` in the profile")
        return _local(naive, zone or UTC)
    except OverflowError:
        raise NoTime("the time is out of range") from None
    except ValueError as error:
        raise error if isinstance(error, NoTime) else NoTime("there is no such time") from None


def _offset(zone: str) -> timedelta:
    if zone[0] not in "+-":
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise NoTime("the offset of the time is out of range")
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _local(naive: datetime, zone: tzinfo) -> Moment:
    """Resolve a local time. A time that exists twice or not at all because of a clock change gives the earlier instant."""
    first, second = (naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return Moment(first)
    which = (
        "exists twice, the earlier one is taken"
        if first < second
        else "does not exist, the clocks were changed"
    )
    return Moment(
        min(first, second), f"the local time {naive.replace(tzinfo=None).isoformat(sep=' ')} {which}"
    )
