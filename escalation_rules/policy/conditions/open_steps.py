"""Tests on open steps: `step_overdue` and `step_due` (SEMANTICS 96).

Their due times come from the rules that decide about the step, which must not depend on the test. So they are
known: a step is open if a decision by these rules shows it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from escalation_rules.calendar import Deadline, Duration
from escalation_rules.policy.conditions.act_filter import ActFilter
from escalation_rules.policy.conditions.condition import (
    Condition,
    DueStep,
    Need,
    Records,
    Situation,
    Truth,
    latest,
)
from escalation_rules.policy.conditions.memory import DUES, Reach, united
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.remembered import Remembered


@attrs.frozen
class StepTest(Remembered):
    """A step of one of the actions is open, and an instant that depends on its due time has come.

    `acts` names the actions and the record, and which acts do the step.
    """

    head: ClassVar[str]
    length_key: ClassVar[str]
    acts: ActFilter
    length: Duration | None = None

    @abstractmethod
    def moment(self, due: datetime, situation: Situation) -> datetime | None:
        """The instant from which the test holds for a step with this due time; None: never."""

    def test(self, situation: Situation, records: Records) -> Truth:
        if self._is_referring_nowhere(situation, records):
            return None
        return any(moment <= situation.at for moment, _ in self._moments(situation, records))

    def test_since(self, situation: Situation, records: Records) -> datetime | None:
        """Since the first of these instants, but not before the step was open; if it does not hold, since the last act, which
        may have done the step."""
        learned = latest(name.since(situation, records) for name in self.names())
        come = [
            (moment, since) for moment, since in self._moments(situation, records) if moment <= situation.at
        ]
        if come:
            return latest((min(max(moment, since or moment) for moment, since in come), learned))
        acts = self.acts.candidates(situation, records)
        done = latest(act.at for act in acts if self.acts.matches(act, situation, records))
        return latest((done, learned))

    def test_flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        yield from (moment for moment, _ in self._moments(situation, records))
        if situation.due_times is not None:
            for action in self.acts.actions:
                yield from situation.due_times.flips(action)

    def meant(
        self, situation: Situation, records: Records
    ) -> Iterator[tuple[str, str | None, DueStep, datetime | None]]:
        """Each open step that is meant: its action, its record, its due time, and the instant from which the test holds for
        it (None: never)."""
        if situation.due_times is None:
            return
        for action in self.acts.actions:
            wanted = self.acts.record_of(action, situation, records)
            for about, step in situation.due_times.of(action).items():
                if (wanted is None and self.acts.about != "case") or wanted == about:
                    yield action, about, step, self.moment(step.due, situation)

    def _moments(self, situation: Situation, records: Records) -> Iterator[tuple[datetime, datetime | None]]:
        """The instant from which the test holds for each open step that is meant, and since when that has been open."""
        for _, _, step, moment in self.meant(situation, records):
            if moment is not None:
                yield moment, step.since

    def _is_referring_nowhere(self, situation: Situation, records: Records) -> bool:
        """Whether the field that refers to the record of the step is unknown."""
        reference = self.acts.reference
        return reference is not None and reference.get(situation, records) is None

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if not self._is_referring_nowhere(situation, records):
            return ()
        return tuple(name.need(situation, records) for name in self.names())

    def names(self) -> Iterator[Name]:
        yield from self.acts.names()

    def parts(self) -> Sequence[Condition]:
        return ()

    def own_reach(self) -> Reach:
        return united((self.acts.reach(), Reach(tuple(f"{DUES}{name}" for name in self.acts.actions))))

    def to_data(self) -> dict[str, object]:
        data = self.acts.to_data()
        data |= {self.length_key: str(self.length)} if self.length is not None else {}
        return {self.head: data["action"] if len(data) == 1 else data}


@attrs.frozen
class StepOverdue(StepTest):
    """A step is open, and its due time has passed, or `length` has passed since."""

    head: ClassVar[str] = "step_overdue"
    length_key: ClassVar[str] = "for"
    doc: ClassVar[str] = "this step is open and overdue (`for:` at least so long)"
    example: ClassVar[str] = "{step_overdue: {action: call_back, for: 2 hours}}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "overdue", "is_overdue", "late", "is_late", "past_due", "missed", "deadline_missed", "breached", "sla_breached"
    )  # fmt: skip

    def moment(self, due: datetime, situation: Situation) -> datetime | None:
        return due if self.length is None else situation.interval_after(due, self.length)


@attrs.frozen
class StepDue(StepTest):
    """A step is open, and not more than `length` is left until its due time."""

    head: ClassVar[str] = "step_due"
    length_key: ClassVar[str] = "within"
    doc: ClassVar[str] = "this step is open, and due `within` this time or overdue"
    example: ClassVar[str] = "{step_due: {action: call_back, within: 1 hour}}"
    meant_by: ClassVar[tuple[str, ...]] = (
        "due",
        "due_soon",
        "due_in",
        "due_within",
        "almost_due",
        "deadline_near",
    )

    def moment(self, due: datetime, situation: Situation) -> datetime | None:
        return situation.deadline_after(due, Deadline(self.length, before=True))


STEP_CONDITIONS: tuple[type[StepOverdue] | type[StepDue], ...] = (StepOverdue, StepDue)
STEP_HEADS = {condition.head: condition for condition in STEP_CONDITIONS}
"""The tests on open steps by their keyword."""
