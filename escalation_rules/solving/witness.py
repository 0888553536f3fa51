"""A case that shows a result, for people and programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from escalation_rules.frozen import frozen

PARAMETERS = "params"
"""The key of an internal case under which the parameters of the act in question are stored."""
ACT_PARAMETERS = "acts.params"
"""The name of the list of parameters of acts in an internal case."""


@attrs.frozen
class Witness:
    """A case that shows the result, in the form of a case file, and the instant at which it was decided.

    `params` are the parameters of the act in question, if the result depends on them.
    """

    case: Mapping[str, Any] = attrs.field(converter=frozen)
    at: datetime
    params: Mapping[str, Any] = attrs.field(converter=frozen, factory=dict)

    @classmethod
    def of(cls, case: Mapping[str, Any], at: datetime) -> Witness:
        """Create from a case that was found."""
        return cls(
            {key: value for key, value in case.items() if key != PARAMETERS}, at, case.get(PARAMETERS, {})
        )

    def found(self) -> dict[str, Any]:
        """The case as it was found."""
        return {**self.case, **({PARAMETERS: self.params} if self.params else {})}

    def to_dict(self) -> dict[str, Any]:
        """The witness as plain data for JSON."""
        return {"case": self.case, "at": self.at.isoformat(), "params": self.params}
