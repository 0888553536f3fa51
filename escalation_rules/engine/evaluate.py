"""Stratum by stratum: which rules hold, for which records, and what they conclude."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from escalation_rules.engine.compile import BlockPlan, Compiled, Place
from escalation_rules.policy.conditions import Records, Situation, Truth, both, either, opposite
from escalation_rules.policy.model import Conclude, Rule
from escalation_rules.values import Value


@attrs.frozen(eq=False)
class Instance:
    """One rule for the case, or for one record: its truth, and the record in scope.

    `listed` is False where the rule's list is unknown: the rule is then pending once, and has no record.
    """

    rule: Rule
    records: Records
    truth: Truth
    listed: bool = True

    @property
    def record_id(self) -> str | None:
        """The id of the record in scope, if there is one."""
        return self.records[0].id if self.records else None


@attrs.frozen(eq=False)
class Outcome:
    """What was decided of every rule; `instances` by rule id, `gates` by ruleset.

    `live` are those that hold or are undecided, by rule id and record id.
    """

    instances: Mapping[str, tuple[Instance, ...]]
    gates: Mapping[str, Truth]
    live: tuple[Instance, ...]

    @classmethod
    def of(cls, instances: Mapping[str, tuple[Instance, ...]], gates: Mapping[str, Truth]) -> Outcome:
        """The outcome of the instances decided."""
        live = [each for listed in instances.values() for each in listed if each.truth is not False]
        return cls(
            instances, gates, tuple(sorted(live, key=lambda each: (each.rule.id, each.record_id or "")))
        )

    def truth(self, rule_id: str, records: Records) -> Truth:
        """The truth of a rule for the record in scope (or the case)."""
        key = records[0].id if records else None
        return next((each.truth for each in self.instances.get(rule_id, ()) if each.record_id == key), False)


def evaluate(compiled: Compiled, situation: Situation) -> Outcome:
    """Decide every rule, and add the conclusions to the situation."""
    instances: dict[str, tuple[Instance, ...]] = {}
    gates: dict[str, Truth] = {}
    conclusions = _Conclusions(situation)
    for name in compiled.never_concluded:
        conclusions.never(name)
    for stratum in compiled.strata:
        for plan in stratum:
            decided: dict[str, list[Instance]] = {place.rule.id: [] for place in plan.places}
            for records, truths in _scopes(plan, situation):
                if plan.scope is None and truths is not None:
                    gates |= {name: truths[index] for name, index in plan.gates.items()}
                for place in plan.places:
                    instance = _instance(place, records, truths, gates.get(place.rule.ruleset, True))
                    decided[place.rule.id].append(instance)
                    if place.rule.concludes:
                        for effect, value in _concluded(place, instance, truths):
                            conclusions.add(effect, instance, value)
            instances |= {rule_id: tuple(found) for rule_id, found in decided.items()}
        conclusions.write(stratum)
    return Outcome.of(instances, gates)


def _scopes(plan: BlockPlan, situation: Situation) -> Iterator[tuple[Records, tuple[Truth, ...] | None]]:
    """The records in scope with the truths of the block's conditions; None for a list that is unknown."""
    if plan.scope is None:
        yield (), plan.block.evaluate(situation, ())
        return
    listed = situation.lists.get(plan.scope)
    if listed is None:
        yield (), None
    for record in listed or ():
        yield (record,), plan.block.evaluate(situation, (record,))


def _instance(place: Place, records: Records, truths: tuple[Truth, ...] | None, gate: Truth) -> Instance:
    if truths is None:
        return Instance(place.rule, (), both((gate, None)), listed=False)
    when: Truth = True if place.when is None else truths[place.when]
    truth = when if gate is True else both((gate, when))
    if place.unless is not None and truths[place.unless]:
        truth = False
    return Instance(place.rule, records, truth)


def _concluded(
    place: Place, instance: Instance, truths: tuple[Truth, ...] | None
) -> Iterator[tuple[Conclude, Truth | str]]:
    for effect in place.rule.concludes:
        if not effect.alternatives:
            yield effect, instance.truth
        elif truths is not None:
            yield effect, _first([truths[index] for index in place.alternatives[effect.name]], effect)


def _first(truths: list[Truth], effect: Conclude) -> str | None:
    """The first alternative that applies; None while an earlier one is undecided and would say something else."""
    values = [value for value, _ in effect.alternatives]
    possible: list[str] = []
    for value, truth in zip(values, truths, strict=True):
        if truth is not False:
            possible.append(value)
        if truth:
            break
    else:
        possible.append(effect.otherwise or "")
    return possible[0] if len(set(possible)) == 1 else None


class _Conclusions:
    """Collects what rules conclude; a flag may be concluded in several strata."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.found: dict[tuple[str, str | None], list[Truth | str]] = {}

    def add(self, effect: Conclude, instance: Instance, value: Truth | str) -> None:
        """One rule's word on a conclusion of the case or of its record."""
        if not effect.of_record:
            self.found.setdefault((effect.name, None), []).append(value)
        elif instance.records:
            self.found.setdefault((effect.name, instance.record_id), []).append(value)

    def never(self, name: str) -> None:
        """A flag that no rule concludes is false, as all its rules are."""
        head, _, field = name.partition(".")
        if head in self.situation.by_id:
            for record in self.situation.lists.get(head) or ():
                record.values[field] = False
        else:
            self.situation.facts[name] = False

    def write(self, stratum: Sequence[BlockPlan]) -> None:
        """Put the conclusions of a stratum into the situation; what stays unknown is left out."""
        for plan in stratum:
            for place in plan.places:
                for effect in place.rule.concludes:
                    if not effect.of_record:
                        self._set(self.situation.facts, effect.name, self.found.get((effect.name, None), []))
                    elif plan.scope is not None:
                        field = effect.name.partition(".")[2]
                        for record in self.situation.lists.get(plan.scope) or ():
                            self._set(record.values, field, self.found.get((effect.name, record.id), []))

    def _set(self, values: dict[str, Value], name: str, said: Sequence[Truth | str]) -> None:
        chosen = [each for each in said if isinstance(each, str)]
        united: Truth | str = (
            chosen[0] if chosen else either(each for each in said if not isinstance(each, str))
        )
        if united is None:
            values.pop(name, None)
        else:
            values[name] = united


def override(truth: Truth, overriding: Truth) -> Truth:
    """What is left of a prohibition where another rule overrides it: this one and not the other."""
    return both((truth, opposite(overriding)))
