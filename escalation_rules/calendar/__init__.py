"""Working time: opening hours, the ends of working time, and the durations used in policies.

A `WorkingCalendar` has weekly hours in one time zone, minus the public holidays of a country and the days
that a policy closes, plus make-up working days and days with other hours. A `Duration` is an amount of
elapsed or working time; its end as an interval may differ from its end as a deadline.

Results depend only on the arguments and on two data packages, `holidays` and `tzdata` (see `versions`), not
on a clock, the environment or the system's time zones. They are the same on every machine.

A local time, such as an opening at 02:30, means **the first instant at which the zone's clock shows that time
or a later one**. If clocks are set forward over it, this is the instant of the change; if they are set back
and show it twice, the first time. So spans never overlap or change places, a date lasts from its midnight to
the next, and working time is always real, elapsed time.
"""

from escalation_rules.calendar.dates_of_year import MONTHS, DatesOfYear, DayOfYear, read_dates
from escalation_rules.calendar.deadlines import Pause, deadline, united
from escalation_rules.calendar.durations import Deadline, Duration
from escalation_rules.calendar.lengths import Unit
from escalation_rules.calendar.periods import StartOf
from escalation_rules.calendar.shifts import Spans, clock, read_span
from escalation_rules.calendar.weekdays import DAYS, DAYS_PATTERN, days_meant, hours_of_days, read_days
from escalation_rules.calendar.working import MAX_DAYS, WorkingCalendar
from escalation_rules.calendar.zones import load_zone, versions

__all__ = [
    "DAYS",
    "DAYS_PATTERN",
    "MAX_DAYS",
    "MONTHS",
    "DatesOfYear",
    "DayOfYear",
    "Deadline",
    "Duration",
    "Pause",
    "Spans",
    "StartOf",
    "Unit",
    "WorkingCalendar",
    "clock",
    "days_meant",
    "deadline",
    "hours_of_days",
    "load_zone",
    "read_dates",
    "read_days",
    "read_span",
    "united",
    "versions",
]
