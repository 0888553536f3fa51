"""Tests on one fact or field, and how to read them from YAML."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from escalation_rules.errors import article, listing
from escalation_rules.policy.conditions.computed import conditions_in
from escalation_rules.policy.conditions.condition import Condition, Need, Records, Situation, Truth, latest
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.during import DAYTIMES
from escalation_rules.policy.conditions.forms import read_flag
from escalation_rules.policy.conditions.human_values import (
    CURRENCIES,
    MOST,
    is_value,
    lengths_said,
    test_said,
    value_said,
)
from escalation_rules.policy.conditions.logic import all_of
from escalation_rules.policy.conditions.memory import Reach, united
from escalation_rules.policy.conditions.names import FactName, Name, looks_like_name
from escalation_rules.policy.conditions.operands import comparable
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import COMPARISONS, Equals
from escalation_rules.policy.conditions.synonyms import Guess, Phrase, Worded, by_label, guess
from escalation_rules.policy.conditions.timing import TIMINGS, Passed
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.source import Sequence as SequenceNode
from escalation_rules.suggestions import nearest
from escalation_rules.values import Instant, Party, Reference, ValueType, show

OPERATORS: dict[str, type[Operator]] = {
    operator.key: operator for operator in COMPARISONS + TIMINGS + DAYTIMES
}
GIVEN = "given"
BARE_WORDS = ("given", "not given", "passed", "not passed")
NOT_GIVEN = Phrase("is not known", (
    "missing", "unknown", "absent", "empty", "is_empty", "null", "is_null", "not_set", "undefined", "blank",
    "not_known", "not_exists", "not_given",
))  # fmt: skip


@attrs.frozen
class FactTest(Condition):
    """One operator applied to a fact or field; unknown if the fact is unknown."""

    name: Name
    operator: Operator

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        if situation.noting and self.by_value:
            return situation.tested(self.name.text, self.operator)
        value = self.name.get(situation, records)
        return None if value is None else self.operator.holds(value, situation, records)

    @property
    def by_value(self) -> bool:
        """Whether the result depends only on the value of one fact."""
        return self.operator.by_value and isinstance(self.name, FactName)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        if situation.noting and self.evaluate(situation, records) is not None:
            return ()
        value = self.name.get(situation, records)
        if value is None:
            return (self.name.need(situation, records),)
        if self.operator.holds(value, situation, records) is not None:
            return ()
        # The value is known but undecided: the operand or the party's role is unknown.
        role = (Need("parties.role", value.name),) if isinstance(value, Party) else ()
        return self.operator.undecided(situation, records) or role

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        value = self.name.get(situation, records)
        if value is None:
            return
        yield from self.operator.flips(value, situation, records)
        for operand in self.operator.values():
            yield from operand.flips(situation, records)

    @property
    def timed(self) -> bool:
        return self.operator.timed or any(value.timed for value in self.operator.values())

    def since(self, situation: Situation, records: Records) -> datetime | None:
        value = self.name.get(situation, records)
        if value is None or self.operator.holds(value, situation, records) is None:
            return None
        moments = (self.name.since(situation, records), self.operator.since(value, situation, records))
        return latest((*moments, *(operand.since(situation, records) for operand in self.operator.values())))

    def parts(self) -> Sequence[Condition]:
        return tuple(part for value in self.operator.values() for part in conditions_in(value))

    def names(self) -> Iterator[Name]:
        yield self.name
        yield from self.operator.names()
        for value in self.operator.values():
            yield from value.names()

    def reads(self) -> Iterator[tuple[str, bool]]:
        yield from Condition.reads(self)
        for value in self.operator.values():
            yield from ((name, False) for name in value.reads())

    def own_reach(self) -> Reach:
        return united((Condition.own_reach(self), *(value.reach for value in self.operator.values())))

    def to_data(self) -> dict[str, object]:
        return {self.name.text: {self.operator.key: self.operator.to_data()}}


@attrs.frozen
class GivenTest(Condition):
    """Whether a fact or field is known. Never unknown itself, except for a parameter still to be filled in."""

    doc: ClassVar[str] = "is known (false: is not); also written `given` and `not given`"
    meant_by: ClassVar[tuple[str, ...]] = (
        "exists", "exist", "known", "is_known", "present", "is_present", "set", "is_set", "defined", "has_value",
        "not_null", "not_empty", "filled", "provided"
    )  # fmt: skip
    name: Name
    wanted: bool

    def evaluate(self, situation: Situation, records: Records) -> Truth:
        if self.name.is_open(records):
            return None
        return self.name.is_given(situation, records) is self.wanted

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        return ()

    def flips(self, situation: Situation, records: Records) -> Iterator[datetime]:
        return iter(())

    @property
    def timed(self) -> bool:
        return False

    def since(self, situation: Situation, records: Records) -> datetime | None:
        if self.name.fact.concluded and not self.name.is_given(situation, records):
            return None
        return self.name.since(situation, records)

    def parts(self) -> Sequence[Condition]:
        return ()

    def names(self) -> Iterator[Name]:
        yield self.name

    def to_data(self) -> dict[str, object]:
        return {self.name.text: {GIVEN: self.wanted}}


PRESENCE: tuple[tuple[str, Worded], ...] = ((GIVEN, GivenTest), (f"not {GIVEN}", NOT_GIVEN))
"""The words that test whether something is known."""


def read_test(context: Context, key: Scalar, node: Node) -> Condition | None:
    """Read the entry `name: test` of a condition."""
    name = context.name(key, "unknown-fact")
    if name is None:
        return None
    if isinstance(node, Mapping) and not _is_amounts(node):
        return _read_operators(context, name, node)
    if isinstance(node, SequenceNode):
        known = all(isinstance(entry, Scalar) for entry in node.items) and node.items
        meant = (
            f"{{in: [{', '.join(entry.text for entry in node.items if isinstance(entry, Scalar))}]}}"
            if known
            else None
        )
        message = f"{name.text} cannot be compared with a list without an operator"
        context.error("wrong-form", node, message, None if meant else "`{in: […]}`", meant)
        return None
    if isinstance(node, Scalar) and node.value is None and not node.quoted:
        context.error(
            "wrong-value", node, f"missing value for {name.text}", "a value, `given` or `not given`"
        )
        return None
    if isinstance(node, Scalar) and not node.quoted and node.text in BARE_WORDS:
        return _read_bare(context, name, key, node)
    return _operator(context, name, key, Equals, node)


def _is_amounts(node: Mapping) -> bool:
    keys = node.keys()
    return bool(keys) and all((len(key) == 3 and key.isupper()) or key in CURRENCIES for key in keys)


def _read_bare(context: Context, name: Name, key: Scalar, node: Scalar) -> Condition | None:
    wanted = not node.text.startswith("not ")
    if node.text.endswith(GIVEN):
        return GivenTest(name, wanted, position=key.position)
    if not applies(Passed, name.fact.type):
        _does_not_apply(context, node, name, Passed)
        return None
    return FactTest(name, Passed(wanted), position=key.position)


def _read_operators(context: Context, name: Name, node: Mapping) -> Condition | None:
    tests: list[Condition] = []
    if context.is_computed(node) and all(
        _is_no_operator(key.text, name.fact.type) for key, _ in node.entries
    ):
        word = node.entries[0][0]
        message = f"`{word.text}` stands without an operator below {name.text}"
        context.error("wrong-form", word, message, f"e.g. `{{at_least: {{{word.text}: …}}}}`")
        return None
    for word, operand in node.entries:
        test: Condition | None = None
        if word.text == GIVEN:
            wanted = read_flag(context, operand, GIVEN)
            test = None if wanted is None else GivenTest(name, wanted, position=word.position)
        elif word.text in OPERATORS:
            test = _operator(context, name, word, OPERATORS[word.text], operand)
        else:
            fitting = _fitting(name.fact.type)
            known = [words for words, _ in fitting if " " not in words]
            meant = guess(word.text, fitting) or _unfitting(word.text, known, name)
            context.unknown("unknown-operator", word, "operator", word.text, known, meant=meant)
        if test is not None:
            tests.append(test)
    if not node.entries:
        context.error("empty", node, f"missing test for {name.text}", "a value or an operator")
    return all_of(tests) if len(tests) == len(node.entries) > 0 else None


def _unfitting(word: str, fitting: Sequence[str], name: Name) -> Guess | None:
    """What to expect if the nearest operator does not apply to the value; None if one that does is as near."""
    near = nearest(word, OPERATORS)
    if near is None or near in fitting or nearest(word, fitting):
        return None
    kinds, of = sorted(map(article, OPERATORS[near].kinds)), name.fact.type
    return Guess(
        None, f"`{near}` only for {listing(kinds)}; for {of.article} {of.kind}: {listing(fitting, most=20)}"
    )


def _is_no_operator(word: str, of: ValueType) -> bool:
    """Whether a word is neither an operator nor another tool's word for one."""
    return word != GIVEN and word not in OPERATORS and guess(word, _fitting(of)) is None


def _operator(
    context: Context, name: Name, key: Scalar, kind: type[Operator], node: Node
) -> Condition | None:
    if not applies(kind, name.fact.type):
        _does_not_apply(context, key, name, kind)
        return None
    if isinstance(node, Scalar) and (meant := _spoken(context, node, name, kind)):
        of = name.fact.type
        message = f"{show(node.text)} is not {of.article} {of.kind}"
        context.error("wrong-value", node, message, meant.expected, meant.word)
        return None
    operator = kind.read(context, node, name.fact.type)
    return None if operator is None else FactTest(name, operator, position=key.position)


def sentence(context: Context, said: str) -> str | None:
    """The test probably meant by text such as `customer.orders > 3` or a bare name; None if it contains no known name."""
    if said in context.vocabulary.actions or said in context.vocabulary.groups:
        return f"done: {said}"
    text, _, rest = said[:MOST].replace("：", ": ").strip().partition(" ")
    name = context.scope.resolve(text.rstrip(":"))
    if name is None:
        return None
    of, rest = name.fact.type, rest.strip()
    if not rest:
        return f"{name.text}: {'true' if of.kind == 'flag' else GIVEN}"
    meant = test_said(rest, of, _fitting(of))
    test = meant.word if meant is not None else rest if is_value(rest, of) else value_said(rest, of)
    return f"{name.text}: {test}" if test is not None else None


def _spoken(context: Context, node: Scalar, name: Name, kind: type[Operator]) -> Guess | None:
    """The test probably meant by a value such as `more than 3`; None if it may be a value."""
    of = name.fact.type
    same = _same_as(context, node, of) if kind is Equals else None
    if same is not None and isinstance(of, Reference):
        return same  # any text could be an id
    if not isinstance(node.value, str) or is_value(node.value, of):
        return None
    if looks_like_name(node.text):
        return same
    if kind is Equals:
        labels = {value.name: value for value in name.fact.values}
        return by_label(node.text, labels) or test_said(node.text, of, _fitting(of))
    return lengths_said(node.text, of, _fitting(of)) if kind in COMPARISONS else None


def _same_as(context: Context, node: Scalar, of: ValueType) -> Guess | None:
    """The comparison with another fact or field that is meant by its name, or by that of a record in scope, instead of a
    value."""
    named = next(
        (f"{record_list.each}.id" for record_list in context.scope.lists if record_list.each == node.text),
        node.text,
    )
    other = context.scope.resolve(named) if looks_like_name(named) and not node.quoted else None
    return Guess(f"{{same_as: {named}}}") if other is not None and comparable(other, of) else None


def _fitting(of: ValueType) -> list[tuple[str, Worded]]:
    """The words of tests that apply to values of type `of`, most specific first."""
    operators = sorted(OPERATORS.values(), key=lambda operator: len(operator.kinds))
    found: list[tuple[str, Worded]] = [
        (operator.key, operator) for operator in operators if applies(operator, of)
    ]
    return [*found, *PRESENCE]


def applies(kind: type[Operator], of: ValueType) -> bool:
    """Whether the operator `kind` applies to values of type `of`."""
    return of.kind in kind.kinds


def _does_not_apply(context: Context, node: Node, name: Name, kind: type[Operator]) -> None:
    of = name.fact.type
    fitting = listing(
        [*(operator.key for operator in OPERATORS.values() if applies(operator, of)), GIVEN], most=20
    )
    context.error(
        "operator-does-not-apply",
        node,
        f"`{kind.key}` does not apply to {name.text}, which is {of.article} {of.kind}",
        "an instant" if isinstance(of, Instant) else fitting,
    )
