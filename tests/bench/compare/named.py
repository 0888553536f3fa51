"""The engines and the problems by name."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Protocol

from tests.bench.compare.builtin import Builtin
from tests.bench.compare.problem import Facts, Problem
from tests.bench.compare.sixty import Sixty

ENGINES: dict[str, tuple[str, str]] = {
    "ours": ("ours", "Ours"),
    "ours from data": ("ours", "OursFromData"),
    "hand-written": ("handwritten", "Handwritten"),
    "CLIPS": ("clips_engine", "Clips"),
    "zen-engine": ("zen_engine", "ZenEngine"),
    "rule-engine": ("rule_engine", "RuleEngine"),
    "business-rules": ("business_rules", "BusinessRules"),
    "json-logic": ("json_logic", "JsonLogic"),
    "CEL": ("cel_engine", "Cel"),
    "Cedar": ("cedar", "Cedar"),
    "durable-rules": ("durable_engine", "DurableRules"),
}
"""By name: the module and the class. The first three are no peers."""
NO_PEERS = ("ours", "ours from data", "hand-written")
NEEDED = {
    "CLIPS": "clips", "zen-engine": "zen", "rule-engine": "rule_engine", "business-rules": "business_rules",
    "json-logic": "json_logic.apply", "CEL": "cel", "Cedar": "cedarpy", "durable-rules": "durable.lang",
}  # fmt: skip


def missing(engine: str) -> str | None:
    """The module that an engine needs and that is not installed here."""
    module = NEEDED.get(engine)
    if module is None:
        return None
    try:
        return None if find_spec(module) else module
    except ModuleNotFoundError:
        return module


class Maker(Protocol):
    """What makes a problem."""

    def problem(self) -> Problem:
        """The rules for the others."""

    def write(self, folder: Path) -> None:
        """Write our policy."""

    def case(self, dice: Random) -> Facts:
        """The facts of a case, by key."""


PROBLEMS: dict[str, Callable[[], Maker]] = {
    "sixty": Sixty,
    "built-in": Builtin,
    "built-in-common": lambda: Builtin(alone=True),
}
