"""Which steps are open, and until when: the whole policy is decided again and again, first as if no step were late, until
the times no longer change (SEMANTICS 96)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from tests.oracle.worlds import Act, Plain, Scope, Truth, World, earlier, passed, several

HEADS = ("step_overdue", "step_due")
Dues = Mapping[str, Mapping[str | None, datetime]]
_KEPT: dict[Plain, Plain] = {}


def is_late(world: World, scope: Scope, head: str, inner: Plain) -> Truth:
    """Whether such a step is open, and the instant that the test names has come."""
    return any(each <= world.at for each in instants(world, scope, head, inner))


def late_since(world: World, scope: Scope, head: str, inner: Plain, acts: list[Act]) -> datetime | None:
    """Since when it has been so; not, since the last of the acts that do the step."""
    come = [each for each in instants(world, scope, head, inner) if each <= world.at]
    return min(come) if come else max((act.at for act in acts), default=None)


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


def instants(world: World, scope: Scope, head: str, inner: Plain) -> Iterator[datetime]:
    """From when the test holds, for each open step that it means."""
    spec = inner if isinstance(inner, Mapping) else {"action": inner}
    named = [
        action
        for name in several(spec["action"])
        for action in (world.declared("groups").get(name) or {}).get("actions", [name])
    ]
    for action in named:
        about = world.declared("actions")[action].get("about")
        inside = next((place for place in reversed(scope) if place.list == about), None)
        for record, due in open_steps(world).get(action, {}).items():
            if inside is None or record == inside.record["id"]:
                if head == "step_due":
                    yield earlier(world, due, spec["within"])
                else:
                    yield passed(world, due, spec["for"]) if "for" in spec else due


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
    """The due times of the steps of the plan, and of held ones with a fixed time, as if those of `world` were right."""
    from tests.oracle import effects, naive  # they ask back, one instant at a time

    rules = list(effects.everywhere(world))
    steps, verdict = naive.settled(world, effects.wants(world, rules), effects.prohibitions(world, rules))
    found: dict[str, dict[str | None, datetime]] = {}
    for step in steps:
        state = verdict.blocked.get(step.key)
        due = None if state == "forbidden" else naive.due_time(world, step, only_fixed=state == "held")
        if due is not None:
            mine = found.setdefault(step.action, {})
            mine[step.about] = min(due, mine.get(step.about, due))
    return found
