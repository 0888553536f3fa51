"""Finds values by their form instead of by a word: amounts of money, days, counts, questions."""

from escalation_rules.integrations.signals.finding.amounts import amounts
from escalation_rules.integrations.signals.finding.counts import counts
from escalation_rules.integrations.signals.finding.days import Day, days
from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.finding.questions import questions

__all__ = ["Day", "Found", "amounts", "counts", "days", "questions"]
