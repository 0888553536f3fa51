"""The coverable parts of a policy: each top-level condition with its tests, and each effect, with their positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import attrs

from escalation_rules.errors import Position
from escalation_rules.policy.conditions import (
    AllOf,
    AnyOf,
    Condition,
    NoneOf,
    Not,
    RecordCondition,
    Selection,
    Truth,
    both,
    either,
    opposite,
)
from escalation_rules.policy.model import Conclude, Effect, Hold, PolicyModel, Prohibit, Recommend, Rule
from escalation_rules.policy.vocabulary import NOWHERE
from escalation_rules.solving.kleene import Node, conditions_of, holding
from escalation_rules.solving.witness import PARAMETERS

Part = Literal[
    "when", "unless", "applies_while", "first_that_applies", "where", "has", "until", "paused_while", "phase_order"
]  # fmt: skip
Shape = int | Node[int]
"""A formula over the tests of a condition, by their numbers."""


@attrs.frozen(eq=False)
class Test:
    """A test of a condition. `inner` are the conditions on records inside it.

    `counted` is False for a test of the ruleset's condition, which is covered separately.
    """

    __test__ = False  # not a test class for pytest

    condition: Condition
    place: Position
    part: Part
    counted: bool = True
    inner: tuple[Root, ...] = ()


@attrs.frozen(eq=False)
class Root:
    """A top-level condition. `shape` defines its result from those of its tests.

    `owner` is the rule, ruleset or action that it belongs to, `scope` the lists of the records in scope.
    `selection` gives the records that an inner condition applies to.
    """

    key: str
    owner: str
    shape: Shape
    tests: tuple[Test, ...]
    scope: tuple[str, ...] = ()
    selection: Selection | None = None

    def outcome(self, truths: Sequence[Truth]) -> Truth:
        """The result of the condition for these truths of its tests."""
        return outcome(self.shape, truths)

    def deciding(self, truths: Sequence[Truth]) -> Iterator[int]:
        """The numbers of the tests that decide, i.e. where another truth of this test alone would change the outcome."""
        found = self.outcome(truths)
        for number, truth in enumerate(truths):
            others = [*truths]
            for other in (True, False):
                others[number] = other
                if other is not truth and self.outcome(others) is not found:
                    yield number
                    break

    def walk(self) -> Iterator[Root]:
        """This condition, and the conditions on records nested in its tests."""
        yield self
        for test in self.tests:
            for root in test.inner:
                yield from root.walk()


def outcome(shape: Shape, truths: Sequence[Truth]) -> Truth:
    """The result of a formula for these truths of its tests."""
    if isinstance(shape, int):
        return truths[shape]
    parts = (outcome(part, truths) for part in shape.parts)
    match shape.kind:
        case "all":
            return both(parts)
        case "any":
            return either(parts)
        case "not":
            return opposite(next(parts))
        case "known":
            return next(parts) is True


@attrs.frozen(eq=False)
class EffectPart:
    """An effect of a rule, or one of the values that it chooses from."""

    rule: Rule
    number: int
    value: str | None
    place: Position

    @property
    def key(self) -> str:
        """The key of the effect in a tally."""
        return effect_key(self.rule.id, self.number, self.value)

    @property
    def does(self) -> tuple[str, str]:
        """The YAML keyword of the effect, and its subject."""
        effect = self.rule.effects[self.number]
        match effect:
            case Recommend():
                return effect.head, effect.action
            case Prohibit():
                return effect.head, effect.named
            case Conclude():
                return effect.head, effect.name if self.value is None else f"{effect.name}: {self.value}"


def effect_key(rule: str, number: int, value: str | None = None) -> str:
    """The key of an effect in a tally."""
    return f"{rule} {number}" if value is None else f"{rule} {number} {value}"


@attrs.frozen(eq=False)
class RuleParts:
    """The conditions of a rule, and those inside its effects by the number of the effect."""

    rule: Rule
    root: Root
    effects: tuple[EffectPart, ...]
    of_effects: tuple[tuple[int, Part, Root], ...]


@attrs.frozen(eq=False)
class Parts:
    """All conditions and effects of a policy, in order."""

    rules: tuple[RuleParts, ...]
    gates: tuple[Root, ...]
    orders: tuple[Root, ...]
    pauses: tuple[Root, ...]

    @classmethod
    def of(cls, model: PolicyModel) -> Parts:
        """Collect the parts of a policy."""
        gates = [_Draft(ruleset.id, f"{ruleset.id} applies_while").root("applies_while", ruleset.applies_while)
                 for ruleset in model.rulesets.values() if ruleset.applies_while is not None]  # fmt: skip
        orders = [_Draft("phase_order", f"phase_order {number}").root("phase_order", order.when)
                  for number, order in enumerate(model.phase_orders)]  # fmt: skip
        pauses = []
        for action, condition in model.pauses.items():
            about = model.scope_of(action)
            draft = _Draft(action, f"{action} paused_while", (about,) if about is not None else ())
            pauses.append(draft.root("paused_while", condition))
        rules = tuple(_rule(rule, model) for rule in model.rules)
        return cls(rules, tuple(gates), tuple(orders), tuple(pauses))

    def roots(self) -> Iterator[Root]:
        """All conditions, including nested ones."""
        for rule in self.rules:
            yield from rule.root.walk()
            for _, _, root in rule.of_effects:
                yield from root.walk()
        for root in (*self.gates, *self.orders, *self.pauses):
            yield from root.walk()


def _rule(rule: Rule, model: PolicyModel) -> RuleParts:
    scope = () if rule.for_each is None else (rule.for_each,)
    draft = _Draft(rule.id, rule.id, scope)
    gate, when, unless = conditions_of(rule, model.rulesets[rule.ruleset])
    gated = draft.test(gate, "applies_while", counted=False)
    shape = holding([gated, draft.shape(when, "when"), draft.shape(unless, "unless")])
    of_effects: list[tuple[int, Part, Root]] = []
    for number, effect in enumerate(rule.effects):
        of_effects += [(number, part, _Draft(rule.id, f"{rule.id} {number} {name}", inner).root(part, condition, selection))
                       for part, name, inner, condition, selection in _in_effect(effect, scope)]  # fmt: skip
    return RuleParts(rule, draft.made(shape), tuple(_effects(rule)), tuple(of_effects))


_InEffect = tuple[Part, str, tuple[str, ...], Condition, Selection | None]


def _in_effect(effect: Effect, scope: tuple[str, ...]) -> Iterator[_InEffect]:
    match effect:
        case Recommend():
            if effect.paused_while is not None:
                yield "paused_while", "paused_while", scope, effect.paused_while, None
            for name, value in effect.params:
                selection = getattr(value, "selection", None)
                if isinstance(selection, Selection) and selection.where is not None:
                    yield "where", name, (*scope, selection.list), selection.where, selection
        case Prohibit():
            if effect.where is not None:
                yield "where", "where", (*scope, PARAMETERS), effect.where, None
            if isinstance(effect, Hold):
                inside = (*scope, PARAMETERS) if effect.ends_by_step else scope
                yield "until", "until", inside, effect.until, None
        case Conclude():
            for number, (_, condition) in enumerate(effect.alternatives):
                yield "first_that_applies", f"alternative {number}", scope, condition, None


def _effects(rule: Rule) -> Iterator[EffectPart]:
    for number, effect in enumerate(rule.effects):
        if isinstance(effect, Conclude) and effect.alternatives:
            for value, condition in effect.alternatives:
                yield EffectPart(rule, number, value, place_of(condition, effect.position))
            if effect.otherwise is not None and effect.otherwise not in dict(effect.alternatives):
                yield EffectPart(rule, number, effect.otherwise, effect.position)
        else:
            yield EffectPart(rule, number, None, effect.position)


def place_of(condition: Condition, owner: Position) -> Position:
    """The position of a condition; a combined condition has that of its first test."""
    if condition.position != NOWHERE:
        return condition.position
    return next((place_of(part, owner) for part in condition.parts()), owner)


@attrs.define
class _Draft:
    """Builds a condition and numbers its tests in order."""

    owner: str
    key: str
    scope: tuple[str, ...] = ()
    tests: list[Test] = attrs.Factory(list)

    def root(self, part: Part, condition: Condition, selection: Selection | None = None) -> Root:
        return self.made(self.shape(condition, part), selection)

    def made(self, shape: Shape, selection: Selection | None = None) -> Root:
        return Root(self.key, self.owner, shape, tuple(self.tests), self.scope, selection)

    def shape(self, condition: Condition, part: Part) -> Shape:
        match condition:
            case AllOf():
                return Node("all", tuple(self.shape(test, part) for test in condition.conditions))
            case AnyOf():
                return Node("any", tuple(self.shape(test, part) for test in condition.conditions))
            case NoneOf() | Not():
                inner = Node("any", tuple(self.shape(test, part) for test in condition.conditions))
                return Node("not", (inner,))
        return self.test(condition, part)

    def test(self, condition: Condition, part: Part, *, counted: bool = True) -> int:
        inner: list[Root] = []
        if counted and isinstance(condition, RecordCondition):
            scope = (*self.scope, condition.selection.list)
            for name, nested in (
                ("where", condition.selection.where),
                ("has", getattr(condition, "has", None)),
            ):
                if isinstance(nested, Condition):
                    draft = _Draft(self.owner, f"{self.key} {len(self.tests)} {name}", scope)
                    about = (
                        attrs.evolve(condition.selection, where=None)
                        if name == "where"
                        else condition.selection
                    )
                    inner.append(draft.root("where" if name == "where" else "has", nested, about))
        self.tests.append(Test(condition, place_of(condition, NOWHERE), part, counted, tuple(inner)))
        return len(self.tests) - 1
