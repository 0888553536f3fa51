"""Checks the rows of a table for cases that match no row, or several. Each problem has a witness.

The values of each input are divided into classes by the values in the cells. Rows are products of such
classes, so that testing one value of each class is exhaustive.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.policy.conditions import (
    AllOf,
    Condition,
    Context,
    FactTest,
    GivenTest,
    Name,
    Situation,
    Truth,
    both,
)
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.reading.files import warning
from escalation_rules.source import Node, to_plain
from escalation_rules.values import (
    Amount,
    Enumerated,
    Flag,
    Party,
    PartyType,
    TextType,
    Value,
    plain_amount,
    plain_duration,
)
from escalation_rules.values import to_plain as value_to_plain

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""The instant at which rows are tested; only durations relative to it matter."""
_TINY = Decimal("0.000000001")
_INSTANT = timedelta(microseconds=1)
_UNKNOWN = None


@attrs.frozen
class Column:
    """An input, with the condition of each row on it (None: none)."""

    name: Name
    tests: tuple[Condition | None, ...]


Says = tuple[Node, tuple[Node, ...]]
"""A row, and its results."""


def check_table(
    context: Context,
    hit: str,
    columns: Sequence[Column],
    rows: Sequence[Says],
    inputs: Node | None,
    otherwise: Node | None,
) -> bool:
    """Whether the table can be used. Reports rows that conflict under the hit policy, cases without a row,
    and (as a warning) unreachable rows."""
    errors = context.problems.count
    if all(_is_plain(test) for column in columns for test in column.tests):
        grids = [_Grid(context, columns, currency) for currency in _currencies(columns)]
        _check_rows(context, hit, grids, rows, inputs, otherwise)
    elif (hit != "first" or otherwise is None) and inputs is not None and not _always(columns):
        context.error("table-input", inputs, "cells that compare with other facts cannot be checked for gaps and overlaps",
                      "`hit: first` and `otherwise:`, or cells with values")  # fmt: skip
    return context.problems.count == errors


def _check_rows(
    context: Context,
    hit: str,
    grids: Sequence[_Grid],
    rows: Sequence[Says],
    inputs: Node | None,
    otherwise: Node | None,
) -> None:
    if hit != "first":
        _check_overlaps(context, hit, grids, rows)
    gap = next(filter(None, (grid.gap() for grid in grids)), None)
    if gap is not None and otherwise is None and inputs is not None:
        context.error("table-gap", inputs, f"no row applies to {_told(gap)}", "a row for it, or `otherwise:`")
    if gap is None and otherwise is not None:
        _never(context, otherwise, "`otherwise` is never reached: there is a row for every case")
    if hit == "first":
        for at, (node, _) in enumerate(rows):
            if all(grid.is_covered(at) for grid in grids):
                _never(context, node, "this row is never reached: the rows before it apply to all its cases")


def _always(columns: Sequence[Column]) -> bool:
    """Whether some row applies to every case."""
    return any(
        all(test is None for test in row) for row in zip(*(column.tests for column in columns), strict=True)
    )


def _never(context: Context, node: Node, message: str) -> None:
    context.problems.add(
        warning("row-never-reached", message, node.position, "no such row, or another order")
    )


def _check_overlaps(context: Context, hit: str, grids: Sequence[_Grid], rows: Sequence[Says]) -> None:
    for second, (node, says) in enumerate(rows):
        for first in range(second):
            _, same = rows[first]
            if hit == "any" and [to_plain(entry) for entry in says] == [to_plain(entry) for entry in same]:
                continue
            witness = next(filter(None, (grid.overlap(first, second) for grid in grids)), None)
            if witness is not None:
                differ = "give different results for" if hit == "any" else "both apply to"
                context.error("table-overlap", node, f"rows {first + 1} and {second + 1} {differ} {_told(witness)}",
                              "rows that exclude each other, or `hit: first`")  # fmt: skip
                break


Witness = Mapping[str, str]


def _told(witness: Witness) -> str:
    return ", ".join(f"{name}: {value}" for name, value in witness.items())


# --- the classes of each input ----------------------------------------------------------------------------------------


class _Grid:
    """One value of each class of every input, and the rows that accept it, in one currency."""

    def __init__(self, context: Context, columns: Sequence[Column], currency: str | None) -> None:
        vocabulary = context.vocabulary
        self.situation = Situation(NOW, currency=currency, facts={}, stated=({}, dict), lists={},
                                   calendars=vocabulary.calendars, calendar=vocabulary.calendar)  # fmt: skip
        self.currency = currency
        self.names = [column.name for column in columns]
        self.rows = range(len(columns[0].tests))
        self.values = [_classes(column, self.situation) for column in columns]
        self.taken = [
            [
                [True if test is None else _passes(test, value, self.situation) for test in column.tests]
                for value in values
            ]
            for column, values in zip(columns, self.values, strict=True)
        ]

    def gap(self) -> Witness | None:
        """A case to which no row applies. If an amount is unknown in the currency, a row may apply."""
        return self._outside([*self.rows], lambda truth: truth is not False, None)

    def is_covered(self, row: int) -> bool:
        """Whether earlier rows certainly apply wherever this one does."""
        return self._outside([*range(row)], lambda truth: truth is True, row) is None

    def overlap(self, first: int, second: int) -> Witness | None:
        """A case to which two rows apply."""
        found = []
        for column, values in zip(self.taken, self.values, strict=True):
            at = next(
                (at for at, taken in enumerate(column) if taken[first] is True and taken[second] is True),
                None,
            )
            if at is None:
                return None
            found.append(values[at])
        return self._witness(found)

    def _outside(self, rows: Sequence[int], counts: Any, within: int | None) -> Witness | None:
        """A case to which none of the rows applies, optionally among those to which the row `within` does."""
        dead: set[tuple[int, frozenset[int]]] = set()

        def search(column: int, left: frozenset[int]) -> list[Value | None] | None:
            if column == len(self.taken):
                return None if left else []
            if (column, left) in dead:
                return None
            for value, taken in zip(self.values[column], self.taken[column], strict=True):
                if within is not None and taken[within] is not True:
                    continue
                rest = search(column + 1, frozenset(row for row in left if counts(taken[row])))
                if rest is not None:
                    return [value, *rest]
            dead.add((column, left))
            return None

        found = search(0, frozenset(rows))
        return None if found is None else self._witness(found)

    def _witness(self, values: Sequence[Value | None]) -> Witness:
        return {name.text: self._shown(value) for name, value in zip(self.names, values, strict=True)}

    def _shown(self, value: Value | None) -> str:
        if value is None:
            return "not known"
        if isinstance(value, datetime):
            since = NOW - value
            return f"{plain_duration(abs(since))} {'ago' if since >= timedelta() else 'from now'}"
        if isinstance(value, Decimal):
            return f"{plain_amount(value)} {self.currency or ''}".strip()
        return str(value).lower() if isinstance(value, bool) else str(value_to_plain(value))


def _passes(test: Condition, value: Value | None, situation: Situation) -> Truth:
    match test:
        case AllOf():
            return both(_passes(condition, value, situation) for condition in test.conditions)
        case GivenTest():
            return (value is not None) is test.wanted
        case FactTest():
            return False if value is None else test.operator.holds(value, situation, ())
    raise TypeError(f"a test that a cell cannot have: {type(test).__name__}")


def _is_plain(test: Condition | None) -> bool:
    """Whether a cell compares only with literal values, so that classes can be listed."""
    match test:
        case None | GivenTest():
            return True
        case AllOf():
            return all(_is_plain(condition) for condition in test.conditions)
        case FactTest():
            of = test.name.fact.type
            known = of.kind in {"flag", "choice", "level", "count", "amount", "duration", "instant"}
            listed = isinstance(of, (TextType, PartyType)) and test.operator.listed() is not None
            bounded = all(
                operator.by_length or operator.thresholds() is not None for operator in test.operator.split()
            )
            return (known or listed) and bounded and not any(True for _ in test.operator.names())
    return False


def _operators(test: Condition | None) -> Iterator[Operator]:
    if isinstance(test, AllOf):
        for condition in test.conditions:
            yield from _operators(condition)
    elif isinstance(test, FactTest):
        yield test.operator


def _parts(thing: Any) -> Iterator[Any]:
    """An operator's operands and durations, at all levels."""
    yield thing
    if isinstance(thing, tuple):
        for part in thing:
            yield from _parts(part)
    elif attrs.has(type(thing)) and not isinstance(thing, Duration):
        for field in attrs.fields(type(thing)):
            yield from _parts(getattr(thing, field.name))


def _currencies(columns: Sequence[Column]) -> list[str | None]:
    found = {
        currency
        for column in columns
        for test in column.tests
        for operator in _operators(test)
        for part in _parts(operator)
        if isinstance(part, PerCurrency)
        for currency, _ in part.amounts
    }
    return [*sorted(found)] or [None]


def _classes(column: Column, situation: Situation) -> list[Value | None]:
    """One value of each class, simplest first for readable witnesses."""
    of = column.name.fact.type
    parts = [part for test in column.tests for operator in _operators(test) for part in _parts(operator)]
    named = [part.value for part in parts if isinstance(part, Literal)]
    found: list[Value | None]
    if isinstance(of, Flag):
        found = [True, False]
    elif isinstance(of, Enumerated):
        found = [*of.names]
    elif isinstance(of, PartyType):
        found = [Party(role, role) for role in of.roles]
    elif isinstance(of, TextType):
        found = [*dict.fromkeys(named), "(another text)"]
    elif of.kind == "instant":
        found = [*_instants(parts, named, situation)]
    else:
        found = [*_numbers(of, [*named, *_amounts(parts, situation)])]
    if any(isinstance(condition, GivenTest) for test in column.tests for condition in _leaves(test)):
        found.append(_UNKNOWN)
    return found


def _leaves(test: Condition | None) -> Iterator[Condition]:
    if isinstance(test, AllOf):
        yield from test.conditions
    elif test is not None:
        yield test


def _amounts(parts: Sequence[Any], situation: Situation) -> Iterator[Value]:
    for part in parts:
        if isinstance(part, PerCurrency):
            yield from (amount for currency, amount in part.amounts if currency == situation.currency)


def _numbers(of: Any, named: Sequence[Any]) -> Iterator[Value]:
    """The numbers in cells, and one on each side of each; none below zero."""
    step: Any = _TINY if isinstance(of, Amount) else _INSTANT if of.kind == "duration" else 1
    zero: Any = step - step
    every = {zero, *named, *(value + step for value in named), *(value - step for value in named)}
    yield from sorted(value for value in every if value >= zero)


def _instants(parts: Sequence[Any], named: Sequence[Any], situation: Situation) -> Iterator[Value]:
    """Instants on both sides of each one in cells, absolute or relative to now."""
    limits = {NOW, *(value for value in named if isinstance(value, datetime))}
    for part in parts:
        if isinstance(part, timedelta):
            limits |= {NOW - part, NOW + part}
        elif isinstance(part, Duration) and part.is_elapsed:
            limits |= {NOW - part.as_timedelta(), NOW + part.as_timedelta()}
        elif isinstance(part, Duration):
            end = situation.interval_after(NOW, part)
            limits |= {NOW - timedelta(days=day) for day in range(30)} | (
                {NOW - (end - NOW)} if end else set()
            )
    yield from sorted(
        {moment for limit in limits for moment in (limit - _INSTANT, limit, limit + _INSTANT)}, reverse=True
    )
