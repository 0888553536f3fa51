"""Writes decisions to a log and reads them back, and gives their attributes for tracing.

A log is JSON lines, one decision each:

| key | holds |
|---|---|
| `format`, `kind` | 1, `decision` |
| `policy` | `name` and `digest` of the policy that decided |
| `case`, `at` | the id of the case (or null), and the instant of the decision |
| `asked_by` | who asked, as the host calls them (or null) |
| `decision` | the output of `to_dict()` |
| `given` | the input case as plain data (or null, if it must not be stored) |

`policy.verify(receipt.decision, receipt.given)` checks a line. `escalation-rules replay` accepts a log as
histories and uses the last `given` of each case.
"""

from escalation_rules.tools.receipts.log import NotAReceipt, Receipt, is_receipt, receipt_line, receipts
from escalation_rules.tools.receipts.telemetry import attributes

__all__ = ["NotAReceipt", "Receipt", "attributes", "is_receipt", "receipt_line", "receipts"]
