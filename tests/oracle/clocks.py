"""Until when steps are due: the whole past is gone through again, instant by instant, to see where the clock stood still."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from escalation_rules.calendar import Duration
from tests.oracle import open_steps
from tests.oracle.effects import (
    Prohibition,
    Time,
    Want,
    affects,
    beyond,
    in_every_scope,
    prohibited_actions,
    prohibitions,
)
from tests.oracle.since import last, of_rule, of_value
from tests.oracle.times import DAY, END_OF_DAY, MOVED, due_by, is_ahead, turns
from tests.oracle.truth import Rule, holds, instants_in, spot
from tests.oracle.worlds import (
    Plain,
    World,
    calendar_for,
    durations_in,
    earlier,
    later,
    length,
    passed,
    periods_in,
    place,
    records,
    world_of,
)

Cause = tuple[str, ...]
Standing = list[tuple[datetime, frozenset[Cause]]]
Spans = list[tuple[datetime, datetime | None]]


@dataclass(frozen=True)
class Step:
    """What a clock belongs to: the step as it is wanted now."""

    action: str
    about: str | None
    owner: str | None
    params: Mapping[str, Plain]


def due_of(world: World, step: Step, want: Want, time: Time) -> tuple[datetime | None, bool]:
    """When one reason is due, and whether its clock stands still."""
    if is_ahead(time.within):
        return due_ahead(world, want, time), False
    spans = united([*time.stopped, *spans_of(counted(time, standing(world, step, want, time)))])
    closed = [(start, end) for start, end in spans if end is not None]
    still = next((start for start, end in spans if end is None), None)
    due = run(world, time.start, time.within, closed)
    for known in sorted(each for each in (*time.known, known_at(world, want)) if each is not None):
        if due <= known <= world.at:
            due = run(world, known, time.within, closed)
    return (None, True) if still is not None and due >= still else (due, False)


def due_ahead(world: World, want: Want, time: Time) -> datetime | None:
    """When one reason is due that is due before an instant: at the instant itself, if it came too late for that, and
    never if it came after the instant."""
    came = [each for each in (*time.known, known_at(world, want)) if each is not None and each <= world.at]
    in_time = [
        each
        for each in (due_by(world, time.start, time.within), time.start)
        if all(known < each for known in came)
    ]
    if not came:
        return due_by(world, time.start, time.within)
    return in_time[0] if in_time else None


def known_at(world: World, want: Want) -> datetime | None:
    """Since when people could know of a reason."""
    if want.effect == "hold":
        return None  # it is in the time that the act took over
    rule, ruleset = next(pair for pair in world.rules if pair[0]["id"] == want.rule)
    via = want.stated.get("about", "case")
    reference = of_value(world, spot(world, want.scope, via)) if via != "case" else None
    return last([reference, of_rule(world, rule, ruleset, want.scope)])


def inherited(
    world: World,
    step: Step,
    want: Want,
    time: Time,
    hold: Prohibition,
    alike: list[Prohibition],
    ours: Sequence[Cause],
) -> Time:
    """The time of a held step as it was before the hold, for the act that releases it and all that are `alike`.

    `ours` are the rules and words of holds that wait for us: none of them stops what we owe.
    """
    if is_ahead(time.within):
        return Time(time.start, time.within, (*time.known, known_at(world, want)))
    found = standing(world, step, want, time)
    cause, mine = cause_of(hold), {cause_of(each) for each in alike}
    began = world.at
    for at, causes in reversed(found):
        if cause not in causes:
            break
        began = at
    others = [
        (at, frozenset(each for each in causes - mine if each[:2] not in ours) if at >= began else causes)
        for at, causes in counted(time, found)
    ]
    known = (*time.known, known_at(world, want), *(() if time.fixed else (began,)))
    return Time(time.start, time.within, known, (*time.stopped, *spans_of(others)), began, time.fixed)


def counted(time: Time, found: Standing) -> Standing:
    """What stops a time: no prohibition, where it is fixed."""
    pauses = frozenset({("the action",), ("the rule",)})
    return [(at, causes & pauses if time.fixed else causes) for at, causes in found]


def cause_of(each: Prohibition) -> Cause:
    """A prohibition by its rule, its words and its record."""
    return each.rule, repr(each.stated), each.scope[-1].record["id"] if each.scope else ""


# --- what stood in the way --------------------------------------------------------------------------------------------


def standing(world: World, step: Step, want: Want, time: Time) -> Standing:
    """What stopped the clock, at every instant since the start at which that may have changed."""
    if not can_stop(world, step.action):
        return []
    begin = time.since or time.start
    marks = {each for each in past_marks(world) if begin < each < world.at}
    found = [(at, stopping(then(world, at), step, want)) for at in sorted({begin, *marks}) if at < world.at]
    return [*found, (world.at, stopping(world, step, want))]


def can_stop(world: World, action: str) -> bool:
    """Whether anything in the policy could."""
    effects = [each for rule, _ in world.rules for each in rule["then"]]
    if "paused_while" in world.declared("actions")[action]:
        return True
    if any(each.get("recommend") == action and "paused_while" in each for each in effects):
        return True
    return any(names_as_prohibited(world, rule, action) for rule, _ in world.rules)


def stopping(world: World, step: Step, want: Want) -> frozenset[Cause]:
    """What stops the clock of the step in a world."""
    found: set[Cause] = set()
    for each in in_force(world, step.action):
        truth = affects(world, each, step.action, step.about, step.owner, step.params)
        unknown = truth is None and each.stated.get("when_unknown") == "allow"
        if truth is not False and not (unknown and not beyond(world, each, step.action, step.params)):
            found.add(cause_of(each))
    declared = world.declared("actions")[step.action]
    listed = declared.get("about") if declared.get("about") in world.declared("records") else None
    if "paused_while" in declared and paused(world, declared["paused_while"], listed, step.about):
        found.add(("the action",))
    if "paused_while" in want.stated:
        inside = want.scope[-1] if want.scope else None
        key = inside.record["id"] if inside else None
        if paused(world, want.stated["paused_while"], inside.list if inside else None, key):
            found.add(("the rule",))
    return frozenset(found)


def paused(world: World, condition: Plain, listed: str | None, about: str | None) -> bool:
    """Whether a pause is known to hold, for its record if it is about one."""
    if listed is None:
        return holds(world, (), condition) is True
    found = [place(world, listed, each) for each in records(world, listed) or [] if each["id"] == about]
    return any(holds(world, (each,), condition) is True for each in found)


_KEPT: dict[Any, Any] = {}  # of the last question: worlds, and what was in force in them


def _kept(world: World) -> dict[Any, Any]:
    question = (id(world.policy), id(world.told))
    if _KEPT.get("question") != question:
        _KEPT.clear()
        _KEPT["question"] = question
        _KEPT["alive"] = (world.policy, world.told)
    return _KEPT


def in_force(world: World, action: str) -> list[Prohibition]:
    """All prohibitions of a world by the rules that name an action."""
    kept, found = _kept(world), []
    naming = ("naming", action)
    if naming not in kept:
        kept[naming] = [each for each in world.rules if names_as_prohibited(world, each[0], action)]
    for rule, ruleset in kept[naming]:
        key = ("in force", world.at, world.seen, world.dated_by, rule["id"], repr(world.steps_due))
        if key not in kept:
            kept[key] = prohibitions(world, list(in_every_scope(world, rule, ruleset)))
        found += kept[key]
    return found


def names_as_prohibited(world: World, rule: Rule, action: str) -> bool:
    """Whether a rule forbids or holds an action, somewhere and somehow."""
    return any(head in each and action in prohibited_actions(world, each, head)
               for each in rule["then"] for head in ("forbid", "hold"))  # fmt: skip


def then(world: World, at: datetime) -> World:
    """The world as it stood at an earlier instant."""
    seen = min(at, world.seen or at)
    kept, key = _kept(world), ("world", at, seen, world.at)
    if key not in kept:
        kept[key] = world_of(world.policy, world.told, at, seen, dated_by=world.at)
    found: World = kept[key]
    return found


def past_marks(world: World) -> set[datetime]:
    """Every instant at which something was learned, done, or turned by time alone."""
    kept, key = _kept(world), ("marks",)
    if key not in kept:
        marks = {*instants_in(world.told), *instants_in(world.policy)}
        lengths = durations_in(world.policy)
        found = {*marks, *(passed(world, mark, each) for mark in marks for each in lengths)}
        found |= {later(world, mark, each) for mark in marks for each in lengths}
        found |= {passed(world, mark, each) for mark in marks for each in periods_in(world.policy)}
        ahead = open_steps.lengths_in(world.policy)
        if ahead is not None:  # a step returns, is due a while later, and overdue for a while
            end = max(marks) + timedelta(days=1)
            for _ in range(2):
                found |= {passed(world, mark, each) for mark in found if mark < end for each in lengths}
            found |= {earlier(world, mark, each) for mark in found if mark < end for each in ahead}
        found |= {
            mark - length(each) for mark in marks for each in lengths if Duration.parse(each).is_elapsed
        }
        first = min(found, default=world.at).date()
        kept[key] = found | {
            *turns(world, world.policy, max(first, world.at.date() - YEARS), world.at.date())
        }
    made: set[datetime] = kept[key]
    return made


def spans_of(found: Standing) -> Spans:
    """From when until when something stood in the way; None: it still does."""
    spans: Spans = []
    begin = None
    for at, causes in found:
        if causes and begin is None:
            begin = at
        elif begin is not None and not causes:
            spans.append((begin, at))
            begin = None
    return spans if begin is None else [*spans, (begin, None)]


def united(spans: Sequence[tuple[datetime, datetime | None]]) -> Spans:
    """Spans that touch become one."""
    found: Spans = []
    for start, end in sorted(spans, key=lambda each: each[0]):
        if found and (found[-1][1] is None or start <= found[-1][1]):
            before = found.pop()
            ends = (before[1], end)
            found.append((before[0], None if None in ends else max(each for each in ends if each)))
        else:
            found.append((start, end))
    return found


# --- arithmetic -------------------------------------------------------------------------------------------------------


def run(world: World, start: datetime, spoken: str, stopped: Sequence[tuple[datetime, datetime]]) -> datetime:
    """When a clock that stood still meanwhile has run down."""
    plain, moved, _ = spoken.partition(MOVED)
    if spoken.startswith(END_OF_DAY):
        return due_by(world, start, spoken, stopped)
    if moved:
        end = run(world, start, plain, stopped)
        return due_by(world, end - LITTLE, LITTLE_TIME + spoken[len(plain) :], stopped)
    stated = Duration.parse(spoken)
    if stated.unit == "calendar_month":
        end = run(world, start, spoken.replace("calendar month", "month"), stopped)
        midnights = (
            later(world, end - number * DAY, "1 calendar day") for number in range(1, -YEARS.days, -1)
        )
        return next(each for each in midnights if not any(begin <= each < until for begin, until in stopped))
    if stated.unit in ("working_day", "calendar_day"):
        return closing(world, start, stated, stopped)
    unit = stated.unit.removeprefix("working_")
    left = later(world, start, spoken) - start if unit == "month" else stated.amount * _UNITS[unit]
    for begin, end in stopped:
        if end <= start:
            continue
        runs = elapsed(world, stated, start, max(begin, start))
        if left < runs or (left == runs and advanced(world, stated, start, left) < begin):
            return advanced(world, stated, start, left)
        left, start = left - runs, end
    return advanced(world, stated, start, left)


LITTLE, LITTLE_TIME = timedelta(seconds=1), "1 second"
YEARS = timedelta(days=800)
_UNITS = {"second": timedelta(seconds=1), "minute": timedelta(minutes=1), "hour": timedelta(hours=1),
          "day": timedelta(days=1), "week": timedelta(weeks=1)}  # fmt: skip


def elapsed(world: World, stated: Duration, start: datetime, end: datetime) -> timedelta:
    """The elapsed, or worked, time between two instants."""
    return calendar_for(world, stated).working_time_between(start, end) if stated.is_working else end - start


def advanced(world: World, stated: Duration, start: datetime, left: timedelta) -> datetime:
    """The instant at which so much more has elapsed or been worked."""
    if not stated.is_working or not left:
        return start + left
    return calendar_for(world, stated).add_working_time(start, left)


def closing(
    world: World, start: datetime, stated: Duration, stopped: Sequence[tuple[datetime, datetime]]
) -> datetime:
    """The end of the last of so many working or calendar days of which the end lies in no pause."""
    unit = stated.unit.replace("_", " ") + "s"
    suffix = f" in {stated.calendar}" if stated.calendar else ""
    found: list[datetime] = []
    number = 0
    while len(found) < stated.amount:
        number += 1
        end = later(world, start, f"{number} {unit}{suffix}")
        found += [end] if not any(begin <= end < resumed for begin, resumed in stopped) else []
    return found[-1]
