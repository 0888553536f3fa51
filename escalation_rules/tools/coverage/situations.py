"""Finds situations for which a policy has no rule: the empty case, and each single known fact or record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from escalation_rules.case import Case
from escalation_rules.engine import Program
from escalation_rules.errors import CaseError
from escalation_rules.policy.conditions import FactTest
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.strata import conditions_of
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving import domains
from escalation_rules.tools.coverage.result import Uncovered
from escalation_rules.values import to_plain

AT = datetime(2026, 3, 4, 2, tzinfo=UTC)
"""The instant at which situations are evaluated: a working morning in Taipei."""
MOST = 12
_DECADE = timedelta(days=3650)


class _Situations:
    def __init__(self, model: PolicyModel) -> None:
        self.model = model
        self.program = Program(model, "plain")
        self.operators: dict[str, list[Operator]] = {}
        self.readers: dict[str, set[str]] = {}
        for rule in model.rules:
            for condition in conditions_of(rule, model.rulesets):
                for name, _ in condition.all_reads():
                    self.readers.setdefault(name, set()).add(rule.id)
                for test in condition.walk():
                    if isinstance(test, FactTest):
                        self.operators.setdefault(test.name.full, []).append(test.operator)
        self.base = self.live({}) or {}

    def live(self, data: Mapping[str, Any]) -> dict[str, bool | None] | None:
        """The truths (true or unknown) of the rules that are not false in a case. None if the case is invalid."""
        try:
            case = Case.from_mapping(self.model.vocabulary, data)
        except CaseError:
            return None
        _, outcome = self.program.situation(case, AT)
        return {instance.rule.id: instance.truth for instance in outcome.live}

    def says_nothing(self, name: str, data: Mapping[str, Any]) -> bool:
        """Whether knowing `name` has no consequence: no additional rule holds, and no rule that reads it is undecided."""
        found = self.live(data)
        if found is None:
            return False
        holds = {rule for rule, truth in found.items() if truth} - {
            rule for rule, truth in self.base.items() if truth
        }
        return not holds and not any(
            truth is None and rule in self.readers.get(name, ()) for rule, truth in found.items()
        )

    def values(self, fact: Fact) -> Iterator[Any]:
        """Representative values that distinguish the tests of a fact, as plain data."""
        if fact.type.kind == "instant":
            yield from (to_plain(AT + step) for step in (-_DECADE, timedelta(hours=-1), timedelta(hours=1)))
            return
        found = domains.values(fact.type, self.operators.get(fact.name, ()), None) or ["something"]
        for value in found[:MOST]:
            if not isinstance(value, Decimal) or value == value.quantize(Decimal("0.01")):
                yield to_plain(value)


def uncovered(model: PolicyModel) -> tuple[Uncovered, ...]:
    """The situations without a rule: the empty case first, then facts and lists in the order of their declarations."""
    seen = _Situations(model)
    found = [] if any(seen.base.values()) else [Uncovered(None, ())]
    for name, fact in model.vocabulary.facts.items():
        tried = [] if fact.concluded else list(seen.values(fact))
        values = [value for value in tried if seen.says_nothing(name, {"facts": {name: value}})]
        if values:
            whole = len(values) == len(tried) or not isinstance(values[0], (str, bool, int))
            found.append(Uncovered(name, () if whole else tuple(_said(value) for value in values)))
    found += [Uncovered(name, ()) for name in model.vocabulary.records
              if seen.says_nothing(name, {name: [{"id": "r1"}]})]  # fmt: skip
    return tuple(found)


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
