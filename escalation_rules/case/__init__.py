"""Plain data becomes a `Case`: typed facts, records and acts, and its history."""

from escalation_rules.case.asked import Asked
from escalation_rules.case.case import Case

__all__ = ["Asked", "Case"]
