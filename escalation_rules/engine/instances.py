"""An instance of a rule, for the case or for one record, with its truth."""

from __future__ import annotations

import attrs

from escalation_rules.policy.conditions import Records, Truth
from escalation_rules.policy.model import Rule


@attrs.frozen(eq=False)
class Instance:
    """A rule for the case or for one record: its truth, and the record in scope.

    `listed` is False if the rule's list is unknown: there is then a single undecided instance without a
    record.
    """

    rule: Rule
    records: Records
    truth: Truth
    listed: bool = True

    @property
    def record_id(self) -> str | None:
        """The id of the record in scope, or None."""
        return self.records[0].id if self.records else None
