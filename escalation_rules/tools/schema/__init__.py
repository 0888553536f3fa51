"""JSON Schemas, for editors and for other programs: of policy files, of cases, of decisions.

They are derived from the operators, from the vocabulary and from the classes of the decision. What they refuse, the
loader refuses; the loader also refuses what no schema can see, such as a rule that is named and does not exist.
"""

from escalation_rules.tools.schema.case import case_schema
from escalation_rules.tools.schema.decision import decision_schema
from escalation_rules.tools.schema.policy import policy_schema

__all__ = ["case_schema", "decision_schema", "policy_schema"]
