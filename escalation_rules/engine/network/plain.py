"""The network in plain Python: every path is an integer, matched with `&`."""

from __future__ import annotations

from attrs import field, frozen

from escalation_rules.engine.network.base import Path, Units


def mask_of(path: Path) -> int:
    """Return the bitmask with the bits of the literals of `path` set."""
    mask = 0
    for literal in path:
        mask |= 1 << literal
    return mask


def _masks_of(units: Units) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(mask_of(path) for path in unit) for unit in units)


@frozen(eq=False)
class PlainNetwork:
    """A network without any engine: immutable, so any number of threads may ask it."""

    _units: tuple[tuple[int, ...], ...] = field(converter=_masks_of, repr=False)

    @property
    def engine(self) -> str:
        """What runs it: `"plain"`."""
        return "plain"

    @property
    def failures(self) -> int:
        """None: there is nothing that could fail."""
        return 0

    def fired(self, holding: int) -> tuple[int, ...]:
        """Tell which units fire for the bitmask `holding`; see `Network.fired`."""
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
