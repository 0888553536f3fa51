"""An instant that is a time limit after or before another one."""

from __future__ import annotations

from datetime import UTC, datetime

import attrs

from escalation_rules.calendar import Deadline
from escalation_rules.calendar.lengths import BEFORE
from escalation_rules.policy.conditions.condition import Need, Records, Situation
from escalation_rules.policy.conditions.names import Name
from escalation_rules.values import Value

_NEVER, _ALWAYS = datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)


@attrs.frozen
class Shifted:
    """The end of a time limit that counts from another fact or field, or before it, as `within:` counts it: working days
    end at closing time."""

    name: Name
    by: Deadline

    @property
    def later(self) -> bool:
        """Whether it is after the other instant."""
        return not self.by.before

    def get(self, situation: Situation, records: Records) -> Value | None:
        """The instant, or None if the other is unknown; beyond the calendar, one that never comes, or that always was."""
        moment = self.name.get(situation, records)
        if not isinstance(moment, datetime):
            return None
        return situation.deadline_after(moment, self.by) or (_NEVER if self.later else _ALWAYS)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """The other fact or field, if unknown."""
        return () if self.get(situation, records) is not None else (self.name.need(situation, records),)

    def to_data(self) -> str:
        """As it is written: `2 days after NAME`, `end of the working day of NAME`."""
        if self.by.length is None:
            return f"{self.by} of {self.name.text}"
        if self.by.before:
            return f"{self.by.length}{BEFORE} {self.name.text}"
        return f"{self.by.length} after {self.name.text}{str(self.by).removeprefix(str(self.by.length))}"
