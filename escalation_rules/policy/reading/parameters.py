"""Reads the values of parameters, and operands that are worked out by the same forms."""

from __future__ import annotations

from escalation_rules.errors import article, listing
from escalation_rules.policy.conditions import (
    Computing,
    Context,
    Selection,
    read_condition,
    read_selection,
    read_summed,
)
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.conditions.human_values import CURRENCIES, is_value
from escalation_rules.policy.conditions.names import looks_like_name
from escalation_rules.policy.conditions.operands import Other, named_amount, read_literal
from escalation_rules.policy.conditions.reading_acts import FILTER_KEYS, read_acts
from escalation_rules.policy.conditions.synonyms import key_meant
from escalation_rules.policy.conditions.unknown_names import part
from escalation_rules.policy.parameter_values import (
    Chosen,
    Counted,
    DoneTotal,
    FirstThatApplies,
    Given,
    OfLast,
    ParameterValue,
    Summed,
)
from escalation_rules.policy.reading.common import check_not_empty, items, mapping, required
from escalation_rules.policy.reading.tables import TABLE, as_alternatives, read_table
from escalation_rules.policy.reading.worked_out import (
    EXAMPLES,
    KINDS,
    WORKED_OUT_KEYS,
    Wanted,
    read_worked_out,
)
from escalation_rules.policy.vocabulary import Parameter, RecordList
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.values import ZEROS, Reference, References, ValueType, is_currency, show

VALUE_HEADS = ("sum", "count", "latest", "earliest", "one_of", "each_of")
DONE_HEADS = ("sum_done", "count_done")
FIRST_KEYS = ("first_that_applies", "otherwise")
FORMS: dict[str, tuple[str, ...]] = {
    **WORKED_OUT_KEYS, **{head: (head, "where") for head in ("sum", "count", "latest", "earliest")},
    **{head: (head, "which") for head in ("one_of", "each_of")}, "first_that_applies": FIRST_KEYS, TABLE: (TABLE,),
    **{head: (head, *FILTER_KEYS) for head in DONE_HEADS},
}  # fmt: skip
"""The keys of each form of a value; the first is the one that says which form it is."""
_ADDED = tuple(ZEROS)
_COMPUTED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("sum", "sum_done", "latest", "earliest", *FIRST_KEYS, TABLE), _ADDED),
    **dict.fromkeys(("count", "count_done"), ("count",)),
    **dict.fromkeys(("one_of", "each_of"), ()),
    **KINDS,
}
"""The types of operands that each form gives."""


def read_value(context: Context, node: Node, parameter: Parameter) -> ParameterValue | None:
    """Read the value that a rule gives to a parameter: a literal, a name, or a selection of records."""
    return _read(context, node, Wanted(f"the parameter {parameter.name}", parameter.type))


def _read_operand(context: Context, node: Mapping, of: ValueType) -> ParameterValue | None:
    """Read an operand that is worked out, for a test of a value of type `of`."""
    head = next(key for key, _ in node.entries if key.text in _COMPUTED)
    kinds = _COMPUTED[head.text]
    if of.kind not in kinds:
        fitting = [key for key, allowed in _COMPUTED.items() if of.kind in allowed and key != "otherwise"]
        gives = " or ".join(map(article, kinds)) or "records"
        message = f"`{head.text}` gives {gives}, which cannot be compared with {article(of.kind)}"
        context.error("not-comparable", head, message,
                      f"a value, or {listing(fitting, 20)}" if fitting else f"a value: {article(of.kind)}")  # fmt: skip
        return None
    return _read(context, node, Wanted(f"the test of {article(of.kind)}", of))


def _read(context: Context, node: Node, wanted: Wanted) -> ParameterValue | None:
    if isinstance(node, Mapping) and any(key.text in VALUE_HEADS for key, _ in node.entries):
        return _selected(context, node, wanted)
    if isinstance(node, Mapping) and any(key.text in DONE_HEADS for key, _ in node.entries):
        return _done_total(context, node, wanted)
    if isinstance(node, Mapping) and any(key.text in WORKED_OUT_KEYS for key, _ in node.entries):
        return read_worked_out(context, node, wanted, _read)
    if isinstance(node, Mapping) and node.get(TABLE) is not None:
        return _tabled(context, node, wanted)
    if isinstance(node, Mapping) and any(key.text in FIRST_KEYS for key, _ in node.entries):
        return _first(context, node, wanted)
    if (amount := named_amount(context, node, wanted.type)) is not None:
        return Given(amount)
    if (
        isinstance(node, Scalar)
        and isinstance(node.value, str)
        and not node.quoted
        and looks_like_name(node.text)
    ):
        return _named(context, node, wanted.type)
    listed = context.scope.lists[-1] if context.scope.lists else None
    if (
        isinstance(node, Scalar)
        and listed
        and node.text in listed.fields
        and not is_value(node.value, wanted.type)
    ):
        message = f"{node.text!r} is a field of {listed.name}, not {article(wanted.type.kind)}"
        context.error("wrong-value", node, message, None, f"{listed.each}.{node.text}")
        return None
    if isinstance(node, Mapping) and _misspelt(context, node):
        return None
    operand = read_literal(context, node, wanted.type)
    return Given(operand) if operand is not None else None


def _first(context: Context, node: Mapping, wanted: Wanted) -> ParameterValue | None:
    """Read a list of `{value: …, when: …}`, of which the first that holds counts, and `otherwise`."""
    context.only_keys(node, FIRST_KEYS, "the value of a parameter")
    listed, last = node.get("first_that_applies"), node.get("otherwise")
    if listed is None or last is None:
        lacking = "first_that_applies" if listed is None else "otherwise"
        context.missing(
            node,
            lacking,
            f"missing `{lacking}:` for {wanted.said}",
            "`first_that_applies:` and `otherwise:`",
        )
        return None
    check_not_empty(context, listed, "a value with its condition")
    before = context.problems.count
    found = []
    for entry in items(context, listed, "values with their conditions"):
        first_node = mapping(context, entry, "a value with its condition")
        if first_node is None:
            continue
        context.only_keys(first_node, ("value", "when"), "an alternative")
        value_node, when_node = (
            required(context, first_node, key, "the alternative") for key in ("value", "when")
        )
        value = _read(context, value_node, wanted) if value_node is not None else None
        when = read_condition(context, when_node) if when_node is not None else None
        if value is not None and when is not None:
            found.append((value, when))
    otherwise = _read(context, last, wanted)
    if otherwise is None or context.problems.count > before:
        return None
    return FirstThatApplies(tuple(found), otherwise)


def _tabled(context: Context, node: Mapping, wanted: Wanted) -> ParameterValue | None:
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
    found = as_alternatives(table, 0, lambda cell: _read(context, cell, wanted))
    if found is None:
        return None
    values, otherwise = found
    return FirstThatApplies(values, otherwise) if values else otherwise


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


def _selected(context: Context, node: Mapping, wanted: Wanted) -> ParameterValue | None:
    head = next(key for key, _ in node.entries if key.text in VALUE_HEADS)
    condition_key = "which" if head.text in {"one_of", "each_of"} else "where"
    context.only_keys(node, (head.text, condition_key, "of"), f"`{head.text}`")
    target = node.get(head.text)
    if target is None:
        return None
    if head.text == "sum":
        return _summed(context, node, target, wanted)
    if head.text in {"latest", "earliest"}:
        return _of_last(context, node, head, target, wanted)
    name = context.named(target, "record list", context.vocabulary.records)
    if name is None:
        return None
    selection = _selection(context, node, context.vocabulary.records[name], condition_key)
    of = wanted.type
    fits = {
        "count": of.kind == "count",
        "one_of": isinstance(of, Reference),
        "each_of": isinstance(of, References),
    }
    if not fits[head.text] or (head.text != "count" and getattr(of, "to", name) != name):
        _does_not_fit(context, head, f"`{head.text}: {name}`", wanted)
        return None
    if selection is None:
        return None
    return Counted(selection) if head.text == "count" else Chosen(selection, head.text == "each_of")


def _summed(context: Context, node: Mapping, target: Node, wanted: Wanted) -> ParameterValue | None:
    summed = read_summed(context, target)
    if summed is None:
        return None
    listed, field = summed
    selection = _selection(context, node, listed, "where")
    if listed.fields[field].type != wanted.type:
        _does_not_fit(context, target, _text_of(target), wanted)
        return None
    return Summed(selection, field, ZEROS[wanted.type.kind]) if selection is not None else None


def _of_last(
    context: Context, node: Mapping, head: Scalar, target: Node, wanted: Wanted
) -> ParameterValue | None:
    """Read `latest: quotes.amount` or `latest: quotes`, with keys that say which records are meant."""
    said = context.scalar(target, "a record list, or a field of one such as quotes.amount")
    if said is None or not isinstance(target, Scalar):
        return None
    name, dot, field = said.partition(".")
    listed = context.vocabulary.records.get(name)
    if listed is None or (dot and field not in listed.fields):
        known = [
            record_list.name if isinstance(wanted.type, Reference) else f"{record_list.name}.{fact.name}"
            for record_list in context.vocabulary.records.values()
            for fact in record_list.fields.values()
            if isinstance(wanted.type, Reference) or fact.type == wanted.type
        ]
        context.undeclared(
            "unknown-field", target, "record list or field of one", said, list(dict.fromkeys(known))
        )
        return None
    selection = _selection(context, node, listed, "where")
    of = wanted.type
    fits = listed.fields[field].type == of if dot else isinstance(of, Reference) and of.to == name
    if not fits:
        _does_not_fit(context, target, f"`{head.text}: {said}`", wanted)
        return None
    if selection is None:
        return None
    concluded = bool(dot) and listed.fields[field].concluded
    return OfLast(selection, field or None, listed.ordered_by, head.text == "latest", concluded)


def _done_total(context: Context, node: Mapping, wanted: Wanted) -> ParameterValue | None:
    """Read `sum_done: pay.amount` or `count_done: call`, with keys that say which acts are meant."""
    head = next(key for key, _ in node.entries if key.text in DONE_HEADS)
    context.only_keys(node, (head.text, *FILTER_KEYS), f"`{head.text}`")
    target = node.get(head.text)
    if target is None:
        return None
    before = context.problems.count
    if head.text == "count_done":
        acts, outcomes = read_acts(context, node, target)
        if wanted.type.kind != "count":
            _does_not_fit(context, head, "`count_done`", wanted)
        return DoneTotal(acts, outcomes) if context.problems.count == before else None
    parameter = _summed_parameter(context, target, wanted)
    if parameter is None or not isinstance(target, Scalar):
        return None
    acts, outcomes = read_acts(context, node, part(target, 0, target.text.index(".")))
    total = DoneTotal(acts, outcomes, parameter.name, ZEROS[wanted.type.kind])
    return total if context.problems.count == before else None


def _summed_parameter(context: Context, target: Node, wanted: Wanted) -> Parameter | None:
    """The parameter in a name such as `pay.amount`."""
    said = context.scalar(target, "an action and a parameter such as pay.amount")
    if said is None:
        return None
    actions = context.vocabulary.actions
    name, _, field = said.partition(".")
    parameter = actions[name].params.get(field) if name in actions else None
    if parameter is None:
        known = [
            f"{action.name}.{declared.name}"
            for action in actions.values()
            for declared in action.params.values()
            if declared.type == wanted.type
        ]
        context.undeclared("unknown-parameter", target, "parameter of an action", said, known)
    elif parameter.type != wanted.type:
        _does_not_fit(context, target, said, wanted)
        return None
    return parameter


def _does_not_fit(context: Context, place: Node, what: str, wanted: Wanted) -> None:
    message = f"{what} does not fit {wanted.said}"
    context.error("not-comparable", place, message, article(wanted.type.kind))


def _text_of(node: Node) -> str:
    return node.text if isinstance(node, Scalar) else describe(node)


def _selection(context: Context, node: Mapping, listed: RecordList, key: str) -> Selection | None:
    entries = tuple(
        (Scalar(name.position, "where", "where") if name.text == key else name, value)
        for name, value in node.entries
    )
    return read_selection(context, Mapping(node.position, entries, node.flow), listed, read_condition)


def _misspelt(context: Context, node: Mapping) -> bool:
    """Whether a mapping is almost one of the forms, and no amount in some currency; if so, it is reported, once."""
    said = [key for key, _ in node.entries]
    if not said or any(is_currency(key.text) or key.text.lower() in CURRENCIES for key in said):
        return False
    beside = [key for key in said if any(key.text in keys[1:] for keys in FORMS.values())]
    heads = [head for head, keys in FORMS.items() if all(key.text in keys[1:] for key in beside)]
    for key in said:
        if key not in beside and (close := key_meant(key.text, heads)):
            context.error("unknown-key", key, f"unknown key {show(key.text)} in a value", None, close)
            return True
    if not beside or not heads:
        return False
    listed = ", ".join(f"`{key.text}:`" for key in beside)
    context.error("wrong-form", beside[0], f"{listed} does not say how the value is worked out",
                  f"`{'` or `'.join(f'{head}:' for head in heads)}` beside it, as in `{EXAMPLES[heads[0]]}`")  # fmt: skip
    return True


COMPUTING = Computing(frozenset(_COMPUTED), _read_operand, _misspelt)
"""Reads the operands of conditions in policies."""
