"""Summarises any number of replayed histories.

Memory use depends on the policy, not on the number of cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, cast

import attrs

from escalation_rules.decision import to_plain
from escalation_rules.frozen import frozen
from escalation_rules.tools.replay.model import KINDS, Kind

EXAMPLES = 3
"""The number of example cases named for each difference."""
MOST_PROBLEMS = 1000
"""The maximum number of unreadable histories whose problems are kept; all are counted."""

Counts = tuple[int, ...]
"""A number for each policy, the old one first."""


@attrs.frozen
class ChangeCount:
    """The number of cases with one difference: a kind and a name that were `added`, `removed` or `changed`.

    `because` names the rules behind it.
    """

    kind: str
    name: str
    change: str
    cases: int
    examples: tuple[str, ...]
    because: tuple[str, ...]


@attrs.frozen
class RuleCount:
    """The number of cases in which a rule held, and in which it gave way to another."""

    rule: str
    fired: Counts
    overruled: Counts


@attrs.frozen
class QuestionCount:
    """The number of cases in which a fact was asked for, the total time, the number still open at the end,
    and the waiting rules."""

    fact: str
    ask: str
    cases: Counts
    seconds: Counts
    open: Counts
    rules: tuple[str, ...]


@attrs.frozen
class StepCount:
    """The number of cases in which an action was planned."""

    action: str
    cases: Counts


@attrs.frozen
class BreachCount:
    """The number of breaches of a kind, by action, or by fact for failures."""

    kind: str
    name: str
    breaches: Counts


@attrs.frozen
class Summary:
    """The results of all histories. `policies` are the digests, the old one first. `unread` counts histories
    with `problems`."""

    policies: tuple[str, ...]
    cases: int
    unread: int
    different: int
    moments: Counts
    faulty: Counts
    breaches: tuple[BreachCount, ...]
    steps: tuple[StepCount, ...]
    changes: tuple[ChangeCount, ...]
    rules: tuple[RuleCount, ...]
    questions: tuple[QuestionCount, ...]
    problems: tuple[Any, ...] = attrs.field(converter=frozen)

    @property
    def same(self) -> int:
        """The number of cases in which both policies always agree."""
        return self.cases - self.different

    def to_dict(self) -> dict[str, Any]:
        """The summary as plain data for JSON."""
        return to_plain(self, None)


@attrs.define
class _Question:
    ask: str
    cases: Counter[int] = attrs.Factory(Counter)
    seconds: Counter[int] = attrs.Factory(Counter)
    open: Counter[int] = attrs.Factory(Counter)
    rules: set[str] = attrs.Factory(set)


@attrs.define
class _Change:
    cases: int = 0
    examples: list[str] = attrs.Factory(list)
    because: set[str] = attrs.Factory(set)


class Tally:
    """Adds up lines (see `line_of`) in any order. Only the example cases depend on the order: the first ones are named."""

    def __init__(self, policies: tuple[str, ...]) -> None:
        self._policies = policies
        self._cases = self._unread = self._different = 0
        self._moments: Counter[int] = Counter()
        self._faulty: Counter[int] = Counter()
        self._breaches: Counter[tuple[str, str, int]] = Counter()
        self._steps: Counter[tuple[str, int]] = Counter()
        self._fired: Counter[tuple[str, int]] = Counter()
        self._overruled: Counter[tuple[str, int]] = Counter()
        self._questions: dict[str, _Question] = {}
        self._changes: dict[tuple[str, str, str], _Change] = {}
        self._problems: list[Mapping[str, Any]] = []

    def add(self, line: Mapping[str, Any]) -> None:
        """Add the line of one history. It may contain the `place` it was read from."""
        place = line.get("place")
        if "problems" in line:
            self._unread += 1
            if len(self._problems) < MOST_PROBLEMS:
                said = {"case": line["case"], "place": place, "problems": line["problems"]}
                self._problems.append(said)
            return
        self._cases += 1
        for number, each in enumerate(line["replays"]):
            self._add_replay(number, each)
        found = line.get("differences", [])
        self._different += bool(found) or _breaches(line, 0) != _breaches(line, -1)
        for each in found:
            self._changes.setdefault(_change(each), _Change()).because.update(each["because"])
        for key in dict.fromkeys(_change(each) for each in found):
            change = self._changes[key]
            change.cases += 1
            if len(change.examples) < EXAMPLES:
                change.examples.append(line["case"] or place or line["digest"])

    def _add_replay(self, number: int, told: Mapping[str, Any]) -> None:
        self._moments[number] += told["moments"]
        self._faulty[number] += bool(told["breaches"])
        self._breaches.update(
            (each["kind"], each["action"] or each["fact"], number) for each in told["breaches"]
        )
        self._fired.update((rule, number) for rule in told["fired"])
        self._overruled.update((rule, number) for rule in told["overruled"])
        self._steps.update(
            (name, number) for name in {each["name"] for each in told["said"] if each["kind"] == "do"}
        )
        end = datetime.fromisoformat(told["until"])
        asked: dict[str, list[Mapping[str, Any]]] = {}
        for each in told["said"]:
            if each["kind"] == "find_out":
                asked.setdefault(each["name"], []).append(each)
        for fact, spans in asked.items():
            question = self._questions.setdefault(fact, _Question(spans[0]["value"]["ask"]))
            question.cases[number] += 1
            question.seconds[number] += _covered(spans, end)
            question.open[number] += any(each["until"] is None for each in spans)
            question.rules.update(rule for each in spans for rule in each["because"])

    def summary(self) -> Summary:
        """The summary so far, most important entries first."""
        return Summary(
            policies=self._policies,
            cases=self._cases,
            unread=self._unread,
            different=self._different,
            moments=self._of(self._moments),
            faulty=self._of(self._faulty),
            breaches=tuple(
                sorted(self._broken(), key=lambda each: (-max(each.breaches), each.kind, each.name))
            ),
            steps=tuple(sorted(self._planned(), key=lambda each: (-max(each.cases), each.action))),
            changes=tuple(
                ChangeCount(*key, each.cases, tuple(each.examples), tuple(sorted(each.because)))
                for key, each in sorted(self._changes.items(), key=_weight)
            ),
            rules=tuple(
                RuleCount(rule, self._at(self._fired, rule), self._at(self._overruled, rule))
                for rule in sorted({rule for rule, _ in (*self._fired, *self._overruled)})
            ),
            questions=tuple(sorted(self._asked(), key=lambda each: (-max(each.seconds), each.fact))),
            problems=tuple(self._problems),
        )

    def _asked(self) -> Iterator[QuestionCount]:
        for fact, each in self._questions.items():
            cases, seconds, still = (self._of(one) for one in (each.cases, each.seconds, each.open))
            yield QuestionCount(fact, each.ask, cases, seconds, still, tuple(sorted(each.rules)))

    def _planned(self) -> Iterator[StepCount]:
        for name in {name for name, _ in self._steps}:
            yield StepCount(name, self._at(self._steps, name))

    def _broken(self) -> Iterator[BreachCount]:
        numbers = range(len(self._policies))
        for kind, name in {(kind, name) for kind, name, _ in self._breaches}:
            yield BreachCount(kind, name, tuple(self._breaches[kind, name, number] for number in numbers))

    def _at(self, counter: Counter[tuple[str, int]], name: str) -> Counts:
        return tuple(counter[name, number] for number in range(len(self._policies)))

    def _of(self, counter: Counter[int]) -> Counts:
        return tuple(counter[number] for number in range(len(self._policies)))


def _breaches(line: Mapping[str, Any], number: int) -> list[tuple[Any, ...]]:
    told = line["replays"][number]["breaches"]
    return [(each["kind"], each["action"], each["fact"], each["about"], each["at"]) for each in told]


def _weight(item: tuple[tuple[str, str, str], _Change]) -> tuple[Any, ...]:
    """Sort key: most affected cases first; then steps, prohibitions and questions, in this order."""
    (kind, name, change), found = item
    return -found.cases, KINDS.index(cast(Kind, kind)), change, sorted(found.because), name


def _change(difference: Mapping[str, Any]) -> tuple[str, str, str]:
    change = "changed"
    if difference["before"] is None:
        change = "added"
    elif difference["after"] is None:
        change = "removed"
    return difference["kind"], difference["name"], change


def _covered(spans: list[Mapping[str, Any]], end: datetime) -> int:
    """The number of seconds covered by at least one of the spans."""
    total, reached = 0.0, None
    for each in sorted(spans, key=lambda one: one["since"]):
        since = datetime.fromisoformat(each["since"])
        until = datetime.fromisoformat(each["until"]) if each["until"] is not None else end
        start = since if reached is None else max(since, reached)
        total += max(0.0, (until - start).total_seconds())
        reached = until if reached is None else max(reached, until)
    return int(total)
