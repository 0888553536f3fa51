"""Encodes the conditions and conclusions of a policy as terms over the symbols of an unknown case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import z3

from escalation_rules.policy.conditions import (
    Condition,
    DuringTest,
    FactName,
    FactTest,
    FieldName,
    GivenTest,
    Name,
    RecordCondition,
    Selection,
    Situation,
    Some,
    StepTest,
    ViaName,
    root_of,
)
from escalation_rules.policy.conditions.acts import Done, NothingDoneFor
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.operands import Other
from escalation_rules.policy.conditions.records import Every, Latest
from escalation_rules.policy.model import Conclude, PolicyModel, Rule
from escalation_rules.policy.vocabulary import Fact
from escalation_rules.solving import kleene
from escalation_rules.solving.act_terms import Acts
from escalation_rules.solving.domains import situation
from escalation_rules.solving.kleene_terms import (
    FAILS,
    NO,
    YES,
    Term,
    Truths,
    at_least,
    both,
    conj,
    constant,
    decided,
    disj,
    either,
    negated,
    of_formula,
)
from escalation_rules.solving.operator_terms import Tests, by_count
from escalation_rules.solving.symbols import PARTIES, Quantity, Scope, Slot, Symbols
from escalation_rules.solving.value_terms import compared, differ
from escalation_rules.solving.witness import PARAMETERS
from escalation_rules.values import Enumerated


class Encoder:
    """Encodes one policy over shared symbols; each part is encoded once."""

    def __init__(self, model: PolicyModel, symbols: Symbols) -> None:
        self.model = model
        self.symbols = symbols
        vocabulary = model.vocabulary
        self.tests = Tests(symbols, dict(vocabulary.calendars), vocabulary.calendar)
        self.acts = Acts(symbols, self.tests, self.quantity, self.role_of, vocabulary.actions)
        self._here: Situation = situation(symbols.currency)
        # Keep a reference to each condition, as keys use their identity.
        self._truths: dict[tuple[int, Scope], tuple[Condition, Truths]] = {}
        self._rules: dict[tuple[str, int | None], Truths] = {}
        self._conclusions: dict[tuple[str, int | None], Quantity] = {}
        self._concluders: dict[str, list[tuple[Rule, Conclude]]] = {}
        for rule in model.rules:
            for effect in rule.concludes:
                self._concluders.setdefault(effect.name, []).append((rule, effect))

    # --- rules ----------------------------------------------------------------------------------------------------------

    def rule(self, rule: Rule, slot: Slot | None) -> Truths:
        """When a rule holds, for the case or for an existing record of its list."""
        key = (rule.id, None if slot is None else slot.place)
        if key not in self._rules:
            scope = () if slot is None else (slot,)
            gate, when, unless = kleene.conditions_of(rule, self.model.rulesets[rule.ruleset])
            parts = [self.truth(gate, ()), self.truth(when, scope), self.truth(unless, scope)]
            self._rules[key] = of_formula(kleene.holding(parts))
        return self._rules[key]

    def slots(self, rule: Rule) -> tuple[Slot | None, ...]:
        """The case (None), or each record of the rule's list."""
        return (None,) if rule.for_each is None else self.symbols.records(rule.for_each)

    def anywhere(self, rule: Rule) -> Truths:
        """When a rule holds for the case or for any record."""
        if rule.for_each is None:
            return self.rule(rule, None)
        truths = [
            both((decided(slot.present), self.rule(rule, slot)))
            for slot in self.symbols.records(rule.for_each)
        ]
        gate = self.model.rulesets[rule.ruleset].applies_while
        listed = self.symbols.is_listed(rule.for_each)
        stopped = NO if gate is None else self.truth(gate, ()).no
        return either((*truths, Truths(NO, disj(listed, stopped))))

    # --- conclusions ----------------------------------------------------------------------------------------------------

    def conclusion(self, fact: Fact, name: str, slot: Slot | None) -> Quantity:
        """A conclusion about the case or a record."""
        key = (name, None if slot is None else slot.place)
        if key not in self._conclusions:
            self._conclusions[key] = self._concluded(fact, name, slot)
        return self._conclusions[key]

    def _concluded(self, fact: Fact, name: str, slot: Slot | None) -> Quantity:
        found = self._concluders.get(name, [])
        chosen = next(((rule, effect) for rule, effect in found if effect.alternatives), None)
        if chosen is not None:
            return self._choice(fact, chosen[1], slot)
        truth = either(
            [
                FAILS,
                *(
                    self.rule(rule, slot) if effect.of_record else self.anywhere(rule)
                    for rule, effect in found
                ),
            ]
        )
        known = disj(truth.yes, truth.no)
        return Quantity("flag", known, known, truth.yes)

    def _choice(self, fact: Fact, effect: Conclude, slot: Slot | None) -> Quantity:
        """The first alternative that applies; unknown if an earlier, different one is undecided."""
        scope = () if slot is None else (slot,)
        names = fact.type.names if isinstance(fact.type, Enumerated) else ()
        may_be: dict[str, list[Term]] = {name: [] for name in names}
        reached: Term = YES
        for value, condition in effect.alternatives:
            truth = self.truth(condition, scope)
            may_be[value].append(conj(reached, negated(truth.no)))
            reached = conj(reached, negated(truth.yes))
        if effect.otherwise is not None:
            may_be[effect.otherwise].append(reached)
        possible = {name: disj(*terms) for name, terms in may_be.items()}
        term, known = z3.IntVal(0), NO
        for index, name in enumerate(names):
            alone = conj(possible[name], *(negated(possible[other]) for other in names if other != name))
            known, term = disj(known, alone), z3.If(alone, index, term)
        return Quantity(fact.type.kind, known, known, term, names)

    def chosen(self, effect: Conclude, slot: Slot | None) -> Quantity | None:
        """The value that a conclusion by alternatives chooses, as if it were the policy's own."""
        name = (
            f"{slot.list}.{effect.name.rpartition('.')[2]}"
            if effect.of_record and slot is not None
            else effect.name
        )
        fact = self.model.vocabulary.declaration(name) or self.model.vocabulary.declaration(effect.name)
        return None if fact is None else self._choice(fact, effect, slot)

    def chosen_otherwise(self, one: Conclude, other: Conclude, slot: Slot | None) -> Term:
        """That two forms of a conclusion by alternatives choose different values."""
        mine, its = (self.chosen(conclusion, slot) for conclusion in (one, other))
        return NO if mine is None or its is None else differ(mine, its)

    # --- names ----------------------------------------------------------------------------------------------------------

    def quantity(self, name: Name, scope: Scope) -> Quantity:
        """The value that a name refers to."""
        match name:
            case FactName():
                return (
                    self.conclusion(name.fact, name.full, None)
                    if name.fact.concluded
                    else self.symbols.fact(name.fact)
                )
            case FieldName(is_id=True):
                return Quantity("reference", YES, YES, z3.IntVal(scope[name.depth].place), to=name.list)
            case FieldName():
                return self._field(name.fact, name.full, scope[name.depth])
            case ViaName():
                return self._via(name, scope)
        raise TypeError(type(name).__name__)

    def _field(self, fact: Fact, full: str, slot: Slot) -> Quantity:
        return self.conclusion(fact, full, slot) if fact.concluded else self.symbols.field(slot, fact)

    def _via(self, name: ViaName, scope: Scope) -> Quantity:
        reference = self.quantity(name.through, scope)
        found = [
            (
                conj(reference.known, reference.term == self._number(reference, record)),
                self._field(name.fact, name.full, record),
            )
            for record in self.symbols.records(name.target)
        ]
        given, known = (
            disj(*(conj(is_it, getattr(value, part)) for is_it, value in found))
            for part in ("given", "known")
        )
        term = found[0][1].term
        for is_it, value in found[1:]:
            term = z3.If(is_it, value.term, term)
        return Quantity(found[0][1].kind, given, known, term, found[0][1].names, found[0][1].to)

    @staticmethod
    def _number(reference: Quantity, slot: Slot) -> int:
        return slot.place + (len(reference.names) if reference.kind == "party" else 0)

    def role_of(self, place: int) -> Quantity:
        """The role of a person in the list of people."""
        slot = self.symbols.people()[place]
        fact = self.model.vocabulary.records[PARTIES].fields["role"]
        return self.symbols.field(slot, fact)

    def refers(self, found: Quantity, to: Slot, *, by_role: bool = True) -> Truths:
        """Whether the value of a reference is a record, be it by the role of a person."""
        same = found.term == self._number(found, to)
        if by_role and found.kind == "party" and to.list == PARTIES:
            role = self.role_of(to.place)
            same = disj(same, conj(role.known, found.term == role.term))
        return decided(same).given(found.known)

    # --- conditions -----------------------------------------------------------------------------------------------------

    def truth(self, condition: Condition, scope: Scope) -> Truths:
        """The truth of a condition, for the records in scope."""
        key = (id(condition), scope)
        if key not in self._truths:
            found = of_formula(kleene.formula(condition, lambda test: self._test(test, scope)))
            self._truths[key] = condition, found
        return self._truths[key][1]

    def _test(self, condition: Condition, scope: Scope) -> Truths:
        found = self._looked_into(condition, scope)
        if found is not None:
            return found
        free, meaning = self.apart(condition, scope), self._likely(condition, scope)
        if isinstance(condition, StepTest) and condition.acts.reference is None:
            return decided(free.yes)  # it is never unknown
        if meaning is not None:
            self.symbols.hint(free, meaning)
        return free

    def _likely(self, condition: Condition, scope: Scope) -> Truths | None:
        """What a test that is not encoded exactly means in most cases."""
        if _through_parameters(condition, scope):
            return None
        match condition:
            case FactTest(operator=operator):
                value = self.quantity(condition.name, scope)
                if value.kind == "text":
                    return self.tests.of_texts(
                        operator, value, lambda other: self.quantity(other.name, scope)
                    )
                return compared(self, operator, value, scope)
            case Done():
                return self.acts.likely_done(condition, scope)
        return None

    def _looked_into(self, condition: Condition, scope: Scope) -> Truths | None:
        if _is_open(condition, scope):
            return constant(None)
        if _through_parameters(condition, scope):
            return None
        match condition:
            case GivenTest(name=name, wanted=wanted):
                given = self.quantity(name, scope).given
                return decided(given if wanted else negated(given))
            case FactTest():
                return self._fact_test(condition, scope)
            case DuringTest():
                return decided(self.tests.during(None, condition.hours))
            case Done():
                return self.acts.done(condition, scope)
            case NothingDoneFor():
                return self.acts.nothing_done_for(condition, scope)
            case RecordCondition():
                return self._over_records(condition, scope)
        return None

    def apart(self, condition: Condition, scope: Scope) -> Truths:
        """An unconstrained term for a test that is not encoded. It is the same for all policies, unless it reads
        conclusions or open steps."""
        own = any(concluded for _, concluded in condition.all_reads()) or any(
            isinstance(test, StepTest) for test in condition.walk()
        )
        whose = id(self.model) if own else None
        return self.symbols.free((condition, scope, whose), condition)

    def _fact_test(self, condition: FactTest, scope: Scope) -> Truths | None:
        if isinstance(condition.name, FieldName) and condition.name.is_id:
            return None
        value = self.quantity(condition.name, scope)

        def lookup(other: Other) -> Quantity:
            return self.quantity(other.name, scope)

        found = self.tests.of(condition.operator, value, lookup, self.role_of)
        return None if found is None else found.given(value.known)

    # --- records --------------------------------------------------------------------------------------------------------

    def _over_records(self, condition: RecordCondition, scope: Scope) -> Truths | None:
        selection = condition.selection
        listed = self.symbols.is_listed(selection.list)
        members = [
            (record, self.belongs(selection, record, scope))
            for record in self.symbols.records(selection.list)
        ]
        match condition:
            case Some():
                found = either(truth for _, truth in members)
                return Truths(found.yes, conj(listed, found.no))
            case Every():
                kept = both(
                    either((truth.contrary, self.truth(condition.has, (*scope, slot))))
                    for slot, truth in members
                )
                return Truths(conj(listed, kept.yes), conj(listed, kept.no))
            case Latest():
                return self._last(condition, members, scope).given(listed)
            case Count():
                return self._count(condition, members, listed, scope)
            case Sum():
                return self._sum(condition, members, scope, listed)
        return None

    def belongs(self, selection: Selection, slot: Slot, scope: Scope) -> Truths:
        """Whether a record exists and matches."""
        parts = [decided(slot.present)]
        if selection.via is not None:
            reference = self.symbols.field(
                slot, self.model.vocabulary.records[slot.list].fields[selection.via]
            )
            parts.append(self.refers(reference, scope[selection.depth]))
        if selection.where is not None:
            parts.append(self.truth(selection.where, (*scope, slot)))
        return both(parts)

    def _last(self, condition: Latest, members: Sequence[tuple[Slot, Truths]], scope: Scope) -> Truths:
        settled = conj(*(disj(truth.yes, truth.no) for _, truth in members))
        field = self.model.vocabulary.records[condition.selection.list].fields[condition.order]
        moments = [self.symbols.field(slot, field) for slot, _ in members]
        dated = conj(
            *(disj(truth.no, moment.known) for (_, truth), moment in zip(members, moments, strict=True))
        )
        chosen = []
        for mine, (slot, truth) in enumerate(members):
            rivals = [(other, found) for other, (_, found) in enumerate(members) if other != mine]
            alone = conj(*(found.no for _, found in rivals))
            ahead = conj(
                dated,
                *(disj(found.no, _before(moments, other, mine, condition.last)) for other, found in rivals),
            )
            has = self.truth(condition.has, (*scope, slot))
            chosen.append(has.given(conj(settled, truth.yes, disj(alone, ahead))))
        nobody = conj(settled, *(truth.no for _, truth in members))
        return Truths(disj(*(truth.yes for truth in chosen)), disj(nobody, *(truth.no for truth in chosen)))

    def _count(
        self, condition: Count, members: Sequence[tuple[Slot, Truths]], listed: Term, scope: Scope
    ) -> Truths | None:
        if any(list(operator.names()) for operator in condition.tests):
            return None
        most = self.symbols.bounds.of(condition.selection.list)
        certain, possible = (
            [self._as_many(condition, members, count, sure) for count in range(most + 2)]
            for sure in (True, False)
        )
        limits = _numbers([test.to_data() for test in condition.tests])
        unlisted = negated(listed)  # an unknown list may have any number of records
        outcomes = []
        for count in range(most + 1 + max(limits, default=0) + 1):
            listed_so = conj(possible[count], negated(certain[count + 1])) if count <= most else NO
            outcomes.append((disj(listed_so, unlisted), by_count(condition.tests, self._here, count)))
        yes, no = (
            conj(*(negated(term) for term, truth in outcomes if truth is not wanted))
            for wanted in (True, False)
        )
        return Truths(yes, no)

    def _as_many(
        self, condition: Count, members: Sequence[tuple[Slot, Truths]], count: int, sure: bool
    ) -> Term:
        """That at least `count` records certainly (`sure`) or possibly match, within the window if there is one."""
        meant = [truth.yes if sure else negated(truth.no) for _, truth in members]
        if condition.window is None:
            return at_least(meant, count)
        if count <= 0:
            return YES
        field = self.model.vocabulary.records[condition.selection.list].fields[condition.order]
        moments = [self.symbols.field(slot, field) for slot, _ in members]
        length = int(condition.window.total_seconds())
        spans = []
        for last, (end, moment) in enumerate(zip(meant, moments, strict=True)):
            inside = [conj(term, _near(moments[other], moment, length, loosely=not sure)) if other != last else YES
                      for other, term in enumerate(meant)]  # fmt: skip
            spans.append(conj(end, disj(moment.known, NO if sure else YES), at_least(inside, count)))
        return disj(*spans)

    def _sum(
        self, condition: Sum, members: Sequence[tuple[Slot, Truths]], scope: Scope, listed: Term
    ) -> Truths | None:
        field = self.model.vocabulary.records[condition.selection.list].fields[condition.field]
        values = [self.symbols.field(slot, field) for slot, _ in members]
        known = conj(listed, *(disj(truth.no, conj(truth.yes, value.known))
                               for (_, truth), value in zip(members, values, strict=True)))  # fmt: skip
        total = z3.Sum(
            [z3.If(truth.yes, value.term, 0) for (_, truth), value in zip(members, values, strict=True)]
        )
        whole = Quantity(field.type.kind, known, known, total)
        found = [self.tests.of(operator, whole, lambda other: self.quantity(other.name, scope), self.role_of)
                 for operator in condition.tests]  # fmt: skip
        tests = [truth for truth in found if truth is not None]
        return both(tests).given(known) if len(tests) == len(found) else None


def _through_parameters(condition: Condition, scope: Scope) -> bool:
    """Whether a test reads a record that a parameter refers to, if it is not stated which one."""
    roots = (root_of(name) for name in condition.names() if isinstance(name, ViaName))
    return any(
        isinstance(root, FieldName)
        and scope[root.depth].list == PARAMETERS
        and not _is_chosen(scope[root.depth], root.field)
        for root in roots
    )


def _is_chosen(step: Slot, via: str) -> bool:
    return step.values is not None and via in step.values and step.values[via].kind == "reference"


def _is_open(condition: Condition, scope: Scope) -> bool:
    """Whether a test reads a parameter of a step that the step does not state: whoever does it fills it in."""
    for name in map(root_of, condition.names()):
        if isinstance(name, FieldName):
            values = scope[name.depth].values
            if values is not None and name.field not in values:
                return True
    return False


def _before(moments: Sequence[Quantity], one: int, other: int, last: bool) -> Term:
    """That a record is before another in time (or after, for the first one); at equal instants, the order of
    the list decides."""
    mine, its = moments[one].term, moments[other].term
    if last:
        return mine <= its if one < other else mine < its
    return mine >= its if one > other else mine > its


def _near(one: Quantity, end: Quantity, length: int, *, loosely: bool) -> Term:
    """That an instant is in the span that ends with another; `loosely`: also if one of them is unknown."""
    inside = conj(one.known, end.known, one.term <= end.term, end.term - one.term <= length)
    return disj(inside, negated(one.known), negated(end.known)) if loosely else inside


def _numbers(data: object) -> Iterable[int]:
    if isinstance(data, int):
        yield data
    elif isinstance(data, list):
        for part in data:
            yield from _numbers(part)
