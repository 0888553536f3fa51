"""rule-engine: one `Rule` for each rule; a fact that is not given is null."""

from __future__ import annotations

from pathlib import Path

import rule_engine

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.engines.text import Language
from tests.bench.compare.problem import Facts, Problem

RULE_ENGINE = Language({
    "is": "{key} == {operand}",
    "in": "{key} in {operand}",
    "at_least": "({key} != null and {key} >= {operand})",
    "below": "({key} != null and {key} < {operand})",
    "known": "{key} != null",
    "unknown": "{key} == null",
})  # fmt: skip


class RuleEngine(Peer):
    """The rules are asked one by one, as the package has no set of rules."""

    package = "rule-engine"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        context = rule_engine.Context(default_value=None)
        self._rules = [
            (rule.id, rule_engine.Rule(RULE_ENGINE.written(rule.when), context=context).matches)
            for rule in problem.rules
        ]

    def answer(self, case: Facts) -> list[str]:
        """The ids of the rules that match."""
        return [name for name, matches in self._rules if matches(case)]
