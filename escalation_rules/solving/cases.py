"""Converts a model of the solver to a minimal case as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import z3

from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.solving.kleene_terms import Term
from escalation_rules.solving.symbols import SOME_TEXT, Quantity, Symbols, record_list
from escalation_rules.solving.witness import ACT_PARAMETERS, PARAMETERS
from escalation_rules.solving.written import length_said
from escalation_rules.values import plain_instant

Case = dict[str, Any]
CASE_ID = "witness"


class Reading:
    """Reads one model of the solver."""

    def __init__(self, symbols: Symbols, model: Term, at: datetime) -> None:
        self.symbols = symbols
        self.model = model
        self.at = at

    def case(self) -> Case:
        """The case as plain data; `params` are those of the act in question."""
        symbols = self.symbols
        data: Case = {"id": CASE_ID} | ({"currency": symbols.currency} if symbols.currency else {})
        facts = {
            name: self._value(quantity)
            for (name, _), quantity in symbols.facts.items()
            if self._holds(quantity.given)
        }
        if facts:
            data["facts"] = facts
        for name in symbols.slots:
            rows = [
                self._record(name, slot.place) for slot in symbols.slots[name] if self._holds(slot.present)
            ]
            listed = self.model.eval(symbols.is_listed(name), model_completion=True)
            if symbols.is_empty_if_absent(name) and z3.is_false(listed):
                data[name] = None
            elif rows or (z3.is_true(listed) and not symbols.is_empty_if_absent(name)):
                data[name] = rows
        if params := self._fields(PARAMETERS, 0):
            data[PARAMETERS] = params
        acts = [self._act(act) for act in symbols._acts or () if self._holds(act.present)]
        if acts:
            data["acts"] = acts
        return data

    def _record(self, name: str, place: int) -> dict[str, Any]:
        return {"id": self._id(name, place), **self._fields(name, place)}

    def _fields(self, name: str, place: int) -> dict[str, Any]:
        return {field: self._value(quantity) for (listed, number, field, _), quantity in self.symbols.fields.items()
                if (listed, number) == (name, place) and self._holds(quantity.given)}  # fmt: skip

    def _act(self, act: Any) -> dict[str, Any]:
        name = self.symbols.actions[self._number(act.action)]
        vocabulary = next(declared for declared in self.symbols.vocabularies if name in declared.actions)
        about, listed = self._number(act.about), vocabulary.actions[name].about
        data = {"action": name, "by": self._value(act.by), "at": self._instant(act.at),
                "outcome": self.symbols.outcomes[self._number(act.outcome)]}  # fmt: skip
        data |= {"about": self._id(listed, about)} if about >= 0 and listed else {}
        params = self._fields(ACT_PARAMETERS, act.place)
        return data | ({"params": params} if params else {})

    def _id(self, name: str, place: int) -> str:
        return f"{record_list(self.symbols.vocabularies, name).each}-{place + 1}"

    def _value(self, quantity: Quantity) -> object:
        match quantity.kind:
            case "flag":
                return self._holds(quantity.term)
            case "instant":
                return self._instant(quantity.term)
            case "amount":
                return self._amount(quantity.term)
            case "text" if not quantity.names:  # any text other than the distinguished ones
                return SOME_TEXT
            case "choice" | "level" | "text":
                return quantity.names[self._number(quantity.term)]
            case "party":
                number = self._number(quantity.term)
                people = number - len(quantity.names)
                return quantity.names[number] if people < 0 else self._id("parties", people)
            case "reference" | "references":
                return self._id(quantity.to, self._number(quantity.term))
            case "duration":
                return length_said(f"PT{self._number(quantity.term)}S")
            case "count":
                return self._number(quantity.term)

    def _instant(self, term: Term) -> str:
        moment = self.at.astimezone(UTC) + timedelta(seconds=self._number(term))
        return (
            plain_instant(moment)
            if self.at.tzinfo in {None, UTC}
            else moment.astimezone(self.at.tzinfo).isoformat()
        )

    def _holds(self, term: Term) -> bool:
        return (
            z3.is_true(self.model.eval(term, model_completion=True))
            if z3.is_true(term) or self._set(term)
            else False
        )

    def _set(self, term: Term) -> bool:
        return not z3.is_const(term) or self.model.eval(term) is not None

    def _number(self, term: Term) -> int:
        return int(self.model.eval(term, model_completion=True).as_long())

    def _amount(self, term: Term) -> int | float:
        found = self.model.eval(term, model_completion=True).as_fraction()
        amount = (Decimal(found.numerator) / Decimal(found.denominator)).quantize(Decimal("0.01"))
        return int(amount) if amount == amount.to_integral_value() else float(amount)


# --- cases valid for both policies ------------------------------------------------------------------------------------


def readable(case: Case, vocabulary: Vocabulary) -> Case:
    """The case without names that are unknown to a vocabulary."""
    found = {key: value for key, value in case.items() if key in {"id", "currency"}}
    facts = {name: value for name, value in case.get("facts", {}).items() if _fits(vocabulary, name, value)}
    if facts:
        found["facts"] = facts
    for name, rows in case.items():
        if name in vocabulary.records:
            found[name] = None if rows is None else [
                {key: value for key, value in row.items() if key == "id" or _fits(vocabulary, f"{name}.{key}", value)}
                for row in rows
            ]  # fmt: skip
    acts = [act for act in case.get("acts", ()) if act["action"] in vocabulary.actions
            and act["outcome"] in vocabulary.actions[act["action"]].outcomes]  # fmt: skip
    return found | ({"acts": acts} if acts else {})


def _fits(vocabulary: Vocabulary, name: str, value: object) -> bool:
    declared = vocabulary.declaration(name)
    if declared is None or declared.concluded:
        return False
    names = getattr(declared.type, "names", None)
    return names is None or value in names


# --- minimising -------------------------------------------------------------------------------------------------------


def smallest(case: Case, keeps: Callable[[Case], bool]) -> Case:
    """Remove everything that is not needed, one item at a time; `keeps` tests whether the case still shows the result."""
    shrinking = True
    while shrinking:
        shrinking = False
        for smaller in _smaller(case):
            if keeps(smaller):
                case, shrinking = smaller, True
                break
    return case


def _smaller(case: Case) -> Iterator[Case]:
    """Copies of the case with one item removed: first lists and records, then fields and facts, then with
    simpler values."""
    for name in [key for key, value in case.items() if value is None]:
        yield {key: value for key, value in case.items() if key != name}
    for name in [key for key, value in case.items() if isinstance(value, list)]:
        yield {key: value for key, value in case.items() if key != name}
        for index in reversed(range(len(case[name]))):
            if len(case[name]) > 1:
                yield _without(case, (name, index))
    for part in ("facts", PARAMETERS):
        yield from (_without(case, (part, name)) for name in case.get(part, {}))
    for name in [key for key, value in case.items() if isinstance(value, list) and key != "acts"]:
        for index, row in enumerate(case[name]):
            yield from (_without(case, (name, index, field)) for field in row if field != "id")
    for index, act in enumerate(case.get("acts", ())):
        for part in ("about", "params"):
            if part in act:
                yield _without(case, ("acts", index, part))
    if "currency" in case:
        yield {key: value for key, value in case.items() if key != "currency"}


def _without(case: Case, path: Sequence[Any]) -> Case:
    """A copy without the value at a path, and without `facts` if that becomes empty."""
    copy = deepcopy(case)
    place: Any = copy
    for key in path[:-1]:
        place = place[key]
    del place[path[-1]]
    for part in ("facts", PARAMETERS):
        if not copy.get(part, True):
            del copy[part]
    return copy


def size(case: Mapping[str, Any]) -> int:
    """The size of a case: the number of facts, records with their fields, and acts."""
    rows = [row for value in case.values() if isinstance(value, list) for row in value]
    return len(case.get("facts", {})) + sum(len(row) for row in rows)
