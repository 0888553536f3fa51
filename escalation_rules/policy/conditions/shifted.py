"""An instant that is a length of time after or before another one."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions.condition import Need, Records, Situation
from escalation_rules.policy.conditions.names import Name
from escalation_rules.values import Value

_NEVER, _ALWAYS = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


@attrs.frozen
class Shifted:
    """An instant with an offset after (`later`) or before that of another fact or field. After it, the offset is a length
    until which something is done: working days end at closing time."""

    name: Name
    by: Duration
    later: bool

    def get(self, situation: Situation, records: Records) -> Value | None:
        """The instant, or None if the other is unknown; beyond the end of the calendar, one that never comes."""
        moment = self.name.get(situation, records)
        if not isinstance(moment, datetime):
            return None
        if self.later:
            return situation.deadline_after(moment, self.by) or _NEVER
        try:
            return moment - self.by.as_timedelta()
        except OverflowError:
            return _ALWAYS

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """The other fact or field, if unknown."""
        return () if self.get(situation, records) is not None else (self.name.need(situation, records),)

    def to_data(self) -> str:
        return f"{self.by} {'after' if self.later else 'before'} {self.name.text}"
