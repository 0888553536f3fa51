"""The limit: the rules as plain Python `if`s, with the input checked and unknown told from false."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.problem import All, Formula, Literal, Problem


class Handwritten(Peer):
    """One generated function, which somebody could have written by hand.

    It raises for an unknown name and for a wrong value, and returns the rules that hold and those that are undecided.
    """

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        space: dict[str, Any] = {"KEYS": frozenset(fact.key for fact in problem.facts)}
        for fact in problem.facts:
            space[f"VALUES_{fact.key}"] = frozenset(fact.values)
        self.source = written(problem)
        exec(compile(self.source, "handwritten.py", "exec"), space)
        self.answer = space["decide"]

    def fired(self, answer: tuple[list[str], list[str]]) -> set[str]:
        """The rules that hold; those that are undecided are the other part of the answer."""
        return set(answer[0])


CHECKS = {
    "flag": "if {key} is not None and {key} is not True and {key} is not False:",
    "number": "if {key} is not None and ({key}.__class__ is not int or {key} < 0):",
    "word": "if {key} is not None and ({key}.__class__ is not str or {key} not in VALUES_{key}):",
}


def written(problem: Problem) -> str:
    """The function's source. All names in it are keys that the benchmark made."""
    lines = ["def decide(case):", "    if not KEYS.issuperset(case):",
             "        raise ValueError('unknown fact')", "    get = case.get", "    holds = []", "    open_ = []"]  # fmt: skip
    for fact in problem.facts:
        lines.append(f"    {fact.key} = get({fact.key!r})")
        lines.append("    " + CHECKS[fact.kind].format(key=fact.key))
        lines.append(f"        raise ValueError({fact.key!r})")
    for rule in problem.rules:
        lines.append(f"    if {said(rule.when)}:")
        lines.append(f"        holds.append({rule.id!r})")
        lines.append(f"    elif {possible(rule.when)}:")
        lines.append(f"        open_.append({rule.id!r})")
    return "\n".join([*lines, "    return holds, open_", ""])


def said(formula: Formula) -> str:
    """Known to hold."""
    if not isinstance(formula, Literal):
        return _joined(formula, [said(each) for each in formula.parts])
    key, operand = formula.fact.key, formula.operand
    match formula.operator:
        case "known":
            return f"{key} is not None"
        case "unknown":
            return f"{key} is None"
        case "in":
            return f"{key} in {operand!r}"
        case "at_least":
            return f"{key} is not None and {key} >= {operand}"
        case "below":
            return f"{key} is not None and {key} < {operand}"
    return f"{key} is {operand!r}" if isinstance(operand, bool) else f"{key} == {operand!r}"


def possible(formula: Formula) -> str:
    """Not known not to hold."""
    if not isinstance(formula, Literal):
        return _joined(formula, [possible(each) for each in formula.parts])
    key, operand = formula.fact.key, formula.operand
    match formula.operator:
        case "known" | "unknown":
            return said(formula)
        case "in":
            return f"({key} is None or {key} in {operand!r})"
        case "at_least":
            return f"({key} is None or {key} >= {operand})"
        case "below":
            return f"({key} is None or {key} < {operand})"
    if isinstance(operand, bool):
        return f"{key} is not {not operand!r}"
    return f"({key} is None or {key} == {operand!r})"


def _joined(formula: Formula, parts: list[str]) -> str:
    if not parts:
        return "True" if isinstance(formula, All) else "False"
    word = " and " if isinstance(formula, All) else " or "
    return parts[0] if len(parts) == 1 else word.join(f"({each})" for each in parts)
