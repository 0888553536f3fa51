"""Checks for conditions that decide nothing: never true, always true where known, or `every` over an empty list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from escalation_rules.errors import Diagnostic, Position
from escalation_rules.policy.conditions import AllOf, Condition, FactTest, NoneOf, Not, RecordCondition
from escalation_rules.policy.conditions.records import Every
from escalation_rules.policy.model import Hold
from escalation_rules.policy.vocabulary import NOWHERE
from escalation_rules.solving.formulas import Solver
from escalation_rules.solving.kleene import Node, conditions_of, holding
from escalation_rules.solving.satisfy import Formula
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import fields_of


@attrs.frozen(eq=False)
class Root:
    """A top-level condition, with the position of its owner.

    `beside` are conditions that hold at the same time, `scope` the list whose record is in scope, if any.
    """

    condition: Condition
    owner: Position
    beside: tuple[Condition, ...] = ()
    scope: str | None = None


def roots(linted: Linted) -> Iterator[Root]:
    """The top-level conditions of the policy, in order of their owners."""
    for ruleset in linted.model.rulesets.values():
        yield from (Root(condition, ruleset.position) for condition in _outermost(ruleset.applies_while))
    for order in linted.model.phase_orders:
        yield Root(order.when, order.position)
    for rule in linted.model.rules:
        gate, when = _present(linted.model.rulesets[rule.ruleset].applies_while), _present(rule.when)
        yield from (Root(condition, rule.position, gate, rule.for_each) for condition in when)
        for condition in _outermost((rule.unless, rule.effects)):
            yield Root(condition, rule.position, (*gate, *when), rule.for_each)


def _present(condition: Condition | None) -> tuple[Condition, ...]:
    return () if condition is None else (condition,)


def _outermost(part: object) -> Iterator[Condition]:
    if isinstance(part, Condition):
        yield part
    elif isinstance(part, tuple):
        for inner in part:
            yield from _outermost(inner)
    elif attrs.has(type(part)):
        for _, value in fields_of(part):
            yield from _outermost(value)


def place(condition: Condition, owner: Position) -> Position:
    """The position of a condition; a combined condition has that of its first test."""
    if condition.position != NOWHERE:
        return condition.position
    return next((place(part, owner) for part in condition.parts()), owner)


# --- constant conditions ----------------------------------------------------------------------------------------------


def is_never(conditions: Iterable[Condition]) -> bool:
    """Whether the conditions cannot all be true together."""
    return not Solver(conditions).can_be(True, _all)


def is_always(condition: Condition) -> bool:
    """Whether the condition is true wherever it is known."""
    return not Solver([condition]).can_be(False, _all)


def _all(formulas: Iterable[Formula]) -> Formula:
    return Node("all", tuple(formulas))


def deciding_nothing(linted: Linted) -> Found:
    """The smallest tests that can never be true, or are always true where known."""
    for root in roots(linted):
        yield from _in(root.condition, root.owner)


def _in(condition: Condition, owner: Position) -> list[Diagnostic]:
    inner = [diagnostic for part in condition.parts() for diagnostic in _in(part, owner)]
    if inner:
        return inner  # report only the innermost cause
    here = place(condition, owner)
    if is_never([condition]):
        blamed, message = _contradiction(condition)
        return [
            warning(
                "never-true", place(blamed, owner) if blamed else here, message, "a test that can be true"
            )
        ]
    if is_always(condition):
        expected = "no test here (without `when:`, a rule always applies)"
        if not _is_presumed(condition):  # what is presumed need never be given
            expected += ", or `given` if it only has to be known"
        return [warning("always-true", here, "this test is true for every known value", expected)]
    return []


def _is_presumed(condition: Condition) -> bool:
    return any(isinstance(test, FactTest) and test.name.fact.presume is not None for test in condition.walk())


def _contradiction(condition: Condition) -> tuple[Condition | None, str]:
    """The first test that cannot be true together with the ones before it, and the test it contradicts."""
    parts = condition.conditions if isinstance(condition, AllOf) else ()
    for index, part in enumerate(parts):
        if is_never(parts[: index + 1]):
            other = next((before for before in parts[:index] if is_never([before, part])), None)
            against = f"the test in line {other.position.line}" if other is not None else "the tests above it"
            return part, f"this can never be true together with {against}"
    return None, "this can never be true"


def never_applying(linted: Linted) -> Found:
    """Rules whose conditions (`applies_while`, `when`, `unless`) are each possible, but not together."""
    for rule in linted.model.rules:
        gate = linted.model.rulesets[rule.ruleset].applies_while
        conditions = [condition for condition in (gate, rule.when, rule.unless) if condition is not None]
        if len(conditions) < 2:
            continue
        if Solver(conditions_of(rule, linted.model.rulesets[rule.ruleset])).can_be(True, holding):
            continue
        if not any(_in(condition, rule.position) for condition in conditions):
            what = "`applies_while`, `when` and `unless`" if gate is not None else "`when` and `unless`"
            yield warning("never-applies", rule.position, f"{rule.id} can never apply: {what} exclude each other",
                          "conditions that can be true together")  # fmt: skip


# --- `every` over empty lists -----------------------------------------------------------------------------------------


def every_over_nothing(linted: Linted) -> Found:
    """`every` without another test that requires a record: it is true for an empty list. A hold until every record has
    something rightly ends at once if there is none."""
    ends = {
        id(hold.until) for rule in linted.model.rules for hold in rule.prohibits if isinstance(hold, Hold)
    }
    for root in roots(linted):
        if id(root.condition) in ends:
            continue
        asked = {test.selection.list for condition in (root.condition, *root.beside) for test in condition.walk()
                 if isinstance(test, RecordCondition) and not isinstance(test, Every)}  # fmt: skip
        for condition in _demanded(root.condition, True):
            if not isinstance(condition, Every) or condition.selection.list in asked:
                continue
            name = condition.selection.list
            if name != root.scope or condition.selection.where is not None:
                yield warning("every-without-some", place(condition, root.owner),
                              f"this is also true for a case without {name}", f"`some: {name}` beside it")  # fmt: skip


def _demanded(condition: Condition, wanted: bool) -> Iterator[Condition]:
    """The tests that must be true for the condition to have the truth `wanted`."""
    if wanted:
        yield condition
    if isinstance(condition, (Not, NoneOf)):
        wanted = not wanted
    for part in condition.parts():
        yield from _demanded(part, wanted)


CHECKS = (
    CheckUp(("never-true", "always-true"), "a test that decides nothing", deciding_nothing),
    CheckUp(("never-applies",), "a rule whose conditions exclude each other", never_applying),
    CheckUp(("every-without-some",), "`every` over a list that may be empty", every_over_nothing),
)
