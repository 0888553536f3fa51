"""CLIPS (clipspy): one template with a slot for each fact, one `defrule` for each rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import clips

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.problem import All, Facts, Formula, Literal, Operator, Problem, Value, literals

FIELDS: dict[Operator, str] = {
    "at_least": "?{key}&:(and (integerp ?{key}) (>= ?{key} {operand}))",
    "below": "?{key}&:(and (integerp ?{key}) (< ?{key} {operand}))",
    "known": "~nil",
    "unknown": "nil",
}
TESTS: dict[Operator, str] = {
    "is": "(eq ?{key} {operand})",
    "at_least": "(and (integerp ?{key}) (>= ?{key} {operand}))",
    "below": "(and (integerp ?{key}) (< ?{key} {operand}))",
    "known": "(neq ?{key} nil)",
    "unknown": "(eq ?{key} nil)",
}


class Clips(Peer):
    """A slot that is not given is `nil`. Literals joined by `all` stand in the pattern, others in a `test`."""

    package = "clipspy"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        self._env = clips.Environment()
        slots = " ".join(f"(slot {fact.key} (default nil))" for fact in problem.facts)
        self._env.build(f"(deftemplate case {slots})")
        self._env.build("(defglobal ?*fired* = (create$))")
        for rule in problem.rules:
            self._env.build(
                f"(defrule {rule.id} {pattern(rule.when)} => (bind ?*fired* (create$ ?*fired* {rule.id})))"
            )
        self._fired = self._env.find_global("fired")
        self._case = self._env.find_template("case")

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The slots of each case; flags and words are symbols."""
        return [{key: symbol(value) for key, value in case.items()} for case in cases]

    def answer(self, case: Mapping[str, Any]) -> Any:
        """The rules that fired. To retract the fact takes a fifth of the time of `reset`."""
        fact = self._case.assert_fact(**case)
        self._env.run()
        found = self._fired.value
        fact.retract()
        if found:
            self._fired.value = ()
        return found

    def fired(self, answer: Any) -> set[str]:
        """Symbols, as text."""
        return {str(each) for each in answer}


def symbol(value: Value) -> Any:
    """A value as clipspy takes it."""
    return value if isinstance(value, int) and not isinstance(value, bool) else clips.Symbol(plain(value))


def plain(value: object) -> str:
    """A value in CLIPS' syntax: flags and words are symbols."""
    return ("TRUE" if value else "FALSE") if isinstance(value, bool) else str(value)


def pattern(formula: Formula) -> str:
    """A formula as the left-hand side of a rule."""
    parts = formula.parts if isinstance(formula, All) else (formula,)
    by_key: dict[str, list[Literal]] = {}
    tests = [each for each in parts if not isinstance(each, Literal)]
    for each in parts:
        if isinstance(each, Literal):
            by_key.setdefault(each.fact.key, []).append(each)
    once = {key: found[0] for key, found in by_key.items()}
    more = [each for found in by_key.values() for each in found[1:]]
    joined: list[Formula] = [*tests, *more]
    bound = {each.fact.key for one in joined for each in literals(one)}
    fields = {key: field(literal, key in bound) for key, literal in once.items()}
    fields |= {key: f"?{key}" for key in sorted(bound - set(fields))}
    slots = " ".join(f"({key} {text})" for key, text in fields.items())
    return " ".join([f"(case {slots})", *(f"(test {said(each)})" for each in joined)])


def field(literal: Literal, bound: bool) -> str:
    """A literal as the constraint of its slot."""
    key, operand = literal.fact.key, literal.operand
    if literal.operator in ("is", "in"):
        text = "|".join(plain(each) for each in (operand if isinstance(operand, tuple) else (operand,)))
        text = text or "nil&~nil"
    else:
        text = FIELDS[literal.operator].format(key=key, operand=operand)
    if not bound or text.startswith("?"):
        return text
    return f"?{key}&{text}"


def said(formula: Formula) -> str:
    """A formula as an expression over the variables of the slots."""
    if not isinstance(formula, Literal):
        word = "and" if isinstance(formula, All) else "or"
        inner = [said(each) for each in formula.parts]
        return f"({word} {' '.join(inner)})" if len(inner) > 1 else inner[0]
    key, operand = formula.fact.key, formula.operand
    if isinstance(operand, tuple):
        values = " ".join(plain(each) for each in operand)
        return f"(neq (member$ ?{key} (create$ {values})) FALSE)"
    return TESTS[formula.operator].format(key=key, operand=plain(operand))
