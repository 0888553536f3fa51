"""Operands: a literal, an amount per currency, another fact or field, or a value that is worked out."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingABC
from decimal import Decimal

import attrs

from escalation_rules.calendar import Deadline
from escalation_rules.calendar.lengths import END_OF_DAY, MOVED
from escalation_rules.policy.conditions.computed import StatedValue
from escalation_rules.policy.conditions.condition import Need, Records, Situation
from escalation_rules.policy.conditions.context import Context
from escalation_rules.policy.conditions.human_values import CURRENCIES, PER_CURRENCY, number_said
from escalation_rules.policy.conditions.names import FieldName, Name, looks_like_name
from escalation_rules.policy.conditions.reading_deadlines import misspelt, read_deadline
from escalation_rules.policy.conditions.shifted import Shifted
from escalation_rules.policy.conditions.unknown_names import part
from escalation_rules.source import Mapping, Node, Scalar
from escalation_rules.suggestions import nearest
from escalation_rules.values import (
    Amount,
    Party,
    PartyType,
    Reference,
    Value,
    ValueType,
    is_currency,
    plain_amount,
    show,
    to_plain,
)

CURRENCY_NEED = "currency"


@attrs.frozen
class Literal:
    """A value written in the policy."""

    value: Value

    def get(self, situation: Situation, records: Records) -> Value | None:
        return self.value

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """Always empty."""
        return ()

    def to_data(self) -> object:
        return plain_amount(self.value) if isinstance(self.value, Decimal) else to_plain(self.value)


@attrs.frozen
class PerCurrency:
    """An amount for each currency; unknown in a currency that the policy does not list. `named`: by which name it is written."""

    amounts: tuple[tuple[str, Decimal], ...]
    named: str | None = attrs.field(default=None, eq=False, repr=False)

    def get(self, situation: Situation, records: Records) -> Value | None:
        """The amount in the case's currency."""
        return next((amount for currency, amount in self.amounts if currency == situation.currency), None)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """The currency, if the policy has no amount in it."""
        return () if self.get(situation, records) is not None else (Need(CURRENCY_NEED),)

    def to_data(self) -> object:
        return {currency: plain_amount(amount) for currency, amount in self.amounts}


@attrs.frozen
class Other:
    """The value of another fact or field."""

    name: Name

    def get(self, situation: Situation, records: Records) -> Value | None:
        """Its value, or None if unknown."""
        return self.name.get(situation, records)

    def undecided(self, situation: Situation, records: Records) -> tuple[Need, ...]:
        """The fact or field, if unknown."""
        return () if self.get(situation, records) is not None else (self.name.need(situation, records),)

    def to_data(self) -> object:
        return self.name.text


Operand = Literal | PerCurrency | Other | Shifted | StatedValue


def written(operand: Operand) -> list[tuple[str | None, Value]]:
    """The values written in the policy, each with its currency (None: any)."""
    match operand:
        case Literal():
            return [(None, operand.value)]
        case PerCurrency():
            return [*operand.amounts]
    return []


def written_in(operand: Operand, currency: str | None) -> Value | None:
    """The value written for one currency, or None."""
    found = written(operand)
    return next((value for name, value in found if name in {None, currency}), None)


def read_literal(context: Context, node: Node, of: ValueType) -> Operand | None:
    """Read a literal operand of type `of`. Amounts are 0 or a mapping of currency to amount."""
    if context.is_computed(node):
        context.error(
            "wrong-value", node, "a value that is worked out is not allowed here", of.article + " " + of.kind
        )
        return None
    if isinstance(of, PartyType):
        role = context.named(node, "role", of.roles)
        return None if role is None else Literal(Party(role, role))
    if not isinstance(of, Amount):
        value = context.literal(node, of)
        return None if value is None else Literal(value)
    if isinstance(node, Mapping):
        return _per_currency(context, node, of)
    if (amount := named_amount(context, node, of)) is not None:
        return amount
    if isinstance(node, Scalar) and isinstance(node.value, str) and (found := number_said(node.text)):
        meant = found.in_currency
        certain = found.currency is not None
        expected = PER_CURRENCY if certain else f"0, or one number for each currency, such as {meant}"
        message = f"{show(node.text)} is not an amount"
        context.error("wrong-value", node, message, expected, meant if certain else None)
        return None
    value = context.literal(node, of)
    if isinstance(value, Decimal) and value != 0:
        context.error("no-currency", node, f"the amount {value} has no currency", PER_CURRENCY)
        return None
    return None if value is None else Literal(value)


def read_literal_or_computed(context: Context, node: Node, of: ValueType) -> Operand | None:
    """Read a literal of type `of`, or a value of that type that is worked out."""
    computing = context.computing
    if isinstance(node, Mapping) and computing is not None and context.is_computed(node):
        return computing.read(context, node, of)
    if isinstance(node, Mapping) and computing is not None and computing.misspelt(context, node):
        return None
    return read_literal(context, node, of)


def named_amount(context: Context, node: Node, of: ValueType) -> PerCurrency | None:
    """The amount that the vocabulary declares by this name."""
    if not isinstance(of, Amount) or not isinstance(node, Scalar) or node.quoted:
        return None
    declared = context.vocabulary.amounts.get(node.text)
    return None if declared is None else PerCurrency(declared.amounts, node.text)


def read_operand(context: Context, node: Node, of: ValueType) -> Operand | None:
    """Read a literal or a worked-out value of type `of`, or the dotted name of a fact or field of that type."""
    if (amount := named_amount(context, node, of)) is not None:
        return amount
    if (
        isinstance(node, Scalar)
        and not node.quoted
        and isinstance(node.value, str)
        and looks_like_name(node.value)
    ):
        return read_name(context, node, of)
    return read_literal_or_computed(context, node, of)


def read_name(context: Context, node: Node, of: ValueType) -> Operand | None:
    """Read the name of a fact or field that is comparable with values of type `of`."""
    if isinstance(node, Scalar) and (
        node.text[:1].isdigit() or node.value in (True, False, *getattr(of, "names", ()))
    ):
        wanted = "`above:` or `below:`" if of.ordered else "`equals:`"
        message = f"{show(node.text)} is a value, but this test needs another fact or field"
        context.error(
            "unknown-name", node, message, f"the name of a fact or field, or the value after {wanted}"
        )
        return None
    if _is_record(context, node, of):
        return None
    if isinstance(of, Amount) and isinstance(node, Scalar) and context.scope.resolve(node.text) is None:
        amounts = context.vocabulary.amounts
        if (meant := nearest(node.text, amounts)) and nearest(
            node.text, [*context.vocabulary.facts, *amounts]
        ) == meant:
            context.undeclared("unknown-name", node, "amount", node.text, amounts)
            return None
    name = context.name(node, of=of)
    if name is None:
        return None
    if not comparable(name, of):
        other = name.fact.type
        same = " of other values" if other.kind == of.kind else ""
        context.error(
            "not-comparable",
            node,
            f"{name.text} is {other.article} {other.kind}{same} and cannot be compared "
            f"with {of.article} {of.kind}",
            f"{of.article} {of.kind}",
        )
        return None
    return Other(name)


def comparable(name: Name, of: ValueType) -> bool:
    """Whether a fact or field can be compared with values of type `of`: it has that type, or is the id of the record that
    they refer to."""
    if isinstance(of, Reference) and isinstance(name, FieldName) and name.is_id:
        return name.list == of.to
    return name.fact.type == of


def _is_record(context: Context, node: Node, of: ValueType) -> bool:
    """Whether a record in scope itself is named instead of a value; if so, it is reported."""
    said = node.text if isinstance(node, Scalar) else ""
    meant = next((record_list for record_list in context.scope.lists if record_list.each == said), None)
    if meant is None or context.scope.resolve(said) is not None:
        return False
    if isinstance(of, Reference) and of.to == meant.name:
        context.error(
            "unknown-name", node, f"{said!r} is the record itself, not a value of it", None, f"{said}.id"
        )
        return True
    field = f"a field of it that is {of.article} {of.kind}"
    inner = context.scope.lists[-1]
    if inner.referring_to(meant.name):
        field += (
            f"; or no comparison, as {inner.name} refers to {meant.name}: the test means those of this {said}"
        )
    elif inner is not meant:
        field += (
            f"; {inner.name} has no field `type: reference, to: {meant.name}`, with which the test would mean those of "
            f"this {said}: without one, all of the case are meant"
        )
    context.error("unknown-name", node, f"{said!r} is the record itself, not a value of it", field)
    return True


SHIFTED = re.compile(
    rf"(?P<length>(?:[0-9]|{END_OF_DAY}).*?) (?P<way>after|before|of|from|than|past) (?P<name>[^ ,]+)(?:{MOVED}(?P<moved>.*))?"
)


def read_shifted(context: Context, node: Node, of: ValueType) -> Operand | None:
    """Read the name of another instant, or `30 minutes after NAME`, `2 hours before NAME`, `end of the working day of NAME`."""
    found = SHIFTED.fullmatch(node.text) if isinstance(node, Scalar) else None
    if isinstance(node, Scalar) and misspelt(context, node):
        return None
    if found is None or not isinstance(node, Scalar):
        return read_name(context, node, of)
    length, way, moved = found["length"], found["way"], found["moved"]
    ways = ("of",) if length.startswith(END_OF_DAY) else ("after", "before")
    if way not in ways:
        message = f"{show(node.text)} does not say whether it is before or after {found['name']}"
        if ways == ("of",):
            message = f"the end of a working day is that `of` an instant, not `{way}` it"
        context.error("wrong-form", node, message, None, f"{length} {ways[0]} {found['name']}")
        return None
    by = _time_limit(context, node, length, way, found.start("moved"), moved)
    other = read_name(context, part(node, *found.span("name")), of)
    return Shifted(other.name, by) if by is not None and isinstance(other, Other) else None


def _time_limit(
    context: Context, node: Scalar, length: str, way: str, behind: int, moved: str | None
) -> Deadline | None:
    if way != "before":
        return read_deadline(context, node, length, behind, moved)
    if moved is not None:
        context.error(
            "bad-duration", node, "a time before an instant moves to no working day", f"{length} alone"
        )
        return None
    duration = context.duration(part(node, 0, len(length)))
    return None if duration is None else Deadline(duration, before=True)


def _per_currency(context: Context, node: Mapping, of: ValueType) -> PerCurrency | None:
    amounts: dict[str, Decimal] = {}
    for key, value in node.entries:
        amount = context.literal(value, of)
        meant = CURRENCIES.get(key.text.lower(), key.text)
        if not is_currency(key.text) or meant != key.text:
            context.error("bad-currency", key, f"{key.text!r} is not a currency code", "three letters of ISO 4217, such as TWD",
                          meant if is_currency(meant) and meant != key.text else None)  # fmt: skip
        elif isinstance(amount, Decimal):
            amounts[key.text] = amount
    if not node.entries:
        context.error("empty", node, "missing amount", "one amount per currency such as {TWD: 800}")
    return PerCurrency(tuple(sorted(amounts.items()))) if len(amounts) == len(node.entries) > 0 else None


def literal_schema(of: ValueType, currencies: MappingABC[str, object]) -> dict[str, object]:
    """The JSON Schema of a literal operand of type `of`; `currencies` is that of amounts by currency."""
    match of.kind:
        case "flag":
            return {"type": "boolean"}
        case "count":
            return {"type": "integer", "minimum": 0}
        case "amount":
            return {"anyOf": [{"const": 0}, dict(currencies)]}
        case "choice" | "level":
            return {"enum": list(getattr(of, "names", ()))}
        case "party":
            return {"enum": list(getattr(of, "roles", ()))}
        case "text" | "instant" | "duration" | "reference" | "references":
            return {"type": "string"}
