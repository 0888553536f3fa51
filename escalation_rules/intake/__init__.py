"""Plain data from a CRM → typed entries of a case; every problem is reported with its place, none stops the reading."""

from escalation_rules.intake.entries import Entry, Intake, Row
from escalation_rules.intake.reader import MAX_ITEMS

__all__ = ["MAX_ITEMS", "Entry", "Intake", "Row"]
