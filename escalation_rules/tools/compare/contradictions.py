"""Rules that contradict each other about a step; see `solving.contradictions`."""

from escalation_rules.solving.contradictions import Contradiction, contradictions

__all__ = ["Contradiction", "contradictions"]
