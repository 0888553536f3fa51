"""What the benchmark asks of an engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Protocol

from tests.bench.compare.problem import Facts, Problem


class Unfit(Exception):
    """The engine cannot say these rules; the message says why."""


class Engine(Protocol):
    """A problem in an engine's own form.

    `prepared` is not timed: it brings cases into the form in which this engine takes them. `answer` is timed: from a
    prepared case to an answer in the engine's own form. `found` gives the rules that hold, not timed.
    """

    package: ClassVar[str | None]
    """The distribution, or None where there is none."""

    def __init__(self, problem: Problem, folder: Path) -> None: ...

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The cases as this engine takes them."""

    def answer(self, case: Any) -> Any:
        """The engine's answer about a prepared case."""

    def found(self, case: Any) -> set[str]:
        """The rules that hold for a prepared case."""


class Peer:
    """An engine that is given the facts of a case as a mapping by key."""

    package: ClassVar[str | None] = None
    answer: Callable[[Any], Any]

    def __init__(self, problem: Problem, folder: Path) -> None:
        self.problem = problem

    def prepared(self, cases: Sequence[Facts]) -> list[Any]:
        """The facts."""
        return [dict(case) for case in cases]

    def found(self, case: Any) -> set[str]:
        """The rules that hold, by the engine's answer."""
        return self.fired(self.answer(case))

    def fired(self, answer: Any) -> set[str]:
        """What an answer says; most are the ids of rules."""
        return set(answer)


def release(package: str | None) -> str:
    """The version of a package, for the report."""
    return "" if package is None else version(package)
