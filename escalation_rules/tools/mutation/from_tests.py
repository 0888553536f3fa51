"""The cases of tests as plain data, and the instants at which a decision about them changes by time alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from escalation_rules.case import Case
from escalation_rules.case.folding import Fields
from escalation_rules.engine import Program
from escalation_rules.policy.conditions import Act
from escalation_rules.values import Value, to_plain

Data = dict[str, Any]
MOST_INSTANTS = 6
"""The maximum number of later instants of a case that are tried."""


def as_plain(case: Case, at: datetime) -> Data:
    """What a case says at an instant, as a plain case. When it was learned is left out."""
    snapshot = case.at(at)
    data: Data = {"currency": case.currency} if case.currency is not None else {}
    if snapshot.facts:
        data["facts"] = _values(snapshot.facts)
    for name, rows in snapshot.records.items():
        data[name] = None if rows is None else [{"id": key, **_values(row)} for key, row in rows.items()]
    if snapshot.acts:
        data["acts"] = [_act(act) for act in snapshot.acts]
    return data


def instants(programs: Sequence[Program], case: Case, at: datetime) -> Iterator[datetime]:
    """The instant, and the next ones at which one of the decisions changes."""
    yield at
    for program in programs:
        yield from islice(_changes(program, case, at), MOST_INSTANTS)


def _changes(program: Program, case: Case, at: datetime) -> Iterator[datetime]:
    moment: datetime | None = at
    while moment is not None:
        moment = program.decision(case, program.assessment(case, case.at(moment), moment), moment).review_at
        if moment is not None:
            yield moment


def _values(fields: Fields) -> Data:
    return {name: _value(fact.value) for name, fact in fields.items()}


def _value(value: Value) -> Any:
    """A value as a case states it: amounts are numbers."""
    if not isinstance(value, Decimal):
        return to_plain(value)
    return int(value) if value == value.to_integral_value() else float(value)


def _act(act: Act) -> Data:
    data: Data = {"action": act.action, "by": act.by.name, "at": to_plain(act.at), "outcome": act.outcome}
    if act.about is not None:
        data["about"] = act.about
    if act.params:
        data["params"] = {name: _value(value) for name, value in act.params.items()}
    return data
