"""Both engines must give the answer of an evaluation so simple that it cannot be wrong."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Sequence
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import escalation_rules.engine.network as network_module
from escalation_rules.engine.network import (
    MAX_LITERAL,
    MAX_PATH_LITERALS,
    MAX_PATHS,
    NetworkError,
    build,
    durable_available,
)

Units = list[list[tuple[int, ...]]]

ENGINES = ["plain", "durable"] if durable_available() else ["plain"]
ROOT = Path(network_module.__file__).parents[3]


def naive(units: Sequence[Sequence[tuple[int, ...]]], holding: int) -> tuple[int, ...]:
    return tuple(
        number
        for number, unit in enumerate(units)
        if any(all(holding >> literal & 1 for literal in path) for path in unit)
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[Units, list[int]]:
    """Units of up to 150 paths that share literals, and masks to ask them with."""
    atoms = draw(st.sampled_from([1, 3, 12, 60, 300]))
    rng = draw(st.randoms(use_true_random=False))
    paths = [
        tuple(rng.randrange(2 * atoms) for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 9])))
        for _ in range(draw(st.integers(0, 150)))
    ]
    paths += [(2 * atom, 2 * atom + 1) for atom in draw(st.lists(st.integers(0, atoms - 1), max_size=3))]
    paths += [()] * draw(st.integers(0, 1))
    paths += paths[: draw(st.integers(0, 5))]  # repeated
    rng.shuffle(paths)
    units: Units = [[] for _ in range(draw(st.integers(1, 40)))]
    for path in paths:
        rng.choice(units).append(path)
    units += units[: draw(st.integers(0, 2))]  # duplicate
    masks = [0, -1, *(_mask(rng, atoms) for _ in range(8))]
    return units, masks


def _mask(rng: random.Random, atoms: int) -> int:
    """Return a first pass (one literal of an atom, or none) or a second pass (one, or both)."""
    choices = rng.choice([(0, 1, 2), (1, 2), (1, 2, 3), (0, 1, 2, 3), (1, 1, 1, 2), (3, 3, 3, 1)])
    holding = 0
    for atom in range(atoms):
        holding |= rng.choice(choices) << 2 * atom
    return holding


@pytest.mark.skipif(
    (sys.version_info >= (3, 13) and not os.environ.get("DURABLE")) or sys.implementation.name != "cpython",
    reason="durable-rules cannot be imported here, unless it was built for it (nox session `durable`)",
)
def test_durable_is_available() -> None:
    assert durable_available()


@settings(max_examples=150, deadline=None)
@given(networks())
def test_all_engines_agree_with_the_naive_evaluation(case: tuple[Units, list[int]]) -> None:
    units, masks = case
    built = [build(units, engine) for engine in ENGINES]
    for holding in masks:
        expected = naive(units, holding)
        assert [network.fired(holding) for network in built] == [expected] * len(ENGINES)


@settings(max_examples=100, deadline=None)
@given(networks(), st.randoms(use_true_random=False))
def test_all_engines_say_which_units_are_true_and_which_undecided(
    case: tuple[Units, list[int]], rng: random.Random
) -> None:
    """A unit is true by the literals that hold, and undecided if it would be true by those that may hold, too."""
    units, _ = case
    atoms = max((literal // 2 for unit in units for path in unit for literal in path), default=0) + 1
    for _ in range(5):
        truths = [rng.choice((True, False, None)) for _ in range(atoms)]
        holding, possible = 0, 0
        for atom, truth in enumerate(truths):
            holding |= {True: 1, False: 2, None: 0}[truth] << 2 * atom
            possible |= {True: 1, False: 2, None: 3}[truth] << 2 * atom
        expected = {**dict.fromkeys(naive(units, possible)), **dict.fromkeys(naive(units, holding), True)}
        for network in [build(units, engine) for engine in ENGINES]:
            said = [network.says(atom, truth) for atom, truth in enumerate(truths)]
            assert network.truths(reduce(or_, said)) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_one_network_answers_thousands_of_times(engine: str) -> None:
    rng = random.Random(20)
    units = [
        [tuple(rng.randrange(160) for _ in range(rng.randint(1, 4))) for _ in range(rng.randint(1, 3))]
        for _ in range(70)
    ]
    network = build(units, engine)
    for _ in range(3000):
        holding = _mask(rng, 80)
        assert network.fired(holding) == naive(units, holding)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("units", "holding", "expected"),
    [
        pytest.param([], 0b1, (), id="no-unit"),
        pytest.param([[]], 0b1, (), id="no-path-never"),
        pytest.param([[()]], 0, (0,), id="empty-path-always"),
        pytest.param([[(0,), ()], [(0,)]], 0, (0,), id="empty-path-beside-another"),
        pytest.param([[(0, 1)]], 0b01, (), id="contradiction-first-pass"),
        pytest.param([[(0, 1)]], 0b11, (0,), id="contradiction-second-pass"),
        pytest.param([[(0,), (2,)]], 0b101, (0,), id="two-paths-one-answer"),
        pytest.param([[(0, 0, 0)], [(0,)], [(0,)]], 0b1, (0, 1, 2), id="repeated"),
        pytest.param([[(2, 0)], [(0, 2)]], 0b101, (0, 1), id="any-order"),
        pytest.param([[(1,)], [(0,)]], 0b10, (0,), id="negation"),
        pytest.param([[(0,)]], 1 << 5000 | 1, (0,), id="unused-literals"),
        pytest.param([[(4000,)]], 1 << 4000, (0,), id="far-literal"),
        pytest.param([[(0,)], [(7,)], []], -1, (0, 1), id="every-bit"),
        pytest.param([[tuple(range(MAX_PATH_LITERALS))]], -1, (0,), id="longest-path"),
    ],
)
def test_fires(engine: str, units: Units, holding: int, expected: tuple[int, ...]) -> None:
    assert build(units, engine).fired(holding) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_a_path_of_every_unit_may_match_at_once(engine: str) -> None:
    units = [[(0,), (number, 0)] for number in range(300)]
    assert build(units, engine).fired(-1) == tuple(range(300))


@pytest.mark.parametrize("engine", ENGINES)
def test_later_changes_to_the_units_change_nothing(engine: str) -> None:
    units: Units = [[(0,)]]
    network = build(units, engine)
    units[0].append((2,))
    assert network.fired(0b100) == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_closed_network_still_answers(engine: str) -> None:
    network = build([[(0,)], [(1,)]], engine)
    assert network.engine == engine
    assert network.fired(0b01) == (0,)
    network.close()
    network.close()
    assert network.fired(0b10) == (1,)
    assert network.engine == engine


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("units", "message"),
    [
        pytest.param([[(0,)], [(-1,)]], "unit 1: -1 is not a literal id", id="negative"),
        pytest.param([[(MAX_LITERAL,)]], "not a literal id from 0 to 999999", id="too-high"),
        pytest.param([[(True,)]], "True is not a literal id", id="not-an-integer"),
        pytest.param([[("0",)]], "'0' is not a literal id", id="text"),
        pytest.param([[tuple(range(MAX_PATH_LITERALS + 1))]], "201 literals", id="path-too-long"),
        pytest.param([[(0,)] * MAX_PATHS, [(0,)]], "10001 paths are too many", id="too-many-paths"),
    ],
)
def test_limits_are_checked_when_building(engine: str, units: Units, message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        build(units, engine)


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(NetworkError, match="unknown engine 'rete'"):
        build([], "rete")


def test_durable_is_refused_where_it_cannot_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    assert not durable_available()
    with pytest.raises(NetworkError, match="cannot be imported"):
        build([[(0,)]])
    assert build([[(0,)]], "plain").fired(1) == (0,)


_SEEDED = """
import random, sys
from escalation_rules.engine.network import build
rng = random.Random(5)
units = [[tuple(rng.randrange(80) for _ in range(3)) for _ in range(2)] for _ in range(60)]
network = build(units, sys.argv[1])
print([network.fired(rng.getrandbits(80)) for _ in range(50)])
"""


def test_every_process_gives_the_same_answers() -> None:
    answers = set()
    for engine in ENGINES:
        for seed in ("0", "1", "4711"):
            environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
            command = [sys.executable, "-c", _SEEDED, engine]
            run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            answers.add(run.stdout)
    assert len(answers) == 1
    assert "(" in answers.pop()
