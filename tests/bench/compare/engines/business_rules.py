"""business-rules: JSON conditions over the methods of a class, which say what a case holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import (
    BaseVariables,
    boolean_rule_variable,
    numeric_rule_variable,
    string_rule_variable,
)

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.problem import All, Fact, Facts, Formula, Literal, Problem


class _Actions(BaseActions):  # type: ignore[misc,unused-ignore]
    def __init__(self) -> None:
        self.found: list[str] = []

    @rule_action(params={"rule": FIELD_TEXT})  # type: ignore[untyped-decorator,unused-ignore]
    def fire(self, rule: str) -> None:
        self.found.append(rule)


class BusinessRules(Peer):
    """It has no null: a variable `has_…` says whether a fact is known, and stands before tests that need it."""

    package = "business-rules"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        methods: dict[str, Any] = {"__init__": _keep}
        for fact in problem.facts:
            methods |= _methods(fact)
        self._variables: Any = type("Variables", (BaseVariables,), methods)
        self._rules = [
            {"conditions": conditions(rule.when), "actions": [{"name": "fire", "params": {"rule": rule.id}}]}
            for rule in problem.rules
        ]

    def answer(self, case: Facts) -> list[str]:
        """The rules that fired."""
        actions = _Actions()
        run_all(self._rules, self._variables(case), actions)
        return actions.found


def _keep(self: Any, case: Facts) -> None:
    self.case = case


def _methods(fact: Fact) -> dict[str, Any]:
    key = fact.key
    kinds: dict[str, tuple[Any, Any]] = {
        "flag": (boolean_rule_variable, False),
        "number": (numeric_rule_variable, 0),
        "word": (string_rule_variable, ""),
    }
    kind, default = kinds[fact.kind]

    def value(self: Any) -> Any:
        return self.case.get(key, default)

    def has(self: Any) -> bool:
        return key in self.case

    value.__name__, has.__name__ = key, f"has_{key}"
    return {key: kind()(value), f"has_{key}": boolean_rule_variable()(has)}


def conditions(formula: Formula) -> Any:
    """A formula as conditions; at the top there must be `all` or `any`."""
    made = _conditions(formula)
    return made if "all" in made or "any" in made else {"all": [made]}


def _conditions(formula: Formula) -> Any:
    if not isinstance(formula, Literal):
        word = "all" if isinstance(formula, All) else "any"
        return {word: [_conditions(each) for each in formula.parts]}
    key, operand = formula.fact.key, formula.operand
    known = {"name": f"has_{key}", "operator": "is_true", "value": True}
    match formula.operator:
        case "known":
            return known
        case "unknown":
            return {**known, "operator": "is_false"}
        case "is" if operand is True:
            return {"name": key, "operator": "is_true", "value": True}
        case "is" if operand is False:
            return {"all": [known, {"name": key, "operator": "is_false", "value": True}]}
        case "is":
            return {"name": key, "operator": "equal_to", "value": operand}
        case "in":
            assert isinstance(operand, tuple)
            return {"any": [{"name": key, "operator": "equal_to", "value": each} for each in operand]}
        case "at_least":
            return {"all": [known, {"name": key, "operator": "greater_than_or_equal_to", "value": operand}]}
    return {"all": [known, {"name": key, "operator": "less_than", "value": operand}]}
