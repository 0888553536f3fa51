"""YAML text → the policy model, with all problems of all files at once."""

from escalation_rules.policy.reading.policy import read_policy

__all__ = ["read_policy"]
