"""Encodes values that are worked out (parameters, computed limits) as terms.

Products are not rounded to nine decimals, and values that depend on a calendar are left out. `compare` proves nothing with
these terms: a case that is found has to be confirmed.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import reduce
from typing import TYPE_CHECKING

import attrs
import z3

from escalation_rules.policy.conditions import ActFilter, Condition, Selection
from escalation_rules.policy.conditions.forms import OneOperand
from escalation_rules.policy.conditions.operands import Literal, Operand, Other, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.relations import Relation
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.conditions.timing import OverdueAfter
from escalation_rules.policy.parameter_values import (
    Aggregate,
    Counted,
    DoneTotal,
    FirstThatApplies,
    Given,
    Less,
    ParameterValue,
    Periods,
    Rounded,
    Rounding,
    Share,
    Summed,
    Times,
    WorkedOut,
)
from escalation_rules.solving.kleene_terms import NO, YES, Term, Truths, both, conj, decided, disj, negated
from escalation_rules.solving.symbols import Quantity, Scope, Slot
from escalation_rules.values import Kind, Value

if TYPE_CHECKING:
    from escalation_rules.solving.encoding import Encoder


def value_of(encoder: Encoder, value: ParameterValue, scope: Scope) -> Quantity | None:
    """A value for the records in scope; None if it is not encoded."""
    match value:
        case Given(operand=operand):
            return _operand(encoder, operand, scope)
        case FirstThatApplies():
            return _first(encoder, value, scope)
        case Counted(selection=selection):
            members = _members(encoder, selection, scope)
            known = conj(
                encoder.symbols.is_listed(selection.list),
                *(disj(truth.yes, truth.no) for _, truth in members),
            )
            return Quantity("count", known, known, z3.Sum([z3.If(truth.yes, 1, 0) for _, truth in members]))
        case Summed():
            return _sum(encoder, value, scope)
        case DoneTotal():
            return _of_acts(encoder, value, scope)
        case Periods(length=length) if length.is_elapsed:
            return _periods(encoder, value, scope)
        case WorkedOut():
            return _worked_out(encoder, value, scope)
    return None


def compared(encoder: Encoder, operator: Operator, value: Quantity, scope: Scope) -> Truths | None:
    """A test of a value against one that is worked out; None if it is not encoded."""
    found = [_compared(encoder, part, value, scope) for part in operator.split()]
    known = [truth for truth in found if truth is not None]
    return both(known).given(value.known) if len(known) == len(found) else None


def _compared(encoder: Encoder, operator: Operator, value: Quantity, scope: Scope) -> Truths | None:
    if isinstance(operator, OverdueAfter):
        return Truths(value.term <= -encoder.tests.at_most(operator.deadline), value.term > 0)
    if isinstance(operator, OneOperand) and isinstance(operator.operand, Shifted) and operator.relation:
        return _far_from(encoder, operator.relation, value, operator.operand, scope)
    if not isinstance(operator, OneOperand) or operator.relation is None:
        return None
    other = _operand(encoder, operator.operand, scope)
    return (
        None
        if other is None
        else decided(operator.relation.between(value.term, other.term)).given(other.known)
    )


def _far_from(
    encoder: Encoder, relation: Relation, value: Quantity, operand: Shifted, scope: Scope
) -> Truths:
    """A comparison with an instant whose offset depends on the calendar: decided only where the value is before, or after,
    all instants that this can be."""
    start, most = encoder.quantity(operand.name, scope), encoder.tests.at_most(operand.by)
    ends = (start.term, start.term + most if operand.later else start.term - most)
    found = [relation.between(value.term, end) for end in ends]
    return Truths(conj(*found), conj(*map(negated, found))).given(start.known)


def differ(one: Quantity, other: Quantity) -> Term:
    """That two values differ, where an unknown value differs from a known one."""
    values = conj(one.known, other.known, one.term != other.term)
    return disj(values, conj(one.known, negated(other.known)), conj(negated(one.known), other.known))


def names_known(encoder: Encoder, value: ParameterValue, scope: Scope) -> list[Term]:
    """That the facts and fields are known from which a value is worked out, and amounts are not zero."""
    found = []
    for name in value.names():
        quantity = encoder.quantity(name, scope)
        found.append(quantity.known)
        if quantity.kind in {"amount", "count", "duration"}:
            found.append(quantity.term > 0)
    return found


def leaves_differ(encoders: tuple[Encoder, Encoder], value: ParameterValue, scope: Scope) -> Term:
    """That something differs between two policies from which they work out the same value. Without such a difference,
    the value is the same."""
    found = []
    for name in value.names():
        one, other = (encoder.quantity(name, scope) for encoder in encoders)
        comparable = (one.kind, one.names) == (other.kind, other.names)
        found.append(differ(one, other) if comparable else YES)
    declared = encoders[0].model.vocabulary.declaration
    if any(fact is not None and fact.concluded for fact in map(declared, value.reads())):
        return YES  # what rules conclude of a record that is selected is not looked into
    for source in value.sources():
        match source:
            case Condition():
                found.append(_truths_differ(*(encoder.truth(source, scope) for encoder in encoders)))
            case Selection():
                records = encoders[0].symbols.records(source.list)
                found += [
                    _truths_differ(*(encoder.belongs(source, slot, scope) for encoder in encoders))
                    for slot in records
                ]
            case ActFilter():
                acts = encoders[0].symbols.acts
                found += [
                    _truths_differ(*(encoder.acts.matches(act, source, scope) for encoder in encoders))
                    for act in acts
                ]
    return disj(*found)


def _truths_differ(one: Truths, other: Truths) -> Term:
    same = conj(_alike(one.yes, other.yes), _alike(one.no, other.no))
    return negated(same)


def _alike(one: Term, other: Term) -> Term:
    return YES if one.eq(other) else one == other


# --- kinds of values --------------------------------------------------------------------------------------------------


def _operand(encoder: Encoder, operand: Operand, scope: Scope) -> Quantity | None:
    match operand:
        case Literal(value=value):
            return _written(encoder, value)
        case PerCurrency(amounts=amounts):
            encoder.symbols.used_currency = True
            amount = dict(amounts).get(encoder.symbols.currency or "")
            return Quantity("amount", NO, NO, z3.RealVal(0)) if amount is None else _written(encoder, amount)
        case Other(name=name):
            return encoder.quantity(name, scope)
        case Shifted():
            return None
        case ParameterValue():
            return value_of(encoder, operand, scope)
    return None


def _written(encoder: Encoder, value: Value) -> Quantity | None:
    if isinstance(value, bool):
        return Quantity("flag", YES, YES, YES if value else NO)
    if isinstance(value, (Decimal, int, timedelta)):
        numbers = isinstance(value, Decimal), isinstance(value, int)
        kind: Kind = "amount" if numbers[0] else "count" if numbers[1] else "duration"
        return Quantity(kind, YES, YES, encoder.symbols.number(value))
    if isinstance(value, str):  # other values are not these numbers
        return Quantity("choice", YES, YES, z3.IntVal(encoder.symbols.number_of_word(value)))
    return None


def _first(encoder: Encoder, value: FirstThatApplies, scope: Scope) -> Quantity | None:
    result = value_of(encoder, value.otherwise, scope)
    for alternative, condition in reversed(value.alternatives):
        mine = value_of(encoder, alternative, scope)
        if result is None or mine is None:
            return None
        result = first_of(encoder.truth(condition, scope), mine, result)
    return result


def first_of(truth: Truths, mine: Quantity, rest: Quantity) -> Quantity:
    """A value if a condition holds, otherwise another one. While that is unknown, the value is known if they agree."""
    agree = conj(mine.known, rest.known, mine.term == rest.term)
    known = disj(conj(truth.yes, mine.known), conj(truth.no, rest.known), agree)
    return attrs.evolve(mine, given=known, known=known, term=z3.If(truth.yes, mine.term, rest.term))


def _members(encoder: Encoder, selection: Selection, scope: Scope) -> list[tuple[Slot, Truths]]:
    return [
        (record, encoder.belongs(selection, record, scope))
        for record in encoder.symbols.records(selection.list)
    ]


def _sum(encoder: Encoder, value: Summed, scope: Scope) -> Quantity | None:
    field = encoder.model.vocabulary.records[value.selection.list].fields[value.field]
    known, parts = [encoder.symbols.is_listed(value.selection.list)], []
    for slot, truth in _members(encoder, value.selection, scope):
        quantity = encoder.symbols.field(slot, field)
        known.append(disj(truth.no, conj(truth.yes, quantity.known)))
        parts.append(z3.If(truth.yes, quantity.term, 0))
    return Quantity(field.type.kind, conj(*known), conj(*known), z3.Sum(parts))


def _of_acts(encoder: Encoder, value: DoneTotal, scope: Scope) -> Quantity:
    symbols, actions = encoder.symbols, value.acts.actions
    symbols.actions_named.update(actions)
    known, parts = [], []
    for act in symbols.acts:
        truth = encoder.acts.matches(act, value.acts, scope)
        said = None if value.parameter is None else symbols.said(act, value.parameter, actions)
        known.append(disj(truth.no, truth.yes if said is None else conj(truth.yes, said.known)))
        parts.append(z3.If(truth.yes, 1 if said is None else said.term, 0))
    kind: Kind = "count"
    if value.parameter is not None:
        kind = encoder.model.vocabulary.actions[value.acts.named[0]].params[value.parameter].type.kind
    return Quantity(kind, conj(*known), conj(*known), z3.Sum(parts))


def _periods(encoder: Encoder, value: Periods, scope: Scope) -> Quantity:
    start, end = (encoder.quantity(name, scope) for name in value.names())
    known, length = conj(start.known, end.known), int(value.length.as_timedelta().total_seconds())
    passed = end.term - start.term + (length - 1 if value.begun else 0)
    return Quantity("count", known, known, z3.If(end.term > start.term, passed / length, 0))


def _worked_out(encoder: Encoder, value: WorkedOut, scope: Scope) -> Quantity | None:
    found = [value_of(encoder, part, scope) for part in value.parts]
    parts = [quantity for quantity in found if quantity is not None]
    if len(parts) < len(found):
        return None
    terms, known = [quantity.term for quantity in parts], conj(*(quantity.known for quantity in parts))
    match value:
        case Times():
            term = terms[0] * terms[1]
        case Share(percent=percent):
            term = z3.RealVal(str(percent)) / 100 * terms[0]
        case Less():
            term = z3.If(terms[0] > terms[1], terms[0] - terms[1], 0)
        case Aggregate(how="total_of"):
            term = z3.Sum(terms)
        case Aggregate(how="least_of"):
            term = reduce(lambda one, other: z3.If(one <= other, one, other), terms)
        case Aggregate():
            term = reduce(lambda one, other: z3.If(one >= other, one, other), terms)
        case Rounded(to=Given(operand=Literal() | PerCurrency()), how=how):
            term = _rounded(terms[0], terms[1], how)
        case Rounded():
            term = terms[0]
        case _:
            return None
    return Quantity(parts[-1].kind, known, known, term)


def _rounded(term: Term, least: Term, how: Rounding) -> Term:
    """An amount, rounded to a multiple of the smallest one."""
    if not z3.is_rational_value(least) or least.as_fraction() <= 0:
        return term
    many = term / least
    down = z3.ToInt(many)
    match how:
        case "down":
            number = down
        case "up":
            number = -z3.ToInt(-many)
        case _:
            number = z3.ToInt(many + z3.Q(1, 2))
            if how == "half_even":
                number = z3.If(conj(many - down == z3.Q(1, 2), down % 2 == 0), down, number)
    return z3.ToReal(number) * least
