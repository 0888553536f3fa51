"""Formulas written as expressions of languages that look alike."""

from __future__ import annotations

import json
from collections.abc import Mapping

import attrs

from tests.bench.compare.problem import All, Formula, Literal, Operator


@attrs.frozen
class Language:
    """How a language writes its literals (`{key}` and `{operand}`) and joins them."""

    literals: Mapping[Operator, str]
    both: str = " and "
    either: str = " or "
    always: str = "true"
    never: str = "false"

    def written(self, formula: Formula) -> str:
        """The formula as an expression."""
        if isinstance(formula, Literal):
            operand = formula.operand
            plain = json.dumps(list(operand) if isinstance(operand, tuple) else operand)
            return self.literals[formula.operator].format(key=formula.fact.key, operand=plain)
        if not formula.parts:
            return self.always if isinstance(formula, All) else self.never
        word = self.both if isinstance(formula, All) else self.either
        return "(" + word.join(self.written(each) for each in formula.parts) + ")"
