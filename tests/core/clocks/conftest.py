"""Policies for a small service desk, on each engine."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

import pytest

from escalation_rules import Policy
from tests.core.clocks.desk import Desk, load


@pytest.fixture
def desk(engine: str, tmp_path: Path) -> Desk:
    """Makes policies from rules written in the test."""
    numbers = count()

    def made(rules: str, *, words: str = "", more: Iterable[str] = ()) -> Policy:
        return load(tmp_path / f"desk-{next(numbers)}", engine, rules, words=words, more=more)

    return made
