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

    def made(rules: str, *, words: str = "", facts: str = "", more: Iterable[str] = ()) -> Policy:
        folder = tmp_path / f"desk-{next(numbers)}"
        return load(folder, engine, rules, words=words, facts=facts, more=more)

    return made
