"""Encodes operators as terms: as tables of their results for few values, otherwise arithmetically."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import attrs
import z3

from escalation_rules.calendar import DatesOfYear, Deadline, Duration, StartOf, WorkingCalendar, deadline
from escalation_rules.policy.conditions import Hours, Situation, Truth
from escalation_rules.policy.conditions.during import During
from escalation_rules.policy.conditions.forms import OneOperand
from escalation_rules.policy.conditions.operands import Operand, Other, PerCurrency
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import Membership, SameAs
from escalation_rules.policy.conditions.relations import EQUAL, UNEQUAL, Relation
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.conditions.timing import ComingWithin, NewerThan, OlderThan, OverdueAfter, Passed
from escalation_rules.solving.domains import AT, situation
from escalation_rules.solving.kleene_terms import (
    NO,
    YES,
    Term,
    Truths,
    among,
    both,
    conj,
    constant,
    decided,
    disj,
    either,
    negated,
)
from escalation_rules.solving.symbols import EARLIEST, Quantity, Symbols
from escalation_rules.values import Party, Value

HOLIDAYS = timedelta(days=14)
"""How much longer working time may take than at a usual time of the year."""
Lookup = Callable[[Other], Quantity]
RoleOf = Callable[[int], Quantity]


class Tests:
    """Encodes tests of known values. `calendars` are those of the policy."""

    def __init__(self, symbols: Symbols, calendars: dict[str, WorkingCalendar], default: str | None) -> None:
        self.symbols = symbols
        self.calendars = calendars
        self.default = default
        self._here = situation(symbols.currency)
        # With the term of the party, as keys use its number.
        self._by_role: dict[tuple[int, tuple[Truth, ...]], tuple[Term, Truths]] = {}

    def of(self, operator: Operator, value: Quantity, lookup: Lookup, role_of: RoleOf) -> Truths | None:
        """The truth of the operator for a known value; None if it cannot be encoded."""
        if any(True for _ in operator.values()):
            return None  # a value that is worked out is not looked into
        parts = operator.split()
        if len(parts) > 1:
            found = [self.of(part, value, lookup, role_of) for part in parts]
            known = [truth for truth in found if truth is not None]
            return both(known) if len(known) == len(found) else None
        match value.kind:
            case "flag":
                return self._of_flag(operator, value, lookup)
            case "party":
                return self._of_party(operator, value, lookup, role_of)
            case "text" if not value.names or any(operator.names()):
                return None  # too many texts to distinguish
            case "choice" | "level" | "text":
                return self._of_name(operator, value, lookup)
            case "reference":
                return self._compared(operator, value, lookup) if any(operator.names()) else None
            case "instant":
                timed = self._of_instant(operator, value.term)
                return timed or self._compared(operator, value, lookup)
        return self._compared(operator, value, lookup)

    def _of_flag(self, operator: Operator, value: Quantity, lookup: Lookup) -> Truths | None:
        if any(operator.names()):
            return self._compared(operator, value, lookup)
        yes, no = (constant(self._holds(operator, truth)) for truth in (True, False))
        return either((both((decided(value.term), yes)), both((decided(negated(value.term)), no))))

    def _holds(self, operator: Operator, value: Value) -> Truth:
        try:
            return operator.holds(value, self._here, ())
        except ValueError:  # a level of another policy
            return False

    # --- names ----------------------------------------------------------------------------------------------------------

    def of_texts(self, operator: Operator, value: Quantity, lookup: Lookup) -> Truths | None:
        """What a comparison of two texts means if they are among those that other tests distinguish: this guides the search."""
        return self._of_name(operator, value, lookup).given(value.known) if value.names else None

    def _of_name(self, operator: Operator, value: Quantity, lookup: Lookup) -> Truths:
        if not isinstance(operator, OneOperand) or not isinstance(operator.operand, Other):
            return among(value.term, [self._holds(operator, name) for name in value.names])
        other = lookup(operator.operand)
        pairs = [(conj(value.term == mine, other.term == its), operator.compare(one, name))
                 for mine, one in enumerate(value.names) for its, name in enumerate(other.names)]  # fmt: skip
        found = Truths(
            *(disj(*(term for term, truth in pairs if truth is wanted)) for wanted in (True, False))
        )
        return found.given(other.known)

    def _of_party(
        self, operator: Operator, value: Quantity, lookup: Lookup, role_of: RoleOf
    ) -> Truths | None:
        if isinstance(operator, SameAs) and isinstance(operator.operand, Other):
            same = self._same_person(value, lookup(operator.operand), role_of)
            return same.contrary if operator.relation is UNEQUAL else same
        if not operator.by_value:
            return None
        return self.by_role(value, lambda role: self._holds(operator, Party(role, role)), role_of)

    def by_role(self, party: Quantity, test: Callable[[str], Truth], role_of: RoleOf) -> Truths:
        """A test of a party's role, its own or that of its record; unknown if the role is."""
        truths = tuple(map(test, party.names))
        key = party.term.get_id(), truths
        if key not in self._by_role:
            self._by_role[key] = party.term, self._of_roles(party, truths, role_of)
        return self._by_role[key][1]

    def _of_roles(self, party: Quantity, truths: Sequence[Truth], role_of: RoleOf) -> Truths:
        found = [among(party.term, truths)]
        for person in self.symbols.people():
            role = role_of(person.place)
            is_this = party.term == len(truths) + person.place
            found.append(among(role.term, truths).given(conj(is_this, role.known)))
        return Truths(disj(*(truth.yes for truth in found)), disj(*(truth.no for truth in found)))

    def role(self, party: Quantity, role_of: RoleOf) -> tuple[Term, Term]:
        """Whether the role of a party is known, and its number."""
        roles, known, term = party.names, party.term < len(party.names), party.term
        for person in self.symbols.people():
            role, is_this = role_of(person.place), party.term == len(roles) + person.place
            known = disj(known, conj(is_this, role.known))
            term = z3.If(is_this, role.term, term)
        return known, term

    def _same_person(self, one: Quantity, other: Quantity, role_of: RoleOf) -> Truths:
        alike = one.term == other.term
        persons = conj(one.term >= len(one.names), other.term >= len(other.names))
        (known, mine), (its_known, its) = self.role(one, role_of), self.role(other, role_of)
        roles = conj(negated(alike), negated(persons), known, its_known)
        found = Truths(
            disj(alike, conj(roles, mine == its)),
            disj(conj(negated(alike), persons), conj(roles, mine != its)),
        )
        return found.given(other.known)

    # --- numbers --------------------------------------------------------------------------------------------------------

    def _compared(self, operator: Operator, value: Quantity, lookup: Lookup) -> Truths | None:
        if isinstance(operator, Membership):
            found = either(self._related(EQUAL, operand, value, lookup) for operand in operator.operands)
            return found if operator.wanted else found.contrary
        if not isinstance(operator, OneOperand) or operator.relation is None:
            return None
        if isinstance(operator.operand, Shifted) and not operator.operand.by.is_elapsed:
            return None  # depends on the calendar
        return self._related(operator.relation, operator.operand, value, lookup)

    def _related(self, relation: Relation, operand: Operand, value: Quantity, lookup: Lookup) -> Truths:
        other = self._operand(operand, value, lookup)
        return decided(relation.between(value.term, other.term)).given(other.known)

    def _operand(self, operand: Operand, beside: Quantity, lookup: Lookup) -> Quantity:
        if isinstance(operand, Other):
            return lookup(operand)
        if isinstance(operand, Shifted):
            return shifted(lookup(Other(operand.name)), operand)
        if isinstance(operand, PerCurrency):
            self.symbols.used_currency = True
        value = operand.get(self._here, ())
        if value is None:
            return Quantity(beside.kind, NO, NO, beside.term)
        return Quantity(beside.kind, YES, YES, self.symbols.number(value))

    # --- time -----------------------------------------------------------------------------------------------------------

    def _of_instant(self, operator: Operator, moment: Term) -> Truths | None:
        match operator:
            case Passed():
                return decided(moment <= 0 if operator.wanted else moment > 0)
            case OlderThan():
                return decided(self.reached(moment, operator.duration))
            case NewerThan():
                return decided(negated(self.reached(moment, operator.duration)))
            case OverdueAfter(deadline=limit) if limit.is_elapsed:
                return decided(moment <= -_seconds(limit.as_timedelta()))
            case ComingWithin():
                return decided(conj(moment > 0, moment <= _seconds(operator.ahead)))
            case During():
                return decided(self.during(moment, operator.hours))
        return None

    def reached(self, moment: Term, duration: Duration | StartOf) -> Term:
        """Whether the duration has passed since an instant."""
        if isinstance(duration, Duration) and duration.is_elapsed:
            return moment <= -_seconds(duration.as_timedelta())
        calendar = self.calendars[duration.calendar or self.default or ""]
        key = ("reached", moment.get_id(), str(duration), repr(calendar))
        found = self.symbols.dated(key, lambda at: moment <= self._last_reached(duration, at))
        if isinstance(duration, Duration):
            self.symbols.in_order((key[:2], duration.unit, repr(calendar)), duration.amount, found)
        return found

    def _last_reached(self, duration: Duration | StartOf, at: datetime) -> int:
        """The latest instant, in seconds from `at`, since which the working time has passed."""
        low, high = -_seconds(timedelta(days=2)), 0
        while low > EARLIEST and not self._is_over(duration, low, at):
            low *= 2
        while low < high:
            middle = (low + high + 1) // 2
            if (
                duration.interval_after(at + timedelta(seconds=middle), self.calendars, self.default or "")
                <= at
            ):
                low = middle
            else:
                high = middle - 1
        return low

    def _is_over(self, duration: Duration | StartOf, moment: int, at: datetime) -> bool:
        return (
            duration.interval_after(at + timedelta(seconds=moment), self.calendars, self.default or "") <= at
        )

    def at_most(self, limit: Deadline) -> int:
        """About how many seconds a time limit by the calendar can last at most. It guides the search, and proves nothing."""
        try:
            end = deadline(limit, AT, (), self.calendars, self.default or "")
        except (OverflowError, ValueError):
            return -EARLIEST
        return _seconds(abs(end - AT) + HOLIDAYS)

    def during(self, moment: Term | None, hours: Hours) -> Term:
        """Whether an instant (None: now) is within the hours."""
        key = ("during", None if moment is None else moment.get_id(), str(hours), repr(hours.calendar))
        return self.symbols.dated(key, lambda at: _during(moment, hours, at))


def _during(moment: Term | None, hours: Hours, at: datetime) -> Term:
    if moment is None:
        return YES if hours.hold(at) else NO
    spans: list[Term] = []
    span = timedelta(days=800 if isinstance(hours.calendar, DatesOfYear) else 8)
    start, end = at - span, at + span
    while start < end:
        change = hours.calendar.next_change(start)
        until = end if change is None else min(change, end)
        if hours.hold(start):
            low, high = (int((instant - at).total_seconds()) for instant in (start, until))
            spans.append(conj(moment >= low, moment < high))
        start = until
    return disj(*spans)


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())


def shifted(moment: Quantity, operand: Shifted) -> Quantity:
    """An instant with the offset, which is elapsed time, of an operand."""
    length = _seconds(operand.by.as_timedelta())
    return attrs.evolve(moment, term=moment.term + length if operand.later else moment.term - length)


def by_count(tests: Sequence[Operator], here: Situation, count: int) -> Truth:
    """Whether a count passes all tests."""
    found: Truth = True
    for operator in tests:
        truth = operator.holds(count, here, ())
        if truth is False:
            return False
        found = None if truth is None else found
    return found
