"""Schemas of the values of parameters, and of operands that are worked out by the same forms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from escalation_rules.calendar.lengths import UNIT_OF
from escalation_rules.policy.parameter_values import ROUNDINGS
from escalation_rules.policy.reading.parameters import VALUE_HEADS
from escalation_rules.policy.reading.tables import TABLE
from escalation_rules.policy.reading.worked_out import KINDS, WORKED_OUT_KEYS
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.tools.schema.acts import acts_beside
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import (
    Kit,
    Schema,
    array,
    closed,
    deeds,
    described,
    duration,
    exactly,
    given,
    name_among,
    one_of,
    several,
)
from escalation_rules.tools.schema.scopes import Depth, fields_to
from escalation_rules.tools.schema.tables import table
from escalation_rules.tools.schema.values import PER_CURRENCY, literal
from escalation_rules.values import ZEROS, Amount, Count, Instant, Reference, References, ValueType

_DOCS = {
    "times": "A number or an amount, multiplied by the value of `of`.",
    "share": "A percentage of the value of `of`, such as 10%.",
    "from": "A value minus that of `less`, at least 0.",
    "least_of": "The least of these values.",
    "greatest_of": "The greatest of these values.",
    "total_of": "These values together.",
    "round": "An amount, rounded to a multiple of `to`.",
    "full": "How many full periods of this length lie between two instants.",
    "started": "How many periods of this length began between two instants.",
    "first_that_applies": "Values in order, each with its condition.",
}
_VALUE_DOCS = {
    "sum": "The sum of this field over the records.",
    "count": "The number of records of this list.",
    "latest": "This field of the latest record of the list, or (without a field) that record.",
    "earliest": "This field of the earliest record of the list, or (without a field) that record.",
    "sum_done": "The sum of this parameter over the acts of this action that count.",
    "count_done": "How often this was done, as far as it counts.",
    "one_of": "The first record of this list in the case that qualifies.",
    "each_of": "All records of this list that qualify.",
}
_CONDITION = {
    **dict.fromkeys(("sum", "count", "latest", "earliest"), "where"),
    **dict.fromkeys(("one_of", "each_of"), "which"),
}


class ValueForms:
    """The forms that the value of a parameter may have, and an operand that is worked out."""

    def __init__(self, kit: Kit, conditions: Conditions) -> None:
        self.kit = kit
        self.conditions = conditions

    def of(self, parameter: Parameter, depth: Depth) -> Schema:
        """Anything that can give a value to such a parameter."""
        of = parameter.type
        key = f"value.{depth}.{of.kind}" + "".join(f".{name}" for name in self._told_apart(of))
        return self.kit.define(key, lambda: self._any_value(parameter, depth))

    def _told_apart(self, of: ValueType) -> tuple[str, ...]:
        """Distinguishes types of the same kind, e.g. by their values or by the list they refer to."""
        return (*getattr(of, "names", ()), *((of.to,) if isinstance(of, (Reference, References)) else ()))

    def _any_value(self, parameter: Parameter, depth: Depth) -> Schema:
        of = parameter.type
        names = self.conditions.tests.dotted(of, depth)
        if isinstance(of, Reference) and depth == "record" and of.to in self.kit.vocabulary.records:
            names.append(f"{self.kit.vocabulary.records[of.to].each}.id")
        names += self.kit.vocabulary.amounts if isinstance(of, Amount) else ()
        return {"anyOf": [literal(of), name_among(names), *self._forms(parameter, depth)]}

    def operands(self, of: ValueType, depth: Depth) -> tuple[Schema, ...]:
        """The forms of an operand that is worked out, in a test of a value of type `of`; none for other types."""
        if of.kind not in ZEROS:
            return ()
        parameter = Parameter("operand", of)
        return (
            self.kit.define(f"operand.{depth}.{of.kind}", lambda: {"anyOf": self._forms(parameter, depth)}),
        )

    def _targets(self, head: str, parameter: Parameter) -> Mapping[str, Iterable[str]]:
        """The names allowed after `head` for such a parameter, by record list."""
        of, records = parameter.type, self.kit.vocabulary.records
        if head == "sum":
            found = {}
            for listed, names in self.conditions.summable().items():
                fields = records[listed].fields
                found[listed] = [name for name in names if fields[name.partition(".")[2]].type == of]
            return {listed: names for listed, names in found.items() if names}
        if head in {"latest", "earliest"}:
            return {
                listed.name: names
                for listed in records.values()
                if (names := [
                    *(f"{listed.name}.{field.name}" for field in listed.fields.values() if field.type == of),
                    *([listed.name] if isinstance(of, Reference) and of.to == listed.name else []),
                ])
            }  # fmt: skip
        if head == "count":
            return {name: [name] for name in records} if of.kind == "count" else {}
        fits = isinstance(of, Reference if head == "one_of" else References)
        to = getattr(of, "to", "")
        return {to: [to]} if fits and to in records else {}

    def _chosen(self, head: str, targets: Mapping[str, Iterable[str]], depth: Depth) -> Schema:
        key = _CONDITION[head]
        parts = []
        for name, names in targets.items():
            listed = self.kit.vocabulary.records[name]
            of = one_of(["case", *(fields_to(listed.fields.values()) if depth == "record" else ())])
            parts.append(given(head, one_of(names), {key: self.conditions.below(depth, listed), "of": of}))
        every = one_of([name for names in targets.values() for name in names])
        return closed({head: described(every, _VALUE_DOCS[head]), key: {}, "of": {}}, [head]) | {
            "allOf": parts
        }

    def _forms(self, parameter: Parameter, depth: Depth) -> list[Schema]:
        """The forms of a value other than literals and names."""
        targets = {head: self._targets(head, parameter) for head in VALUE_HEADS}
        fitting = [head for head, kinds in KINDS.items() if parameter.type.kind in kinds]
        return [
            *(self._chosen(head, target, depth) for head, target in targets.items() if target),
            *self._done(parameter.type, depth),
            *(self._form(head, parameter, depth) for head in fitting),
            self._first(self.of(parameter, depth), depth),
            closed({TABLE: table(self.conditions.named_anywhere(depth), None, {})}, [TABLE]),
        ]

    def _done(self, of: ValueType, depth: Depth) -> Iterator[Schema]:
        """The totals of acts."""
        parts = acts_beside(self.kit, self.conditions.tests, depth)
        summable = [
            f"{action.name}.{parameter.name}"
            for action in self.kit.vocabulary.actions.values()
            for parameter in action.params.values()
            if parameter.type == of
        ]
        if of.kind in ZEROS and summable:
            yield closed(
                {"sum_done": described(one_of(summable), _VALUE_DOCS["sum_done"]), **parts}, ["sum_done"]
            )
        if of.kind == "count":
            named = described(several(deeds(self.kit)), _VALUE_DOCS["count_done"])
            yield closed({"count_done": named, **parts}, ["count_done"])

    def _form(self, head: str, parameter: Parameter, depth: Depth) -> Schema:
        inner = self.of(parameter, depth)
        count = self.of(attrs.evolve(parameter, type=Count()), depth)
        values = array(inner, 2)
        moment = name_among(self.conditions.tests.dotted(Instant(), depth))
        parts: dict[str, dict[str, Schema]] = {
            "times": {"times": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 10**9}, inner]},
                      "of": {"anyOf": [inner, count]}},
            "share": {"share": {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,9})? ?%$"}, "of": inner},
            "from": {"from": inner, "less": inner},
            "least_of": {"least_of": values},
            "greatest_of": {"greatest_of": values},
            "total_of": {"total_of": values},
            **{word: {word: {"anyOf": [duration(self.kit), one_of(list(UNIT_OF))]}, "since": moment, "until": moment}
               for word in ("full", "started")},
            "round": {"round": inner, "to": PER_CURRENCY, "how": one_of(list(ROUNDINGS))},
        }  # fmt: skip
        keys = exactly(WORKED_OUT_KEYS[head], parts[head])
        keys[head] = described({"allOf": [keys[head]]}, _DOCS[head])
        return closed(keys, [key for key in keys if key != "how"])

    def _first(self, inner: Schema, depth: Depth) -> Schema:
        alternative = closed({"value": inner, "when": self.conditions.anywhere(depth)}, ["value", "when"])
        values = described(array(alternative), _DOCS["first_that_applies"])
        return closed({"first_that_applies": values, "otherwise": inner}, ["first_that_applies", "otherwise"])
