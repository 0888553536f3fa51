"""Evaluates rules stratum by stratum: which hold, for which records, and what they conclude."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from escalation_rules.engine.block import Block, Concluded, Decided, Entry, united
from escalation_rules.engine.compile import Compiled, Stratum
from escalation_rules.engine.instances import Instance
from escalation_rules.policy.conditions import Records, Situation, Truth, Versions, both, opposite
from escalation_rules.values import Value

_NOBODY: tuple[Records, None] = ((), None)
_NO_RECORDS: Mapping[str | None, tuple[Records, Decided]] = {}


@attrs.frozen(eq=False)
class Outcome:
    """The truths of all rules; `gates` are those of rulesets.

    `live` are the rules that are true or undecided, by rule id and record id. `found` contains for each block
    the results for the case (None) or for each record by id. If `by_signature`, the object contains nothing
    specific to a case, and is shared by all cases without records that have the same signature.
    """

    gates: Mapping[str, Truth]
    live: tuple[Instance, ...]
    places: Mapping[str, tuple[Block, int, int]]
    found: Sequence[Mapping[str | None, tuple[Records, Decided]]]
    by_signature: bool = False

    def of(self, rule_id: str) -> tuple[Instance, ...]:
        """The instances of a rule for the case, or for each record of its list."""
        if rule_id not in self.places:
            return ()
        block, number, index = self.places[rule_id]
        return tuple(
            block.instance(index, records, decided) for records, decided in self.found[number].values()
        )

    def about(self, rule_id: str, record: str | None) -> Iterator[Instance]:
        """The instances of a rule for one record (None: for the case), or for its unknown list."""
        if rule_id in self.places:
            block, number, index = self.places[rule_id]
            for key in (None, record) if record is not None else (None,):
                if key in self.found[number]:
                    yield block.instance(index, *self.found[number][key])

    def truth(self, rule_id: str, records: Records) -> Truth:
        """The truth of a rule for the record in scope, or for the case."""
        if rule_id not in self.places:
            return False
        _, number, index = self.places[rule_id]
        _, decided = self.found[number].get(records[0].id if records else None, _NOBODY)
        return False if decided is None else decided.truth(index)


def evaluate(compiled: Compiled, situation: Situation) -> Outcome:
    """Evaluate every rule, and add the conclusions to the situation."""
    gates: dict[str, Truth] = {}
    found: list[Mapping[str | None, tuple[Records, Decided]]] = []
    signature: list[Decided | None] = []
    of_records = False
    conclusions = _Conclusions(situation)
    conclusions.never(compiled)
    for stratum in compiled.strata:
        for block in stratum.blocks:
            if block.scope is None:
                decided = block.of_case(situation, gates)
                if decided.gates:
                    gates |= decided.gates
                if decided.of_case:
                    conclusions.add(decided, None)
                signature.append(decided)
                found.append(decided.alone)
                continue
            if situation.lists.get(block.scope) == ():
                signature.append(None)
                found.append(_NO_RECORDS)
                continue
            results: dict[str | None, tuple[Records, Decided]] = {}
            for key, records, decided in block.of_records(situation, gates):
                conclusions.add(decided, key)
                results[key] = records, decided
            of_records = of_records or (None not in results and bool(results))
            signature.append(results[None][1] if None in results else None)
            found.append(results)
        conclusions.write(stratum)
    if of_records:
        return _outcome(compiled, gates, found)
    return compiled.remembered(tuple(signature), lambda: _outcome(compiled, gates, found, by_signature=True))


def _outcome(
    compiled: Compiled,
    gates: Mapping[str, Truth],
    found: Sequence[Mapping[str | None, tuple[Records, Decided]]],
    *,
    by_signature: bool = False,
) -> Outcome:
    entries: list[Entry] = []
    for block, results in zip(compiled.blocks, found, strict=True):
        for key, (records, decided) in results.items():
            entries += decided.entries if key is None else (
                (block.places[index].rank, key, block.instance(index, records, decided))
                for index in decided.live
            )  # fmt: skip
    entries.sort()
    live = tuple([instance for _, _, instance in entries])
    return Outcome(gates, live, compiled.places, found, by_signature)


class _Conclusions:
    """Collects conclusions. A flag may be concluded in several strata."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.of_case: dict[str, Concluded] = {}
        self.of_records: dict[tuple[str, str], Concluded] = {}

    def add(self, decided: Decided, record_id: str | None) -> None:
        """Add the conclusions about the case and about a record."""
        for name, value in decided.of_case:
            self.of_case[name] = united(self.of_case[name], value) if name in self.of_case else value
        if record_id is not None:
            for name, value in decided.of_record:
                key = (name, record_id)
                self.of_records[key] = (
                    united(self.of_records[key], value) if key in self.of_records else value
                )

    def never(self, compiled: Compiled) -> None:
        """Set flags that no rule concludes to false."""
        self.situation.facts.update(compiled.never)
        for listed, field in compiled.never_of_records:
            for record in self.situation.lists.get(listed) or ():
                record.values[field] = False

    def write(self, stratum: Stratum) -> None:
        """Write the conclusions of a stratum to the situation, except unknown ones."""
        versions = self.situation.versions
        for name in stratum.of_case:
            said = self.of_case.get(name, False)
            _set(self.situation.facts, name, said)
            if versions is not None:
                versions.tell(name, said)
        for listed, names in stratum.of_records:
            for record in self.situation.lists.get(listed) or ():
                for name, field in names:
                    _set(record.values, field, self.of_records.get((name, record.id), False))
            if versions is not None:
                self._tell_apart(listed, names, versions)

    def _tell_apart(self, listed: str, names: Iterable[tuple[str, str]], versions: Versions) -> None:
        """Tell the conclusions about a list's records."""
        records = self.situation.lists.get(listed) or ()
        for name, field in names:
            versions.tell(name, [record.values.get(field) for record in records])


def _set(values: dict[str, Value], name: str, said: Concluded) -> None:
    if said is None:
        values.pop(name, None)
    else:
        values[name] = said


def override(truth: Truth, overriding: Truth) -> Truth:
    """The truth of a prohibition that another rule overrides: this one and not the other."""
    return both((truth, opposite(overriding)))
