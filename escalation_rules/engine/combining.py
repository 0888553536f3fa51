"""Combines the values that several rules give to a parameter into one value, an unknown value, or a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from escalation_rules.policy.conditions import Need, Records, Situation, Source
from escalation_rules.policy.model import Recommend, Rule
from escalation_rules.policy.parameter_values import ParameterValue
from escalation_rules.policy.precedence import Precedence
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.values import EXACT, Addable, Value


@attrs.frozen(eq=False)
class Asked:
    """An effect of one rule, for the record in scope, if any."""

    rule: Rule
    effect: Recommend
    records: Records

    @property
    def record_id(self) -> str | None:
        """The id of the record in scope, or None."""
        return self.records[0].id if self.records else None

    def is_same(self, other: Asked) -> bool:
        """Whether both are the same reason."""
        return self.effect is other.effect and self.record_id == other.record_id


A = TypeVar("A", bound=Asked)


@attrs.frozen
class Combined:
    """The combined value. If it is None: a conflict, or what each rule needs to know for it."""

    stated: bool = False
    value: Value | None = None
    conflict: bool = False
    waiting: tuple[tuple[str, tuple[Need, ...]], ...] = ()


def combined(
    parameter: Parameter, asked: Sequence[A], precedence: Precedence, situation: Situation
) -> Combined:
    """Combine what the rules state for the parameter."""
    stating = [
        request for request in asked if any(name == parameter.name for name, _ in request.effect.params)
    ]
    if parameter.combine == "same":
        stating = deciding(stating, precedence)
    sources = [(request, dict(request.effect.params)[parameter.name]) for request in stating]
    found = [source.get(situation, request.records) for request, source in sources]
    known = [value for value in found if value is not None]
    complete = len(known) == len(found)
    if complete and parameter.combine == "sum" and len(known) > 1:
        known = _named_once(sources, situation)
    value = _combine(parameter, known) if known else None
    if known and value is None:
        return Combined(True, conflict=True)
    if complete:
        return Combined(bool(found), value)
    return Combined(True, waiting=tuple(
        (request.rule.id, source.undecided(situation, request.records))
        for (request, source), value in zip(sources, found, strict=True) if value is None
    ))  # fmt: skip


def _named_once(asked: Sequence[tuple[Asked, ParameterValue]], situation: Situation) -> list[Value]:
    """The values to add. An item named by several rules counts as often as in the rule that names it most."""
    stated: list[Value] = []
    named: dict[Source, dict[str, list[Value]]] = {}
    for request, value in asked:
        for source, part in value.parts_named(situation, request.records):
            if source is None:
                stated.append(part)
            else:
                named.setdefault(source, {}).setdefault(request.rule.id, []).append(part)
    return [*stated, *(part for by_rule in named.values() for part in max(by_rule.values(), key=len))]


def deciding(asked: Sequence[A], precedence: Precedence) -> list[A]:
    """The effects of the rules with precedence over the others."""
    if len(asked) < 2:
        return [*asked]
    last = precedence.last(request.rule.id for request in asked)
    return [request for request in asked if request.rule.id in last]


def _combine(parameter: Parameter, values: Sequence[Any]) -> Value | None:
    if parameter.combine == "same":
        return values[0] if all(value == values[0] for value in values) else None
    if parameter.combine == "union":
        return frozenset().union(*values)
    if parameter.combine == "sum":
        return added(values)
    best: Value = (max if parameter.combine == "max" else min)(values, key=parameter.rank)
    return best


def added(values: Sequence[Any]) -> Addable:
    """The sum of one or more values of the same type."""
    result: Addable = values[0]
    for value in values[1:]:
        if isinstance(result, timedelta) and isinstance(value, timedelta):
            result += value
        elif isinstance(result, Decimal) and isinstance(value, Decimal):
            result = EXACT.add(result, value)
        elif isinstance(result, int) and isinstance(value, int):
            result += value
    return result
