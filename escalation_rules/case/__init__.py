"""Reads plain data as a `Case`: typed facts, records, acts and history."""

from escalation_rules.case.asked import Asked
from escalation_rules.case.case import Case

__all__ = ["Asked", "Case"]
