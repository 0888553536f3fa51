"""What all tests of the core share: a way to make small policies, on each engine."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

from escalation_rules import Policy
from tests.core.policies import ENGINES, Make, load


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each engine that can be imported here."""
    return str(request.param)


@pytest.fixture
def make(engine: str, tmp_path: Path) -> Make:
    """Makes policies from rules written in the test."""
    numbers = count()

    def made(rules: str, *, gate: str = "", words: str = "", more: Iterable[str] = ()) -> Policy:
        return load(tmp_path / f"policy-{next(numbers)}", engine, rules, gate=gate, words=words, more=more)

    return made
