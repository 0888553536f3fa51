"""Computes the instants at which tests change by the passing of time alone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime

import attrs

from escalation_rules.engine.evaluate import Outcome
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.signature import next_flip
from escalation_rules.once import once
from escalation_rules.policy.conditions import (
    LIST,
    AllOf,
    AnyOf,
    Condition,
    Names,
    NoneOf,
    Not,
    Reach,
    Records,
    Situation,
    earliest,
    united,
)
from escalation_rules.policy.model import Hold, Pause, PolicyModel, Rule
from escalation_rules.policy.parameter_values import ParameterValue


@attrs.frozen(eq=False, slots=False)
class _Timed:
    """The time-dependent parts of a rule: `tests` and `parts` matter while it is true or undecided; `starts` if time
    alone may make it true.

    `certain`: the rule depends on no presumption to be confirmed. Then only the truth of the tests matters, and since when they
    have it; otherwise also their truth with another value of the presumption.
    """

    rule: Rule
    gate: Condition | None
    tests: tuple[Condition, ...]
    parts: tuple[Condition | ParameterValue, ...]
    starts: bool
    certain: bool
    reach: Reach

    @once
    def read(self) -> Names:
        """What the rule reads, and its list."""
        listed = self.rule.for_each
        return self.reach.read if listed is None else Names((*self.reach.names, LIST + listed))


@attrs.frozen(eq=False, slots=False)
class RuleTimes:
    """The time-dependent parts of a policy: conditions of the case, and rules."""

    of_case: tuple[Condition, ...]
    rules: tuple[_Timed, ...]

    @classmethod
    def of(cls, model: PolicyModel, confirmed: Collection[str] = ()) -> RuleTimes:
        """Collect the parts that time can change. `confirmed` are the rules that depend on a presumption to be confirmed."""
        gates = [
            ruleset.applies_while for ruleset in model.rulesets.values() if ruleset.applies_while is not None
        ]
        of_case = [*gates, *(order.when for order in model.phase_orders)]
        rules = [
            _timed(rule, model.rulesets[rule.ruleset].applies_while, rule.id not in confirmed)
            for rule in model.rules
        ]
        return cls(
            tuple(condition for condition in of_case if condition.timed),
            tuple(
                timed_rule
                for timed_rule in rules
                if timed_rule.tests or timed_rule.parts or timed_rule.starts
            ),
        )

    def flips(self, outcome: Outcome, situation: Situation) -> Iterator[datetime]:
        """All instants at which a test of a rule, or a fact, may change; a superset of the relevant ones.

        For a rule that does not hold, only the first instant at which it may hold matters; unless it
        concludes something, because it may matter since when its conclusion is false.
        """
        yield from situation.presence_flips
        for condition in self.of_case:
            yield from condition.flips(situation, ())
        for timed_rule in self.rules:
            yield from _of_rule(timed_rule, outcome, situation)[0]

    def last(self, rules: Iterable[str], outcome: Outcome, situation: Situation) -> datetime | None:
        """Until when time alone does not change certain rules that hold or conclude something; cached. None: never."""
        found = (_of_rule(self._by_id[rule], outcome, situation)[1] for rule in rules if rule in self._by_id)
        return min((moment for moment in found if moment is not None), default=None)

    @once
    def _by_id(self) -> dict[str, _Timed]:
        return {timed_rule.rule.id: timed_rule for timed_rule in self.rules}


def _of_rule(
    timed: _Timed, outcome: Outcome, situation: Situation
) -> tuple[tuple[datetime, ...], datetime | None]:
    """The future instants at which a rule may change for any record, and the instant until which time alone
    does not affect this list. Within that time, it stays valid as long as the names that the rule reads and
    its list are unchanged."""

    def work() -> tuple[tuple[tuple[datetime, ...], datetime | None], datetime | None]:
        found = tuple(_of_instances(timed, outcome, situation))
        gate = next_flip((timed.gate,), situation, ()) if timed.gate is not None else None
        end = min(found if gate is None else (*found, gate), default=None)
        return (found, end), end

    versions = situation.versions
    if versions is None:
        return work()[0]
    return versions.memory.recall(("flips", timed.rule.id), versions.number(timed.read), situation.at, work)


def _of_instances(timed: _Timed, outcome: Outcome, situation: Situation) -> Iterator[datetime]:
    for instance in outcome.of(timed.rule.id):
        if instance.listed:
            yield from _remembered(timed, instance, situation)


def _remembered(timed: _Timed, instance: Instance, situation: Situation) -> Iterable[datetime]:
    """The future instants at which a rule may change. Valid until the first of them, as long as what the rule
    reads is unchanged."""
    versions = situation.versions
    if versions is None:
        return _flips(timed, instance, situation)

    def work() -> tuple[tuple[datetime, ...], datetime | None]:
        found = tuple(flip for flip in _flips(timed, instance, situation) if flip > situation.at)
        return found, min(found, default=None)

    known = tuple([record.known for record in instance.records])
    stamp = (instance.truth, known, versions.number(timed.reach.read))
    return versions.memory.recall(("flips", timed.rule.id, instance.record_id), stamp, situation.at, work)


def _flips(timed: _Timed, instance: Instance, situation: Situation) -> Iterator[datetime]:
    if instance.truth is False and not timed.rule.concludes:
        if timed.starts:
            yield from _start(timed, instance, situation)
    else:
        for test in timed.tests:
            if not timed.certain or not _is_steady(test, situation, instance.records):
                yield from test.flips(situation, instance.records)
        for part in timed.parts:
            yield from part.flips(situation, instance.records)


def _is_steady(condition: Condition, situation: Situation, records: Records) -> bool:
    """Whether time changes neither the truth of a condition nor since when it has this truth.

    It does not if a part that time does not change decides the condition, and has done so at least as long as the other parts
    that decide it.
    """
    if not condition.timed:
        return True
    if isinstance(condition, Not):
        return _is_steady(condition.conditions[0], situation, records)
    if not isinstance(condition, (AllOf, AnyOf, NoneOf)):
        return False
    settled = [
        test for test in condition.conditions if test.evaluate(situation, records) is condition.settling
    ]
    steady = [test for test in settled if _is_steady(test, situation, records)]
    if len(steady) == len(settled):
        return bool(steady)
    begun = earliest(test.since(situation, records) for test in steady)
    return bool(steady) and begun == earliest(test.since(situation, records) for test in settled)


def _timed(rule: Rule, gate: Condition | None, certain: bool) -> _Timed:
    conditions = [condition for condition in (rule.when, rule.unless) if condition is not None]
    conditions += [condition for conclusion in rule.concludes for _, condition in conclusion.alternatives]
    untils = [
        effect.until for effect in rule.prohibits if isinstance(effect, Hold) and not effect.ends_by_step
    ]
    values = [value for effect in rule.recommends for _, value in effect.params]
    looked_at = [condition.reach for condition in (*conditions, *untils)]
    looked_at += [gate.reach] if gate is not None else []
    looked_at += [value.reach for value in values]
    return _Timed(
        rule,
        gate,
        tuple(condition for condition in conditions if condition.timed),
        (*(until for until in untils if until.timed), *(value for value in values if value.timed)),
        any(condition is not None and condition.timed for condition in (gate, rule.when, rule.unless)),
        certain,
        united(looked_at),
    )


def _start(timed: _Timed, instance: Instance, situation: Situation) -> Iterator[datetime]:
    """The first instant, if any, at which time alone may make a false rule true."""
    rule, records, gate = instance.rule, instance.records, timed.gate
    waits = []
    if gate is not None and gate.evaluate(situation, ()) is False:
        waits.append(_opening(gate, situation, ()))
    if rule.when is not None and rule.when.evaluate(situation, records) is False:
        waits.append(_opening(rule.when, situation, records))
    if rule.unless is not None and rule.unless.evaluate(situation, records):
        waits.append(next_flip((rule.unless,), situation, records))
    start = _last(waits)
    if start is not None:
        yield start


def _opening(condition: Condition, situation: Situation, records: Records) -> datetime | None:
    """The first instant at which time alone may change a false condition; None if there is none."""
    if not condition.timed:
        return None
    if not isinstance(condition, AllOf):
        return next_flip((condition,), situation, records)
    false = [test for test in condition.conditions if test.evaluate(situation, records) is False]
    return _last([_opening(test, situation, records) for test in false])


def _last(waits: Sequence[datetime | None]) -> datetime | None:
    """The latest of the instants; None if one of them is None."""
    known = [wait for wait in waits if wait is not None]
    return max(known) if len(known) == len(waits) else None


def pause_flips(pauses: Iterable[Pause], situation: Situation) -> Iterator[datetime]:
    """All instants at which pauses of an action or a rule may stop or resume a clock."""
    for condition, listed in pauses:
        for records in _scopes(listed, situation):
            yield from condition.flips(situation, records)


def _scopes(for_each: str | None, situation: Situation) -> list[Records]:
    if for_each is None:
        return [()]
    return [(record,) for record in situation.lists.get(for_each) or ()]
