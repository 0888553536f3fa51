"""The comparison with other engines runs where they are installed, and notices an engine that disagrees. Nothing is timed."""

from __future__ import annotations

import random
from importlib import import_module
from pathlib import Path

import pytest

from tests.bench.compare.engines.base import Unfit
from tests.bench.compare.named import ENGINES, PROBLEMS, missing
from tests.bench.compare.problem import fired, pending

CASES = 12


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the other engines, which is their affair
@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("problem_name", PROBLEMS)
def test_the_rules_that_hold_are_those_of_the_reference(name: str, problem_name: str, tmp_path: Path) -> None:
    if module := missing(name):
        pytest.skip(f"{module} is not installed; it comes with the extra [bench]")
    maker = PROBLEMS[problem_name]()
    problem = maker.problem()
    maker.write(tmp_path)
    kind, dice = ENGINES[name], random.Random(4)
    cases = [maker.case(dice) for _ in range(CASES)]
    try:
        engine = getattr(import_module(f"tests.bench.compare.engines.{kind[0]}"), kind[1])(problem, tmp_path)
    except Unfit as reason:
        pytest.skip(str(reason))
    found = [sorted(engine.found(case)) for case in engine.prepared(cases)]
    assert found == [sorted(fired(problem, case)) for case in cases]
    assert any(found)


def test_handwritten_code_tells_undecided_from_false() -> None:
    from tests.bench.compare.engines.handwritten import Handwritten

    maker, dice = PROBLEMS["sixty"](), random.Random(4)
    problem = maker.problem()
    engine = Handwritten(problem, Path())
    for _ in range(CASES):
        case = maker.case(dice)
        assert engine.answer(dict(case)) == (fired(problem, case), pending(problem, case))
    with pytest.raises(ValueError, match="unknown fact"):
        engine.answer({"nonsense": True})
    with pytest.raises(ValueError, match=problem.facts[0].key):
        engine.answer({problem.facts[0].key: 1.5})
