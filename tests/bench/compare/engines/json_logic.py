"""json-logic (panzi): a list with the formula of each rule, evaluated at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from json_logic.apply import apply

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.problem import All, Facts, Formula, Literal, Problem


class JsonLogic(Peer):
    """A number that is not known is 0 to `<`, so that is tested first."""

    package = "panzi-json-logic"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        self._logic = [logic(rule.when) for rule in problem.rules]

    def answer(self, case: Facts) -> Any:
        """The truth of each rule."""
        return apply(self._logic, case)

    def fired(self, answer: list[Any]) -> set[str]:
        """By place in the list."""
        return {rule.id for rule, held in zip(self.problem.rules, answer, strict=True) if held}


def logic(formula: Formula) -> Any:
    """A formula as JsonLogic."""
    if not isinstance(formula, Literal):
        both = isinstance(formula, All)
        return {"and" if both else "or": [logic(each) for each in formula.parts]} if formula.parts else both
    value = {"var": formula.fact.key}
    known = {"!==": [value, None]}
    match formula.operator:
        case "is":
            return {"===": [value, formula.operand]}
        case "in":
            assert isinstance(formula.operand, tuple)
            return {"in": [value, list(formula.operand)]}
        case "at_least":
            return {"and": [known, {">=": [value, formula.operand]}]}
        case "below":
            return {"and": [known, {"<": [value, formula.operand]}]}
        case "known":
            return known
    return {"===": [value, None]}
