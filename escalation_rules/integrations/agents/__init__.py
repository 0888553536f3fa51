"""Agents that call tools: each call is checked first, and what must not be done comes back as something to act on."""

from escalation_rules.integrations.agents.guard import Guard, Tool

__all__ = ["Guard", "Tool"]
