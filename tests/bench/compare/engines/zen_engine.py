"""zen-engine: one decision table that collects, one row for each rule."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import zen

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.engines.text import Language
from tests.bench.compare.problem import Facts, Problem

ZEN = Language({
    "is": "{key} == {operand}",
    "in": "{key} in {operand}",
    "at_least": "{key} >= {operand}",
    "below": "{key} < {operand}",
    "known": "{key} != null",
    "unknown": "{key} == null",
})  # fmt: skip


class ZenEngine(Peer):
    """A comparison with an unknown number is false in a table, so nothing is added for it."""

    package = "zen-engine"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        rows = [
            {"_id": rule.id, "when": ZEN.written(rule.when), "rule": json.dumps(rule.id)}
            for rule in problem.rules
        ]
        table = {
            "hitPolicy": "collect",
            "inputs": [{"id": "when", "name": "when", "type": "expression"}],
            "outputs": [{"id": "rule", "name": "rule", "type": "expression", "field": "rule"}],
            "rules": rows,
        }
        place = {"x": 0, "y": 0}
        nodes = [
            {"id": "in", "type": "inputNode", "name": "in", "position": place},
            {
                "id": "table",
                "type": "decisionTableNode",
                "name": "table",
                "position": place,
                "content": table,
            },
            {"id": "out", "type": "outputNode", "name": "out", "position": place},
        ]
        edges = [
            {"id": "first", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "second", "type": "edge", "sourceId": "table", "targetId": "out"},
        ]
        self._engine = zen.ZenEngine()
        self.answer = self._engine.create_decision(json.dumps({"nodes": nodes, "edges": edges})).evaluate

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The facts as JSON, which it takes faster than a dict."""
        return [json.dumps(case).encode() for case in cases]

    def fired(self, answer: Any) -> set[str]:
        """One row of the result for each rule."""
        return {row["rule"] for row in answer["result"]}
