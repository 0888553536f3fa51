"""Values of the latest or the earliest record: policies in which they take the place of sums and of the first record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from escalation_rules.policy.parameter_values import OfLast
from tests.oracle import test_worked_out_operands as operands
from tests.oracle.compare import differences
from tests.oracle.dice import Dice, Seeded, chance, pick
from tests.oracle.generate import policy, question
from tests.oracle.make_worked_out import with_worked_out
from tests.oracle.run import load, review_unlike
from tests.oracle.truth import ORDERING

Plain = Any
PAIRS = 8
"""Cases for each policy."""


def with_latest(dice: Dice, part: Plain) -> Plain:
    """The same, where sums and first records are often those of the latest or the earliest record. Tests stay as they are."""
    if isinstance(part, list):
        return [with_latest(dice, each) for each in part]
    if not isinstance(part, dict):
        return part
    found = {key: with_latest(dice, each) for key, each in part.items()}
    is_sum = isinstance(found.get("sum"), str) and found.keys().isdisjoint(ORDERING)
    if not (is_sum or "one_of" in found) or not chance(dice, 75):
        return found
    head = pick(dice, ["latest", "earliest"])
    named = {"sum": head, "one_of": head, "which": "where"}
    return {named.get(key, key): each for key, each in found.items()}


def of_operands(dice: Dice) -> tuple[Plain, list[tuple[Plain, Any]]]:
    """A policy whose conditions compare with such values, and cases."""
    made = operands.policy(dice)
    made["vocabulary"]["records"]["charges"]["ordered_by"] = "at"
    made["rulesets"] = with_latest(dice, made["rulesets"])
    return made, [(operands.case(dice, made), operands.NOW) for _ in range(PAIRS)]


def of_parameters(dice: Dice) -> tuple[Plain, list[tuple[Plain, Any]]]:
    """A policy whose parameters have such values, and cases."""
    made = with_worked_out(dice, policy(dice))
    made["rulesets"] = with_latest(dice, made["rulesets"])
    return made, [question(dice, made) for _ in range(PAIRS)]


def disagreements(seeds: Iterable[int]) -> Iterator[Plain]:
    """The policies and cases that library and oracle decide differently, or look at again at another time."""
    for seed in seeds:
        dice = Seeded(f"latest {seed}")
        made, cases = of_parameters(dice) if seed % 2 else of_operands(dice)
        loaded = load(made)
        for number, (whole, at) in enumerate(cases):
            if different := differences(made, loaded, whole, at):
                yield different, made["rulesets"], whole
            elif number == 0 and seed % 4 == 0 and (again := review_unlike(made, loaded, whole, at, most=30)):
                yield again, made["rulesets"], whole


@pytest.mark.parametrize("seed", range(40))
def test_the_value_of_the_latest_record_is_that_of_the_oracle(seed: int) -> None:
    assert not list(disagreements(range(seed, seed + 1)))


FAULTS: dict[str, tuple[str, Any, int]] = {
    "it has its value from the start": ("since", lambda *_: None, 178),
    "nobody is asked": ("undecided", lambda *_: (), 1),
    "the latest is the earliest": ("last", False, 0),
    "time changes nothing": ("flips", lambda *_: iter(()), 384),
}
"""What is put in its place, and the first seed that shows it; to look for it from 0 on would take a minute."""


@pytest.mark.parametrize("fault", FAULTS)
def test_the_oracle_disagrees_with_a_fault(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, other, seed = FAULTS[fault]
    if name == "last":
        monkeypatch.setattr(OfLast, "_winner", lambda self, situation, records: next(
            (record for record, _ in self.selection.members(situation, records) or ()), None))  # fmt: skip
    else:
        monkeypatch.setattr(OfLast, name, other)
    assert next(disagreements(range(seed, 800)), None) is not None
