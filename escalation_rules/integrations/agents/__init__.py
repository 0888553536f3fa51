"""Guards the tool calls of agents: each call is checked first, and a refusal says what to do instead."""

from escalation_rules.integrations.agents.guard import Guard, Tool

__all__ = ["Guard", "Tool"]
