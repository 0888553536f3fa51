"""Cedar (cedarpy): one `permit` for each rule, parsed once; the policies that allow the request are those that hold."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cedarpy

from tests.bench.compare.engines.base import Peer
from tests.bench.compare.engines.text import Language
from tests.bench.compare.problem import Facts, Problem

CEDAR = Language({
    "is": "(context has {key} && context.{key} == {operand})",
    "in": "(context has {key} && {operand}.contains(context.{key}))",
    "at_least": "(context has {key} && context.{key} >= {operand})",
    "below": "(context has {key} && context.{key} < {operand})",
    "known": "(context has {key})",
    "unknown": "!(context has {key})",
}, both=" && ", either=" || ")  # fmt: skip


class Cedar(Peer):
    """The case is the context of a request."""

    package = "cedarpy"

    def __init__(self, problem: Problem, folder: Path) -> None:
        super().__init__(problem, folder)
        rules = (
            f'@id("{rule.id}") permit(principal, action, resource) when {{ {CEDAR.written(rule.when)} }};'
            for rule in problem.rules
        )
        self._policies = cedarpy.PolicySet.from_str("\n".join(rules))
        self._entities = cedarpy.Entities.from_json_str("[]")

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The facts as requests."""
        request = {"principal": 'User::"u"', "action": 'Action::"decide"', "resource": 'Case::"c"'}
        return [{**request, "context": case} for case in super().prepared(cases)]

    def answer(self, case: Any) -> Any:
        """The ids by policy."""
        return cedarpy.is_authorized(
            case, self._policies, self._entities
        ).diagnostics.id_annotations_by_reason

    def fired(self, answer: dict[str, str]) -> set[str]:
        """The ids that the policies are annotated with."""
        return set(answer.values())
