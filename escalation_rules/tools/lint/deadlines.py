"""Checks deadlines that count from nothing or have already passed, and holds that do not say whom they wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import product
from math import ceil
from typing import cast

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.calendar.lengths import Unit
from escalation_rules.policy.conditions import (
    ActFilter,
    AllOf,
    AnyOf,
    Condition,
    Done,
    FactTest,
    FieldName,
    Name,
    NoneOf,
    Not,
    Some,
    StepTest,
)
from escalation_rules.policy.conditions.names import meaning_of
from escalation_rules.policy.conditions.operands import Literal
from escalation_rules.policy.conditions.operators import Equals
from escalation_rules.policy.conditions.required import required_tests
from escalation_rules.policy.conditions.timing import (
    ComingWithin,
    ElapsedBetween,
    NewerThan,
    OlderThan,
    no_shorter,
)
from escalation_rules.policy.model import ActAnchor, FoundAnchor, Hold, NameAnchor, Recommend, Rule, is_ours
from escalation_rules.policy.reading.rules import finding_tests
from escalation_rules.policy.vocabulary import RecordList, Vocabulary
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import parts_of
from escalation_rules.values import Instant

_WORKDAY, _CLOSED = 8, 9
_DAY = "working_day"
MOST = 4
"""The maximum number of instants suggested as a start of the time."""


def counted_from_nothing(linted: Linted) -> Found:
    """`within` without `of`, for an action without an anchor or whose anchor the rule cannot reach."""
    for rule in linted.model.rules:
        for step in rule.recommends:
            if step.within is None or step.anchor is not None or step.before is not None:
                continue
            near = list(dict.fromkeys(instants_near(linted, rule)))[:MOST]
            named = f"`of` and an instant ({', '.join(near)})" if near else "`of` and an instant"
            yield warning(
                "no-anchor", step.position,
                f"`within: {step.within}` of {step.action} has no start, so no due time is shown",
                f"{named}, or an `anchor:` in the declaration of {step.action}",
                f"{step.within} of {near[0]}" if near else None,
            )  # fmt: skip


def counted_twice(linted: Linted) -> Found:
    """Deadlines that have passed when the step appears: not longer than the time after which the rule holds
    or the step repeats."""
    for rule in linted.model.rules:
        tests = list(required_tests(rule.when)) if rule.when is not None else []
        for step in rule.recommends:
            length = step.within.length if step.within is not None else None
            if length is None:
                continue
            if step.before is not None:
                yield from _begins_too_late(step, length, tests)
                continue
            if step.again is not None and no_shorter(length, step.again):
                yield warning(
                    "counted-twice", step.position,
                    f"{step.action} comes back every {step.again} and is due {length} after that, not {length} after it was done",
                    "a shorter `within:`",
                )  # fmt: skip
            for name, age in _ages(step, tests, linted.vocabulary):
                # Of a step that comes back sooner than that, no other time would do: it counts from when the step appears.
                back = step.again is not None and no_shorter(age, step.again)
                if no_shorter(age, length) and not back:
                    yield warning(
                        "counted-twice", step.position,
                        f"`within: {length} of {name}` can be over when the rule begins to hold (`older_than: {age}`): "
                        f"then {step.action} is due {length} after that",
                        f"a time longer than {age}, if it counts from {name}",
                    )  # fmt: skip


def _ages(
    step: Recommend, tests: Sequence[Condition], vocabulary: Vocabulary
) -> Iterator[tuple[str, Duration]]:
    """The times that have passed since the start of a step's time when its rule holds, each with the name of the start."""
    match step.anchor:
        case NameAnchor(name=start):
            yield from ((start.text, age) for age in _passed(tests, start))
        case FoundAnchor(test=found, field=field):
            listed = vocabulary.records[found.selection.list]
            parts = (found.selection.where, getattr(found, "has", None))
            for condition in (test for part in parts if part is not None for test in required_tests(part)):
                name = condition.name if isinstance(condition, FactTest) else None
                if isinstance(name, FieldName) and (name.list, name.field) == (listed.name, field):
                    yield from ((f"{listed.each}.{field}", age) for age in _passed([condition], name))
        case ActAnchor(action=action, test=Done(acts=ActFilter(older_than=Duration() as length))):
            yield action, length


def _passed(tests: Iterable[Condition], start: Name) -> Iterator[Duration]:
    for test in tests:
        if (
            isinstance(test, FactTest)
            and isinstance(test.operator, OlderThan)
            and isinstance(test.operator.duration, Duration)
            and meaning_of(test.name) == meaning_of(start)
        ):
            yield test.operator.duration


def _begins_too_late(step: Recommend, length: Duration, tests: Sequence[Condition]) -> Found:
    """A time before an instant that is over when the instant comes close enough for the rule to hold."""
    end = step.before.name if isinstance(step.before, NameAnchor) else None
    for test in tests:
        if not isinstance(test, FactTest) or end is None or meaning_of(test.name) != meaning_of(end):
            continue
        ahead = test.operator.ahead if isinstance(test.operator, ComingWithin) else None
        if ahead is not None and length.is_elapsed and length.as_timedelta() >= ahead:
            name, begins = test.name.text, Duration.of(ahead)
            yield warning(
                "counted-twice", step.position,
                f"`within: {length} before {name}` can be over when the rule begins to hold (`coming_within: {begins}`): "
                f"then {step.action} is due at {name} itself",
                f"a time shorter than {begins}",
            )  # fmt: skip


def never_overdue(linted: Linted) -> Found:
    """Tests on open steps of actions that no rule gives a due time."""
    timed = {step.action for rule in linted.model.rules for step in rule.recommends
             if step.within is not None and (step.anchor is not None or step.before is not None)}  # fmt: skip
    timed |= {name for rule in linted.model.rules for effect in rule.prohibits for name in effect.acts_needed}
    for test in _step_tests(linted):
        if timed.isdisjoint(test.acts.actions):
            named = " or ".join(test.acts.named)
            yield warning(
                "never-overdue", test.position,
                f"`{test.head}` never holds: no rule gives {named} a due time",
                f"`within: … of …` where {named} is recommended",
            )  # fmt: skip


def _step_tests(linted: Linted) -> list[StepTest]:
    return [test for rule in linted.model.rules for test in parts_of(rule) if isinstance(test, StepTest)]


def held_while_late(linted: Linted) -> Found:
    """Tests on open steps of actions that wait for an act of ours: meanwhile they are no open steps, however late that is."""
    awaited = _waiting(linted)
    tests = _step_tests(linted)
    tested = {action for test in tests for action in test.acts.actions}
    fixed = {step.action for rule in linted.model.rules for step in rule.recommends if step.fixed}
    for test in tests:
        for action in test.acts.actions:
            needed = sorted(awaited.get(action, set()))
            if needed and action not in fixed and tested.isdisjoint(needed):
                acts = " or ".join(needed)
                yield warning(
                    "held-while-late", test.position,
                    f"`{test.head}` does not hold while {action} has to wait for {acts}, however late that is",
                    f"a test on {acts} as well, which takes over the due time, or `fixed: true` where {action} is recommended",
                )  # fmt: skip


def early_escalations(linted: Linted) -> Found:
    """A rule that takes a step over after as many working days as another one gives for it: that is before the deadline."""
    given = [
        (rule, step)
        for rule in linted.model.rules
        for step in rule.recommends
        if step.within is not None
        and not step.within.before
        and step.within.length is not None
        and step.within.length.unit == _DAY
    ]
    for rule in linted.model.rules:
        actions = {step.action for step in rule.recommends}
        for test in parts_of(rule.when) if actions else ():
            age = (
                test.operator.duration
                if isinstance(test, FactTest) and isinstance(test.operator, OlderThan)
                else None
            )
            for other, step in given if age is not None else ():
                start = step.anchor.name if isinstance(step.anchor, NameAnchor) else None
                if (
                    other is not rule
                    and step.action in actions
                    and start == test.name
                    and step.within is not None
                    and step.within.length == age
                ):
                    yield warning(
                        "early-escalation", test.position,
                        f"`older_than: {age}` begins before `within: {age}` of {other.id} is over, which ends at closing time",
                        "`overdue_after:` with the same time",
                        f"overdue_after: {age}",
                    )  # fmt: skip
                    break


def replaced_deadlines(linted: Linted) -> Found:
    """A time that no longer counts when a shorter one begins to: the shorter one may be over by then, and starts anew."""
    timed = [
        (rule, step, step.within.length)
        for rule in linted.model.rules
        for step in rule.recommends
        if step.within is not None and not step.within.before and step.within.length is not None
    ]
    for (rule, step, longer), (other, its, shorter) in product(timed, timed):
        if (
            (rule.for_each, step.action, step.aim) == (other.for_each, its.action, its.aim)
            and step.anchor == its.anchor
            and step.anchor is not None
            and no_shorter(longer, shorter)
            and not no_shorter(shorter, longer)
            and _gives_way(rule, other)
        ):
            owners = (
                ""
                if step.owner == its.owner
                else f" (and `escalates: {rule.id}` in {other.id}, which has another owner)"
            )
            yield warning(
                "replaced-deadline", step.position,
                f"when {other.id} begins to hold, this time ends, and the shorter one ({shorter}) starts anew if it is over "
                f"by then, so {step.action} can be due later than before",
                f"{rule.id} without this exception{owners}: where both hold, the earlier time counts",
            )  # fmt: skip


def _gives_way(rule: Rule, other: Rule) -> bool:
    """Whether a rule ceases to hold when something is learned that another one requires."""
    needed = set(required_tests(other.when)) if other.when is not None else set()
    excluded = [rule.unless] if rule.unless is not None else []
    for test in required_tests(rule.when) if rule.when is not None else ():
        excluded += test.conditions if isinstance(test, (NoneOf, Not)) else ()
        excluded += (condition for condition in needed if _is_presumed_unlike(test, condition))
    ways = (
        way
        for condition in excluded
        for way in (condition.conditions if isinstance(condition, AnyOf) else (condition,))
    )
    return any(_are_learned(found) and found <= needed for found in ({*required_tests(way)} for way in ways))


def _is_presumed_unlike(test: Condition, other: Condition) -> bool:
    """Whether a test holds by presumption, and another one if the opposite is learned."""
    return (
        isinstance(test, FactTest)
        and isinstance(other, FactTest)
        and test.name == other.name
        and test != other
        and isinstance(test.operator, Equals)
        and isinstance(test.operator.operand, Literal)
        and test.operator.operand.value == test.name.fact.presume
    )


def _are_learned(tests: Iterable[Condition]) -> bool:
    """Whether tests are of facts that are found out, not of times."""
    return all(
        isinstance(test, FactTest) and test.name.fact.type.kind in {"flag", "choice", "level"}
        for test in tests
    )


def empty_windows(linted: Linted) -> Found:
    """Windows between a working and an elapsed duration, of which the second may end before the first."""
    for rule in linted.model.rules:
        for test in parts_of((rule.when, rule.unless, rule.effects)):
            parts = test.conditions if isinstance(test, AllOf) else (test,)
            ages = [part for part in parts if isinstance(part, FactTest)]
            for name, start, end in _windows(ages):
                if not _is_later(end, start):
                    yield warning(
                        "empty-window", next(age.position for age in ages if age.name == name),
                        f"{end} can be over before {start} are: then this is never true",
                        "both in working time, or both not",
                    )  # fmt: skip


def _windows(tests: Sequence[FactTest]) -> Iterator[tuple[Name, Duration, Duration]]:
    """The durations after the same instant between which the tests hold."""
    if len(tests) == 1 and isinstance(tests[0].operator, ElapsedBetween):
        tests = [attrs.evolve(tests[0], operator=part) for part in tests[0].operator.split()]
    for one in tests:
        for other in tests:
            match one.operator, other.operator:
                case OlderThan(Duration() as start), NewerThan(Duration() as end) if one.name == other.name:
                    yield one.name, start, end


def _is_later(end: Duration, start: Duration) -> bool:
    """Whether one duration always ends after another, assuming working days of 8 hours and closures of at
    most nine days."""
    if end.is_working == start.is_working:
        return True  # an impossible window is reported by another check
    if end.is_working:
        return _in_hours(end) >= _in_hours(start)
    days = ceil(start.amount if start.unit == _DAY else _in_hours(start) / _WORKDAY)
    return _in_hours(end) >= (2 * days + _CLOSED) * 24


def _in_hours(length: Duration) -> float:
    """A duration in hours; working time as if it were elapsed time."""
    if length.unit == "month":
        return length.amount * 28 * 24
    unit = cast("Unit", length.unit.removeprefix("working_"))
    return Duration(length.amount, unit).as_timedelta() / timedelta(hours=1)


def instants_near(linted: Linted, rule: Rule) -> Iterator[str]:
    """Suggestions for `of` in the rule, best first: instants of its record, of records it selects, its acts,
    the facts that it tests, and all others."""
    records, facts = linted.vocabulary.records, linted.vocabulary.facts
    tests = list(rule.when.walk()) if rule.when is not None else []
    if rule.for_each is not None:
        yield from _instants(records[rule.for_each])
    found = list(finding_tests(rule.when)) if rule.when is not None else []
    for name in dict.fromkeys(finding.selection.list for finding in found):
        its = [finding for finding in found if finding.selection.list == name]
        if (
            len([finding for finding in its if isinstance(finding, Some)] or its) == 1
            and name != rule.for_each
        ):
            yield from _instants(records[name])
    yield from (test.only_action for test in tests if type(test) is Done and test.only_action is not None)
    known = [name for name, fact in facts.items() if isinstance(fact.type, Instant)]
    yield from (name.full for test in tests for name in test.names() if name.full in known)
    yield from known


def _instants(listed: RecordList) -> Iterator[str]:
    """The instants of a record; `recorded_at` comes last."""
    fields = [name for name, fact in listed.fields.items() if isinstance(fact.type, Instant)]
    yield from (f"{listed.each}.{name}" for name in sorted(fields, key="recorded_at".__eq__))


def unclear_wait(linted: Linted) -> Found:
    """Holds that may end by an act of ours or by a fact, and that do not say whom they wait for."""
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            if not isinstance(hold, Hold) or hold.waits_for is not None:
                continue
            for condition in hold.until.walk():
                ours = [is_ours(part) for part in condition.parts()] if isinstance(condition, AnyOf) else []
                if any(ours) and not all(ours):
                    yield warning(
                        "unclear-wait", hold.position,
                        f"it is not clear whether this hold of {hold.named} waits for us: an act of ours can end it, or "
                        "something else",
                        "`waits_for: us`, or `waits_for: customer`",
                    )  # fmt: skip
                    break


def never_noticed(linted: Linted) -> Found:
    """The last of three steps that wait for each other without any time limit: no audit would notice if it is omitted."""
    before = _waiting(linted)
    for name, awaited in before.items():
        ends = not any(name in others for others in before.values())
        steps = [effect for rule in linted.model.rules for effect in rule.recommends if effect.action == name]
        if (
            ends
            and any(act in before for act in awaited)
            and steps
            and all(step.within is None for step in steps)
        ):
            yield warning("never-noticed", steps[0].position,
                          f"{name} is the last step of a flow and has no `within:`: its omission goes unnoticed",
                          "`within:` with a time")  # fmt: skip


def _waiting(linted: Linted) -> dict[str, set[str]]:
    """Each action that is held until other actions of ours are done, with these actions."""
    found: dict[str, set[str]] = {}
    for rule in linted.model.rules:
        for hold in rule.prohibits:
            for test in hold.awaited:
                if is_ours(test):
                    for action in hold.actions:
                        found.setdefault(action, set()).update(test.acts.actions)
    return found


CHECKS = (
    CheckUp(("replaced-deadline",), "a time replaced by a shorter one", replaced_deadlines),
    CheckUp(("early-escalation",), "a step taken over before it is overdue", early_escalations),
    CheckUp(("empty-window",), "a time between two lengths that may be empty", empty_windows),
    CheckUp(("held-while-late",), "a test on a step that may have to wait for us", held_while_late),
    CheckUp(("never-overdue",), "a test on the due time of a step that never has one", never_overdue),
    CheckUp(("never-noticed",), "a last step without a due time", never_noticed),
    CheckUp(("counted-twice",), "a time that has passed when the step appears", counted_twice),
    CheckUp(("no-anchor",), "a time limit without a start", counted_from_nothing),
    CheckUp(("unclear-wait",), "a hold for which it is not clear whom it waits for", unclear_wait),
)
