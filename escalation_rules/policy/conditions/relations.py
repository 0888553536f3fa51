"""How two values compare: values of a case, or terms of a solver."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import attrs


@attrs.frozen
class Relation:
    """A comparison. `upward` if what passes is high (None: there is no direction), `strict` without the value itself."""

    between: Callable[[Any, Any], Any]
    upward: bool | None = None

    @property
    def strict(self) -> bool:
        """Whether a value does not pass when it is compared with itself."""
        return not self.between(0, 0)


EQUAL = Relation(operator.eq)
UNEQUAL = Relation(operator.ne)
AT_LEAST = Relation(operator.ge, upward=True)
ABOVE = Relation(operator.gt, upward=True)
AT_MOST = Relation(operator.le, upward=False)
BELOW = Relation(operator.lt, upward=False)
