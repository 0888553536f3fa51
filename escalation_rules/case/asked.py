"""What somebody asked a policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.case.case import Case

How = Literal["decide", "check", "explain", "follow", "audit", "replay"]


@attrs.frozen(eq=False)
class Asked:
    """One question: which method of the policy (by its digest), about which case, at which instant (UTC).

    `action` and `params` are those of the act that `check` was asked about.
    """

    how: How
    policy: str
    case: Case
    at: datetime
    action: str | None = None
    about: str | None = None
    params: Mapping[str, Any] | None = None
