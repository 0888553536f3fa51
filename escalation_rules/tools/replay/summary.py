"""Summarises any number of replayed histories.

Memory use depends on the policy, not on the number of cases.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.decision import to_plain
from escalation_rules.frozen import frozen

EXAMPLES = 3
"""The number of example cases named for each difference."""
MOST_PROBLEMS = 1000
"""The maximum number of unreadable histories whose problems are kept; all are counted."""

Counts = tuple[int, ...]
"""A number for each policy, the old one first."""
_Key = tuple[str, str, str, tuple[str, ...]]
"""The kind, name, change and parts of a difference."""


@attrs.frozen
class DifferenceCount:
    """The number of cases with one difference: a kind and a name that were `added`, `removed` or `changed`.

    `parts` are what was changed (the owner, the due time …) or, for a breach, its kind. `values` holds the old and the new
    value of each part that has the same ones in all cases.
    """

    kind: str
    name: str
    change: str
    parts: tuple[str, ...]
    cases: int
    values: Mapping[str, Any] = attrs.field(converter=frozen)


How = Literal["", "together", "each", "any"]


@attrs.frozen
class Cause:
    """The changes of the policy that a difference comes from.

    `how` several of them work: `together`: each is needed; `each`: each alone is enough; `any`: all of them have to be undone.
    `checked`: this is what deciding again without them shows, here or in the first cases of the same kind.
    """

    changes: tuple[str, ...]
    how: How = ""
    checked: bool = False


@attrs.frozen
class ChangeCount:
    """The cases that differ because of the same changes of the policy (`because`, `how`: see `Cause`), and what differs in them.

    In `only` of the cases, nothing else differs. For `checked` of them, the changes were found by deciding again.
    """

    because: tuple[str, ...]
    how: How
    cases: int
    checked: int
    only: int
    examples: tuple[str, ...]
    differences: tuple[DifferenceCount, ...]


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
    """The number of breaches of a kind (or of acts that could not be judged), by action, or by fact for failures."""

    kind: str
    name: str
    breaches: Counts


@attrs.frozen
class Summary:
    """The results of all histories. `policies` are the digests, the old one first. `unread` counts histories
    with `problems`, `unverified` the acts that could not be judged because a fact was not known: they are no breaches."""

    policies: tuple[str, ...]
    cases: int
    unread: int
    different: int
    moments: Counts
    faulty: Counts
    breaches: tuple[BreachCount, ...]
    unverified: tuple[BreachCount, ...]
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
class _Difference:
    cases: int = 0
    values: dict[str, Any] = attrs.Factory(dict)


@attrs.define
class _Change:
    cases: int = 0
    checked: int = 0
    only: int = 0
    examples: list[str] = attrs.Factory(list)
    differences: dict[_Key, _Difference] = attrs.Factory(dict)


Blame = Callable[[Mapping[str, Any], Mapping[str, Any]], Cause]
"""Which changes of the policy a difference or breach of a line comes from."""


def _rules_of(_: Mapping[str, Any], found: Mapping[str, Any]) -> Cause:
    return Cause(tuple(found["because"]))


class Tally:
    """Adds up lines (see `line_of`) in any order. Only the example cases depend on the order: the first ones are named.

    Differences are counted by what `blame` says that they come from; without it, by the rules behind them.
    """

    def __init__(self, policies: tuple[str, ...], blame: Blame | None = None) -> None:
        self._policies = policies
        self._blame = blame or _rules_of
        self._cases = self._unread = self._different = 0
        self._moments: Counter[int] = Counter()
        self._faulty: Counter[int] = Counter()
        self._breaches: Counter[tuple[str, str, int]] = Counter()
        self._unverified: Counter[tuple[str, str, int]] = Counter()
        self._steps: Counter[tuple[str, int]] = Counter()
        self._fired: Counter[tuple[str, int]] = Counter()
        self._overruled: Counter[tuple[str, int]] = Counter()
        self._questions: dict[str, _Question] = {}
        self._changes: dict[Cause, _Change] = {}
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
        for number, replay in enumerate(line["replays"]):
            self._add_replay(number, replay)
        if len(line["replays"]) > 1:
            self._add_differences(line, place)

    def _add_differences(self, line: Mapping[str, Any], place: str | None) -> None:
        found: dict[Cause, dict[_Key, dict[str, Any]]] = {}
        unchecked = set[Cause]()

        def differing(cause: Cause, key: _Key) -> dict[str, Any]:
            same = attrs.evolve(cause, checked=False)
            unchecked.update(() if cause.checked else (same,))
            return found.setdefault(same, {}).setdefault(key, {})

        for difference in line["differences"]:
            for cause, one in _by_cause(difference, lambda part: self._blame(line, part)):
                values = differing(cause, _key(one))
                for part, said in values_told(one).items():
                    values[part] = said if values.get(part, said) == said else None
        for how, breach in breaches_changed(line):
            key = ("breach", breach["action"] or breach["fact"], how, (breach["kind"],))
            differing(self._blame(line, breach), key)
        self._different += bool(found)
        for cause, differences in found.items():
            change = self._changes.setdefault(cause, _Change())
            change.cases += 1
            change.checked += cause not in unchecked
            change.only += len(found) == 1
            if len(change.examples) < EXAMPLES:
                change.examples.append(line["case"] or place or line["digest"])
            for each_key, values in differences.items():
                known = change.differences.setdefault(each_key, _Difference(values=dict(values)))
                known.cases += 1
                known.values = {
                    part: said if values.get(part) == said else None for part, said in known.values.items()
                }

    def _add_replay(self, number: int, told: Mapping[str, Any]) -> None:
        self._moments[number] += told["moments"]
        self._faulty[number] += bool(told["breaches"])
        for counter, key in ((self._breaches, "breaches"), (self._unverified, "unverified")):
            counter.update(
                (entry["kind"], entry["action"] or entry["fact"], number) for entry in told.get(key, ())
            )
        self._fired.update((rule, number) for rule in told["fired"])
        self._overruled.update((rule, number) for rule in told["overruled"])
        self._steps.update(
            (name, number) for name in {entry["name"] for entry in told["said"] if entry["kind"] == "do"}
        )
        end = datetime.fromisoformat(told["until"])
        asked: dict[str, list[Mapping[str, Any]]] = {}
        for entry in told["said"]:
            if entry["kind"] == "find_out":
                asked.setdefault(entry["name"], []).append(entry)
        for fact, spans in asked.items():
            question = self._questions.setdefault(fact, _Question(spans[0]["value"]["ask"]))
            question.cases[number] += 1
            question.seconds[number] += _covered(spans, end)
            question.open[number] += any(span["until"] is None for span in spans)
            question.rules.update(rule for span in spans for rule in span["because"])

    def summary(self) -> Summary:
        """The summary so far, most important entries first."""
        return Summary(
            policies=self._policies,
            cases=self._cases,
            unread=self._unread,
            different=self._different,
            moments=self._of(self._moments),
            faulty=self._of(self._faulty),
            breaches=self._counted(self._breaches),
            unverified=self._counted(self._unverified),
            steps=tuple(sorted(self._planned(), key=lambda step: (-max(step.cases), step.action))),
            changes=tuple(
                sorted((_change_of(cause, change) for cause, change in self._changes.items()), key=_weight)
            ),
            rules=tuple(
                RuleCount(rule, self._at(self._fired, rule), self._at(self._overruled, rule))
                for rule in sorted({rule for rule, _ in (*self._fired, *self._overruled)})
            ),
            questions=tuple(
                sorted(self._asked(), key=lambda question: (-max(question.seconds), question.fact))
            ),
            problems=tuple(self._problems),
        )

    def _asked(self) -> Iterator[QuestionCount]:
        for fact, question in self._questions.items():
            cases, seconds, still = (
                self._of(one) for one in (question.cases, question.seconds, question.open)
            )
            yield QuestionCount(fact, question.ask, cases, seconds, still, tuple(sorted(question.rules)))

    def _planned(self) -> Iterator[StepCount]:
        for name in {name for name, _ in self._steps}:
            yield StepCount(name, self._at(self._steps, name))

    def _counted(self, found: Counter[tuple[str, str, int]]) -> tuple[BreachCount, ...]:
        numbers = range(len(self._policies))
        counts = (
            BreachCount(kind, name, tuple(found[kind, name, number] for number in numbers))
            for kind, name in {(kind, name) for kind, name, _ in found}
        )
        return tuple(sorted(counts, key=lambda breach: (-max(breach.breaches), breach.kind, breach.name)))

    def _at(self, counter: Counter[tuple[str, int]], name: str) -> Counts:
        return tuple(counter[name, number] for number in range(len(self._policies)))

    def _of(self, counter: Counter[int]) -> Counts:
        return tuple(counter[number] for number in range(len(self._policies)))


def _breach(breach: Mapping[str, Any]) -> tuple[Any, ...]:
    return breach["kind"], breach["action"], breach["fact"], breach["about"], breach["at"]


def breaches_changed(line: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The breaches that only one policy finds (`removed`: the old one, `added`), and those that both find at different times
    (`changed`, as the new policy finds them), unless another deadline of the step says that already."""
    sides = [list(line["replays"][number]["breaches"]) for number in (0, -1)]
    alike = {_breach(breach) for breach in sides[0]} & {_breach(breach) for breach in sides[1]}
    old, new = ([breach for breach in side if _breach(breach) not in alike] for side in sides)
    moved = {(difference["name"], difference["about"]) for difference in line["differences"]
             if difference["kind"] == "do" and "due" in parts_changed(difference)}  # fmt: skip
    found = []
    for breach in new:
        earlier = next((one for one in old if _breach(one)[:-1] == _breach(breach)[:-1]), None)
        if earlier is not None:
            old.remove(earlier)
        if earlier is None or (breach["action"], breach["about"]) not in moved:
            found.append(("added" if earlier is None else "changed", breach))
    return [*(("removed", breach) for breach in old), *found]


def _change_of(cause: Cause, found: _Change) -> ChangeCount:
    differences = [
        DifferenceCount(
            *key,
            difference.cases,
            {part: said for part, said in difference.values.items() if said is not None},
        )
        for key, difference in sorted(
            found.differences.items(), key=lambda pair: (_rank(pair[0]), -pair[1].cases, pair[0])
        )
    ]
    return ChangeCount(
        cause.changes,
        cause.how,
        found.cases,
        found.checked,
        found.only,
        tuple(found.examples),
        tuple(differences),
    )


_RANKS: Mapping[str, int] = {"breach": 0, "must_not": 1, "must_wait": 1, "do": 2, "found": 4, "find_out": 5}


def _rank(key: _Key) -> int:
    """How much a difference weighs: breaches first, then prohibitions, steps, and how a step is done."""
    kind, _, change, _ = key
    moved = change == "changed" and kind in {"breach", "do"}
    return 3 if moved else _RANKS[kind]


def _weight(change: ChangeCount) -> tuple[Any, ...]:
    """Sort key: what weighs most first, then what concerns most cases."""
    ranks = [(_rank((one.kind, one.name, one.change, one.parts)), one.cases) for one in change.differences]
    first = min(rank for rank, _ in ranks)
    return (
        first,
        -sum(cases for rank, cases in ranks if rank == first),
        -change.cases,
        change.because,
        change.how,
    )


PART = "part"
"""The key of the one part of what is said that is looked at, if it is not all that differs."""


def _by_cause(
    difference: Mapping[str, Any], blame: Callable[[Mapping[str, Any]], Cause]
) -> Iterator[tuple[Cause, Mapping[str, Any]]]:
    """The difference with its cause, taken apart if its parts (the owner, the due time …) have several."""
    parts = parts_changed(difference)
    if not parts:
        yield blame(difference), difference
    found: dict[Cause, list[str]] = {}
    for part in parts:
        found.setdefault(blame({**difference, PART: part}), []).append(part)
    for cause, some in found.items():
        left_out = {*parts} - {*some}
        sides = {side: {name: said for name, said in difference[side].items() if name not in left_out}
                 for side in ("before", "after")}  # fmt: skip
        yield cause, {**difference, **sides}


def _key(difference: Mapping[str, Any]) -> _Key:
    change = "changed"
    if difference["before"] is None:
        change = "added"
    elif difference["after"] is None:
        change = "removed"
    parts = parts_changed(difference)
    if "within" in parts:  # the due time may have been the same by chance
        parts = tuple(part for part in parts if part != "due")
    return difference["kind"], difference["name"], change, parts


def parts_changed(difference: Mapping[str, Any]) -> tuple[str, ...]:
    """The parts of what is said that differ; none if only one policy says it."""
    before, after = difference["before"], difference["after"]
    if before is None or after is None:
        return ()
    return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))


def values_told(difference: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The old and the new value of each part that differs; of a prohibition of one policy only, the roles that it names."""
    before, after = difference["before"], difference["after"]
    if before is not None and after is not None:
        return {part: [before.get(part), after.get(part)] for part in parts_changed(difference)}
    by = (before or after).get("by") if difference["kind"] in {"must_not", "must_wait"} else None
    return {"by": [by if before is not None else None, by if after is not None else None]} if by else {}


def _covered(spans: list[Mapping[str, Any]], end: datetime) -> int:
    """The number of seconds covered by at least one of the spans."""
    total, reached = 0.0, None
    for span in sorted(spans, key=lambda one: one["since"]):
        since = datetime.fromisoformat(span["since"])
        until = datetime.fromisoformat(span["until"]) if span["until"] is not None else end
        start = since if reached is None else max(since, reached)
        total += max(0.0, (until - start).total_seconds())
        reached = until if reached is None else max(reached, until)
    return int(total)
