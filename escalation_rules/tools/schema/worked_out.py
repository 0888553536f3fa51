"""Schemas of computed parameters, and of the first alternative that applies."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from escalation_rules.policy.parameter_values import ROUNDINGS
from escalation_rules.policy.reading.tables import TABLE
from escalation_rules.policy.reading.worked_out import KINDS, WORKED_OUT_KEYS
from escalation_rules.policy.vocabulary import Parameter
from escalation_rules.tools.schema.conditions import Conditions
from escalation_rules.tools.schema.parts import Schema, array, closed, described, exactly, one_of
from escalation_rules.tools.schema.scopes import Depth
from escalation_rules.tools.schema.tables import table
from escalation_rules.tools.schema.values import PER_CURRENCY
from escalation_rules.values import Count

_DOCS = {
    "times": "A number or an amount, multiplied by the value of `of`.",
    "share": "A percentage of the value of `of`, such as 10%.",
    "from": "A value minus that of `less`, at least 0.",
    "least_of": "The least of these values.",
    "greatest_of": "The greatest of these values.",
    "total_of": "These values together.",
    "round": "An amount, rounded to a multiple of `to`.",
    "first_that_applies": "Values in order, each with its condition.",
}
Value = Callable[[Parameter, Depth], Schema]


class WorkedOutForms:
    """The forms of a parameter other than literals, names and selections of records."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions

    def forms(self, parameter: Parameter, depth: Depth, value: Value) -> list[Schema]:
        """The forms for one parameter; `value` returns the schema of the values in them."""
        inner = value(parameter, depth)
        fitting = [head for head, kinds in KINDS.items() if parameter.type.kind in kinds]
        return [
            *(self._form(head, parameter, depth, value) for head in fitting),
            self._first(inner, depth),
            closed({TABLE: table(self.conditions.named_anywhere(depth), None, {})}, [TABLE]),
        ]

    def _form(self, head: str, parameter: Parameter, depth: Depth, value: Value) -> Schema:
        inner = value(parameter, depth)
        count = value(attrs.evolve(parameter, type=Count()), depth)
        several = array(inner, 2)
        parts: dict[str, dict[str, Schema]] = {
            "times": {"times": {"anyOf": [{"type": "number", "minimum": 0, "maximum": 10**9}, inner]},
                      "of": {"anyOf": [inner, count]}},
            "share": {"share": {"type": "string", "pattern": r"^[0-9]{1,6}(\.[0-9]{1,9})? ?%$"}, "of": inner},
            "from": {"from": inner, "less": inner},
            "least_of": {"least_of": several},
            "greatest_of": {"greatest_of": several},
            "total_of": {"total_of": several},
            "round": {"round": inner, "to": PER_CURRENCY, "how": one_of(list(ROUNDINGS))},
        }  # fmt: skip
        keys = exactly(WORKED_OUT_KEYS[head], parts[head])
        keys[head] = described({"allOf": [keys[head]]}, _DOCS[head])
        return closed(keys, [key for key in keys if key != "how"])

    def _first(self, inner: Schema, depth: Depth) -> Schema:
        alternative = closed({"value": inner, "when": self.conditions.anywhere(depth)}, ["value", "when"])
        values = described(array(alternative), _DOCS["first_that_applies"])
        return closed({"first_that_applies": values, "otherwise": inner}, ["first_that_applies", "otherwise"])
