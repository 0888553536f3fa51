"""Searches for a case: the solver proposes one, the engine confirms it, and unneeded parts are removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice, product
from typing import Literal

import attrs
import z3

from escalation_rules.once import once
from escalation_rules.policy.conditions import STEP, Condition, DuringTest, FactTest, Hours, Name
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.operands import written
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving import domains
from escalation_rules.solving.cases import Case, Reading, smallest
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import YES, Term, conj, disj
from escalation_rules.solving.sizes import Bounds, Size
from escalation_rules.solving.symbols import Symbols
from escalation_rules.solving.written import currencies_in

Keeps = Callable[[Case, datetime], int]
"""Whether a case shows what is looked for (0: no), and how well. Parts are removed only if it then shows it as well."""
Query = Callable[["Frame"], Sequence[Term]]
"""Forms of a query, strictest first. The last is the actual query; those before it are easier to confirm."""

TRIES = 4
TRIES_IN_ALL, TRIES_MORE = 80, 12
"""How many cases are tried: for one form, size and instant; for one question; and for that in each further currency."""
TRIES_NEAR = 40
"""How many cases are tried in all, one for each instant, if a question names its instants."""
PATIENCE = 50_000_000
"""The solver's limit for one proof, and for finding one case, in steps instead of time, so that results are the same on all
machines."""
SIZES = (2, 4, 8, 16, None)
"""The increasing limits on the size of a case. Small cases are found first and are faster to confirm."""
IN_THE_PAST = SIZES[:2]
"""The sizes at which everything in a case has already happened."""
MOST_CHANGES = 12
_HOUR, _MONTH = timedelta(hours=1), timedelta(days=30)
DAYS = (time(10), time(23, 30))


@attrs.frozen
class Found:
    """The result of a search: a case, a proof that there is none, or neither (and why)."""

    outcome: Literal["case", "none", "unconfirmed", "gave-up", "too-large"]
    case: Case | None = None
    at: datetime | None = None
    apart: tuple[Condition, ...] = ()
    """The tests that the solver does not look into."""


class Frame:
    """Policies over the symbols of one unknown case, in one currency. `conditions`: those that queries may contain."""

    def __init__(
        self,
        models: Sequence[PolicyModel],
        currency: str | None,
        bounds: Bounds,
        conditions: Sequence[Condition],
    ) -> None:
        self.symbols = Symbols([model.vocabulary for model in models], currency, bounds)
        self.symbols.texts = _texts(conditions, currency, models)
        self.encoders = [Encoder(model, self.symbols) for model in models]
        # A context of its own: what else the process has asked the solver must not change a result.
        self._solver = z3.Solver(ctx=z3.Context())
        self._solver.set("rlimit", PATIENCE)
        self._told = 0
        self.steps = 0
        """The steps that the solver has taken so far."""

    @property
    def pair(self) -> tuple[Encoder, Encoder]:
        """The encoders of two policies."""
        old, new = self.encoders
        return old, new

    def solve(self, form: Term, at: datetime | None) -> Term | Literal[False] | None:
        """A model in which a form holds (at an instant); False if there is none, None if the solver gave up."""
        symbols, solver = self.symbols, self._solver
        acts = symbols.acts_that_can_be()  # may add rules
        self._tell(*symbols.rules[self._told :])
        self._told = len(symbols.rules)
        solver.push()
        try:
            self._tell(form, *acts, *(symbols.pinned(at) if at is not None else ()))
            answer = solver.check()
            self.steps = int(solver.statistics().get_key_value("rlimit count"))
            if answer == z3.sat:
                return solver.model().translate(z3.main_ctx())
            return False if answer == z3.unsat else None
        finally:
            solver.pop()

    def needed(self, form: Term, assumed: Sequence[Term], at: datetime | None) -> tuple[int, ...] | None:
        """Which of the assumed terms a form needs to be impossible, by number; none of them can be left out. None if it is
        possible, or that could not be decided."""
        kept = list(range(len(assumed)))
        if self.solve(conj(form, *assumed), at) is not False:
            return None
        if self.solve(form, at) is False:
            return ()
        size = len(kept)
        while size:
            for start in range(0, len(kept), size):
                left = [*kept[:start], *kept[start + size :]]
                if self.solve(conj(form, *(assumed[number] for number in left)), at) is False:
                    kept = left
                    break
            else:
                size = size // 2
            size = min(size, len(kept))
        return tuple(kept)

    def _tell(self, *terms: Term) -> None:
        self._solver.add(*(term.translate(self._solver.ctx) for term in terms))


class Search:
    """Searches for cases of some policies, which are encoded once for each currency and size of cases. `besides`: conditions
    outside the policies that queries contain."""

    def __init__(
        self, models: Sequence[PolicyModel], bounds: Bounds, besides: Sequence[Condition] = ()
    ) -> None:
        self.models = models
        self.bounds = bounds
        self._conditions = (*(condition for model in models for condition in conditions_in(model)), *besides)
        self._frames: dict[tuple[str | None, Bounds], Frame] = {}
        self._currencies = (*sorted(_currencies(models, self._conditions)), None)

    def frame(self, currency: str | None, bounds: Bounds | None = None) -> Frame:
        """The policies in one currency."""
        key = currency, bounds or self.bounds
        if key not in self._frames:
            self._frames[key] = Frame(self.models, *key, self._conditions)
        return self._frames[key]

    @once
    def moments(self) -> tuple[datetime, ...]:
        """The instants at which cases are tried: day and night of a working day and of a Sunday, changes of
        hours, and instants near those in the policies."""
        zone = next((model.vocabulary.zone for model in self.models if model.vocabulary.zone), None)
        days = [date(2026, 3, 4), date(2026, 3, 8)]
        usual = [datetime.combine(day, hour, zone or domains.AT.tzinfo) for day in days for hour in DAYS]
        changes = (change for hours in _hours(self._conditions) for change in _changes(hours, usual[0]))
        named = (
            instant + step for instant in _instants(self._conditions) for step in (-_HOUR, _HOUR, -_MONTH)
        )
        return tuple(dict.fromkeys((*usual, *islice(changes, MOST_CHANGES), *islice(named, MOST_CHANGES))))

    def find(
        self, query: Query, keeps: Keeps, size: Size | None = None, near: Sequence[datetime] = ()
    ) -> Found:
        """A case for which the query holds and that `keeps` confirms, or a proof that there is none. With `near`, cases are
        tried at these instants only.

        The cases are as large as `bounds` or, if that is not enough for the conditions of this `size`, larger. If they
        cannot be large enough for each single test, nothing is proven.
        """
        proven: Found | None = None
        for bounds in self._bounds(size):
            found = self._find_within(bounds, query, keeps, near)
            if found.outcome != "none":
                return found if proven is None or found.outcome != "gave-up" else proven
            if size is None or size.is_counted_in(bounds):
                proven = found
        return proven or Found("too-large")

    def _find_within(self, bounds: Bounds, query: Query, keeps: Keeps, near: Sequence[datetime]) -> Found:
        answers: list[Found] = []
        for currency in self._currencies:
            frame = self.frame(currency, bounds)
            tries = TRIES_NEAR if near else TRIES_IN_ALL
            if any(answer.outcome != "none" for answer in answers):
                tries = TRIES_MORE
            found = self._find_in(frame, query, keeps, tries, near)
            if found.outcome == "case":
                return found
            answers.append(found)
            if found.outcome == "none" and not frame.symbols.used_currency:
                break
        return next((answer for answer in answers if answer.outcome != "none"), answers[0])

    def impossible(self, query: Query, size: Size | None = None) -> bool | None:
        """Whether it is proven that there is no such case, in any currency; None if that could not be decided.

        With a `size`, it is only proven if cases can be large enough for all conditions together.
        """
        tried = self._bounds(size)
        for bounds in tried:
            found = self._impossible_within(bounds, query)
            if not found:
                return found
        return True if size is None or size.fits(tried[-1]) else None

    def _impossible_within(self, bounds: Bounds, query: Query) -> bool | None:
        for currency in self._currencies:
            frame = self.frame(currency, bounds)
            found = frame.solve(query(frame)[-1], None)
            if found is not False:
                return None if found is None else False
            if not frame.symbols.used_currency:
                break
        return True

    def _bounds(self, size: Size | None) -> tuple[Bounds, ...]:
        return (self.bounds,) if size is None else size.bounds(self.bounds)

    def _find_in(
        self, frame: Frame, query: Query, keeps: Keeps, tries: int, near: Sequence[datetime]
    ) -> Found:
        forms = query(frame)
        free = frame.solve(forms[-1], None)
        if free is None:
            return Found("gave-up")
        if free is False:
            return Found("none")
        hinted = list(dict.fromkeys((*map(frame.symbols.hinted, forms), forms[-1])))
        left, last = tries, frame.steps + PATIENCE
        for form, most in product(hinted, SIZES):
            for at in near or self.moments:
                if left <= 0 or frame.steps >= last:
                    break
                tested = conj(form, self._no_larger(frame, most))
                case, tried = self._confirmed(frame, tested, at, keeps, 1 if near else TRIES)
                if case is not None:
                    return Found("case", case, at)
                left -= tried
                if not near and not frame.symbols.pinned(at):
                    break
        return Found("unconfirmed", apart=frame.symbols.apart(forms[-1]))

    @staticmethod
    def _no_larger(frame: Frame, most: int | None) -> Term:
        """That a case is not larger than `most`, and has usual values."""
        parts = frame.symbols.size()
        if most is None or not parts:
            return YES
        usual = frame.symbols.usual(past=most in IN_THE_PAST)
        return conj(z3.PbLe([(part, 1) for part in parts], most), *usual)

    def _confirmed(
        self, frame: Frame, form: Term, at: datetime, keeps: Keeps, most: int
    ) -> tuple[Case | None, int]:
        """A case that was confirmed, and how many were tried."""
        blocked: list[Term] = []
        for number in range(most):
            model = frame.solve(conj(form, *blocked), at)
            if model is None or model is False:
                return None, number
            case = Reading(frame.symbols, model, at).case()
            if shows := keeps(case, at):
                return smallest(case, lambda smaller: keeps(smaller, at) >= shows), number
            blocked.append(_otherwise(frame, model))
        return None, most


def _otherwise(frame: Frame, model: Term) -> Term:
    """That the case differs from the model in which values are given."""
    return disj(*(term != model.eval(term, model_completion=True) for term in frame.symbols.size()))


def _hours(conditions: Iterable[Condition]) -> Iterator[Hours]:
    """The hours of the day in conditions."""
    for condition in conditions:
        yield from (test.hours for test in condition.walk() if isinstance(test, DuringTest))


def _instants(conditions: Iterable[Condition]) -> Iterator[datetime]:
    """The instants in conditions."""
    operands = (operand for _, operator in _tests(conditions) for operand in domains.literals(operator))
    values = (value for operand in operands for _, value in written(operand))
    yield from dict.fromkeys(value for value in values if isinstance(value, datetime))


def _changes(hours: Hours, start: datetime) -> Iterator[datetime]:
    """The next two instants at which the hours begin or end."""
    for _ in range(2):
        change = hours.calendar.next_change(start)
        if change is None:
            return
        start = change.astimezone(start.tzinfo)
        yield start


def _texts(
    conditions: Iterable[Condition], currency: str | None, models: Iterable[PolicyModel]
) -> dict[str, tuple[str, ...]]:
    """The texts that distinguish the tests of each fact or field; none if there are too many."""
    found: dict[str, tuple[Fact, list[Operator]]] = {}
    for name, operator in _tests(conditions):
        if name is not None and name.fact.type.kind == "text":
            found.setdefault(name.full, (name.fact, []))[1].append(operator)
    for name, parameter in _stated(models):  # tests of a parameter are tests of what it is taken from
        if (tested := found.get(f"{STEP}.{parameter}")) is not None and name.fact.type.kind == "text":
            found.setdefault(name.full, (name.fact, []))[1].extend(tested[1])
    known = {
        full: domains.values(fact.type, operators, currency) for full, (fact, operators) in found.items()
    }
    return {full: tuple(map(str, values or ())) for full, values in known.items()}


def _stated(models: Iterable[PolicyModel]) -> Iterator[tuple[Name, str]]:
    """The facts and fields that rules state as parameters, each with the parameter."""
    for model in models:
        for rule in model.rules:
            yield from (
                (name, parameter)
                for step in rule.recommends
                for parameter, value in step.params
                for name in value.names()
            )


def _currencies(models: Sequence[PolicyModel], conditions: Iterable[Condition]) -> set[str]:
    params = (effect.params for model in models for rule in model.rules for effect in rule.recommends)
    return {currency for condition in (*conditions, *params) for currency in currencies_in(condition)}


def tests_of(model: PolicyModel) -> Iterator[tuple[Name | None, Operator]]:
    """All tests of values in a policy: of a name, or of a count or a sum (None)."""
    return _tests(conditions_in(model))


def _tests(conditions: Iterable[Condition]) -> Iterator[tuple[Name | None, Operator]]:
    for condition in conditions:
        for inner in condition.walk():
            if isinstance(inner, FactTest):
                yield inner.name, inner.operator
            elif isinstance(inner, (Count, Sum)):
                yield from ((None, test) for test in inner.tests)


def conditions_in(model: PolicyModel) -> Iterator[Condition]:
    """All top-level conditions of a policy."""
    yield from (condition for ruleset in model.rulesets.values() for condition in ruleset.conditions)
    yield from (condition for rule in model.rules for condition in rule.conditions)
