"""Schemas of tests on one fact or field. Each operator defines the form of its operand."""

from __future__ import annotations

import re
from collections.abc import Callable

from escalation_rules.policy.conditions import OPERATORS, GivenTest
from escalation_rules.policy.conditions.facts import BARE_WORDS, GIVEN, applies
from escalation_rules.policy.conditions.operator import Forms, Operator
from escalation_rules.policy.conditions.timing import Passed
from escalation_rules.policy.vocabulary import Fact, Named
from escalation_rules.tools.schema.parts import (
    FAR_NAME,
    FLAG,
    Kit,
    Schema,
    age,
    closed,
    deadline,
    described,
    duration,
    elapsed,
    hours,
    mapping_or,
    name_among,
    one_of,
    phrase,
    shifted_pattern,
    spoken,
)
from escalation_rules.tools.schema.scopes import Depth, View, case_view, every_view
from escalation_rules.tools.schema.values import CURRENCY, literal
from escalation_rules.values import Amount, Instant, Reference, ValueType

Typed = tuple[ValueType, tuple[Named, ...]]
"""A type, and the labels of its values."""


class FactTests:
    """The definitions of tests, for each type, and for each fact with and without a record in scope."""

    def __init__(self, kit: Kit) -> None:
        self.kit = kit
        self.computed: Callable[[ValueType, Depth], tuple[Schema, ...]] = lambda of, depth: ()
        """The forms of operands that are worked out, which contain conditions and so tests again."""
        vocabulary = kit.vocabulary
        self.views: dict[Depth, View] = {"case": case_view(vocabulary), "record": every_view(vocabulary)}
        self._types: list[Typed] = []
        self._full = {id(fact): name for name, fact in vocabulary.facts.items()}
        for listed in vocabulary.records.values():
            self._full |= {id(fact): f"{listed.name}.{name}" for name, fact in listed.fields.items()}

    def of_name(self, view: View, text: str) -> Schema:
        """The test on the fact or field named `text` in a view."""
        found = [self._of_fact(fact, view.depth) for fact in view.names[text]]
        distinct = [schema for index, schema in enumerate(found) if schema not in found[:index]]
        return distinct[0] if len(distinct) == 1 else {"anyOf": distinct}

    def _of_fact(self, fact: Fact, depth: Depth) -> Schema:
        def build() -> Schema:
            kind = f"({fact.type.kind}{', concluded by rules' if fact.concluded else ''})"
            return described(self._of_type((fact.type, fact.values), depth), spoken(fact.label), kind)

        full = self._full.get(id(fact))
        return self.kit.define(f"test.{depth}.{full}", build) if full else build()

    def _of_type(self, of: Typed, depth: Depth) -> Schema:
        return self.kit.define(f"test.{depth}.{self._key(of)}", lambda: self._test(of, depth))

    def _key(self, of: Typed) -> str:
        kind = of[0].kind
        if not hasattr(of[0], "names") and not hasattr(of[0], "to"):
            return kind
        if of not in self._types:
            self._types.append(of)
        return f"{kind}-{self._types.index(of) + 1}"

    def _test(self, of: Typed, depth: Depth) -> Schema:
        operators = {
            key: self.operator(kind, of, depth, self.computed(of[0], depth))
            for key, kind in OPERATORS.items()
            if applies(kind, of[0])
        }
        operators[GIVEN] = described(FLAG, GivenTest.doc)
        words = [word for word in BARE_WORDS if word.endswith(GIVEN) or applies(Passed, of[0])]
        amounts = {"propertyNames": CURRENCY} if isinstance(of[0], Amount) else None
        return mapping_or(closed(operators, least=1), [self._literal(of), one_of(words)], unless=amounts)

    def operator(
        self, kind: type[Operator], of: Typed, depth: Depth, computed: tuple[Schema, ...] = ()
    ) -> Schema:
        """The operand of an operator on values of a type, with its description."""
        forms = Forms(
            self._literal(of),
            computed,
            self._names(of, depth, dotted=False),
            self._names(of, depth, dotted=True),
            duration(self.kit),
            elapsed(self.kit),
            age(self.kit),
            deadline(self.kit),
            self.shifted(depth),
            hours(self.kit),
        )
        return described(kind.schema(forms), f"{kind.doc}. Example: {kind.example}")

    def shifted(self, depth: Depth) -> Schema:
        """A length of time after or before an instant."""

        def build() -> Schema:
            names = "|".join([*map(re.escape, self.views[depth].of_type(Instant(), dotted=False)), FAR_NAME])
            form = shifted_pattern(self.kit.vocabulary, f"({names})")
            return phrase(form, "a length of time before or after an instant, such as 30 minutes after NAME")

        return self.kit.define(f"shifted.{depth}", build)

    def _literal(self, of: Typed) -> Schema:
        return self.kit.define(f"literal.{self._key(of)}", lambda: self._literal_or_amount(*of))

    def _literal_or_amount(self, of: ValueType, values: tuple[Named, ...]) -> Schema:
        amounts = self.kit.vocabulary.amounts if isinstance(of, Amount) else {}
        return {"anyOf": [literal(of), one_of(sorted(amounts))]} if amounts else literal(of, values)

    def _names(self, of: Typed, depth: Depth, dotted: bool) -> Schema:
        key = f"{'dotted' if dotted else 'name'}.{depth}.{self._key(of)}"
        return self.kit.define(key, lambda: name_among(self.views[depth].of_type(of[0], dotted)))

    def dotted(self, of: ValueType, depth: Depth) -> list[str]:
        """The dotted names of facts and fields of the type."""
        return self.views[depth].of_type(of, dotted=True)

    def instants(self, depth: Depth) -> Schema:
        """The names of instants, as used in tests on acts."""
        return self._names((Instant(), ()), depth, dotted=False)

    def references(self) -> list[str]:
        """The names of all fields that refer to a record, with and without that of the record that leads to them."""
        every = self.views["record"].names
        return sorted(
            name for name, facts in every.items() if any(isinstance(fact.type, Reference) for fact in facts)
        )

    def anchors(self) -> list[str]:
        """The dotted names of all instants, independent of the scope."""
        return sorted({*self.dotted(Instant(), "case"), *self.dotted(Instant(), "record")})

    def learned(self) -> list[str]:
        """Everything that `learned` may name, independent of the scope: facts and fields by dotted names, and
        single records."""
        names = {name for depth in self.views for name in self.views[depth].names if "." in name}
        return sorted(names | {record_list.each for record_list in self.kit.vocabulary.records.values()})
