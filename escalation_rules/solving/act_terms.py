"""Encodes tests on acts as terms over the acts of an unknown case."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from operator import eq, ne

import attrs

from escalation_rules.policy.conditions import ActFilter, Name
from escalation_rules.policy.conditions.act_filter import Covered, Followed, Meant
from escalation_rules.policy.conditions.acts import Done, NothingDoneFor
from escalation_rules.policy.conditions.names import FieldName
from escalation_rules.policy.conditions.relations import AT_LEAST, EQUAL
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.vocabulary import Action, Barred
from escalation_rules.solving.kleene_terms import (
    NO,
    YES,
    Term,
    Truths,
    at_least,
    both,
    conj,
    decided,
    disj,
    either,
    negated,
)
from escalation_rules.solving.operator_terms import RoleOf, Tests, shifted
from escalation_rules.solving.symbols import ActSlot, Quantity, Slot, Symbols, record_list

Scope = tuple[Slot, ...]
QuantityOf = Callable[[Name, Scope], Quantity]


class Acts:
    """Encodes tests on acts; `actions` are those of the policy."""

    def __init__(
        self,
        symbols: Symbols,
        tests: Tests,
        quantity: QuantityOf,
        role_of: RoleOf,
        actions: Mapping[str, Action],
    ) -> None:
        self.required = {name: action.required for name, action in actions.items() if action.required}
        self.symbols = symbols
        self.tests = tests
        self.quantity = quantity
        self.role_of = role_of
        self._of: dict[tuple[int, str, frozenset[str]], Term] = {}

    def done(self, condition: Done, scope: Scope) -> Truths | None:
        """At least `at_least` matching acts happened; None if that is not encoded exactly."""
        if any(criteria.barred for criteria in _all_meant(condition)):
            return None  # other persons' acts are not encoded
        return self.likely_done(condition, scope)

    def likely_done(self, condition: Done, scope: Scope) -> Truths | None:
        """The same, where who is barred is encoded as far as names and acts say so: it guides the search, and proves
        nothing."""
        follow = condition.not_followed_by
        if follow is not None and follow.within is not None and not follow.within.is_elapsed:
            return None
        limits = (condition.acts.after, condition.acts.before)
        if any(isinstance(limit, Shifted) and not limit.by.is_elapsed for limit in limits):
            return None  # depends on the calendar
        self._name(condition.acts)
        if follow is not None:
            self.symbols.actions_named.update(follow.actions)
        truths = [self._meant(act, condition, scope) for act in self.symbols.acts]
        sure = at_least([truth.yes for truth in truths], condition.at_least)
        most = at_least([negated(truth.no) for truth in truths], condition.at_least)
        return Truths(sure, negated(most))

    def nothing_done_for(self, condition: NothingDoneFor, scope: Scope) -> Truths:
        """No matching act for some time, counted from the last one or from an instant."""
        whatever = condition.acts.named in {(), ("any",)}
        self.symbols.actions_named.update(self.symbols.actions[:1] if whatever else condition.acts.actions)
        start = self.quantity(condition.start, scope)
        began = disj(negated(start.known), self.tests.reached(start.term, condition.duration))
        meant = [(self.matches(act, condition.acts, scope), self.tests.reached(act.at, condition.duration))
                 for act in self.symbols.acts]  # fmt: skip
        sure = conj(began, *(disj(negated(truth.yes), over) for truth, over in meant))
        possible = conj(*(disj(truth.no, over) for truth, over in meant))
        return Truths(conj(sure, start.known, possible), negated(sure))

    def matches(self, act: ActSlot, acts: ActFilter, scope: Scope) -> Truths:
        """Whether an act matches."""
        parts = [either(self._of_action(act, name, meant, scope) for name, meant in acts.actions.items())]
        parts.append(decided(act.present))
        if acts.about == "case":
            parts.append(decided(act.about == -1))
        if acts.newer_than is not None:
            parts.append(decided(negated(self.tests.reached(act.at, acts.newer_than))))
        if acts.older_than is not None:
            parts.append(decided(self.tests.reached(act.at, acts.older_than)))
        if acts.reference is not None:
            referred = self.quantity(acts.reference, scope)
            about = conj(act.about != -1, act.about == referred.term)
            parts.append(decided(about).given(disj(referred.known, act.about == -1)))
        for limit, later in ((acts.after, True), (acts.before, False)):
            if limit is not None:
                moment = self._moment(limit, scope)
                parts.append(
                    decided(act.at >= moment.term if later else act.at < moment.term).given(moment.known)
                )
        return both(parts)

    def _moment(self, limit: Name | Shifted, scope: Scope) -> Quantity:
        if not isinstance(limit, Shifted):
            return self.quantity(limit, scope)
        return shifted(self.quantity(limit.name, scope), limit)

    def counting(self, action: str, outcomes: frozenset[str], about: Slot | None) -> Term:
        """That an act of an action was done with one of these outcomes, about a record or the case."""
        return disj(*(self.counts(act, action, outcomes, about) for act in self.symbols.acts))

    def counts(self, act: ActSlot, action: str, outcomes: frozenset[str], about: Slot | None) -> Term:
        """That an act is one of an action, with one of these outcomes, about a record or the case."""
        self.symbols.actions_named.add(action)
        place = -1 if about is None else about.place
        return conj(self._is(act, action, outcomes), act.about == place)

    def by_roles(
        self, action: str, counts: frozenset[str], roles: frozenset[str], about: Slot | None
    ) -> Term:
        """That one of these roles did an action, with one of these outcomes, about a record or the case."""
        self.symbols.actions_named.add(action)
        place = -1 if about is None else about.place
        done = [(act, conj(self._is(act, action, counts), act.about == place)) for act in self.symbols.acts]
        return disj(
            *(
                conj(term, self.tests.by_role(act.by, roles.__contains__, self.role_of).yes)
                for act, term in done
            )
        )

    def by_barred(self, action: str, counts: frozenset[str], barred: Barred, about: Slot | None) -> Term:
        """That an action was done by somebody who is barred from it, with one of these outcomes, about a record or the case."""
        if barred.action is not None:
            self.symbols.actions_named.add(barred.action)
        found = [conj(self.counts(act, action, counts, about), self._is_another(act, barred).no)
                 for act in self.symbols.acts]  # fmt: skip
        return disj(*found)

    def _is(self, act: ActSlot, action: str, outcomes: frozenset[str]) -> Term:
        key = act.place, action, outcomes
        if key not in self._of:
            names = self.symbols.outcomes
            found = disj(*(act.outcome == names.index(outcome) for outcome in sorted(outcomes)))
            stated = (self.symbols.said(act, name, (action,)).given for name in self.required.get(action, ()))
            number = self.symbols.actions.index(action)
            self._of[key] = conj(act.present, act.action == number, found, *stated)
        return self._of[key]

    def _of_action(self, act: ActSlot, name: str, meant: Meant, scope: Scope) -> Truths:
        sure = decided(self._is(act, name, meant.outcomes))
        about = YES if meant.depth is None else act.about == scope[meant.depth].place
        doer = decided(YES)
        if meant.roles:
            doer = self.tests.by_role(act.by, meant.roles.__contains__, self.role_of)
        return both(
            (
                sure,
                decided(about),
                doer,
                *(self._is_another(act, barred_party) for barred_party in meant.barred),
            )
        )

    def _is_another(self, act: ActSlot, barred: Barred) -> Truths:
        """Whether an act was done by somebody else than who is barred from it."""
        if barred.only:
            same = self._is_another(act, attrs.evolve(barred, only=False)).contrary
            roles = self.tests.by_role(act.by, barred.roles.__contains__, self.role_of)
            return either((same, roles)) if barred.roles else same
        vocabularies = self.symbols.vocabularies
        if barred.action is not None:
            number = self.symbols.actions.index(barred.action)
            earlier = [conj(other.present, other.action == number, other.at <= act.at, other.by.term == act.by.term)
                       for other in self.symbols.acts if other is not act]  # fmt: skip
            return decided(negated(disj(*earlier)))
        if barred.fact is not None:
            declared = next(
                vocabulary.facts[barred.fact]
                for vocabulary in vocabularies
                if barred.fact in vocabulary.facts
            )
            party = self.symbols.fact(declared)
            return decided(party.term != act.by.term).given(party.known)
        field = record_list(vocabularies, barred.list).fields[barred.field]
        parties = [(act.about == slot.place, self.symbols.field(slot, field))
                   for slot in self.symbols.records(barred.list)]  # fmt: skip
        return Truths(
            *(
                disj(*(conj(its, party.known, test(party.term, act.by.term)) for its, party in parties))
                for test in (ne, eq)
            )
        )

    def _meant(self, act: ActSlot, condition: Done, scope: Scope) -> Truths:
        truth = self.matches(act, condition.acts, scope)
        if condition.covers is not None:
            truth = both((truth, self._covers(act, condition.covers, condition.acts, scope)))
        follow = condition.not_followed_by
        if follow is None:
            return truth
        length = None if follow.within is None else int(_length(follow).total_seconds())
        over = YES if length is None else act.at + length <= 0
        followers = [self._follows(later, act, follow, condition.acts, length)
                     for later in self.symbols.acts if later is not act]  # fmt: skip
        return both((decided(over), truth, either(followers).contrary))

    def _covers(self, act: ActSlot, covers: Covered, acts: ActFilter, scope: Scope) -> Truths:
        """Whether an act covers the required values, or does not state them."""
        found = []
        for parameter, name in covers.wanted:
            said = self.symbols.said(act, parameter, acts.actions)
            wanted = self._wanted(parameter, name, covers, acts, scope)
            relation = AT_LEAST if parameter in covers.at_least else EQUAL
            compared = decided(relation.between(said.term, wanted.term)).given(wanted.known)
            found.append(either((decided(negated(said.given)), compared)))
        return both(found)

    def _wanted(self, parameter: str, name: Name, covers: Covered, acts: ActFilter, scope: Scope) -> Quantity:
        if covers.of_step and isinstance(name, FieldName):
            return self.symbols.wanted(scope[name.depth], parameter, acts.actions)
        return self.quantity(name, scope)

    def _follows(
        self, later: ActSlot, act: ActSlot, by: Followed, acts: ActFilter, length: int | None
    ) -> Truths:
        # At the same instant, the order of the case decides.
        after = later.at >= act.at if later.place > act.place else later.at > act.at
        in_time = conj(after, YES if length is None else later.at <= act.at + length)
        found = []
        for name, meant in by.actions.items():
            first = [act.action == self.symbols.actions.index(action) for action, its in acts.actions.items()
                     if meant.about in (None, its.about)]  # fmt: skip
            whole_case = later.about == -1 if meant.about is None else NO
            other = conj(disj(*first), act.about != -1, later.about != act.about, negated(whole_case))
            doer = decided(YES)
            if meant.roles:
                doer = self.tests.by_role(later.by, meant.roles.__contains__, self.role_of)
            found.append(both((decided(conj(self._is(later, name, meant.outcomes), negated(other))), doer)))
        return both((decided(in_time), either(found) if found else decided(NO)))

    def _name(self, acts: ActFilter) -> None:
        self.symbols.actions_named.update(acts.actions)


def _all_meant(condition: Done) -> Iterator[Meant]:
    yield from condition.acts.actions.values()
    yield from condition.not_followed_by.actions.values() if condition.not_followed_by is not None else ()


def _length(follow: Followed) -> timedelta:
    return follow.within.as_timedelta() if follow.within is not None else timedelta()
