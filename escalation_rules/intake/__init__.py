"""Plain data from a CRM → typed entries of a case; every problem is reported with its place, none stops the reading."""

from escalation_rules.intake.doers import role_named
from escalation_rules.intake.entries import Intake
from escalation_rules.intake.reader import MAX_ITEMS
from escalation_rules.intake.rows import Entry, Row

__all__ = ["MAX_ITEMS", "Entry", "Intake", "Row", "role_named"]
