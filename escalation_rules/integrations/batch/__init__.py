"""Many cases at once: histories from files and tables, and the work on them as a function over batches.

`histories` finds cases in files and folders, `rows` makes a case of a row of a table, `Replaying` is what is done with each.
`arrow` needs pyarrow (`escalation-rules[arrow]`), `tables` what it reads.
"""

from escalation_rules.integrations.batch.files import histories
from escalation_rules.integrations.batch.found import Found
from escalation_rules.integrations.batch.replaying import Replaying
from escalation_rules.integrations.batch.rows import case_of_row

__all__ = ["Found", "Replaying", "case_of_row", "histories"]
