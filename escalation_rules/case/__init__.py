"""Plain data becomes a `Case`: typed facts, records and acts, and its history."""

from escalation_rules.case.case import Case

__all__ = ["Case"]
