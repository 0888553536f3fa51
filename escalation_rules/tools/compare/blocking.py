"""What each policy has against a step that it recommends, as terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import attrs

from escalation_rules.policy.conditions import STEP, AllOf, Condition, FactTest, FieldName, root_of
from escalation_rules.policy.model import Prohibit, Recommend, Rule
from escalation_rules.solving.contradictions import OWNER
from escalation_rules.solving.effects import by_slot, in_force
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj, negated
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject, against
from escalation_rules.solving.symbols import Slot
from escalation_rules.solving.value_terms import value_of
from escalation_rules.tools.compare.policies import Policies

_COUNTED = frozenset({"amount", "count", "duration"})


@attrs.frozen
class Blocker:
    """A prohibition that may block a step: to whom it is prohibited, is at least one of those who may be to do the step.
    `to_all`: to all of these."""

    subject: Subject
    rule: Rule
    effect: Prohibit
    to_all: bool

    @property
    def reads(self) -> frozenset[str]:
        """What it depends on of a step: its parameters, and `OWNER` if it concerns only some roles."""
        return frozenset({*_parameters(self.effect), *((OWNER,) if self.effect.by else ())})


@attrs.frozen(eq=False)
class Blocking:
    """What blocks the steps of two policies."""

    policies: Policies

    def of(self, whose: int, step: Subject) -> list[Blocker]:
        """The prohibitions of a policy that may block a step."""
        doers = self._doers(whose, step)
        found = []
        for subject in against(step):
            for rule, effect in self.policies.effects_of(whose, subject):
                if isinstance(effect, Prohibit) and (not effect.by or doers is None or doers & {*effect.by}):
                    to_all = not effect.by or (doers is not None and doers <= {*effect.by})
                    found.append(Blocker(subject, rule, effect, to_all))
        return found

    def _doers(self, whose: int, step: Subject) -> set[str] | None:
        """Those who may be to do a step; None if anybody may be, as a hold waits for it."""
        if step in self.policies.releasing:
            return None
        declared = self.policies.models[whose].vocabulary.actions.get(step.action)
        stated = {effect.owner or (declared.owner if declared is not None else None)
                  for _, effect in self.policies.effects_of(whose, step) if isinstance(effect, Recommend)}  # fmt: skip
        return {rule for rule in stated if rule is not None}

    # --- terms ----------------------------------------------------------------------------------------------------------

    def may_be_open(
        self, frame: Frame, whose: int, step: Subject, *, as_asked: bool = False
    ) -> Iterator[Term]:
        """What holds in each case in which a policy does not block the step; `as_asked`: the step says what the parameters
        in question are."""
        for blocker in self.of(whose, step):
            if blocker.to_all and (as_asked or not blocker.effect.by_params):
                yield _not_blocking(frame.encoders[whose], blocker)

    def blocks(self, frame: Frame, whose: int, blocker: Blocker, *, as_asked: bool) -> Term:
        """What holds in each case in which a prohibition blocks a step; `as_asked` as above."""
        truth = in_force(frame.encoders[whose], blocker.subject, blocker.rule, blocker.effect)
        left_open = as_asked and _waits_for_values(blocker.effect.where)
        unsaid = conj(*_unsaid(frame.encoders[whose], blocker)) if left_open else NO
        return conj(negated(truth.no), negated(unsaid))

    def is_open(self, frame: Frame, whose: int, step: Subject, *, whatever: bool = False) -> Iterator[Term]:
        """What holds only in cases in which a policy does not block a step that says what the parameters in question are;
        prohibitions that depend on these are left out if it is open `whatever` they are."""
        for blocker in self.of(whose, step):
            if not whatever or not blocker.effect.by_params:
                truth = in_force(frame.encoders[whose], blocker.subject, blocker.rule, blocker.effect)
                yield negated(truth.yes) if passes(blocker.effect) else truth.no

    def as_stated(self, frame: Frame, whose: int, step: Subject) -> Term:
        """That the parameters which prohibitions read are those that the policy states for the step. This guides the search."""
        encoder = frame.encoders[whose]
        read = {name for blocker in self.of(whose, step) for name in _parameters(blocker.effect)}
        found: list[Term] = []
        for rule, effect in self.policies.effects_of(whose, step) if read else ():
            for slot, truth in by_slot(encoder, step, rule, effect):
                says = [*_says(encoder, step.action, effect, slot, read)]
                found += [conj(truth.yes, *says)] if says else []
        return disj(*found) if found else YES

    def wanted(self, frame: Frame, whose: int, step: Subject, seen: frozenset[Subject] = frozenset()) -> Term:
        """That a policy wants a step: a rule recommends it, or a hold of a wanted step waits for it."""
        recommended = (
            in_force(frame.encoders[whose], step, *pair).yes for pair in self.policies.effects_of(whose, step)
        )
        return disj(*recommended, self.released(frame, whose, step, seen))

    def released(
        self, frame: Frame, whose: int, step: Subject, seen: frozenset[Subject] = frozenset()
    ) -> Term:
        """What holds in each case in which a hold of a wanted step waits for a step."""
        found = []
        for subject, rule, hold in self.ended_by(whose, step) if step not in seen else ():
            waiting = self.wanted(frame, whose, attrs.evolve(subject, head="recommend"), seen | {step})
            found.append(conj(negated(in_force(frame.encoders[whose], subject, rule, hold).no), waiting))
        return disj(*found)

    def ended_by(self, whose: int, step: Subject) -> Iterator[tuple[Subject, Rule, Prohibit]]:
        """The holds of a policy that an act of this step's action ends."""
        for subject, effects in self.policies.effects[whose].items():
            for rule, effect in effects:
                if isinstance(effect, Prohibit) and step.action in effect.acts_needed:
                    yield subject, rule, effect


def _not_blocking(encoder: Encoder, blocker: Blocker) -> Term:
    """What holds where a prohibition does not block a step: it does not hold, or is undecided and lets pass, be it because
    a parameter is still to be filled in."""
    truth = in_force(encoder, blocker.subject, blocker.rule, blocker.effect)
    return (
        negated(truth.yes)
        if passes(blocker.effect)
        else disj(truth.no, conj(negated(truth.yes), disj(*_unsaid(encoder, blocker))))
    )


def _unsaid(encoder: Encoder, blocker: Blocker) -> Iterator[Term]:
    """For each parameter that the limit of a prohibition reads, that it is still to be filled in."""
    symbols, where = encoder.symbols, blocker.effect.where
    for name in sorted(_filled_in(where)) if where is not None else ():
        yield negated(symbols.wanted(symbols.parameters(), name, (blocker.subject.action,)).given)


def _waits_for_values(where: Condition | None) -> bool:
    """Whether a limit is unknown, and left open, while none of the parameters that it reads are filled in."""
    parts = where.conditions if isinstance(where, AllOf) else (where,)
    return all(
        isinstance(part, FactTest) and isinstance(part.name, FieldName) and part.name.list == STEP
        for part in parts
    )


def passes(effect: Recommend | Prohibit) -> bool:
    """Whether a prohibition does not block while it is undecided."""
    return isinstance(effect, Prohibit) and effect.when_unknown_allow


def _filled_in(condition: Condition) -> set[str]:
    """The parameters of a step that a limit reads."""
    names = (name for test in condition.walk() for name in test.names())
    return {name.field for name in names if isinstance(name, FieldName) and name.list == STEP}


def _parameters(effect: Prohibit) -> set[str]:
    """The parameters of a step that a prohibition depends on, be it by the record that they name."""
    names = (root_of(name) for part in effect.by_params for test in part.walk() for name in test.names())
    return {*effect.covered, *(name.field for name in names if isinstance(name, FieldName) and name.list == STEP)}  # fmt: skip


def _says(
    encoder: Encoder, action: str, effect: Recommend | Prohibit, slot: Slot | None, read: Collection[str]
) -> Iterator[Term]:
    """That the parameters of an act are as a step states them, as far as these are numbers that can be worked out in terms."""
    declared, symbols = encoder.model.vocabulary.actions[action].params, encoder.symbols
    for name, value in effect.params if isinstance(effect, Recommend) else ():
        if name in read and declared[name].type.kind in _COUNTED:
            stated = value_of(encoder, value, () if slot is None else (slot,))
            said = symbols.wanted(symbols.parameters(), name, (action,))
            if stated is not None and stated.term.sort() == said.term.sort():
                yield conj(stated.known, said.given, stated.term == said.term)
