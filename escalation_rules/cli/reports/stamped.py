"""Results as data that say which case, instant and policy they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from escalation_rules import Policy
from escalation_rules.decision import Decision
from escalation_rules.values import plain_instant


def stamped(policy: Policy, decision: Decision, data: Mapping[str, Any]) -> dict[str, Any]:
    """A result as plain data, with the case, instant and policy that it refers to."""
    known = {"name": policy.name, "digest": policy.digest, "engine": policy.engine}
    return {"case": decision.case, "at": plain_instant(decision.at), "policy": known, **data}
