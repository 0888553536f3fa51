"""Reads tests on records from YAML."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from escalation_rules.errors import listing
from escalation_rules.policy.conditions.condition import Condition
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.counting import Count, Sum
from escalation_rules.policy.conditions.names import target_of
from escalation_rules.policy.conditions.operator import Operator
from escalation_rules.policy.conditions.operators import COMPARISONS
from escalation_rules.policy.conditions.records import RECORD_CONDITIONS, Earliest, Every, Latest
from escalation_rules.policy.conditions.selection import RecordCondition, Selection
from escalation_rules.policy.vocabulary import RecordList
from escalation_rules.source import Mapping, Node, Scalar, one_or_more
from escalation_rules.values import ZEROS, Amount, PartyType, Reference, ValueType
from escalation_rules.values import Count as CountType

ReadCondition = Callable[[Context, Node], Condition | None]

RECORD_HEADS: dict[str, type[RecordCondition]] = {
    condition.head: condition for condition in RECORD_CONDITIONS
}
NUMBER_TESTS: dict[str, type[Operator]] = {
    operator.key: operator for operator in COMPARISONS if operator.of_totals
}
MODIFIERS = frozenset({"where", "has", "of", "within", *NUMBER_TESTS})
MODIFIERS_OF = {
    "some": {"where", "of"},
    "none": {"where", "of"},
    "every": {"where", "has", "of"},
    "latest": {"where", "has", "of"},
    "earliest": {"where", "has", "of"},
    "count": {"where", "of", "within", *NUMBER_TESTS},
    "sum": {"where", "of", *NUMBER_TESTS},
}
"""The modifiers that each keyword takes."""
NEEDING_HAS = {"every", "latest", "earliest"}
"""The keywords that require `has`."""


def read_record_test(
    context: Context, node: Mapping, head: Scalar, value: Node, read: ReadCondition
) -> Condition | None:
    """Read the test `head: value` with its modifiers, which are beside it in `node`."""
    if isinstance(value, Mapping):
        wanted = f"`{head.text}:` with {'a list and a field' if head.text == Sum.head else 'a list'}, the other keys beside it"
        context.error("wrong-form", value, f"`{head.text}:` cannot have a mapping as its value", wanted)
        return None
    found = read_summed(context, value) if head.text == Sum.head else _read_list(context, value)
    if found is None:
        return None
    listed, field = found
    before = context.problems.count
    for key, _ in node.entries:
        if key.text in MODIFIERS and key.text not in MODIFIERS_OF[head.text]:
            _misplaced(context, node, head, key)
    selection = read_selection(context, node, listed, read)
    has = _read_has(context, node, head, listed, read)
    tests = _read_tests(context, node, head, listed, field)
    window = _read_window(context, node) if head.text == Count.head else None
    if selection is None or context.problems.count > before or (has is None and head.text in NEEDING_HAS):
        return None
    place = head.position
    match head.text:
        case "every" if has:
            return Every(selection, has, position=place)
        case "latest" if has:
            return Latest(selection, has, listed.ordered_by, position=place)
        case "earliest" if has:
            return Earliest(selection, has, listed.ordered_by, position=place)
        case "count":
            return Count(selection, tests, window, listed.ordered_by, position=place)
        case "sum":
            return Sum(selection, field, ZEROS[listed.fields[field].type.kind], tests, position=place)
    return RECORD_HEADS[head.text](selection, position=place)


def _misplaced(context: Context, node: Mapping, head: Scalar, key: Scalar) -> None:
    """Report a modifier that belongs to another test, or `where` written for `has` or the reverse."""
    fitting = sorted(MODIFIERS_OF[head.text])
    meant = {"has": "where", "where": "has"}.get(key.text)
    meant = meant if meant in fitting and node.get(meant) is None else None
    context.error(
        "unknown-key",
        key,
        f"unknown modifier {key.text!r} of `{head.text}`",
        None if meant else listing(fitting),
        meant,
    )


def read_selection(
    context: Context, node: Mapping, listed: RecordList, read: ReadCondition
) -> Selection | None:
    """The selection of records of `listed` by `where` and `of` in `node`."""
    where_node = node.get("where")
    where = None
    if where_node is not None:
        where = read(context.within(context.scope.inside(listed)), where_node)
        if where is None:
            return None
    via = _read_via(context, node, listed)
    of = node.get("of")
    whole = isinstance(of, Scalar) and of.text == "case"
    return None if via is None else Selection(listed.name, where, via[0], via[1], whole)


def read_summed(context: Context, node: Node) -> tuple[RecordList, str] | None:
    """The list and the field in a name such as `losses.amount`; the field must be summable."""
    text = context.scalar(node, "a record list and a field such as losses.amount")
    if text is None:
        return None
    head, _, field = text.partition(".")
    listed = context.vocabulary.records.get(head)
    fact = listed.fields.get(field) if listed else None
    if listed is None or fact is None:
        known = [
            f"{record_list.name}.{one.name}"
            for record_list in context.vocabulary.records.values()
            for one in record_list.fields.values()
            if one.type.adds_up
        ]
        if any(context.problems.doubts(name) for name in (head, field)):
            context.problems.excuse(node.position)
        elif head in context.vocabulary.actions and field in context.vocabulary.actions[head].params:
            context.error("unknown-field", node, f"{text} is a parameter of an action",
                          f"`sum_done: {text}` for the total of its acts")  # fmt: skip
        else:
            context.undeclared("unknown-field", node, "field of a record list", text, known)
        return None
    if not fact.type.adds_up:
        context.error(
            "not-summable",
            node,
            f"{text} is {fact.type.article} {fact.type.kind} and cannot be summed",
            "an amount, a count or a duration",
        )
        return None
    return listed, field


def _read_list(context: Context, node: Node) -> tuple[RecordList, str] | None:
    name = context.named(node, "record list", context.vocabulary.records)
    return (context.vocabulary.records[name], "") if name is not None else None


def _read_via(context: Context, node: Mapping, listed: RecordList) -> tuple[str | None, int] | None:
    of = node.get("of")
    scope = context.scope.lists
    if isinstance(of, Scalar) and of.text == "case":
        return None, 0
    if of is not None:
        if isinstance(of, Scalar) and _follows_several(context, of, listed):
            return None
        field = context.named(of, "field", listed.fields)
        if field is None:
            return None
        for depth in reversed(range(len(scope))):
            if _refers_to(listed.fields[field].type, scope[depth]):
                return field, depth
        context.error("no-reference", of, f"{field} does not refer to a record in scope here", "`of: case`")
        return None
    for depth in reversed(range(len(scope))):
        target = scope[depth].name
        fields = listed.referring_to(target) if target != listed.name else []
        if len(fields) > 1:
            head = next((key for key, _ in node.entries if key.text in RECORD_HEADS), node)
            context.error(
                "ambiguous-reference",
                head,
                f"{listed.name} refers to {scope[depth].name} through several fields",
                f"`of:` with one of {', '.join(fields)}, or `of: case`",
            )
            return None
        if fields:
            return fields[0], depth
    return None, 0


def _follows_several(context: Context, of: Scalar, listed: RecordList) -> bool:
    """Whether `of:` names a reference of a referenced record; if so, it is reported with what to write instead."""
    name = context.scope.inside(listed).resolve(of.text) if "." in of.text else None
    if name is None:
        return False
    target = target_of(name.fact.type)
    record = next(
        (record_list.each for record_list in reversed(context.scope.lists) if record_list.name == target),
        None,
    )
    message = f"`of:` takes one reference of {listed.name}, but {of.text} follows several"
    wanted = (
        "`of: case`"
        if record is None
        else f"`of: case` with `where: {{{of.text}: {{same_as: {record}.id}}}}`"
    )
    context.error("no-reference", of, message, wanted)
    return True


def _refers_to(of: ValueType, target: RecordList) -> bool:
    if isinstance(of, Reference):
        return of.to == target.name
    return isinstance(of, PartyType) and target.name == "parties"


def _read_has(
    context: Context, node: Mapping, head: Scalar, listed: RecordList, read: ReadCondition
) -> Condition | None:
    has = node.get("has")
    if has is not None:
        return read(context.within(context.scope.inside(listed)), has)
    if head.text in NEEDING_HAS:
        context.missing(node, "has", f"missing `has:` beside `{head.text}`", "`has:` with a condition", head)
    return None


def _read_tests(
    context: Context, node: Mapping, head: Scalar, listed: RecordList, field: str
) -> tuple[Operator, ...]:
    if head.text not in {Count.head, Sum.head}:
        return ()
    of: ValueType = listed.fields[field].type if field else CountType()
    found = [(key, NUMBER_TESTS[key.text], value) for key, value in node.entries if key.text in NUMBER_TESTS]
    for _, _, value in found if head.text == Count.head else ():
        for entry in one_or_more(value):
            if context.is_computed(entry):
                context.error("wrong-value", entry, "a `count` cannot be compared with a value that is worked out",
                              "a fact or a field that is compared with it, or a value")  # fmt: skip
                return ()
    tests = [kind.read(context, value, of) for _, kind, value in found]
    if not found and not any(context.problems.doubts((node.position, key)) for key in NUMBER_TESTS):
        hint = "`above: 0`" if isinstance(of, Amount) else "`at_least: 2`"
        context.error("missing-key", head, f"missing comparison for `{head.text}`", f"a test such as {hint}")
    return tuple(operator for operator in tests if operator is not None)


def _read_window(context: Context, node: Mapping) -> timedelta | None:
    within = node.get("within")
    return context.plain_duration(within) if within is not None else None
