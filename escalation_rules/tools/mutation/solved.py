"""The solver, asked for a case in which a changed rule comes out otherwise, or with other effects holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from escalation_rules.policy.model import PolicyModel, Rule
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene import conditions_of, differ, holding
from escalation_rules.solving.kleene_terms import YES, Term, Truths, conj, negated, of_formula
from escalation_rules.solving.search import Frame, Search
from escalation_rules.solving.symbols import Bounds, Slot
from escalation_rules.tools.mutation.mutants import Mutant


class Differing:
    """Asks the solver about the mutants of a policy."""

    def __init__(self, model: PolicyModel, bounds: Bounds | None = None) -> None:
        self._model = model
        self._search = Search([model], bounds or Bounds())

    def find(
        self, rule: Rule, mutant: Mutant, keeps: Callable[[dict[str, Any], datetime], bool]
    ) -> tuple[str, dict[str, Any] | None, datetime | None]:
        """What came of the search (`none`: it is proven that there is no such case), and a case that `keeps` confirms."""

        def query(frame: Frame) -> tuple[Term, ...]:
            encoder = frame.encoders[0]
            slot = None if rule.for_each is None else frame.symbols.records(rule.for_each)[0]
            there = YES if slot is None else slot.present
            if not mutant.in_condition:
                chooses = any(each.alternatives for each in rule.concludes)
                truth = encoder.rule(rule, slot)
                if mutant.kind == "when_unknown changed":
                    return (conj(there, negated(truth.yes), negated(truth.no)),)
                also = [encoder.anywhere(each).yes for each in self._no_longer_overridden(rule, mutant)]
                return (conj(there, YES if chooses else truth.yes, *also),)
            changed = mutant.rule or rule
            before, after = (holding(self._parts(encoder, each, slot)) for each in (rule, changed))
            return (conj(there, of_formula(differ(before, after)).yes),)

        found = self._search.find(query, keeps)
        return found.outcome, found.case, found.at

    def _no_longer_overridden(self, rule: Rule, mutant: Mutant) -> list[Rule]:
        kept = rule.overrides if mutant.rule is None else mutant.rule.overrides
        return [each for each in self._model.rules if each.id in rule.overrides and each.id not in kept]

    def _parts(self, encoder: Encoder, rule: Rule, slot: Slot | None) -> list[Truths]:
        gate, when, unless = conditions_of(rule, self._model.rulesets[rule.ruleset])
        scope = () if slot is None else (slot,)
        return [encoder.truth(gate, ()), encoder.truth(when, scope), encoder.truth(unless, scope)]
