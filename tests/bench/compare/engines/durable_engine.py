"""Raw durable-rules, as its manual shows: `when_all` over `m`, `assert_fact`, an action for each rule."""

from __future__ import annotations

from functools import reduce
from math import prod
from operator import and_, or_
from pathlib import Path
from typing import Any

from durable.engine import MessageNotHandledException
from durable.lang import assert_fact, get_host, m, retract_fact, ruleset, when_all

from tests.bench.compare.engines.base import Peer, Unfit
from tests.bench.compare.problem import All, Facts, Formula, Literal, Problem

NAME = "bench"
MOST_PATHS = 64


class DurableRules(Peer):
    """A fact that is not given satisfies no test. The fact is retracted after each case, or it would match for ever."""

    package = "durable-rules"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        if sum(paths(rule.when) for rule in problem.rules) > MOST_PATHS:
            raise Unfit(
                "a rule fires once for each way in which it holds, and no fact may satisfy more than 64 ways"
            )
        self._found: list[str] = []
        with ruleset(NAME):
            for each in problem.rules:
                self._define(each.id, each.when)
        get_host()

    def answer(self, case: Facts) -> list[str]:
        """The rules whose actions ran."""
        self._found = []
        fact = {"id": 1, **case}
        try:
            assert_fact(NAME, fact)
        except MessageNotHandledException:
            return self._found
        retract_fact(NAME, fact)
        return self._found

    def _define(self, name: str, formula: Formula) -> None:
        def fire(_: Any) -> None:
            self._found.append(name)

        when_all(expression(formula))(fire)


def paths(formula: Formula) -> int:
    """In how many ways a formula can hold at once; of several words a fact has but one."""
    if isinstance(formula, Literal):
        return 1
    return (prod if isinstance(formula, All) else sum)(paths(each) for each in formula.parts)


def expression(formula: Formula) -> Any:
    """A formula in the language of the package."""
    if not isinstance(formula, Literal):
        return reduce(and_ if isinstance(formula, All) else or_, map(expression, formula.parts))
    value, operand = getattr(m, formula.fact.key), formula.operand
    match formula.operator:
        case "in":
            assert isinstance(operand, tuple)
            return reduce(or_, (getattr(m, formula.fact.key) == each for each in operand))
        case "at_least":
            return value >= operand
        case "below":
            return value < operand
        case "known":
            return +value
        case "unknown":
            return -value
    return value == operand
