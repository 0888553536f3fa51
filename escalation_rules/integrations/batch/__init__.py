"""Processes many cases: reads them from files and tables, and works on them in batches.

`histories` finds cases in files and folders, `rows` turns a row of a table into a case, `Replaying` replays
each. `arrow` needs pyarrow (extra `arrow`), `tables` what its sources need.
"""

from escalation_rules.integrations.batch.files import histories
from escalation_rules.integrations.batch.found import Found
from escalation_rules.integrations.batch.replaying import Replaying
from escalation_rules.integrations.batch.rows import case_of_row

__all__ = ["Found", "Replaying", "case_of_row", "histories"]
