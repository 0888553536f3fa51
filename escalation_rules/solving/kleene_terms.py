"""Represents truths as pairs of solver terms: when a test is known to hold, and when it is known not to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import attrs
import z3

from escalation_rules.policy.conditions import Truth
from escalation_rules.solving.kleene import Node

Term = Any
"""A term of the solver, which has no Python types."""

YES, NO = z3.BoolVal(True), z3.BoolVal(False)
_CONTEXT = z3.main_ctx()
_YES, _NO = YES.as_ast().value, NO.as_ast().value
"""The solver has one object for each of them."""


@attrs.frozen(eq=False)
class Truths:
    """When a test is known to hold (`yes`) and when it is known not to hold (`no`); otherwise it is unknown."""

    yes: Term
    no: Term

    def given(self, known: Term) -> Truths:
        """The same where `known` holds, else unknown."""
        return Truths(conj(known, self.yes), conj(known, self.no))

    @property
    def contrary(self) -> Truths:
        """Kleene's negation."""
        return Truths(self.no, self.yes)


HOLDS, FAILS, UNKNOWN = Truths(YES, NO), Truths(NO, YES), Truths(NO, NO)


def constant(truth: Truth) -> Truths:
    """A constant truth."""
    return UNKNOWN if truth is None else HOLDS if truth else FAILS


def decided(term: Term) -> Truths:
    """A test that is never unknown."""
    return Truths(term, negated(term))


def conj(*terms: Term) -> Term:
    """The conjunction of terms, without trivial ones."""
    kept = [term for term in terms if not is_yes(term)]
    if any(map(is_no, kept)):
        return NO
    return YES if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_and, kept)


def disj(*terms: Term) -> Term:
    """The disjunction of terms, without trivial ones."""
    kept = [term for term in terms if not is_no(term)]
    if any(map(is_yes, kept)):
        return YES
    return NO if not kept else kept[0] if len(kept) == 1 else _joined(z3.Z3_mk_or, kept)


def negated(term: Term) -> Term:
    """The negation of a term."""
    if is_yes(term) or is_no(term):
        return NO if is_yes(term) else YES
    return z3.BoolRef(z3.Z3_mk_not(_CONTEXT.ref(), term.as_ast()), _CONTEXT)


def is_yes(term: Term) -> bool:
    """Whether a term is the constant true."""
    return bool(term.as_ast().value == _YES)


def is_no(term: Term) -> bool:
    """Whether a term is the constant false."""
    return bool(term.as_ast().value == _NO)


def _joined(make: Callable[[Any, int, Any], Any], terms: Sequence[Term]) -> Term:
    # The solver's own And and Or look for a common type of their arguments, which takes most of the time of an encoding.
    array = (z3.Ast * len(terms))(*(term.as_ast() for term in terms))
    return z3.BoolRef(make(_CONTEXT.ref(), len(terms), array), _CONTEXT)


def both(truths: Iterable[Truths]) -> Truths:
    """Kleene's conjunction."""
    found = list(truths)
    return Truths(conj(*(truth.yes for truth in found)), disj(*(truth.no for truth in found)))


def either(truths: Iterable[Truths]) -> Truths:
    """Kleene's disjunction."""
    found = list(truths)
    return Truths(disj(*(truth.yes for truth in found)), conj(*(truth.no for truth in found)))


def of_formula(formula: Truths | Node[Truths]) -> Truths:
    """The truth of a formula over truths."""
    if isinstance(formula, Truths):
        return formula
    parts = [of_formula(part) for part in formula.parts]
    match formula.kind:
        case "all":
            return both(parts)
        case "any":
            return either(parts)
        case "not":
            return parts[0].contrary
        case "known":
            return decided(parts[0].yes)


def among(term: Term, truths: Sequence[Truth]) -> Truths:
    """A test of a number, given its truth for each from 0."""
    return Truths(*(_is_one_of(term, [index for index, truth in enumerate(truths) if truth is wanted])
                    for wanted in (True, False)))  # fmt: skip


def _is_one_of(term: Term, numbers: Sequence[int]) -> Term:
    return disj(*(equals(term, number) for number in numbers))


def equals(term: Term, number: int) -> Term:
    """That an integer is this number."""
    same = z3.Z3_mk_eq(_CONTEXT.ref(), term.as_ast(), _numeral(number).as_ast())
    return z3.BoolRef(same, _CONTEXT)


@cache
def _numeral(number: int) -> Term:
    return z3.IntVal(number)


def at_least(terms: Sequence[Term], count: int) -> Term:
    """That at least `count` of the terms hold."""
    if count <= 0:
        return YES
    if count > len(terms):
        return NO
    return disj(*terms) if count == 1 else z3.PbGe([(term, 1) for term in terms], count)
