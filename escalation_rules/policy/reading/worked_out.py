"""Reads computed values: `times`, `share`, `from … less`, `least_of`, `greatest_of`, `total_of`, `round`, `full`, `started`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import cast

import attrs

from escalation_rules.calendar import Duration
from escalation_rules.calendar.lengths import UNIT_OF
from escalation_rules.errors import article, listing
from escalation_rules.policy.conditions import Context, read_literal
from escalation_rules.policy.conditions.context import describe
from escalation_rules.policy.conditions.names import Name
from escalation_rules.policy.conditions.operands import Literal, PerCurrency
from escalation_rules.policy.parameter_values import (
    AGGREGATES,
    ROUNDINGS,
    Aggregate,
    Given,
    Less,
    ParameterValue,
    Periods,
    Rounded,
    Share,
    Times,
    WorkedOut,
)
from escalation_rules.source import Mapping, Node, Scalar, Sequence
from escalation_rules.values import MAX_FRACTION, Amount, Count, Instant, ValueType, show


@attrs.frozen
class Wanted:
    """What a value is for, as messages say it, and its type."""

    said: str
    type: ValueType


Read = Callable[[Context, Node, Wanted], ParameterValue | None]

WORKED_OUT_KEYS: dict[str, tuple[str, ...]] = {
    "times": ("times", "of"),
    "share": ("share", "of"),
    "from": ("from", "less"),
    "least_of": ("least_of",),
    "greatest_of": ("greatest_of",),
    "total_of": ("total_of",),
    "round": ("round", "to", "how"),
    "full": ("full", "since", "until"),
    "started": ("started", "since", "until"),
}
"""The keys of each form, by its keyword."""
KINDS = {
    **dict.fromkeys(("share", "round"), ("amount",)),
    "times": ("amount", "count"),
    **dict.fromkeys(("full", "started"), ("count",)),
    **dict.fromkeys(("from", "least_of", "greatest_of", "total_of"), ("amount", "count", "duration")),
}
"""The types of values that each form gives."""
MOST_DECIMALS = 9
"""The maximum number of decimals of a percentage."""
_PERCENT = re.compile(rf"([0-9]{{1,6}}(?:\.[0-9]{{1,{MOST_DECIMALS}}})?) ?%")
_ANY_PERCENT = re.compile(r"[0-9]+(?:\.[0-9]+)? ?%")
EXAMPLES = {
    "times": "{times: {TWD: 100}, of: {count: passengers}}",
    "share": "{share: 10%, of: order.total}",
    "from": "{from: order.total, less: order.fee}",
    "round": "{round: order.total, to: {TWD: 1, CNY: 0.01}}",
    "full": "{full: days, since: order.due_at, until: order.arrived_at}",
    "started": "{started: 12 hours, since: outage.began_at, until: outage.ended_at}",
    "first_that_applies": "{first_that_applies: [{value: …, when: …}], otherwise: …}",
    "sum": "{sum: orders.total, where: {open: true}}",
    "one_of": "{one_of: orders, which: {open: true}}",
    "sum_done": "{sum_done: refund.amount, newer_than: 30 days}",
}


def read_worked_out(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    """Read a computed value; `read` reads the values in it."""
    head = next(key for key, _ in node.entries if key.text in WORKED_OUT_KEYS)
    keys = WORKED_OUT_KEYS[head.text]
    lacking = [key for key in keys if node.get(key) is None and key != "how"]
    strange = [key for key, _ in node.entries if key.text not in keys]
    if len(lacking) == len(strange) == 1:  # that key is meant
        message = f"unknown key {show(strange[0].text)} in `{head.text}`"
        context.error("unknown-key", strange[0], message, None, lacking[0])
        return None
    context.only_keys(node, keys, f"`{head.text}`")
    if wanted.type.kind not in KINDS[head.text]:
        context.error("not-comparable", head, f"`{head.text}` does not fit {wanted.said}",
                      article(wanted.type.kind))  # fmt: skip
        return None
    for key in lacking:
        context.missing(node, key, f"missing `{key}:` in `{head.text}`", f"e.g. `{EXAMPLES[head.text]}`")
    if lacking:
        return None
    before = context.problems.count
    found = _READERS[head.text](context, node, wanted, read)
    if found is None or context.problems.count > before:
        return None
    return found if _has_currency(context, head, found) else None


def _part(node: Mapping, key: str) -> Node:
    return cast(Node, node.get(key))  # its presence was checked before


def _times(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    factor_node, of_node = _part(node, "times"), _part(node, "of")
    number = _number(factor_node)
    if number is not None:
        of = read(context, of_node, wanted)
        fits = isinstance(wanted.type, Amount) or number == number.to_integral_value()
        if not fits or not 0 <= number <= 10**9 or _decimals(number) > MAX_FRACTION:
            decimals = f"a number from 0 to {10**9}, with at most {MAX_FRACTION} decimals"
            expected = decimals if isinstance(wanted.type, Amount) else f"a whole number from 0 to {10**9}"
            context.error("wrong-value", factor_node, f"{number} cannot be a factor here", expected)
            return None
        factor: ParameterValue | None = Given(
            Literal(number if isinstance(wanted.type, Amount) else int(number))
        )
    elif isinstance(wanted.type, Amount) and _is_count(context, factor_node):
        said = [
            operand_node.text if isinstance(operand_node, Scalar) else "…"
            for operand_node in (of_node, factor_node)
        ]
        swapped = (
            None if _is_count(context, of_node) or "…" in said else f"{{times: {said[0]}, of: {said[1]}}}"
        )
        context.error("wrong-form", node, "`times:` is what is multiplied here, an amount, and `of:` how often",
                      None if swapped else f"e.g. `{EXAMPLES['times']}`", swapped)  # fmt: skip
        return None
    else:
        factor = read(context, factor_node, wanted)
        of = read(context, of_node, attrs.evolve(wanted, type=Count()))
    return Times(factor, of) if factor is not None and of is not None else None


def _is_count(context: Context, node: Node) -> bool:
    """Whether a value is a count: a name, a count of records, or a sum of counts."""
    if isinstance(node, Mapping):
        summed = node.get("sum")
        listed, _, field = summed.text.partition(".") if isinstance(summed, Scalar) else ("", "", "")
        held = context.vocabulary.records.get(listed)
        fact = held.fields.get(field) if held is not None else None
        if any(node.get(key) is not None for key in ("count", "full", "started")):
            return True
        return fact is not None and isinstance(fact.type, Count)
    name = context.scope.resolve(node.text) if isinstance(node, Scalar) and not node.quoted else None
    return name is not None and isinstance(name.fact.type, Count)


def _number(node: Node) -> Decimal | None:
    """A bare number. It may be 0 for an amount, which has the same effect."""
    value = node.value if isinstance(node, Scalar) and not node.quoted else None
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else None


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _share(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    said = _part(node, "share")
    match = _PERCENT.fullmatch(said.text) if isinstance(said, Scalar) else None
    of = read(context, _part(node, "of"), wanted)
    if match is None:
        number = _number(said)
        meant = f"{(number * 100).normalize():f}%" if number is not None and 0 < number <= 1 else None
        form = "a percentage such as 10%"
        if isinstance(said, Scalar) and _ANY_PERCENT.fullmatch(said.text):
            form = f"a percentage below a million, with at most {MOST_DECIMALS} decimals"
        context.error("wrong-value", said, f"{describe(said)} is not a percentage", form, meant)
        return None
    return Share(Decimal(match[1]), of) if of is not None else None


def _less(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    value, less = read(context, _part(node, "from"), wanted), read(context, _part(node, "less"), wanted)
    return Less(value, less) if value is not None and less is not None else None


def _together(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    how = next(aggregate for aggregate in AGGREGATES if node.get(aggregate) is not None)
    listed = _part(node, how)
    if not isinstance(listed, Sequence) or len(listed.items) < 2:
        context.error(
            "wrong-form", listed, f"`{how}` needs a list of values", "two values or more, such as [a, b]"
        )
        return None
    values = [read(context, entry, wanted) for entry in listed.items]
    known = tuple(value for value in values if value is not None)
    return Aggregate(how, known) if len(known) == len(values) else None


def _rounded(context: Context, node: Mapping, wanted: Wanted, read: Read) -> ParameterValue | None:
    value = read(context, _part(node, "round"), wanted)
    to_node, how = _part(node, "to"), node.get("how")
    rounding = context.word(how, "way of rounding", ROUNDINGS) if how is not None else "half_up"
    to = read_literal(context, to_node, Amount()) if isinstance(to_node, Mapping) else None
    if not isinstance(to, PerCurrency) or any(amount == 0 for _, amount in to.amounts):
        if to is not None or not isinstance(to_node, Mapping):
            context.error("wrong-value", to_node, "`to` needs the least amount that is paid",
                          "one for each currency, such as {TWD: 1, CNY: 0.01}")  # fmt: skip
        return None
    return Rounded(value, Given(to), rounding) if value is not None and rounding is not None else None


def _periods(context: Context, node: Mapping, _: Wanted, _read: Read) -> ParameterValue | None:
    head = "full" if node.get("full") is not None else "started"
    length = _period(context, _part(node, head))
    start, end = (_instant(context, _part(node, key)) for key in ("since", "until"))
    if length is None or start is None or end is None:
        return None
    return Periods(length, start, end, begun=head == "started")


def _period(context: Context, node: Node) -> Duration | None:
    """Read the length of a period: `12 hours`, or `days` for one day."""
    spoken = context.scalar(node, "a length of time such as `days` or `12 hours`")
    if spoken is None or not isinstance(node, Scalar):
        return None
    alone = spoken.partition(" in ")[0] in UNIT_OF
    length = Duration.parse(f"1 {spoken}") if alone else context.duration(node)
    if length is not None and not length.can_be_counted:
        other = "working hours, or calendar days" if length.is_working else "months, or calendar days"
        context.error("does-not-fit", node, f"{spoken} cannot be counted between two instants", other)
        return None
    return length


def _instant(context: Context, node: Node) -> Name | None:
    if isinstance(node, Scalar) and node.text == "now":
        context.error("unknown-name", node, "time cannot be counted up to now: the value would never be the same twice",
                      "an instant that is known, such as when it ended")  # fmt: skip
        return None
    return context.instant(node, context.name(node, of=Instant()))


_READERS: dict[str, Callable[[Context, Mapping, Wanted, Read], ParameterValue | None]] = {
    "times": _times,
    "share": _share,
    "from": _less,
    "least_of": _together,
    "greatest_of": _together,
    "total_of": _together,
    "round": _rounded,
    "full": _periods,
    "started": _periods,
}


def _has_currency(context: Context, head: Scalar, value: ParameterValue) -> bool:
    """Whether all amounts are given in at least one common currency; otherwise the value would always be unknown."""
    written = list(_currencies(value))
    if written and not frozenset.intersection(*written):
        named = listing(sorted(frozenset().union(*written)))
        context.error("no-currency", head, f"the amounts below `{head.text}` have no currency in common ({named}), "
                      "so the result would always be unknown", "each amount in the same currencies")  # fmt: skip
        return False
    return True


def _currencies(value: ParameterValue) -> Iterator[frozenset[str]]:
    if isinstance(value, Given) and isinstance(value.operand, PerCurrency):
        yield frozenset(currency for currency, _ in value.operand.amounts)
    for part in value.parts if isinstance(value, WorkedOut) else ():
        yield from _currencies(part)
