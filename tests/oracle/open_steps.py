"""Which steps are open, and until when: the whole policy is decided again and again, first as if no step were late, until
the times no longer change (SEMANTICS 96)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from tests.oracle.worlds import Act, Plain, Scope, Truth, World, earlier, passed, several

HEADS = ("step_overdue", "step_due")
Open = tuple[datetime, datetime | None]
"""The due time of an open step, and since when it has been open."""
Dues = Mapping[str, Mapping[str | None, Open]]
_KEPT: dict[Plain, Plain] = {}


def is_late(world: World, scope: Scope, head: str, inner: Plain) -> Truth:
    """Whether such a step is open, and the instant that the test names has come."""
    if refers(inner) and referred(world, scope, inner) is None:
        return None
    return any(each <= world.at for each, _ in instants(world, scope, head, inner))


def late_since(world: World, scope: Scope, head: str, inner: Plain, acts: list[Act]) -> datetime | None:
    """Since when it has been so, and the step open; not, since the last of the acts that do the step."""
    from tests.oracle import since, truth

    learned = since.of_value(world, truth.spot(world, scope, inner["about"])) if refers(inner) else None
    come = [(at, begun) for at, begun in instants(world, scope, head, inner) if at <= world.at]
    if come:
        return since.last([learned, min(max(at, begun or at) for at, begun in come)])
    return since.last([learned, *(act.at for act in acts)])


def lengths_in(policy: Plain) -> set[str] | None:
    """The lengths of time that may be left, in the tests of a policy on open steps; None if it has no such test."""
    tests = list(tests_in(policy))
    return (
        {spec["within"] for spec in tests if isinstance(spec, Mapping) and "within" in spec}
        if tests
        else None
    )


def tests_in(data: Plain) -> Iterator[Plain]:
    """The tests on open steps in plain data."""
    if isinstance(data, Mapping):
        yield from (data[head] for head in HEADS if head in data)
        for each in data.values():
            yield from tests_in(each)
    elif isinstance(data, list):
        for each in data:
            yield from tests_in(each)


def required(condition: Plain, head: str) -> Iterator[Plain]:
    """The tests with this keyword that must hold for a condition to hold."""
    for key, inner in condition.items():
        if key == head:
            yield inner
        for each in inner if key == "all" else ():
            yield from required(each, head)


def refers(inner: Plain) -> bool:
    """Whether the test names a field that refers to the record of the step."""
    return isinstance(inner, Mapping) and inner.get("about", "any") not in ("this", "any", "case")


def referred(world: World, scope: Scope, inner: Plain) -> Plain:
    """The record that it refers to, if known."""
    from tests.oracle import truth

    return truth.named(world, scope, inner["about"])


def instants(
    world: World, scope: Scope, head: str, inner: Plain
) -> Iterator[tuple[datetime, datetime | None]]:
    """From when the test holds, for each open step that it means, and since when that has been open."""
    spec = inner if isinstance(inner, Mapping) else {"action": inner}
    named = [
        action
        for name in several(spec["action"])
        for action in (world.declared("groups").get(name) or {}).get("actions", [name])
    ]
    for action in named:
        about = world.declared("actions")[action].get("about")
        inside = next((place for place in reversed(scope) if place.list == about), None)
        for record, (due, begun) in open_steps(world).get(action, {}).items():
            if refers(spec):
                if record != referred(world, scope, spec):
                    continue
            elif spec.get("about") == "case":
                if record is not None:
                    continue
            elif spec.get("about") != "any" and inside is not None and record != inside.record["id"]:
                continue
            if head == "step_due":
                yield earlier(world, due, spec["within"]), begun
            else:
                yield (passed(world, due, spec["for"]) if "for" in spec else due), begun


def open_steps(world: World) -> Dues:
    """The first due time of the open steps of each action, by record."""
    if world.steps_due is not None:
        return world.steps_due
    question = (id(world.policy), id(world.told))
    if _KEPT.get("question") != question:
        _KEPT.clear()
        _KEPT["question"] = question
        _KEPT["alive"] = (world.policy, world.told)
    key = (world.at, world.seen, world.dated_by, repr(world.case))
    if key not in _KEPT:
        found: Dues = {}
        for _ in range(len(world.declared("actions")) + 2):
            before, found = found, measured(replace(world, steps_due=found))
            if found == before:
                break
        else:
            raise AssertionError("a step depends on a test of its own due time")
        _KEPT[key] = found
    known: Dues = _KEPT[key]
    return known


def measured(world: World) -> Dues:
    """The steps of the plan, and held ones with a fixed time, that are due first, as if those of `world` were right."""
    from tests.oracle import effects, naive  # they ask back, one instant at a time

    rules = list(effects.everywhere(world))
    steps, verdict = naive.settled(world, effects.wants(world, rules), effects.prohibitions(world, rules))
    found: dict[str, dict[str | None, list[Open]]] = {}
    for step in steps:
        state = verdict.blocked.get(step.key)
        for due, begun in [] if state == "forbidden" else times_of(world, step, state == "held"):
            found.setdefault(step.action, {}).setdefault(step.about, []).append((due, begun))
    return {
        action: {about: min(each, key=in_order) for about, each in mine.items()}
        for action, mine in found.items()
    }


def in_order(each: Open) -> tuple[datetime, bool, datetime]:
    """What is due first, and of that what has been open longest."""
    due, begun = each
    return due, begun is not None, begun or due


def times_of(world: World, step: Plain, only_fixed: bool) -> Iterator[Open]:
    """The due times of a step, and since when it has been open for each: begun, known, and stopped by nothing."""
    from tests.oracle import clocks, naive, times

    clock = naive.clock_of(step)
    for want in naive.in_time(world, step):
        for time in want.times:
            if only_fixed and not time.fixed:
                continue
            due, _ = clocks.due_of(world, clock, want, time)
            if due is None:
                continue
            came = [each for each in (*time.known, clocks.known_at(world, want)) if each and each <= world.at]
            if not times.is_ahead(time.within):
                stood = clocks.standing(world, clock, want, time)
                found = [
                    (at, frozenset(c for c in causes if not (time.fixed and is_hold(c))))
                    for at, causes in stood
                ]
                spans = [*time.stopped, *clocks.spans_of(found)]
                came += [time.start, *(end for _, end in spans if end is not None and end <= world.at)]
            yield due, max(came, default=None)


def is_hold(cause: tuple[str, ...]) -> bool:
    """Whether what stands in the way is a hold: a step with a fixed time is open nevertheless."""
    return len(cause) > 1 and "'hold':" in cause[1]
