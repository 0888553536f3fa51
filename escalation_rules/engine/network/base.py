"""The interface of networks, with the limits and checks common to both engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

MAX_LITERAL = 1_000_000
"""Literal ids are less than this, so `holding` has at most this many bits."""

MAX_PATH_LITERALS = 200
"""The maximum number of distinct literals in a path. durable-rules rejects facts with more than 252 properties."""

MAX_PATHS = 10_000
"""The maximum number of paths in a network. durable-rules needs about 1 MB for every 30 paths."""

Path = tuple[int, ...]
Units = tuple[tuple[Path, ...], ...]

Mask = int
"""What the truth of an atom means to a network, as a bitmask. The bitmasks of several atoms are united with `|`."""


class NetworkError(ValueError):
    """The network cannot be built: unknown or missing engine, or a limit exceeded."""


class Network(Protocol):
    """Compiled units that can be matched against literals.

    A literal is a number: `2*i` means that atom `i` is true, `2*i + 1` that it is false. A path is a
    conjunction of literals, a unit a disjunction of paths.
    """

    @property
    def engine(self) -> str:
        """The engine: `"durable"` or `"plain"`."""

    @property
    def failures(self) -> int:
        """How often the engine has failed in this process and plain Python was used instead."""

    def says(self, atom: int, truth: bool | None) -> Mask:
        """What it means that an atom is true, false or undecided."""

    def truths(self, said: Mask) -> Mapping[int, bool | None]:
        """The truth of each unit that is not false, for the united bitmask of all atoms."""

    def fired(self, holding: int) -> tuple[int, ...]:
        """Return the indices of the units with at least one path whose literals all hold, ascending, each
        once.

        `holding` is a bitmask: bit `n` is set if literal `n` holds. Both literals of an atom may hold at
        once. Raises no errors of its own (a failing engine issues an `EngineWarning`); safe in any thread,
        signal handler, finaliser or forked child.
        """

    def close(self) -> None:
        """Free the engine's resources. Idempotent; `fired` still works afterwards."""


def checked(units: Sequence[Sequence[Path]]) -> Units:
    """Return `units` with every path sorted and free of repeated literals.

    The limits are the same for both engines, so that a policy that loads on one machine loads on all. Raises
    `NetworkError` for a literal out of range or a limit exceeded.
    """
    paths = sum(len(unit) for unit in units)
    if paths > MAX_PATHS:
        raise NetworkError(f"{paths} paths are too many for one network: the limit is {MAX_PATHS}")
    return tuple(tuple(_checked_path(path, number) for path in unit) for number, unit in enumerate(units))


def _checked_path(path: Path, unit: int) -> Path:
    for literal in path:
        if type(literal) is not int or not 0 <= literal < MAX_LITERAL:
            raise NetworkError(f"unit {unit}: {literal!r} is not a literal id from 0 to {MAX_LITERAL - 1}")
    distinct = tuple(sorted(set(path)))
    if len(distinct) > MAX_PATH_LITERALS:
        raise NetworkError(
            f"unit {unit}: a path of {len(distinct)} literals is too long: the limit is {MAX_PATH_LITERALS}"
        )
    return distinct
