"""The text form of durations: units, words, patterns, and common variants.

`Duration` and `Deadline` are the parsed values; everything that reads or writes such texts uses this module.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal, get_args

from escalation_rules.calendar.zones import hint

Unit = Literal[
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "calendar_day",
    "month",
    "calendar_month",
    "working_minute",
    "working_hour",
    "working_day",
]
UNITS: Final[tuple[Unit, ...]] = get_args(Unit)
SECONDS: Final[dict[str, int]] = {
    "second": 1, "minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800
}  # fmt: skip
"""The seconds of units with a fixed length."""
AT_THE_SAME_TIME: Final[dict[Unit, Unit]] = {"calendar_day": "day", "calendar_month": "month"}
"""For each unit that ends with a day, the one that ends at the time of day at which it began."""

EXAMPLE: Final = "such as 30 minutes or 2 working days"
END_OF_DAY: Final = "end of the working day"
MOVED: Final = ", moved to a working day"
BEFORE: Final = " before"
BY: Final = "by"

# --- words ------------------------------------------------------------------------------------------------------------

CHINESE: Final[dict[Unit, tuple[str, ...]]] = {
    "second": ("秒", "秒鐘", "秒钟"),
    "minute": ("分", "分鐘", "分钟"),
    "hour": ("小時", "小时", "時", "鐘頭", "钟头"),
    "day": ("天", "日"),
    "week": ("週", "周", "星期", "禮拜", "礼拜"),
    "calendar_day": ("日曆天", "日历天", "曆日", "历日", "日曆日", "日历日", "自然日"),
    "month": ("月",),
    "calendar_month": ("日曆月", "日历月", "曆月", "历月", "自然月"),
    "working_minute": ("工作分鐘", "工作分钟"),
    "working_hour": ("工作小時", "工作小时", "工時", "工时"),
    "working_day": ("工作天", "工作日"),
}
"""The Chinese names of units, traditional and simplified; 個 or 个 may precede them."""
MEASURE_WORDS: Final = "個个"

_OTHERS: Final[dict[Unit, tuple[str, ...]]] = {
    "second": ("sec", "s"),
    "minute": ("min", "m"),
    "hour": ("hr", "h"),
    "day": ("d",),
    "week": ("wk", "w"),
    "calendar_day": ("whole day", "full day"),
    "month": ("mo",),
    "calendar_month": ("whole month", "full month"),
    "working_minute": ("business minute",),
    "working_hour": ("business hour", "office hour"),
    "working_day": ("workday", "business day"),
}
"""English names of units that policies do not use."""
_IN_MONTHS: Final = {
    **dict.fromkeys(("quarter", "季"), 3),
    **dict.fromkeys(("year", "yr", "y", "年"), 12),
}
"""The lengths, in months, of units that policies do not use."""
_MONTHS_OF_A_YEAR, _DAYS_OF_A_YEAR = 12, 365
_FINER: Final[dict[str, tuple[Unit, int]]] = {
    "week": ("day", 7), "day": ("hour", 24), "hour": ("minute", 60), "minute": ("second", 60),
    "working_hour": ("working_minute", 60),
}  # fmt: skip


def english(unit: Unit) -> str:
    """`working day`."""
    return unit.replace("_", " ")


UNIT_OF: Final[dict[str, Unit]] = {english(unit) + plural: unit for unit in UNITS for plural in ("", "s")}
"""The names of units in policies, singular and plural."""
_MISSPELT: Final = {
    name.replace("working ", other): name for name in UNIT_OF for other in ("working ", "business ", "work")
}
_MEANT: Final[dict[str, Unit]] = {
    word: unit for unit in UNITS for word in (english(unit), *CHINESE[unit], *_OTHERS[unit])
}


def write(amount: int | Decimal, unit: Unit, calendar: str | None = None) -> str:
    """The canonical text: "2 working days in taipei"."""
    place = "" if calendar is None else f" in {calendar}"
    return f"{amount} {english(unit)}{'' if amount == 1 else 's'}{place}"


# --- reading ----------------------------------------------------------------------------------------------------------

_LENGTH: Final = re.compile(r"(?:([0-9]{1,9}) )?(.*?)(?: in (.*))?")
_FIXED: Final = re.compile(rf"([0-9]{{1,6}}) ({'|'.join(SECONDS)})s?")
_ISO: Final = re.compile(
    r"P(?=.)(?:([0-9]{1,6})W)?(?:([0-9]{1,6})D)?"
    r"(?:T(?=.)(?:([0-9]{1,6})H)?(?:([0-9]{1,6})M)?(?:([0-9]{1,6}(?:\.[0-9]{1,6})?)S)?)?"
)


def read(text: str) -> tuple[int, Unit, str | None]:
    """The amount, unit and calendar in "3 working days in taipei". Limits are not checked here.

    Raises `ValueError` with what was expected and the nearest unit.
    """
    match = _LENGTH.fullmatch(" ".join(str(text).split()))
    amount, unit, calendar = match.groups() if match else (None, "", None)
    if amount is None or unit not in UNIT_OF:
        near = "" if unit in UNIT_OF else hint(unit.lstrip("0123456789.,-+ "), _meant(amount, calendar))
        raise ValueError(
            f"{str(text)[:80]!r} is not a duration: expected a whole number and a unit "
            f"({', '.join(map(english, UNITS))}), such as '2 working days'{near}"
        )
    return int(amount), UNIT_OF[unit], calendar


def _meant(amount: str | None, calendar: str | None) -> dict[str, str]:
    """What misspelt units mean: with the amount, if there is one."""
    if amount is None:
        return _MISSPELT
    return {word: write(int(amount), UNIT_OF[name], calendar) for word, name in _MISSPELT.items()}


def read_fixed(text: str) -> timedelta | None:
    """A fixed duration as written in cases: "30 minutes", "PT17H"; None for other texts."""
    if match := _FIXED.fullmatch(text):
        return int(match[1]) * timedelta(seconds=SECONDS[match[2]])
    seconds = None if "W" in text or "." in text else read_iso(text)
    return None if seconds is None else timedelta(seconds=int(seconds))


def read_iso(text: str) -> Decimal | None:
    """The seconds of an ISO 8601 duration; None for other texts."""
    match = _ISO.fullmatch(text)
    if match is None:
        return None
    sizes = (SECONDS[unit] for unit in ("week", "day", "hour", "minute", "second"))
    return sum(
        (Decimal(part or 0) * size for part, size in zip(match.groups(), sizes, strict=True)), Decimal()
    )


# --- common variants ----------------------------------------------------------------------------------------------------

_MOST: Final = 100
_HALF: Final = Decimal("0.5")
_SPAN: Final = re.compile(
    rf"((?P<number>[0-9]{{1,6}}(\.[0-9]{{1,2}})?)|(?P<half>half an?|半[{MEASURE_WORDS}]?)|an?|one)"
    rf"\s*[{MEASURE_WORDS}]*\s*(?P<unit>[^\W\d]+( [^\W\d]+)?)"
)
_END: Final = re.compile(
    r"^(by )?(the )?end of (the |this )?(working |work |business )?(day|business)\b(?! of the working day)"
)
_MOVING: Final = re.compile(r",? (moved|moving|moves) to (the |a )?(next |first )?(working|business) day\b")


def guess(said: str, *, in_months: bool = True) -> str | None:
    """The policy's form of a duration such as `1.5 hours` or `2 個工作天`; None if the text is none. Years and quarters are
    given in days, approximately, where the place does not allow months.

    May return durations beyond the limits, which `Duration.parse` rejects.
    """
    found = _SPAN.fullmatch(unicodedata.normalize("NFKC", said[:_MOST]).strip().lower())
    if found is None:
        return None
    name, size = found["unit"].removesuffix("s"), _HALF if found["half"] else Decimal(found["number"] or 1)
    unit = _MEANT.get(name)
    if name in _IN_MONTHS:
        unit, size = "month", size * _IN_MONTHS[name]
        if not in_months:
            unit, size = "day", (size * _DAYS_OF_A_YEAR / _MONTHS_OF_A_YEAR).to_integral_value()
    if unit is None:
        return None
    while size % 1 and unit in _FINER:  # e.g. an hour and a half
        unit, size = _FINER[unit][0], size * _FINER[unit][1]
    return None if size % 1 else write(int(size), unit)


def guess_deadline(said: str) -> str | None:
    """The policy's form of `by end of day` or `moved to the next working day`; None if unchanged or unknown."""
    meant = _END.sub(END_OF_DAY, _MOVING.sub(MOVED, said))
    return None if meant == said else meant


# --- patterns, without anchors, for schemas -------------------------------------------------------------------------------

_AMOUNT: Final = r"0{0,8}[1-9][0-9]{0,8}"
_ELAPSED: Final = rf"({'|'.join(SECONDS)})s?"
_WORKING: Final = r"working\s+(minute|hour|day)s?"
_BY_DATE: Final = r"calendar\s+(day|month)s?|months?"
ELAPSED_PATTERN: Final = rf"\s*{_AMOUNT}\s+{_ELAPSED}\s*"
"""The pattern of a duration with a fixed length."""
FIXED_PATTERN: Final = (
    rf"[0-9]{{1,6}} {_ELAPSED}"
    r"|P([0-9]{1,6}D)?(T(?=[0-9])([0-9]{1,6}H)?([0-9]{1,6}M)?([0-9]{1,6}S)?)?"
)
"""The same as written in cases, i.e. what `read_fixed` accepts with at least three characters."""


def pattern(calendars: Collection[str], *, has_default: bool) -> str:
    """The pattern of any duration. Working time, calendar days and months must name a calendar if there is no default."""
    if not calendars:
        return ELAPSED_PATTERN
    place = rf"(\s+in\s+({'|'.join(sorted(calendars))}))" + ("?" if has_default else "")
    return rf"\s*{_AMOUNT}\s+({_ELAPSED}|({_WORKING}|{_BY_DATE}){place})\s*"


def deadline_pattern(calendars: Collection[str], start: str, end: str = "", *, has_default: bool) -> str:
    """The pattern of `within:`; `start` is the pattern of its anchor, `end` that of an instant before which it ends."""
    length = pattern(calendars, has_default=has_default)
    ahead = f"|({length}{BEFORE}|{BY}) {end}" if end else ""
    if not calendars:
        return f"({length}{start}{ahead})"
    place = f"( in ({'|'.join(sorted(calendars))}))" + ("?" if has_default else "")
    return f"(({length}|{END_OF_DAY}{place}){start}|{_moved(start, place, has_default)}{ahead})"


def shifted_pattern(calendars: Collection[str], names: str, *, has_default: bool) -> str:
    """The pattern of a time limit after or before one of the `names` (a pattern)."""
    length = pattern(calendars, has_default=has_default)
    plain = f"{length} (after|before) {names}"
    if not calendars:
        return f"({plain})"
    place = f"( in ({'|'.join(sorted(calendars))}))" + ("?" if has_default else "")
    return f"({plain}|{END_OF_DAY}{place} of {names}|{_moved(f' after {names}', place, has_default)})"


def _moved(start: str, place: str, has_default: bool) -> str:
    """The pattern of a time that moves to a working day; `place` is that of the calendar."""
    dated = rf"|\s*{_AMOUNT}\s+({_BY_DATE})\s*" if has_default else ""
    return f"({ELAPSED_PATTERN}{dated}){start}{MOVED}{place}"
