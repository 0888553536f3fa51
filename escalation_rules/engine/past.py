"""Reconstructs the past of a case, as known at each instant: what blocked a step."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import attrs

from escalation_rules.case import Case
from escalation_rules.case.folding import Fields, Snapshot
from escalation_rules.engine.changes import Change, changes
from escalation_rules.engine.clock_stops import Reasons, Stops, reasons_to_stop
from escalation_rules.engine.evaluate import Outcome, evaluate
from escalation_rules.engine.flips import RuleTimes, pause_flips
from escalation_rules.engine.grounds import Grounds
from escalation_rules.engine.open_steps import CaseSteps, OpenSteps
from escalation_rules.engine.prohibitions import Prohibition, Prohibitions, prohibitions
from escalation_rules.engine.rule_index import RuleIndex
from escalation_rules.engine.situation import SituationBuilder
from escalation_rules.once import once
from escalation_rules.policy.conditions import Condition, Known, Memory, RecordView, Situation, step_record
from escalation_rules.policy.model import Hold, Prohibit, Recommend, Rule
from escalation_rules.values import Party, Value

_END = datetime.max.replace(tzinfo=UTC)

Cause = tuple[str, int, str | None]
"""What stops a clock: a rule, the index of its effect, and its record. For a pause of the action itself, the rule is ""."""


def cause_of(prohibition: Prohibition) -> Cause:
    """A prohibition as a cause."""
    return (
        prohibition.rule.id,
        prohibition.rule.effects.index(prohibition.effect),
        prohibition.instance.record_id,
    )


@attrs.frozen
class Watched:
    """A step that is wanted now: its action, record, doer and parameters (known ones, and `open` names).

    `pause` identifies that of one reason, if any: the rule, the index of its effect, and its record. `effect`
    is this effect.
    """

    action: str
    about: str | None
    doer: Party | None
    params: tuple[tuple[str, Value], ...] = ()
    open: frozenset[str] = frozenset()
    pause: Cause | None = None
    effect: Recommend | None = attrs.field(default=None, eq=False)
    listed: str | None = attrs.field(default=None, eq=False)

    def as_record(self) -> RecordView:
        """The parameters as a record."""
        return step_record(dict(self.params), self.open)


@attrs.frozen(eq=False)
class State:
    """What blocked an action's steps at one instant, and the next instant at which time alone may change it."""

    situation: Situation
    prohibitions: Prohibitions
    later: datetime | None

    @property
    def at(self) -> datetime:
        return self.situation.at

    def lasts(self, moment: datetime) -> bool:
        """Whether time alone does not change it up to a later instant."""
        return self.later is None or moment < self.later


Standing = tuple[datetime, frozenset[Cause]]
"""The causes that stop a clock from an instant on."""


@attrs.define(eq=False)
class _Track:
    """What stopped the clock of a step at each evaluated instant, and the next instant to evaluate (None: none)."""

    moments: list[datetime]
    standing: list[Standing]
    following: datetime | None


class Clocks:
    """Data shared by all clocks of a policy."""

    def __init__(
        self, rule_index: RuleIndex, situation_builder: SituationBuilder, open_steps: OpenSteps
    ) -> None:
        self.rule_index = rule_index
        self.situation_builder = situation_builder
        self.open_steps = open_steps
        self._stops: dict[str, Stops | None] = {}
        self._same: dict[Reasons, Stops] = {}
        self._grounds: dict[str, Grounds] = {}
        self._prohibits = {
            (rule.id, place): effect
            for rule in rule_index.model.rules
            for place, effect in enumerate(rule.effects)
            if isinstance(effect, Prohibit)
        }

    @once
    def times(self) -> RuleTimes:
        """The time-dependent parts of the policy, computed on first use."""
        confirmed = frozenset[str]().union(*self.rule_index.confirmed.values())
        return RuleTimes.of(self.rule_index.model, confirmed)

    def waits_for_us(self, cause: Cause) -> bool:
        """Whether a cause is a hold that waits for us."""
        effect = self._prohibits.get(cause[:2])
        return effect is not None and effect.waits_for_us

    def prohibits(self, cause: Cause) -> bool:
        """Whether a cause is a prohibition or a hold, not a pause."""
        return cause[:2] in self._prohibits

    def holds(self, cause: Cause) -> bool:
        """Whether a cause is a hold."""
        return isinstance(self._prohibits.get(cause[:2]), Hold)

    def grounds(self, rule: Rule) -> Grounds:
        """The grounds of a rule, computed on first use."""
        if rule.id not in self._grounds:
            self._grounds[rule.id] = Grounds.of(rule, self.rule_index)
        return self._grounds[rule.id]

    def stops(self, action: str) -> Stops | None:
        """What can stop the clocks of an action's steps, computed on first use."""
        if action not in self._stops:
            reasons = reasons_to_stop(action, self.rule_index)
            if reasons is not None and reasons not in self._same:
                self._same[reasons] = Stops.of(reasons, self.rule_index.model)
            self._stops[action] = self._same[reasons] if reasons is not None else None
        return self._stops[action]


class Past:
    """The past of one case, with cached results for later decisions.

    Instants after `until`, the last one at which something may have been learned, are evaluated with what was
    known then. `learning` are the instants at which something in a plain case was learned or recorded;
    anything learned after `until` counts as known from the start.
    """

    def __init__(self, clocks: Clocks, case: Case, open_steps: CaseSteps) -> None:
        self.clocks = clocks
        self.case = case
        self.memory = Memory()
        self.open_steps = open_steps
        self._earlier = Memory()
        self._last: tuple[datetime, Situation, Outcome, Prohibitions] | None = None
        self._situations: dict[tuple[datetime, datetime, datetime | None], Situation] = {}
        self._states: dict[tuple[Stops | None, datetime | None, datetime | None], list[State]] = {}
        self._points_of: dict[str, Sequence[datetime]] = {}
        self._tracks: dict[tuple[Watched, datetime, datetime | None], _Track] = {}

    @once
    def learning(self) -> tuple[datetime, ...]:
        """The instants at which something in a plain case was learned or recorded, in order."""
        return () if self.case.is_history else _learning(self.case)

    @once
    def foretells(self) -> bool:
        """Whether an entry of a history contains a record with a `recorded_at` after the entry."""
        said = (
            (row.fields.get("recorded_at"), entry.at)
            for entry in self.case.entries for rows in entry.records.values() for row in rows or ()
        )  # fmt: skip
        return any(isinstance(moment, datetime) and at is not None and moment > at for moment, at in said)

    @once
    def _changes(self) -> tuple[Change, ...]:
        """The instants at which something was learned or done."""
        return changes(self.case, self.learning)

    def _points(self, action: str) -> Sequence[datetime]:
        """The instants of changes that may affect what stops an action's steps."""
        if action not in self._points_of:
            stops = self.clocks.stops(action)
            touching = {change.at for change in self._changes if stops and stops.looks_at_one_of(change)}
            self._points_of[action] = sorted(touching)
        return self._points_of[action]

    def standing(self, what: Watched, start: datetime, at: datetime, until: datetime) -> list[Standing]:
        """What stopped the clock of a step, from `start` to just before `at`: each evaluated instant with its causes."""
        key = what, start, self._horizon(until)
        track = self._tracks.get(key)
        if track is None:
            track = self._tracks[key] = _Track([], [], start)
        place = bisect_left(track.moments, at)
        seen = track.standing[:place]
        if place < len(track.moments):
            return seen
        moment = track.following
        while moment is not None and moment < at:
            following = self._after(what, moment, until)
            seen.append((moment, self.causes(what, self.state(what.action, moment, until))))
            if moment <= until and moment == track.following:
                track.moments.append(moment)
                track.standing.append(seen[-1])
                track.following = following
            moment = following
        return seen

    def causes(self, what: Watched, state: State) -> frozenset[Cause]:
        """The causes that stop the clock of a step in one state."""
        situation = state.situation
        found: set[Cause] = set()
        if what.action in state.prohibitions.by_action:
            covering = state.prohibitions.covering(
                what.action, what.about, what.doer, what.as_record(), situation
            )
            found = {cause_of(prohibition) for prohibition, _ in covering}
        model = self.clocks.rule_index.model
        own = model.pauses.get(what.action)
        if own is not None and _holds(own, model.scope_of(what.action), what.about, situation):
            found.add(("", 0, None))
        stated = what.effect.paused_while if what.effect is not None else None
        if (
            what.pause is not None
            and stated is not None
            and _holds(stated, what.listed, what.pause[2], situation)
        ):
            found.add(what.pause)
        return frozenset(found)

    def see(self, situation: Situation, outcome: Outcome, found: Prohibitions) -> None:
        """Store the results for a history at an instant with all that was known then, for reuse."""
        self._last = situation.at, situation, outcome, found

    def state(self, action: str, at: datetime, until: datetime) -> State:
        """What blocked an action's steps at `at`; the state of an earlier instant is reused if nothing has changed."""
        stops, horizon = self.clocks.stops(action), self._horizon(until)
        states = self._states.setdefault((stops, horizon, None if at <= until else until), [])
        begin = at if stops is None or stops.by_time else self._changed(action, at)

        def found(moment: datetime) -> State:
            index = bisect_right(states, moment, key=lambda earlier: earlier.at)
            last = states[index - 1] if index else None
            if last is None or last.at < begin or not last.lasts(moment):
                last = self._work_out(stops, moment, until, horizon)
                states.insert(index, last)
            return last

        state = found(begin)
        return state if state.lasts(at) else found(at)

    def _changed(self, action: str, at: datetime) -> datetime:
        """The last instant up to `at` at which something changed that may affect the action's clocks; before
        the first change, a common starting point for all steps."""
        points = self._points(action)
        place = bisect_right(points, at)
        return points[place - 1] if place else min(at, self._begun)

    @once
    def _begun(self) -> datetime:
        """The earliest instant in the case."""
        return min((*self.case.begun(), *(entry.at for entry in self.case.entries if entry.at)), default=_END)

    def _horizon(self, until: datetime) -> datetime | None:
        """The last instant up to `until` at which something in a plain case was learned."""
        place = bisect_right(self.learning, until)
        return self.learning[place - 1] if place else None

    def _work_out(
        self, stops: Stops | None, at: datetime, until: datetime, horizon: datetime | None
    ) -> State:
        known = min(at, until)
        if self._last is not None and at == known == self._last[0]:
            _, situation, outcome, found = self._last
        else:
            situation = self._situation(at, known, until, horizon)
            if stops is None:
                return State(situation, Prohibitions({}), None)
            outcome = evaluate(stops.compiled, situation)
            found = prohibitions(outcome, self.clocks.rule_index, situation)
        if stops is None:
            return State(situation, Prohibitions({}), None)
        flips = (*stops.times.flips(outcome, situation), *pause_flips(stops.pauses, situation))
        later = min((flip for flip in flips if flip > at), default=None)
        return State(situation, found, later)

    def _situation(
        self, at: datetime, known: datetime, until: datetime, horizon: datetime | None
    ) -> Situation:
        key = (at, known, horizon)
        if key not in self._situations:
            clocks, snapshot = self.clocks, self._known(known, horizon)
            found = clocks.situation_builder.situation(snapshot, self.case.currency, at, self._earlier)
            self.open_steps.add_to(found, clocks.open_steps.actions, snapshot, until, key)
            self._situations[key] = found
        return self._situations[key]

    def _after(self, what: Watched, moment: datetime, until: datetime) -> datetime | None:
        """The next instant at which something else may stop the clock."""
        state = self.state(what.action, moment, until)
        flips = [*_by_params(what, state), *([state.later] if state.later is not None else [])]
        points = self._points(what.action)
        place = bisect_right(points, moment)
        return min((*flips, *points[place : place + 1]), default=None)

    def _known(self, at: datetime, horizon: datetime | None) -> Snapshot:
        snapshot = self.case.at(at)
        return snapshot if horizon is None or horizon <= at else _learned(snapshot, at, horizon)


def _by_params(what: Watched, state: State) -> Iterator[datetime]:
    """The instants at which prohibitions may start or stop applying to the parameters."""
    for prohibition in state.prohibitions.by_action.get(what.action, ()):
        flips = prohibition.flips_for(what.as_record(), state.situation)
        yield from (flip for flip in flips if flip > state.situation.at)


def _holds(pause: Condition, listed: str | None, about: str | None, situation: Situation) -> bool:
    """Whether a pause is known to hold, for its record if it has one."""
    if listed is None:
        return pause.evaluate(situation, ()) is True
    record = situation.by_id(listed).get(about or "")
    return record is not None and pause.evaluate(situation, (record,)) is True


def _learning(case: Case) -> tuple[datetime, ...]:
    """The instants at which something in a plain case was learned or recorded, in order."""
    whole = case.at(_END)
    rows = [row for listed in whole.records.values() for row in (listed or {}).values()]
    found = {fact.learned for known in (whole.facts, *rows) for fact in known.values() if fact.learned}
    return tuple(sorted(found | {moment for row in rows if (moment := _recorded(row))}))


def _learned(snapshot: Snapshot, at: datetime, horizon: datetime) -> Snapshot:
    """What was known of a plain case at `at`: without what was learned after that, up to the horizon."""

    def later(moment: datetime | None) -> bool:
        return moment is not None and at < moment <= horizon

    facts = _without(snapshot.facts, later)
    records = {
        name: None if rows is None else {key: _without(row, later) for key, row in rows.items()
                                         if not later(_recorded(row))}
        for name, rows in snapshot.records.items()
    }  # fmt: skip
    nobody = _with_role(snapshot.records.get("parties")) - _with_role(records.get("parties"))
    if nobody:
        facts = _without_role(facts, nobody)
        records = {
            name: rows and {key: _without_role(row, nobody) for key, row in rows.items()}
            for name, rows in records.items()
        }
    return Snapshot(facts, records, snapshot.acts)


def _without(known: Fields, later: Callable[[datetime | None], bool]) -> Fields:
    gone = [name for name, fact in known.items() if later(fact.learned)]
    return {name: fact for name, fact in known.items() if name not in gone} if gone else known


def _with_role(parties: Mapping[str, Fields] | None) -> frozenset[str]:
    return frozenset(key for key, row in (parties or {}).items() if "role" in row)


def _without_role(known: Fields, names: frozenset[str]) -> Fields:
    """The fields, with the roles of these parties set to unknown."""
    return {
        key: fact._replace(value=Party(fact.value.name, None))
        if isinstance(fact.value, Party) and fact.value.name in names
        else fact
        for key, fact in known.items()
    }


def _recorded(row: Mapping[str, Known]) -> datetime | None:
    moment = row["recorded_at"].value if "recorded_at" in row else None
    return moment if isinstance(moment, datetime) else None
