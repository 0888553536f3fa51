"""Warns about valid but suspicious policies: unused names, missing texts, tests that decide nothing.

    for diagnostic in lint(policy.model):
        print(diagnostic)

Warnings are meant to be certain: a check that cannot decide reports nothing.
"""

from escalation_rules.errors import Diagnostic, Problems
from escalation_rules.policy.model import PolicyModel
from escalation_rules.tools.lint.base import CheckUp, Linted
from escalation_rules.tools.lint.clocks import CHECKS as CLOCKS
from escalation_rules.tools.lint.compared import CHECKS as COMPARED
from escalation_rules.tools.lint.currencies import CHECKS as CURRENCIES
from escalation_rules.tools.lint.deadlines import CHECKS as DEADLINES
from escalation_rules.tools.lint.done import CHECKS as DONE
from escalation_rules.tools.lint.files import CHECKS as FILES
from escalation_rules.tools.lint.harms import CHECKS as HARMS
from escalation_rules.tools.lint.logic import CHECKS as LOGIC
from escalation_rules.tools.lint.parameters import CHECKS as PARAMETERS
from escalation_rules.tools.lint.people import CHECKS as PEOPLE
from escalation_rules.tools.lint.rules import CHECKS as RULES
from escalation_rules.tools.lint.texts import CHECKS as TEXTS
from escalation_rules.tools.lint.unrelated import CHECKS as UNRELATED
from escalation_rules.tools.lint.unused import CHECKS as UNUSED

__all__ = ["CHECKS", "lint"]

CHECKS: tuple[CheckUp, ...] = (
    *UNUSED,
    *TEXTS,
    *LOGIC,
    *COMPARED,
    *RULES,
    *HARMS,
    *PEOPLE,
    *PARAMETERS,
    *CURRENCIES,
    *DEADLINES,
    *CLOCKS,
    *DONE,
    *UNRELATED,
    *FILES,
)
"""All checks. To add one, add an entry to the list of its module."""


def lint(model: PolicyModel) -> tuple[Diagnostic, ...]:
    """The warnings about a policy, in file order."""
    problems = Problems()
    linted = Linted(model)
    for check in CHECKS:
        for diagnostic in check.find(linted):
            problems.add(diagnostic)
    return tuple(problems)
