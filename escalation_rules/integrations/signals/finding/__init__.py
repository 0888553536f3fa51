"""What is found by its form and not by a word: amounts of money, days, how often, questions."""

from escalation_rules.integrations.signals.finding.amounts import amounts
from escalation_rules.integrations.signals.finding.counts import counts
from escalation_rules.integrations.signals.finding.days import Day, days
from escalation_rules.integrations.signals.finding.found import Found
from escalation_rules.integrations.signals.finding.questions import questions

__all__ = ["Day", "Found", "amounts", "counts", "days", "questions"]
