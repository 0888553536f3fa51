"""Working time: which hours are worked, where so many of them end, and the lengths of time that policies state.

A `WorkingCalendar` has weekly hours in one time zone, less the public holidays of a country and the days that
a policy closes, plus make-up working days and days with other hours. A `Duration` is an amount of elapsed or of
working time; as an interval and as a deadline it ends at different instants.

All is a function of the arguments and of two data packages, `holidays` and `tzdata` (see `versions`): no
clock, no environment, no system time zones. The same question has the same answer on every machine.

A local time, such as an opening at 02:30, means **the first instant at which the zone's clock shows that time
or a later one**: where clocks go forward over it, the instant of the jump; where they go back and show it
twice, the first time. So spans never overlap or swap, a date lasts from its midnight to the next, and working
time is always real, elapsed time.
"""

from escalation_rules.calendar.durations import Deadline, Duration
from escalation_rules.calendar.lengths import Unit
from escalation_rules.calendar.pauses import Pause, deadline, united
from escalation_rules.calendar.working import MAX_DAYS, WorkingCalendar
from escalation_rules.calendar.years import Spans, read_span
from escalation_rules.calendar.zones import load_zone, versions

__all__ = [
    "MAX_DAYS",
    "Deadline",
    "Duration",
    "Pause",
    "Spans",
    "Unit",
    "WorkingCalendar",
    "deadline",
    "load_zone",
    "read_span",
    "united",
    "versions",
]
