"""Generates JSON Schemas of policy files, cases and decisions, for editors and other programs.

They are derived from the operators, the vocabulary and the decision classes. Everything they reject, the
loader rejects as well. The loader also rejects what a schema cannot express, such as references to rules that
do not exist.
"""

from escalation_rules.tools.schema.case import case_schema
from escalation_rules.tools.schema.decision import decision_schema
from escalation_rules.tools.schema.policy import policy_schema
from escalation_rules.tools.schema.written import written

__all__ = ["case_schema", "decision_schema", "policy_schema", "written"]
