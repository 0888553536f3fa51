"""What holds for all tests: Hypothesis tries the same examples in every run, and the garbage collector leaves alone what
lives as long as the run. The built-in policy is read once in each process; each `Policy.load` compiles it anew.

So no check fails by chance. `HYPOTHESIS_PROFILE=explore pytest …` tries new ones.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import settings

from escalation_rules import api
from escalation_rules.errors import Problems
from escalation_rules.policy.model import PolicyModel
from escalation_rules.policy.reading import files, read_policy
from escalation_rules.policy.reading.builtin import builtin_path
from escalation_rules.source import Node, parse_yaml

_BUILT_IN = str(builtin_path())

settings.register_profile("repeatable", derandomize=True, database=None)
settings.register_profile("explore")
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

gc.set_threshold(10_000, 20, 20)  # collecting tests makes a million objects, nearly all of which stay

_parsed: dict[tuple[str, str], Node | None] = {}


def _parse_once(text: str, file: str, problems: Problems) -> Node | None:
    """The nodes of a file of the built-in policy, which hundreds of tests load: what they are depends on nothing else."""
    if not file.startswith(_BUILT_IN):
        return parse_yaml(text, file, problems)
    if (text, file) not in _parsed:
        before = problems.count
        found = parse_yaml(text, file, problems)
        if problems.count > before:
            return found
        _parsed[text, file] = found
    return _parsed[text, file]


_read: list[PolicyModel] = []


def _read_once(layers: Sequence[str | Path]) -> PolicyModel:
    """The model of the built-in policy alone: its files do not change during a run."""
    if [str(each) for each in layers] != [_BUILT_IN]:
        return read_policy(layers)
    if not _read:
        _read.append(read_policy(layers))
    return _read[0]


files.__dict__["parse_yaml"] = _parse_once
api.__dict__["read_policy"] = _read_once


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Otherwise each collection goes through all tests again: a tenth of the time of the whole run."""
    gc.collect()
    gc.freeze()
