"""Many cases: in order, lazily, each error in its place, and the same answers from other processes, which may die."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_all_start_methods
from pathlib import Path
from typing import Any

import pytest

from escalation_rules import CaseError, Decision, Policy, RequestError
from escalation_rules.pool import map_in_order
from tests.core.policies import Make

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
RULES = """
- id: talk
  when: {x.mood: furious}
  then:
    - recommend: call
"""


def case(number: int) -> dict[str, Any]:
    if number % 7 == 3:
        return {"id": f"c{number}", "facts": {"x.moood": "calm"}}
    return {"id": f"c{number}", "facts": {"x.mood": "furious" if number % 2 else "calm"}}


def told(results: Iterator[Decision | CaseError]) -> list[Any]:
    return [
        each.to_dict() if isinstance(each, Decision) else [str(one) for one in each.diagnostics]
        for each in results
    ]


def test_an_error_stands_in_its_place(make: Make) -> None:
    policy = make(RULES)
    found = list(policy.decide_many(map(case, range(10)), at=AT))
    assert [n for n, each in enumerate(found) if isinstance(each, CaseError)] == [3]
    assert told(iter(found)) == [
        policy.decide(case(n), at=AT).to_dict() if n != 3 else told(iter([found[3]]))[0] for n in range(10)
    ]
    assert "x.moood" in str(found[3])


def test_it_is_lazy(make: Make) -> None:
    taken: list[int] = []

    def cases() -> Iterator[dict[str, Any]]:
        for number in range(1000):
            taken.append(number)
            yield case(number)

    many = make(RULES).decide_many(cases(), at=AT)
    assert taken == []
    next(many)
    assert taken == [0]


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_other_processes_say_the_same(make: Make, start: str) -> None:
    if start not in get_all_start_methods():
        pytest.skip(f"no {start} here")
    policy = make(RULES)
    cases = [case(number) for number in range(200)]
    found = told(policy.decide_many(cases, at=AT, workers=2, start=start))
    assert found == told(policy.decide_many(cases, at=AT))


def test_few_cases_are_ahead() -> None:
    taken: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    results = map_in_order(_doubling, numbers(), lost=str, workers=2, start="spawn", chunk=10)
    assert [next(results) for _ in range(3)] == [0, 2, 4]
    assert len(taken) <= 60
    results.close()


def _doubling() -> Callable[[int], int]:
    return lambda number: 2 * number


def _dying(marks: Path, always: frozenset[int]) -> Callable[[int], str]:
    """Kills its process at 13 once, and at the numbers of `always` each time."""

    def work(number: int) -> str:
        mark = marks / f"{number}"
        if number in always or (number == 13 and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return str(number)

    return work


@pytest.mark.skipif("fork" not in get_all_start_methods(), reason="no fork here")
def test_a_process_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    make = partial(_dying, tmp_path, frozenset({41}))
    results = map_in_order(make, range(60), lost=lambda n: f"lost {n}", workers=2, start="fork", chunk=5)
    assert list(results) == [str(n) if n != 41 else "lost 41" for n in range(60)]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"workers": 0}, "`workers` cannot be 0"),
        ({"workers": True}, "`workers` cannot be true"),
        ({"workers": 1.5}, "`workers` cannot be 1.5"),
        ({"start": "thread"}, "`start` cannot be 'thread'"),
    ],
)
def test_arguments_that_do_not_fit(make: Make, arguments: dict[str, Any], what: str) -> None:
    with pytest.raises(RequestError, match=what):
        make(RULES).decide_many([], at=AT, **arguments)


@pytest.mark.parametrize("cases", [None, {"id": "c"}, "cases.yaml", 5])
def test_one_case_is_not_many(make: Make, cases: Any) -> None:
    with pytest.raises(RequestError, match="`cases` cannot be"):
        make(RULES).decide_many(cases, at=AT)


def test_a_naive_instant_is_refused_before_the_first_case(make: Make) -> None:
    with pytest.raises(CaseError):
        make(RULES).decide_many([], at=datetime(2026, 3, 2))  # noqa: DTZ001


def test_what_is_no_case_is_an_error_in_its_place() -> None:
    found = list(Policy.load(engine="plain").decide_many([None, {"id": "c"}], at=AT))  # type: ignore[list-item]
    assert [type(each) for each in found] == [CaseError, Decision]
