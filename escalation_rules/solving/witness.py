"""A case that shows something, as people and programs read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.frozen import frozen

PARAMETERS = "params"
"""Under which name a case that is looked for holds the parameters of the act that is asked about."""
ACT_PARAMETERS = "acts.params"
"""The list whose records are the parameters of the acts of a case that is looked for."""


@attrs.frozen
class Witness:
    """A case that shows it, as a case file holds it, and the instant at which both policies decided it.

    `params` are those with which the act is asked about, where that depends on them.
    """

    case: Mapping[str, Any] = attrs.field(converter=frozen)
    at: datetime
    params: Mapping[str, Any] = attrs.field(converter=frozen, factory=dict)

    @classmethod
    def of(cls, case: Mapping[str, Any], at: datetime) -> Witness:
        """A case that was found."""
        return cls(
            {key: value for key, value in case.items() if key != PARAMETERS}, at, case.get(PARAMETERS, {})
        )

    def found(self) -> dict[str, Any]:
        """The case as it was found."""
        return {**self.case, **({PARAMETERS: self.params} if self.params else {})}

    def to_dict(self) -> dict[str, Any]:
        """As plain data, ready for JSON."""
        return {"case": self.case, "at": self.at.isoformat(), "params": self.params}
