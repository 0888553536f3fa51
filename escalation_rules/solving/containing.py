"""Encodes that a case contains everything that is known in another one, with numbers and times in the same ranges."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice, permutations
from typing import Any

import attrs
import z3

from escalation_rules.solving.cases import Case
from escalation_rules.solving.kleene_terms import YES, Term, conj, disj, negated
from escalation_rules.solving.search import Frame
from escalation_rules.solving.symbols import Quantity, Slot
from escalation_rules.solving.witness import Witness
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


def contains(frame: Frame, witness: Witness, form: Term, tests: Callable[[], Tests]) -> Term:
    """That a case contains everything that is known in a witness, for which the form holds. Its numbers and times are in the
    ranges that make the form hold; of parties, references and acts, less is compared. `tests`: those in the form."""
    case, symbols = witness.found(), frame.symbols
    ranges = _ranges(frame, case, witness.at, form, tests)
    found = [each.term for each in ranges if each.listed is None]
    found += [_has(quantity, case["facts"][name]) for (name, _), quantity in symbols.facts.items()
              if name in case.get("facts", {})]  # fmt: skip
    for name in symbols.slots.keys() & case.keys():
        if case[name] is None:
            found.append(negated(symbols.is_listed(name)))
        else:
            inside = [each.term for each in ranges if each.listed == name]
            found.append(_has_rows(frame, symbols.slots[name], case[name], conj(*inside)))
    found += [disj(*(_is_act(frame, each, act) for each in symbols.acts)) for act in case.get("acts", ())]
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
    found += [disj(*(_is_act(frame, each, act) for each in symbols.acts)) for act in case.get("acts", ())]
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


def _has_rows(frame: Frame, slots: Sequence[Slot], rows: Sequence[Mapping[str, Any]], ranges: Term) -> Term:
    """That the rows are among the records of a list, in any order."""
    ways = []
    for places in islice(permutations(slots, len(rows)), MOST_PLACES):
        parts = [slot.present for slot in places]
        for slot, row in zip(places, rows, strict=True):
            parts += [_has(each, row[field]) for field, each in _fields(frame, slot) if field in row]
        ways.append(conj(*parts, _moved(frame, ranges, slots, places)))
    return disj(*ways)


def _moved(frame: Frame, ranges: Term, slots: Sequence[Slot], places: Sequence[Slot]) -> Term:
    """What is said of the numbers of the first records of a list, said of other records."""
    pairs = []
    for one, other in zip(slots, places, strict=False):
        its = dict(_fields(frame, other))
        for name, each in _fields(frame, one):
            if name in its and each.kind in NUMBERS:
                pairs += [(each.term, its[name].term), (each.given, its[name].given)]
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
        return frame.solve(conj(exact, *(each.term for each in kept), negated(form)), at) is False

    if not enough(found):
        return found
    for each in [*found]:
        without = [one for one in found if one is not each]
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
    lists = {str(each.quantity.term): each.listed for each in numbers}
    pairs = [(each.quantity.term, each.value) for each in numbers]
    pairs += [(each.quantity.given, YES) for each in numbers]
    for test, names in tests:
        if names & lists.keys():
            result = z3.simplify(z3.substitute(test, *pairs))
            if z3.is_true(result) or z3.is_false(result):
                of = {lists[each] for each in names & lists.keys()}
                yield _Range(
                    test if z3.is_true(result) else negated(test), of.pop() if len(of) == 1 else None
                )


def tests_in(form: Term) -> Tests:
    """The tests of numbers in a form, each with the names of the numbers that it reads."""
    found: list[tuple[Term, frozenset[str]]] = []
    read: dict[int, frozenset[str]] = {}
    waiting = [(form, False)]
    while waiting:
        each, seen = waiting.pop()
        number, parts = each.get_id(), each.children()
        if number in read:
            continue
        if not seen:
            waiting.append((each, True))
            waiting += [(part, False) for part in parts if part.get_id() not in read]
        elif not parts:
            read[number] = (
                frozenset([str(each)])
                if z3.is_arith(each) and each.decl().kind() == z3.Z3_OP_UNINTERPRETED
                else frozenset()
            )
        elif z3.is_bool(each):
            read[number] = frozenset()
            names = frozenset().union(*(read[part.get_id()] for part in parts))
            if names:
                found.append((each, names))
        else:
            read[number] = frozenset().union(*(read[part.get_id()] for part in parts))
    return tuple(found)


def _exactly(frame: Frame, case: Case) -> Term:
    """That nothing is known but what is known in the case. Numbers, times, parties and references may differ."""
    symbols, facts = frame.symbols, case.get("facts", {})
    found = []
    for (name, _), quantity in symbols.facts.items():
        found.append(_has(quantity, facts[name]) if name in facts else negated(quantity.given))
    for (listed, place, field, _), quantity in symbols.fields.items():
        row = _row(case, listed, place)
        found.append(_has(quantity, row[field]) if field in row else negated(quantity.given))
    for name, slots in symbols.slots.items():
        rows = case.get(name, ())
        found += [each.present if each.place < len(rows or ()) else negated(each.present) for each in slots]
        known = rows is not None if name in case else symbols.is_empty_if_absent(name)
        found.append(symbols.is_listed(name) if known else negated(symbols.is_listed(name)))
    acts = case.get("acts", ())
    for slot in symbols.acts:
        found.append(
            _is_act(frame, slot, acts[slot.place]) if slot.place < len(acts) else negated(slot.present)
        )
    return conj(*found)


# --- plain cases ----------------------------------------------------------------------------------------------------------


def is_part(smaller: Case, case: Case) -> bool:
    """Whether everything that is known in a case is so in another one, in the same places."""
    return _items(smaller) <= _items(case)


def _items(data: object, path: tuple[object, ...] = ()) -> set[tuple[object, ...]]:
    if isinstance(data, Mapping):
        return {item for key, each in data.items() for item in _items(each, (*path, key))}
    if isinstance(data, (list, tuple)):
        return {item for number, each in enumerate(data) for item in _items(each, (*path, number))}
    return {(*path, str(data))}
