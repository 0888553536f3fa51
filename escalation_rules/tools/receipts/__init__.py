"""Receipts of decisions: a line for a log, the way back, and what a trace says of one.

A log is JSON lines, one decision each:

| key | holds |
|---|---|
| `format`, `kind` | 1, `decision` |
| `policy` | `name` and `digest` of the policy that decided |
| `case`, `at` | the id of the case (or null), and the instant of the decision |
| `asked_by` | who asked, as the host calls them (or null) |
| `decision` | what `to_dict()` gives |
| `given` | the case as it was given, as plain data (or null, where it must not be kept) |

`policy.verify(receipt.decision, receipt.given)` checks a line, and `escalation-rules replay` takes a log for histories: of each
case the last `given`.
"""

from escalation_rules.tools.receipts.log import NotAReceipt, Receipt, is_receipt, receipt_line, receipts
from escalation_rules.tools.receipts.telemetry import attributes

__all__ = ["NotAReceipt", "Receipt", "attributes", "is_receipt", "receipt_line", "receipts"]
