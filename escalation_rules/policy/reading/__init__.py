"""Reads a policy from YAML, and reports all problems of all files together."""

from escalation_rules.policy.reading.policy import read_policy

__all__ = ["read_policy"]
