"""Converts conditions to formulas over variables: one for each tested fact, count or sum, and for each other test."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from itertools import permutations

import attrs

from escalation_rules.once import once
from escalation_rules.policy.conditions import Condition, FactTest, GivenTest, Selection, Truth
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.names import Name, ViaName, meaning_of
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.records import Some
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving import domains
from escalation_rules.solving.kleene import Node, formula
from escalation_rules.solving.satisfy import Formula, Leaf, can_be
from escalation_rules.values import Value

OPEN: tuple[Truth, ...] = (True, False, None)
Combine = Callable[[Sequence[Formula]], Formula]


@attrs.frozen
class State:
    """A possible state of a variable: its value (None: unknown), and whether the case gives it."""

    value: Value | None
    given: bool = True


UNKNOWN = State(None, given=False)


@attrs.define
class Variable:
    """A tested value: `of` a fact, or a count or sum that starts at it; None for a single test.

    `operators` are those applied to it, `states` the values that distinguish them. If it is `vague`, its
    values cannot be listed, and each of its tests is a separate variable.
    """

    number: int
    of: Fact | Value | None
    through_reference: bool = False
    operators: list[Operator] = attrs.Factory(list)
    states: tuple[State, ...] = ()
    vague: bool = False

    def lay_out(self, currency: str | None) -> None:
        """Determine the states, for a case in this currency."""
        self.vague = False
        if self.of is None:
            self.states = (UNKNOWN,) * len(OPEN)
        elif isinstance(self.of, Fact):
            self.states = tuple(self._of_fact(self.of, currency))
        else:
            found = domains.totals(self.of, self.operators, currency)
            self.states = (*(State(value) for value in found), UNKNOWN)

    def _of_fact(self, fact: Fact, currency: str | None) -> Iterator[State]:
        found = domains.values(fact.type, self.operators, currency)
        self.vague = found is None
        for value in [""] if found is None else found:
            yield State(value)
        if fact.presume is not None:
            yield State(fact.presume, given=False)
        if fact.presume is None or self.through_reference:
            yield UNKNOWN


@attrs.frozen(eq=False)
class _Test:
    """A test of one variable; `alone` is its own variable if the variable is vague."""

    variable: Variable
    truth: Callable[[State], Truth] | None = None
    alone: Variable | None = None


Draft = _Test | Node[_Test]


class Solver:
    """Reads conditions, and determines which truths their combination can have."""

    def __init__(self, conditions: Iterable[Condition]) -> None:
        self._variables: dict[Hashable, Variable] = {}
        self._situation = domains.situation(None)
        self._drafts = [self._draft(condition) for condition in conditions]

    def can_be(self, wanted: Truth, combine: Combine) -> bool:
        """Whether the formula that `combine` builds from the conditions can be `wanted`, in any currency."""
        operators = [operator for variable in self._variables.values() for operator in variable.operators]
        named = sorted(domains.currencies(operators))
        return any(self._can_be(wanted, combine, currency) for currency in (None, *named))

    def _can_be(self, wanted: Truth, combine: Combine, currency: str | None) -> bool:
        for variable in self._variables.values():
            variable.lay_out(currency)
        self._situation = domains.situation(currency)
        combined = combine([self._formula(draft) for draft in self._drafts])
        if wanted is True:
            combined = Node("all", (combined, *self._among_others()))
        return can_be(combined, wanted, [len(variable.states) for variable in self._variables.values()])

    def _among_others(self) -> Iterator[Formula]:
        """For records of which all that match one `where:` match another one: if there is one of them, there is one of these;
        and if there is none of these, where that is known of each, there is none of them."""
        for one, other, truth in self._narrower:
            some, among = (Leaf(variable.number, _truths(variable, _IS_SOME)) for variable in (one, other))
            yield _implied(some, among) if truth else _implied(_not(among), _not(some))

    @once
    def _narrower(self) -> list[tuple[Variable, Variable, bool]]:
        """The numbers of records, each with the number of records of the same list that it is a part of: as far as their
        `where:` is true, and as far as it is false."""
        found = [(key[1], variable) for key, variable in self._variables.items()
                 if isinstance(key, tuple) and key[0] == "count" and key[2] is None]  # fmt: skip
        return [(mine, its, truth) for (one, mine), (other, its) in permutations(found, 2)
                for truth in _narrower(one, other)]  # fmt: skip

    def _formula(self, draft: Draft) -> Formula:
        if isinstance(draft, _Test):
            if draft.truth is None or (draft.variable.vague and draft.alone is not None):
                return Leaf((draft.alone or draft.variable).number, OPEN)
            return Leaf(draft.variable.number, tuple(draft.truth(state) for state in draft.variable.states))
        return Node(draft.kind, tuple(self._formula(part) for part in draft.parts))

    # --- reading ------------------------------------------------------------------------------------------------------

    def _draft(self, condition: Condition) -> Draft:
        return formula(condition, self._leaf)

    def _leaf(self, condition: Condition) -> Draft:
        match condition:
            case GivenTest(name=name, wanted=wanted):
                return _Test(self._named(name), lambda state: state.given is wanted)
            case FactTest():
                return self._fact_test(condition)
            case Some():
                variable = self._variable(("count", condition.selection, None), 0)
                return _Test(variable, _IS_SOME)
            case Count():
                return self._total(condition, ("count", condition.selection, condition.window), 0)
            case Sum():
                return self._total(condition, ("sum", condition.selection, condition.field), condition.zero)
        return _Test(self._alone(condition))

    def _fact_test(self, condition: FactTest) -> Draft:
        operator = condition.operator
        if operator.thresholds() is None:
            return _Test(self._alone(condition))
        variable = self._named(condition.name)
        variable.operators.append(operator)
        return _Test(variable, self._holds(operator), self._alone(condition))

    def _total(self, condition: Count | Sum, key: Hashable, zero: Value) -> Draft:
        if any(operator.thresholds() is None for operator in condition.tests):
            return _Test(self._alone(condition))
        variable = self._variable(key, zero)
        variable.operators.extend(condition.tests)
        return Node("all", tuple(_Test(variable, self._holds(operator)) for operator in condition.tests))

    def _holds(self, operator: Operator) -> Callable[[State], Truth]:
        return _of_known(lambda value: operator.holds(value, self._situation, ()))

    def _named(self, name: Name) -> Variable:
        variable = self._variable(meaning_of(name), name.fact)
        variable.through_reference = isinstance(name, ViaName)
        return variable

    def _alone(self, condition: Condition) -> Variable:
        return self._variable(("alone", condition), None)

    def _variable(self, key: Hashable, of: Fact | Value | None) -> Variable:
        return self._variables.setdefault(key, Variable(len(self._variables), of))


def _narrower(one: Selection, other: Selection) -> Iterator[bool]:
    """Whether each record that matches the one certainly matches the other (True), and each that does not match the other
    does certainly not match the one (False)."""
    if attrs.evolve(one, where=None) != attrs.evolve(other, where=None) or one.where is None:
        return
    if other.where is None:
        yield from (True, False)
        return
    solver = Solver((one.where, other.where))
    if not solver.can_be(True, lambda parts: _not(_implied(parts[0], parts[1]))):
        yield True
    if not solver.can_be(True, lambda parts: _not(_implied(_not(parts[1]), _not(parts[0])))):
        yield False


def _implied(one: Formula, other: Formula) -> Formula:
    """That the other is true if the one is. Two-valued."""
    return _not(Node("all", (Node("known", (one,)), _not(Node("known", (other,))))))


def _not(part: Formula) -> Formula:
    return Node("not", (part,))


def _truths(variable: Variable, test: Callable[[State], Truth]) -> tuple[Truth, ...]:
    return tuple(test(state) for state in variable.states)


def _of_known(test: Callable[[Value], Truth]) -> Callable[[State], Truth]:
    return lambda state: None if state.value is None else test(state.value)


_IS_SOME = _of_known(lambda value: value != 0)
