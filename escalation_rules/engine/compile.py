"""The policy model → blocks of compiled conditions, one for each stratum and scope, each with its network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

from escalation_rules.engine import network
from escalation_rules.engine.paths import Atoms
from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.conditions import Condition, Records, Situation, Truth
from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.policy.strata import sort_rules

MAX_SIGNATURES = 4096
"""Signatures that a block remembers; when full it forgets them all."""


class Block:
    """Conditions of one stratum and scope, evaluated together: atoms → signature → network → one truth for each."""

    def __init__(self, conditions: Sequence[Condition], engine: str) -> None:
        atoms = Atoms()
        units = [atoms.paths(each) for each in conditions]
        self._atoms: tuple[Callable[[Situation, Records], Truth], ...] = tuple(
            each.evaluate for each in atoms.conditions
        )
        self._count = len(units)
        self._network = network.build(units, engine)
        self._known: dict[tuple[Truth, ...], tuple[Truth, ...]] = {}

    def evaluate(self, situation: Situation, records: Records) -> tuple[Truth, ...]:
        """The truth of each condition, in order."""
        signature = tuple([test(situation, records) for test in self._atoms])
        truths = self._known.get(signature)
        if truths is None:
            truths = self._match(signature)
            if len(self._known) >= MAX_SIGNATURES:
                self._known.clear()
            self._known[signature] = truths
        return truths

    def _match(self, signature: tuple[Truth, ...]) -> tuple[Truth, ...]:
        holding = open_ones = 0
        for number, truth in enumerate(signature):
            if truth is None:
                open_ones |= 3 << (2 * number)
            else:
                holding |= 1 << (2 * number + (0 if truth else 1))
        truths: list[Truth] = [False] * self._count
        if open_ones:
            for unit in self._network.fired(holding | open_ones):
                truths[unit] = None
        for unit in self._network.fired(holding):
            truths[unit] = True
        return tuple(truths)

    def close(self) -> None:
        """Free what the engine holds."""
        self._network.close()


@attrs.frozen
class Place:
    """Where a rule's truth comes from: the indices of its conditions in the block of its stratum and scope."""

    rule: Rule
    when: int | None
    unless: int | None
    alternatives: Mapping[str, tuple[int, ...]]


@attrs.frozen(eq=False)
class BlockPlan:
    """One block with the rules that it decides; `scope` is the list of `for_each`, or None for the case."""

    scope: str | None
    block: Block
    places: tuple[Place, ...]
    gates: Mapping[str, int]


@attrs.frozen(eq=False)
class Compiled:
    """The strata, first to last; in each the block of the case comes first."""

    strata: tuple[tuple[BlockPlan, ...], ...]
    engine: str
    never_concluded: tuple[str, ...]

    def close(self) -> None:
        """Free what the engine holds."""
        for stratum in self.strata:
            for plan in stratum:
                plan.block.close()


@attrs.define
class _Draft:
    conditions: list[Condition] = attrs.Factory(list)
    places: list[Place] = attrs.Factory(list)
    gates: dict[str, int] = attrs.Factory(dict)

    def add(self, condition: Condition | None) -> int | None:
        if condition is None:
            return None
        self.conditions.append(condition)
        return len(self.conditions) - 1


def compile_policy(model: PolicyModel, engine: str) -> Compiled:
    """Compile all rules. `engine` is `durable` or `plain`; both answer alike."""
    strata = sort_rules(model.rules, model.rulesets)
    drafts: dict[tuple[int, str], _Draft] = {}

    def draft(stratum: int, scope: str | None) -> _Draft:
        return drafts.setdefault((stratum, scope or ""), _Draft())

    gate_strata: dict[str, int] = {}
    for rule in model.rules:
        number = strata.of_rule[rule.id]
        gate_strata[rule.ruleset] = min(number, gate_strata.get(rule.ruleset, number))
        _place(draft(number, rule.for_each), rule)
    for ruleset, number in gate_strata.items():
        gate = model.rulesets[ruleset].applies_while
        if gate is not None:
            index = draft(number, None).add(gate)
            draft(number, None).gates[ruleset] = index if index is not None else 0
    plans: list[tuple[BlockPlan, ...]] = []
    for stratum in range(strata.count):
        scopes = sorted(scope for number, scope in drafts if number == stratum)
        plans.append(tuple(_plan(scope, drafts[stratum, scope], engine) for scope in scopes))
    return Compiled(tuple(plans), engine, _never_concluded(model))


def _never_concluded(model: PolicyModel) -> tuple[str, ...]:
    """The concluded flags that no rule concludes (any more)."""
    vocabulary = model.vocabulary
    flags = [name for name, fact in vocabulary.facts.items() if fact.concluded and fact.type.kind == "flag"]
    flags += [
        f"{listed.name}.{fact.name}"
        for listed in vocabulary.records.values()
        for fact in listed.fields.values()
        if fact.concluded and fact.type.kind == "flag"
    ]
    concluded = {each.name for rule in model.rules for each in rule.concludes}
    return tuple(sorted(set(flags) - concluded))


def _place(into: _Draft, rule: Rule) -> None:
    alternatives: dict[str, Any] = {
        each.name: tuple(index for _, condition in each.alternatives if (index := into.add(condition)) is not None)
        for each in rule.concludes if each.alternatives
    }  # fmt: skip
    into.places.append(Place(rule, into.add(rule.when), into.add(rule.unless), alternatives))


def _plan(scope: str, draft: _Draft, engine: str) -> BlockPlan:
    try:
        block = Block(draft.conditions, engine)
    except network.NetworkError as error:
        place = draft.places[0].rule.position if draft.places else None
        raise PolicyError([Diagnostic("policy-too-large", str(error), place)]) from None
    return BlockPlan(scope or None, block, tuple(draft.places), draft.gates)
