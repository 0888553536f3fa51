"""Work grows with what is passed, and not with its square: function calls, counted, as seconds differ from run to run."""

from __future__ import annotations

import cProfile
import pstats
from typing import Any

import pytest

from escalation_rules import Policy
from tests.bench.growth import CURVES

LINEAR = (
    "charges", "claims", "contacts", "charges × damages", "claims × evidence", "acts", "acts about the case",
    "acts about records", "questions", "review of charges", "review of questions", "review of acts",
)  # fmt: skip
SIZE = 400
SMALL = 80
"""Of what does much for each item: in a history that is followed each act is a moment at which all earlier ones are known."""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return Policy.load(engine="plain")


def calls(policy: Policy, name: str, size: int) -> int:
    task = CURVES[name](policy, size)
    profile = cProfile.Profile()
    profile.runcall(task)
    counted: Any = pstats.Stats(profile)
    return int(counted.total_calls)


@pytest.mark.parametrize("name", LINEAR)
def test_twice_as_much_is_about_twice_the_work(policy: Policy, name: str) -> None:
    """What is the same for all sizes, and n log n, leave it between 1.5 and 2.3; a square would come to 3 at least."""
    calls(policy, name, 20)  # what is worked out once for a policy
    small, large = calls(policy, name, SIZE), calls(policy, name, 2 * SIZE)
    assert large < 2.4 * small, (small, large)


@pytest.mark.parametrize("name", ["follow acts", "every list"])
def test_so_it_is_where_much_is_done_for_each(policy: Policy, name: str) -> None:
    calls(policy, name, 20)
    small, large = calls(policy, name, SMALL), calls(policy, name, 2 * SMALL)
    assert large < 2.4 * small, (small, large)
