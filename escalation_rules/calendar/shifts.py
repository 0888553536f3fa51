"""Shifts: the hours of a day as a policy writes them (also past midnight), and those of a year as instants."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
from zoneinfo import ZoneInfo

import attrs

from escalation_rules.calendar.zones import DAY, MINUTE, first_showing

Spans = tuple[tuple[int, int], ...]
"""The working spans of a day, in minutes from its local midnight: `((540, 720), (780, 1080))`. 1440 is 24:00,
and `((1320, 1800),)` is a shift from 22:00 to 06:00 of the next morning."""

_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00))")


def read_span(text: str) -> tuple[int, int] | None:
    """Parse `09:00-18:00` as minutes from midnight; `22:00-06:00` ends on the next day. None if it is invalid."""
    match = _SPAN.fullmatch(text)
    if match is None:
        return None
    start, end = (int(hours) * 60 + int(minutes) for hours, minutes in
                  ((match[1], match[2]), (match[3] or match[5], match[4] or match[6])))  # fmt: skip
    if start == end:
        return None
    return start, end if end > start else end + 1440


def clock(minute: int) -> str:
    """The time of day of a minute of a span: `09:00`; of one on the next day, the time on that day."""
    return "{:02}:{:02}".format(*divmod(minute if minute <= 1440 else minute - 1440, 60))


@attrs.frozen
class Year:
    """A local year of a calendar, as instants in microseconds; all tuples ascend.

    A day starts at its local midnight, or when the shift that began on the previous day ends, if that is
    later.
    """

    first: int  # the ordinal of its first date
    days: tuple[int, ...]  # where each day starts and, last, where the year ends
    starts: tuple[int, ...]  # of the spans worked
    ends: tuple[int, ...]
    sums: tuple[int, ...]  # working time of the year up to the end of each span
    worked: tuple[int, ...]  # the days of the year, from 0, with working time
    closings: tuple[int, ...]  # the closing times of these days

    @classmethod
    def build(cls, zone: ZoneInfo, first: int, hours: list[Spans], busy: int) -> Year:
        """Create from the ordinal of the first date and the hours of all dates. A clock change may remove
        spans.

        `busy` is the instant at which the last shift of the previous year ends.
        """
        midnights = [(first - 1 + index) * DAY for index in range(len(hours) + 1)]
        days, by_day = [], []
        for midnight, spans in zip(midnights, hours, strict=False):
            days.append(max(first_showing(zone, midnight), busy))
            local = ((midnight + start * MINUTE, midnight + end * MINUTE) for start, end in spans)
            shift = [
                (max(first_showing(zone, start), busy), first_showing(zone, end)) for start, end in local
            ]
            by_day.append([(start, end) for start, end in shift if start < end])
            busy = by_day[-1][-1][1] if by_day[-1] else busy
        flat = [span for spans in by_day for span in spans]
        return cls(
            first=first,
            days=(*days, max(first_showing(zone, midnights[-1]), busy)),
            starts=tuple(start for start, _ in flat),
            ends=tuple(end for _, end in flat),
            sums=tuple(accumulate(end - start for start, end in flat)),
            worked=tuple(index for index, spans in enumerate(by_day) if spans),
            closings=tuple(spans[-1][1] for spans in by_day if spans),
        )

    def day_of(self, at: int) -> int:
        """The day of the year, from 0, of an instant; -1 if it is in an earlier year."""
        return bisect_right(self.days, at) - 1

    def midnight(self, day: int) -> int:
        """The local midnight at which a day of the year begins."""
        return (self.first - 1 + day) * DAY

    def worked_until(self, at: int) -> int:
        """The working time from the start of the year to an instant."""
        index = bisect_right(self.starts, at) - 1
        return self.sums[index] - max(0, self.ends[index] - at) if index >= 0 else 0
