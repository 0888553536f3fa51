"""A block of conditions: matches a signature in the network and determines the truths of its rules. Cached by signature."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

import attrs

from escalation_rules.engine import network
from escalation_rules.engine.caches import keep
from escalation_rules.engine.instances import Instance
from escalation_rules.engine.paths import Atoms
from escalation_rules.engine.signature import Signature, Signatures
from escalation_rules.once import once
from escalation_rules.policy.conditions import Condition, Records, Situation, Truth, both, either
from escalation_rules.policy.model import Conclude, Rule

Concluded = bool | str | None
"""A conclusion: the truth of a flag, or a choice; None if undecided."""


@attrs.frozen
class Place:
    """Where a rule's truth comes from: the indices of its conditions in the block. `rank` is its position by rule id."""

    rule: Rule
    rank: int
    when: int | None
    unless: int | None
    alternatives: Mapping[str, tuple[int, ...]]


Entry = tuple[int, str, Instance]
"""A rule that is true or undecided, with its sort key: its rank and the id of the record ("": none)."""


@attrs.frozen(eq=False, slots=False)
class Decided:
    """The result for one signature: the truth of each rule that is not false, by its place. `live` are these places in order.

    `of_case` and `of_record` are the conclusions, without flags that are false; `gates` the truths of rulesets
    decided here. `entries` are those of rules without a record. Contains nothing specific to a case.
    """

    truths: Mapping[int, Truth]
    live: tuple[int, ...]
    entries: tuple[Entry, ...]
    of_case: tuple[tuple[str, Concluded], ...]
    of_record: tuple[tuple[str, Concluded], ...]
    gates: Mapping[str, Truth]
    listed: bool

    def truth(self, index: int) -> Truth:
        """The truth of the rule at a place."""
        return self.truths.get(index, False)

    @once
    def alone(self) -> Mapping[str | None, tuple[Records, Decided]]:
        """The result as a mapping, where there is no record in scope."""
        return {None: ((), self)}


class Block:
    """The conditions of one stratum and scope, with the rules that they decide. `scope` is a list, or None
    for the case.

    `gates` are the indices of rulesets' conditions that are decided here; `gated` are the rulesets decided
    before, on which rules of this block depend.
    """

    def __init__(
        self,
        scope: str | None,
        conditions: Sequence[Condition],
        places: Sequence[Place],
        gates: Mapping[str, int],
        gated: Sequence[str],
        engine: str,
    ) -> None:
        atoms = Atoms()
        units = [atoms.paths(condition) for condition in conditions]
        self.scope = scope
        self.places = tuple(places)
        self.gated = tuple(gated)
        self._gates = dict(gates)
        self.atoms = atoms.conditions
        self._network = network.build(units, engine)
        self._signatures = Signatures(self.atoms, scope, self._network.says)
        self._known: dict[Hashable, Decided] = {}
        self._unconditional = tuple(pair for pair in enumerate(places) if pair[1].when is None)
        # By condition: the rules that are true whenever it is, and those with an `unless` or a condition of their ruleset.
        self._plainly: dict[int, tuple[int, ...]] = {}
        self._by_condition: dict[int, tuple[tuple[int, Place], ...]] = {}
        for index, place in enumerate(places):
            when = place.when
            if when is not None and place.unless is None and place.rule.ruleset not in {*gates, *gated}:
                self._plainly[when] = (*self._plainly.get(when, ()), index)
            elif when is not None:
                self._by_condition[when] = (*self._by_condition.get(when, ()), (index, place))
        # Flags that rules conclude while they are true or undecided, and choices, which are always concluded.
        effects = [
            (index, place, conclusion)
            for index, place in enumerate(places)
            for conclusion in place.rule.concludes
        ]
        self._choices = tuple(
            (place, conclusion) for _, place, conclusion in effects if conclusion.alternatives
        )
        self._flags: dict[int, tuple[Conclude, ...]] = {}
        for index, _, conclusion in effects:
            if not conclusion.alternatives:
                self._flags[index] = (*self._flags.get(index, ()), conclusion)
        # Entries of rules without a record are the same in every case.
        self._instances: tuple[Mapping[Truth, Instance], ...] = tuple(
            {truth: Instance(place.rule, (), truth, scope is None) for truth in (True, False, None)}
            for place in self.places
        )

    def of_case(self, situation: Situation, gates: Mapping[str, Truth]) -> Decided:
        """The result for the case."""
        return self._decided(self._before(gates), self._signatures.of_case(situation))

    def of_records(
        self, situation: Situation, gates: Mapping[str, Truth]
    ) -> list[tuple[str | None, Records, Decided]]:
        """The result for each record of the list, with its id and the record; for an unknown list, one result
        without a record."""
        before, listed = self._before(gates), situation.lists.get(self.scope or "")
        if listed is None:
            return [(None, (), self._unlisted(before))]
        if not listed:
            return []
        decided = self._of_each(
            before,
            self._signatures.of_case(situation),
            self._signatures.of_records(situation, listed),
            situation,
        )
        return [(record.id, (record,), result) for record, result in zip(listed, decided, strict=True)]

    def _of_each(
        self,
        before: tuple[Truth, ...],
        half: Signature,
        of_records: Sequence[Signature],
        situation: Situation,
    ) -> Sequence[Decided]:
        """The result for each record by its signature; cached, since usually no record has changed."""

        def work() -> tuple[list[Decided], None]:
            return [self._decided(before, half + numbers) for numbers in of_records], None

        memory = situation.memory
        if memory is None:
            return work()[0]
        return memory.recall(("decided", id(self)), (before, half, of_records), situation.at, work)

    def instance(self, index: int, records: Records, decided: Decided) -> Instance:
        """The instance of the rule at a place."""
        truth = decided.truth(index)
        return Instance(self.places[index].rule, records, truth) if records else self._instances[index][truth]

    @property
    def failures(self) -> int:
        """How often the engine of its network failed."""
        return self._network.failures

    def close(self) -> None:
        """Free the engine's resources."""
        self._network.close()

    def _before(self, gates: Mapping[str, Truth]) -> tuple[Truth, ...]:
        return tuple([gates[name] for name in self.gated]) if self.gated else ()

    def _decided(self, before: tuple[Truth, ...], signature: Signature) -> Decided:
        key = before + signature
        found = self._known.get(key)
        if found is None:
            return keep(self._known, key, self._decide(before, signature))
        return found

    def _unlisted(self, before: tuple[Truth, ...]) -> Decided:
        key = (before,)  # nested, to differ from all signatures
        found = self._known.get(key)
        return keep(self._known, key, self._pending(before)) if found is None else found

    def _decide(self, before: tuple[Truth, ...], signature: Signature) -> Decided:
        conditions = self._network.truths(self._signatures.said(signature))
        here = {name: conditions.get(index, False) for name, index in self._gates.items()}
        gates = {**dict(zip(self.gated, before, strict=True)), **here}
        truths: dict[int, Truth] = {}
        plainly = self._plainly
        for unit, truth in conditions.items():
            for index in plainly.get(unit, ()):
                truths[index] = truth
        for index, place in self._concerned(conditions):
            truth = _truth(place, conditions, gates.get(place.rule.ruleset, True))
            if truth is not False:
                truths[index] = truth
        said: list[tuple[Conclude, Concluded]] = [
            (effect, truth) for index, truth in truths.items() for effect in self._flags.get(index, ())
        ]
        for place, effect in self._choices:
            applying = [conditions.get(index, False) for index in place.alternatives[effect.name]]
            said.append((effect, _first(applying, effect)))
        return self._made(truths, said, here, listed=True)

    def _concerned(self, conditions: Mapping[int, Truth]) -> Iterator[tuple[int, Place]]:
        """The other places whose rules may hold: their condition does, or they have none."""
        yield from self._unconditional
        if self._by_condition:
            for unit in conditions:
                yield from self._by_condition.get(unit, ())

    def _pending(self, before: tuple[Truth, ...]) -> Decided:
        """The result while the list is unknown."""
        gates = dict(zip(self.gated, before, strict=True))
        truths: dict[int, Truth] = {}
        said: list[tuple[Conclude, Concluded]] = []
        for index, place in enumerate(self.places):
            truth = both((gates.get(place.rule.ruleset, True), None))
            if truth is not False:
                truths[index] = truth
                said += [(effect, truth) for effect in self._flags.get(index, ())]
        return self._made(truths, said, {}, listed=False)

    def _made(
        self,
        truths: Mapping[int, Truth],
        said: Sequence[tuple[Conclude, Concluded]],
        gates: Mapping[str, Truth],
        *,
        listed: bool,
    ) -> Decided:
        live = tuple(sorted(truths))
        entries: list[Entry] = []
        if self.scope is None or not listed:
            places, instances = self.places, self._instances
            entries = [(places[index].rank, "", instances[index][truths[index]]) for index in live]
        of_case = [(effect.name, value) for effect, value in said if not effect.of_record]
        of_record = [(effect.name, value) for effect, value in said if effect.of_record]
        return Decided(truths, live, tuple(entries), _united(of_case), _united(of_record), gates, listed)


def united(one: Concluded, other: Concluded) -> Concluded:
    """The combination of two rules' conclusions: the first choice, or the disjunction of flags."""
    if isinstance(one, str):
        return one
    return other if isinstance(other, str) else either((one, other))


def _united(said: Sequence[tuple[str, Concluded]]) -> tuple[tuple[str, Concluded], ...]:
    found: dict[str, Concluded] = {}
    for name, value in said:
        found[name] = united(found.get(name, False), value)
    return tuple(found.items())


def _truth(place: Place, conditions: Mapping[int, Truth], gate: Truth) -> Truth:
    if place.unless is not None and conditions.get(place.unless, False):
        return False
    when: Truth = True if place.when is None else conditions.get(place.when, False)
    return when if gate is True else both((gate, when))


def _first(truths: Sequence[Truth], effect: Conclude) -> str | None:
    """The first alternative that applies; None if an earlier, different one is undecided."""
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
