"""Days of the week as written in policies: `mon`, `sat-sun`."""

from __future__ import annotations

import re
from typing import Final

from escalation_rules.calendar.shifts import Spans

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_PATTERN: Final = f"({'|'.join(DAYS)})(-({'|'.join(DAYS)}))?"
_WHOLE_DAY: Final[Spans] = ((0, 24 * 60),)

_LONGEST: Final = 80
"""The characters of a text that are looked at for what may be meant."""
_FULL: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_OTHER_WORDS: Final = {
    **dict.fromkeys(("weekend", "weekends", "the weekend", "週末", "周末"), "sat-sun"),
    **dict.fromkeys(("weekday", "weekdays", "平日"), "mon-fri"),
}
_CHINESE: Final = re.compile(r"(?:週|周|星期|禮拜|礼拜)([一二三四五六日天])")
_TO: Final = re.compile(r"\s*(?:-|–|to|until|through|至|到)\s*")


def read_days(text: str) -> tuple[int, ...] | None:
    """The days in `mon` or `mon-fri`, Monday is 0; a range may wrap around (`sat-mon`). None for other texts."""
    first, dash, last = text.partition("-")
    if first not in DAYS or (dash and last not in DAYS):
        return None
    start, end = DAYS.index(first), DAYS.index(last if dash else first)
    return tuple((start + day) % 7 for day in range((end - start) % 7 + 1))


def hours_of_days(days: tuple[int, ...]) -> tuple[Spans, ...]:
    """The hours of a week in which these days are open from midnight to midnight."""
    return tuple(_WHOLE_DAY if day in days else () for day in range(7))


def days_meant(said: str) -> str | None:
    """The form of `Saturdays`, `Sat to Sun`, `weekend` or 週六; None if it is none."""
    text = " ".join(said[:_LONGEST].lower().split()).removeprefix("on ").removeprefix("every ")
    if text in _OTHER_WORDS:
        return _OTHER_WORDS[text]
    found = [_day(word) for word in _TO.split(text)]
    known = [day for day in found if day is not None]
    return "-".join(known) if len(known) == len(found) <= 2 else None


def _day(word: str) -> str | None:
    if match := _CHINESE.fullmatch(word):
        return DAYS[min("一二三四五六日天".index(match[1]), 6)]
    plain = word.removesuffix("s").removesuffix(".")
    alike = (short for short, full in zip(DAYS, _FULL, strict=True)
             if len(plain) >= len(short) and full.startswith(plain))  # fmt: skip
    return next(alike, None)
