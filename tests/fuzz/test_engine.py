"""The harness finds what it looks for: a short run, and one of each fault."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from escalation_rules.engine.network import build, durable_available
from tests.fuzz import engine

pytestmark = pytest.mark.skipif(not durable_available(), reason="durable-rules cannot be imported here")


@pytest.fixture
def module() -> Any:
    return importlib.import_module("durable_rules_engine")


def test_a_short_run_finds_nothing() -> None:
    assert engine.drive("short", 300) >= 300


def test_every_shape_can_be_built_and_asked() -> None:
    for shape in engine.SHAPES:
        dice = random.Random(shape.__name__)
        units = shape(dice)
        network, twin = build(units, "durable"), build(units, "plain")
        for holding, _ in zip(engine.masks(dice, units), range(4), strict=False):
            assert network.fired(holding) == twin.fired(holding), shape.__name__
        assert network.failures == 0, shape.__name__


@pytest.mark.filterwarnings("ignore::escalation_rules.EngineWarning")
def test_an_engine_that_fails_is_found(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plain twin hides the failure from the caller; the counter does not."""
    retract = module.retract_fact

    def failing(number: int, fact: str) -> tuple[int, int]:
        return (7, 1) if fact == '{"id":"f"}' else retract(number, fact)

    monkeypatch.setattr(module, "retract_fact", failing)
    with pytest.raises(engine.Mismatch, match="the engine failed"):
        engine.drive("short", 300)


def test_a_wrong_answer_is_found(module: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    complete: Callable[[int, int], str | None] = module.complete_and_start_action

    def forgetful(number: int, state: int) -> str | None:
        answer = complete(number, state)
        while answer and answer.startswith('{"r1"'):
            answer = complete(number, state)
        return answer

    monkeypatch.setattr(module, "complete_and_start_action", forgetful)
    with pytest.raises(engine.Mismatch, match="plain"):
        engine.drive("short", 300)


def test_a_process_that_dies_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nkill -SEGV $$\n")
    broken.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    [(compared, wrong), *_] = engine.rounds(1, 10, "dies", None)
    assert compared == 0
    assert "exit -11" in wrong


def test_a_build_without_sanitizers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "library", lambda name: "")
    assert not engine.watches(tmp_path)
