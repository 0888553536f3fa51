"""The day, week, month, quarter or year that an instant lies in, on a calendar's clock, as an age limit in conditions."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Final, Literal, Self, get_args

import attrs

from escalation_rules.calendar.durations import Calendars, calendar_of
from escalation_rules.calendar.working import check_name
from escalation_rules.calendar.zones import hint

PeriodUnit = Literal["day", "week", "month", "quarter", "year"]
UNITS: Final[tuple[PeriodUnit, ...]] = get_args(PeriodUnit)
WITHIN: Final[dict[str, frozenset[str]]] = {
    "day": frozenset(("day",)),
    "week": frozenset(("day", "week")),
    "month": frozenset(("day", "month")),
    "quarter": frozenset(("day", "month", "quarter")),
    "year": frozenset(("day", "month", "quarter", "year")),
}
"""For each period, those of which every one lies in a single period of it."""

START: Final = "start of the "
_LONGEST: Final = 80
"""The characters of a text that are looked at for what may be meant."""
_STATED: Final = re.compile(rf"{START}([^\s]+)(?: in (.*))?")
_SPOKEN: Final = re.compile(
    r"(?:(?:the )?(?:start|beginning|first day) of )?(?:the |this |current )*(?:calendar )?"
    rf"({'|'.join(UNITS)})(?: to date)?"
)
_CHINESE: Final[dict[str, PeriodUnit]] = {
    **dict.fromkeys(("今天", "今日", "當天", "当天", "當日", "当日"), "day"),
    **dict.fromkeys(("本週", "本周", "這週", "这周", "本星期"), "week"),
    **dict.fromkeys(("本月", "這個月", "这个月", "當月", "当月"), "month"),
    **dict.fromkeys(("本季", "本季度", "這一季", "这个季度", "當季", "当季"), "quarter"),
    **dict.fromkeys(("今年", "本年", "本年度", "當年", "当年"), "year"),
}


@attrs.frozen
class StartOf:
    """The start of the current day, week (Monday), month, quarter or year on a calendar's clock.

    As an age: an instant is older if it lies in an earlier period. `calendar`: whose clock; None for the default. Working
    hours and days off play no part.
    """

    unit: PeriodUnit
    calendar: str | None = None
    is_elapsed: bool = attrs.field(default=False, init=False, eq=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse "start of the month" or "start of the month in taipei". Raises `ValueError` with the nearest unit."""
        match = _STATED.fullmatch(" ".join(str(text).split()))
        unit, calendar = match.groups() if match else ("", None)
        for known in UNITS:
            if known == unit:
                if calendar is not None:
                    check_name(calendar)
                return cls(known, calendar)
        raise ValueError(
            f"{str(text)[:80]!r} is not the start of a period: expected {START}{', '.join(UNITS[:-1])} or {UNITS[-1]}"
            f"{hint(unit, {known: START + known for known in UNITS})}"
        )

    def __str__(self) -> str:
        """The canonical text, which `parse` accepts."""
        return f"{START}{self.unit}{'' if self.calendar is None else f' in {self.calendar}'}"

    def interval_after(self, start: datetime, calendars: Calendars, default: str = "") -> datetime:
        """The end of the period of `start` (aware, any zone); in UTC. Raises `ValueError` for a naive start or a missing
        calendar, and `OverflowError` beyond the range of datetime."""
        return calendar_of(self, calendars, default).end_of_period(start, self.unit)


def meant(said: str) -> str | None:
    """The policy's form of "this month", "month to date" or 本月; None if it is none."""
    text = " ".join(said[:_LONGEST].split()).lower()
    found = _SPOKEN.fullmatch(text)
    unit = _CHINESE.get(text) or (found[1] if found and text not in UNITS else None)
    return None if unit is None else f"{START}{unit}"


def pattern(calendars: Collection[str], *, has_default: bool) -> str:
    """The pattern of such a text; it must name a calendar if there is no default."""
    place = f"( in ({'|'.join(sorted(calendars))}))" + ("?" if has_default else "")
    return f"{START}({'|'.join(UNITS)}){place}"
