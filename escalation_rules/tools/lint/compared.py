"""Checks for facts or fields compared with themselves, by mistake or because the outer record cannot be named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from escalation_rules.errors import Diagnostic
from escalation_rules.policy.conditions import STEP, Condition, FactTest, RecordCondition, Selection
from escalation_rules.policy.conditions.counting import Sum
from escalation_rules.policy.conditions.names import FieldName, Name, meaning_of, root_of
from escalation_rules.policy.model import Prohibit
from escalation_rules.policy.vocabulary import Vocabulary
from escalation_rules.solving.written import parts_of as written_in
from escalation_rules.tools.lint.base import CheckUp, Found, Linted, warning
from escalation_rules.tools.lint.usage import fields_of

Lists = tuple[str, ...]
"""The lists whose records are in scope, outermost first."""
_ACT = (STEP,)
"""What a `where` over acts adds to the scope."""

_OUTCOMES = {False: ", so this is never true", True: ", so this is true whenever it is known"}


def tests_in(part: object, scope: Lists) -> Iterator[tuple[FactTest, Lists]]:
    """The tests on facts and fields inside a part of the model, each with its scope."""
    match part:
        case FactTest():
            yield part, scope
            for value in part.operator.values():
                yield from _in_all(value.sources(), scope)
        case RecordCondition():
            yield from _in_all(part.on_records(), (*scope, part.selection.list))
            for value in part.compared() if isinstance(part, Sum) else ():
                yield from _in_all(value.sources(), scope)
        case Selection():
            yield from tests_in(part.where, (*scope, part.list))
        case Condition():
            yield from _in_all(part.parts(), scope)
        case Prohibit():
            yield from tests_in(part.where, scope + _ACT)
            yield from tests_in(part.until, scope + _ACT if part.ends_by_step else scope)
        case tuple():
            yield from _in_all(part, scope)
        case _ if attrs.has(type(part)):
            yield from _in_all((value for _, value in fields_of(part)), scope)


def _in_all(parts: Iterable[object], scope: Lists) -> Iterator[tuple[FactTest, Lists]]:
    for part in parts:
        yield from tests_in(part, scope)


def compared_with_itself(linted: Linted) -> Found:
    """Tests in which both names refer to the same fact, or to the same field of the same record."""
    for test, inner in _all_tests(linted):
        yield from (_warned(linted, test, name, inner) for name in test.operator.names()
                    if meaning_of(name) == meaning_of(test.name))  # fmt: skip


def texts_that_are_names(linted: Linted) -> Found:
    """Tests that compare a text with the name of a fact or field, which is taken as a text."""
    for test, scope in _all_tests(linted):
        if test.name.fact.type.kind != "text":
            continue
        meant = {name.text for name in test.operator.names()}
        words = dict.fromkeys(word for word in written_in(test.operator) if isinstance(word, str))
        for word in words:
            if word not in meant and _is_named(word, scope, linted.vocabulary):
                yield warning(
                    "name-as-text", test.position,
                    f"{test.name.text} is compared with the text '{word}', not with what {word} is",
                    f"`same_as: {word}` (or `not_same_as:`), if that is meant",
                )  # fmt: skip


def _is_named(word: str, scope: Lists, vocabulary: Vocabulary) -> bool:
    """Whether a word with a dot names a fact, a field, or a field of the record that a field of the records in scope
    refers to."""
    head, dot, field = word.partition(".")
    if not dot:
        return False
    if vocabulary.declaration(word) is not None:
        return True
    lists = [vocabulary.singulars().get(head, head)]
    for name in scope:
        declared = vocabulary.records[name].fields.get(head) if name in vocabulary.records else None
        lists += [getattr(declared.type, "to", "")] if declared is not None else []
    return any(name in vocabulary.records and field in vocabulary.records[name].fields for name in lists)


def _all_tests(linted: Linted) -> Iterator[tuple[FactTest, Lists]]:
    model = linted.model
    parts: list[tuple[object, Lists]] = [(ruleset.applies_while, ()) for ruleset in model.rulesets.values()]
    parts += [(order.when, ()) for order in model.phase_orders]
    parts += [
        ((rule.when, rule.unless, rule.effects), (rule.for_each,) if rule.for_each else ())
        for rule in model.rules
    ]
    for part, scope in parts:
        yield from tests_in(part, scope)


def _warned(linted: Linted, test: FactTest, other: Name, scope: Lists) -> Diagnostic:
    result = test.operator.itself
    outcome = "" if result is None else _OUTCOMES[result]
    message, expected = f"{other.text} is compared with itself{outcome}", "another fact or field, or a value"
    root = root_of(other)
    depth = root.depth if isinstance(root, FieldName) else 0
    if scope[depth : depth + 1] and scope[depth] in scope[:depth]:
        singular = linted.vocabulary.records[scope[depth]].each
        message = (
            f"both sides of this test with {other.text} belong to the same {singular}{outcome}; the outer {singular} "
            "cannot be named here"
        )
        expected = f"a fact, another field of the same {singular}, or a value"
    return warning("compared-with-itself", test.position, message, expected)


CHECKS = (
    CheckUp(("compared-with-itself",), "a comparison of something with itself", compared_with_itself),
    CheckUp(("name-as-text",), "a comparison with the name of a fact, taken as a text", texts_that_are_names),
)
