"""Relations between two values, which may be values of a case or terms of a solver."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import attrs


@attrs.frozen
class Relation:
    """A comparison. `upward`: high values pass (None: no direction). `strict`: the bound itself does not pass."""

    between: Callable[[Any, Any], Any]
    upward: bool | None = None

    @property
    def strict(self) -> bool:
        """Whether a value compared with itself does not pass."""
        return not self.between(0, 0)


EQUAL = Relation(operator.eq)
UNEQUAL = Relation(operator.ne)
AT_LEAST = Relation(operator.ge, upward=True)
ABOVE = Relation(operator.gt, upward=True)
AT_MOST = Relation(operator.le, upward=False)
BELOW = Relation(operator.lt, upward=False)
