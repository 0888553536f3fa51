"""The terms of a step, one by one: each parameter, the owner, the time. One that differs can be hidden by another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

import attrs

from escalation_rules.policy.model import Recommend, Rule
from escalation_rules.solving.contradictions import OWNER
from escalation_rules.solving.effects import by_slot, in_force
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj
from escalation_rules.solving.observing import Observed
from escalation_rules.solving.search import Frame
from escalation_rules.solving.subjects import Subject
from escalation_rules.solving.symbols import Scope
from escalation_rules.solving.value_terms import leaves_differ, names_known, value_of
from escalation_rules.tools.compare.aspects import WITHIN, Aspects
from escalation_rules.tools.compare.policies import NEW, OLD, Pair, Policies, decided_about
from escalation_rules.tools.compare.questions import Question, Questions, open_step
from escalation_rules.tools.compare.result import EffectChange, Part

_Stated = tuple[Rule, Recommend]


@attrs.frozen(eq=False)
class TermsApart:
    """Asks about each term of a step for a case in which it differs."""

    policies: Policies
    questions: Questions
    aspects: Aspects

    def of(self, step: Subject, found: Sequence[EffectChange]) -> Iterator[Question]:
        """The questions about terms that changes can affect, and that no case `found` so far shows to differ because of them."""
        for name in self._names(step):
            changes = self.aspects.says_otherwise(step, frozenset({name}))
            left = changes - self._shown(step, found).get(name, frozenset())
            if left:
                yield self._question(step, name, left)

    def _names(self, step: Subject) -> list[str]:
        """The terms that the rules of both policies state: whose step it is, and by when, come last."""
        sides = [
            {name for _, effect in self._effects(whose, step) for name, _ in effect.params}
            for whose in (OLD, NEW)
        ]
        both = all(self._effects(whose, step) for whose in (OLD, NEW))
        return [*sorted(sides[OLD] & sides[NEW]), *((OWNER, WITHIN) if both else ())]

    def _shown(self, step: Subject, found: Iterable[EffectChange]) -> dict[str, frozenset[str]]:
        """The changes because of which the terms of a step are shown to differ."""
        shown: dict[str, frozenset[str]] = {}
        for change in found:
            if (
                change.head == "recommend"
                and change.how == "otherwise"
                and step.action in change.actions
                and change.about == (step.to or None)
            ):
                for name in terms_differing(change.before, change.after):
                    shown[name] = shown.get(name, frozenset()) | {*change.because}
        return shown

    def _question(self, step: Subject, name: str, changes: frozenset[str]) -> Question:
        """Ask for a case in which both policies have the step in the plan, with another value of a term."""
        questions, about = self.questions, self.policies.about(step)

        def query(frame: Frame) -> Sequence[Term]:
            base = conj(
                questions.in_both(frame, step),
                *questions.may_be_open(frame, step),
                disj(*self._may_differ(frame, step, name)),
            )
            likely = disj(*self._likely(frame, step, name))
            free = questions.free(frame, step)
            forms = open_step(frame, step, base)
            return conj(forms[0], likely, *free), conj(base, likely), conj(forms[0], *free), base

        def shown(pair: Pair) -> bool:
            if not all(observed.is_open(step, about) for observed in pair):
                return False
            before, after = (_said(observed, step, about, name) for observed in pair)
            return before is not None and after is not None and before != after

        def seen(observed: Observed) -> object:
            return _said(observed, step, about, name)

        part: Part = "times" if name == WITHIN else "values"
        return Question("otherwise", step, query, shown, part, changes, seen=seen)

    def _effects(self, whose: int, step: Subject) -> list[_Stated]:
        effects = self.policies.effects_of(whose, step)
        return [(rule, effect) for rule, effect in effects if isinstance(effect, Recommend)]

    # --- terms of the solver --------------------------------------------------------------------------------------------

    def _may_differ(self, frame: Frame, step: Subject, name: str) -> Iterator[Term]:
        """What holds in each case in which the policies can say something else of a term: one of the effects that state it is in
        force in one policy only, or says something else."""
        sides = [self._by_rule(whose, step) for whose in (OLD, NEW)]
        for rule in sorted(sides[OLD].keys() | sides[NEW].keys()):
            for one, other in zip_longest(*(side.get(rule, []) for side in sides)):
                mine, its = (
                    NO if stated is None else in_force(frame.encoders[whose], step, *stated).yes
                    for whose, stated in ((OLD, one), (NEW, other))
                )
                yield NO if mine.eq(its) else mine != its
                if one is not None and other is not None:
                    yield conj(mine, its, self._says_other(frame, one, other, name))

    def _by_rule(self, whose: int, step: Subject) -> dict[str, list[_Stated]]:
        found: dict[str, list[_Stated]] = {}
        for rule, effect in self._effects(whose, step):
            found.setdefault(rule.id, []).append((rule, effect))
        return found

    def _says_other(self, frame: Frame, one: _Stated, other: _Stated, name: str) -> Term:
        """What holds in each case in which two effects in force can say something else of a term."""
        if self._said_by(OLD, *one, name) != self._said_by(NEW, *other, name):
            return YES
        value = dict(one[1].params).get(name)
        if value is None:
            return NO
        scopes: list[Scope] = [() if slot is None else (slot,) for slot in frame.encoders[OLD].slots(one[0])]
        return disj(*(leaves_differ(frame.pair, value, scope) for scope in scopes))

    def _said_by(self, whose: int, rule: Rule, effect: Recommend, name: str) -> object:
        """What an effect of a rule says of a term, as it is written; the list of the rule says whose record it reads."""
        if name == WITHIN:
            return effect.within, effect.anchor, effect.before, rule.for_each
        if name == OWNER:
            return effect.owner or self.policies.models[whose].vocabulary.actions[effect.action].owner
        value = dict(effect.params).get(name)
        return None if value is None else str(value.to_data()), rule.for_each

    def _likely(self, frame: Frame, step: Subject, name: str) -> Iterator[Term]:
        """That two effects in force say something else of a term, as far as that can be worked out in terms."""
        for one in self._effects(OLD, step):
            for other in self._effects(NEW, step):
                alike = self._said_by(OLD, *one, name) == self._said_by(NEW, *other, name)
                if alike and name in (OWNER, WITHIN):
                    continue
                for first, mine in by_slot(frame.encoders[OLD], step, *one):
                    for second, its in by_slot(frame.encoders[NEW], step, *other):
                        both = conj(mine.yes, its.yes)
                        if name in (OWNER, WITHIN):
                            yield both
                        else:
                            scopes: list[Scope] = [
                                () if slot is None else (slot,) for slot in (first, second)
                            ]
                            yield conj(both, self._values_differ(frame, (one, other), scopes, name))

    def _values_differ(
        self, frame: Frame, effects: tuple[_Stated, _Stated], scopes: Sequence[Scope], name: str
    ) -> Term:
        values = [dict(effect.params).get(name) for _, effect in effects]
        if values[OLD] is None or values[NEW] is None:
            return NO
        known = [
            term
            for encoder, value, scope in zip(frame.encoders, values, scopes, strict=True)
            if value is not None
            for term in names_known(encoder, value, scope)
        ]
        worked_out = [
            value_of(encoder, value, scope)
            for encoder, value, scope in zip(frame.encoders, values, scopes, strict=True)
            if value is not None
        ]
        first, second = worked_out
        if first is None or second is None or first.term.sort() != second.term.sort():
            return conj(*known)
        return conj(*known, first.known, second.known, first.term != second.term)


def shows_less(one: EffectChange, other: EffectChange) -> bool:
    """Whether all terms of a step that one case shows to differ also differ in another one, because of the same changes."""
    same = (one.how, one.head, one.actions, one.about, one.because, one.contradicting)
    its = (other.how, other.head, other.actions, other.about, other.because, other.contradicting)
    if one.how != "otherwise" or one.head != "recommend" or same != its:
        return False
    shown = {*terms_differing(one.before, one.after)}
    return bool(shown) and shown <= {*terms_differing(other.before, other.after)}


def terms_differing(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The terms that two decisions show with another value, be it that one of them does not know it yet."""
    if len(before) != 1 or len(after) != 1:
        return
    one, other = before[0], after[0]
    params = [entry.get("params") or {} for entry in (one, other)]
    names = dict.fromkeys((*params[OLD], *params[NEW]))
    yield from (name for name in names if params[OLD].get(name) != params[NEW].get(name))
    if one.get("owner") != other.get("owner"):
        yield OWNER
    if any(one.get(key) != other.get(key) for key in ("due", "within")):
        yield WITHIN


def _said(observed: Observed, step: Subject, about: str | None, name: str) -> object:
    """What a decision says of a term of the step; None if nothing, or if it is not known."""
    for decided in decided_about(observed, step, about):
        if name == WITHIN:
            return (decided.get("within"), decided.get("due")) if decided.get("within") else None
        return decided.get("owner") if name == OWNER else (decided.get("params") or {}).get(name)
    return None
