"""The unknown case: symbols for each fact, for a bounded number of records in each list, and for some acts.

Instants are seconds from `at`, choices and roles are numbers of their names, references are indexes of
records in their list. Values that depend on the calendar are free symbols until `pinned` to an instant;
proofs without this are valid at any instant.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import attrs
import z3

from escalation_rules.policy.conditions import STEP, Condition
from escalation_rules.policy.vocabulary import Fact, RecordList, Vocabulary
from escalation_rules.solving.kleene_terms import NO, YES, Term, Truths, conj, disj, negated
from escalation_rules.solving.sizes import Bounds
from escalation_rules.solving.witness import ACT_PARAMETERS, PARAMETERS
from escalation_rules.solving.written import one_line
from escalation_rules.values import Enumerated, Kind, Party, Value

PARTIES = "parties"
SOME_TEXT = "…"
_YEAR = 365 * 24 * 60 * 60
EARLIEST, LATEST = -40 * _YEAR, 20 * _YEAR
"""The range of instants in a case, in seconds from `at`."""
USUAL = -_YEAR - 40 * 24 * 60 * 60, _YEAR // 2
"""The preferred range."""


@attrs.frozen(eq=False)
class Quantity:
    """A value that may be unknown. `given`: the case contains it; `known`: given or presumed; `names` of a
    numbered value; the list `to` of a reference."""

    kind: Kind
    given: Term
    known: Term
    term: Term
    names: tuple[str, ...] = ()
    to: str = ""


@attrs.frozen(eq=False)
class Slot:
    """A possible record of a list, at an index from 0. `values`: what its fields are, if that is stated; others are open."""

    list: str
    place: int
    present: Term
    values: Mapping[str, Quantity] | None = None


Scope = tuple[Slot, ...]
"""The records in scope, outermost first."""


@attrs.frozen(eq=False)
class ActSlot:
    """A possible act: the numbers of its action and outcome, and the index of its record (-1: none)."""

    place: int
    present: Term
    action: Term
    outcome: Term
    about: Term
    at: Term
    by: Quantity


class Symbols:
    """The symbols of one unknown case, shared by all policies and created on demand."""

    def __init__(self, vocabularies: Sequence[Vocabulary], currency: str | None, bounds: Bounds) -> None:
        self.vocabularies = vocabularies
        self.currency = currency
        self.bounds = bounds
        self.facts: dict[tuple[str, Kind], Quantity] = {}
        self.fields: dict[tuple[str, int, str, Kind], Quantity] = {}
        self.slots: dict[str, tuple[Slot, ...]] = {}
        self.listed: dict[str, Term] = {}
        self.rules: list[Term] = []
        self.actions_named: set[str] = set()
        self.used_currency = False
        self._others = 0
        self._apart: dict[str, Condition] = {}
        self.texts: dict[str, tuple[str, ...]] = {}
        self._free: dict[Hashable, Term] = {}
        self._words: dict[str, int] = {}
        self._hints: dict[str, Term] = {}
        self._pins: list[Callable[[datetime], Term]] = []
        self._ordered: dict[Hashable, dict[int, Term]] = {}
        self._acts: tuple[ActSlot, ...] | None = None
        self._possible: dict[tuple[int, str], Term] = {}
        self.roles = _united(vocabulary.roles for vocabulary in vocabularies)
        self.actions = _united(vocabulary.actions for vocabulary in vocabularies)
        self.outcomes = tuple(dict.fromkeys(
            outcome for vocabulary in vocabularies for action in vocabulary.actions.values() for outcome in action.outcomes
        ))  # fmt: skip

    # --- facts and fields ---------------------------------------------------------------------------------------------

    def fact(self, fact: Fact) -> Quantity:
        """A fact of the case, with this declaration."""
        key = (fact.name, fact.type.kind)
        if key not in self.facts:
            self.facts[key] = self._quantity(fact.name, fact)
        return self._presumed(self.facts[key], fact)

    def field(self, slot: Slot, fact: Fact) -> Quantity:
        """A field of a record, with this declaration; known only if the record exists."""
        if slot.values is not None:
            return slot.values.get(fact.name) or attrs.evolve(self.unnamed(fact), given=NO, known=NO)
        key = (slot.list, slot.place, fact.name, fact.type.kind)
        if key not in self.fields:
            full = f"{STEP if slot.list == PARAMETERS else slot.list}.{fact.name}"
            found = self._quantity(f"{slot.list}[{slot.place}].{fact.name}", fact, full)
            self.rules.append(z3.Implies(found.given, slot.present))
            self.fields[key] = found
        return self._presumed(self.fields[key], fact)

    def unnamed(self, fact: Fact) -> Quantity:
        """A value of this type that is no part of the case."""
        self._others += 1
        return self._quantity(f"other[{self._others}]", fact, f"{STEP}.{fact.name}")

    def _presumed(self, quantity: Quantity, fact: Fact) -> Quantity:
        """A quantity with the declaration's presumption if it is not given."""
        if fact.presume is None:
            return quantity
        value = fact.presume.name if isinstance(fact.presume, Party) else fact.presume
        if isinstance(value, bool):
            term = YES if value else NO
        else:
            term = z3.IntVal(quantity.names.index(value)) if isinstance(value, str) else self.number(value)
        return attrs.evolve(quantity, known=YES, term=z3.If(quantity.given, quantity.term, term))

    def _quantity(self, label: str, fact: Fact, full: str | None = None) -> Quantity:
        given, of = z3.Bool(f"{label}?"), fact.type
        if of.kind == "flag":
            return Quantity("flag", given, given, z3.Bool(label))
        if of.kind == "amount":
            amount = z3.Real(label)
            self.rules.append(amount >= 0)
            return Quantity("amount", given, given, amount)
        term = z3.Int(label)
        names = self._names(full or fact.name, fact)
        if full == f"{PARTIES}.role":
            self.rules.append(term < len(names))
        self.rules.append(z3.Implies(given, self._range(of.kind, term, names, getattr(of, "to", ""))))
        return Quantity(of.kind, given, given, term, names, getattr(of, "to", ""))

    def _names(self, full: str, fact: Fact) -> tuple[str, ...]:
        if fact.type.kind == "party":
            return self.roles
        found = [
            declaration
            for declaration in (vocabulary.declaration(full) for vocabulary in self.vocabularies)
            if declaration is not None
        ]
        if fact.type.kind == "text":
            presumed = (declaration.presume for declaration in found if isinstance(declaration.presume, str))
            return tuple(dict.fromkeys((*self.texts.get(full, (SOME_TEXT,)), *presumed)))
        types = [declaration.type for declaration in found] or [fact.type]
        return tuple(
            dict.fromkeys(
                name
                for value_type in types
                if isinstance(value_type, Enumerated)
                for name in value_type.names
            )
        )

    def _range(self, kind: Kind, term: Term, names: Sequence[str], to: str) -> Term:
        match kind:
            case "instant":
                return conj(term >= EARLIEST, term <= LATEST)
            case "party":
                people = (conj(term == len(names) + person.place, person.present) for person in self.people())
                return disj(conj(term >= 0, term < len(names)), *people)
            case "reference":
                return disj(*(conj(term == record.place, record.present) for record in self.records(to)))
            case "choice" | "level" | "text":
                return conj(term >= 0, term < max(len(names), 1))
        return term >= 0

    # --- records and acts ---------------------------------------------------------------------------------------------

    def records(self, name: str) -> tuple[Slot, ...]:
        """The possible records of a list; existing ones come first."""
        if name not in self.slots:
            made = tuple(
                Slot(name, place, z3.Bool(f"{name}[{place}]")) for place in range(self.bounds.of(name))
            )
            self.slots[name] = made
            self.rules += [z3.Implies(later.present, one.present) for one, later in pairwise(made)]
            self.rules += [z3.Implies(slot.present, self.is_listed(name)) for slot in made]
        return self.slots[name]

    def parameters(self) -> Slot:
        """The parameters of the act in question, as a record."""
        return Slot(PARAMETERS, 0, YES)

    def people(self) -> tuple[Slot, ...]:
        """The records in `parties`, if the vocabulary has this list."""
        return (
            self.records(PARTIES)
            if any(PARTIES in vocabulary.records for vocabulary in self.vocabularies)
            else ()
        )

    def is_listed(self, name: str) -> Term:
        """Whether the list is known. A case can make any list unknown."""
        if name not in self.listed:
            said = z3.Bool(f"{name}?")  # if the solver leaves it open, the case does not mention it
            self.listed[name] = negated(said) if self.is_empty_if_absent(name) else said
        return self.listed[name]

    def is_empty_if_absent(self, name: str) -> bool:
        """Whether a case that does not mention the list has none of its records."""
        return record_list(self.vocabularies, name).absent == "none"

    @property
    def acts(self) -> tuple[ActSlot, ...]:
        """The possible acts, of actions that rules test."""
        if self._acts is None:
            self._acts = tuple(self._act(place) for place in range(self.bounds.acts))
            self.rules += [z3.Implies(later.present, one.present)
                           for one, later in pairwise(self._acts)]  # fmt: skip
        return self._acts

    def _act(self, place: int) -> ActSlot:
        action, outcome, about, at = (
            z3.Int(f"act[{place}].{part}") for part in ("action", "outcome", "about", "at")
        )
        by = Quantity("party", YES, YES, z3.Int(f"act[{place}].by"), self.roles)
        self.rules += [self._range("party", by.term, self.roles, ""), at <= 0, at >= EARLIEST]
        return ActSlot(place, z3.Bool(f"act[{place}]"), action, outcome, about, at, by)

    def said(self, act: ActSlot, name: str, actions: Iterable[str]) -> Quantity:
        """A parameter of an act, if its action is one of these."""
        declared = self._parameter(name, actions)
        fresh = len(self.fields)
        found = self.field(Slot(ACT_PARAMETERS, act.place, act.present), declared)
        if len(self.fields) > fresh:  # acts of all actions that have such a parameter share it
            able = (action for action in self.actions if declared.type.kind in self._kinds_of(action, name))
            self.rules.append(
                z3.Implies(found.given, disj(*(act.action == self.actions.index(action) for action in able)))
            )
        return found

    def _kinds_of(self, action: str, parameter: str) -> set[Kind]:
        found = (
            vocabulary.actions[action].params
            for vocabulary in self.vocabularies
            if action in vocabulary.actions
        )
        return {params[parameter].type.kind for params in found if parameter in params}

    def wanted(self, step: Slot, name: str, actions: Iterable[str]) -> Quantity:
        """A parameter of a step, if acts of these actions have it, too."""
        return self.field(step, self._parameter(name, actions))

    def _parameter(self, name: str, actions: Iterable[str]) -> Fact:
        action = min(actions)
        declared = next(
            vocabulary.actions[action] for vocabulary in self.vocabularies if action in vocabulary.actions
        )
        return Fact(name, declared.params[name].type)

    def acts_that_can_be(self) -> list[Term]:
        """That the acts are valid: known actions, with one of their outcomes and a record of their list."""
        found = []
        for place, act in enumerate(self._acts or ()):
            named = [action for action in self.actions if action in self.actions_named]  # deterministic order
            for name in named:
                if (place, name) not in self._possible:
                    self._possible[place, name] = self._able(act, name)
            able = [self._possible[place, name] for name in named]
            found.append(z3.Implies(act.present, disj(*able)))
        return found

    def _able(self, act: ActSlot, name: str) -> Term:
        found = next(
            vocabulary.actions[name] for vocabulary in self.vocabularies if name in vocabulary.actions
        )
        outcomes = disj(*(act.outcome == self.outcomes.index(outcome) for outcome in found.outcomes))
        listed = any(found.about in vocabulary.records for vocabulary in self.vocabularies)
        records = (
            [conj(act.about == record.place, record.present) for record in self.records(found.about or "")]
            if listed
            else []
        )
        return conj(act.action == self.actions.index(name), outcomes, disj(act.about == -1, *records))

    def number_of_word(self, word: str) -> int:
        """A number for a word that a policy writes as the value of a parameter."""
        return self._words.setdefault(word, len(self._words))

    # --- free terms and the calendar ----------------------------------------------------------------------------------

    def free(self, key: Hashable, what: Condition) -> Truths:
        """A term for a test that is not encoded: it may have any truth, the same for all policies."""
        yes, no = self._symbol((key, True)), self._symbol((key, False))
        self._apart |= {str(yes): what, str(no): what}
        self.rules.append(negated(conj(yes, no)))
        return Truths(yes, no)

    def hint(self, free: Truths, meaning: Truths) -> None:
        """Note what the term of a test that is not encoded exactly means: it guides the search, and proves nothing."""
        hint = conj(free.yes == meaning.yes, free.no == meaning.no)
        self._hints |= {str(free.yes): hint, str(free.no): hint}

    def hinted(self, form: Term) -> Term:
        """The form, with the hints about its terms."""
        found = _constants(form) if self._hints else set()
        hints = {self._hints[name].get_id(): self._hints[name] for name in sorted(found & self._hints.keys())}
        return conj(form, *hints.values())

    def apart(self, form: Term) -> tuple[Condition, ...]:
        """The tests in a form that are not encoded, each once."""
        found = {
            one_line(condition): condition
            for condition in (self._apart[name] for name in _constants(form) & self._apart.keys())
        }
        return tuple(found[text] for text in sorted(found))

    def dated(self, key: Hashable, meaning: Callable[[datetime], Term]) -> Term:
        """A test that depends on the calendar: free until pinned to an instant, for which `meaning` returns
        its definition."""
        fresh = key not in self._free
        symbol = self._symbol(key)
        if fresh:
            self._pins.append(lambda at: symbol == meaning(at))
        return symbol

    def in_order(self, key: Hashable, number: int, term: Term) -> None:
        """Note that a test with a larger number implies those with smaller ones."""
        others = self._ordered.setdefault(key, {})
        if number not in others:
            self.rules += [z3.Implies(term, its) if number > other else z3.Implies(its, term)
                           for other, its in others.items()]  # fmt: skip
            others[number] = term

    def number(self, value: Value) -> Term:
        """A value as a number: a duration in seconds, an instant in seconds from `at`."""
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, timedelta):
            return z3.RealVal(str(Decimal(value // timedelta(microseconds=1)) / 10**6))
        return z3.RealVal(str(value)) if isinstance(value, Decimal) else z3.IntVal(int(str(value)))

    def moment(self, instant: datetime) -> Term:
        """An instant in a policy, in seconds from `at`."""
        fresh = instant not in self._free
        symbol = self._free.setdefault(instant, z3.Int(f"when[{len(self._free)}]"))
        if fresh:
            self._pins.append(lambda at: symbol == int((instant - at).total_seconds()))
        return symbol

    def pinned(self, at: datetime) -> list[Term]:
        """The definitions of calendar tests at an instant."""
        utc = at.astimezone(UTC)  # in a zone, a difference of times is one of clocks
        return [pin(utc) for pin in self._pins]

    def _symbol(self, key: Hashable) -> Term:
        return self._free.setdefault(key, z3.Bool(f"free[{len(self._free)}]"))

    def usual(self, *, past: bool) -> list[Term]:
        """Preferences for readable examples: instants are near or, with `past`, have passed, and amounts are integers from 1."""
        quantities = (*self.facts.values(), *self.fields.values())
        low, high = USUAL if not past else (USUAL[0], 0)
        near = [
            conj(quantity.term >= low, quantity.term <= high)
            for quantity in quantities
            if quantity.kind == "instant"
        ]
        return [
            *near,
            *(act.at >= low for act in self._acts or ()),
            *(
                conj(z3.IsInt(quantity.term), quantity.term >= 1)
                for quantity in quantities
                if quantity.kind == "amount"
            ),
        ]

    def size(self) -> list[Term]:
        """The conditions that make a case large; few of them should hold."""
        known = [quantity.given for quantity in (*self.facts.values(), *self.fields.values())]
        there = [slot.present for slots in self.slots.values() for slot in slots]
        said = [
            negated(size) if self.is_empty_if_absent(name) else size for name, size in self.listed.items()
        ]
        return [*known, *there, *(act.present for act in self._acts or ()), *said]


def _constants(form: Term) -> set[str]:
    """The names of the symbols in a form."""
    seen: set[int] = set()
    waiting, found = [form], set()
    while waiting:
        term = waiting.pop()
        if term.get_id() not in seen:
            seen.add(term.get_id())
            waiting += term.children()
            if z3.is_const(term):
                found.add(str(term))
    return found


def _united(names: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in names for name in group))


def record_list(vocabularies: Sequence[Vocabulary], name: str) -> RecordList:
    """The declaration of a list, from the first vocabulary that has it."""
    return next(vocabulary.records[name] for vocabulary in vocabularies if name in vocabulary.records)
