"""CEL (common-expression-language): one compiled expression that gives a list with the truth of each rule."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cel

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.engines.text import Language
from tests.bench.compare.problem import Facts, Problem

CEL = Language({
    "is": "(has(c.{key}) && c.{key} == {operand})",
    "in": "(has(c.{key}) && c.{key} in {operand})",
    "at_least": "(has(c.{key}) && c.{key} >= {operand})",
    "below": "(has(c.{key}) && c.{key} < {operand})",
    "known": "has(c.{key})",
    "unknown": "!has(c.{key})",
}, both=" && ", either=" || ")  # fmt: skip


class Cel(Peer):
    """The case is the variable `c`."""

    package = "common-expression-language"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        self.answer = cel.compile(f"[{', '.join(CEL.written(rule.when) for rule in problem.rules)}]").execute

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The facts as one variable."""
        return [{"c": case} for case in super().prepared(cases)]

    def fired(self, answer: list[bool]) -> set[str]:
        """By place in the list."""
        return {rule.id for rule, held in zip(self.problem.rules, answer, strict=True) if held}
