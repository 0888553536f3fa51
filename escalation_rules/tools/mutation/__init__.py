"""Mutation testing of policies: makes small changes to a parsed policy and runs its tests against each.

A change that no test notices is a survivor. It is reported with a case in which the decision differs, taken
from near the rule's example or found by the solver. A change proven to make no difference in any case is
equivalent, and not a survivor.
"""

from escalation_rules.tools.mutation.distinguishing import BY, Telling, Told
from escalation_rules.tools.mutation.judging import Judge, Judged, PolicyTest
from escalation_rules.tools.mutation.policy_changes import KINDS, Mutant, mutants
from escalation_rules.tools.mutation.result import Fate, MutantSeen, Mutation

__all__ = [
    "BY", "KINDS",
    "Fate", "Judge", "Judged", "Mutant", "MutantSeen", "Mutation", "PolicyTest", "Telling", "Told", "mutants"
]  # fmt: skip
