"""Where the generator's choices come from: Hypothesis, or a fast pseudo-random source for the long run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Dice(Protocol):
    """A source of choices."""

    def number(self, low: int, high: int) -> int:
        """A whole number, both bounds included."""


class Seeded:
    """Choices by a seed: the same seed, the same choices."""

    def __init__(self, seed: int | str) -> None:
        self.random = random.Random(seed)

    def number(self, low: int, high: int) -> int:
        return self.random.randint(low, high)


class Drawn:
    """Choices by Hypothesis, which remembers and shrinks them (towards `low`)."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw

    def number(self, low: int, high: int) -> int:
        return self.draw(st.integers(low, high))


def chance(dice: Dice, percent: int) -> bool:
    """True in so many of 100 cases; shrinks to false."""
    return dice.number(0, 99) >= 100 - percent


def pick(dice: Dice, items: Sequence[T]) -> T:
    """One of the items; shrinks to the first."""
    return items[dice.number(0, len(items) - 1)]


def several(dice: Dice, items: Sequence[T], least: int, most: int) -> list[T]:
    """Some of the items, none twice, in their order."""
    wanted = dice.number(min(least, len(items)), min(most, len(items)))
    left = list(range(len(items)))
    chosen = [left.pop(dice.number(0, len(left) - 1)) for _ in range(wanted)]
    return [items[index] for index in sorted(chosen)]


def shuffled(dice: Dice, items: Sequence[T]) -> list[T]:
    """All of the items in some order."""
    left, found = list(items), []
    while left:
        found.append(left.pop(dice.number(0, len(left) - 1)))
    return found
