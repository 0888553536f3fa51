"""Result types: decisions and their parts, verdicts, changes and explanations. Immutable, with conversion to plain data."""

from escalation_rules.decision.changes import Changed, Changes, Withdrawn, changes
from escalation_rules.decision.explanation import (
    AtomView,
    Explanation,
    Gone,
    LimitView,
    Part,
    PartView,
    RuleView,
    Seen,
    Standing,
    TimeView,
    Uncounted,
    WhyUncounted,
)
from escalation_rules.decision.goes import goes
from escalation_rules.decision.parts import (
    DoneStep,
    Finding,
    Forbidden,
    Held,
    Missing,
    ParameterValue,
    PolicyRef,
    Reason,
    Release,
    Step,
    Verdict,
)
from escalation_rules.decision.plain import Plain, to_plain
from escalation_rules.decision.whole import FORMAT, Decision

__all__ = [
    "FORMAT", "AtomView", "Changed", "Changes", "Decision", "DoneStep", "Explanation", "Finding", "Forbidden", "Gone",
    "Held", "LimitView", "Missing", "ParameterValue", "Part", "PartView", "Plain", "PolicyRef", "Reason", "Release", "RuleView",
    "Seen", "Standing", "Step", "TimeView", "Uncounted", "Verdict", "WhyUncounted", "Withdrawn", "changes", "goes", "to_plain",
]  # fmt: skip
