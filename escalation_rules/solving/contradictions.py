"""Rules that recommend one step with different values, of which none has precedence: where both apply, the step is held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import attrs

from escalation_rules.policy.conditions import FieldName, Selection, exclude
from escalation_rules.policy.model import PolicyModel, Recommend, Rule
from escalation_rules.policy.parameter_values import Chosen, Given, ParameterValue
from escalation_rules.policy.precedence import Precedence, differences, differing
from escalation_rules.solving.effects import by_slot
from escalation_rules.solving.encoding import Encoder
from escalation_rules.solving.kleene import conditions_of
from escalation_rules.solving.kleene_terms import NO, YES, Term, conj, disj
from escalation_rules.solving.subjects import Subject, subject_of
from escalation_rules.solving.symbols import Scope, Slot
from escalation_rules.solving.value_terms import names_known, value_of
from escalation_rules.solving.written import parts_of

OWNER = "owner"
Stating = tuple[Rule, Recommend]


@attrs.frozen(eq=False)
class Contradiction:
    """Two recommendations of one step that state these values (`names`) differently; or one, for two records.

    `final` if no third rule can have precedence over them.
    """

    one: Stating
    other: Stating
    names: tuple[str, ...]
    final: bool

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules."""
        return tuple(sorted({self.one[0].id, self.other[0].id}))

    @property
    def values(self) -> tuple[object, ...]:
        """The values that are stated differently, in the order of `rules`."""
        stated = (
            (rule.id, [effect.owner if name == OWNER else dict(effect.params)[name] for name in self.names])
            for rule, effect in (self.one, self.other)
        )
        return tuple(sorted(stated, key=lambda pair: pair[0]))

    def holds(self, encoder: Encoder, subject: Subject) -> Term:
        """That both apply; whether their values differ is not looked into."""
        return disj(*(both for both, _, _ in self._pairs(encoder, subject)))

    def likely(self, encoder: Encoder, subject: Subject) -> Term:
        """That both apply, with values that differ as far as they can be worked out in terms."""
        return disj(
            *(
                conj(both, disj(*self._values_differ(encoder, slots)), *self._known(encoder, slots))
                for both, *slots in self._pairs(encoder, subject)
            )
        )

    def sure(self, encoder: Encoder, subject: Subject) -> Term:
        """That both apply with values that certainly differ."""
        if not self.final:
            return NO
        return disj(
            *(
                conj(both, disj(*self._values_differ(encoder, slots, exact=True)))
                for both, *slots in self._pairs(encoder, subject)
            )
        )

    def _pairs(self, encoder: Encoder, subject: Subject) -> Iterator[tuple[Term, Slot | None, Slot | None]]:
        """That both apply, for each pair of records of their rules."""
        mine, its = (by_slot(encoder, subject, *pair) for pair in (self.one, self.other))
        for first, truth in mine:
            for second, other in its:
                if self.one is not self.other or first is not second:
                    yield conj(truth.yes, other.yes), first, second

    def _values_differ(
        self, encoder: Encoder, slots: Sequence[Slot | None], *, exact: bool = False
    ) -> Iterator[Term]:
        for name in self.names:
            if name == OWNER:
                yield YES
                continue
            values = [dict(effect.params)[name] for _, effect in (self.one, self.other)]
            if exact and not all(isinstance(value, Given) for value in values):
                continue
            scopes = [() if slot is None else (slot,) for slot in slots]
            found = [value_of(encoder, value, scope) for value, scope in zip(values, scopes, strict=True)]
            first, second = found
            if first is not None and second is not None and first.term.sort() == second.term.sort():
                yield conj(first.known, second.known, first.term != second.term)
            elif not exact:
                yield _chosen_otherwise(encoder, values, scopes)

    def _known(self, encoder: Encoder, slots: Sequence[Slot | None]) -> Iterator[Term]:
        for (_, effect), slot in zip((self.one, self.other), slots, strict=True):
            for name, value in effect.params:
                if name in self.names:
                    yield from names_known(encoder, value, () if slot is None else (slot,))


def _chosen_otherwise(encoder: Encoder, values: Sequence[ParameterValue], scopes: Sequence[Scope]) -> Term:
    """That two values choose records, and not the same ones; of other values, nothing is said."""
    one, other = values
    if (
        not isinstance(one, Chosen)
        or not isinstance(other, Chosen)
        or one.selection.list != other.selection.list
    ):
        return YES
    chosen = [[encoder.belongs(choice.selection, slot, scope) for slot in encoder.symbols.records(one.selection.list)]
              for choice, scope in ((one, scopes[0]), (other, scopes[1]))]  # fmt: skip
    apart = [conj(mine.yes, its.no) for mine, its in zip(*chosen, strict=True)]
    rest = [disj(*(its.yes for its in chosen[1]))]
    return conj(disj(*apart), *rest, *(disj(truth.yes, truth.no) for found in chosen for truth in found))


def contradictions(model: PolicyModel) -> Mapping[Subject, Sequence[Contradiction]]:
    """Those of a policy, by the step that they are about."""
    precedence = Precedence.of(model)
    over = {name for below in precedence.below.values() for name in below}
    found: dict[Subject, list[Contradiction]] = {}
    for one, other, names in _pairs(model):
        if not precedence.decides(one[0], other[0]) and not _are_apart(model, one[0], other[0]):
            final = over.isdisjoint({one[0].id, other[0].id})
            subject = subject_of(model, one[1], one[1].action)
            found.setdefault(subject, []).append(Contradiction(one, other, names, final))
    return found


def _pairs(model: PolicyModel) -> Iterator[tuple[Stating, Stating, tuple[str, ...]]]:
    for one, other in differing(model):
        yield one, other, tuple(differences(one[1], other[1], model.vocabulary.actions[one[1].action]))
    for rule in model.rules:
        for effect in rule.recommends if rule.for_each is not None else ():
            action = model.vocabulary.actions[effect.action]
            own = action.about != "case" and effect.aim.target == "record"
            names = tuple(name for name, value in effect.params if is_of_record(rule, value) and name not in action.apart
                          and action.params[name].combine == "same")  # fmt: skip
            if names and not own:
                yield (pair := (rule, effect)), pair, names


def is_of_record(rule: Rule, value: ParameterValue) -> bool:
    """Whether a value may refer to the record of its rule."""
    return any(
        part.via is not None
        if isinstance(part, Selection)
        else isinstance(part, FieldName) and part.list == rule.for_each
        for part in parts_of(value)
    )


def _are_apart(model: PolicyModel, one: Rule, other: Rule) -> bool:
    """Whether the conditions of two rules exclude each other."""
    mine, its = (conditions_of(rule, model.rulesets[rule.ruleset])[:2] for rule in (one, other))
    return one is not other and any(exclude(condition, against) for condition in mine for against in its)
