"""YAML → conditions. A mapping means that all of its entries hold."""

from __future__ import annotations

from escalation_rules.conditions.acts import ACT_CONDITIONS
from escalation_rules.conditions.base import Condition
from escalation_rules.conditions.context import Context, describe
from escalation_rules.conditions.facts import read_test, sentence
from escalation_rules.conditions.logic import All, Any, NoneOf, Not, all_of
from escalation_rules.conditions.meant import Worded, guess
from escalation_rules.conditions.reading_acts import read_act_test
from escalation_rules.conditions.reading_records import (
    MODIFIERS,
    NUMBER_TESTS,
    RECORD_HEADS,
    read_record_test,
)
from escalation_rules.errors import nearest
from escalation_rules.source import Mapping, Node, Scalar, Sequence

CONNECTIVES: dict[str, type[All] | type[Any] | type[NoneOf]] = {each.key: each for each in (All, Any, NoneOf)}
ACT_HEADS = {each.head: each for each in ACT_CONDITIONS}
HEADS: tuple[tuple[str, Worded], ...] = (
    *CONNECTIVES.items(), (Not.key, Not), *RECORD_HEADS.items(), *ACT_HEADS.items()
)  # fmt: skip
"""What a condition may begin with, besides the name of a fact or field."""
WORDS = frozenset({*CONNECTIVES, Not.key, *RECORD_HEADS, *ACT_HEADS, *MODIFIERS})
"""Words with a meaning of their own in a condition; no field, parameter or fact may have such a name."""

MAX_TESTS = 100


def read_condition(context: Context, node: Node) -> Condition | None:
    """The condition written in `node`; None if a problem was reported."""
    condition = _read(context, node)
    if condition is not None and sum(1 for _ in condition.walk()) > MAX_TESTS:
        context.error("condition-too-long", node, "the condition has too many tests", f"at most {MAX_TESTS}")
        return None
    return condition


def _read(context: Context, node: Node) -> Condition | None:
    if isinstance(node, Sequence):
        context.error("wrong-form", node, "a list is no condition", "`all:` or `any:` with the list below it")
        return None
    if not isinstance(node, Mapping):
        meant = sentence(context, node.text)
        expected = None if meant else "a name, a colon and what it is compared with"
        context.error("wrong-form", node, f"{describe(node)} is no condition", expected, meant)
        return None
    if not node.entries:
        context.error("empty", node, "the condition is empty", "at least one test")
        return None
    strangers = _strangers(context, node)
    heads = [key for key, value in node.entries if _is_record_head(key, value)]
    for extra in heads[1:]:
        context.error(
            "several-heads",
            extra,
            f"`{extra.text}` beside `{heads[0].text}`: their `where` would be unclear",
            "`all:` with one mapping each",
        )
    modifiers = [key for key, _ in node.entries if key.text in MODIFIERS]
    for key in modifiers if not heads and not strangers else ():
        context.error(
            "modifier-alone",
            key,
            f"`{key.text}` belongs to a test over records",
            "`some:`, `every:`, `count:` … beside it",
        )
    tests = [(key, value) for key, value in node.entries if key.text not in MODIFIERS and key not in strangers
             and (key not in heads or len(heads) == 1)]  # fmt: skip
    conditions = [_entry(context, node, key, value) for key, value in tests]
    known = [each for each in conditions if each is not None]
    sound = not strangers and len(heads) <= 1 and (heads or not modifiers)
    return all_of(known) if sound and len(known) == len(conditions) > 0 else None


def _strangers(context: Context, node: Mapping) -> list[Scalar]:
    """Report the keys that are no word of the language and no name that can be seen from here."""
    found = [key for key, _ in node.entries
             if "." not in key.text and key.text not in WORDS and not context.sees(key.text)]  # fmt: skip
    for key in found:
        known = [*context.known(), *WORDS]
        meant = guess(key.text, [*HEADS, *NUMBER_TESTS.items()])
        context.unseen("unknown-fact", key, "fact, field or test", key.text, known, meant)
        context.problems.doubt((node.position, meant.word if meant else nearest(key.text, known)))
    return found


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
    return read_test(context, key, value)


def _connective(context: Context, key: Scalar, value: Node) -> Condition | None:
    if not isinstance(value, Sequence) or not value.items:
        context.error(
            "wrong-form", value, f"`{key.text}` needs a list of conditions", "a list, each item a mapping"
        )
        return None
    conditions = [_read(context, item) for item in value.items]
    known = tuple(each for each in conditions if each is not None)
    return CONNECTIVES[key.text](known, position=key.position) if len(known) == len(conditions) else None
