"""Finds days and times in a text, as the instant at which something is due.

A day means its end. Relative days count from when they were said. In a retold promise this time is unknown,
so the caller says whether to resolve them. Dates such as 3/4 are skipped, since the order of day and month is
ambiguous.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

import attrs

from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.finding.numbers import NUMERAL, chinese_number
from escalation_rules.integrations.signals.folding import Folded, Span

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>20[0-9]{2}))?"
_NUMBER = r"(?P<number>[0-9]{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten)"
_WORDS = {"a": 1, "an": 1} | {name: number for number, name in enumerate(
    ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)}  # fmt: skip
_HALF_YEAR = timedelta(days=183)


@attrs.frozen
class Day:
    """A resolved day. `due` is None if it depends on an unknown time of saying."""

    due: datetime | None
    relative: bool


def days(folded: Folded, said_at: datetime | None, relative: bool) -> Iterator[Found[Day]]:
    """Each day or duration in the text. If `relative`, relative ones are resolved from `said_at`."""
    found = sorted(_all(folded, said_at, relative), key=lambda day: (day.span.start, -day.span.end))
    end = 0
    for day in found:
        if day.span.start >= end:
            end = day.span.end
            yield day


def _all(folded: Folded, said_at: datetime | None, relative: bool) -> Iterator[Found[Day]]:
    for pattern, is_relative, resolve in _FORMS:
        for match in pattern.finditer(folded.text):
            due = None
            if said_at is not None and (relative or not is_relative):
                due = _resolved(resolve, match, said_at)
                if due is None:
                    continue
            yield Found(Span(*match.span()), Day(due, is_relative))


def _resolved(
    resolve: Callable[[re.Match[str], datetime], datetime | None], found: re.Match[str], said_at: datetime
) -> datetime | None:
    try:
        return resolve(found, said_at)
    except (ValueError, OverflowError):  # 30 February
        return None


def _end_of(day: date, like: datetime) -> datetime:
    return datetime.combine(day, time(23, 59, 59), like.tzinfo)


def _near(month: int, day: int, said_at: datetime) -> datetime:
    """A day without a year, in the year that makes it nearest to `said_at`."""
    near = [
        date(said_at.year + add, month, day) for add in (0, 1, -1) if _exists(said_at.year + add, month, day)
    ]
    if not near:
        raise ValueError(month)
    return _end_of(min(near, key=lambda near_day: abs(near_day - said_at.date())), said_at)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        return bool(date(year, month, day))
    except ValueError:
        return False


def _dated(found: re.Match[str], said_at: datetime) -> datetime:
    month = found["month"]
    number = _MONTHS.index(month[:3]) + 1 if month[0].isalpha() else int(month)
    if found["year"]:
        return _end_of(date(int(found["year"]), number, int(found["day"])), said_at)
    return _near(number, int(found["day"]), said_at)


def _weekday(found: re.Match[str], said_at: datetime) -> datetime:
    """The next such weekday; `next Friday` and 下週五 mean that of the next week."""
    name = found["weekday"]
    number = _WEEKDAYS.index(name[:3]) if name.isascii() else min("一二三四五六日天".index(name), 6)
    today = said_at.date()
    if found["next"]:
        return _end_of(today + timedelta(days=7 - today.weekday() + number), said_at)
    return _end_of(today + timedelta(days=(number - today.weekday()) % 7), said_at)


def _named(found: re.Match[str], said_at: datetime) -> datetime:
    add = {"today": 0, "tonight": 0, "tomorrow": 1, "今天": 0, "今日": 0, "明天": 1, "明日": 1, "后天": 2}[
        found[0]
    ]
    return _end_of(said_at.date() + timedelta(days=add), said_at)


def _length(found: re.Match[str], said_at: datetime) -> datetime | None:
    said, unit = found["number"], found["unit"]
    number = int(said) if said.isdecimal() and said.isascii() else _WORDS.get(said) or chinese_number(said)
    if not number:
        return None
    if unit in {"hour", "hours", "hr", "hrs", "小时", "钟头"}:
        return said_at + timedelta(hours=number)
    step = 7 if unit in {"week", "weeks", "周", "星期", "礼拜"} else 1
    return _end_of(said_at.date() + timedelta(days=number * step), said_at)


_FORMS: tuple[tuple[re.Pattern[str], bool, Callable[[re.Match[str], datetime], datetime | None]], ...] = (
    (re.compile(r"(?<![0-9-])(?P<year>20[0-9]{2})[-/年](?P<month>[01]?[0-9])[-/月](?P<day>[0-3]?[0-9])(?:日|号)?(?![0-9-])"),
     False, _dated),
    (re.compile(rf"(?<![a-z0-9]){_MONTH} {_DAY}{_YEAR}(?![a-z0-9:])"), False, _dated),
    (re.compile(rf"(?<![a-z0-9]){_DAY} (?:of )?{_MONTH}{_YEAR}(?![a-z0-9])"), False, _dated),
    (re.compile(r"(?<![0-9])(?P<year>)(?P<month>[01]?[0-9])月(?P<day>[0-3]?[0-9])(?:日|号)"), False, _dated),
    (re.compile(r"(?<![a-z])(?:by |on |this |until |before )*(?P<next>next )?"
                r"(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?![a-z])"), True, _weekday),
    (re.compile(r"(?:本|这|这个)?(?P<next>下|下个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"), True, _weekday),
    (re.compile(r"(?<![a-z])(?:today|tonight|tomorrow)(?![a-z])|今天|今日|明天|明日|后天"), True, _named),
    (re.compile(rf"(?<![a-z])(?:within|in) (?:the next )?(?:[0-9]{{1,3}} ?(?:-|to) ?)?{_NUMBER} "
                r"(?P<unit>hours?|hrs?|days?|weeks?)(?![a-z])"), True, _length),
    (re.compile(rf"(?P<number>[0-9]{{1,3}}|{NUMERAL})个?(?P<unit>小时|钟头|天|日|周|星期|礼拜)(?:之|以)?(?:内|后)"),
     True, _length),
)  # fmt: skip
