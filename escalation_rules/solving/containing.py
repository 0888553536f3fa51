"""Encodes that a case contains everything that is known in another one, with numbers and times in the same ranges."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice, permutations
from typing import Any

import attrs
import z3

from escalation_rules.solving.cases import Case
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj, negated
from escalation_rules.solving.search import Frame
from escalation_rules.solving.symbols import Quantity, Slot
from escalation_rules.solving.witness import Witness
from escalation_rules.values import Party, Value, to_plain
from escalation_rules.values.fact_types import DurationType

MOST_PLACES = 24
"""In how many ways the records of a case are looked for among those of another one."""
NUMBERS = ("amount", "count", "duration", "instant")


@attrs.frozen(eq=False)
class _Number:
    """A number or a time that is known in a case; `listed`: the list of its record."""

    listed: str | None
    quantity: Quantity
    value: Term


@attrs.frozen(eq=False)
class _Range:
    """What is so of numbers in a case. `listed`: the list whose records have all of them, if they are of records of one list."""

    term: Term
    listed: str | None


Tests = Sequence[tuple[Term, frozenset[str]]]


def contains(
    frame: Frame, witness: Witness, form: Term, tests: Callable[[], Tests], presumed: Sequence[Presumed]
) -> Term:
    """That a case contains everything that is known in a witness, for which the form holds, and does not say otherwise where
    the form holds by what is `presumed`. Its numbers and times are in the ranges that make the form hold; of parties,
    references and acts, less is compared. `tests`: those in the form."""
    case, symbols = witness.found(), frame.symbols
    ranges = _ranges(frame, case, witness.at, form, tests)
    found = [interval.term for interval in ranges if interval.listed is None]
    found += [_has(quantity, case["facts"][name]) for (name, _), quantity in symbols.facts.items()
              if name in case.get("facts", {})]  # fmt: skip
    found += [presumption.holds for presumption in presumed if presumption.listed is None]
    for name in symbols.slots.keys() & case.keys():
        if case[name] is None:
            found.append(negated(symbols.is_listed(name)))
        else:
            inside = [interval.term for interval in ranges if interval.listed == name]
            fields = {
                presumption.name: presumption.value for presumption in presumed if presumption.listed == name
            }
            found.append(_has_rows(frame, symbols.slots[name], case[name], conj(*inside), fields))
    found += [disj(*(_is_act(frame, slot, act) for slot in symbols.acts)) for act in case.get("acts", ())]
    return conj(*found)


def names_known_in(frame: Frame, witness: Witness) -> Term:
    """That a case contains the same facts, fields and acts as a witness, whatever their values."""
    case, symbols = witness.found(), frame.symbols
    found = [quantity.given for (name, _), quantity in symbols.facts.items() if name in case.get("facts", {})]
    for (listed, place, field, _), quantity in symbols.fields.items():
        if field in _row(case, listed, place):
            found.append(quantity.given)
    found += [
        slot.present
        for name, slots in symbols.slots.items()
        for slot in slots
        if slot.place < len(case.get(name) or ())
    ]
    found += [disj(*(_is_act(frame, slot, act) for slot in symbols.acts)) for act in case.get("acts", ())]
    return conj(*found)


def _has(quantity: Quantity, value: object) -> Term:
    return conj(quantity.given, _is(quantity, value))


def _is(quantity: Quantity, value: object) -> Term:
    """That a flag, a choice, a level or a text is this value."""
    if quantity.kind == "flag":
        return quantity.term if value else negated(quantity.term)
    if quantity.kind in {"choice", "level", "text"} and value in quantity.names:
        return quantity.term == quantity.names.index(str(value))
    return YES


def _has_rows(
    frame: Frame,
    slots: Sequence[Slot],
    rows: Sequence[Mapping[str, Any]],
    ranges: Term,
    presumed: Mapping[str, Value],
) -> Term:
    """That the rows are among the records of a list, in any order; what they do not say of the presumed fields is as presumed."""
    ways = []
    for places in islice(permutations(slots, len(rows)), MOST_PLACES):
        parts = [slot.present for slot in places]
        for slot, row in zip(places, rows, strict=True):
            parts += [_has(quantity, row[field]) for field, quantity in _fields(frame, slot) if field in row]
            fields = dict(_fields(frame, slot))
            parts += [
                _as_presumed(fields[name], value)
                for name, value in presumed.items()
                if name not in row and name in fields
            ]
        ways.append(conj(*parts, _moved(frame, ranges, slots, places)))
    return disj(*ways)


def _moved(frame: Frame, ranges: Term, slots: Sequence[Slot], places: Sequence[Slot]) -> Term:
    """What is said of the numbers of the first records of a list, said of other records."""
    pairs = []
    for one, other in zip(slots, places, strict=False):
        its = dict(_fields(frame, other))
        for name, quantity in _fields(frame, one):
            if name in its and quantity.kind in NUMBERS:
                pairs += [(quantity.term, its[name].term), (quantity.given, its[name].given)]
    return z3.substitute(ranges, *pairs) if pairs else ranges


def _fields(frame: Frame, slot: Slot) -> Iterator[tuple[str, Quantity]]:
    for (listed, place, field, _), quantity in frame.symbols.fields.items():
        if (listed, place) == (slot.list, slot.place):
            yield field, quantity


def _is_act(frame: Frame, slot: Any, act: Mapping[str, Any]) -> Term:
    symbols = frame.symbols
    number, outcome = symbols.actions.index(act["action"]), symbols.outcomes.index(act["outcome"])
    return conj(slot.present, slot.action == number, slot.outcome == outcome)


# --- ranges ---------------------------------------------------------------------------------------------------------------


def _ranges(frame: Frame, case: Case, at: datetime, form: Term, tests: Callable[[], Tests]) -> list[_Range]:
    """The tests of numbers whose results make the form hold for a case like this one, if nothing else is known."""
    numbers = [*_numbers(frame, case, at)]
    if not numbers:
        return []
    found = [*_results(tests(), numbers)]
    exact = _exactly(frame, case)

    def enough(kept: Sequence[_Range]) -> bool:
        return frame.solve(conj(exact, *(interval.term for interval in kept), negated(form)), at) is False

    if not enough(found):
        return found
    for interval in [*found]:
        without = [one for one in found if one is not interval]
        if enough(without):
            found = without
    return found


def _numbers(frame: Frame, case: Case, at: datetime) -> Iterator[_Number]:
    facts = case.get("facts", {})
    for (name, kind), quantity in frame.symbols.facts.items():
        if kind in NUMBERS and name in facts:
            yield _Number(None, quantity, _value(kind, facts[name], at))
    for (listed, place, field, kind), quantity in frame.symbols.fields.items():
        row = _row(case, listed, place)
        if kind in NUMBERS and field in row:
            yield _Number(listed, quantity, _value(kind, row[field], at))


def _row(case: Case, listed: str, place: int) -> Mapping[str, Any]:
    rows = case.get(listed) or ()
    return rows[place] if isinstance(rows, (list, tuple)) and place < len(rows) else {}


def _value(kind: str, value: Any, at: datetime) -> Term:
    match kind:
        case "count":
            return z3.IntVal(int(value))
        case "amount":
            return z3.RealVal(str(Decimal(str(value))))
        case "duration":
            return z3.IntVal(int(DurationType().parse(value).total_seconds()))
    return z3.IntVal(
        int((datetime.fromisoformat(str(value)).astimezone(UTC) - at.astimezone(UTC)).total_seconds())
    )


def _results(tests: Tests, numbers: Sequence[_Number]) -> Iterator[_Range]:
    """The results of the tests that read these numbers."""
    lists = {str(number.quantity.term): number.listed for number in numbers}
    pairs = [(number.quantity.term, number.value) for number in numbers]
    pairs += [(number.quantity.given, YES) for number in numbers]
    for test, names in tests:
        if names & lists.keys():
            result = z3.simplify(z3.substitute(test, *pairs))
            if z3.is_true(result) or z3.is_false(result):
                of = {lists[name] for name in names & lists.keys()}
                yield _Range(
                    test if z3.is_true(result) else negated(test), of.pop() if len(of) == 1 else None
                )


def tests_in(form: Term) -> Tests:
    """The tests of numbers in a form, each with the names of the numbers that it reads."""
    found: list[tuple[Term, frozenset[str]]] = []
    read: dict[int, frozenset[str]] = {}
    waiting = [(form, False)]
    while waiting:
        part, seen = waiting.pop()
        number, parts = part.get_id(), part.children()
        if number in read:
            continue
        if not seen:
            waiting.append((part, True))
            waiting += [(part, False) for part in parts if part.get_id() not in read]
        elif not parts:
            read[number] = (
                frozenset([str(part)])
                if z3.is_arith(part) and part.decl().kind() == z3.Z3_OP_UNINTERPRETED
                else frozenset()
            )
        elif z3.is_bool(part):
            read[number] = frozenset()
            names = frozenset().union(*(read[part.get_id()] for part in parts))
            if names:
                found.append((part, names))
        else:
            read[number] = frozenset().union(*(read[part.get_id()] for part in parts))
    return tuple(found)


def _exactly(frame: Frame, case: Case, but: Collection[int] = ()) -> Term:
    """That nothing is known but what is known in the case. Numbers, times, parties and references may differ, and anything may
    be so of what these terms (`but`, their ids) say is given."""
    symbols, facts = frame.symbols, case.get("facts", {})
    found = []
    for (name, _), quantity in symbols.facts.items():
        found.append(_has(quantity, facts[name]) if name in facts else _not_given(quantity, but))
    for (listed, place, field, _), quantity in symbols.fields.items():
        row = _row(case, listed, place)
        found.append(_has(quantity, row[field]) if field in row else _not_given(quantity, but))
    for name, slots in symbols.slots.items():
        rows = case.get(name, ())
        found += [slot.present if slot.place < len(rows or ()) else negated(slot.present) for slot in slots]
        known = rows is not None if name in case else symbols.is_empty_if_absent(name)
        found.append(symbols.is_listed(name) if known else negated(symbols.is_listed(name)))
    acts = case.get("acts", ())
    for slot in symbols.acts:
        found.append(
            _is_act(frame, slot, acts[slot.place]) if slot.place < len(acts) else negated(slot.present)
        )
    return conj(*found)


def _not_given(quantity: Quantity, but: Collection[int]) -> Term:
    return YES if quantity.given.get_id() in but else negated(quantity.given)


# --- presumptions ---------------------------------------------------------------------------------------------------------


@attrs.frozen(eq=False)
class Presumed:
    """A fact, or a field of a record of `listed`, that a case does not state, with the presumed value, and that what is known of
    it is as presumed."""

    name: str
    listed: str | None
    value: Value
    given: Term
    holds: Term


def by_presumption(frame: Frame, witness: Witness, form: Term) -> Sequence[Presumed]:
    """What a witness does not state, where the form holds by what is presumed of it."""
    case, at = witness.found(), witness.at
    unstated = [*_unstated(frame, case)]
    exact = _exactly(frame, case, {presumption.given.get_id() for presumption in unstated})
    same = conj(*(number.quantity.term == number.value for number in _numbers(frame, case, at)))
    needed = (
        frame.needed(conj(exact, same, negated(form)), [presumption.holds for presumption in unstated], at)
        if unstated
        else ()
    )
    return [unstated[number] for number in needed or ()]


def _unstated(frame: Frame, case: Case) -> Iterator[Presumed]:
    for (name, _), quantity in frame.symbols.facts.items():
        value = _presumption(frame, None, name)
        if value is not None and name not in case.get("facts", {}):
            yield Presumed(name, None, value, quantity.given, _as_presumed(quantity, value))
    for (listed, place, field, _), quantity in frame.symbols.fields.items():
        value = _presumption(frame, listed, field)
        rows = case.get(listed) or ()
        if value is not None and place < len(rows) and field not in rows[place]:
            yield Presumed(field, listed, value, quantity.given, _as_presumed(quantity, value))


def _presumption(frame: Frame, listed: str | None, name: str) -> Value | None:
    for vocabulary in frame.symbols.vocabularies:
        declared = vocabulary.facts.get(name) if listed is None else None
        if listed is not None and listed in vocabulary.records:
            declared = vocabulary.records[listed].fields.get(name)
        if declared is not None and declared.presume is not None:
            return declared.presume
    return None


def _as_presumed(quantity: Quantity, value: Value) -> Term:
    """That a value is not given, or is the presumed one."""
    return disj(negated(quantity.given), _is_presumed(quantity, value))


def _is_presumed(quantity: Quantity, value: Value) -> Term:
    plain = value.name if isinstance(value, Party) else value
    if isinstance(plain, (bool, str)):
        known = quantity.kind == "party" and plain in quantity.names
        return quantity.term == quantity.names.index(str(plain)) if known else _is(quantity, plain)
    if isinstance(plain, (int, Decimal)):
        return quantity.term == z3.RealVal(str(plain))
    return NO


# --- plain cases ----------------------------------------------------------------------------------------------------------


def is_part(smaller: Case, case: Case, presumed: Sequence[Presumed] = ()) -> bool:
    """Whether everything that is known in a case is so in another one, in the same places, and what it does not state and is
    `presumed` of it is not otherwise."""
    mine, its = _items(smaller), _items(case)
    otherwise = (
        (presumption.listed or "facts", presumption.name, str(to_plain(presumption.value)))
        for presumption in presumed
    )
    return mine <= its and not any(
        entry[0] == place and entry[-2] == name and entry[-1] != value and entry not in mine
        for place, name, value in otherwise
        for entry in its
        if len(entry) > 2
    )


def _items(data: object, path: tuple[object, ...] = ()) -> set[tuple[object, ...]]:
    if isinstance(data, Mapping):
        return {entry for key, part in data.items() for entry in _items(part, (*path, key))}
    if isinstance(data, (list, tuple)):
        return {entry for number, part in enumerate(data) for entry in _items(part, (*path, number))}
    return {(*path, str(data))}
