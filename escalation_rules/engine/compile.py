"""Compiles a policy into blocks of conditions, one for each stratum and scope, each with its network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from escalation_rules.engine import network
from escalation_rules.engine.block import Block, Decided, Place
from escalation_rules.engine.caches import keep
from escalation_rules.engine.traced import Covered
from escalation_rules.errors import Diagnostic, PolicyError
from escalation_rules.policy.conditions import Condition, FactTest
from escalation_rules.policy.model import PolicyModel, Rule, Ruleset
from escalation_rules.policy.strata import sort_rules
from escalation_rules.values import Value

if TYPE_CHECKING:
    from escalation_rules.engine.evaluate import Outcome


@attrs.frozen(eq=False)
class Stratum:
    """The blocks that are decided together, the case's first, and what they conclude.

    `of_case` are names of facts; `of_records` pairs a list with full names and fields.
    """

    blocks: tuple[Block, ...]
    of_case: tuple[str, ...]
    of_records: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> Stratum:
        """Create a stratum from its blocks."""
        of_case: dict[str, None] = {}
        of_records: dict[str, dict[tuple[str, str], None]] = {}
        for block in blocks:
            for effect in (effect for place in block.places for effect in place.rule.concludes):
                if not effect.of_record:
                    of_case[effect.name] = None
                elif block.scope is not None:
                    field = effect.name.partition(".")[2]
                    of_records.setdefault(block.scope, {})[effect.name, field] = None
        return cls(
            tuple(blocks), tuple(of_case), tuple((name, tuple(names)) for name, names in of_records.items())
        )


@attrs.frozen(eq=False)
class Compiled:
    """A compiled policy.

    `strata` are in order of evaluation. `never` are the flags of the case that no rule concludes;
    `never_of_records` those of records, each with its list. `places` maps a rule to its block's number and
    its index there. `outcomes` caches the outcomes of cases without records by the results of the blocks;
    when full, it is cleared.
    """

    strata: tuple[Stratum, ...]
    engine: str
    never: Mapping[str, Value]
    never_of_records: tuple[tuple[str, str], ...]
    places: Mapping[str, tuple[Block, int, int]]
    blocks: tuple[Block, ...]
    outcomes: dict[tuple[Decided | None, ...], Outcome] = attrs.Factory(dict)

    def remembered(self, signature: tuple[Decided | None, ...], work: Callable[[], Outcome]) -> Outcome:
        """The cached outcome for a signature, or that of `work`. It needs no lock, since concurrent threads
        compute equal outcomes."""
        found = self.outcomes.get(signature)
        return keep(self.outcomes, signature, work()) if found is None else found

    @property
    def covered(self) -> Covered:
        """What the signature of a case without records covers."""
        atoms = (atom for block in self.blocks if block.scope is None for atom in block.atoms)
        tests = {
            (atom.name.text, atom.operator) for atom in atoms if isinstance(atom, FactTest) and atom.by_value
        }
        concluded = {name for stratum in self.strata for name in stratum.of_case}
        return Covered(frozenset(tests), frozenset(concluded | self.never.keys()))

    @property
    def failures(self) -> int:
        """How often the engine failed."""
        return sum(block.failures for block in self.blocks)

    def close(self) -> None:
        """Free the engine's resources."""
        for stratum in self.strata:
            for block in stratum.blocks:
                block.close()


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


def compile_policy(model: PolicyModel, engine: str, whole: PolicyModel | None = None) -> Compiled:
    """Compile all rules. `engine` is `durable` or `plain`; both give the same results.

    If the model is part of a `whole` policy, the flags that no rule concludes are those of the whole.
    """
    strata = sort_rules(model.rules, model.rulesets)
    drafts: dict[tuple[int, str], _Draft] = {}

    def draft(stratum: int, scope: str | None) -> _Draft:
        return drafts.setdefault((stratum, scope or ""), _Draft())

    ranks = {name: rank for rank, name in enumerate(sorted(rule.id for rule in model.rules))}
    gate_strata: dict[str, int] = {}
    for rule in model.rules:
        number = strata.of_rule[rule.id]
        gate_strata[rule.ruleset] = min(number, gate_strata.get(rule.ruleset, number))
        _place(draft(number, rule.for_each), rule, ranks[rule.id])
    for ruleset, number in gate_strata.items():
        gate = model.rulesets[ruleset].applies_while
        if gate is not None:
            index = draft(number, None).add(gate)
            draft(number, None).gates[ruleset] = index if index is not None else 0
    found: list[Stratum] = []
    for stratum in range(strata.count):
        scopes = sorted(scope for number, scope in drafts if number == stratum)
        found.append(
            Stratum.of([_block(scope, drafts[stratum, scope], model.rulesets, engine) for scope in scopes])
        )
    never = _never_concluded(whole or model)
    lists = model.vocabulary.records
    blocks = tuple(block for stratum in found for block in stratum.blocks)
    return Compiled(
        tuple(found),
        engine,
        {name: False for name in never if name.partition(".")[0] not in lists},
        tuple((head, field) for head, _, field in (name.partition(".") for name in never) if head in lists),
        _places(blocks),
        blocks,
    )


def _places(blocks: Sequence[Block]) -> dict[str, tuple[Block, int, int]]:
    return {
        place.rule.id: (block, number, index)
        for number, block in enumerate(blocks)
        for index, place in enumerate(block.places)
    }


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
    concluded = {conclusion.name for rule in model.rules for conclusion in rule.concludes}
    return tuple(sorted(set(flags) - concluded))


def _place(into: _Draft, rule: Rule, rank: int) -> None:
    alternatives: dict[str, Any] = {
        conclusion.name: tuple(index for _, condition in conclusion.alternatives if (index := into.add(condition)) is not None)
        for conclusion in rule.concludes if conclusion.alternatives
    }  # fmt: skip
    into.places.append(Place(rule, rank, into.add(rule.when), into.add(rule.unless), alternatives))


def _block(scope: str, draft: _Draft, rulesets: Mapping[str, Ruleset], engine: str) -> Block:
    named = {place.rule.ruleset for place in draft.places}
    gated = sorted(
        name for name in named if rulesets[name].applies_while is not None and name not in draft.gates
    )
    try:
        return Block(scope or None, draft.conditions, draft.places, draft.gates, gated, engine)
    except network.NetworkError as error:
        place = draft.places[0].rule.position if draft.places else None
        raise PolicyError([Diagnostic("policy-too-large", str(error), place)]) from None
