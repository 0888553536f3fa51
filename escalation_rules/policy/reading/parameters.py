"""Reads the values of parameters."""

from __future__ import annotations

from escalation_rules.errors import article
from escalation_rules.policy.conditions import (
    Context,
    Selection,
    read_condition,
    read_selection,
    read_summed,
)
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.conditions.human_values import is_value
from escalation_rules.policy.conditions.operands import Other, looks_like_name, read_literal
from escalation_rules.policy.parameter_values import (
    Chosen,
    Counted,
    FirstThatApplies,
    Given,
    ParameterValue,
    Summed,
)
from escalation_rules.policy.reading.common import check_not_empty, items, mapping, required
from escalation_rules.policy.reading.tables import TABLE, read_table
from escalation_rules.policy.reading.worked_out import WORKED_OUT_KEYS, read_worked_out
from escalation_rules.policy.vocabulary import Parameter, RecordList
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.values import ZEROS, Reference, References, ValueType

VALUE_HEADS = ("sum", "count", "one_of", "each_of")
FIRST_KEYS = ("first_that_applies", "otherwise")


def read_value(context: Context, node: Node, parameter: Parameter) -> ParameterValue | None:
    """Read the value that a rule gives to a parameter: a literal, a name, or a selection of records."""
    if isinstance(node, Mapping) and any(key.text in VALUE_HEADS for key, _ in node.entries):
        return _selected(context, node, parameter)
    if isinstance(node, Mapping) and any(key.text in WORKED_OUT_KEYS for key, _ in node.entries):
        return read_worked_out(context, node, parameter, read_value)
    if isinstance(node, Mapping) and node.get(TABLE) is not None:
        return _tabled(context, node, parameter)
    if isinstance(node, Mapping) and any(key.text in FIRST_KEYS for key, _ in node.entries):
        return _first(context, node, parameter)
    if (
        isinstance(node, Scalar)
        and isinstance(node.value, str)
        and not node.quoted
        and looks_like_name(node.text)
    ):
        return _named(context, node, parameter.type)
    listed = context.scope.lists[-1] if context.scope.lists else None
    if (
        isinstance(node, Scalar)
        and listed
        and node.text in listed.fields
        and not is_value(node.value, parameter.type)
    ):
        message = f"{node.text!r} is a field of {listed.name}, not {article(parameter.type.kind)}"
        context.error("wrong-value", node, message, None, f"{listed.each}.{node.text}")
        return None
    operand = read_literal(context, node, parameter.type)
    return Given(operand) if operand is not None else None


def _first(context: Context, node: Mapping, parameter: Parameter) -> ParameterValue | None:
    """Read a list of `{value: …, when: …}`, of which the first that holds counts, and `otherwise`."""
    context.only_keys(node, FIRST_KEYS, "the value of a parameter")
    listed, last = node.get("first_that_applies"), node.get("otherwise")
    if listed is None or last is None:
        lacking = "first_that_applies" if listed is None else "otherwise"
        context.missing(
            node,
            lacking,
            f"missing `{lacking}:` for {parameter.name}",
            "`first_that_applies:` and `otherwise:`",
        )
        return None
    check_not_empty(context, listed, "a value with its condition")
    before = context.problems.count
    found = []
    for item in items(context, listed, "values with their conditions"):
        each = mapping(context, item, "a value with its condition")
        if each is None:
            continue
        context.only_keys(each, ("value", "when"), "an alternative")
        value_node, when_node = (required(context, each, key, "the alternative") for key in ("value", "when"))
        value = read_value(context, value_node, parameter) if value_node is not None else None
        when = read_condition(context, when_node) if when_node is not None else None
        if value is not None and when is not None:
            found.append((value, when))
    otherwise = read_value(context, last, parameter)
    if otherwise is None or context.problems.count > before:
        return None
    return FirstThatApplies(tuple(found), otherwise)


def _tabled(context: Context, node: Mapping, parameter: Parameter) -> ParameterValue | None:
    """Read a table that gives a value, in the last cell of the row that applies."""
    context.only_keys(node, (TABLE,), "the value of a parameter")
    inner = node.get(TABLE)
    if isinstance(inner, Mapping) and (place := inner.key("outputs")) is not None:
        context.error("does-not-fit", place, "a table below a parameter gives one value, that of the parameter",
                      "no `outputs:`")  # fmt: skip
        return None
    table = read_table(context, inner, 1) if inner is not None else None
    if table is None:
        return None
    if reasoned := next((row for row in table.rows if row.because), None):
        context.error("does-not-fit", reasoned.node, "a row of a table below a parameter has no reason of its own",
                      "`because:` of the rule")  # fmt: skip
        return None
    values = [(read_value(context, row.says[0], parameter), condition) for row, condition in table.branches]
    otherwise = read_value(context, table.otherwise[0], parameter)
    known = tuple((value, condition) for value, condition in values if value is not None)
    if otherwise is None or len(known) < len(values):
        return None
    return FirstThatApplies(known, otherwise) if known else otherwise


def _named(context: Context, node: Scalar, of: ValueType) -> ParameterValue | None:
    name = context.name(node)
    if name is None:
        return None
    other = name.fact.type
    fits = other == of or (isinstance(of, Reference) and _is_id_of(context, name.full, of.to))
    if not fits:
        context.error(
            "not-comparable", node, f"{name.text} is {other.article} {other.kind}", f"{of.article} {of.kind}"
        )
        return None
    return Given(Other(name))


def _is_id_of(context: Context, full: str, listed: str) -> bool:
    return full == f"{listed}.id" and listed in context.vocabulary.records


def _selected(context: Context, node: Mapping, parameter: Parameter) -> ParameterValue | None:
    head = next(key for key, _ in node.entries if key.text in VALUE_HEADS)
    condition_key = "which" if head.text in {"one_of", "each_of"} else "where"
    context.only_keys(node, (head.text, condition_key, "of"), f"`{head.text}`")
    target = node.get(head.text)
    if target is None:
        return None
    if head.text == "sum":
        return _summed(context, node, target, parameter)
    name = context.named(target, "record list", context.vocabulary.records)
    if name is None:
        return None
    selection = _selection(context, node, context.vocabulary.records[name], condition_key)
    of = parameter.type
    fits = {
        "count": of.kind == "count",
        "one_of": isinstance(of, Reference),
        "each_of": isinstance(of, References),
    }
    if not fits[head.text] or (head.text != "count" and getattr(of, "to", name) != name):
        _does_not_fit(context, head, f"`{head.text}: {name}`", parameter)
        return None
    if selection is None:
        return None
    return Counted(selection) if head.text == "count" else Chosen(selection, head.text == "each_of")


def _summed(context: Context, node: Mapping, target: Node, parameter: Parameter) -> ParameterValue | None:
    summed = read_summed(context, target)
    if summed is None:
        return None
    listed, field = summed
    selection = _selection(context, node, listed, "where")
    if listed.fields[field].type != parameter.type:
        _does_not_fit(context, target, _text_of(target), parameter)
        return None
    return Summed(selection, field, ZEROS[parameter.type.kind]) if selection is not None else None


def _does_not_fit(context: Context, place: Node, what: str, parameter: Parameter) -> None:
    message = f"{what} does not fit the parameter {parameter.name}"
    context.error("not-comparable", place, message, article(parameter.type.kind))


def _text_of(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else describe(node)


def _selection(context: Context, node: Mapping, listed: RecordList, key: str) -> Selection | None:
    entries = tuple(
        (Scalar(name.position, "where", "where") if name.text == key else name, value)
        for name, value in node.entries
    )
    return read_selection(context, Mapping(node.position, entries, node.flow), listed, read_condition)
