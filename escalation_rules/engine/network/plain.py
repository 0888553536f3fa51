"""The network in plain Python: each path is an integer bitmask, matched with `&`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import frozen

from escalation_rules.engine.network.base import Mask, Path, Units


def mask_of(literals: Iterable[int]) -> int:
    """The bitmask of some literals."""
    mask = 0
    for literal in literals:
        mask |= 1 << literal
    return mask


def _masks_of(units: Units) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(mask_of(path) for path in unit) for unit in units)


@frozen(eq=False)
class _Paths:
    """The distinct paths by number: the units of each, and for each literal a bitmask of the paths with it."""

    units: tuple[tuple[int, ...], ...]
    needing: Mapping[int, int]

    @classmethod
    def of(cls, units: Units) -> _Paths:
        """Number the paths."""
        users: dict[Path, dict[int, None]] = {}
        for unit, paths in enumerate(units):
            for path in paths:
                users.setdefault(path, {})[unit] = None
        needing: dict[int, int] = {}
        for number, path in enumerate(users):
            for literal in path:
                needing[literal] = needing.get(literal, 0) | 1 << number
        return cls(tuple(tuple(numbers) for numbers in users.values()), needing)


class PlainNetwork:
    """A network in plain Python. Immutable and thread-safe.

    An atom says which paths it makes false, and which it leaves undecided.
    """

    def __init__(self, units: Units) -> None:
        self._units = _masks_of(units)
        self._paths = _Paths.of(units)
        self._count = len(self._paths.units)
        self._all = (1 << self._count) - 1

    @property
    def engine(self) -> str:
        return "plain"

    @property
    def failures(self) -> int:
        """Always 0."""
        return 0

    def says(self, atom: int, truth: bool | None) -> Mask:
        """The paths that it makes false and, above these bits, the paths that it leaves undecided."""
        if_true, if_false = (self._paths.needing.get(2 * atom + sign, 0) for sign in (0, 1))
        if truth is None:
            return (if_true | if_false) << self._count
        return if_false if truth else if_true

    def truths(self, said: Mask) -> Mapping[int, bool | None]:
        """See `Network.truths`."""
        paths, open_ones = self._paths.units, said >> self._count
        found: dict[int, bool | None] = {}
        left = ~said & self._all
        while left:
            number = left.bit_length() - 1
            path = 1 << number
            left ^= path
            if open_ones & path:
                for unit in paths[number]:
                    found.setdefault(unit, None)
            else:
                for unit in paths[number]:
                    found[unit] = True
        return found

    def fired(self, holding: int) -> tuple[int, ...]:
        """The units that fire for the bitmask `holding`; see `Network.fired`."""
        return tuple([unit for unit in range(len(self._units)) if self.fires(unit, holding)])

    def fires(self, unit: int, holding: int) -> bool:
        """Whether one unit fires."""
        return any(mask & holding == mask for mask in self._units[unit])

    def close(self) -> None:
        """Do nothing: there is nothing to free."""
