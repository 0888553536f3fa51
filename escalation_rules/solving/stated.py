"""The parameters of a recommended step as terms, for the limits of prohibitions (`where:`) that read them.

A value that is not encoded, or of which rules state parts, is free: a case that is found with it has to be confirmed, and
`hints` say what it probably is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import z3

from escalation_rules.policy.conditions.operands import Literal, Other
from escalation_rules.policy.model import Recommend, Rule
from escalation_rules.policy.parameter_values import Chosen, FirstThatApplies, Given, ParameterValue
from escalation_rules.policy.vocabulary import Fact, Parameter
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj
from escalation_rules.solving.symbols import Quantity, Slot
from escalation_rules.solving.value_terms import first_of, value_of
from escalation_rules.solving.witness import PARAMETERS
from escalation_rules.values import Enumerated, Kind, Party

Stating = tuple[Rule, Recommend, "Slot | None", Term]
"""A recommendation of a step, for a record of its rule or the case, and when it is in force."""
_NUMBERS = frozenset({"amount", "count", "duration"})


@attrs.frozen(eq=False)
class Stated:
    """What a step says: its parameters as a record; those that it does not state are open. `facts` hold in each case, `hints`
    in most."""

    params: Slot
    facts: Term = YES
    hints: Term = YES


def stated_by(encoder: Encoder, mine: Stating, others: Sequence[Stating]) -> Stated:
    """What a step says that one rule recommends, be it together with other rules."""
    _, effect, slot, _ = mine
    declared = encoder.model.vocabulary.actions[effect.action].params
    values: dict[str, Quantity] = {}
    facts: list[Term] = []
    hints: list[Term] = []
    for name, value in effect.params:
        parameter = declared[name]
        found = _encoded(encoder, parameter, value, slot)
        adding = (
            [entry for entry in others if name in dict(entry[1].params)] if parameter.combine == "sum" else []
        )
        if found is not None and not adding and not parameter.reached and parameter.combine != "union":
            values[name] = found
            continue
        some = encoder.symbols.unnamed(Fact(name, parameter.type))
        values[name] = free = attrs.evolve(some, given=YES, known=YES)
        facts.append(some.given)
        if found is not None and adding and free.kind in _NUMBERS:
            whole = _together(encoder, parameter, name, (mine, *adding))
            facts += [] if parameter.reached else [free.term >= found.term]  # less of it is left after acts
            if whole is not None:
                facts.append(free.term <= whole)
                hints.append(free.term == whole)
        elif found is not None:
            facts += [free.term <= found.term] if free.kind in _NUMBERS else []
            hints.append(free.term == found.term)
    return Stated(Slot(PARAMETERS, 0, YES, values), conj(*facts), conj(*hints))


def _together(encoder: Encoder, parameter: Parameter, name: str, added: Sequence[Stating]) -> Term | None:
    """The sum of what rules state. It may be less if some of them name the same item."""
    parts = []
    for _, effect, slot, term in added:
        found = _encoded(encoder, parameter, dict(effect.params)[name], slot)
        if found is None:
            return None
        parts.append(z3.If(conj(term, found.known), found.term, 0))
    return z3.Sum(parts)


def _encoded(
    encoder: Encoder, parameter: Parameter, value: ParameterValue, slot: Slot | None
) -> Quantity | None:
    scope = () if slot is None else (slot,)
    if parameter.type.kind in {"choice", "level", "party"}:
        names = parameter.type.names if isinstance(parameter.type, Enumerated) else encoder.symbols.roles
        return _named(encoder, parameter.type.kind, value, scope, names)
    if parameter.type.kind == "text":
        return _named(encoder, parameter.type.kind, value, scope, tuple(dict.fromkeys(_words(value))))
    if isinstance(value, Chosen):
        return None if value.every else _chosen(encoder, value, scope)
    if parameter.type.kind in {"reference", "references"}:
        return None
    found = value_of(encoder, value, scope)
    if found is None or z3.is_arith(found.term) is (parameter.type.kind == "flag"):
        return None
    return attrs.evolve(found, kind=parameter.type.kind, given=found.known)


def _chosen(encoder: Encoder, value: Chosen, scope: tuple[Slot, ...]) -> Quantity:
    """The first record that certainly matches."""
    records = encoder.symbols.records(value.selection.list)
    known, term = NO, z3.IntVal(0)
    for record in reversed(records):
        truth = encoder.belongs(value.selection, record, scope)
        known, term = disj(known, truth.yes), z3.If(truth.yes, record.place, term)
    return Quantity("reference", known, known, term, to=value.selection.list)


def _words(value: ParameterValue) -> Iterator[str]:
    """The words that a value may be."""
    match value:
        case Given(operand=Literal(value=str(word))):
            yield word
        case FirstThatApplies():
            for source in (*(alternative for alternative, _ in value.alternatives), value.otherwise):
                yield from _words(source)


def _named(
    encoder: Encoder, kind: Kind, value: ParameterValue, scope: tuple[Slot, ...], names: tuple[str, ...]
) -> Quantity | None:
    """A value that is one of these names, numbered as they are."""
    match value:
        case Given(operand=Literal(value=word)):
            name = word.name if isinstance(word, Party) else word
            return Quantity(kind, YES, YES, z3.IntVal(names.index(name)), names) if name in names else None
        case Given(operand=Other(name=other)):
            found = encoder.quantity(other, scope)
            return found if found.names == names or kind == "text" else None
        case FirstThatApplies():
            result = _named(encoder, kind, value.otherwise, scope, names)
            for alternative, condition in reversed(value.alternatives):
                mine = _named(encoder, kind, alternative, scope, names)
                if result is None or mine is None:
                    return None
                result = first_of(encoder.truth(condition, scope), mine, result)
            return result
    return None
