"""Escalation rules: what to do next about a complaint, from a policy that its owners can read.

from escalation_rules import Policy

policy = Policy.load()
decision = policy.decide(case, at=now)
"""

from importlib.metadata import PackageNotFoundError as _NotFound
from importlib.metadata import version as _version

from escalation_rules.api import BUILTIN, Policy, analyse, compare
from escalation_rules.case import Case
from escalation_rules.decision import (
    Changes,
    Decision,
    DoneStep,
    Explanation,
    Finding,
    Forbidden,
    Held,
    Missing,
    Reason,
    Release,
    Step,
    Verdict,
)
from escalation_rules.errors import (
    CaseError,
    Diagnostic,
    EngineWarning,
    EscalationRulesError,
    PolicyError,
    Position,
    RequestError,
)
from escalation_rules.store import PolicyStore, StoreState
from escalation_rules.texts import LANGUAGES, Text
from escalation_rules.tools.analysis import Analysis, Answer, Concern
from escalation_rules.tools.audit import Audit, Breach
from escalation_rules.tools.compare import (
    Comparison,
    EffectChange,
    NameChange,
    NotCompared,
    RuleChange,
    Said,
    Witness,
)
from escalation_rules.tools.replay import Replay
from escalation_rules.tools.verify import Verification
from escalation_rules.values import Money

try:
    __version__ = _version("escalation-rules")
except _NotFound:  # used from its sources, without having been installed
    __version__ = "0+unknown"

__all__ = [
    "BUILTIN", "LANGUAGES", "Analysis", "Answer", "Audit", "Breach", "Case", "CaseError", "Changes", "Comparison",
    "Concern", "Decision", "Diagnostic", "DoneStep", "EffectChange", "EngineWarning", "EscalationRulesError",
    "Explanation", "Finding", "Forbidden", "Held", "Missing", "Money", "NameChange", "NotCompared", "Policy",
    "PolicyError", "PolicyStore", "Position", "Reason", "Release", "Replay", "RequestError", "RuleChange", "Said", "Step",
    "StoreState", "Text", "Verdict", "Verification", "Witness", "__version__", "analyse", "compare",
]  # fmt: skip
