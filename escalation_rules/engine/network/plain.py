"""The network in plain Python: each path is an integer bitmask, matched with `&`."""

from __future__ import annotations

from attrs import field, frozen

from escalation_rules.engine.network.base import Path, Units


def mask_of(path: Path) -> int:
    """The bitmask of the literals in `path`."""
    mask = 0
    for literal in path:
        mask |= 1 << literal
    return mask


def _masks_of(units: Units) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(mask_of(path) for path in unit) for unit in units)


@frozen(eq=False)
class PlainNetwork:
    """A network in plain Python. Immutable and thread-safe."""

    _units: tuple[tuple[int, ...], ...] = field(converter=_masks_of, repr=False)

    @property
    def engine(self) -> str:
        return "plain"

    @property
    def failures(self) -> int:
        """Always 0."""
        return 0

    def fired(self, holding: int) -> tuple[int, ...]:
        """The units that fire for the bitmask `holding`; see `Network.fired`."""
        lacking = ~holding
        found = []
        for unit, masks in enumerate(self._units):
            for mask in masks:
                if not mask & lacking:
                    found.append(unit)
                    break
        return tuple(found)

    def close(self) -> None:
        """Do nothing: there is nothing to free."""
