"""Reads conditions from YAML. In a mapping, all entries must hold."""

from __future__ import annotations

from escalation_rules.policy.conditions.acts import ACT_CONDITIONS, NothingDoneFor
from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.context import Context, describe
from escalation_rules.policy.conditions.during import DuringTest, read_during
from escalation_rules.policy.conditions.facts import PRESENCE, read_test, sentence
from escalation_rules.policy.conditions.human_values import length_said
from escalation_rules.policy.conditions.logic import AllOf, AnyOf, NoneOf, Not, all_of
from escalation_rules.policy.conditions.open_steps import STEP_CONDITIONS
from escalation_rules.policy.conditions.reading_acts import ACT_KEYS, read_act_test
from escalation_rules.policy.conditions.reading_records import (
    MODIFIERS,
    NUMBER_TESTS,
    RECORD_HEADS,
    read_record_test,
)
from escalation_rules.policy.conditions.synonyms import Guess, Worded, guess
from escalation_rules.source import Mapping, Node, Scalar, Sequence
from escalation_rules.suggestions import nearest

CONNECTIVES: dict[str, type[AllOf] | type[AnyOf] | type[NoneOf]] = {
    connective.key: connective for connective in (AllOf, AnyOf, NoneOf)
}
ACT_HEADS = {condition.head: condition for condition in (*ACT_CONDITIONS, *STEP_CONDITIONS)}
"""The tests on acts and open steps by their keyword."""
HEADS: tuple[tuple[str, Worded], ...] = (
    *CONNECTIVES.items(), (Not.key, Not), *RECORD_HEADS.items(), *ACT_HEADS.items(), (DuringTest.head, DuringTest)
)  # fmt: skip
"""The keywords that a condition may begin with, other than names of facts and fields."""
WORDS = frozenset({*CONNECTIVES, Not.key, *RECORD_HEADS, *ACT_HEADS, *MODIFIERS, DuringTest.head})
"""Reserved words of conditions; no field, parameter or fact may use them as its name."""

MAX_TESTS = 100


def read_condition(context: Context, node: Node) -> Condition | None:
    """Read the condition in `node`; None after reporting a problem."""
    condition = _read(context, node)
    if condition is not None and sum(1 for _ in condition.walk()) > MAX_TESTS:
        context.error("condition-too-long", node, "the condition has too many tests", f"at most {MAX_TESTS}")
        return None
    return condition


def _read(context: Context, node: Node) -> Condition | None:
    if isinstance(node, Sequence):
        context.error(
            "wrong-form", node, "a condition cannot be a list", "`all:` or `any:` with the list below it"
        )
        return None
    if not isinstance(node, Mapping):
        meant = sentence(context, node.text)
        length = length_said(node.text)
        wanted = (
            f"an instant before it, such as `case.opened_at: {{older_than: {length}}}`" if length else None
        )
        expected = None if meant else wanted or "a name, a colon and a value or test"
        context.error("wrong-form", node, f"a condition cannot be {describe(node)}", expected, meant)
        return None
    if not node.entries:
        context.error("empty", node, "the condition is empty", "at least one test")
        return None
    before = context.problems.count
    heads = [key for key, value in node.entries if _is_record_head(key, value)]
    acts = [key for key, _ in node.entries if key.text in ACT_HEADS]
    for extra in (*heads[1:], *acts[1:]):
        first = heads[0] if extra in heads else acts[0]
        message = f"`{extra.text}` and `{first.text}` in one mapping"
        context.error("several-heads", extra, message, "`all:` with a list item for each of them")
    if acts and not heads:
        _check_keys_of_acts(context, node, acts[0])
    strangers = _strangers(context, node)
    modifiers = [
        key for key, _ in node.entries if key.text in MODIFIERS and not context.problems.doubts(key.position)
    ]
    for key in modifiers if not heads and not strangers else ():
        message = f"`{key.text}` needs a test over records"
        hours = " (for hours of the day: `during: 23:00-07:00`)" if key.text == "between" else ""
        context.error("modifier-alone", key, message, f"`some:`, `every:`, `count:` … beside it{hours}")
    tests = [(key, value) for key, value in node.entries if key.text not in MODIFIERS and key not in strangers
             and (key not in heads or len(heads) == 1)]  # fmt: skip
    conditions = [_entry(context, node, key, value) for key, value in tests]
    known = [condition for condition in conditions if condition is not None]
    if len(known) < len(conditions) and context.problems.count == before:
        context.problems.excuse(node.position)
    return all_of(known) if context.problems.count == before and len(known) == len(conditions) > 0 else None


def _check_keys_of_acts(context: Context, node: Mapping, head: Scalar) -> None:
    """Report details of an act that are written beside the test instead of below it."""
    action = node.get(head.text)
    key_of_it = "for" if head.text == NothingDoneFor.head else "action"
    said = f"{key_of_it}: {action.text[:60]}" if isinstance(action, Scalar) else f"{key_of_it}: …"
    for key, _ in node.entries:
        if key.text in ACT_KEYS[head.text] and not context.sees(key.text):
            expected = f"below `{head.text}:` the lines `{said}` and `{key.text}: …`"
            context.error(
                "misplaced-key",
                key,
                f"`{key.text}:` is not allowed beside `{head.text}`, only below it",
                expected,
            )
            context.problems.doubt(key.position)


_OTHERWISE = {"now": Guess("during", "the time of day without `now:`, such as `during: 21:00-08:00`")}
"""Common mistakes that have no direct equivalent, with their replacements."""


def _strangers(context: Context, node: Mapping) -> list[Scalar]:
    """Report keys that are neither keywords nor names visible here."""
    found = [key for key, _ in node.entries
             if "." not in key.text and key.text not in WORDS and not context.sees(key.text)]  # fmt: skip
    for key in found:
        if context.problems.doubts(key.position):
            continue  # reported as misplaced
        known = [*context.known(), *WORDS]
        meant = _presence(context, key, node.get(key.text)) or _OTHERWISE.get(key.text)
        meant = meant or guess(key.text, [*HEADS, *NUMBER_TESTS.items()])
        context.unseen("unknown-fact", key, "fact, field or test", key.text, known, meant)
        context.problems.doubt((node.position, meant.word if meant else nearest(key.text, known)))
    return found


def _presence(context: Context, key: Scalar, value: Node | None) -> Guess | None:
    """The test probably meant by `exists: customer.need` and the like."""
    meant = guess(key.text, PRESENCE)
    name = context.scope.resolve(value.text) if isinstance(value, Scalar) else None
    return Guess(f"{name.text}: {meant.word}") if meant is not None and name is not None else None


def _is_record_head(key: Scalar, value: Node) -> bool:
    return key.text in RECORD_HEADS and not (key.text == NoneOf.key and isinstance(value, Sequence))


def _entry(context: Context, node: Mapping, key: Scalar, value: Node) -> Condition | None:
    if _is_record_head(key, value):
        return read_record_test(context, node, key, value, _read)
    if key.text in CONNECTIVES:
        return _connective(context, key, value)
    if key.text == Not.key:
        inner = _read(context, value)
        return None if inner is None else Not((inner,), position=key.position)
    if key.text in ACT_HEADS:
        return read_act_test(context, key, value)
    if key.text == DuringTest.head:
        return read_during(context, key, value)
    return read_test(context, key, value)


def _connective(context: Context, key: Scalar, value: Node) -> Condition | None:
    if not isinstance(value, Sequence) or not value.items:
        context.error(
            "wrong-form",
            value,
            f"`{key.text}` needs a list of conditions",
            "a list: `- ` before each condition",
        )
        return None
    conditions = [_read(context, node) for node in value.items]
    known = tuple(condition for condition in conditions if condition is not None)
    return CONNECTIVES[key.text](known, position=key.position) if len(known) == len(conditions) else None
