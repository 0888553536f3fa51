"""Finds amounts of money. A number counts only with a currency mark: 12315 and 1950 are hotlines, 2026 is a year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache

from price_parser import Price

from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.finding.numbers import NUMERAL, chinese_number
from escalation_rules.integrations.signals.folding import Folded, Span

_FIGURE = r"[0-9]{1,3}(?:[,.][0-9]{3}){1,3}(?:[.,][0-9]{1,2})?|[0-9]{1,10}(?:[.,][0-9]{1,2})?"
_TIMES = {"k": 1000, "千": 1000, "万": 10_000, "百万": 1_000_000}
_THREE_BEHIND = re.compile(r"[0-9]{1,3}(?:[,.][0-9]{3})+")


def amounts(folded: Folded, marks: Mapping[str, tuple[str, ...]], currency: str) -> Iterator[Found[Decimal]]:
    """The amounts in `currency`. `marks` maps each currency to its folded marks.

    A number with the mark of another currency is skipped. A mark shared by several currencies (`$`) means the
    case's.
    """
    ours = marks.get(currency, ())
    pattern = _pattern(tuple(sorted({word for listed in marks.values() for word in listed})))
    for match in pattern.finditer(folded.text):
        mark = match["before"] or match["after"]
        if mark.strip() in ours and (value := _value(match["number"], match["times"] or "")) is not None:
            yield Found(Span(*match.span()), value)


@cache
def _pattern(marks: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for a number with a mark before or after it. Longer marks come first, so that `nt$` is not read as `$`."""
    known = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    number = rf"(?P<number>{_FIGURE}|{NUMERAL})"
    times = r"(?: ?(?P<times>百万|[千万]|k(?![a-z])))?"
    letter = r"a-z0-9"
    return re.compile(
        rf"(?:(?<![{letter}])(?P<before>{known}) ?(?=[0-9])|(?<![{letter}.,$€£¥零〇一二两三四五六七八九十百千万第]))"
        rf"{number}{times}(?(before)(?![0-9]))(?(before)|(?: ?(?P<after>{known})(?![{letter}])))"
    )


def _value(number: str, times: str) -> Decimal | None:
    if not number[0].isascii():
        said = chinese_number(number)
        return None if said is None else Decimal(said * _TIMES.get(times, 1))
    point = "." if "," in number and "." in number and number.rfind(".") > number.rfind(",") else None
    if point is None and not _THREE_BEHIND.fullmatch(number) and re.search(r"[.,][0-9]{1,2}$", number):
        point = number[max(number.rfind("."), number.rfind(","))]
    parsed = (
        Price.fromstring(number, decimal_separator=point)
        if point
        else Price.fromstring(re.sub("[,.]", "", number))
    )
    return None if parsed.amount is None else parsed.amount * _TIMES.get(times, 1)
