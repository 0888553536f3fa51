"""Would the tests of a policy notice a mistake in it? Small changes of the policy that was read, each judged by the tests.

A change that no test notices is a survivor: with a case near the example of its rule, or one that the solver finds, in which
the decision differs. One that is proven to come out alike in every case is equivalent, and no survivor.
"""

from escalation_rules.tools.mutation.judging import Judge, Judged, PolicyTest
from escalation_rules.tools.mutation.mutants import KINDS, Mutant, mutants
from escalation_rules.tools.mutation.result import Fate, MutantSeen, Mutation
from escalation_rules.tools.mutation.telling import Telling, Told

__all__ = [
    "KINDS",
    "Fate", "Judge", "Judged", "Mutant", "MutantSeen", "Mutation", "PolicyTest", "Telling", "Told", "mutants"
]  # fmt: skip
