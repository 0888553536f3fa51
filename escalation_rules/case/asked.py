"""A question to a policy, as recorded by `Policy.observed`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import attrs

from escalation_rules.case.case import Case

How = Literal["decide", "check", "explain", "follow", "audit", "replay"]


@attrs.frozen(eq=False)
class Asked:
    """A question: the called method, the digest of the policy, the case, and the instant (UTC).

    `action` and `params` are those of the act, for `check`.
    """

    how: How
    policy: str
    case: Case
    at: datetime
    action: str | None = None
    about: str | None = None
    params: Mapping[str, Any] | None = None
