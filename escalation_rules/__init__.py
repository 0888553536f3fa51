"""Escalation rules: what to do next about a complaint, from a policy that its owners can read.

from escalation_rules import Policy

policy = Policy.load()
decision = policy.decide(case, at=now)
"""

from escalation_rules.api import BUILTIN, Policy
from escalation_rules.case import Case
from escalation_rules.decision import (
    Decision,
    DoneStep,
    Finding,
    Forbidden,
    Held,
    Missing,
    Reason,
    Release,
    Step,
)
from escalation_rules.errors import (
    CaseError,
    Diagnostic,
    EscalationRulesError,
    PolicyError,
    Position,
    RequestError,
)
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.values import Money

__all__ = [
    "BUILTIN", "LANGUAGES", "Case", "CaseError", "Decision", "Diagnostic", "DoneStep", "EscalationRulesError",
    "Finding", "Forbidden", "Held", "Missing", "Money", "Policy", "PolicyError", "Position", "Reason", "Release",
    "RequestError", "Step", "Text",
]  # fmt: skip
