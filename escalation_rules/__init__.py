"""Recommends the next actions for a complaint, from a policy that its owners can read.

from escalation_rules import Policy

policy = Policy.load()
decision = policy.decide(case, at=now)
"""

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from escalation_rules.api import Policy, analyse, compare
from escalation_rules.call_arguments import BUILTIN
from escalation_rules.case import Case
from escalation_rules.decision import (
    Changes,
    Decision,
    DoneStep,
    Explanation,
    Finding,
    Forbidden,
    HeadingPart,
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
from escalation_rules.values import Money

if _TYPE_CHECKING:
    from escalation_rules.tools.analysis import Analysis, Answer, Concern
    from escalation_rules.tools.audit import Audit, Breach
    from escalation_rules.tools.compare import (
        Comparison,
        EffectChange,
        Following,
        NameChange,
        NotCompared,
        RuleChange,
        Said,
        Witness,
    )
    from escalation_rules.tools.replay import Replay
    from escalation_rules.tools.verify import Verification

    __version__: str

__all__ = [
    "BUILTIN", "LANGUAGES", "Analysis", "Answer", "Audit", "Breach", "Case", "CaseError", "Changes", "Comparison",
    "Concern", "Decision", "Diagnostic", "DoneStep", "EffectChange", "EngineWarning", "EscalationRulesError",
    "Explanation", "Finding", "Following", "Forbidden", "HeadingPart", "Held", "Missing", "Money", "NameChange",
    "NotCompared", "Policy", "PolicyError", "PolicyStore", "Position", "Reason", "Release", "Replay", "RequestError",
    "RuleChange", "Said", "Step", "StoreState", "Text", "Verdict", "Verification", "Witness", "__version__", "analyse",
    "compare",
]  # fmt: skip

_TOOLS = {
    "analysis": ("Analysis", "Answer", "Concern"),
    "audit": ("Audit", "Breach"),
    "compare": (
        "Comparison",
        "EffectChange",
        "Following",
        "NameChange",
        "NotCompared",
        "RuleChange",
        "Said",
        "Witness",
    ),
    "replay": ("Replay",),
    "verify": ("Verification",),
}
"""Modules imported on first use; a program that only decides does not need these tools."""


def __getattr__(name: str) -> object:
    """Load the result types of tools and the version on first use; they are slow and not needed to decide."""
    found: object = None
    for tool, names in _TOOLS.items():
        if name in names:
            found = getattr(_import_module(f"escalation_rules.tools.{tool}"), name)
    if name == "__version__":
        found = _version()
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("escalation-rules")
    except PackageNotFoundError:  # running from a source tree that is not installed
        return "0+unknown"
