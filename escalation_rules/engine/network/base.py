"""What a network is, whichever engine runs it: the interface, the limits, the checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

MAX_LITERAL = 1_000_000
"""Literal ids are 0 up to, but not including, this: `holding` has that many bits at most."""

MAX_PATH_LITERALS = 200
"""Distinct literals in one path. durable-rules refuses a fact of more than 252 properties."""

MAX_PATHS = 10_000
"""Paths in one network, over all units. durable-rules takes about 1 MB for every 30 of them."""

Path = tuple[int, ...]
Units = tuple[tuple[Path, ...], ...]


class NetworkError(ValueError):
    """A network that cannot be built: unknown or missing engine, or a limit exceeded."""


class Network(Protocol):
    """Compiled units, ready to be asked which of them fire.

    A literal is a number: `2*i` says that atom `i` is true, `2*i + 1` that it is false.
    A path is a conjunction of literals, a unit a disjunction of paths.
    """

    @property
    def engine(self) -> str:
        """What runs it: `"durable"` or `"plain"`."""

    @property
    def failures(self) -> int:
        """How often the engine failed in this process, and plain Python answered in its place."""

    def fired(self, holding: int) -> tuple[int, ...]:
        """Tell which units have at least one path whose literals all hold.

        `holding` is a bitmask: bit `n` is set if literal `n` holds. Both literals of an atom
        may hold at once. Returns the indices of the units, ascending, each once. Raises
        nothing of its own (an engine that fails is an `EngineWarning`); safe from any thread,
        signal handler, finaliser or forked child.
        """

    def close(self) -> None:
        """Free what the engine holds. Idempotent; `fired` keeps answering afterwards."""


def checked(units: Sequence[Sequence[Path]]) -> Units:
    """Return `units` with every path sorted and free of repeated literals.

    The limits are the same for both engines, so that a policy that loads on one machine
    loads on all. Raises `NetworkError` for a literal out of range or a limit exceeded.
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
