"""Changed calendars: which steps are counted by them, and the instants near which a due time can differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

import attrs

from escalation_rules.calendar import WorkingCalendar
from escalation_rules.policy.model import Recommend
from escalation_rules.solving.subjects import Subject
from escalation_rules.tools.compare.changed import DEFAULT
from escalation_rules.tools.compare.contents import calendars_of
from escalation_rules.tools.compare.policies import NEW, OLD, Policies

MOST_CASES, MOST_ASKED = 3, 8
"""How many steps are shown for a calendar, and for how many a case is searched: one closed day moves all of them alike."""
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_LAST = timedelta(days=750)
_DAYS = 2
_NEAR = (time(10), time(16, 50))


@attrs.frozen(eq=False)
class Calendars:
    """The calendars that both policies have and that were changed, each as it was and as it is."""

    policies: Policies
    changed: Mapping[str, tuple[WorkingCalendar, WorkingCalendar]]

    @classmethod
    def of(cls, policies: Policies) -> Calendars:
        """Those of two policies, with the default one if another one is named."""
        old, new = (model.vocabulary for model in policies.models)
        found = {name: (calendar, new.calendars[name]) for name, calendar in old.calendars.items()
                 if name in new.calendars and new.calendars[name] != calendar}  # fmt: skip
        before, after = (vocabulary.calendars.get(vocabulary.calendar or "") for vocabulary in (old, new))
        if old.calendar != new.calendar and before is not None and after is not None:
            found[DEFAULT] = (before, after)
        return cls(policies, found)

    def steps(self, name: str) -> list[Subject]:
        """The steps with a time that is counted by a calendar, those first that count from something known."""
        found: dict[Subject, bool] = {}
        for whose in (OLD, NEW):
            default = self.policies.models[whose].vocabulary.calendar
            for subject, effects in self.policies.effects[whose].items():
                counted = [
                    effect
                    for _, effect in effects
                    if isinstance(effect, Recommend) and self._counts(effect, name, default)
                ]
                if counted:
                    anchored = any(self._anchored(whose, effect) for effect in counted)
                    found[subject] = found.get(subject, False) or anchored
        return sorted(found, key=lambda subject: (not found[subject], subject))

    @staticmethod
    def _counts(effect: Recommend, name: str, default: str | None) -> bool:
        times = (
            length for length in (effect.within, effect.again, effect.lapses_after) if length is not None
        )
        named = {calendar for one in times for calendar in calendars_of(one)}
        return name in named or (None in named and name in {DEFAULT, default})

    def _anchored(self, whose: int, effect: Recommend) -> bool:
        declared = self.policies.models[whose].vocabulary.actions[effect.action]
        return effect.anchor is not None or declared.anchor is not None

    def moments(self, name: str) -> tuple[datetime, ...]:
        """Instants shortly before and on the first days on which the calendar is open otherwise."""
        zone = self.changed[name][NEW].tzinfo
        days = islice(dict.fromkeys(self._days(name)), _DAYS)
        near = [day - timedelta(days=back) for day in days for back in (1, 0, 3, 2)]
        return tuple(datetime.combine(day, hour, zone) for day in dict.fromkeys(near) for hour in _NEAR)

    def _days(self, name: str) -> Iterator[date]:
        old, new = self.changed[name]
        for part in ("closed", "open"):
            yield from sorted(set(getattr(old, part)) ^ set(getattr(new, part)))
        yield from sorted(day for day, _ in set(old.other_hours) ^ set(new.other_hours))
        sides = [_changes(calendar) for calendar in (old, new)]
        yield from sorted({moment.astimezone(new.tzinfo).date() for moment in sides[OLD] ^ sides[NEW]})


def _changes(calendar: WorkingCalendar) -> set[datetime]:
    """The instants at which a calendar opens or closes."""
    found = set[datetime]()
    change = calendar.next_change(_FIRST)
    while change is not None and change < _FIRST + _LAST:
        found.add(change)
        change = calendar.next_change(change)
    return found
