"""Computes the outcomes if a presumption with `confirm: true` were wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from escalation_rules.engine.evaluate import Outcome
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.values import Enumerated, Value

OutcomeWith = Callable[[str, Value], Outcome]
"""The outcome if a fact had another value."""


def other_outcomes(fact: Fact, outcome_with: OutcomeWith) -> Iterator[Outcome]:
    """The outcomes for all values other than the presumed one."""
    values: Sequence[Value] = fact.type.names if isinstance(fact.type, Enumerated) else (True, False)
    return (outcome_with(fact.name, value) for value in values if value != fact.presume)
